"""The desk's own log, read from the line's numbers: nobody in it, nothing that is no measure (記録)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from madoguchi.appointments.api import Kind
from madoguchi.appointments.testing import PLACE, called, tickets
from madoguchi.infra.clock import JAPAN
from madoguchi.insights.domain.twin.fitting import Served
from madoguchi.insights.queries.served import list_served

pytestmark = pytest.mark.django_db
MONDAY = datetime(2027, 1, 18, 9, 0, tzinfo=JAPAN)
OPENS = 510


def served(came, *, kind=Kind.QUESTION, wait=4, takes=8, **given):
    """A number as the line keeps it, with its moments set: the line itself is tested in its room."""
    ticket_id = called(kind, now=came)
    began = came + timedelta(minutes=wait)
    tickets(ticket_id=ticket_id).update(
        **(
            {"stage": "DONE", "started_at": began, "ended_at": began + timedelta(minutes=takes)}
            | given
        )
    )
    return ticket_id


def found(since=date(2027, 1, 1), until=date(2027, 2, 1), place=PLACE):
    return list_served(place, since=since, until=until, opens_at=OPENS)


def test_what_was_done_is_listed_by_minutes_from_opening():
    served(MONDAY)
    served(MONDAY + timedelta(hours=1), kind=Kind.COLLECT, takes=12)
    first, second = found()
    assert first == Served(on=date(2027, 1, 18), service="QUESTION", came=30, began=34, ended=42,
                           terminal=False)  # fmt: skip
    assert (second.service, second.terminal, second.ended - second.began) == ("COLLECT", True, 12)


def test_who_booked_waits_from_the_time_booked():
    served(MONDAY, wait=20, due=9 * 60 + 15)  # came at 9:00 for 9:15, begun at 9:20
    served(MONDAY + timedelta(hours=2), wait=5, due=11 * 60 + 30)  # begun before the time booked
    assert [one.began - one.came for one in found()] == [5, 0]


def test_what_is_no_measure_is_left_out():
    served(MONDAY, stage="LEFT")
    served(MONDAY + timedelta(minutes=30), takes=0)
    served(MONDAY + timedelta(minutes=40), takes=24 * 60)  # forgotten over a night
    served(MONDAY + timedelta(days=5))  # a Saturday opened by name
    assert found() == ()
    served(MONDAY + timedelta(hours=1))
    assert len(found()) == 1
    assert found(place="支所") == found(until=date(2027, 1, 18)) == ()


def test_the_view_holds_nobody(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM appointments_out_served LIMIT 0")
        columns = [one.name for one in cursor.description]
    assert columns == [
        "place", "on", "kind", "came_at", "began_at", "ended_at", "needs_terminal",
    ]  # fmt: skip
