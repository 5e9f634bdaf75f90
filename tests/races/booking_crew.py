"""Contenders for few places: ``python -m tests.races.booking_crew ROLE [SEED COUNT]``.

Roles: ``prepare``, ``contend`` (COUNT threads, each its own connection and its own real commits,
all asking for the same few times at once), ``judge`` (counts what the tables then hold).
"""

from __future__ import annotations

import json
import random
import sys
import time
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
from madoguchi.kernel.outcome import Refused  # noqa: E402
from tests.races.at_once import ask_at_once  # noqa: E402

NOW = datetime(2027, 1, 18, 9, 0, tzinfo=JAPAN)
DAYS = [NOW.date() + timedelta(days=ahead) for ahead in (1, 2)]
#: Two lanes at each: 2 days × 4 times × 2 lanes are all there is to have.
TIMES = (540, 555, 570, 585)
PARTY = (Errand(kind=Kind.COLLECT),)
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
    return {
        "live": len(live),
        "oversold": len(lanes) - len(set(lanes)) + len(minutes) - len(set(minutes)),
        "orphans": len({row.reservation_id for row in held} ^ {r.reservation_id for r in live}),
    }


def main() -> None:
    role = sys.argv[1]
    if role == "prepare":
        staff.kaede()
        found: dict[str, object] = {}
    elif role == "contend":
        found = contend(int(sys.argv[2]), int(sys.argv[3]))
    else:
        found = judge()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
