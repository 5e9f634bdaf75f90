"""Letters that ask where somebody lives, and those who stop a letter besides its person."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("dispatch", "0006_notice_and_request")]

    operations = [
        migrations.AddField(
            "letter", "also_ids",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), db_default=[], default=list, size=None
            ),
        ),
        migrations.RemoveConstraint("letter", "dispatch_letter_kind"),
        migrations.AddConstraint(
            "letter",
            models.CheckConstraint(
                condition=models.Q(("kind__in", ['ISSUE_NOTICE', 'RENOTICE', 'FINAL_NOTICE', 'MAIL_CARD', 'MOVE_RECEIPT', 'MOVE_INQUIRY', 'REMOVAL_NOTICE', 'CERTIFICATE_REQUEST', 'RESIDENCE_INQUIRY', 'RESIDENCE_URGE'])), name="dispatch_letter_kind"
            ),
        ),
    ]
