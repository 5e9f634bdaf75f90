"""Cases A to H: golden lines, exactly one case, evidence never worsens, days (転入の仕分け)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.infra.office import is_office_day
from madoguchi.moves.domain.case import Card, Case, Group, Pin
from madoguchi.moves.domain.triage import (
    ORDER,
    Counted,
    Fact,
    Triage,
    check_case,
    facts_of,
    last_day,
    read_triage,
    triage,
)
from madoguchi.moves.queries.rulebook import FOLDER, answer_triage, triage_book, triage_schema
from madoguchi.moves.tests.golden import triage_cases
from madoguchi.web.messages import label, render_all

GOLDEN = list(triage_cases())
TODAY = date(2026, 11, 27)
BOOK = triage_book()
#: How good a case is for whoever comes, the best first.
BETTER = "AEFCDBGH"

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
flags = st.booleans()
cases = st.builds(
    Case,
    today=days, move_out_notice_found=flags, card=st.none() | st.sampled_from(Card),
    pin=st.none() | st.sampled_from(Pin), planned_move_out_on=st.none() | days,
    moved_in_on=st.none() | days, needs_paper=flags, paper_certificate=flags, protected=flags,
    from_abroad=st.none() | flags, nationality_group=st.sampled_from(Group), unregistered=flags,
    photo_id=flags,
)  # fmt: skip


def sort(case, book=BOOK):
    return triage(case, book, is_office_day=is_office_day)


def test_there_are_sixty_cases_and_every_letter_is_among_them():
    assert len(GOLDEN) >= 60
    assert {letter for _, _, letter, _ in GOLDEN} == set(ORDER)


@pytest.mark.parametrize(
    ("case", "letter", "last"),
    [one[1:] for one in GOLDEN],
    ids=[f"line {one[0]}" for one in GOLDEN],
)
def test_golden_cases(case, letter, last):
    found = answer_triage(case, today=TODAY)
    assert isinstance(found, Triage)
    assert (found.case, found.deadline and found.deadline.isoformat()) == (letter, last)


@given(case=cases)
def test_m1_every_arrival_is_exactly_one_case_the_first_that_holds(case):
    """M1, told again without the table: each letter by its own sentence of the brief."""
    facts = facts_of(case, BOOK, is_office_day=is_office_day)
    nothing = not case.move_out_notice_found and not case.paper_certificate
    holds = {
        "H": case.protected,
        "G": case.from_abroad or case.unregistered
        or (case.nationality_group is Group.FOREIGN and nothing and case.from_abroad is None),
        "B": nothing,
        "D": Fact.TOO_LATE in facts,
        "C": case.card in (Card.LOST, Card.SUSPENDED, Card.NONE) and not case.paper_certificate,
        "F": case.pin in (Pin.FORGOTTEN, Pin.LOCKED) and not case.paper_certificate,
        "E": case.needs_paper and not case.paper_certificate,
        "A": True,
    }  # fmt: skip
    found = sort(case)
    assert found.case == next(letter for letter in "HGBDCFEA" if holds[letter])
    assert found.steps and found.source


@given(
    case=cases, name=st.sampled_from(["move_out_notice_found", "paper_certificate", "card", "pin"])
)
def test_m2_more_evidence_never_makes_a_case_worse(case, name):
    best = {"card": Card.PRESENT, "pin": Pin.KNOWN}.get(name, True)
    if name == "card" and case.card in (None, Card.NONE):
        return  # a card nobody spoke of is no better evidence: it brings a last day of its own
    before, after = sort(case).case, sort(replace(case, **{name: best})).case
    assert BETTER.index(after) <= BETTER.index(before), (before, after)


@given(case=cases)
def test_m3_the_last_day_counts_and_the_next_does_not(case):
    last = last_day(case, BOOK, counted=Counted.SPECIAL, is_office_day=is_office_day)
    if last is None or case.paper_certificate:
        return
    on_time = sort(replace(case, today=last))
    late = sort(replace(case, today=last + timedelta(days=1)))
    assert on_time.case != "D"
    assert late.case in "HGBD"


@given(moved=days)
def test_m3_a_filing_ends_on_an_open_day_and_never_before_fourteen_days(moved):
    case = Case(today=moved, moved_in_on=moved)
    last = last_day(case, BOOK, counted=Counted.FILING, is_office_day=is_office_day)
    assert is_office_day(last)
    assert (last - moved).days >= 14
    between = [moved + timedelta(days=n) for n in range(14, (last - moved).days)]
    assert not any(is_office_day(day) for day in between)


@given(case=cases)
def test_what_is_undecided_really_decides(case):
    found = sort(case)
    for name, values in (("card", Card), ("pin", Pin)):
        if getattr(case, name) is None:
            keys = {sort(replace(case, **{name: one})).key for one in values}
            assert (name in found.undecided) == (keys != {found.key})


def test_nobody_is_sorted_before_somebody_looked_for_the_notice():
    (problem,) = answer_triage({"card": "present"}, today=TODAY)
    assert (problem.code, problem.where) == ("CASE_FIELD_MISSING", "move_out_notice_found")
    assert render_all([problem])


def test_a_day_before_the_law_has_no_rules():
    found = check_case(Case(today=date(1960, 1, 1), protected=True), BOOK)
    assert [one.code for one in found] == ["MOVE_NO_RULES_THEN"]


def test_every_problem_of_a_file_at_once():
    found = answer_triage(
        {"card": "dog", "pin": 3, "today": "27.11.2026", "name": "x"}, today=TODAY
    )
    assert {one.where for one in found} == {"card", "pin", "today", "name"}


def test_the_example_of_the_schema_runs():
    (example,) = triage_schema()["examples"]
    assert isinstance(answer_triage(example, today=TODAY), Triage)


def test_every_row_and_step_has_its_words():
    for row in BOOK.rows:
        assert label(kind="move_reason", code=row.key)
        assert label(kind="move_case", code=row.case)
        for step in row.steps:
            assert label(kind="move_step", code=step)


# -- the town's wish ------------------------------------------------------------------------------

LOST = Case(today=TODAY, move_out_notice_found=True, card=Card.LOST, photo_id=True,
            moved_in_on=TODAY)  # fmt: skip


def test_the_wish_is_off_and_its_saving_is_told():
    found = sort(LOST)
    assert (found.case, found.key, found.wish_is_on) == ("C", "C_CARD_NOT_HERE", False)
    assert (found.wish.office_minutes, found.wish.resident_days) == (15, 7)


@pytest.mark.parametrize(
    ("begins", "photo_id", "key"),
    [("2026-11-28", True, "C_CARD_NOT_HERE"), ("2026-11-27", True, "C_PRINT_RECEIVED"),
     ("2026-11-27", False, "C_CARD_NOT_HERE")],
)  # fmt: skip
def test_a_town_dates_the_wish_in_a_table_of_its_own(tmp_path, begins, photo_id, key):
    text = (FOLDER / "triage.toml").read_text(encoding="utf-8")
    own = text.replace(
        'code = "PRINT_RECEIVED_DATA"', f'code = "PRINT_RECEIVED_DATA"\nfrom = "{begins}"'
    )
    (tmp_path / "triage.toml").write_text(own, encoding="utf-8")
    found = sort(replace(LOST, photo_id=photo_id), triage_book(str(tmp_path)))
    assert (found.case, found.key) == ("C", key)


def test_a_table_out_of_order_is_not_read():
    rows = [{"case": "A", "key": "A", "when": [], "steps": [], "deadline": "FILING", "source": "s",
             "from": "2000-01-01"}]  # fmt: skip
    limits = [{"planned_days": 30, "moved_days": 14, "special_closed": "keep"}]
    with pytest.raises(AssertionError, match="every case"):
        read_triage({"case": rows, "limits": limits, "wish": []})
