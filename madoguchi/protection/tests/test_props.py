"""Properties: the gate never opens a held person, whatever is stored and whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor, Right
from madoguchi.protection.domain import measures as rules
from madoguchi.protection.domain.blocks import Block, Level, Process, SubjectKind
from madoguchi.protection.domain.gate import (
    LEAVES_THE_OFFICE,
    Holds,
    Use,
    decide,
    hidden_from,
)
from madoguchi.protection.domain.measures import EndReason, Ground, MeasureState
from madoguchi.protection.testing import CLERK, SENIOR, a_measure

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, tzinfo=JAPAN)
PEOPLE = st.sampled_from(["rin", "haru", "aoi", "sora", "ume"])

measures = st.builds(
    lambda who, along, state, begins_on, case_no: replace(
        a_measure(applicant_id=who, together_ids=along - {who}, state=state, begins_on=begins_on),
        case_no=case_no,
        measure_id=f"m{case_no}",
    ),
    PEOPLE,
    st.frozensets(PEOPLE, max_size=3),
    st.sampled_from(MeasureState),
    st.dates(date(2019, 1, 1), TODAY),
    st.integers(1, 9),
)
blocks = st.tuples(
    PEOPLE,
    st.builds(
        Block,
        block_id=st.just("b"),
        subject_kind=st.sampled_from(SubjectKind),
        subject_id=st.just("x"),
        process=st.sampled_from(Process),
        level=st.sampled_from(Level),
        reason=st.just("理由"),
        starts_on=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
        ends_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
        open_until=st.none() | st.just(NOW) | st.just(NOW + timedelta(minutes=1)),
    ),
)
holds = st.builds(
    Holds,
    held=st.frozensets(PEOPLE),
    measures=st.lists(measures, max_size=3, unique_by=lambda m: m.case_no).map(tuple),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    unlocked=st.frozensets(PEOPLE),
)
actors = st.frozensets(st.sampled_from(Right)).map(
    lambda rights: Actor(
        staff_id="s", name="s", rights=rights, place="", terminal="", purpose="テスト"
    )
)


def held_in(state: Holds) -> set[str]:
    alive = [m for m in state.measures if m.state is not MeasureState.ENDED]
    return set(state.held).union(*(m.person_ids for m in alive))


@given(st.frozensets(PEOPLE), holds, actors, st.sampled_from(Use))
def test_p1_every_person_asked_for_is_either_open_or_blocked(asked, state, actor, use):
    answer = decide(asked, state, actor=actor, use=use, now=NOW, today=TODAY)
    assert answer.open | answer.blocked == asked
    assert not answer.open & answer.blocked
    assert set(answer.alerts) <= asked


@given(st.frozensets(PEOPLE), holds, actors, st.sampled_from(Use))
def test_p1_without_the_right_no_held_person_is_open_or_told_of(asked, state, actor, use):
    answer = decide(asked, state, actor=actor, use=use, now=NOW, today=TODAY)
    if hidden_from(actor):
        assert not answer.open & held_in(state)
        assert not set(answer.alerts) & held_in(state)


@given(st.frozensets(PEOPLE), holds, actors, st.sampled_from(sorted(LEAVES_THE_OFFICE)))
def test_p5_nothing_leaves_the_office_without_an_unlock(asked, state, actor, use):
    answer = decide(asked, state, actor=actor, use=use, now=NOW, today=TODAY)
    assert not answer.open & (held_in(state) - state.unlocked)


@given(
    st.frozensets(PEOPLE), holds, measures, st.sampled_from(Use), st.sampled_from([CLERK, SENIOR])
)
def test_another_measure_never_opens_anybody(asked, state, another, use, actor):
    more = replace(state, measures=(*state.measures, replace(another, case_no=99)))
    before = decide(asked, state, actor=actor, use=use, now=NOW, today=TODAY)
    after = decide(asked, more, actor=actor, use=use, now=NOW, today=TODAY)
    assert after.open <= before.open


@given(st.frozensets(PEOPLE), holds, st.sampled_from(Use), st.integers(0, 20_000))
def test_p2_time_alone_opens_nobody(asked, state, use, days):
    """However many days pass, whoever is held stays held."""
    later = TODAY + timedelta(days=days)
    still = replace(state, blocks=())
    now_open = decide(asked, still, actor=CLERK, use=use, now=NOW, today=TODAY).open
    then_open = decide(
        asked, still, actor=CLERK, use=use, now=NOW + timedelta(days=days), today=later
    ).open
    assert now_open == then_open


@given(st.dates(date(1990, 1, 1), date(2200, 12, 31)))
def test_p3_a_year_has_no_gap_no_overlap_and_about_365_days(begins_on):
    year = rules.year_from(begins_on)
    assert 364 <= (year.ends_on - year.begins_on).days <= 365
    following = rules.next_period(year)
    assert following.begins_on - year.ends_on == timedelta(days=1)
    assert 28 <= (year.ends_on - rules.extension_opens_on(year)).days <= 31


class Life(RuleBasedStateMachine):
    """One measure through any arrows, against a model of ten lines: state, holds, version."""

    def __init__(self) -> None:
        super().__init__()
        self.measure = a_measure(state=MeasureState.ACCEPTED, begins_on=date(2020, 4, 1))
        self.today = date(2020, 4, 1)
        self.model = "ACCEPTED"
        self.ends_on: date | None = None
        self.arrows = 1
        self.moved = False

    @rule(days=st.integers(0, 800))
    def wait(self, days: int) -> None:
        self.today = min(self.today + timedelta(days=days), date(2150, 1, 1))

    @rule(unconfirmed=st.sets(st.sampled_from(["CS", "TAX"])))
    def effect(self, unconfirmed: set[str]) -> None:
        allowed = not rules.check_effect(self.measure, unconfirmed=unconfirmed)
        assert allowed == (self.model == "ACCEPTED" and not unconfirmed)
        if allowed:
            self._go(rules.in_effect(self.measure), "PROVISIONAL")

    @rule(back=st.integers(-3, 400))
    def confirm(self, back: int) -> None:
        day = self.today - timedelta(days=back)
        allowed = not rules.check_confirm(self.measure, begins_on=day, today=self.today)
        in_time = date(2020, 4, 1) <= day <= self.today
        assert allowed == (self.model == "PROVISIONAL" and in_time and not self.moved)
        if allowed:
            self.ends_on = rules.year_from(day).ends_on
            self._go(
                rules.confirmed(self.measure, begins_on=day, ground=Ground.COURT_ORDER), "FULL"
            )

    @rule()
    def extend(self) -> None:
        allowed = not rules.check_extend(self.measure, today=self.today)
        if self.model != "FULL":
            assert not allowed
        elif allowed:
            assert self.today + timedelta(days=31) >= self.ends_on
            old, self.ends_on = self.ends_on, rules.next_period(self.measure.period).ends_on
            assert self.ends_on > old
            self._go(rules.extended(self.measure), "FULL")

    @precondition(lambda self: self.model != "ENDED")
    @rule()
    def move_out(self) -> None:
        self.moved = True
        new = rules.carried_over(self.measure, moved_on=self.today, to_town="462012")
        self._go(new, "PROVISIONAL" if self.model == "FULL" else self.model)

    @precondition(lambda self: self.model != "ENDED")
    @rule()
    def apply_anew(self) -> None:
        self._go(rules.noted(self.measure), self.model)

    @rule(reason=st.sampled_from(EndReason))
    def end(self, reason: EndReason) -> None:
        allowed = not rules.check_end(self.measure)
        assert allowed == (self.model != "ENDED")
        if allowed:
            self._go(rules.ended(self.measure, on=self.today, reason=reason), "ENDED")

    def _go(self, measure: rules.Measure, model: str) -> None:
        self.measure, self.model = measure, model
        self.arrows += 1

    @invariant()
    def state_and_version_follow_the_arrows(self) -> None:
        assert self.measure.state.value == self.model
        assert self.measure.version == self.arrows

    @invariant()
    def it_holds_until_an_end_and_no_longer(self) -> None:
        state = Holds(held=frozenset(), measures=(self.measure,), blocks=(), unlocked=frozenset())
        for use in Use:
            answer = decide({"rin"}, state, actor=CLERK, use=use, now=NOW, today=self.today)
            assert bool(answer.blocked) == (self.model != "ENDED")


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestLife = Life.TestCase
