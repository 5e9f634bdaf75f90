"""What a move sets off, against a table written independently of the program's (手続きの計画)."""

import random
from datetime import date, timedelta

import pytest

from madoguchi.moves.domain.household import PLAN_EXAMPLE, Household, read_household
from madoguchi.moves.domain.plan import MovePlan
from madoguchi.moves.queries.planning import answer_plan, plan_book
from madoguchi.visits.api import plan_cards
from madoguchi.web.messages import label, render_all

TODAY = date(2026, 11, 27)
HOUSEHOLDS = 10_000


# -- the oracle: by hand from the laws, on birth dates, with no ages and no table ----------------


def said_by_the_laws(raw):
    """Return every (code, person) a move must set off; "" is the whole household."""
    kind = raw["kind"]
    came = kind == "move_in"
    gone = kind == "move_out"
    told = raw.get("planned_move_out_on" if gone else "moved_in_on")
    day = date.fromisoformat(told or raw["today"])
    if kind in ("birth", "death"):
        return said_of_a_birth(raw, day) if kind == "birth" else said_of_a_death(raw, day)
    found = set() if gone else {("ADDRESSEE", "")}
    if not raw["joins_household"]:
        if not gone:
            found |= {("WATER_START", ""), ("WASTE_GUIDE", "")}
        if not came:
            found.add(("WATER_STOP", ""))
    if raw["dog"]:
        found.add(("DOG", ""))
    if raw["vehicle"] and kind != "change_address":
        found.add(("LIGHT_VEHICLE", ""))
    any_allowance = False
    for at, one in enumerate(raw["persons"], start=1):
        codes, allowance = person_by_the_laws(one, day, kind)
        any_allowance |= allowance
        found |= {(code, str(at)) for code in codes}
    if any_allowance:
        found.add(("CHILD_ALLOWANCE" if came else "CHILD_ALLOWANCE_ADDRESS", ""))
        if raw["single_parent"]:
            found.add(("SINGLE_PARENT_ALLOWANCE", ""))
    return found


def said_of_a_birth(raw, day):
    found = set()
    for at, one in enumerate(raw["persons"], start=1):
        born = date.fromisoformat(one["birth_date"])
        entry = born.year + 6 + (born > date(born.year, 4, 1))
        if day < date(entry, 4, 1):
            found.add(("NEWBORN_VISIT", str(at)))
        if day <= date(entry + 12, 3, 31):
            found |= {("CHILD_MEDICAL", str(at)), ("CHILD_ALLOWANCE", "")}
    return found


def said_of_a_death(raw, day):
    found = set()
    for at, one in enumerate(raw["persons"], start=1):
        born, no = date.fromisoformat(one["birth_date"]), str(at)
        entry = born.year + 6 + (born > date(born.year, 4, 1))
        if birthday(born, 75) <= day and one["insurance"] != "welfare":
            found |= {("LATE_ELDERLY", no), ("FUNERAL_PAYMENT", no)}
        if turned(born, 65) <= day:
            found |= {("CARE_INSURED", no), ("DEATH_PENSION", no)}
        if turned(born, 18) <= day:
            found.add(("TAX_HEIR", no))
        if day <= date(entry + 12, 3, 31):
            found.add(("CHILD_ALLOWANCE_ENDS", ""))
    return found


def person_by_the_laws(one, day, kind):
    born = date.fromisoformat(one["birth_date"])
    came, gone, within = kind == "move_in", kind == "move_out", kind == "change_address"
    # The school year in which a child born on this day enters: born to 1 April, a year earlier.
    entry = born.year + 6 + (born > date(born.year, 4, 1))
    pupil = date(entry, 4, 1) <= day <= date(entry + 9, 3, 31)
    infant = day < date(entry, 4, 1)
    child = day <= date(entry + 12, 3, 31)
    codes = set()
    if pupil:
        codes.add("SCHOOL_TRANSFER")
    if child:
        codes.add("CHILD_MEDICAL")
    if infant and came:
        codes.add("VACCINATION")
    if infant and one["wants_nursery"]:
        codes.add("NURSERY")
    if came and turned(born, 18) <= day:
        codes.add("TAX_INCOME_OF_FORMER_TOWN")
    if gone and turned(born, 18) <= day:
        codes.add("TAX_AGENT")
    japanese = one["nationality_group"] == "japanese"
    if came and japanese and turned(born, 18) <= plus_three_months(day):
        codes.add("ELECTION_ROLL")
    old = birthday(born, 75) <= day
    if one["insurance"] == "national" and not old:
        codes.add("NATIONAL_INSURANCE")
    if one["insurance"] == "welfare":
        codes.add("WELFARE")
    elif old:
        codes.add("LATE_ELDERLY")
    if turned(born, 65) <= day:
        codes.add("CARE_INSURED")
    if one["care_certified"] and turned(born, 40) <= day:
        codes |= {"CARE_CERTIFIED"} if came else {"CARE_LEAVES"} if gone else set()
    if not gone and one["pension"] == "national" and turned(born, 20) <= day < turned(born, 60):
        codes.add("PENSION")
    if one["pregnant"] and not within:
        codes.add("MATERNITY")
    if one["disability"]:
        codes.add("DISABILITY")
    if came and one["wants_seal"] and turned(born, 15) <= day:
        codes.add("SEAL")
    if not gone and not japanese:
        codes.add("RESIDENCE_CARD")
    if one["card"] == "present":
        codes |= {"CARD_ADDRESS"} if within else {"CARD_CONTINUED"} if came else set()
    return codes, child


