"""Bookings for tests (試験用の予約)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from madoguchi.accounts import testing as staff
from madoguchi.accounts.testing import actor_for
from madoguchi.appointments import jobs
from madoguchi.appointments.actions import line
from madoguchi.appointments.actions.booking import Kept, book, hold
from madoguchi.appointments.domain.booking import Channel
from madoguchi.appointments.domain.services import Errand, Kind
from madoguchi.appointments.models import Booking, Ticket
from madoguchi.infra import unit
from madoguchi.infra.clock import JAPAN

PLACE = "本庁"
#: A Monday morning, and the Tuesday after it, with nothing special about them.
NOW = datetime(2027, 1, 18, 9, 0, tzinfo=JAPAN)
DAY = date(2027, 1, 19)
COLLECT = (Errand(kind=Kind.COLLECT),)
QUESTION = (Errand(kind=Kind.QUESTION),)


def clerk() -> Any:
    """Return clerk Kaede at the desk (窓口係)."""
    return actor_for(staff.kaede())


def made(begins: int = 540, *, held: bool = False, **special: Any) -> Kept:
    """Make a booking, or only hold it (予約)."""
    given: dict[str, Any] = {
        "place": PLACE, "on": DAY, "begins": begins, "party": COLLECT,
        "channel": Channel.PHONE, "actor": clerk(), "now": NOW,
    }  # fmt: skip
    action: Callable[..., Kept] = hold if held else book
    return unit.run(action, **(given | special))


def bookings(**wanted: Any) -> Any:
    """Return the rows of bookings, for the tests of other rooms (予約の行)."""
    return Booking.objects.filter(**wanted)


def settle_queued(**ids: str) -> None:
    """Do what the queue would do once another room has done a matter (済みの処理)."""
    jobs.settle_matter(**ids)


def called(kind: Kind = Kind.QUESTION, *, now: datetime = NOW) -> str:
    """Give a number and call it to counter 1; return its id (呼んだ番号札)."""
    given = unit.run(line.give_number, place=PLACE, kind=kind, actor=clerk(), now=now)
    unit.run(line.call_next, place=PLACE, counter="1", actor=clerk(), now=now)
    return given.ticket_id


def tickets(**wanted: Any) -> Any:
    """Return the rows of numbers, for the tests of other rooms (番号札の行)."""
    return Ticket.objects.filter(**wanted)
