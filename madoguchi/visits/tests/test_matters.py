"""Visits and matters: one at a time, what is said to be done was done, minutes as they were."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from madoguchi.accounts import testing as staff
from madoguchi.appointments import testing as a
from madoguchi.appointments.api import Kind
from madoguchi.csops.api import load_of
from madoguchi.infra import facts, unit
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.outcome import Refused
from madoguchi.visits.actions import serving
from madoguchi.visits.domain.figures import Ended, figures_of, next_month, total_of
from madoguchi.visits.domain.matters import Ends, check_end, measured, worst
from madoguchi.visits.models import Matter, Visit
from madoguchi.visits.queries.tables import matter_book, planned_minutes
from madoguchi.visits.queries.visits import ended_in, open_visit_of

NOW = datetime(2027, 1, 18, 9, 0, tzinfo=JAPAN)
DAY = NOW.date()
BOOK = matter_book()
MATTERS = [one.code for one in BOOK.matters_on(DAY)]
db = pytest.mark.django_db


def codes(refusal):
    return [one.code for one in refusal.value.problems]


def begin(matter="QUESTION", at=NOW, actor=None, **given):
    return unit.run(serving.start_visit, matter=matter, actor=actor or a.clerk(), now=at, **given)


def end(visit_id, outcome="FINISHED", at=NOW, actor=None):
    return unit.run(serving.end_matter, visit_id=visit_id, outcome=outcome,
                    actor=actor or a.clerk(), now=at)  # fmt: skip


# -- the tables --------------------------------------------------------------------------------


def test_each_kind_that_can_be_booked_is_a_matter_here():
    assert {one.value for one in Kind} <= set(MATTERS)
    assert {BOOK.matter(one, DAY).service for one in MATTERS} <= set(Kind)


@pytest.mark.parametrize("matter", MATTERS)
def test_each_matter_can_be_done_sent_on_and_given_up(matter):
    ends = {one.ends for one in BOOK.outcomes_of(matter, DAY)}
    assert {Ends.DONE, Ends.SENT_ON, Ends.IMPOSSIBLE} <= ends
    assert len(BOOK.outcomes_of(matter, DAY)) <= 15, "there are no more keys"


def test_rows_hold_from_their_day_on():
    assert BOOK.matters_on(date(2020, 1, 1)) == ()
    assert BOOK.outcomes_of("LOSS", date(2020, 1, 1)) == ()


@pytest.mark.parametrize(
    ("on", "minute", "office_day", "extended"),
    [(DAY, 510, True, False), (DAY, 509, True, True), (DAY, 1034, True, False),
     (DAY, 1035, True, True), (DAY, 600, False, True)],
)  # fmt: skip
def test_what_lies_outside_the_usual_hours_is_extended(on, minute, office_day, extended):
    assert BOOK.is_extended(on, minute, is_office_day=office_day) is extended


@given(matter=st.sampled_from(MATTERS), data=st.data(), has_person=st.booleans())
def test_n2_done_needs_every_step_and_says_all_that_is_left(matter, data, has_person):
    """Whatever is ticked: what is missing is named whole, and only for what is said to be done."""
    steps = [one.code for one in BOOK.steps_of(matter, DAY)]
    ticked = data.draw(st.sets(st.sampled_from(steps))) if steps else set()
    for row in BOOK.outcomes_of(matter, DAY):
        found = check_end(BOOK, matter=matter, outcome=row.code, ticked=ticked,
                          has_person=has_person, day=DAY)  # fmt: skip
        left = [one.facts["step"] for one in found if one.code == "MATTER_STEP_LEFT"]
        if row.ends is Ends.DONE:
            assert left == [one for one in steps if one not in ticked]
            asks = BOOK.matter(matter, DAY).needs_person and not has_person
            assert ("MATTER_PERSON_MISSING" in [one.code for one in found]) is asks
        else:
            assert found == ()


def test_minutes_are_whole_at_least_one_and_never_a_whole_day():
    assert [measured(one) for one in (0, 29, 95, 14_400, 14_431)] == [1, 1, 2, 240, None]


@given(st.lists(st.sampled_from(list(Ends)), min_size=1))
def test_a_visit_is_done_only_if_all_of_it_is(ends):
    assert (worst(ends) is Ends.DONE) is (set(ends) == {Ends.DONE})
    assert worst(ends) in ends


ROWS = st.builds(
    Ended, on=st.just(DAY), place=st.just("本庁"), matter=st.sampled_from(MATTERS),
    outcome=st.just("FINISHED"), ends=st.sampled_from(list(Ends)), planned=st.integers(1, 60),
    minutes=st.none() | st.integers(1, 240), extended=st.booleans(), booked=st.booleans(),
)  # fmt: skip


@given(st.lists(ROWS, max_size=40))
def test_n3_the_figures_add_up_to_their_rows(rows):
    kinds, total = figures_of(rows), total_of(rows)
    for name in ("count", "planned", "measured", "minutes", "extended"):
        assert sum(getattr(one, name) for one in kinds) == getattr(total, name)
    for one in Ends:
        assert sum(kind.ends[one] for kind in kinds) == total.ends[one]
    assert total.count == len(rows)
    assert total.minutes == sum(row.minutes or 0 for row in rows)
    assert all(sum(one.ends.values()) == one.count for one in kinds)


def test_a_month_is_followed_by_the_next():
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert next_month(date(2028, 2, 1)) == date(2028, 3, 1)


# -- the actions -------------------------------------------------------------------------------


@db
def test_a_visit_of_two_matters_from_press_to_press():
    visit = begin()
    end(visit, at=NOW + timedelta(minutes=4))
    unit.run(serving.next_matter, visit_id=visit, matter="INSURANCE", actor=a.clerk(),
             now=NOW + timedelta(minutes=4))  # fmt: skip
    end(visit, "INSURER", at=NOW + timedelta(minutes=11))
    unit.run(serving.end_visit, visit_id=visit, actor=a.clerk(), now=NOW + timedelta(minutes=11))
    rows = ended_in("本庁", DAY.replace(day=1))
    assert [(one.matter, one.minutes, one.ends) for one in rows] == [
        ("QUESTION", 4, Ends.DONE), ("INSURANCE", 7, Ends.SENT_ON),
    ]  # fmt: skip
    assert [one.planned for one in rows] == [5, 10]
    told = facts.list_facts(name="matter_ended", since=NOW)
    assert [one.values["minutes"] for one in told] == [4, 7]
    assert open_visit_of(a.clerk()) is None


@db
def test_n1_a_clerk_serves_one_visit_with_one_matter_in_hand():
    visit = begin()
    with pytest.raises(Refused) as refusal:
        begin()
    assert codes(refusal) == ["MATTER_VISIT_OPEN"]
    for action, more in ((serving.next_matter, {"matter": "QUESTION"}), (serving.end_visit, {})):
        with pytest.raises(Refused) as refusal:
            unit.run(action, visit_id=visit, actor=a.clerk(), now=NOW, **more)
        assert codes(refusal) == ["MATTER_STILL_OPEN"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(visit_id="V2", place="本庁", on=DAY, staff_id=a.clerk().staff_id,
                             extended=False, started_at=NOW)  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.create(matter_id="M2", visit_id=visit, kind="QUESTION", planned=5,
                              started_at=NOW)  # fmt: skip


@db
def test_nobody_touches_the_visit_of_somebody_else():
    visit = begin()
    nagi = staff.actor_for(staff.nagi())
    for action, more in (
        (serving.end_matter, {"outcome": "FINISHED", "now": NOW}), (serving.tick, {"step": "X"}),
        (serving.end_visit, {"now": NOW}), (serving.forget_visit, {"now": NOW}),
        (serving.name_person, {"person_id": "0"}),
        (serving.next_matter, {"matter": "QUESTION", "now": NOW}),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            unit.run(action, visit_id=visit, actor=nagi, **more)
        assert codes(refusal) == ["MATTER_NO_VISIT"]
    assert begin(actor=nagi), "and both serve at once, each their own"


@db
def test_n4_a_number_called_is_begun_and_ended_with_the_visit():
    ticket_id = a.called()
    with pytest.raises(Refused) as refusal:
        begin(ticket_id=ticket_id, actor=staff.actor_for(staff.nagi()))
    assert codes(refusal) == ["MATTER_TICKET_UNKNOWN"]
    visit = begin("INSURANCE", ticket_id=ticket_id)
    assert a.tickets().get().stage == "SERVING" and a.tickets().get().kind == "INSURANCE"
    end(visit, "PAPERS_MISSING", at=NOW + timedelta(minutes=6))
    unit.run(serving.end_visit, visit_id=visit, actor=a.clerk(), now=NOW + timedelta(minutes=6))
    ticket = a.tickets().get()
    assert (ticket.stage, ticket.outcome) == ("DONE", "COME_AGAIN")


@db
def test_a_walk_in_at_the_terminal_is_learnt_from():
    before = load_of("本庁", [DAY + timedelta(days=7)], today=DAY + timedelta(days=1))[0]
    visit = begin("CERT_RENEWAL")
    end(visit, at=NOW + timedelta(minutes=55))
    after = load_of("本庁", [DAY + timedelta(days=7)], today=DAY + timedelta(days=1))[0]
    assert after != before


@db
def test_n5_a_visit_nobody_ended_counts_and_is_not_measured():
    visit = begin("COLLECT")
    later = NOW + timedelta(days=1)
    assert end(visit, at=later) is None
    unit.run(serving.forget_visit, visit_id=visit, actor=a.clerk(), now=later)
    second = begin("COLLECT", at=later)
    unit.run(serving.forget_visit, visit_id=second, actor=a.clerk(), now=later)
    (figure,) = figures_of(ended_in("本庁", DAY.replace(day=1)))
    assert (figure.count, figure.measured, figure.median) == (2, 0, None)
    assert figure.ends[Ends.UNKNOWN] == 1


@db
def test_what_a_loss_needs_told_is_ticked_before_it_is_done():
    visit = begin("LOSS")
    with pytest.raises(Refused) as refusal:
        end(visit)
    steps = [one.code for one in BOOK.steps_of("LOSS", DAY)]
    assert codes(refusal) == ["MATTER_STEP_LEFT"] * len(steps) + ["MATTER_PERSON_MISSING"]
    for step in steps:
        unit.run(serving.tick, visit_id=visit, step=step, actor=a.clerk())
    unit.run(serving.tick, visit_id=visit, step=steps[0], actor=a.clerk())
    with pytest.raises(Refused) as refusal:
        end(visit)
    assert codes(refusal) == ["MATTER_STEP_LEFT", "MATTER_PERSON_MISSING"]


@db
def test_planned_minutes_are_the_bookings_unless_the_row_says_otherwise():
    assert planned_minutes(BOOK.matter("APPLY_HELP", DAY), DAY) == 20
    assert planned_minutes(BOOK.matter("LOSS", DAY), DAY) == 15


class Serving(RuleBasedStateMachine):
    """Any order of presses of one clerk, against a list of what must then be so."""

    def __init__(self):
        super().__init__()
        Matter.objects.all().delete()
        Visit.objects.all().delete()
        self.at, self.visit, self.open, self.ended = NOW, None, None, []

    def press(self, action, **given):
        try:
            unit.run(action, visit_id=self.visit or "none", actor=a.clerk(), **given)
        except Refused:
            return False
        return True

    @rule(minutes=st.integers(0, 30))
    def time_passes(self, minutes):
        self.at += timedelta(minutes=minutes)

    @rule(matter=st.sampled_from(["QUESTION", "INSURANCE", "NOTHING"]))
    def start(self, matter):
        try:
            visit = begin(matter, at=self.at)
        except Refused:
            assert self.visit is not None or matter == "NOTHING"
        else:
            assert self.visit is None and matter != "NOTHING"
            self.visit, self.open = visit, (matter, self.at)

    @rule(matter=st.sampled_from(["QUESTION", "LICENCE"]))
    def further(self, matter):
        may = self.visit is not None and self.open is None
        assert self.press(serving.next_matter, matter=matter, now=self.at) is may
        if may:
            self.open = (matter, self.at)

    @rule(outcome=st.sampled_from(["FINISHED", "OTHER_DESK", "NONE"]))
    def end(self, outcome):
        may = self.open is not None and outcome != "NONE"
        assert self.press(serving.end_matter, outcome=outcome, now=self.at) is may
        if may:
            self.ended.append((self.open[0], measured((self.at - self.open[1]).total_seconds())))
            self.open = None

    @precondition(lambda self: self.visit is not None)
    @rule()
    def leave(self):
        may = self.open is None
        assert self.press(serving.end_visit, now=self.at) is may
        self.visit = None if may else self.visit

    @precondition(lambda self: self.visit is not None)
    @rule()
    def forget(self):
        assert self.press(serving.forget_visit, now=self.at)
        if self.open is not None:
            self.ended.append((self.open[0], None))
        self.visit = self.open = None

    @invariant()
    def nothing_is_lost(self):
        rows = Matter.objects.filter(ended_at__isnull=False).values_list("kind", "minutes")
        assert sorted(rows, key=str) == sorted(self.ended, key=str)
        assert Visit.objects.filter(ended_at__isnull=True).count() == (self.visit is not None)


@db
def test_any_order_of_presses_keeps_one_visit_and_every_matter():
    run_state_machine_as_test(
        Serving,
        settings=settings(max_examples=15, stateful_step_count=20, deadline=None,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