def birthday(born, years):
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # born on 29 February
        return date(born.year + years, 3, 1)


def turned(born, years):
    """The day an age is reached: the one before the birthday."""
    return birthday(born, years) - timedelta(days=1)


def plus_three_months(day):
    month = day.month + 3
    year = day.year + (month > 12)
    month -= 12 * (month > 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError


# -- households -----------------------------------------------------------------------------------


def some_birth(pick, day):
    """Births all over a life, many of them on the edges where a law changes its mind."""
    years = pick.choice([0, 1, 5, 6, 7, 12, 14, 15, 16, 17, 18, 19, 20, 39, 40, 41, 59, 60, 64, 65,
                         66, 74, 75, 76, 90])  # fmt: skip
    born = birthday(date(day.year - years, day.month, min(day.day, 28)), 0)
    edge = pick.choice([
        born + timedelta(days=pick.randint(-3, 3)), born - timedelta(days=pick.randint(0, 400)),
        date(born.year, 4, 1), date(born.year, 4, 2), date(born.year, 3, 31), date(2008, 2, 29),
        plus_three_months(born) + timedelta(days=pick.randint(-2, 2)),
    ])  # fmt: skip
    return min(edge, day)


def some_household(pick):
    kind = pick.choice(["move_in", "move_in", "change_address", "move_out", "birth", "death"])
    today = date(2025, 1, 1) + timedelta(days=pick.randint(0, 1400))
    moved = today - timedelta(days=pick.randint(0, 13))
    yes = lambda share=0.3: pick.random() < share  # noqa: E731  a coin, thrown often
    persons = [
        {
            "birth_date": some_birth(pick, moved).isoformat(), "pregnant": yes(0.1),
            "nationality_group": "foreign" if yes(0.15) else "japanese",
            "insurance": pick.choice(["national", "employer", "welfare"]),
            "pension": pick.choice(["national", "other"]), "care_certified": yes(),
            "card": pick.choice(["present", "none", "lost"]), "disability": yes(),
            "wants_nursery": yes(0.5), "wants_seal": yes(), "annotation_lines_used": pick.randint(0, 4),
        }
        for _ in range(pick.randint(1, 6))
    ]  # fmt: skip
    found = {
        "kind": kind, "today": today.isoformat(), "persons": persons, "joins_household": yes(),
        "single_parent": yes(), "dog": yes(), "vehicle": yes(), "move_out_notice_found": True,
        "card": "present", "pin": "known",
    }  # fmt: skip
    if kind == "move_out":
        found["planned_move_out_on"] = (today + timedelta(days=pick.randint(0, 20))).isoformat()
    elif yes(0.9):
        found["moved_in_on"] = moved.isoformat()
    return found


def test_m4_nothing_forgotten_and_nothing_needless_in_ten_thousand_households():
    pick = random.Random(20261127)
    seen = set()
    for _ in range(HOUSEHOLDS):
        raw = some_household(pick)
        plan = answer_plan(raw, today=TODAY, plan_cards=plan_cards)
        got = [(one.code, one.person) for one in plan.follow_ups]
        assert len(got) == len(set(got))
        assert set(got) == said_by_the_laws(raw), raw
        seen |= {code for code, _ in got}
    assert seen == {row.code for row in plan_book().follow_ups}


@pytest.mark.parametrize("code", ["CHILD_ALLOWANCE", "CHILD_ALLOWANCE_ADDRESS",
                                  "SINGLE_PARENT_ALLOWANCE", "WELFARE", "MATERNITY", "NEWBORN_VISIT"])  # fmt: skip
def test_m5_what_wants_eyes_is_face_to_face(code):
    (row,) = [one for one in plan_book().follow_ups if one.code == code]
    assert row.face_to_face


def plan(**more):
    raw = dict(PLAN_EXAMPLE) | more
    found = answer_plan(raw, today=TODAY, plan_cards=plan_cards)
    assert isinstance(found, MovePlan)
    return found


def test_a_family_of_five_files_once_and_carries_its_cards_along():
    found = plan()
    assert [one.code for one in found.steps].count("FILE_MOVE_IN") == 1
    assert {one.person for one in found.steps if one.code == "CONTINUE"} == {"1", "2", "3", "5"}
    assert ("PIN_RESET", "2") in {(one.code, one.person) for one in found.steps}
    assert found.minutes == sum(one.minutes for one in found.steps) <= 50


@pytest.mark.parametrize(
    ("more", "step", "files"),
    [({"move_out_notice_found": False}, "MOVE_OUT_ONLINE", False), ({"card": "lost"}, "REQUEST_PAPER", False),
     ({"needs_paper": True}, "MARKED_PAPER", True), ({"protected": True}, "QUIET_ROOM", True),
     ({"today": "2026-12-20"}, "REQUEST_PAPER", False),
     ({"today": "2026-12-20", "paper_certificate": True}, "NEW_CARD", True)],
)  # fmt: skip
def test_the_case_decides_what_is_done_today(more, step, files):
    codes = [one.code for one in plan(**more).steps]
    assert step in codes
    assert ("FILE_MOVE_IN" in codes) == files
    assert not files or codes.count("FILE_MOVE_IN") == 1


def test_a_card_that_lapses_is_not_carried_along():
    found = plan(today="2026-12-20", paper_certificate=True)
    assert "CARD_CONTINUED" not in {one.code for one in found.follow_ups}
    assert "CONTINUE" not in {one.code for one in found.steps}


def test_the_allowance_is_due_fifteen_days_after_leaving():
    (one,) = [one for one in plan().follow_ups if one.code == "CHILD_ALLOWANCE"]
    assert one.due_on == date(2026, 12, 3)


def test_the_roll_comes_three_months_after_the_move():
    one = next(one for one in plan(moved_in_on="2026-11-30", today="2026-11-30").follow_ups
               if one.code == "ELECTION_ROLL")  # fmt: skip
    assert one.due_on == date(2027, 2, 28)


def test_a_case_without_people_speaks_of_one_grown_person():
    raw = {name: value for name, value in PLAN_EXAMPLE.items() if name != "persons"}
    household = read_household(raw, today=TODAY)
    assert isinstance(household, Household)
    assert [one.no for one in household.persons] == ["1"]
    assert ("CONTINUE", "1") in {(one.code, one.person) for one in plan(persons=None).steps}


@pytest.mark.parametrize(
    ("more", "where"),
    [({"persons": []}, "persons"), ({"persons": "x"}, "persons"), ({"persons": [3]}, "persons[1]"),
     ({"persons": [{}]}, "persons[1].birth_date"),
     ({"persons": [{"birth_date": "2027-01-01"}]}, "persons[1].birth_date"),
     ({"persons": [{"age": 200}]}, "persons[1].age"), ({"kind": "x"}, "kind"),
     ({"persons": [{"age": 3, "dog": True}]}, "persons[1].dog"),
     ({"move_out_notice_found": None}, "move_out_notice_found")],
)  # fmt: skip
def test_bad_input_is_named(more, where):
    found = answer_plan(dict(PLAN_EXAMPLE) | more, today=TODAY, plan_cards=plan_cards)
    assert where in {one.where for one in found}
    assert render_all(found)


def test_a_told_age_is_the_age():
    household = read_household({"persons": [{"age": 18}, {"age": 0}]}, today=date(2028, 2, 29))
    assert [one.has_reached(18, date(2028, 2, 29)) for one in household.persons] == [True, False]
    assert not household.persons[0].has_reached(19, date(2028, 2, 29))


def test_every_row_has_its_words_and_a_source():
    book = plan_book()
    for row in book.steps:
        assert label(kind="move_plan_step", code=row.code) and row.source
    for row in book.follow_ups:
        assert label(kind="move_follow_up", code=row.code) and row.source
        assert label(kind="move_section", code=row.section)
        for paper in row.papers:
            assert label(kind="move_paper", code=paper)
