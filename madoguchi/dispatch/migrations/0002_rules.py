"""The days and the envelope a town begins with; both are assumed and replaced by later rows."""

from datetime import date

from django.db import migrations

ASSUMED = "想定。町が自分で決めます"


def write_rules(apps, schema_editor):
    apps.get_model("dispatch", "RenoticeRule").objects.create(
        valid_from=date(2020, 4, 1), first_days=90, second_days=60, source=ASSUMED
    )
    apps.get_model("dispatch", "EnvelopeRow").objects.create(
        valid_from=date(2020, 4, 1), inner_width=2330, inner_height=1180, window_left=180,
        window_top=100, window_width=1000, window_height=500, first_fold=1050, second_fold=2010,
        source=ASSUMED,
    )


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_start")]
    operations = [migrations.RunPython(write_rules, migrations.RunPython.noop)]
