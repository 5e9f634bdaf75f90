"""What a town begins with: kinds of visit, openings, rules. Where not said, assumed."""

from datetime import date

from django.db import migrations

SINCE = date(2024, 4, 1)
WEEK = [0, 1, 2, 3, 4]
HALL = "本庁"
SLIDES = "瀬戸内町の資料（WG 第2回）"
SERVICES = (
    # kind, minutes, each further person, terminal, bookable, source
    ("COLLECT", 10, 5, True, True, f"{SLIDES}：交付は1枚およそ10分。一人ふえる分は想定"),
    ("RENEWAL", 15, 10, True, True, f"{SLIDES}：更新は新規より長い。分数は想定"),
    ("CERT_RENEWAL", 10, 5, True, True, "想定"),
    ("PIN_RESET", 10, 10, True, True, "想定"),
    ("APPLY_HELP", 20, 10, False, True, "想定。公表例は5分（五霞町）から30分（みよし市）"),
    ("MOVE_IN_CARD", 10, 5, True, True, f"{SLIDES}：大家族で30分。五人と想定"),
    ("INSURANCE", 10, 5, False, True, "想定"),
    ("LICENCE", 10, 5, False, True, "想定"),
    ("MOVE_OUT_HELP", 20, 5, False, True, "想定"),
    ("QUESTION", 5, 0, False, True, "想定"),
    ("OUTREACH", 30, 15, False, True, "想定"),
)
ASSUMED = "想定。開庁時間から昼を除き、予約の窓口は二つ"
OPENINGS = (
    # place, kind, weekdays, nth, begins, ends, lanes, step, lands, leaves, source
    (HALL, "REGULAR", WEEK, [], 510, 720, 2, 15, None, None, ASSUMED),
    (HALL, "REGULAR", WEEK, [], 780, 1035, 2, 15, None, None, ASSUMED),
    (HALL, "EVENING", [0], [2, 4], 1035, 1140, 2, 15, None, None,
     f"{SLIDES}：第2・第4月曜。19時までは想定"),
    ("加計呂麻島", "ISLAND", [2], [1, 3], 630, 720, 1, 30, 600, 900, "想定の日と船"),
    ("請島", "ISLAND", [3], [2], 630, 720, 1, 30, 610, 840, "想定の日と船"),
    ("与路島", "ISLAND", [3], [4], 660, 750, 1, 30, 640, 840, "想定の日と船"),
)


def write_tables(apps, schema_editor):
    def model(name):
        return apps.get_model("appointments", name)

    model("Place").objects.bulk_create(
        model("Place")(place=place, name=name, terminals_of=terminals, position=position)
        for position, (place, name, terminals) in enumerate((
            (HALL, "役場本庁", HALL), ("加計呂麻島", "加計呂麻島", ""), ("請島", "請島", ""),
            ("与路島", "与路島", ""), ("出張", "出張（ご自宅など）", ""),
        ))
    )
    model("Service").objects.bulk_create(
        model("Service")(kind=kind, minutes=minutes, further_minutes=further, needs_terminal=terminal,
                         bookable=bookable, valid_from=SINCE, source=source)
        for kind, minutes, further, terminal, bookable, source in SERVICES
    )
    model("Opening").objects.bulk_create(
        model("Opening")(place=place, kind=kind, weekdays=weekdays, nth=nth, begins=begins, ends=ends,
                         lanes=lanes, step_minutes=step, lands=lands, leaves=leaves,
                         valid_from=SINCE, source=source)
        for place, kind, weekdays, nth, begins, ends, lanes, step, lands, leaves, source in OPENINGS
    )
    model("Terms").objects.create(
        valid_from=SINCE, hold_minutes=10, ahead_days=45, web_lead_days=1, change_until_days=1,
        late_minutes=10, party_max=8,
        source="想定。公表例は45日前から3日前まで、5分おくれると番を失う（交野市）",
    )


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_first")]
    operations = [migrations.RunPython(write_tables, migrations.RunPython.noop)]
