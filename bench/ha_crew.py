"""Who works at the desk while machines fail: ``python -m bench.ha_crew ROLE``.

``prepare`` puts the named people on the tables and prints a clerk's session. ``work`` draws certificates,
books and hands cards over until the file ``stop`` lies in the data folder, and writes down each thing
**after** it was acknowledged, on the disk. ``judge`` holds that book against what the tables hold.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from madoguchi.entry import bootstrap, environment

bootstrap.set_up()

from django.conf import settings  # noqa: E402
from django.db import DatabaseError, InterfaceError, connection  # noqa: E402
from django.test import Client  # noqa: E402

from madoguchi.accounts import testing as staff  # noqa: E402
from madoguchi.accounts.testing import actor_for  # noqa: E402
from madoguchi.appointments.actions.booking import book  # noqa: E402
from madoguchi.appointments.domain.booking import Channel  # noqa: E402
from madoguchi.appointments.domain.services import Errand, Kind  # noqa: E402
from madoguchi.appointments.models import Errand as ErrandRow  # noqa: E402
from madoguchi.audit.api import verify_chain  # noqa: E402
from madoguchi.audit.models import AuditEntry  # noqa: E402
from madoguchi.cards.models import Card, HandOver  # noqa: E402
from madoguchi.cards.tests import test_handover as cards  # noqa: E402
from madoguchi.certificates import testing as certificates  # noqa: E402
from madoguchi.certificates.models import Copy, Request, Serial  # noqa: E402
from madoguchi.infra import clock, unit  # noqa: E402
from madoguchi.infra.unit import Busy  # noqa: E402
from madoguchi.kernel.checkdigits import make_addressee_no  # noqa: E402
from madoguchi.kernel.outcome import Refused  # noqa: E402
from tests.races import booking_crew  # noqa: E402

BOOK = "acknowledged.jsonl"
#: Beyond the people of the certificates.
FIRST_CARD = 20_000
#: Each certificate is a paper that the worker makes beside all else.
PAUSES = {"certificate": 2.0}
AWAY = (DatabaseError, InterfaceError, Busy)


def home_file(name: str) -> Any:
    return environment.home() / name


def acknowledged(kind: str, **what: Any) -> None:
    """Write down what somebody was told is done; it must be there whatever dies next."""
    line = (json.dumps({"kind": kind, "at": time.time(), **what}) + "\n").encode()
    handle = os.open(home_file(BOOK), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, line)
    os.fsync(handle)
    os.close(handle)


# -- before ------------------------------------------------------------------------------------


def prepare() -> dict[str, Any]:
    people = certificates.settle()
    browser = staff.signed_in(Client(), staff.kaede())
    return {
        "cookie": browser.cookies[settings.SESSION_COOKIE_NAME].value,
        "name": settings.SESSION_COOKIE_NAME,
        "people": [people.aoi, people.rin, people.haru, people.daughter],
    }


# -- work --------------------------------------------------------------------------------------


def work(seed: int) -> dict[str, Any]:
    """Three who work side by side, each on a line of their own."""
    told: Counter[str] = Counter()
    jobs: dict[str, Callable[[random.Random], Iterator[Callable[[], None]]]] = {
        "certificate": _certificates, "booking": _bookings, "hand-over": _hand_overs,
    }  # fmt: skip
    threads = [threading.Thread(target=_keep_at, args=(name, steps, seed, told))
               for name, steps in jobs.items()]  # fmt: skip
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return dict(told)


def _keep_at(name: str, steps: Any, seed: int, told: Counter[str]) -> None:
    for step in steps(random.Random(seed)):
        for _ in itertools.count():
            if home_file("stop").exists():
                connection.close()
                return
            try:
                step()
                break
            except Refused as refused:
                # Done after all, before the line was lost; or somebody else has the place.
                told[f"{name} refused {refused.problems[0].code}"] += 1
                break
            except AWAY as error:
                told[f"{name} {type(error.__cause__ or error).__name__}"] += 1
                connection.close()
                time.sleep(0.3)
        time.sleep(PAUSES.get(name, 0.25))


def _certificates(dice: random.Random) -> Iterator[Callable[[], None]]:
    clerk = actor_for(staff.kaede())
    known = [make_addressee_no(certificates.PEOPLE[one][0])
             for one in ("aoi", "father", "mother", "rin", "haru")]  # fmt: skip

    def press() -> None:
        drawn = certificates.ask(dice.choice(known), actor=clerk)
        acknowledged("certificate", id=drawn.request_id, nos=list(getattr(drawn, "issue_nos", ())))

    while True:
        yield press


def _bookings(_dice: random.Random) -> Iterator[Callable[[], None]]:
    clerk, today = actor_for(staff.kaede()), clock.today()
    days = [today + timedelta(days=ahead) for ahead in range(2, 60)]
    for number, (on, begins) in enumerate(
        (day, at) for day in days for at in range(540, 960, 15) for _lane in range(2)
    ):
        yield lambda on=on, begins=begins, number=number: _book(
            on, begins, f"HA-{number:06d}", clerk
        )  # type: ignore[misc]


def _book(on: date, begins: int, about: str, clerk: Any) -> None:
    kept = unit.run(
        book, place=str(settings.MADOGUCHI_PLACE), on=on, begins=begins, channel=Channel.PHONE, actor=clerk,
        party=(Errand(kind=Kind.COLLECT, about_kind="TRIAL", about_no=about),), now=clock.now(),
    )  # fmt: skip
    acknowledged("booking", id=kept.booking_id, about=about)


def _hand_overs(_dice: random.Random) -> Iterator[Callable[[], None]]:
    # Another person at each attempt: what a lost line left half done is left alone.
    places = itertools.count(FIRST_CARD)
    while True:
        kept: list[Any] = []
        yield lambda kept=kept: kept.append(_shelved(next(places)))  # type: ignore[misc]
        if kept:
            yield lambda card=kept[0]: _hand_over(card)  # type: ignore[misc]


def _shelved(place: int) -> Any:
    born = date(1970, 1, 1)
    return cards.shelved(place, at=clock.now(), birth_sort=born, birth=str(born))


def _hand_over(card: Any) -> None:
    try:
        given = cards.give(card, now=clock.now())
    except Refused:
        row = HandOver.objects.filter(card_id=card.card_id).first()
        if row is None:
            raise
        given = row.hand_over_id  # refused because it was done before the line was lost
    acknowledged("hand-over", id=given, card=card.card_id)


# -- judgement ---------------------------------------------------------------------------------


def judge() -> dict[str, Any]:
    """Count what was acknowledged and is not there, and what is there twice; by no rule of ours."""
    lines = [json.loads(one) for one in home_file(BOOK).read_text().splitlines()]
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for one in lines:
        by_kind.setdefault(one["kind"], []).append(one)
    requests = set(Request.objects.values_list("request_id", flat=True))
    copies = list(Copy.objects.values_list("issue_no", flat=True))
    errands = list(ErrandRow.objects.filter(live=True, about_kind="TRIAL").values_list(
        "about_no", "booking_id"))  # fmt: skip
    hands = dict(
        HandOver.objects.filter(undone_at__isnull=True).values_list("hand_over_id", "card_id")
    )
    over = set(Card.objects.filter(state="HANDED_OVER").values_list("card_id", flat=True))
    booked = {(about, booking) for about, booking in errands}
    lost = {
        "certificate": sum(one["id"] not in requests or not set(one["nos"]) <= set(copies)
                           for one in by_kind.get("certificate", ())),
        "booking": sum((one["about"], one["id"]) not in booked for one in by_kind.get("booking", ())),
        "hand-over": sum(hands.get(one["id"]) != one["card"] or one["card"] not in over
                         for one in by_kind.get("hand-over", ())),
    }  # fmt: skip
    twice = {
        "certificate": len(copies) - len(set(copies)),
        "booking": len(errands) - len({about for about, _ in errands}) + booking_crew.judge()["oversold"],
        "hand-over": len(hands) - len(set(hands.values())),
    }  # fmt: skip
    recorded = Counter(AuditEntry.objects.filter(action__in=("CARD_HANDED_OVER", "BOOKING_MADE"))
                       .values_list("action", flat=True))  # fmt: skip
    chain = verify_chain()
    return {
        "acknowledged": {kind: len(rows) for kind, rows in by_kind.items()}, "lost": lost, "twice": twice,
        "numbers": len(copies), "given": sum(row.last for row in Serial.objects.all()),
        "unrecorded": abs(recorded["CARD_HANDED_OVER"] - len(hands))
        + abs(recorded["BOOKING_MADE"] - len(errands)),
        "states": Counter(Request.objects.values_list("state", flat=True)),
        "intact": chain.intact, "records": chain.rows,
    }  # fmt: skip


if __name__ == "__main__":
    role = sys.argv[1]
    print(
        json.dumps(
            {"prepare": prepare, "judge": judge, "work": lambda: work(int(sys.argv[2]))}[role]()
        )
    )
