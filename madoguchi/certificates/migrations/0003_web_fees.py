"""What a copy costs on the town's own web page: as at machines; later rows replace it."""

from datetime import date

from django.db import migrations

KINDS = (
    "resident_record_household", "resident_record_individual", "removed_record",
    "record_items", "seal_registration", "tax",
)


def write_fees(apps, schema_editor):
    rule = apps.get_model("certificates", "FeeRule")
    rule.objects.bulk_create(
        rule(kind=kind, channel="WEB", yen=200, valid_from=date(2020, 4, 1), valid_until=None)
        for kind in KINDS
    )


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_fee_table")]
    operations = [migrations.RunPython(write_fees, migrations.RunPython.noop)]
