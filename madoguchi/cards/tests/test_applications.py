"""Applications: what is asked, what is kept, who may see them, who had the envelope."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.advice.api import Advice
from madoguchi.cards.actions import applying
from madoguchi.cards.actions.applying import Told
from madoguchi.cards.domain.applications import (
    MOVES,
    ApplicationState,
    Delivery,
    Given,
    MailCondition,
    PhotoRule,
    check_application,
    check_move,
)
from madoguchi.cards.domain.kit import pack
from madoguchi.cards.domain.pin_sheets import MOVES as SHEET_MOVES
from madoguchi.cards.domain.pin_sheets import SheetState, check_step, read_label
from madoguchi.cards.models import Application, PinSheet, PinSheetStep
from madoguchi.cards.queries import applications as seen
from madoguchi.cards.queries.tables import kit_rows
from madoguchi.cards.tests.test_boxes import KAEDE, NAGI, TSURU, live, person_no
from madoguchi.infra import clock, unit
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.protection.testing import protect
from madoguchi.register.testing import Reason, Status, clerk

NOW = datetime(2026, 11, 27, 9, tzinfo=clock.JAPAN)
TODAY = NOW.date()
NAMI = clerk(staff_id="NAMI")
NUMBER = "1" * 23
ALL_PHOTO, ALL_MAIL = tuple(PhotoRule), tuple(MailCondition)
LICENCE_AND_INSURANCE = ["driving_licence", "health_insurance_eligibility"]


def told(case=None, number="", **given):
    values = {
        "delivery": Delivery.REGISTERED, "photo": ALL_PHOTO, "conditions": ALL_MAIL,
        "sheet_label": "F-12", "sheet_closed": True, "knows_lost_licence": False,
    }  # fmt: skip
    visit = {
        "visit_kind": "application", "visitor": "self", "age": None,
        "documents": LICENCE_AND_INSURANCE, "papers": [],
    }  # fmt: skip
    return Told(
        case={**visit, **(case or {})}, given=Given(**(values | given)), application_no=number
    )


def take(place=0, actor=KAEDE, now=NOW, application_id="", **given):
    return unit.run(
        applying.take_application, person_id=person_no(place), told=told(**given),
        application_id=application_id, actor=actor, now=now,
    )  # fmt: skip


def codes(refused):
    return {one.code for one in refused.value.problems}


@pytest.fixture
def somebody(db):
    live(0)


# -- the rules, without tables -----------------------------------------------------------------


@settings(deadline=None)
@given(
    delivery=st.sampled_from(Delivery), photo=st.sets(st.sampled_from(PhotoRule)),
    conditions=st.sets(st.sampled_from(MailCondition)), label=st.sampled_from(["", "F-1"]),
    closed=st.booleans(), age=st.integers(0, 100), held=st.booleans(),
    undecided=st.sets(st.sampled_from(["papers", "documents"])),
    problem=st.booleans(),
)  # fmt: skip
def test_r1_nothing_is_taken_with_a_gap_and_every_gap_is_named(
    delivery, photo, conditions, label, closed, age, held, undecided, problem
):
    against = (Problem(code="IDENTITY_AA_AB_NBB"),) if problem else ()
    found = check_application(
        Given(delivery=delivery, photo=photo, conditions=conditions, sheet_label=label,
              sheet_closed=closed, knows_lost_licence=False),
        advice=Advice(accepted=not problem, problems=against, undecided=tuple(undecided)),
        age=age, is_held=held,
    )  # fmt: skip
    gaps = 0 if age < 1 else len(set(PhotoRule) - photo)
    gaps += bool(label) and not closed
    if delivery is not Delivery.COUNTER:
        gaps += len(set(MailCondition) - conditions) + (not label) + held
        gaps += problem + len(undecided)
    assert len(found) == gaps


def test_a_licence_on_the_card_is_told_of_before():
    advice = Advice(accepted=True, warnings=(Problem(code="LICENCE_LOST", where="channel"),))
    values = {"delivery": Delivery.COUNTER, "photo": ALL_PHOTO, "conditions": (),
              "sheet_label": "", "sheet_closed": False}  # fmt: skip
    untold = check_application(
        Given(**values, knows_lost_licence=False), advice=advice, age=30, is_held=False
    )
    assert [one.code for one in untold] == ["APPLICATION_LICENCE_NOT_TOLD"]
    assert not check_application(
        Given(**values, knows_lost_licence=True), advice=advice, age=30, is_held=False
    )


@pytest.mark.parametrize(("before", "after"), list(itertools.product(ApplicationState, repeat=2)))
def test_only_drawn_arrows_are_ways(before, after):
    assert (check_move(before, after) == ()) == (after in MOVES[before])


def test_r2_an_envelope_found_open_is_never_used_whatever_the_way():
    ways = [(SheetState.CLOSED,)]
    for _ in range(6):
        ways += [
            (*way, after)
            for way in ways
            for after in SheetState
            if not check_step(way[-1], after, staff_id="b", last_by="a")
            and (*way, after) not in ways
        ]
    assert any(SheetState.FOUND_OPEN in way for way in ways)
    for way in ways:
        if SheetState.FOUND_OPEN in way:
            after = way[way.index(SheetState.FOUND_OPEN) :]
            assert not {SheetState.USED, SheetState.OUT, SheetState.CLOSED} & set(after)


@pytest.mark.parametrize("before", [SheetState.USED, SheetState.FOUND_OPEN])
def test_r3_who_destroys_is_not_who_had_it(before):
    assert SheetState.DESTROYED in SHEET_MOVES[before]
    assert check_step(before, SheetState.DESTROYED, staff_id="a", last_by="a")
    assert not check_step(before, SheetState.DESTROYED, staff_id="b", last_by="a")


@pytest.mark.parametrize("text", ["1234", "ABC123", "F-", "F_12", "F-1234567", "暗証番号"])
def test_what_may_be_a_secret_is_no_label_and_not_repeated(text):
    found = read_label(text)
    assert isinstance(found, Problem)
    assert text not in str(found)


def test_the_kit_grows_with_the_people_and_is_never_empty_handed():
    rows = kit_rows()
    one, five = pack(rows, people=1), pack(rows, people=5)
    for row, few, many in zip(rows, one, five, strict=True):
        assert few.count >= 1
        assert many.count - few.count == (4 * row.count if row.per_person else 0)


# -- on the real tables ------------------------------------------------------------------------


def test_an_application_by_mail_keeps_kinds_of_papers_and_a_closed_envelope(somebody):
    row = Application.objects.get(application_id=take())
    assert row.state == "TAKEN"
    assert row.documents == sorted(LICENCE_AND_INSURANCE)
    sheet = PinSheet.objects.get()
    assert (sheet.label, sheet.state) == ("F-12", "CLOSED")


def test_everything_that_stands_against_it_is_said_at_once(somebody):
    with pytest.raises(Refused) as refused:
        take(
            case={"documents": ["health_insurance_eligibility"], "papers": []},
            photo=(), conditions=(), sheet_label="", number="12",
        )  # fmt: skip
    assert codes(refused) >= {
        "CARD_APPLICATION_NO_UNREADABLE", "IDENTITY_AA_AB_NBB",
        "APPLICATION_MAIL_CONSENT", "PIN_SHEET_MISSING",
        *PhotoRule,
    }  # fmt: skip
    assert not Application.objects.exists()


def test_who_fetches_it_at_the_counter_shows_papers_then(somebody):
    application_id = take(
        case={"documents": []}, delivery=Delivery.COUNTER, conditions=(), sheet_label="",
        sheet_closed=False,
    )  # fmt: skip
    assert Application.objects.get(application_id=application_id).documents == []


def test_the_age_is_the_registers_and_not_what_is_told(somebody):
    with pytest.raises(Refused) as refused:
        live(1, birth_sort=date(2014, 5, 3), birth="2014-05-03")
        take(1, case={"age": 40})
    assert "AGENT_NEEDED" in codes(refused)


def test_r4_somebody_has_one_open_application(somebody):
    take()
    with pytest.raises(Refused) as refused:
        take(sheet_label="F-13")
    assert codes(refused) == {"APPLICATION_OPEN_ALREADY"}
    assert PinSheet.objects.count() == 1


def test_r4_one_number_is_one_application(somebody):
    live(1)
    take(number=NUMBER)
    with pytest.raises(Refused) as refused:
        take(1, number=NUMBER, sheet_label="F-13")
    assert codes(refused) == {"APPLICATION_NO_USED"}


def test_r4_a_label_is_on_one_envelope_at_a_time(somebody):
    live(1)
    take()
    with pytest.raises(Refused) as refused:
        take(1)
    assert codes(refused) == {"PIN_SHEET_LABEL_USED"}
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    "gone",
    [
        {"status": Status.MOVED_OUT, "reason": Reason.MOVE_OUT_DOMESTIC, "removed": "2026-11-01",
         "removed_sort": date(2026, 11, 1)},
        {"status": Status.DEAD, "reason": Reason.DEATH, "removed": "2026-11-01",
         "removed_sort": date(2026, 11, 1)},
    ],
)  # fmt: skip
def test_who_is_gone_applies_elsewhere(db, gone):
    live(0, **gone)
    with pytest.raises(Refused) as refused:
        take()
    assert codes(refused) == {"APPLICATION_NO_RESIDENT"}


def test_r5_a_held_person_is_unknown_without_the_right_and_never_gets_it_by_mail(somebody):
    protect(person_no(0))
    with pytest.raises(Refused) as refused:
        take()
    unknown = refused.value.problems
    with pytest.raises(Refused) as refused:
        take(7)
    assert refused.value.problems == unknown
    with pytest.raises(Refused) as refused:
        take(actor=NAGI)
    assert codes(refused) == {"APPLICATION_NOT_BY_MAIL"}
    take(actor=NAGI, delivery=Delivery.COUNTER)
    assert seen.list_applications(actor=KAEDE, today=TODAY) == ()
    assert seen.sheets_here(actor=KAEDE, today=TODAY) == ()
    assert len(seen.list_applications(actor=NAGI, today=TODAY)) == 1


def test_without_the_right_nothing(somebody):
    with pytest.raises(Refused) as refused:
        take(actor=TSURU)
    assert codes(refused) == {"CARD_RIGHT_MISSING"}


def test_sent_wants_a_number_and_can_be_taken_back(somebody):
    application_id = take()
    values = {"application_id": application_id, "actor": KAEDE, "now": NOW}
    with pytest.raises(Refused) as refused:
        unit.run(applying.send_application, application_no="", version=1, **values)
    assert codes(refused) == {"APPLICATION_NO_MISSING"}
    unit.run(applying.send_application, application_no=NUMBER, version=1, **values)
    assert Application.objects.get().state == "SENT"
    with pytest.raises(Refused) as refused:
        unit.run(applying.take_back_sending, version=1, **values)
    assert codes(refused) == {"APPLICATION_CHANGED_MEANWHILE"}
    unit.run(applying.take_back_sending, version=2, **values)
    assert Application.objects.get().state == "TAKEN"


def test_an_envelope_goes_through_hands_and_its_end_is_seen_by_two(somebody):
    application_id = take()
    sheet = PinSheet.objects.get()

    def move(to, actor=KAEDE):
        unit.run(applying.move_sheet, sheet_id=sheet.sheet_id, to=to, actor=actor, now=NOW)

    with pytest.raises(Refused) as refused:
        unit.run(applying.withdraw_application, application_id=application_id, version=1,
                 actor=KAEDE, now=NOW)  # fmt: skip
    assert codes(refused) == {"APPLICATION_SHEET_STILL_HERE"}
    move(SheetState.OUT)
    move(SheetState.USED)
    with pytest.raises(Refused) as refused:
        move(SheetState.DESTROYED)
    assert codes(refused) == {"PIN_SHEET_SECOND_MISSING"}
    move(SheetState.DESTROYED, NAMI)
    last = PinSheetStep.objects.latest("id")
    assert (last.staff_id, last.witnessed_by) == (NAMI.staff_id, KAEDE.staff_id)
    unit.run(applying.withdraw_application, application_id=application_id, version=1,
             actor=KAEDE, now=NOW)  # fmt: skip


def test_the_table_itself_refuses_one_pair_of_hands(somebody):
    take()
    sheet = PinSheet.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PinSheetStep.objects.create(
            sheet=sheet, at=NOW, staff_id="a", state="DESTROYED", witnessed_by="a"
        )


def test_steps_of_an_envelope_are_never_changed(somebody):
    take()
    with pytest.raises(Exception, match="append"), transaction.atomic():
        PinSheetStep.objects.update(staff_id="x")


def test_a_trip_for_one_person_and_its_list(somebody):
    on = TODAY + timedelta(days=3)
    trip_id = unit.run(applying.plan_trip, on=on, where="与路島 公民館", actor=KAEDE, now=NOW)
    application_id = unit.run(
        applying.join_trip, trip_id=trip_id, person_id=person_no(0), actor=KAEDE, now=NOW
    )
    trip, people = seen.find_trip(trip_id, actor=KAEDE, today=TODAY)
    assert (trip.people, people[0].state) == (1, ApplicationState.PLANNED)
    assert take(application_id=application_id, now=NOW + timedelta(days=3)) == application_id
    assert Application.objects.get().state == "TAKEN"
    protect(person_no(0))
    assert seen.find_trip(trip_id, actor=KAEDE, today=TODAY)[0].people == 0


@pytest.mark.parametrize("days", [-1, 367])
def test_a_trip_is_in_the_year_to_come(db, days):
    with pytest.raises(Refused) as refused:
        unit.run(
            applying.plan_trip, on=TODAY + timedelta(days=days), where="", actor=KAEDE, now=NOW
        )
    assert codes(refused) == {"TRIP_DAY_OUT_OF_RANGE", "TRIP_WHERE_MISSING"}


def test_the_list_asks_the_same_number_of_questions_however_long(db, django_assert_num_queries):
    for size in (1, 8):
        for place in range(Application.objects.count(), size):
            live(place)
            take(place, sheet_label=f"F-{place}")
        # Applications, people, who is held; cards only where a number is known.
        with django_assert_num_queries(3):
            assert len(seen.list_applications(actor=KAEDE, today=TODAY)) == size


def test_no_column_could_keep_a_secret_or_a_picture(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_name IN ('cards_application', 'cards_pin_sheet', 'cards_pin_sheet_step')"
        )
        columns = cursor.fetchall()
    assert len(columns) > 15
    assert not [c for c in columns if c[2] == "bytea" or c[1] in ("pin", "photo", "number", "note")]
