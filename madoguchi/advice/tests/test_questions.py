"""The questions: three for the common visits, and every path says what the rule says."""

from itertools import product

from madoguchi.advice.domain.checklist_case import read_case
from madoguchi.advice.domain.questions import (
    AGES,
    CARD_NOW,
    WHO,
    case_of,
    next_question,
    questions,
)
from madoguchi.advice.queries.rulebook import answer_checklist
from madoguchi.advice.tests.golden import checklist_cases
from madoguchi.advice.tests.test_checklist import BOOK, CARD_MAKERS, TODAY, codes

QUESTIONS_MAX_OF_COMMON = 3
#: What most people come for, themselves and grown up, without a licence on the card.
COMMON = ("new", "renewal", "certificate_renewal", "pin_reset", "application", "card_return")


def paths(told=None):
    """Every way through the questions, to its end."""
    told = told or {}
    asked = next_question(told, BOOK)
    if asked is None:
        yield told
        return
    for choice in asked.choices:
        yield from paths({**told, asked.name: choice})


ALL = list(paths())


def test_the_common_visits_are_told_in_three_questions():
    for visit in COMMON:
        told = {"visit_kind": visit, "who": "self_adult", "card_now": "plain", "pin": "known"}
        assert next_question(told, BOOK) is None
        assert len(questions(told, BOOK)) <= QUESTIONS_MAX_OF_COMMON, visit


def test_every_path_ends_in_a_case_that_reads_and_no_path_is_long():
    assert len(ALL) > 2_000
    assert len(ALL) < 20_000
    for told in ALL:
        assert len(told) <= 7
        case = case_of(told, BOOK)
        assert case is not None, told
        assert not isinstance(read_case(case, book=BOOK, today=TODAY), tuple), told


def test_too_little_told_is_no_case_and_a_wrong_answer_is_asked_again():
    assert case_of({}, BOOK) is None
    assert case_of({"visit_kind": "new"}, BOOK) is None
    assert case_of({"visit_kind": "new", "who": "proxy", "reason": "hospital"}, BOOK) is None
    assert next_question({"visit_kind": "birthday"}, BOOK).name == "visit_kind"
    assert next_question({"visit_kind": "new", "who": "dog"}, BOOK).name == "who"
    # An answer to a question that is not asked here changes nothing.
    told = {"visit_kind": "new", "who": "self_adult"}
    assert case_of({**told, "pin": "locked", "channel": "web"}, BOOK) == case_of(told, BOOK)


def as_answers(case):
    """The answers that tell a golden case; None: a case finer than the questions."""
    told = {"visit_kind": case["visit_kind"]}
    for name in ("reason", "reissue_reason", "express_reason", "channel", "pin"):
        if name in case:
            told[name] = case[name]
    shape = {k: case[k] for k in ("visitor", "under_guardianship", "holder_present") if k in case}
    found = [
        (who, given) for who, given in WHO.items()
        if {k: v for k, v in given.items() if k != "age"} == shape and _same_age(given.get("age"), case)
    ]  # fmt: skip
    if not found:
        return None
    told["who"] = found[0][0]
    if told["who"] == "proxy":
        told["age"] = next(name for name, age in AGES.items() if _same_age(age, case))
    now = {k: case[k] for k in ("annotation_lines_used", "has_licence_function") if k in case}
    if now:
        told |= {"card_now": next((n for n, g in CARD_NOW.items() if g == now), "")}
    return told


def _same_age(age, case):
    def klass(years):
        return (
            (years >= 1)
            + (years >= 15)
            + (years >= 18) * (case["visitor"] != "proxy")
            + (years >= 75)
        )

    return age is None or klass(age) == klass(case["age"])


def test_each_golden_case_that_the_questions_reach_is_answered_as_the_rule_answers():
    reached = 0
    for line, case, _problems, _warnings in checklist_cases():
        told = as_answers(case)
        if told is None or next_question(told, BOOK) is not None:
            continue
        ours = case_of(told, BOOK)
        if not _same_age(ours["age"], case):
            continue  # a reason that contradicts the age is not to be told here
        asked = {k: v for k, v in case.items() if k in {*ours, "today"}}
        if set(ours) - {"annotation_lines_used"} != set(asked) - {"today", "annotation_lines_used"}:
            continue
        reached += 1
        mine, rule = (
            answer_checklist(one, today=TODAY) for one in ({**ours, "today": case["today"]}, asked)
        )
        assert codes(mine.problems) == codes(rule.problems), (line, told)
        assert codes(mine.warnings) == codes(rule.warnings), (line, told)
        assert [one.code for one in mine.required] == [one.code for one in rule.required], line
    assert reached >= 50


def test_q5_every_path_that_meets_the_guard_says_so():
    """Channel × licence × lines: each path that tells them has each warning of the rule."""
    met = 0
    for told in ALL:
        case = case_of(told, BOOK)
        advice = answer_checklist(case, today=TODAY)
        said = codes(advice.warnings)
        licence = case.get("has_licence_function") and case["visit_kind"] in CARD_MAKERS
        assert bool(licence) == bool(
            said & {"LICENCE_LOST", "LICENCE_LOST_ON_WEB_TOO", "WEB_CARRIES_LICENCE_IF"}
        ), told
        lines = case.get("annotation_lines_used")
        assert (lines == 4) == ("ANNOTATION_FULL" in said), told
        assert (lines == 3) == ("ANNOTATION_LAST_LINE" in said), told
        met += bool(licence or lines in (3, 4))
    assert met > 500
    visits = {told["visit_kind"] for told in ALL if told.get("channel")}
    assert visits == {"renewal", "reissue", "application", "express"}
    for visit, channel, card in product(
        ("renewal", "reissue"), ("web", "counter", "post", "booth"), ("licence", "licence_4")
    ):
        assert any(
            t.get("channel") == channel and t.get("card_now") == card
            for t in ALL
            if t["visit_kind"] == visit
        )
