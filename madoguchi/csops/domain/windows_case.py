"""A plan of windows as a case file: read whole, every problem at once (共同作業の計画のファイル)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

from madoguchi.csops.domain.windows import Plan, Stretch, TownTimes
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text

TOWNS_MAX = 200
SPANS_MAX = 2_000
HOURS_MAX = 24 * 31
NAME_MAX = 60
_FILES_MAX = 20
_SHOWN = 40
_JAPAN = timezone(timedelta(hours=9))
_MUST = ("from", "to", "duration_hours", "max_towns_at_once", "towns")
_OF_TOWN = ("name", "peaks", "quiet", "peaks_ics", "quiet_ics")
_SPAN_LISTS = ("peaks", "quiet")
_TIME_FORM = "2027-01-01T17:15 の形の日時"

#: Read a calendar file, by its name, as the stretches of its events within the whole.
Calendar = Callable[[str, Stretch], tuple[Stretch, ...] | tuple[Problem, ...]]

PLAN_EXAMPLE: Mapping[str, Any] = {
    "from": "2027-01-12T00:00", "to": "2027-01-15T00:00",
    "duration_hours": 4, "max_towns_at_once": 1,
    "towns": [
        {"name": "みなと町", "peaks": [["2027-01-12T08:30", "2027-01-12T19:00"]],
         "quiet": [["2027-01-12T17:15", "2027-01-13T08:30"]]},
        {"name": "はまべ村", "quiet": [["2027-01-12T18:00", "2027-01-13T00:00"],
                                     ["2027-01-14T13:00", "2027-01-14T17:00"]]},
    ],
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Gathers problems while the file is read, so that none hides another (読取り)."""

    found: list[Problem] = field(default_factory=list)

    def wrong(self, where: str, given: object, words: str) -> None:
        facts = {"field": where, "written": str(given)[:_SHOWN], "words": words}
        self.found.append(Problem(code="CASE_VALUE_WRONG", where=where, facts=facts))

    def names(self, raw: Mapping[str, Any], known: tuple[str, ...], at: str) -> None:
        for name in raw:
            if name not in known:
                written = str(name)[:_SHOWN]
                facts = {"written": written, "words": "、".join(known)}
                self.found.append(
                    Problem(code="CASE_FIELD_UNKNOWN", where=at + written, facts=facts)
                )

    def missing(self, where: str, words: str) -> None:
        facts = {"field": where, "words": words}
        self.found.append(Problem(code="CASE_FIELD_MISSING", where=where, facts=facts))

    def moment(self, given: object, where: str) -> datetime | None:
        """Read a moment of Japan's time; one written with another offset is brought to it."""
        try:
            read = datetime.fromisoformat(given) if isinstance(given, str) else None
        except ValueError:
            read = None
        if read is None or read.microsecond:
            self.wrong(where, given, _TIME_FORM)
            return None
        return in_japan(read)

    def whole(self, given: object, where: str, most: int) -> int | None:
        if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= most:
            return given
        self.wrong(where, given, f"1 から {most} の整数")
        return None

    def length(self, given: object, where: str) -> timedelta | None:
        """Read hours as whole minutes: 4, 1.5, 0.25."""
        number = isinstance(given, int | float) and not isinstance(given, bool)
        if number and 0 < given <= HOURS_MAX:  # type: ignore[operator]  # number says so
            minutes = Fraction(str(given)) * 60
            if minutes.denominator == 1:
                return timedelta(minutes=int(minutes))
        self.wrong(where, given, f"{HOURS_MAX} までの時間数（1.5 のように、分で割り切れる数）")
        return None

    def spans(self, given: object, where: str) -> Iterator[Stretch]:
        if not isinstance(given, list) or len(given) > SPANS_MAX:
            self.wrong(where, given, f"[始まり, 終わり] を並べたもの（{SPANS_MAX}まで）")
            return
        for number, pair in enumerate(given, start=1):
            at = f"{where}[{number}]"
            if not isinstance(pair, list) or len(pair) != 2:
                self.wrong(at, pair, "[始まり, 終わり] の形")
                continue
            begins, ends = (self.moment(one, at) for one in pair)
            if begins is None or ends is None:
                continue
            if begins < ends:
                yield Stretch(begins=begins, ends=ends)
            else:
                self.found.append(Problem(code="CSOPS_SPAN_BACKWARDS", where=at))


def in_japan(moment: datetime) -> datetime:
    """Return a moment as Japan's clocks show it, without its offset (日本の時刻)."""
    return moment.astimezone(_JAPAN).replace(tzinfo=None) if moment.tzinfo else moment


