"""A scenario as written: all problems at once, a schema that agrees, the ready ones (条件の読取り)."""

import copy
from dataclasses import replace

import pytest

from madoguchi.insights.domain.twin.answer import compare, outcome_of
from madoguchi.insights.domain.twin.intervals import estimate
from madoguchi.insights.domain.twin.reading import (
    EXAMPLE,
    SHAPES,
    read_scenario,
    scenario_schema,
    warn_of,
)
from madoguchi.insights.domain.twin.ready import Sort, read_ready, spared_by
from madoguchi.insights.domain.twin.scenario import Priority, Resource, Scenario
from madoguchi.insights.queries.desk import ready_scenarios
from madoguchi.web.messages import label, render_all


def example(**changed):
    return copy.deepcopy(dict(EXAMPLE)) | changed


def told(raw):
    found = read_scenario(raw)
    return [] if isinstance(found, Scenario) else [(one.where, one.code) for one in found]


def test_the_example_is_read_as_it_is_written():
    found = read_scenario(example())
    assert (found.days, found.clerks, found.cs_terminals, found.replications) == (243, 2, 2, 100)
    assert [one.name for one in found.services] == ["certificate", "hand_over", "setup"]
    assert found.services[1].needs == frozenset(Resource)
    assert found.services[2].priority is Priority.BACKGROUND
    assert found.weekday_weight == (1.35, 0.77, 0.77, 0.77, 1.35)
    # A day's mean is kept whatever the weights add up to and however the year ends.
    year = [found.rate_on(found.services[0], day) for day in range(243)]
    assert sum(year) / 243 == pytest.approx(16.4)
    assert year[4] / year[3] == pytest.approx(1.35 / 0.77)
    assert found.rate_on(found.services[2], 0) == 8


def test_every_problem_of_every_line_is_told_at_once():
    raw = example(days=0, clerks=1.5, weekday_weight=[1, 1], colour="red", leftover="never")
    del raw["open_minutes"]
    raw["services"][0] |= {"seconds": float("nan"), "needs": ["clerk", "robot"]}
    raw["services"][1] = "hand_over"
    raw["services"][2] |= {"per_day": True, "elsewhere": 1.2, "name": "  "}
    assert told(raw) == [
        ("colour", "CASE_FIELD_UNKNOWN"), ("days", "CASE_VALUE_WRONG"),
        ("open_minutes", "CASE_FIELD_MISSING"), ("clerks", "CASE_VALUE_WRONG"),
        ("services[0].seconds", "CASE_VALUE_WRONG"), ("services[0].needs", "CASE_VALUE_UNKNOWN"),
        ("services[1]", "CASE_NOT_AN_OBJECT"), ("services[2].name", "CASE_VALUE_WRONG"),
        ("services[2].per_day", "CASE_VALUE_WRONG"), ("services[2].elsewhere", "CASE_VALUE_WRONG"),
        ("weekday_weight", "CASE_VALUE_WRONG"), ("leftover", "CASE_VALUE_UNKNOWN"),
    ]  # fmt: skip
    for one in render_all(read_scenario(raw)):
        assert "{" not in one.cause.replace("({ … })", "") and one.remedy.endswith("。")


def test_what_each_field_allows_but_together_makes_no_sense_is_told():
    raw = example(absences=[{"resource": "cs", "first_day": 3, "days": 2, "count": 2}],
                  seasons=[{"services": ["renewal"], "factor": 2}])  # fmt: skip
    raw["services"].append(dict(raw["services"][0]))
    assert told(raw) == [
        ("services[3].name", "TWIN_NAME_TWICE"), ("seasons[0].services", "TWIN_SERVICE_UNKNOWN"),
        ("cs", "TWIN_NOBODY_THERE"),
    ]  # fmt: skip
    many = example(replications=1000)
    many["services"][0]["per_day"] = 2000
    assert told(many) == [("replications", "TWIN_TOO_LARGE")]
    assert told(10**400) == told([]) == [(None, "CASE_NOT_AN_OBJECT")]
    assert told(example(days=10**400)) == [("days", "CASE_VALUE_WRONG")]


def test_more_work_than_there_is_time_is_told_and_reckoned_all_the_same():
    raw = example(clerks=1)
    raw["services"][0]["per_day"] = 90
    found = read_scenario(raw)
    assert [(one.code, one.where) for one in warn_of(found)] == [("TWIN_OVERLOADED", "clerk")]
    assert warn_of(read_scenario(example())) == ()


def test_the_schema_says_what_the_reading_says():
    schema = scenario_schema()
    assert schema["required"] == ["days", "open_minutes", "clerks", "cs_terminals", "services"]
    assert isinstance(read_scenario(schema["examples"][0]), Scenario)
    assert set(schema["properties"]) == {spec.name for spec in SHAPES[Scenario]}
    service = schema["properties"]["services"]["items"]
    assert service["required"] == ["name", "per_day", "seconds", "needs"]
    assert service["properties"]["steps"]["default"] == 6
    for name, spec in service["properties"].items():
        if "maximum" in spec:
            wrong = example()
            wrong["services"][0][name] = spec["maximum"] + 1
            assert told(wrong) == [(f"services[0].{name}", "CASE_VALUE_WRONG")]


# -- ready ones ------------------------------------------------------------------------


def test_every_ready_scenario_has_a_name_a_source_and_does_something():
    ready = ready_scenarios()
    base = ready.base
    names = {one.name for one in base.services}
    assert names <= ready.sources.keys()
    for name in names:
        assert label(kind="desk_service", code=name)
    for code, one in ready.variants.items():
        assert label(kind="desk_variant", code=code) and one.source
        assert one.on(base) != base or one.outside_minutes
    wishes = [code for code, one in ready.variants.items() if one.sort is Sort.WISH]
    assert len(wishes) == 7


def test_a_slip_in_the_table_stops_at_once():
    from madoguchi.infra.town_tables import read_table
    from madoguchi.insights.queries.desk import FOLDER

    table = copy.deepcopy(dict(read_table("desk", ours=FOLDER, own="")))
    table["variant"][0]["changes"][0]["service"] = "hand_ovr"
    with pytest.raises(AssertionError):
        read_ready(table)


@pytest.mark.parametrize("code", ["no_card_face", "one_pin", "former_tax_anywhere", "kiosk_30"])
def test_n6_what_a_wish_spares_by_formula_lies_in_its_interval(code):
    """N6. How many times how long, by hand, agrees with the years that were run."""
    ready = ready_scenarios()
    base = replace(ready.base, replications=8)
    variant = ready.variants[code]
    found = compare(outcome_of(base), outcome_of(variant.on(base)))
    by_formula = variant.spared_minutes(base)
    assert by_formula > 0
    spared = found.clerk_minutes.times(-1)
    assert spared.low < by_formula < spared.high
    # Drawn only, or drawn and run: the same minutes.
    drawn = estimate(spared_by(variant, base, replications=8))
    assert (drawn.mean, drawn.low) == pytest.approx((spared.mean, spared.low))


def test_formulas_are_the_ones_a_hand_reckons():
    ready = ready_scenarios()

    def spared(code):
        return ready.variants[code].spared_minutes(ready.base)

    assert spared("no_card_face") == pytest.approx(243 * 1 * 12)
    assert spared("one_pin") == pytest.approx(243 * 8 * 1.5)
    assert spared("former_tax_anywhere") == pytest.approx(243 * 0.4 * 0.8 * 15)
    assert spared("reservation_only") == pytest.approx(0)
    shared = ready.variants["shared_cs"].outside
    assert (shared.low, shared.mean, shared.high) == (840, 1740, 2640)
