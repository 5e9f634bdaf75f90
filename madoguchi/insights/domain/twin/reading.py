"""A scenario as it is written in a file: read, or all that is wrong with it at once (条件の読取り)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from madoguchi.insights.domain.twin.scenario import (
    WEEK,
    Absence,
    Leftover,
    Priority,
    Resource,
    Scenario,
    Season,
    Service,
)
from madoguchi.kernel.outcome import Problem

_SHOWN = 40
_NAME_MAX = 40
#: People of all replications together; about ten minutes of reckoning.
PEOPLE_MAX = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A field that holds a number, or ``many`` of them (数の項目)."""

    name: str
    least: float
    most: float
    whole: bool = False
    many: tuple[int, int] | None = None

    @property
    def words(self) -> str:
        """Say what may stand here (書けるもの)."""
        kind = "整数" if self.whole else "数"
        one = f"{self.least:g} から {self.most:g} の{kind}"
        if self.many is None:
            return one
        low, high = self.many
        return f"{one}を {low} 個" if low == high else f"{one}を {low}〜{high} 個"

    def accepts(self, given: object) -> bool:
        """Tell whether this may stand here (書けるか)."""
        if self.many is None:
            return self._accepts(given)
        low, high = self.many
        return (
            isinstance(given, list) and low <= len(given) <= high
            and all(self._accepts(one) for one in given) and sum(given) > 0
        )  # fmt: skip

    def _accepts(self, given: object) -> bool:
        if isinstance(given, bool) or not isinstance(given, int if self.whole else int | float):
            return False
        return self.least <= given <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A field that holds one of these words, or ``many`` of them (選ぶ項目)."""

    name: str
    allowed: tuple[str, ...]
    many: bool = False

    @property
    def words(self) -> str:
        """Say what may stand here (書けるもの)."""
        return "、".join(self.allowed) + ("の並び" if self.many else "")

    def accepts(self, given: object) -> bool:
        """Tell whether this may stand here (書けるか)."""
        if self.many:
            return isinstance(given, list) and bool(given) and all(x in self.allowed for x in given)
        return given in self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A field that holds a name, or ``many`` of them (名前の項目)."""

    name: str
    many: bool = False

    @property
    def words(self) -> str:
        """Say what may stand here (書けるもの)."""
        return f"1〜{_NAME_MAX} 字の名前" + ("の並び" if self.many else "")

    def accepts(self, given: object) -> bool:
        """Tell whether this may stand here (書けるか)."""
        if self.many:
            return isinstance(given, list) and bool(given) and all(map(self._accepts, given))
        return self._accepts(given)

    def _accepts(self, given: object) -> bool:
        return isinstance(given, str) and 0 < len(given.strip()) <= _NAME_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A field that holds a list of objects of one shape (行の項目)."""

    name: str
    shape: type
    least: int
    most: int

    @property
    def words(self) -> str:
        """Say what may stand here (書けるもの)."""
        return f"{self.least}〜{self.most} 行の並び"

    def accepts(self, given: object) -> bool:
        """Tell whether this may stand here (書けるか)."""
        return isinstance(given, list) and self.least <= len(given) <= self.most


Spec = Number | Choice | Name | Rows
_DAY = Number(name="first_day", least=0, most=365, whole=True)
_DAYS = Number(name="days", least=1, most=366, whole=True)
_RESOURCES = tuple(one.value for one in Resource)

#: What each kind of object may hold; what is not said has the value of the class itself.
SHAPES: Mapping[type, tuple[Spec, ...]] = {
    Scenario: (
        _DAYS,
        Number(name="open_minutes", least=1, most=1440),
        Number(name="clerks", least=0, most=50, whole=True),
        Number(name="cs_terminals", least=0, most=50, whole=True),
        Rows(name="services", shape=Service, least=1, most=20),
        Number(name="replications", least=1, most=1000, whole=True),
        Number(name="seed", least=0, most=2**32 - 1, whole=True),
        Number(name="weekday_weight", least=0, most=100, many=(WEEK, WEEK)),
        Number(name="hour_weight", least=0, most=100, many=(1, 48)),
        Rows(name="absences", shape=Absence, least=0, most=20),
        Rows(name="seasons", shape=Season, least=0, most=20),
        Choice(name="leftover", allowed=tuple(one.value for one in Leftover)),
        Number(name="late_minutes", least=0, most=60),
        Number(name="yen_per_hour", least=0, most=100_000),
        Number(name="overtime_factor", least=1, most=3),
    ),
    Service: (
        Name(name="name"),
        Number(name="per_day", least=0, most=2000),
        Number(name="seconds", least=1, most=28_800),
        Choice(name="needs", allowed=_RESOURCES, many=True),
        Choice(name="priority", allowed=tuple(one.value for one in Priority)),
        Number(name="variation", least=0, most=3),
        Number(name="reserved", least=0, most=1),
        Number(name="elsewhere", least=0, most=1),
        Number(name="steps", least=1, most=60, whole=True),
        Number(name="every_days", least=1, most=60, whole=True),
    ),
    Absence: (
        Choice(name="resource", allowed=_RESOURCES), _DAY, _DAYS,
        Number(name="every", least=1, most=366, whole=True),
        Number(name="count", least=1, most=50, whole=True),
    ),
    Season: (Name(name="services", many=True), Number(name="factor", least=0, most=100), _DAY, _DAYS),
}  # fmt: skip
EXAMPLE: Mapping[str, Any] = {
    "days": 243, "open_minutes": 480, "clerks": 2, "cs_terminals": 2, "replications": 100, "seed": 1,
    "services": [
        {"name": "certificate", "per_day": 16.4, "seconds": 351, "needs": ["clerk"]},
        {"name": "hand_over", "per_day": 8, "seconds": 600, "needs": ["clerk", "cs"]},
        {"name": "setup", "per_day": 8, "seconds": 1200, "needs": ["clerk", "cs"],
         "priority": "background"},
    ],
    "weekday_weight": [1.35, 0.77, 0.77, 0.77, 1.35],
}  # fmt: skip


def read_scenario(raw: object) -> Scenario | tuple[Problem, ...]:
    """Read a scenario, or say everything that is wrong with it (条件の読取り)."""
    found: list[Problem] = []
    values = _read(raw, Scenario, "", found)
    if found:
        return tuple(found)
    scenario = Scenario(**values)
    return check_scenario(scenario) or scenario


def check_scenario(scenario: Scenario) -> tuple[Problem, ...]:
    """Return what cannot be reckoned though each field is right by itself (条件の確認)."""
    found: list[Problem] = []
    names = [one.name for one in scenario.services]
    for number, name in enumerate(names):
        if name in names[:number]:
            where = f"services[{number}].name"
            found.append(Problem(code="TWIN_NAME_TWICE", where=where, facts={"name": name}))
    for number, season in enumerate(scenario.seasons):
        for name in season.services:
            if name not in names:
                facts = {"name": name, "words": "、".join(names)}
                where = f"seasons[{number}].services"
                found.append(Problem(code="TWIN_SERVICE_UNKNOWN", where=where, facts=facts))
    for resource in Resource:
        found += _nobody_there(scenario, resource)
    people = scenario.replications * sum(
        scenario.rate_on(service, day)
        for service in scenario.services
        for day in range(scenario.days)
    )
    if people > PEOPLE_MAX:
        facts = {"people": f"{people:,.0f}", "most": f"{PEOPLE_MAX:,}"}
        found.append(Problem(code="TWIN_TOO_LARGE", where="replications", facts=facts))
    return tuple(found)


def warn_of(scenario: Scenario) -> tuple[Problem, ...]:
    """Return what is told beside the figures: more work than there is time (条件の注意)."""
    there, wanted = scenario.open_minutes_of, scenario.work_minutes
    return tuple(
        Problem(code="TWIN_OVERLOADED", where=one.value,
                facts={"resource": one.value, "percent": f"{wanted[one] / there[one] * 100:.0f}"})
        for one in Resource
        if there[one] and wanted[one] > there[one]
    )  # fmt: skip


def _nobody_there(scenario: Scenario, resource: Resource) -> Iterable[Problem]:
    wanting = [one.name for one in scenario.services if resource in one.needs and one.per_day]
    gone = [day for day in range(scenario.days) if scenario.count_on(resource, day) < 1]
    if wanting and gone:
        facts = {"resource": resource.value, "day": str(gone[0]), "names": "、".join(wanting)}
        yield Problem(code="TWIN_NOBODY_THERE", where=resource.value, facts=facts)


def _read(raw: object, shape: type, path: str, found: list[Problem]) -> dict[str, Any]:
    """Read one object; problems are added to ``found`` with their path."""
    if not isinstance(raw, Mapping):
        found.append(Problem(code="CASE_NOT_AN_OBJECT", where=path or None))
        return {}
    specs = {spec.name: spec for spec in SHAPES[shape]}
    before = f"{path}." if path else ""
    for name in raw:
        if name not in specs:
            facts = {"written": str(name)[:_SHOWN], "words": "、".join(specs)}
            where = f"{before}{str(name)[:_SHOWN]}"
            found.append(Problem(code="CASE_FIELD_UNKNOWN", where=where, facts=facts))
    values: dict[str, Any] = {}
    for name, spec in specs.items():
        where = f"{before}{name}"
        if name not in raw:
            if name in _musts(shape):
                facts = {"field": name, "words": spec.words}
                found.append(Problem(code="CASE_FIELD_MISSING", where=where, facts=facts))
        elif not spec.accepts(raw[name]):
            facts = {"field": name, "written": str(raw[name])[:_SHOWN], "words": spec.words}
            found.append(
                Problem(code="CASE_VALUE_UNKNOWN", where=where, facts=facts)
                if isinstance(spec, Choice)
                else Problem(code="CASE_VALUE_WRONG", where=where, facts=facts)
            )
        else:
            values[name] = _value(spec, raw[name], where, found)
    return values


def _value(spec: Spec, given: Any, where: str, found: list[Problem]) -> Any:
    match spec:
        case Rows(shape=shape):
            before = len(found)
            rows = [_read(one, shape, f"{where}[{i}]", found) for i, one in enumerate(given)]
            return tuple(shape(**one) for one in rows) if len(found) == before else ()
        case Choice(name="needs"):
            return frozenset(Resource(one) for one in given)
        case Choice(name=name):
            return {"resource": Resource, "priority": Priority, "leftover": Leftover}[name](given)
        case Name(many=False):
            return given.strip()
        case Name() | Number(many=(_, _)):
            return tuple(given)
        case _:
            return given


def _musts(shape: type) -> set[str]:
    return {one.name for one in fields(shape) if one.default is MISSING}


# -- the shape as JSON Schema ----------------------------------------------------------


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario, with an example that runs (条件の形)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "madoguchi insights simulate: a desk to be tried out",
        **_object(Scenario),
        "examples": [dict(EXAMPLE)],
    }


def _object(shape: type) -> dict[str, Any]:
    usual = {one.name: one.default for one in fields(shape) if one.default is not MISSING}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [spec.name for spec in SHAPES[shape] if spec.name not in usual],
        "properties": {
            spec.name: _schema(spec)
            | ({"default": usual[spec.name]} if spec.name in usual else {})
            for spec in SHAPES[shape]
        },
    }  # fmt: skip


def _schema(spec: Spec) -> dict[str, Any]:
    one: dict[str, Any]
    match spec:
        case Rows(shape=shape, least=least, most=most):
            return {"type": "array", "minItems": least, "maxItems": most, "items": _object(shape)}
        case Number(whole=whole, least=least, most=most, many=many):
            one = {"type": "integer" if whole else "number", "minimum": least, "maximum": most}
            return one if many is None else {
                "type": "array", "items": one, "minItems": many[0], "maxItems": many[1],
            }  # fmt: skip
        case Choice(allowed=allowed, many=many_words):
            one = {"type": "string", "enum": list(allowed)}
            return {"type": "array", "items": one, "minItems": 1} if many_words else one
        case Name(many=many_names):
            one = {"type": "string", "minLength": 1, "maxLength": _NAME_MAX}
            return {"type": "array", "items": one, "minItems": 1} if many_names else one
