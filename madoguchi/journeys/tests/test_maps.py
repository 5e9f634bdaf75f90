"""Rules of the maps, and that files lose nothing (マップの規則).

J5 an observed number of ours says which month it is of, and only a newer one replaces it.

J1 every cell says what it rests on · J2 unknown is not nought · J4 a feeling is full only from k on.
"""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.journeys.documents.drafts import drafts
from madoguchi.journeys.documents.mapdrawing import Mood, Words, draw_map
from madoguchi.journeys.domain.cjml import read_cjml, write_cjml
from madoguchi.journeys.domain.figures import (
    Figure,
    cell_from,
    feeling_from,
    may_rest,
    read_basis,
    renewals_of,
    renewed,
)
from madoguchi.journeys.domain.mapfile import read_map, write_map
from madoguchi.journeys.domain.maps import (
    MINUTES,
    NUMBERS,
    SUMMED,
    Basis,
    Cell,
    Evidence,
    Field,
    JourneyMap,
    Phase,
    Step,
    check_map,
    delta_of,
    evidence_of,
    read_cell,
    totals_of,
)
from madoguchi.journeys.views.maps import DRAWN
from madoguchi.kernel.outcome import Problem
from madoguchi.web.messages import label
from tests.patience import at_length

LANES = {"RESIDENT": 1, "FRONT": 1, "FERRY": 1}
OWN = {code: label(kind="journey_drawing", code=code) for code in DRAWN}
words = st.text(
    st.characters(codec="utf-8", categories=["L", "P", "S"], exclude_characters="\u200b"),
    min_size=1, max_size=20,
).filter(lambda one: one == one.strip())  # fmt: skip

evidence = st.sampled_from(Evidence)
bases = st.builds(
    Basis, origin=words, month=st.dates().map(str), before=words | st.just(""), after=words,
    count=st.integers(0, 10**9), p90_min=st.integers(0, 10**6),
)  # fmt: skip


def cell_for(name):
    least, most = NUMBERS.get(name, (0, 0))
    value = st.integers(least, most) if name in NUMBERS else words
    cell = st.builds(Cell, value=value, evidence=evidence)
    if name is Field.FEELING:
        return cell | st.builds(feeling_from, phase=st.sampled_from(Phase), mean=st.floats(-2, 2),
                                count=st.integers(5, 999), month=st.dates())  # fmt: skip
    if name not in MINUTES:
        return cell
    return cell | st.builds(Cell, value=value, evidence=st.just(Evidence.OBSERVED), basis=bases)


@st.composite
def maps(draw):
    phases = sorted(
        draw(st.lists(st.sampled_from(Phase), min_size=1, max_size=8)), key=list(Phase).index
    )
    steps = []
    for number, phase in enumerate(phases):
        names = {Field.DOING, *draw(st.sets(st.sampled_from(Field)))}
        cells = {name: draw(cell_for(name)) for name in Field if name in names}
        lane = draw(st.sampled_from(sorted(LANES)))
        steps.append(Step(step_id=f"s{number}", phase=phase, lane=lane, cells=cells))
    return JourneyMap(
        title=draw(words), persona=draw(words), sketch=draw(words), steps=tuple(steps)
    )


@given(maps())
def test_files_of_both_kinds_bring_back_what_went_out(one):
    assert check_map(one, lanes=LANES) == ()
    assert read_map(write_map(one), lanes=LANES) == (one, ())
    assert read_cjml(write_cjml(one), lanes=LANES) == (one, ())


def test_a_file_of_another_tool_is_read_as_far_as_it_says():
    text = """<cjml><journey><name>転入</name><actors><actor><name>三人家族</name></actor></actors>
    <touchpoint><name>窓口で聞く</name><receiver actor="FRONT"/><channel>窓口</channel></touchpoint>
    </journey></cjml>"""
    found, problems = read_cjml(text, lanes=LANES)
    assert problems == ()
    (step,) = found.steps
    assert (step.lane, step.phase, step.text(Field.TOUCHPOINT)) == ("FRONT", Phase.DURING, "窓口")
    # J1: nobody said what it rests on, so it is assumed.
    assert {cell.evidence for cell in step.cells.values()} == {Evidence.ASSUMED}


@pytest.mark.parametrize(
    ("read", "text"),
    [(read_map, '{"steps":[' + ",".join(['{"phase":"AWARE"}'] * 20_000) + "]}"),
     (read_cjml, "<c>" + "<touchpoint>" * 10_000 + "</touchpoint>" * 10_000 + "</c>")],
)  # fmt: skip
def test_a_file_of_thousands_of_steps_is_refused_at_once(read, text):
    found, problems = read(text, lanes=LANES)
    assert found is None and [one.code for one in problems] == ["JOURNEY_STEPS"]


