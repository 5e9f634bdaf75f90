"""The right to check residence, and its decision by two."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_machines'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='secondofficerrule',
            name='accounts_rule_lifting_before',
        ),
        migrations.RemoveConstraint(
            model_name='staffright',
            name='accounts_staff_right_right',
        ),
        migrations.AddConstraint(
            model_name='secondofficerrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('action__in', ['END_PROTECTION', 'LIFT_PROTECTION', 'RESIDENCE_DECISION', 'UNLOCK_PROTECTED']), _negated=True), ('rule', 'BEFORE'), _connector='OR'), name='accounts_rule_lifting_before'),
        ),
        migrations.AddConstraint(
            model_name='staffright',
            constraint=models.CheckConstraint(condition=models.Q(('right__in', ['SEARCH', 'VIEW_PERSON', 'VIEW_HISTORY', 'ISSUE_CERTIFICATE', 'FILE_CHANGE', 'APPROVE', 'SEE_PROTECTED', 'SET_PROTECTION', 'LIFT_PROTECTION', 'IMPORT_EXPORT', 'SEE_AUDIT', 'MANAGE_STAFF', 'STOP_SWITCH', 'SEE_NUMBERS', 'MAIL_REQUESTS', 'CHECK_RESIDENCE'])), name='accounts_staff_right_right'),
        ),
    ]
