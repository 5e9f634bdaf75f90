"""What a town begins with: two terminals (the slides), office hours, 40 % for walk-ins (assumed)."""

from datetime import date

from django.db import migrations

PLACE = "本庁"
SINCE = date(2024, 4, 1)
WEEK = [0, 1, 2, 3, 4]
ASSUMED = "想定。8:30〜17:15、昼は予約なし。予約なしの人の割合は、数えるまでの見当"
EVENING = "瀬戸内町の資料（WG 第2回）：第2・第4月曜。19時までは想定"


def write_tables(apps, schema_editor):
    terminal = apps.get_model("csops", "Terminal")
    hours = apps.get_model("csops", "Hours")
    terminal.objects.bulk_create(
        terminal(terminal_no=f"CS{number}", name=f"統合端末{number}", place=PLACE, valid_from=SINCE)
        for number in (1, 2)
    )
    hours.objects.bulk_create(
        hours(place=PLACE, weekdays=weekdays, nth=nth, begins=begins, ends=ends,
              walk_in_percent=40, valid_from=SINCE, source=source)
        for weekdays, nth, begins, ends, source in (
            (WEEK, [], 8 * 60 + 30, 12 * 60, ASSUMED),
            (WEEK, [], 13 * 60, 17 * 60 + 15, ASSUMED),
            ([0], [2, 4], 17 * 60 + 15, 19 * 60, EVENING),
        )
    )


class Migration(migrations.Migration):
    dependencies = [("csops", "0001_first")]
    operations = [migrations.RunPython(write_tables, migrations.RunPython.noop)]
