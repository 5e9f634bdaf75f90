"""Rules of measures, blocks, unlocks and the gate as values; no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Right
from madoguchi.protection.domain import measures as rules
from madoguchi.protection.domain.blocks import (
    Block,
    Level,
    Process,
    SubjectKind,
    check_block,
    is_over,
    stands,
)
from madoguchi.protection.domain.errands import Errand, ErrandKind, ErrandStep, check_step
from madoguchi.protection.domain.gate import Use
from madoguchi.protection.domain.measures import (
    Application,
    Category,
    EndReason,
    Ground,
    MeasureState,
    Period,
    Scope,
)
from madoguchi.protection.domain.unlocks import (
    Proposal,
    Requester,
    basis_of,
    check_ending_officer,
    check_proposal,
    check_second_officer,
)
from madoguchi.protection.testing import CHIEF, CLERK, SENIOR, a_measure


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("begins_on", "ends_on"),
    [
        (date(2020, 4, 1), date(2021, 3, 31)),  # the example of the standard
        (date(2020, 2, 29), date(2021, 2, 28)),  # no such day next year: the month's last
        (date(2021, 2, 28), date(2022, 2, 27)),
        (date(2023, 2, 28), date(2024, 2, 27)),
        (date(2023, 3, 1), date(2024, 2, 29)),  # the day before 1 March of a leap year
        (date(2024, 3, 1), date(2025, 2, 28)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2027, 12, 30)),
    ],
)
def test_p3_a_year_ends_the_day_before_the_same_day(begins_on: date, ends_on: date):
    assert rules.year_from(begins_on) == Period(begins_on=begins_on, ends_on=ends_on)


def test_p3_the_next_year_begins_the_day_after():
    first = rules.year_from(date(2020, 2, 29))
    assert rules.next_period(first) == Period(begins_on=date(2021, 3, 1), ends_on=date(2022, 2, 28))


@pytest.mark.parametrize(
    ("ends_on", "opens_on"),
    [
        (date(2021, 3, 31), date(2021, 2, 28)),
        (date(2024, 3, 31), date(2024, 2, 29)),
        (date(2021, 3, 30), date(2021, 2, 28)),
        (date(2021, 1, 15), date(2020, 12, 15)),
        (date(2021, 7, 31), date(2021, 6, 30)),
    ],
)
def test_extension_opens_one_month_before(ends_on: date, opens_on: date):
    begins_on = ends_on - timedelta(days=364)
    assert rules.extension_opens_on(Period(begins_on=begins_on, ends_on=ends_on)) == opens_on


def test_a3_and_a4_at_their_edges():
    measure = a_measure(begins_on=date(2020, 4, 1))  # ends 2021-03-31
    told = {
        day: codes(rules.alerts_of(measure, today=day))[1:]
        for day in (date(2021, 2, 27), date(2021, 2, 28), date(2021, 3, 31), date(2021, 4, 1))
    }
    assert told == {
        date(2021, 2, 27): [],
        date(2021, 2, 28): ["PROTECTION_ENDS_SOON"],
        date(2021, 3, 31): ["PROTECTION_ENDS_SOON"],
        date(2021, 4, 1): ["PROTECTION_OVER"],
    }


def test_an_over_measure_can_still_be_extended():
    measure = a_measure(begins_on=date(2020, 4, 1))
    assert rules.check_extend(measure, today=date(2021, 2, 27))
    assert not rules.check_extend(measure, today=date(2021, 2, 28))
    assert not rules.check_extend(measure, today=date(2024, 1, 1))


@pytest.mark.parametrize("state", list(MeasureState))
def test_which_arrows_leave_which_state(state: MeasureState):
    measure = a_measure(state=state, begins_on=date(2025, 4, 1))
    today = date(2026, 3, 15)
    allowed = {
        "b": not rules.check_effect(measure, unconfirmed=()),
        "c": not rules.check_confirm(measure, begins_on=today, today=today),
        "d": not rules.check_extend(measure, today=today),
        "g": not rules.check_end(measure),
    }
    assert {letter for letter, yes in allowed.items() if yes} == {
        MeasureState.ACCEPTED: {"b", "g"},
        MeasureState.PROVISIONAL: {"c", "g"},
        MeasureState.FULL: {"d", "g"},
        MeasureState.ENDED: set(),
    }[state]


def test_effect_waits_for_every_system():
    measure = a_measure(state=MeasureState.ACCEPTED)
    assert codes(rules.check_effect(measure, unconfirmed=["CS"])) == ["PROTECTION_CHANNELS_OPEN"]


def test_p8_moving_out_makes_a_full_measure_provisional_and_keeps_holding():
    full = a_measure()
    moved = rules.carried_over(full, moved_on=date(2026, 5, 1), to_town="462012")
    assert moved.state is MeasureState.PROVISIONAL
    assert rules.holds(moved.state)
    assert moved.version == full.version + 1
    again = rules.check_confirm(moved, begins_on=date(2026, 5, 2), today=date(2026, 5, 2))
    assert codes(again) == ["PROTECTION_MOVED_AWAY"]


def test_confirming_takes_no_day_outside_acceptance_and_today():
    measure = a_measure(state=MeasureState.PROVISIONAL, begins_on=date(2026, 4, 1))
    today = date(2026, 4, 10)
    for day, code in [
        (date(2026, 3, 31), "PROTECTION_BEFORE_ACCEPTED"),
        (date(2026, 4, 11), "PROTECTION_FUTURE"),
    ]:
        assert codes(rules.check_confirm(measure, begins_on=day, today=today)) == [code]
    confirmed = rules.confirmed(measure, begins_on=today, ground=Ground.COURT_ORDER)
    assert confirmed.period == Period(begins_on=today, ends_on=date(2027, 4, 9))


def test_all_problems_of_an_application_are_told_at_once():
    given = Application(
        applicant_id="",
        together_ids=frozenset({""}),
        category=Category.STALKING,
        scope=frozenset(),
        accepted_on=date(2026, 4, 2),
        from_town="",
        reference="あ" * 2001,
    )
    assert codes(rules.check_application(given, today=date(2026, 4, 1))) == [
        "PROTECTION_NO_APPLICANT",
        "PROTECTION_SAME_PERSON",
        "PROTECTION_NO_SCOPE",
        "PROTECTION_FUTURE",
        "PROTECTION_REFERENCE_TOO_LONG",
    ]
    fine = replace(
        given, applicant_id="rin", together_ids=frozenset(), scope=frozenset({Scope.COPIES}),
        accepted_on=date(2026, 4, 1), reference="",
    )  # fmt: skip
    assert not rules.check_application(fine, today=date(2026, 4, 1))


def test_a_state_nobody_knows_holds():
    assert rules.holds("SOMETHING_NEW")
    assert rules.holds("")
    assert not rules.holds("ENDED")


def test_the_notice_names_no_address_and_says_that_protection_goes_on():
    notice = rules.end_notice(a_measure(begins_on=date(2020, 4, 1)))
    assert notice.recipient_id == "rin"
    assert notice.period.ends_on == date(2021, 3, 31)
    assert notice.extension_opens_on == date(2021, 2, 28)
    assert notice.protected_until_ended
    with pytest.raises(AssertionError):
        rules.end_notice(a_measure(state=MeasureState.PROVISIONAL))


def test_an_end_names_its_day_and_reason():
    over = rules.ended(a_measure(), on=date(2026, 9, 1), reason=EndReason.REQUEST)
    assert (over.state, over.ended_on) == (MeasureState.ENDED, date(2026, 9, 1))
    assert codes(rules.check_end(over)) == ["PROTECTION_ENDED_ALREADY"]
    assert rules.alerts_of(over, today=date(2026, 9, 2)) == ()


# -- blocks -----------------------------------------------------------------------------

NOON = datetime(2026, 4, 1, 12, tzinfo=JAPAN)


def a_block(**given) -> Block:
    return replace(
        Block(
            block_id="b",
            subject_kind=SubjectKind.PERSON,
            subject_id="aoi",
            process=Process.ISSUE,
            level=Level.ERROR,
            reason="記録の修正中",
            starts_on=date(2026, 4, 1),
            ends_on=None,
        ),
        **given,
    )


def test_a_block_stands_from_its_first_day_until_cleared_and_never_lapses():
    block = a_block(ends_on=date(2026, 4, 2))
    assert not stands(block, now=NOON, today=date(2026, 3, 31))
    assert stands(block, now=NOON, today=date(2026, 4, 1))
    assert stands(block, now=NOON, today=date(2036, 4, 1))
    assert is_over(block, today=date(2026, 4, 3)) and not is_over(block, today=date(2026, 4, 2))
    assert not stands(replace(block, cleared=True), now=NOON, today=date(2026, 4, 1))


def test_the_timer_of_an_opened_block_closes_it_on_the_second():
    block = a_block(open_until=NOON)
    assert not stands(block, now=NOON - timedelta(microseconds=1), today=date(2026, 4, 1))
    assert stands(block, now=NOON, today=date(2026, 4, 1))


def test_a_block_wants_subject_reason_and_ordered_days():
    bad = a_block(subject_id=" ", reason="", ends_on=date(2026, 3, 1))
    assert codes(check_block(bad)) == [
        "BLOCK_NO_SUBJECT", "BLOCK_NO_REASON", "BLOCK_ENDS_BEFORE_START",
    ]  # fmt: skip


# -- unlocks ----------------------------------------------------------------------------


def a_proposal(**given) -> Proposal:
    return replace(
        Proposal(
            request_id="r-1",
            kind="JUMINHYO",
            use=Use.PRINT,
            person_ids=frozenset({"rin"}),
            requester=Requester.SELF,
            reason="本人を対面で確認した",
        ),
        **given,
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"requester": Requester.THIRD_PARTY}, []),
        ({"requester": Requester.STATUTORY_AGENT}, []),
        ({"requester": Requester.PUBLIC_OFFICE, "use": Use.MAIL}, []),
        ({"requester": Requester.PERPETRATOR}, ["UNLOCK_REQUESTER_REFUSED"]),
        ({"requester": Requester.PROXY}, ["UNLOCK_REQUESTER_REFUSED"]),
        ({"use": Use.MAIL}, ["UNLOCK_REQUESTER_REFUSED"]),
        (
            {"requester": Requester.HOUSEHOLD_MEMBER, "use": Use.MAIL},
            ["UNLOCK_REQUESTER_REFUSED"],
        ),
        ({"use": Use.VIEW}, ["UNLOCK_NOT_NEEDED"]),
        ({"request_id": " "}, ["UNLOCK_WITHOUT_REQUEST"]),
        ({"kind": ""}, ["UNLOCK_WITHOUT_REQUEST"]),
        ({"person_ids": frozenset()}, ["UNLOCK_WITHOUT_REQUEST"]),
        ({"reason": "　"}, ["UNLOCK_NO_REASON"]),
        ({"reason": "あ" * 401}, ["UNLOCK_REASON_TOO_LONG"]),
    ],
)
def test_who_may_be_let_through(given, expected):
    assert codes(check_proposal(a_proposal(**given), actor=SENIOR)) == expected


def test_to_those_without_the_right_a_proposal_answers_the_neutral_code_alone():
    bad = a_proposal(request_id="", reason="", requester=Requester.PERPETRATOR)
    assert codes(check_proposal(bad, actor=CLERK)) == ["NOT_AVAILABLE_HERE"]


def test_p5_the_second_officer_is_another_one_with_the_right():
    assert not check_second_officer(first_id="nagi", second=CHIEF)
    assert codes(check_second_officer(first_id="nagi", second=SENIOR)) == [
        "SECOND_OFFICER_IS_FIRST"
    ]
    assert codes(check_second_officer(first_id="nagi", second=CLERK)) == ["NOT_AVAILABLE_HERE"]
    sees_only = replace(CLERK, rights=CLERK.rights | {Right.SEE_PROTECTED})
    assert codes(check_second_officer(first_id="nagi", second=sees_only)) == [
        "SECOND_OFFICER_RIGHT_MISSING"
    ]


def test_p4_only_the_right_to_lift_ends_a_measure():
    assert not check_ending_officer(first_id="nagi", second=CHIEF)
    other_senior = replace(SENIOR, staff_id="hibiki")
    assert codes(check_ending_officer(first_id="nagi", second=other_senior)) == [
        "LIFT_RIGHT_MISSING"
    ]
    assert codes(check_ending_officer(first_id="kai", second=CHIEF)) == ["SECOND_OFFICER_IS_FIRST"]


def test_the_basis_changes_with_any_version_and_any_new_measure():
    seen = basis_of([("m1", 1), ("m2", 4)])
    assert seen == basis_of([("m2", 4), ("m1", 1), ("m1", 1)])
    assert seen != basis_of([("m1", 2), ("m2", 4)])
    assert seen != basis_of([("m1", 1), ("m2", 4), ("m3", 1)])
    assert seen != basis_of([("m1", 1)])


# -- errands ----------------------------------------------------------------------------


def an_errand(*, measure_id: str | None = "m-1", confirmed: tuple[bool, ...] = (False,)) -> Errand:
    return Errand(
        errand_id="e-1",
        kind=ErrandKind.SET,
        from_town="462012",
        reference_no="",
        received_at=NOON,
        received_by="森 なぎ",
        measure_id=measure_id,
        steps=tuple(
            ErrandStep(
                channel=f"C{number}",
                asks_gate=False,
                confirmed_at=NOON if done else None,
                confirmed_by="森 なぎ" if done else "",
            )
            for number, done in enumerate(confirmed)
        ),
    )


def test_p9_an_errand_is_done_with_its_last_system_and_never_without_a_measure():
    assert an_errand(confirmed=(True, True)).done
    assert not an_errand(confirmed=(True, False)).done
    assert not an_errand(measure_id=None, confirmed=(True, True)).done
    assert not an_errand(confirmed=()).done
    assert codes(check_step(an_errand(measure_id=None), channel="C0")) == ["ERRAND_WITHOUT_MEASURE"]
    assert codes(check_step(an_errand(confirmed=(True,)), channel="C0")) == [
        "ERRAND_STEP_NOT_WAITING"
    ]
