"""Reserving and giving back, on real tables."""

import pytest
from django.db import IntegrityError, transaction

from madoguchi.accounts import testing as staff
from madoguchi.accounts.testing import actor_for
from madoguchi.csops.actions.reserving import let_go, note_use, reserve, reserve_terminal
from madoguchi.csops.actions.tables import (
    add_hours,
    add_terminal,
    close_day,
    end_terminal,
    seat,
    unseat,
)
from madoguchi.csops.domain.terminals import Purpose
from madoguchi.csops.models import Reservation, Shift
from madoguchi.csops.queries.days import (
    days_of,
    load_of,
    quiet_minutes,
    shifts_on,
    terminals_at,
)
from madoguchi.csops.testing import EVENING_MONDAY, PLACE, TUESDAY, hours, span
from madoguchi.infra import clock, unit
from madoguchi.infra.models import Fact
from madoguchi.kernel.outcome import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return actor_for(staff.kaede())


@pytest.fixture
def chief():
    return actor_for(staff.kai())


def take(clerk, begins="9:00", ends="10:00", on=TUESDAY, purpose=Purpose.SETUP):
    return unit.run(
        reserve, place=PLACE, on=on, span=span(begins, ends), purpose=purpose, note="箱 2027-001",
        actor=clerk, now=clock.now(),
    )  # fmt: skip


def refused(action, **given):
    with pytest.raises(Refused) as caught:
        unit.run(action, now=clock.now(), **given)
    return [one.code for one in caught.value.problems]


def test_the_town_begins_with_two_terminals_and_evenings():
    assert [one.terminal_no for one in terminals_at(PLACE, TUESDAY)] == ["CS1", "CS2"]
    days = days_of(PLACE, [TUESDAY, EVENING_MONDAY])
    assert [one.span.ends for one in days[TUESDAY].hours] == [720, 1035]
    assert [one.span.ends for one in days[EVENING_MONDAY].hours] == [720, 1035, 1140]


def test_two_fit_and_the_third_does_not(clerk):
    assert {take(clerk).terminal_no, take(clerk).terminal_no} == {"CS1", "CS2"}
    with pytest.raises(Refused) as caught:
        take(clerk, "9:30", "9:40")
    assert [one.code for one in caught.value.problems] == ["TERMINAL_TAKEN"]
    assert take(clerk, "10:00", "10:30").terminal_no == "CS1"
    assert Fact.objects.filter(name="terminal_reserved").count() == 3


def test_t1_the_database_itself_refuses(clerk):
    """Even a program that forgets to ask cannot give one minute twice."""
    kept = Reservation.objects.get(reservation_id=take(clerk).reservation_id)
    again = Reservation.objects.get(pk=kept.pk)
    again.pk, again.begins, again.ends = "x" * 26, kept.begins + 30, kept.ends + 30
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)
    again.begins, again.ends = kept.ends, kept.ends + 30  # end and begin may touch
    again.save(force_insert=True)


def test_what_is_given_back_is_free_and_stays_on_record(clerk):
    first = take(clerk)
    unit.run(let_go, reservation_id=first.reservation_id, actor=clerk, now=clock.now())
    assert Reservation.objects.filter(given_back_at__isnull=False).count() == 1
    assert take(clerk).terminal_no == first.terminal_no
    assert refused(let_go, reservation_id=first.reservation_id, actor=clerk) == [
        "TERMINAL_NOT_RESERVED"
    ]


def test_a_clerk_cannot_take_a_bookings_minutes_nor_give_them_back(clerk):
    given = {"place": PLACE, "on": TUESDAY, "span": span("9:00", "9:10"), "actor": clerk}
    assert refused(reserve, purpose=Purpose.BOOKING, note="", **given) == [
        "TERMINAL_BOOKED_BY_BOOKING"
    ]
    with transaction.atomic():
        kept = reserve_terminal(purpose=Purpose.BOOKING, now=clock.now(), **given)
    assert refused(let_go, reservation_id=kept.reservation_id, actor=clerk) == [
        "TERMINAL_NOT_RESERVED"
    ]