GOOD = {"origin": "VISITS", "month": "2026-10-01", "before": "TICKET", "after": "CALLED",
        "count": 9, "p90_min": 20}  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [None, "x", [], {}, GOOD | {"more": 1}, GOOD | {"count": -1}, GOOD | {"count": True},
     GOOD | {"count": 1.5}, GOOD | {"month": "soon"}, GOOD | {"origin": "x" * 61},
     GOOD | {"before": "a\x00b"}, {**GOOD, "p90_min": "9"}],
)  # fmt: skip
def test_j5_a_basis_that_is_none_is_refused(given):
    assert read_basis(given) is None
    text = json.dumps({"title": "x", "persona": "y", "steps": [
        {"phase": "DURING", "lane": "FRONT", "cells": {
            "doing": {"value": "待つ", "evidence": "OBSERVED"},
            "wait_min": {"value": 3, "evidence": "OBSERVED", "basis": given}}}]})  # fmt: skip
    found, problems = read_map(text, lanes=LANES)
    assert found is None and [one.code for one in problems] == ["JOURNEY_BASIS_UNREADABLE"]


def test_j5_a_feeling_rests_on_answers_and_minutes_do_not():
    cell = feeling_from(phase=Phase.DURING, mean=-0.5, count=12, month=date(2026, 11, 1))
    assert (cell.value, cell.evidence, cell.basis.count) == (-1, Evidence.OBSERVED, 12)
    assert may_rest(Field.FEELING, cell.basis) and not may_rest(Field.WAIT_MIN, cell.basis)
    minutes = read_basis(GOOD)
    assert may_rest(Field.WAIT_MIN, minutes) and not may_rest(Field.FEELING, minutes)
    assert not may_rest(Field.FEELING, replace(cell.basis, before="NEVER"))


@pytest.mark.parametrize(("count", "is_full"), [(12, True), (4, False)])
def test_j4_a_kept_feeling_is_full_only_from_k_on(count, is_full):
    cell = feeling_from(phase=Phase.DURING, mean=0.6, count=count, month=date(2026, 11, 1))
    one = drafts()["islands"].with_cell("queue", Field.FEELING, cell)
    said = {Evidence: "x", Phase: "x", Field: "x"}
    words = Words(
        lanes={step.lane: "x" for step in one.steps}, feelings={0: "x"}, own=OWN,
        **{name: {each.value: said[kind] for each in kind} for name, kind in
           (("evidence", Evidence), ("phases", Phase), ("fields", Field))},
    )  # fmt: skip
    drawn = draw_map(one, words=words, moods={}, k=5, version="")
    assert (f"n={count}" in drawn) is is_full


def test_j5_only_observed_minutes_have_records_to_rest_on():
    for field, value, rests in (("wait_min", 3, "ASSUMED"), ("cost_yen", 3, "OBSERVED")):
        text = json.dumps({"title": "x", "persona": "y", "steps": [
            {"phase": "DURING", "lane": "FRONT", "cells": {
                "doing": {"value": "待つ", "evidence": "OBSERVED"},
                field: {"value": value, "evidence": rests, "basis": GOOD}}}]})  # fmt: skip
        assert read_map(text, lanes=LANES)[0] is None


figures = st.lists(
    st.builds(
        Figure, origin=st.sampled_from(["VISITS", "CARDS"]), month=st.dates(),
        before=st.sampled_from(["A", ""]), after=st.sampled_from(["B", ""]),
        count=st.integers(5, 999), median_min=st.floats(0, 9_999), p90_min=st.floats(0, 9_999),
    ),
    max_size=8, unique_by=lambda one: one.key,
)  # fmt: skip


@given(maps(), figures, st.data())
def test_j5_renewing_takes_the_newest_month_of_the_same_figure_and_then_rests(one, some, data):
    for figure in some:
        step, name = data.draw(st.sampled_from(one.steps)), data.draw(st.sampled_from(MINUTES))
        one = one.with_cell(step.step_id, name, cell_from(figure))
    after = renewed(one, renewals_of(one, some))
    assert renewals_of(after, some) == ()
    for step, old in zip(after.steps, one.steps, strict=True):
        for name in Field:
            cell, was = step.cells.get(name), old.cells.get(name)
            if cell == was:
                continue
            mine = [each for each in some
                    if each.pair == (was.basis.origin, was.basis.before, was.basis.after)]  # fmt: skip
            assert cell == cell_from(max(mine, key=lambda each: each.month))
            assert cell.basis.month > was.basis.month


@given(maps())
def test_j2_sums_say_how_many_they_leave_out(one):
    for name, total in totals_of(one).items():
        known = [step.cells[name].value for step in one.steps if name in step.cells]
        assert (total.value, total.unknown) == (sum(known), len(one.steps) - len(known))


