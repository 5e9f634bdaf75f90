"""What a 転出証明書 and the paper like it cost: nothing; a later row could replace it."""

from datetime import date

from django.db import migrations

KINDS = ("move_out", "move_out_like")


def write_fees(apps, schema_editor):
    rule = apps.get_model("certificates", "FeeRule")
    rule.objects.bulk_create(
        rule(kind=kind, channel=channel, yen=0, valid_from=date(2020, 4, 1), valid_until=None)
        for kind in KINDS
        for channel in ("DESK", "MAIL")
    )


class Migration(migrations.Migration):
    dependencies = [("certificates", "0004_ledgers")]
    operations = [migrations.RunPython(write_fees, migrations.RunPython.noop)]
