"""A move-out notice as a file, and the case it opens (転出証明書情報と転入の受付).

The layout is ours (``madoguchi.move_out/1``): no public list of the items of 住基ネット's own
was found. What is missing is told, not refused: the counter asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.case import Card
from madoguchi.moves.domain.filing import PEOPLE_MAX, Arrival, Evidence, Said
from madoguchi.moves.domain.household import MoveKind

SCHEMA = "madoguchi.move_out/1"
#: Items of each person, in the order of the form.
PERSON_ITEMS = (
    "name", "name_kana", "birth", "sex", "relationship", "honseki", "hittosha", "resident_code",
)  # fmt: skip
FOREIGN_ITEMS = (
    "name_alphabet", "nationality", "residence_status", "stay_class", "stay_until",
    "residence_card_no",
)  # fmt: skip
#: Names beside the name, of whoever has them: 旧氏 (令30条の13), 通称 (令30条の16). No gap where missing.
NAMES_BESIDE = ("former_surname", "former_surname_kana", "alias", "alias_kana")
_VALUE_MAX = 120
_EVIDENCE = {
    Arrival.SPECIAL: Evidence.NOTICE, Arrival.PAPER: Evidence.CERTIFICATE,
    Arrival.ABROAD: Evidence.PASSPORT, Arrival.UNREGISTERED: Evidence.FAMILY_REGISTER,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Somebody a case expects, with what is known of them before (来る人)."""

    no: str
    items: Mapping[str, Said] = field(default_factory=dict, hash=False)
    card: Card = Card.NONE
    #: What other sections have to know, as far as it was told before.
    facts: tuple[str, ...] = ()
    #: What the family drafted otherwise than the old town's data.
    drafted: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_foreign(self) -> bool:
        """Tell whether the record is a foreign resident's (外国人住民)."""
        said = self.items.get("nationality_group")
        return said is not None and said.value == "FOREIGN"

    @property
    def gaps(self) -> tuple[str, ...]:
        """Name what the old town did not tell (足りない項目)."""
        wanted = (*PERSON_ITEMS, *FOREIGN_ITEMS) if self.is_foreign else PERSON_ITEMS
        return tuple(name for name in wanted if name not in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A family that is about to move in (転入の受付の内容)."""

    arrival: Arrival
    people: tuple[Expected, ...]
    old_town: str = ""
    planned_out_on: date | None = None
    kind: MoveKind = MoveKind.MOVE_IN
    #: Days and addresses of everybody that were told before, by the names of the form.
    once: Mapping[str, Said] = field(default_factory=dict, hash=False)
    notifier: str = ""
    drafted_on: date | None = None

    @property
    def previous_address(self) -> str:
        """Return from where they come, "" where nobody told (転入前の住所)."""
        said = self.once.get("previous_address")
        return said.value if said else ""

    @property
    def codes(self) -> frozenset[str]:
        """Return the 住民票コード told of these people (住民票コード)."""
        said = (one.items.get("resident_code") for one in self.people)
        return frozenset(one.value for one in said if one is not None)


def blank_case(arrival: Arrival, count: int) -> Expectation:
    """Return a case of which nothing is known but how many come (白紙の受付)."""
    people = tuple(Expected(no=str(at)) for at in range(1, count + 1))
    return Expectation(arrival=arrival, people=people)


def read_notice(raw: object, *, arrival: Arrival) -> Expectation | tuple[Problem, ...]:
    """Read a notice, or return everything that makes it unreadable (転出証明書情報の読取り)."""
    if not isinstance(raw, Mapping) or raw.get("schema") != SCHEMA:
        return (Problem(code="MOVE_NOTICE_UNREADABLE", facts={"schema": SCHEMA}),)
    listed = raw.get("people")
    if not isinstance(listed, list) or not 0 < len(listed) <= PEOPLE_MAX:
        return (Problem(code="MOVE_NOTICE_NO_PEOPLE", where="people"),)
    problems = list(_check_people(listed))
    planned = _day(raw.get("planned_move_out_on"))
    if isinstance(planned, Problem):
        problems.append(planned)
    if problems or isinstance(planned, Problem):
        return tuple(problems)
    evidence = _EVIDENCE[arrival]
    return Expectation(
        arrival=arrival, planned_out_on=planned, old_town=_text(raw, "old_town"),
        once={
            name: Said(value=text, evidence=evidence)
            for name in ("previous_address",) if (text := _text(raw, name))
        },
        people=tuple(
            Expected(
                no=str(at),
                items={
                    name: Said(value=text, evidence=evidence)
                    for name in (*PERSON_ITEMS, "nationality_group", *FOREIGN_ITEMS, *NAMES_BESIDE)
                    if (text := _text(one, name))
                },
                card=Card.PRESENT if one.get("has_card") is True else Card.NONE,
            )
            for at, one in enumerate(listed, start=1)
        ),
    )  # fmt: skip


def encode(case: Expectation) -> dict[str, Any]:
    """Return a case as JSON can hold it (保存の形)."""
    return {
        "arrival": case.arrival.value, "old_town": case.old_town,
        "planned_out_on": _iso(case.planned_out_on), "kind": case.kind.value,
        "once": _packed(case.once), "notifier": case.notifier, "drafted_on": _iso(case.drafted_on),
        "people": [
            {"no": one.no, "card": one.card.value, "items": _packed(one.items),
             "facts": list(one.facts), "drafted": dict(one.drafted)}
            for one in case.people
        ],
    }  # fmt: skip


def decode(data: Mapping[str, Any]) -> Expectation:
    """Return a case from what was kept of it, by this version or an older one (保存の形から)."""
    arrival = Arrival(data["arrival"])
    once = _unpacked(data.get("once", {}))
    if data.get("previous_address"):  # as it was kept before drafts
        once["previous_address"] = Said(value=data["previous_address"], evidence=_EVIDENCE[arrival])
    return Expectation(
        arrival=arrival, old_town=data["old_town"], once=once,
        planned_out_on=_from_iso(data["planned_out_on"]),
        kind=MoveKind(data.get("kind", MoveKind.MOVE_IN)),
        notifier=data.get("notifier", ""), drafted_on=_from_iso(data.get("drafted_on", "")),
        people=tuple(
            Expected(
                no=one["no"], card=Card(one["card"]), items=_unpacked(one["items"]),
                facts=tuple(one.get("facts", ())), drafted=one.get("drafted", {}),
            )
            for one in data["people"]
        ),
    )  # fmt: skip


def _packed(items: Mapping[str, Said]) -> dict[str, list[str]]:
    return {
        name: [said.value, said.evidence.value, _iso(said.told_on)] for name, said in items.items()
    }


def _unpacked(items: Mapping[str, Sequence[str]]) -> dict[str, Said]:
    return {
        name: Said(value=value, evidence=Evidence(evidence),
                   told_on=_from_iso(more[0]) if more else None)
        for name, (value, evidence, *more) in items.items()
    }  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _from_iso(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _check_people(listed: Sequence[object]) -> Iterator[Problem]:
    codes: set[str] = set()
    for at, one in enumerate(listed, start=1):
        where = f"people[{at}]"
        if not isinstance(one, Mapping):
            yield Problem(code="MOVE_NOTICE_NO_PEOPLE", where=where)
            continue
        for name, value in one.items():
            if name != "has_card" and (not isinstance(value, str) or len(value) > _VALUE_MAX):
                facts = {"field": str(name)[:40]}
                yield Problem(code="MOVE_NOTICE_VALUE_WRONG", where=f"{where}.{str(name)[:40]}",
                              facts=facts)  # fmt: skip
        code = one.get("resident_code")
        if isinstance(code, str) and code:
            if code in codes:
                yield Problem(code="MOVE_NOTICE_TWICE_INSIDE", where=where)
            codes.add(code)


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name, "")
    return value.strip()[:_VALUE_MAX] if isinstance(value, str) else ""


def _day(value: object) -> date | Problem | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        facts = {"field": "planned_move_out_on"}
        return Problem(code="MOVE_NOTICE_VALUE_WRONG", where="planned_move_out_on", facts=facts)
