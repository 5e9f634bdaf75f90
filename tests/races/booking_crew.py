"""Contenders for few places: ``python -m tests.races.booking_crew ROLE [SEED COUNT]``.

Roles: ``prepare``, ``contend`` (COUNT threads, each its own connection and its own real commits,
all asking for the same few times at once), ``move_in`` (as many on the resident's page of moves,
for a day of which the page gives away SHARE), ``judge`` (counts what the tables then hold).
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from datetime import datetime, timedelta

from madoguchi.entry import bootstrap

bootstrap.set_up()

from django.db import connections  # noqa: E402

from madoguchi.accounts import testing as staff  # noqa: E402
from madoguchi.accounts.testing import actor_for  # noqa: E402
from madoguchi.appointments.actions.booking import book, cancel, change, confirm, hold  # noqa: E402
from madoguchi.appointments.domain.booking import Channel  # noqa: E402
from madoguchi.appointments.domain.services import Errand, Kind  # noqa: E402
from madoguchi.appointments.models import LIVE_CODES, Booking  # noqa: E402
from madoguchi.csops.models import Reservation  # noqa: E402
from madoguchi.infra import unit  # noqa: E402
from madoguchi.infra.clock import JAPAN  # noqa: E402
from madoguchi.infra.unit import Busy  # noqa: E402
from madoguchi.kernel.ids import new_id  # noqa: E402
from madoguchi.kernel.outcome import Refused  # noqa: E402
from madoguchi.moves.actions.visits import RESIDENT, hold_visit  # noqa: E402
from madoguchi.moves.domain.visit import PlannedVisit, Window  # noqa: E402
from madoguchi.moves.queries.visits import booking_of  # noqa: E402
from tests.races.at_once import ask_at_once  # noqa: E402

NOW = datetime(2027, 1, 18, 9, 0, tzinfo=JAPAN)
DAYS = [NOW.date() + timedelta(days=ahead) for ahead in (1, 2)]
#: Two lanes at each: 2 days × 4 times × 2 lanes are all there is to have.
TIMES = (540, 555, 570, 585)
PARTY = (Errand(kind=Kind.COLLECT),)
#: Of one day the page of moves gives away so many, though sixteen would find a lane.
SHARE, MOVE_TIMES = 6, (510, 555, 600, 645, 780, 825, 870, 915)
VISIT = PlannedVisit(
    key="A_READY", case="A", people=1, minutes=40, bring=("IDENTITY",), before=(),
    window=Window(first=NOW.date(), deadline=DAYS[0]),
)  # fmt: skip
TRIES = 20


def contend(seed: int, count: int) -> dict[str, object]:
    """Let so many ask at once; return how it went for them."""
    actor = actor_for(staff.kaede())
    return ask_at_once(
        count, lambda number: ask(random.Random(seed * 1_000 + number), actor),
        leave=connections.close_all,
    )  # fmt: skip


def ask(dice: random.Random, actor: object) -> str:
    """Ask for one time after another, as people do, until one is had or all were refused."""
    wanted = [(on, begins) for on in DAYS for begins in TIMES]
    dice.shuffle(wanted)
    given = {"place": "本庁", "party": PARTY, "channel": Channel.PHONE, "actor": actor, "now": NOW}
    for on, begins in wanted:
        for _ in range(TRIES):
            try:
                if dice.random() < 0.5:
                    unit.run(book, on=on, begins=begins, **given)
                    return "BOOKED"
                kept = unit.run(hold, on=on, begins=begins, **given)
                unit.run(confirm, booking_id=kept.booking_id, mail_to="", actor=actor, now=NOW)
                return wander(dice, kept.booking_id, actor)
            except Refused:
                break
            except Busy:
                time.sleep(dice.random() * 0.2)
    return "NONE_LEFT"


def move_in(seed: int, count: int) -> dict[str, object]:
    """Let so many press on the resident's page of moves at once."""
    return ask_at_once(
        count, lambda number: ask_visit(random.Random(seed * 1_000 + number)),
        leave=connections.close_all,
    )  # fmt: skip


def ask_visit(dice: random.Random) -> str:
    """Hold a time and say yes, as the page does; some let the hold go, and another may have it."""
    times, visit_id = list(MOVE_TIMES), new_id()
    dice.shuffle(times)
    for begins in times:
        for _ in range(TRIES):
            try:
                unit.run(hold_visit, visit_id=visit_id, planned=VISIT, place="本庁", on=DAYS[0],
                         begins=begins, day_max=SHARE, now=NOW)  # fmt: skip
                return say(dice, visit_id)
            except Refused:
                break
            except Busy:
                time.sleep(dice.random() * 0.2)
    return "NONE_LEFT"


def say(dice: random.Random, visit_id: str) -> str:
    """Say yes to what is held, or let it go."""
    row = booking_of(visit_id, now=NOW)
    assert row is not None, "it was held a moment ago"
    how = {"booking_id": row.booking_id, "actor": RESIDENT, "now": NOW}
    if dice.random() < 0.2:
        unit.run(cancel, channel=Channel.WEB, **how)
        return "CANCELLED"
    unit.run(confirm, mail_to="", **how)
    return "BOOKED"


def wander(dice: random.Random, booking_id: str, actor: object) -> str:
    """Some change their mind once they have one."""
    how = {"booking_id": booking_id, "channel": Channel.PHONE, "actor": actor, "now": NOW}
    try:
        if dice.random() < 0.3:
            unit.run(change, on=dice.choice(DAYS), begins=dice.choice(TIMES), **how)
            return "MOVED"
        if dice.random() < 0.2:
            unit.run(cancel, **how)
            return "CANCELLED"
    except (Refused, Busy):
        return "STAYED"
    return "BOOKED"


def judge() -> dict[str, object]:
    """Count double bookings of lanes and terminals minute by minute, without any rule of ours."""
    live = list(Booking.objects.filter(state__in=LIVE_CODES))
    lanes = [(row.on, row.lane, m) for row in live for m in range(row.begins, row.ends)]
    held = list(Reservation.objects.filter(given_back_at__isnull=True))
    minutes = [(row.on, row.terminal_no, m) for row in held for m in range(row.begins, row.ends)]
    web = Counter(row.on for row in live if row.channel == Channel.WEB.value)
    return {
        "live": len(live), "most_a_day_by_web": max(web.values(), default=0),
        "oversold": len(lanes) - len(set(lanes)) + len(minutes) - len(set(minutes)),
        "orphans": len({row.reservation_id for row in held} ^ {r.reservation_id for r in live} - {""}),
    }  # fmt: skip


CONTESTS = {"contend": contend, "move_in": move_in}


def main() -> None:
    role = sys.argv[1]
    if role == "prepare":
        staff.kaede()
        found: dict[str, object] = {}
    elif role in CONTESTS:
        found = CONTESTS[role](int(sys.argv[2]), int(sys.argv[3]))
    else:
        found = judge()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