def read_plan(raw: object, *, calendar: Calendar) -> Plan | tuple[Problem, ...]:
    """Read a plan, or return everything that is wrong with it (計画の読取り)."""
    if not isinstance(raw, Mapping):
        return (Problem(code="CASE_NOT_AN_OBJECT"),)
    reader = _Reader()
    reader.names(raw, _MUST, "")
    for name in _MUST:
        if raw.get(name) is None:
            reader.missing(name, "団体の並び" if name == "towns" else _form_of(name))
    given = {name: value for name, value in raw.items() if value is not None}
    begins = reader.moment(given["from"], "from") if "from" in given else None
    ends = reader.moment(given["to"], "to") if "to" in given else None
    length = (
        reader.length(given["duration_hours"], "duration_hours")
        if "duration_hours" in given else None
    )  # fmt: skip
    at_once = (
        reader.whole(given["max_towns_at_once"], "max_towns_at_once", TOWNS_MAX)
        if "max_towns_at_once" in given else None
    )  # fmt: skip
    whole = None
    if begins is not None and ends is not None:
        if begins < ends:
            whole = Stretch(begins=begins, ends=ends)
        else:
            reader.found.append(Problem(code="CSOPS_SPAN_BACKWARDS", where="to"))
    if whole and length and length > whole.ends - whole.begins:
        reader.found.append(Problem(code="CSOPS_WINDOW_TOO_LONG", where="duration_hours"))
    towns = _towns(reader, given["towns"], whole, calendar) if "towns" in given else ()
    if reader.found:
        return tuple(reader.found)
    assert whole is not None and length is not None and at_once is not None
    return Plan(whole=whole, length=length, at_once=at_once, towns=towns)


def _towns(
    reader: _Reader, given: object, whole: Stretch | None, calendar: Calendar
) -> tuple[TownTimes, ...]:
    if not isinstance(given, list) or not 0 < len(given) <= TOWNS_MAX:
        reader.wrong("towns", given, f"1 から {TOWNS_MAX} までの団体の並び")
        return ()
    found: list[TownTimes] = []
    for number, one in enumerate(given, start=1):
        where = f"towns[{number}]"
        if not isinstance(one, Mapping):
            reader.wrong(where, one, "団体の項目の集まり")
            continue
        reader.names(one, _OF_TOWN, f"{where}.")
        given_name = one.get("name")
        name = given_name if isinstance(given_name, str) else ""
        if not name.strip():
            reader.missing(f"{where}.name", "団体の名前")
        reader.found.extend(check_free_text(name, limit=NAME_MAX, where=f"{where}.name"))
        if name.strip() and name.strip() in {town.name for town in found}:
            facts = {"town": name.strip()}
            reader.found.append(Problem(code="CSOPS_TOWN_TWICE", where=where, facts=facts))
        if one.get("quiet") is None and one.get("quiet_ics") is None:
            reader.missing(f"{where}.quiet", "静かな時間の並び、または quiet_ics の予定ファイル")
        spans = {
            kind: (
                *reader.spans(one.get(kind) or [], f"{where}.{kind}"),
                *_from_files(reader, one.get(f"{kind}_ics"), f"{where}.{kind}_ics", whole, calendar),
            )
            for kind in _SPAN_LISTS
        }  # fmt: skip
        found.append(TownTimes(name=name.strip(), **spans))
    return tuple(found)


def _from_files(
    reader: _Reader, given: object, where: str, whole: Stretch | None, calendar: Calendar
) -> Iterator[Stretch]:
    if given is None:
        return
    names: list[Any] = given if isinstance(given, list) else [given]
    if len(names) > _FILES_MAX or not all(isinstance(one, str) and one for one in names):
        reader.wrong(where, given, f"予定ファイルの名前（{_FILES_MAX}まで）")
        return
    if whole is None:  # said already; without it no repeated event has an end
        return
    for name in names:
        for one in calendar(name, whole):
            if isinstance(one, Problem):
                facts = {"file": name[:_SHOWN], **one.facts}
                reader.found.append(Problem(code=one.code, where=where, facts=facts))
            else:
                yield one


def _form_of(name: str) -> str:
    return {
        "duration_hours": "時間数（4、1.5）", "max_towns_at_once": f"1 から {TOWNS_MAX} の整数",
    }.get(name, _TIME_FORM)  # fmt: skip


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of a plan, with an example that runs (計画の形)."""
    moment = {"type": "string", "format": "date-time",
              "description": "Japan's own time: 2027-01-01T17:15; no offset needed"}  # fmt: skip
    pair = {"type": "array", "prefixItems": [moment, moment], "minItems": 2, "maxItems": 2,
            "items": moment}  # fmt: skip
    spans = {"type": "array", "maxItems": SPANS_MAX, "items": pair}
    file = {"type": "string", "minLength": 1,
            "description": "an .ics file beside the plan; each of its events is a span"}  # fmt: skip
    files = {"oneOf": [file, {"type": "array", "maxItems": _FILES_MAX, "items": file}]}
    town = {
        "type": "object", "additionalProperties": False, "required": ["name"],
        "anyOf": [{"required": ["quiet"]}, {"required": ["quiet_ics"]}],
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": NAME_MAX},
            "peaks": spans, "quiet": spans, "peaks_ics": files, "quiet_ics": files,
        },
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "madoguchi csops windows: one window for each of several towns",
        "type": "object", "additionalProperties": False, "required": list(_MUST),
        "properties": {
            "from": moment, "to": moment,
            "duration_hours": {"type": "number", "exclusiveMinimum": 0, "maximum": HOURS_MAX,
                               "description": "whole minutes: 4, 1.5, 0.25"},
            "max_towns_at_once": {"type": "integer", "minimum": 1, "maximum": TOWNS_MAX},
            "towns": {"type": "array", "minItems": 1, "maxItems": TOWNS_MAX, "items": town},
        },
        "examples": [dict(PLAN_EXAMPLE)],
    }  # fmt: skip