def test_a_note_holds_no_individual_number(clerk):
    assert refused(
        reserve, place=PLACE, on=TUESDAY, span=span("9:00", "9:10"), purpose=Purpose.SETUP,
        note="123456789018", actor=clerk,
    ) == ["TEXT_HAS_INDIVIDUAL_NUMBER"]  # fmt: skip


def test_a_closed_day_takes_no_booking(clerk, chief):
    unit.run(close_day, place=PLACE, on=TUESDAY, reason="機器の更新", actor=chief, now=clock.now())
    assert days_of(PLACE, [TUESDAY])[TUESDAY].hours == ()
    assert refused(
        close_day, place=PLACE, on=TUESDAY, reason=" ", actor=chief
    ) == ["TERMINAL_CLOSING_NEEDS_REASON"]  # fmt: skip


def test_t3_nobody_sits_at_two_and_no_terminal_has_two(clerk):
    given = {"on": TUESDAY, "actor": clerk}
    unit.run(seat, terminal_no="CS1", span=span("9:00", "12:00"), staff_id="kaede",
             now=clock.now(), **given)  # fmt: skip
    meets = ["TERMINAL_SHIFT_MEETS"]
    assert refused(seat, terminal_no="CS2", span=span("11:00", "13:00"), staff_id="kaede",
                   **given) == meets  # fmt: skip
    assert refused(seat, terminal_no="CS1", span=span("11:59", "13:00"), staff_id="nagi",
                   **given) == meets  # fmt: skip
    unit.run(seat, terminal_no="CS2", span=span("12:00", "13:00"), staff_id="kaede",
             now=clock.now(), **given)  # fmt: skip
    assert [one.terminal_no for one in shifts_on(PLACE, TUESDAY)] == ["CS1", "CS2"]
    unit.run(unseat, shift_id=Shift.objects.get(terminal_no="CS1").pk, actor=clerk,
             now=clock.now())  # fmt: skip
    assert refused(unseat, shift_id=0, actor=clerk) == ["TERMINAL_ROW_UNKNOWN"]


def test_tables_are_the_chiefs(clerk, chief):
    since = clock.today()
    row = {"place": PLACE, "row": hours("9:00", "10:00", since=since), "source": "町の決まり"}
    assert refused(add_hours, actor=clerk, **row) == ["TERMINAL_NOT_ALLOWED"]
    unit.run(add_hours, actor=chief, now=clock.now(), **row)
    third = {"terminal_no": "CS3", "name": "統合端末3", "place": PLACE, "valid_from": TUESDAY}
    unit.run(add_terminal, actor=chief, now=clock.now(), **third)
    assert refused(add_terminal, actor=chief, **third) == ["TERMINAL_ROW_THERE"]
    unit.run(end_terminal, terminal_no="CS3", on=TUESDAY, actor=chief, now=clock.now())
    assert len(terminals_at(PLACE, TUESDAY)) == 3
    assert len(terminals_at(PLACE, date_after(TUESDAY))) == 2


def test_a_terminal_with_work_before_it_does_not_end(clerk, chief):
    take(clerk)
    gone = {"terminal_no": "CS1", "on": EVENING_MONDAY, "actor": chief}
    assert refused(end_terminal, **gone) == ["TERMINAL_STILL_RESERVED"]


def test_load_and_quiet_minutes_come_from_the_tables(clerk):
    before = load_of(PLACE, [TUESDAY], today=EVENING_MONDAY)[0]
    take(clerk, "9:00", "11:00")
    after = load_of(PLACE, [TUESDAY], today=EVENING_MONDAY)[0]
    assert after.set_up - before.set_up == 120
    for one in quiet_minutes(PLACE, [TUESDAY], today=EVENING_MONDAY, minutes=60, most=20):
        assert one.terminal_no == "CS2" or one.span.begins >= 660
    for week in range(1, 27):
        note_use(place=PLACE, on=date_after(TUESDAY, -7 * week), begins=600, minutes=50)
    busier = load_of(PLACE, [TUESDAY], today=EVENING_MONDAY)[0]
    assert busier.expected != after.expected


def date_after(day, days=1):
    return type(day).fromordinal(day.toordinal() + days)
