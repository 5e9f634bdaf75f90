"""What stands against each step of a check, all at once; never a score (確認の決まり)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.residence.domain.case import (
    Evidence,
    Facts,
    Letter,
    LetterKind,
    Lives,
    Outcome,
    Seen,
    Source,
    State,
    Visit,
)
from madoguchi.residence.domain.rules import (
    check_evidence,
    check_letter,
    check_proposal,
    check_visit,
    due_on,
    speaks_for,
)
from madoguchi.residence.queries.cases import rule_book

BOOK = rule_book()
OPENED = date(2026, 9, 1)
TODAY = date(2026, 11, 27)


def day(ahead):
    return OPENED + timedelta(days=ahead)


def gone(source=Source.WATER, **more):
    return Evidence(
        source=source, asked_on=day(3), **({"lives": Lives.GONE, "until": OPENED} | more)
    )


def went(ahead=10, seen=Seen.ABSENT, officers=("森", "碇山")):
    return Visit(on=day(ahead), officers=officers, seen=seen)


def wrote(kind, ahead):
    return Letter(kind=kind, drawn_on=day(ahead), answer_by=day(ahead + BOOK.answer_days))


READY = Facts(
    opened_on=OPENED, evidence=(gone(), gone(Source.NEIGHBOUR)), visits=(went(),),
    letters=(wrote(LetterKind.INQUIRY, 1), wrote(LetterKind.URGE, 20)),
)  # fmt: skip


def with_(**more):
    names = ("opened_on", "state", "evidence", "visits", "letters")
    return Facts(**({name: getattr(READY, name) for name in names} | more))


def proposed(
    facts, outcome=Outcome.REMOVE, reason="水道も家主も不在と言う", weighed=False, today=TODAY
):
    found = check_proposal(
        facts, outcome, reason=reason, weighed=weighed, book=BOOK, today=today
    )  # fmt: skip
    return [one.code for one in found]


def test_r1_a_removal_wants_two_sources_a_visit_and_an_urging_whose_day_has_passed():
    assert proposed(READY) == []
    everything = proposed(Facts(opened_on=OPENED), reason=" ")
    assert everything == ["RESIDENCE_REASON_MISSING", "RESIDENCE_NOTHING_KNOWN", "RESIDENCE_SOURCES_FEW",
                          "RESIDENCE_NOT_VISITED", "RESIDENCE_NOT_URGED"]  # fmt: skip
    one_source_twice = with_(evidence=(gone(), gone(since=OPENED)))
    assert proposed(one_source_twice) == ["RESIDENCE_SOURCES_FEW"]
    last = READY.letter(LetterKind.URGE).answer_by
    assert proposed(READY, today=last) == ["RESIDENCE_URGE_RUNS"]
    assert proposed(READY, today=last + timedelta(days=1)) == []


answers = st.builds(
    Evidence, source=st.sampled_from(Source), asked_on=st.just(day(3)),
    lives=st.sampled_from(Lives), since=st.just(OPENED), until=st.none(),
)  # fmt: skip
visits = st.builds(went, st.integers(0, 40), st.sampled_from(Seen))


@given(st.lists(answers, max_size=12), st.lists(visits, max_size=2))
def test_r2_no_number_of_answers_outweighs_one_that_says_they_live_there(evidence, made):
    facts = with_(evidence=tuple(evidence), visits=tuple(made))
    against = "RESIDENCE_CONTRADICTED" in proposed(facts)
    said = any(one.lives is Lives.LIVES for one in evidence)
    seen = any(one.seen in (Seen.SAME, Seen.DIFFERS) for one in made)
    assert against == (said or seen) == bool(speaks_for(facts))
    assert "RESIDENCE_CONTRADICTED" not in proposed(facts, weighed=True)


def test_that_they_live_there_wants_only_something_known_and_a_reason():
    facts = Facts(opened_on=OPENED, evidence=(gone(lives=Lives.LIVES),))
    assert proposed(facts, Outcome.LIVES) == []
    assert proposed(Facts(opened_on=OPENED), Outcome.LIVES) == ["RESIDENCE_NOTHING_KNOWN"]
    assert proposed(READY, reason="番号 123456789018") == ["TEXT_HAS_INDIVIDUAL_NUMBER"]


def test_r3_an_answer_is_yes_no_or_unclear_and_a_period_with_no_place_for_a_reading():
    fields = set(Evidence.__dataclass_fields__)
    assert fields == {"source", "asked_on", "lives", "since", "until"}


@pytest.mark.parametrize(
    ("given_", "codes"),
    [({}, []), ({"until": None}, ["RESIDENCE_PERIOD_MISSING"]),
     ({"lives": Lives.UNCLEAR, "until": None}, []),
     ({"since": day(2), "until": day(1)}, ["RESIDENCE_DAYS_REVERSED"]),
     ({"since": date(2027, 1, 1), "until": None}, ["RESIDENCE_DAY_AHEAD"])],
)  # fmt: skip
def test_what_is_wrong_with_an_answer(given_, codes):
    found = check_evidence(READY, gone(**given_), book=BOOK, today=TODAY)
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("facts", "made", "codes"),
    [(with_(visits=()), went(), []), (with_(visits=()), went(officers=("森",)), ["RESIDENCE_ALONE"]),
     (with_(visits=()), went(officers=("森", "森")), ["RESIDENCE_ALONE"]),
     (with_(visits=()), went(-1), ["RESIDENCE_VISIT_DAY"]),
     (READY, went(39), ["RESIDENCE_VISITS_NEAR"]), (READY, went(40), []),
     (with_(visits=(went(1), went(31))), went(61), ["RESIDENCE_VISITS_OVER"]),
     (with_(visits=(), state=State.PROPOSED), went(), ["RESIDENCE_NOT_OPEN"])],
)  # fmt: skip
def test_r4_two_officers_twice_at_most_a_month_apart(facts, made, codes):
    assert [one.code for one in check_visit(facts, made, book=BOOK, today=TODAY)] == codes


def test_who_is_urged_was_asked_and_had_the_days_to_answer():
    asked = with_(letters=(wrote(LetterKind.INQUIRY, 1),))
    last = asked.letters[0].answer_by
    assert not check_letter(with_(letters=()), LetterKind.INQUIRY, today=TODAY)
    assert check_letter(with_(letters=()), LetterKind.URGE, today=TODAY)
    assert check_letter(asked, LetterKind.URGE, today=last)
    assert not check_letter(asked, LetterKind.URGE, today=last + timedelta(days=1))


def test_r5_the_check_ends_within_fifty_days():
    assert due_on(READY, BOOK) == date(2026, 10, 21)
    assert (due_on(READY, BOOK) - OPENED).days == 50
