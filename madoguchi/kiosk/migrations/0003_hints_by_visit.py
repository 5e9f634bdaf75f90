"""A session begins with all hints, of which there are three measures now: no row changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kiosk", "0002_town_tables")]
    operations = [
        migrations.AlterField(
            model_name="session",
            name="hints",
            field=models.PositiveSmallIntegerField(default=3),
        ),
    ]
