"""The rows that hold every week: changed from a day on, and nobody booked is left outside."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.appointments import testing as a
from madoguchi.appointments.actions.booking import cancel
from madoguchi.appointments.actions.tables import (
    add_opening,
    add_place,
    end_opening,
    set_service,
    set_terms,
)
from madoguchi.appointments.domain.booking import Channel, Diary, Seat, left_outside
from madoguchi.appointments.domain.services import (
    Errand,
    Kind,
    Opening,
    OpeningKind,
    Place,
    Service,
    Terms,
)
from madoguchi.appointments.models import Booking
from madoguchi.appointments.models import Opening as OpeningRow
from madoguchi.appointments.models import Service as ServiceRow
from madoguchi.appointments.queries.bookings import list_free
from madoguchi.appointments.queries.tables import list_services, list_weekly, services_of, terms_of
from madoguchi.infra import unit
from madoguchi.infra.clock import frozen
from madoguchi.kernel.daytimes import DayRule, Span
from madoguchi.kernel.outcome import Refused

TODAY = a.NOW.date()
PAGE = reverse("appointments:tables")
OPENING = Opening(
    kind=OpeningKind.EVENING, lanes=1, step_minutes=15, span=Span(begins=1035, ends=1140),
    rule=DayRule(valid_from=TODAY, weekdays=frozenset({1})),
)  # fmt: skip
SERVICE = Service(kind=Kind.QUESTION, minutes=40, further_minutes=5, needs_terminal=False,
                  bookable=True, valid_from=a.DAY)  # fmt: skip
TERMS = Terms(valid_from=a.DAY, hold_minutes=5, ahead_days=10, web_lead_days=1,
              change_until_days=1, late_minutes=10, party_max=8)  # fmt: skip
db = pytest.mark.django_db


def chief():
    return staff.actor_for(staff.kai())


def run(action, actor=None, **given):
    return unit.run(action, actor=actor or chief(), now=a.NOW, **given)


def refused(action, actor=None, **given):
    with pytest.raises(Refused) as caught:
        run(action, actor, **given)
    return [one.code for one in caught.value.problems]


def free(on, kind=Kind.QUESTION):
    found = list_free(place=a.PLACE, party=(Errand(kind=kind),), since=on, until=on, each=99, most=99,
                      channel=Channel.PHONE, now=a.NOW)  # fmt: skip
    return {one.span.begins for one in found}


# -- the rule ------------------------------------------------------------------------------

spans = st.tuples(st.integers(0, 20), st.integers(1, 20)).map(
    lambda given: Span(begins=given[0] * 30, ends=(given[0] + given[1]) * 30)
)
openings = st.builds(
    Opening, kind=st.just(OpeningKind.REGULAR), rule=st.just(DayRule(valid_from=TODAY)),
    span=spans, lanes=st.integers(1, 3), step_minutes=st.just(15),
)  # fmt: skip
seats = st.builds(Seat, booking_id=st.just("x"), lane=st.integers(1, 3), span=spans)


@given(st.lists(openings, max_size=3), st.lists(openings, max_size=3), st.lists(seats, max_size=6))
def test_who_is_left_outside_was_inside_by_a_count_of_minutes(before, after, seated):
    def minutes(rows, seat):
        return {
            (lane, minute)
            for row in rows
            if row.span.begins <= seat.span.begins and seat.span.ends <= row.span.ends
            for lane in range(1, row.lanes + 1)
            for minute in range(row.span.begins, row.span.ends)
        }

    def inside(rows, seat):
        return (seat.lane, seat.span.begins) in minutes(rows, seat)

    def diary(rows):
        return Diary(place="x", on=TODAY, openings=tuple(rows), seats=tuple(seated))

    wanted = tuple(one for one in seated if inside(before, one) and not inside(after, one))
    assert left_outside(diary(before), diary(after)) == wanted


# -- the actions ---------------------------------------------------------------------------


@db
def test_an_evening_is_opened_every_week_and_ended():
    assert not any(begins >= 1035 for begins in free(a.DAY))
    opening_id = run(add_opening, place=a.PLACE, row=OPENING, source="取り決め")
    assert 1035 in free(a.DAY) and 1035 in free(a.DAY + timedelta(days=7))
    run(end_opening, opening_id=opening_id, last_day=a.DAY)
    assert 1035 in free(a.DAY) and 1035 not in free(a.DAY + timedelta(days=7))


@db
def test_an_opening_that_has_not_begun_goes_without_a_trace():
    later = Opening(**{name: getattr(OPENING, name) for name in Opening.__slots__}
                    | {"rule": DayRule(valid_from=a.DAY, weekdays=frozenset({1}))})  # fmt: skip
    opening_id = run(add_opening, place=a.PLACE, row=later, source="")
    run(end_opening, opening_id=opening_id, last_day=TODAY)
    assert not OpeningRow.objects.filter(opening_id=opening_id).exists()


@db
def test_b8_nobody_booked_is_left_outside_by_an_end():
    a.made(540)
    row = next(one for one in list_weekly(today=TODAY)
               if one.place == a.PLACE and one.row.span.holds(Span(begins=540, ends=550)))  # fmt: skip
    assert refused(end_opening, opening_id=row.opening_id, last_day=TODAY) == ["OPENING_LEAVES_OUT"]
    assert OpeningRow.objects.get(opening_id=row.opening_id).valid_until is None
    run(end_opening, opening_id=row.opening_id, last_day=a.DAY)


@db
def test_b8_nor_by_a_newer_row_that_hides_the_old_one():
    kept = a.made(540)
    short = Opening(
        kind=OpeningKind.REGULAR, lanes=2, step_minutes=15, span=Span(begins=660, ends=720),
        rule=DayRule(valid_from=TODAY, weekdays=frozenset(range(5))),
    )  # fmt: skip
    assert refused(add_opening, place=a.PLACE, row=short, source="") == ["OPENING_LEAVES_OUT"]
    run(cancel, booking_id=kept.booking_id, channel=Channel.PHONE)
    run(add_opening, place=a.PLACE, row=short, source="")


@db
def test_b8_nor_by_fewer_counters():
    for _ in range(2):
        a.made(540, party=a.QUESTION)
    one = Opening(
        kind=OpeningKind.REGULAR, lanes=1, step_minutes=15, span=Span(begins=510, ends=720),
        rule=DayRule(valid_from=TODAY, weekdays=frozenset(range(5))),
    )  # fmt: skip
    assert refused(add_opening, place=a.PLACE, row=one, source="") == ["OPENING_LEAVES_OUT"]


@db
def test_minutes_change_from_their_day_on_and_bookings_keep_theirs():
    kept = a.made(540, party=a.QUESTION)
    run(set_service, row=SERVICE, source="数えた")
    assert services_of(TODAY)[Kind.QUESTION].minutes == 5
    assert services_of(a.DAY)[Kind.QUESTION].minutes == 40
    row = Booking.objects.get(booking_id=kept.booking_id)
    assert row.ends - row.begins == 5
    run(set_service, row=SERVICE, source="数え直した")
    assert ServiceRow.objects.filter(kind="QUESTION").count() == 2
    assert [one.minutes for one, _ in list_services(today=TODAY) if one.kind is Kind.QUESTION] == [
        5, 40,
    ]  # fmt: skip


@db
def test_the_rules_change_from_their_day_on():
    run(set_terms, row=TERMS, source="")
    assert terms_of(TODAY).ahead_days == 45 and terms_of(a.DAY).ahead_days == 10


@db
def test_everything_wrong_is_said_at_once_and_nothing_is_changed_backwards():
    past = date(2020, 1, 1)
    wrong = Opening(
        kind=OpeningKind.OUTREACH, lanes=0, step_minutes=1, span=Span(begins=1, ends=2), lands=9,
        rule=DayRule(valid_from=past, weekdays=frozenset()),
    )  # fmt: skip
    assert set(refused(add_opening, place=a.PLACE, row=wrong, source="123456789018")) == {
        "OPENING_LANES_UNKNOWN", "OPENING_STEP_UNKNOWN", "OPENING_WITHOUT_BOAT",
        "ROW_WEEKDAY_UNKNOWN", "ROW_IN_THE_PAST", "TEXT_HAS_INDIVIDUAL_NUMBER",
        "OPENING_KIND_UNKNOWN", "OPENING_ONE_BOAT",
    }  # fmt: skip
    assert refused(add_opening, place="x", row=OPENING, source="") == ["PLACE_UNKNOWN"]
    assert refused(end_opening, opening_id=0, last_day=TODAY) == ["OPENING_UNKNOWN"]
    terms = Terms(valid_from=past, hold_minutes=0, ahead_days=999, web_lead_days=99,
                  change_until_days=99, late_minutes=999, party_max=0)  # fmt: skip
    assert refused(set_terms, row=terms, source="") == ["TERMS_OUT_OF_RANGE"] * 6 + [
        "ROW_IN_THE_PAST"
    ]


@db
@pytest.mark.parametrize(
    ("action", "given"),
    [(add_opening, {"place": a.PLACE, "row": OPENING, "source": ""}),
     (end_opening, {"opening_id": 1, "last_day": TODAY}),
     (set_service, {"row": SERVICE, "source": ""}), (set_terms, {"row": TERMS, "source": ""}),
     (add_place, {"place": Place(place="支所", name="支所", terminals_of="")})],
)  # fmt: skip
def test_only_the_chief_changes_what_every_week_is_like(action, given):
    assert refused(action, a.clerk(), **given) == ["OPENING_CHIEF_ONLY"]


@db
def test_a_place_is_added_once_and_opens_with_its_first_opening():
    place = Place(place="古仁屋支所", name="古仁屋支所", terminals_of="")
    run(add_place, place=place)
    assert refused(add_place, place=place) == ["PLACE_THERE"]
    assert refused(add_place, place=Place(place=" ", name="", terminals_of="")) == [
        "PLACE_WITHOUT_NAME"
    ]
    run(add_opening, place="古仁屋支所", row=OPENING, source="")
    assert list_free(place="古仁屋支所", party=a.QUESTION, since=a.DAY, until=a.DAY,
                     channel=Channel.PHONE, now=a.NOW)  # fmt: skip


# -- the page ------------------------------------------------------------------------------

GIVEN = {"kind": "EVENING", "place": a.PLACE, "weekdays": ["1"], "nth": ["2", "4"],
         "begins": "17:15", "ends": "19:00", "lanes": "1", "step_minutes": "15",
         "valid_from": "2027-02-01", "source": "取り決め"}  # fmt: skip


@pytest.fixture
def kai(client, db):
    with frozen(a.NOW):
        yield staff.signed_in(client, staff.kai())


def test_q1_a_week_is_changed_on_the_page(kai):
    text = kai.get(PAGE).content.decode()
    assert "月〜金" in text and "第2・第4 月" in text and "船 10:00着 15:00発" in text
    assert kai.post(reverse("appointments:add_opening"), GIVEN).status_code == 302
    text = kai.get(PAGE).content.decode()
    assert "第2・第4 火" in text and "これから" in text
    row = OpeningRow.objects.latest("opening_id")
    end = reverse("appointments:end_opening", args=[row.opening_id])
    assert kai.post(end, {"last_day": "R9.1.18"}).status_code == 302
    assert "第2・第4 火" not in kai.get(PAGE).content.decode()
    given = {"kind": "QUESTION", "minutes": "8", "further_minutes": "2", "bookable": "on",
             "valid_from": "2027-02-01"}  # fmt: skip
    assert kai.post(reverse("appointments:set_service"), given).status_code == 302
    assert services_of(date(2027, 2, 1))[Kind.QUESTION].minutes == 8
    terms = {name: getattr(TERMS, name) for name in Terms.__slots__}
    assert kai.post(reverse("appointments:set_terms"), terms).status_code == 302
    given = {"name": "古仁屋支所", "terminals_of": "-"}
    assert kai.post(reverse("appointments:add_place"), given).status_code == 302
    assert "古仁屋支所の端末" in kai.get(PAGE).content.decode()


@db
@pytest.mark.parametrize(
    "name", ["tables", "add_opening", "end_opening", "set_service", "set_terms", "add_place"]
)
def test_q2_the_wrong_role_is_refused(client, name):
    staff.signed_in(client, staff.kaede())
    asked = client.get if name == "tables" else client.post
    args = [1] if name == "end_opening" else []
    assert asked(reverse(f"appointments:{name}", args=args)).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"kind": "OUTREACH"}, "FIELD_CHOICE"), ({"weekdays": []}, "FIELD_NOT_CHOSEN"),
     ({"ends": "9:00"}, "ROW_SPAN_BACKWARDS"), ({"valid_from": "2020-01-01"}, "ROW_IN_THE_PAST"),
     ({"valid_until": "2027-01-31"}, "ROW_DAYS_BACKWARDS"), ({"lands": "9:00"}, "OPENING_ONE_BOAT")],
)  # fmt: skip
def test_q4_bad_input_changes_nothing(kai, wrong, code):
    count = OpeningRow.objects.count()
    answer = kai.post(reverse("appointments:add_opening"), GIVEN | wrong)
    assert answer.status_code == 422 and code in answer.content.decode()
    assert OpeningRow.objects.count() == count


@pytest.mark.parametrize("name", ["set_service", "set_terms", "add_place"])
def test_q4_an_empty_form_says_what_is_missing(kai, name):
    answer = kai.post(reverse(f"appointments:{name}"), {})
    assert answer.status_code == 422 and "FIELD_REQUIRED" in answer.content.decode()


def test_q4_a_last_day_nobody_can_read(kai):
    end = reverse("appointments:end_opening", args=[1])
    assert "DATE_UNREADABLE" in kai.post(end, {"last_day": "x"}).content.decode()
