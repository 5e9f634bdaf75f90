"""The right to record work at the CS (RUN_CS)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_residence'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='staffright',
            name='accounts_staff_right_right',
        ),
        migrations.AddConstraint(
            model_name='staffright',
            constraint=models.CheckConstraint(condition=models.Q(('right__in', ['SEARCH', 'VIEW_PERSON', 'VIEW_HISTORY', 'ISSUE_CERTIFICATE', 'FILE_CHANGE', 'APPROVE', 'SEE_PROTECTED', 'SET_PROTECTION', 'LIFT_PROTECTION', 'IMPORT_EXPORT', 'SEE_AUDIT', 'MANAGE_STAFF', 'STOP_SWITCH', 'SEE_NUMBERS', 'MAIL_REQUESTS', 'CHECK_RESIDENCE', 'RUN_CS'])), name='accounts_staff_right_right'),
        ),
    ]
