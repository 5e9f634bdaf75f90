"""Two kinds of letter: the notice of a removal, the request for a certificate."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0005_out_steps'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='letter',
            name='dispatch_letter_kind',
        ),
        migrations.RemoveConstraint(
            model_name='letter',
            name='dispatch_letter_handed',
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['ISSUE_NOTICE', 'RENOTICE', 'FINAL_NOTICE', 'MAIL_CARD', 'MOVE_RECEIPT', 'MOVE_INQUIRY', 'REMOVAL_NOTICE', 'CERTIFICATE_REQUEST'])), name='dispatch_letter_kind'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['CERTIFICATE_REQUEST', 'MOVE_INQUIRY', 'MOVE_RECEIPT', 'REMOVAL_NOTICE']), models.Q(models.Q(('handed', {}), _negated=True), models.Q(('state__in', ['HELD', 'PRINTED', 'QUEUED']), _negated=True), _connector='OR')), models.Q(models.Q(('kind__in', ['CERTIFICATE_REQUEST', 'MOVE_INQUIRY', 'MOVE_RECEIPT', 'REMOVAL_NOTICE']), _negated=True), ('handed', {})), _connector='OR'), name='dispatch_letter_handed'),
        ),
    ]
