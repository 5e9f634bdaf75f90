"""Rules of the copy without its secret: placing, templates, what is clean (消去の規則)."""

import dataclasses
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.dispatch.documents.redaction.templates import load_templates
from madoguchi.dispatch.domain.placing import Placement, fit, greatest_error, match_marks
from madoguchi.dispatch.domain.redaction import (
    CHECKS,
    Alignment,
    Check,
    ReadBack,
    check_alignment,
    check_overlaps,
    check_placement,
    check_template,
    choose_template,
)
from madoguchi.kernel.outcome import Problem

(BIRTH,) = load_templates()
ANY = {
    "scale": st.floats(6, 26), "turn": st.floats(0, 360), "x": st.floats(-50, 400),
    "y": st.floats(-50, 400),
}  # fmt: skip


def lying(scale, turn, x, y):
    cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
    return Placement(a=cos, b=-sin, c=x, d=sin, e=cos, f=y)


def codes(problems):
    return [one.code for one in problems]


@given(**ANY)
def test_a_fit_finds_the_way_a_sheet_lies(scale, turn, x, y):
    way = lying(scale, turn, x, y)
    seen = [way.at(mark) for mark in BIRTH.marks]
    found = fit(BIRTH.marks, seen)
    assert greatest_error(found, BIRTH.marks, seen) < 1e-6
    assert math.isclose(found.scale, scale, rel_tol=1e-6)
    assert found.stretch < 1e-6 and found.shear < 1e-6 and not found.is_mirrored


@given(
    **ANY,
    order=st.permutations(range(6)),
    blots=st.lists(st.tuples(st.floats(0, 210), st.floats(0, 297)), max_size=6),
)
def test_marks_are_told_apart_in_any_order_with_blots_between(scale, turn, x, y, order, blots):
    way = lying(scale, turn, x, y)
    right = [way.at(mark) for mark in BIRTH.marks]
    strange = [way.at(one) for one in blots if all(math.dist(one, m) > 8 for m in BIRTH.marks)]
    found = match_marks(
        BIRTH.marks, [right[i] for i in order] + strange, near_mm=1.6, scales=(5, 30)
    )
    assert found is None or found == right  # two ways to read it: refused, never guessed
    assert strange or found == right


@given(**ANY)
def test_a_sheet_seen_from_behind_or_short_of_a_mark_is_not_placed(scale, turn, x, y):
    way = lying(scale, turn, x, y)
    behind = [way.at((BIRTH.width_mm - mx, my)) for mx, my in BIRTH.marks]
    assert match_marks(BIRTH.marks, behind, near_mm=1.6, scales=(5, 30)) is None
    short = [way.at(mark) for mark in BIRTH.marks[:-1]]
    assert match_marks(BIRTH.marks, short, near_mm=1.6, scales=(5, 30)) is None


@pytest.mark.parametrize(
    ("way", "code"),
    [
        (lying(150 / 25.4, 0, 0, 0), None),
        (lying(600 / 25.4, 3, 0, 0), None),
        (lying(100 / 25.4, 0, 0, 0), "SCAN_RESOLUTION"),
        (lying(1200 / 25.4, 0, 0, 0), "SCAN_RESOLUTION"),
        (Placement(a=8, b=0, c=0, d=0, e=8.5, f=0), "SCAN_DISTORTED"),
        (Placement(a=8, b=0.6, c=0, d=0, e=8, f=0), "SCAN_DISTORTED"),
    ],
)
def test_which_ways_of_lying_are_taken(way, code):
    assert codes(check_placement(way)) == ([code] if code else [])


@pytest.mark.parametrize(
    ("mark_off", "frame_off", "rules", "expected"),
    [
        (0.1, 0.1, 1.0, []),
        (0.7, 0.1, 1.0, ["SCAN_DISTORTED"]),
        (0.1, 1.1, 1.0, ["BOX_NOT_CERTAIN"]),
        (0.1, None, 1.0, ["BOX_NOT_CERTAIN"]),
        (0.1, 0.1, 0.8, ["FORM_NOT_RECOGNISED"]),
        (0.7, None, 0.1, ["SCAN_DISTORTED", "FORM_NOT_RECOGNISED", "BOX_NOT_CERTAIN"]),
    ],
)
def test_an_uncertain_place_is_refused_with_every_reason(mark_off, frame_off, rules, expected):
    found = Alignment(mark_off_mm=mark_off, frame_off_mm=frame_off, rules_found=rules)
    assert codes(check_alignment(BIRTH, found)) == expected


def box(**changes):
    return (dataclasses.replace(BIRTH.boxes[0], **changes),)


@pytest.mark.parametrize(
    "changes",
    [
        {"marks": BIRTH.marks[:4]},
        {"marks": ((12, 12), (198, 12), (12, 285), (198, 285), (105, 148.5))},
        {"marks": (*BIRTH.marks[:5], (300, 10))},
        {"boxes": ()},
        {"boxes": box(burn=BIRTH.boxes[0].secret)},
        {"boxes": box(quiet=BIRTH.boxes[0].burn)},
        {"boxes": box(quiet=BIRTH.boxes[0].quiet.grown(9))},
        {"rules": BIRTH.rules[:-1]},
    ],
)
def test_a_template_that_could_miss_the_secret_is_unsound(changes):
    assert check_template(BIRTH) == ()
    assert set(codes(check_template(dataclasses.replace(BIRTH, **changes)))) == {"TEMPLATE_UNSOUND"}


def test_a_printing_is_chosen_by_its_days():
    old = dataclasses.replace(
        BIRTH, name="birth-2020", valid_from=date(2020, 1, 1), valid_until=date(2024, 12, 1)
    )
    both = (old, BIRTH)
    assert check_overlaps(both) == ()
    assert choose_template(both, name="birth", on=date(2024, 12, 1)) == old
    assert choose_template(both, name="birth", on=date(2024, 12, 2)) == BIRTH
    assert codes(choose_template(both, name="birth-2020", on=date(2026, 1, 1))) == [
        "TEMPLATE_NOT_IN_FORCE"
    ]
    assert codes(choose_template(both, name="birth", on=date(2019, 1, 1))) == [
        "TEMPLATE_NOT_IN_FORCE"
    ]
    assert codes(choose_template(both, name="death", on=date(2026, 1, 1))) == ["TEMPLATE_UNKNOWN"]
    longer = dataclasses.replace(old, valid_until=None)
    assert codes(check_overlaps((longer, BIRTH))) == ["TEMPLATE_UNSOUND"]


@given(
    st.fixed_dictionaries({name: st.sampled_from(list(Check)) for name in CHECKS}), st.booleans()
)
def test_x2_clean_is_only_what_was_wholly_checked(checks, has_problem):
    problems = (Problem(code="COPY_HAS_TEXT"),) if has_problem else ()
    expected = (
        not has_problem
        and {checks[name] for name in CHECKS if name != "ocr"} == {Check.PASSED}
        and checks["ocr"] in (Check.PASSED, Check.NOT_AVAILABLE)
    )
    assert ReadBack(checks=checks, problems=problems).clean is expected
    assert not ReadBack().clean
