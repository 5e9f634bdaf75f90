"""A letter may go where its person is not registered: the address lies here until it is posted."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0003_letters_view'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='letter',
            name='dispatch_letter_kind',
        ),
        migrations.AddField(
            model_name='letter',
            name='handed',
            field=models.JSONField(default=dict),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['ISSUE_NOTICE', 'RENOTICE', 'FINAL_NOTICE', 'MAIL_CARD', 'MOVE_RECEIPT', 'MOVE_INQUIRY'])), name='dispatch_letter_kind'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['MOVE_INQUIRY', 'MOVE_RECEIPT']), models.Q(models.Q(('handed', {}), _negated=True), models.Q(('state__in', ['HELD', 'PRINTED', 'QUEUED']), _negated=True), _connector='OR')), models.Q(models.Q(('kind__in', ['MOVE_INQUIRY', 'MOVE_RECEIPT']), _negated=True), ('handed', {})), _connector='OR'), name='dispatch_letter_handed'),
        ),
    ]
