"""The checker against cases written by hand, and against every combination there is."""

import json
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.advice.domain.checklist import advise
from madoguchi.advice.domain.checklist_case import (
    PIN_STATES,
    REISSUE_REASONS,
    Case,
    fields_of,
    read_case,
)
from madoguchi.advice.domain.documents import Visitor
from madoguchi.advice.domain.guard import Channel
from madoguchi.advice.queries.rulebook import (
    CHECKLIST_EXAMPLE,
    answer_checklist,
    checklist_schema,
    rule_book,
)
from madoguchi.advice.tests.golden import checklist_cases
from madoguchi.web.messages import catalogue, render
from tests.patience import at_length

TODAY = date(2026, 11, 27)
CASES = list(checklist_cases())
BOOK = rule_book()


def codes(problems):
    return {one.code for one in problems}


def test_there_are_enough_cases_and_each_visit_has_some():
    assert len(CASES) >= 150
    visits = {case["visit_kind"] for _, case, _, _ in CASES}
    assert {row.code for row in BOOK.visits} - visits == {"overseas_new"}


@pytest.mark.parametrize(
    ("line", "case", "problems", "warnings"), CASES, ids=[f"line-{row[0]}" for row in CASES]
)
def test_the_table_written_by_hand(line, case, problems, warnings):
    advice = answer_checklist(case, today=TODAY)
    assert (line, codes(advice.problems)) == (line, problems)
    assert (line, codes(advice.warnings)) == (line, warnings)
    assert advice.accepted is not bool(problems)


# -- the guard: shown in every affected path ---------------------------------------------------

CARD_MAKERS = {"new", "renewal", "reissue", "application", "express", "overseas_new"}
LINE_WRITERS = {
    "face_only", "continued_use", "special_move_in", "address_change", "overseas_continue",
}  # fmt: skip
BORDERS = (date(2025, 3, 23), date(2025, 3, 24), date(2025, 8, 31), date(2025, 9, 1))
INPUTS = (
    [row.code for row in BOOK.visits], Channel, (False, True), (None, 0, 1, 2, 3, 4),
    (None, *REISSUE_REASONS), (False, True),
)  # fmt: skip
#: Everything today, whoever comes; and everything on the borders of the rules' days.
PATHS = [*product(*INPUTS, Visitor, (TODAY,)), *product(*INPUTS, (Visitor.SELF,), BORDERS)]


def licence_is_lost(visit, channel, lines, why, expired, today):
    """The prefectures' pages in one sentence: kept only on the web, in time or for a full face."""
    if channel is not Channel.WEB or visit == "express" or today < date(2025, 9, 1):
        return True
    full = why == "annotation_full" or (visit == "reissue" and why is None and lines == 4)
    return not (full or (visit == "renewal" and not expired))


def test_q2_the_guard_speaks_in_every_affected_path():
    assert len(PATHS) > 50_000
    for visit, channel, licence, lines, why, expired, visitor, today in PATHS:
        case = Case(
            visit_kind=visit, visitor=visitor, age=40, today=today, channel=channel,
            has_licence_function=licence, annotation_lines_used=lines, reissue_reason=why,
            card_expired=expired,
        )  # fmt: skip
        advice = advise(case, BOOK)
        said = codes(advice.warnings)
        affected = licence and visit in CARD_MAKERS and today >= date(2025, 3, 24)
        lost = affected and licence_is_lost(visit, channel, lines, why, expired, today)
        assert lost == any(code.startswith("LICENCE_") for code in said), case
        assert (affected and not lost) == ("WEB_CARRIES_LICENCE_IF" in said), case
        assert (lines == 4) == ("ANNOTATION_FULL" in said), case
        assert (lines == 3) == ("ANNOTATION_LAST_LINE" in said), case
        refused = "ANNOTATION_NO_LINE_LEFT" in codes(advice.problems)
        assert refused == (lines == 4 and visit in LINE_WRITERS), case


# -- what must hold for any case ------------------------------------------------------------------

DOCUMENTS = sorted({row.code for row in BOOK.documents})
papers = st.none() | st.lists(st.sampled_from(DOCUMENTS), max_size=5, unique=True).map(tuple)
cases = st.builds(
    Case,
    visit_kind=st.sampled_from([row.code for row in BOOK.visits]),
    visitor=st.sampled_from(Visitor), age=st.integers(0, 130), today=st.just(TODAY),
    channel=st.sampled_from(Channel), documents=papers, visitor_documents=papers,
    reason=st.none() | st.sampled_from([row.code for row in BOOK.reasons]),
    holder_present=st.none() | st.booleans(), under_guardianship=st.booleans(),
    same_household=st.none() | st.booleans(),
    annotation_lines_used=st.none() | st.integers(0, 4), has_licence_function=st.booleans(),
    reissue_reason=st.none() | st.sampled_from(REISSUE_REASONS),
    express_reason=st.none() | st.sampled_from([row.code for row in BOOK.express]),
    pin=st.none() | st.sampled_from(PIN_STATES), card_expired=st.booleans(),
)  # fmt: skip
IDENTITY = {"IDENTITY_A_OR_BB", "IDENTITY_AA_AB_BBBP", "IDENTITY_AA_AB", "IDENTITY_AA_AB_NBB",
            "IDENTITY_A", "IDENTITY_NOT_ENOUGH"}  # fmt: skip


@given(cases)
@at_length(400)
def test_every_answer_reads_as_words_and_is_no_contradiction(case):
    advice = advise(case, BOOK)
    assert advice.accepted is not bool(advice.problems)
    labels = catalogue().labels
    for one in (*advice.problems, *advice.warnings):
        assert render(one).cause and render(one).remedy
    for needed in advice.required:
        assert ("card_need", needed.code) in labels
        assert all(("card_way", way) in labels for way in needed.ways)
        assert needed.source


