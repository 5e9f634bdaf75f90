"""The fees a town begins with: 300 yen a copy, 200 at machines; later rows replace them."""

from datetime import date

from django.db import migrations

KINDS = (
    "resident_record_household", "resident_record_individual", "removed_record",
    "record_items", "seal_registration", "tax",
)
YEN = {"DESK": 300, "MAIL": 300, "WIDE_AREA": 300, "KIOSK": 200, "SHOP": 200}


def write_fees(apps, schema_editor):
    rule = apps.get_model("certificates", "FeeRule")
    rule.objects.bulk_create(
        rule(kind=kind, channel=channel, yen=yen, valid_from=date(2020, 4, 1), valid_until=None)
        for kind in KINDS
        for channel, yen in YEN.items()
    )


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_requests_and_rules")]
    operations = [migrations.RunPython(write_fees, migrations.RunPython.noop)]
