"""The report of the benches: slow drift fails, sudden luck is told, and the page says what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bench import charts, drift, report
from bench.measure import promise

MACHINE = {"cpu": "c", "cores": 2, "memory_gib": 24, "system": "Linux", "python": "3"}


def result(*promises, machine=MACHINE):
    return {"bench": "x", "machine": machine, "promises": list(promises), "peers": []}


def run(value, before=None, *, accept=False, machine=MACHINE, **more):
    found = result(promise("wait", value, "s", at_most=10, **more), machine=machine)
    drift.judge(found, before, accept=accept)
    return found


def test_ten_small_steps_are_seen_as_the_long_way_they_are():
    found, said = run(3), []
    for step in range(1, 11):
        found = run(3 * 1.05**step, found)
        said.append(found["promises"][0]["drift"])
    assert all(one["held"] for one in found["promises"])
    assert said[:8] == [drift.STEADY] * 8
    assert said[-1] == drift.WORSE
    assert drift.grown_worse(found)[0]["kept"] == 3


def test_what_is_accepted_is_what_later_runs_are_held_against():
    accepted = run(6, run(3), accept=True)
    assert run(6.5, accepted)["promises"][0]["drift"] == drift.STEADY


def test_a_figure_that_is_much_better_is_told_and_does_not_fail():
    found = run(1.1, run(5))
    assert found["promises"][0]["drift"] == drift.BETTER
    assert drift.grown_worse(found) == []


def test_far_inside_its_bound_a_figure_may_wander():
    assert run(0.9, run(0.1))["promises"][0]["drift"] == drift.STEADY


def test_another_machine_is_not_compared_and_becomes_what_is_kept():
    found = run(9, run(3), machine={**MACHINE, "cores": 64})
    assert found["promises"][0]["drift"] == drift.ELSEWHERE
    assert found["promises"][0]["kept"] == 9


def test_a_bench_may_name_how_far_its_figure_may_go():
    assert run(3.3, run(3), drift=5)["promises"][0]["drift"] == drift.WORSE


@given(some.floats(0.01, 1e6), some.floats(0.01, 1e6), some.sampled_from(["lower", "higher"]))
def test_worse_one_way_is_better_the_other(kept, value, better):
    def drifted(was, now):
        return drift.drift_of(
            {"value": now, "kept": was, "bound": 1e-9, "better": better, "unit": "s"}
        )

    assert (drifted(kept, value) == drift.WORSE) == (drifted(value, kept) == drift.BETTER)


def test_the_page_in_the_tree_says_what_is_kept():
    kept = report.results()
    drawn = {path.name for path in (report.FOLDER / "charts").glob("*.svg")}
    assert (report.FOLDER / "RESULTS.md").read_text("utf-8") == report.text(kept, drawn)
    wanted = {
        f"{name}-peers.svg" for name, one in kept if any(p["ratio"] > 0 for p in one["peers"])
    }
    assert wanted <= drawn


def test_a_chart_says_in_words_what_falls_short():
    found = result(promise("good", 1, "s", at_most=4), promise("bad", 5, "s", at_most=4))
    svg = charts.of_promises(found)
    assert svg is not None
    assert "5 s: falls short" in svg
    assert "1 s" in svg


@pytest.mark.parametrize("found", [result(), result(promise("none", 0, "", at_most=0))])
def test_what_is_exact_has_no_chart(found):
    assert charts.of_promises(found) is None
    assert charts.of_peers(found) is None