@given(maps(), maps())
def test_j2_a_difference_counts_only_what_both_know(before, after):
    delta = delta_of(before, after)
    assert delta_of(before, before).changes == ()
    assert set(delta_of(before, before).sums.values()) == {0}
    back = delta_of(after, before)
    assert {name: -value for name, value in back.sums.items()} == delta.sums
    assert back.left_out == delta.left_out
    for name in SUMMED:
        whole = [*before.steps, *after.steps]
        if all(name in step.cells for step in whole):
            sums = [totals_of(one)[name].value for one in (before, after)]
            assert delta.sums[name] == sums[1] - sums[0]


@given(maps(), st.data())
def test_a_corrected_cell_is_the_only_one_that_changes(one, data):
    step = data.draw(st.sampled_from(one.steps))
    name = data.draw(st.sampled_from(Field))
    cell = data.draw(st.none() | cell_for(name))
    made = one.with_cell(step.step_id, name, cell)
    assert made.step(step.step_id).cells.get(name) == cell
    changed = delta_of(one, made).changes
    assert {(each.step_id, each.field) for each in changed} <= {(step.step_id, name)}


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [(Field.FEELING, "3", "JOURNEY_NOT_A_NUMBER"), (Field.WAIT_MIN, "1.5", "JOURNEY_NOT_A_NUMBER"),
     (Field.PAIN, "あ" * 121, "JOURNEY_TEXT_LONG"), (Field.PAIN, "a\x00b", "JOURNEY_TEXT_UNSEEN")],
)  # fmt: skip
def test_what_is_no_cell(name, text, code):
    found = read_cell(name, text, "ASSUMED")
    assert isinstance(found, Problem) and found.code == code


def test_j1_no_cell_without_what_it_rests_on():
    assert read_cell(Field.PAIN, "遠い", "").code == "JOURNEY_EVIDENCE_MISSING"
    assert read_cell(Field.PAIN, "  ", "") is None
    assert read_cell(Field.WAIT_MIN, "１，２００", "OBSERVED") == Cell(
        value=1200, evidence=Evidence.OBSERVED
    )


def test_all_that_is_wrong_with_a_map_is_told_at_once():
    step = Step(step_id="a", phase=Phase.AFTER, lane="SKY", cells={})
    early = replace(step, phase=Phase.AWARE, lane="FRONT")
    found = check_map(
        JourneyMap(title="", persona="だれか", sketch="", steps=(step, early)), lanes=LANES
    )
    assert {one.code for one in found} == {
        "JOURNEY_TITLE", "JOURNEY_LANE_MISSING", "JOURNEY_STEP_SILENT", "JOURNEY_STEP_TWICE",
        "JOURNEY_PHASE_BACK",
    }  # fmt: skip
    none = JourneyMap(title="a", persona="b", sketch="", steps=())
    assert [one.code for one in check_map(none, lanes=LANES)] == ["JOURNEY_STEPS"]


SAID = Words(
    own=OWN,
    lanes={code: code for code in ("RESIDENT", "FRONT", "BACK", "CS", "POST", "FERRY")},
    phases={one.value: one.value for one in Phase},
    evidence={one.value: one.value for one in Evidence},
    fields={one.value: one.value for one in Field}, feelings={n: f"{n}" for n in range(2, -3, -1)},
)  # fmt: skip


def test_j1_the_drafts_are_assumed_cell_by_cell():
    for one in drafts().values():
        counted = evidence_of(one)
        assert counted[Evidence.ASSUMED] == sum(counted.values()) > 30


def test_j4_a_feeling_is_full_and_has_its_n_only_from_k_on():
    one = drafts()["islands"]
    drawn = draw_map(
        one, words=SAID, moods={Phase.DURING: Mood(n=5, mean=0.4, spread=0.5)}, k=5, version="1"
    )
    during = sum(step.phase is Phase.DURING for step in one.steps)
    assert drawn.count(">n=5<") == during
    assert drawn.count('r="7" fill="#0031a8"') == during
    plain = draw_map(one, words=SAID, moods={}, k=5, version="1")
    assert 'r="7" fill="#0031a8"' not in plain and ">n=" not in plain
    with pytest.raises(AssertionError):
        draw_map(
            one, words=SAID, moods={Phase.DURING: Mood(n=4, mean=0.4, spread=0.5)}, k=5, version="1"
        )


@at_length(100)
@given(maps())
def test_any_map_can_be_drawn(one):
    assert draw_map(one, words=SAID, moods={}, k=5, version="1").endswith("</svg>\n")


def test_an_earlier_versions_feelings_are_a_line_of_their_own():
    one = drafts()["islands"]
    better = one.with_cell("queue", Field.FEELING, Cell(value=1, evidence=Evidence.OBSERVED))
    alone = draw_map(better, words=SAID, moods={}, k=5, version="2")
    both = draw_map(better, words=SAID, moods={}, k=5, version="2", before=one)
    assert "前の版" in both and "前の版" not in alone
    squares = both.count('width="10.0" height="10.0"')
    # One a step, and the one that says what they are.
    assert squares == 1 + sum(step.number(Field.FEELING) is not None for step in one.steps)