@given(cases, st.sampled_from(["passport", "driving_licence"]))
@at_length(300)
def test_one_more_good_document_never_hurts(case, more):
    def lacks(of):
        return codes(advise(of, BOOK).problems) & IDENTITY

    richer = {
        "documents": (*(case.documents or ()), more),
        "visitor_documents": (*(case.visitor_documents or ()), more),
    }
    told = {name: getattr(case, name) for name in Case.__slots__}
    before = Case(**{**told, "documents": case.documents or (),
                     "visitor_documents": case.visitor_documents or ()})  # fmt: skip
    assert lacks(Case(**{**told, **richer})) <= lacks(before)


@given(cases)
@at_length(300)
def test_q1_unknown_is_never_none(case):
    """What was not told is named, and is neither held against the visit nor counted for it."""
    advice = advise(case, BOOK)
    for needed in advice.required:
        if needed.code == "identity":
            field = "documents" if needed.whose == "holder" else "visitor_documents"
            assert (getattr(case, field) is None) == (field in advice.undecided)
            assert (needed.met is None) == (getattr(case, field) is None)


def test_nobody_in_a_hurry_sends_a_proxy_to_collect():
    for visit in ("new", "renewal", "reissue"):
        case = {**CHECKLIST_EXAMPLE, "visit_kind": visit, "reason": "busy_at_work"}
        assert "PROXY_REASON_NOT_ACCEPTED" in codes(answer_checklist(case, today=TODAY).problems)


@pytest.mark.parametrize(
    ("more", "yen"),
    [
        ({"visit_kind": "reissue", "reissue_reason": "lost"}, 1000),
        ({"visit_kind": "reissue", "reissue_reason": "lost", "wants_sign": False}, 800),
        ({"visit_kind": "reissue", "reissue_reason": "annotation_full"}, 0),
        ({"visit_kind": "reissue", "reissue_reason": "damaged"}, 0),
        ({"visit_kind": "reissue", "reissue_reason": "damaged_by_holder"}, 1000),
        ({"visit_kind": "reissue"}, None),
        ({"visit_kind": "renewal"}, 0),
        ({"visit_kind": "new"}, 0),
        ({"visit_kind": "express", "express_reason": "lost"}, 2000),
        ({"visit_kind": "express", "express_reason": "lost", "wants_sign": False}, 1800),
        ({"visit_kind": "express", "express_reason": "infant"}, 0),
        ({"visit_kind": "express", "express_reason": "annotation_full"}, 0),
    ],
)
def test_what_the_card_costs(more, yen):
    case = {"visitor": "self", "age": 40, **more}
    assert answer_checklist(case, today=TODAY).fee_yen == yen


# -- the file -------------------------------------------------------------------------------------


def test_q1_all_that_is_wrong_with_a_file_is_told_at_once_with_what_is_allowed():
    raw = {
        "visit_kind": "birthday", "visitor": "dog", "age": -1, "documents": ["library_card"],
        "channel": 5, "holder_present": "yes", "today": "tomorrow", "colour": "red",
    }  # fmt: skip
    advice = answer_checklist(raw, today=TODAY)
    assert not advice.accepted
    where = {one.where: one for one in advice.problems}
    assert set(where) == set(raw)
    assert "certificate_renewal" in render(where["visit_kind"]).remedy
    assert "statutory_agent" in render(where["visitor"]).remedy
    assert "driving_licence" in render(where["documents"]).remedy
    assert "booth" in render(where["channel"]).remedy


@pytest.mark.parametrize("raw", [None, [], "x", 3, True])
def test_a_file_that_is_no_object(raw):
    assert codes(answer_checklist(raw, today=TODAY).problems) == {"CASE_NOT_AN_OBJECT"}


def test_an_empty_case_asks_for_three_things_only():
    advice = answer_checklist({}, today=TODAY)
    assert {one.where for one in advice.problems} == {"visit_kind", "visitor", "age"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([one.name for one in fields_of(BOOK)]), json_values))
@at_length(300)
def test_no_file_breaks_the_reader(raw):
    read = read_case(json.loads(json.dumps(raw)), book=BOOK, today=TODAY)
    for one in read if isinstance(read, tuple) else ():
        assert render(one).cause


def test_the_schema_names_every_field_and_its_example_runs():
    schema = checklist_schema()
    assert set(schema["properties"]) == {one.name for one in fields_of(BOOK)}
    assert schema["required"] == ["visit_kind", "visitor", "age"]
    (example,) = schema["examples"]
    advice = answer_checklist(example, today=TODAY)
    assert advice.accepted
    words = {code for kind, code in catalogue().labels if kind == "card_document"}
    assert set(DOCUMENTS) == words


def test_a_town_puts_its_own_table_in_a_folder(tmp_path):
    own = '[[document]]\ncode = "island_pass"\nstrength = "A"\nphoto = "yes"\nsource = "町の規則"\n'
    (tmp_path / "documents.toml").write_text(own, encoding="utf-8")
    case = {"visit_kind": "new", "visitor": "self", "age": 30, "documents": ["island_pass"]}
    assert answer_checklist(case, today=TODAY, folder=str(tmp_path)).accepted
    assert not answer_checklist(case, today=TODAY).accepted


def test_every_row_has_its_source():
    for rows in (BOOK.documents, BOOK.visits, BOOK.identity, BOOK.papers, BOOK.reasons,
                 BOOK.express, BOOK.fees):  # fmt: skip
        assert all(row.source for row in rows)
