"""The town an applicant moves to is a system to be told, for that kind of errand alone."""

from datetime import date

from django.db import migrations, models


def fill(apps, schema_editor):
    apps.get_model("protection", "Channel").objects.create(
        code="NEW_TOWN",
        position=9,
        asks_gate=False,
        only_for="CARRY_OVER",
        valid_from=date(2020, 1, 1),
    )


class Migration(migrations.Migration):
    dependencies = [("protection", "0002_view_numbers_channels")]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="only_for",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
