"""What a resident filed by マイナポータル: 転出届 and 来庁予定, as files (マイナポータルの届出).

Both layouts are ours (``madoguchi.portal/1`` in JSON, or CSV with a row a person): no public list
of the items was found (*assumed*). The files come from a way the town trusts; nobody signed them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

from madoguchi.kernel.csvfile import open_lines
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_short
from madoguchi.moves.domain.case import Card
from madoguchi.moves.domain.filing import PEOPLE_MAX, Arrival, Evidence, Said
from madoguchi.moves.domain.household import MoveKind
from madoguchi.moves.domain.messages import NUL, OLD_AFTER, MessageKind
from madoguchi.moves.domain.notices import Expectation, Expected

SCHEMA = "madoguchi.portal/1"
#: As whose the portal's filings are counted; no town has such a code.
PORTAL = "PORTAL"
_JAPAN = timezone(timedelta(hours=9))
_KINDS = {"MOVE_OUT": MessageKind.PORTAL_MOVE_OUT, "VISIT": MessageKind.PORTAL_VISIT}
_SHARED = ("moved_on", "postcode", "address", "building", "previous_address", "visit_on")
_OF_PERSON = ("name", "name_kana", "birth", "sex", "relationship")
_TEXT_MAX = 120
_HEADINGS: Mapping[str, str] = {
    "異動日": "moved_on", "郵便番号": "postcode", "新しい住所": "address", "方書": "building",
    "いまの住所": "previous_address", "来庁予定日": "visit_on",
}  # fmt: skip
_PERSON_HEADINGS: Mapping[str, str] = {
    "氏名": "name", "フリガナ": "name_kana", "生年月日": "birth", "性別": "sex", "続柄": "relationship",
}  # fmt: skip
_WORDS = {"転出届": "MOVE_OUT", "来庁予定": "VISIT", "男": "MALE", "女": "FEMALE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalFiling:
    """One filing of a file (届出)."""

    number: int
    kind: MessageKind
    sent_at: datetime
    body: Mapping[str, Any]


def read_portal(data: bytes, *, now: datetime) -> tuple[PortalFiling, ...] | tuple[Problem, ...]:
    """Return the filings of a file, or everything that stands against it (届出の読取り)."""
    rows: Sequence[object] | Problem
    rows = _from_json(data) if data.lstrip()[:1] in (b"{", b"[") else _from_csv(data)
    if isinstance(rows, Problem):
        return (rows,)
    found, problems = [], []
    for at, raw in enumerate(rows, start=1):
        one = _read(raw, where=f"filings[{at}]", now=now)
        if isinstance(one, PortalFiling):
            found.append(one)
        else:
            problems += one
    numbers = [one.number for one in found]
    problems += [
        Problem(code="MOVE_POST_NUMBER_TWICE", facts={"town": PORTAL, "number": str(one)})
        for one in sorted({one for one in numbers if numbers.count(one) > 1})
    ]
    return tuple(problems) or tuple(found)


def expectation_of(kind: MessageKind, body: Mapping[str, Any], *, told_on: date) -> Expectation:
    """Return the case a filing opens; each field says that the portal told it (受付)."""

    def said(value: str) -> Said:
        return Said(value=value, evidence=Evidence.PORTAL, told_on=told_on)

    leaves = kind is MessageKind.PORTAL_MOVE_OUT
    moved_on = body.get("moved_on", "")
    return Expectation(
        arrival=Arrival.SPECIAL, kind=MoveKind.MOVE_OUT if leaves else MoveKind.MOVE_IN,
        once={
            name: said(_in_words(name, body[name]))
            for name in _SHARED
            if body.get(name) and name != "visit_on"
        },
        planned_out_on=date.fromisoformat(moved_on) if leaves and moved_on else None,
        people=tuple(
            Expected(
                no=str(at), items={name: said(one[name]) for name in _OF_PERSON if one.get(name)},
                card=Card.PRESENT if one.get("has_card") == "yes" else Card.NONE,
            )
            for at, one in enumerate(body["people"], start=1)
        ),
    )  # fmt: skip


def _in_words(name: str, value: str) -> str:
    """Write a day as the desk does; it was checked when the file was read."""
    return format_short(date.fromisoformat(value)) if name == "moved_on" else value


def _from_json(data: bytes) -> Sequence[object] | Problem:
    wrong = Problem(code="MOVE_POST_UNREADABLE", facts={"schema": SCHEMA})
    try:
        raw = json.loads(data.decode("utf-8-sig"))
        # What cannot be written again could not be kept: halves of characters.
        json.dumps(raw, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return wrong
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA or NUL in data:
        return wrong
    listed = raw.get("filings")
    return listed if isinstance(listed, list) and listed else wrong


def _from_csv(data: bytes) -> Sequence[object] | Problem:
    lines = open_lines(BytesIO(data))
    if isinstance(lines, Problem):
        return lines
    rows = list(lines.rows())
    if lines.broken is not None:
        return lines.broken
    wanted = {"受付番号", "種別", "受付日時", "氏名"}
    names = [one.strip() for one in rows[0][1]] if rows else []
    if not wanted <= set(names) or len(rows) < 2:
        return Problem(code="MOVE_POST_UNREADABLE", facts={"schema": SCHEMA})
    if "個人番号" in names:
        return Problem(code="MOVE_NOTICE_HAS_NUMBER", where="個人番号")
    found: dict[str, dict[str, Any]] = {}
    for line, row in rows[1:]:
        if len(row) != len(names):
            return Problem(code="MOVE_NOTICE_ROW_LENGTH", where=f"line {line}")
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=True)}
        one = found.setdefault(cells["受付番号"], {
            "number": _number_of(cells["受付番号"]),
            "kind": _WORDS.get(cells["種別"], ""), "sent_at": cells["受付日時"], "people": [],
            **{key: cells.get(name, "") for name, key in _HEADINGS.items()},
        })  # fmt: skip
        one["people"].append(_person_of(cells))
    return list(found.values())


def _number_of(text: str) -> int:
    """Return a number, 0 where it is none; what is thousands of digits long Python does not read."""
    return int(text) if text.isdecimal() and len(text) <= _TEXT_MAX else 0


def _person_of(cells: Mapping[str, str]) -> dict[str, str]:
    person = {key: cells.get(name, "") for name, key in _PERSON_HEADINGS.items()}
    person["sex"] = _WORDS.get(person["sex"], "")
    return person | ({"has_card": "yes"} if cells.get("カード") in ("あり", "有", "1") else {})


def _read(raw: object, *, where: str, now: datetime) -> PortalFiling | list[Problem]:
    if not isinstance(raw, dict):
        return [_wrong(where)]
    problems = list(_check(raw, where=where))
    if problems:
        return problems
    sent_at = datetime.fromisoformat(raw["sent_at"])
    sent_at = sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=_JAPAN)
    if now - sent_at > OLD_AFTER:
        facts = {"town": PORTAL, "number": str(raw["number"]), "days": str((now - sent_at).days)}
        return [Problem(code="MOVE_POST_TOO_OLD", where=where, facts=facts)]
    return PortalFiling(
        number=raw["number"], kind=_KINDS[raw["kind"]], sent_at=sent_at,
        body={name: raw.get(name, "") for name in _SHARED} | {"people": raw["people"]},
    )  # fmt: skip


def _check(raw: Mapping[str, Any], *, where: str) -> Iterator[Problem]:
    allowed = {"number", "kind", "sent_at", "people", *_SHARED}
    for name in sorted(set(map(str, raw)) - allowed):
        yield _wrong(f"{where}.{name}"[:40])
    if type(raw.get("number")) is not int or not 0 < raw["number"] < 10**9:
        yield _wrong(f"{where}.number")
    if raw.get("kind") not in tuple(_KINDS):  # compared, not hashed: it may be a list
        yield _wrong(f"{where}.kind")
    for name in ("sent_at", "moved_on", "visit_on"):
        if not _is_moment(raw.get(name, ""), blank=name != "sent_at", day=name != "sent_at"):
            yield _wrong(f"{where}.{name}")
    for name in _SHARED:
        if not isinstance(raw.get(name, ""), str) or len(raw.get(name, "")) > _TEXT_MAX:
            yield _wrong(f"{where}.{name}")
    people = raw.get("people")
    if not isinstance(people, list) or not 0 < len(people) <= PEOPLE_MAX:
        yield _wrong(f"{where}.people")
        return
    for at, one in enumerate(people, start=1):
        texts = isinstance(one, dict) and all(
            isinstance(value, str) and len(value) <= _TEXT_MAX for value in one.values()
        )
        if not texts or not one.get("name") or set(one) - {*_OF_PERSON, "has_card"}:
            yield _wrong(f"{where}.people[{at}]")


def _is_moment(text: object, *, blank: bool, day: bool) -> bool:
    if text == "":
        return blank
    try:
        (date if day else datetime).fromisoformat(str(text))
    except ValueError:
        return False
    return True


def _wrong(where: str) -> Problem:
    return Problem(code="MOVE_POST_BODY_WRONG", where=where, facts={"field": where})
