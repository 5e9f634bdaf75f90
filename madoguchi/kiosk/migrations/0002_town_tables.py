"""The hours a town begins with: those of the store, every day, none 12/29-1/3 (assumed)."""

from datetime import date, time

from django.db import migrations

CHANNELS = ("KIOSK", "WEB", "SHOP")


def write_tables(apps, schema_editor):
    hours = apps.get_model("kiosk", "Hours")
    closing = apps.get_model("kiosk", "YearlyClosing")
    hours.objects.bulk_create(
        hours(channel=channel, weekday=None, opens=time(6, 30), closes=time(23, 0),
              valid_from=date(2020, 4, 1), valid_until=None)
        for channel in CHANNELS
    )
    closing.objects.bulk_create(
        closing(channel=channel, first_month=12, first_day=29, last_month=1, last_day=3,
                reason="年末年始")
        for channel in CHANNELS
    )


class Migration(migrations.Migration):
    dependencies = [("kiosk", "0001_first")]
    operations = [migrations.RunPython(write_tables, migrations.RunPython.noop)]
