"""Answering the one search box (検索・照会).

Order of the answer: the whole name, the surname, the given name, the beginning of the name,
any part of it; then what only older names say; then addresses, then older addresses. In each:
the registered name before a former surname or an alias, living before removed, then kana.

Source: resident record standard 2.1.2, 2.1.3.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection, transaction

from madoguchi.infra import clock
from madoguchi.kernel import areas
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.dates import RegisterDate, parse_register_date
from madoguchi.protection.api import hidden_from
from madoguchi.register.domain.items import Status
from madoguchi.register.domain.search import Part, PartKind, Question, read_question
from madoguchi.register.domain.search.keys import BUCKETED, BUCKETS, Token, token
from madoguchi.register.queries.search.arms import (
    SORTED_BY_INDEX,
    Arm,
    Condition,
    Found,
    Statement,
    equal,
    like,
    sql_of,
    unequal,
)
from madoguchi.register.queries.search.readings import (
    COST_WORD,
    MANY,
    Reading,
    anywhere,
    arm_of,
    joint_readings_of,
    readings_of,
)

LIMIT_DEFAULT = 50
LIMIT_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One person found, as the list of results shows them (検索結果の1件)."""

    person_id: str
    name: str
    kana: str
    birth: RegisterDate | None
    household_no: str
    address: str
    area: str | None
    status: Status
    matched_by: str

    @property
    def birth_date(self) -> str:
        """The birth date as ISO 8601, or in its own words where it is no day (生年月日)."""
        if self.birth is None:
            return ""
        on = self.birth.exact_on
        return on.isoformat() if on else self.birth.as_written


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The people found, how long it took, and whether there are more (検索結果)."""

    hits: tuple[SearchHit, ...]
    ms: float
    truncated: bool


def search(text: str, *, actor: Actor, limit: int = LIMIT_DEFAULT) -> SearchResult:
    """Find people by whatever was typed: names, days, numbers, addresses (検索).

    To an actor without the right to see them, held people do not exist: results, their order
    and ``truncated`` are the same as in a register without them.
    """
    began = time.perf_counter()
    wanted = max(1, min(limit, LIMIT_MAX))
    question = read_question(text)
    found = () if question.is_empty else _find(question, actor=actor, limit=wanted + 1)
    hits = _hits(found[:wanted])
    took = (time.perf_counter() - began) * 1000
    return SearchResult(hits=hits, ms=round(took, 2), truncated=len(found) > wanted)


def _find(question: Question, *, actor: Actor, limit: int) -> tuple[Found, ...]:
    """Ask statement after statement until ``limit`` people are found or nothing is left."""
    found: dict[str, Found] = {}
    open_only = hidden_from(actor)
    with transaction.atomic(), connection.cursor() as cursor:
        # Arms must run one after the other, and by their indexes however small the town is.
        cursor.execute(
            "SELECT set_config('max_parallel_workers_per_gather', '0', true),"
            " set_config('enable_seqscan', 'off', true)"
        )
        for asked in _statements(question):
            if found and asked.only_if_nobody:
                continue
            while len(found) < limit:
                text, values = sql_of(asked, without=found, open_only=open_only, limit=limit)
                cursor.execute(text, values)
                rows = cursor.fetchall()
                for person_id, code in rows:
                    found.setdefault(person_id, Found(person_id=person_id, code=code))
                # A full answer may have named somebody twice and so left out somebody else.
                if len(rows) < limit:
                    break
            if len(found) >= limit:
                break
    return tuple(found.values())[:limit]


def _statements(question: Question) -> Iterator[Statement]:
    """Yield the statements of a question, best results first; later ones may not be needed."""
    parts = question.parts
    if any(part.days is not None and not part.is_span for part in parts):
        yield _born(parts)
        return
    if len(parts) == 1:
        yield from _one_word(parts[0])
        return
    if question.whole is not None:
        yield Statement(arms=_name_arms(question.whole))
    # The longest words lead, through the index; what is beyond is looked at in what they find.
    by_length = sorted(parts, key=_weight, reverse=True)
    besides = [anywhere(part) for part in by_length[MANY:]]
    for group in joint_readings_of(by_length[:MANY]):
        yield from _asked(
            (arm_of(some, besides=besides) for some in group), only_if_nobody=len(parts) >= MANY
        )


def _asked(arms: Iterable[Arm | None], *, only_if_nobody: bool = False) -> Iterator[Statement]:
    kept = tuple(arm for arm in arms if arm is not None)
    if kept:
        yield Statement(arms=kept, only_if_nobody=only_if_nobody)


def _weight(part: Part) -> int:
    return len(part.name or part.kana or part.place)


def _one_word(part: Part) -> Iterator[Statement]:
    if part.number or part.resident_code or part.card_no:
        yield Statement(arms=_number_arms(part))
    if part.kind in (PartKind.TEXT, PartKind.KANA):
        yield Statement(arms=_name_arms(part))
    readings = [one for one in readings_of(part) if one.cost != COST_WORD]
    for in_names in (True, False):
        yield from _asked(arm_of([one]) for one in readings if _is_name(one) is in_names)


def _is_name(one: Reading) -> bool:
    return one.kind in (Token.NAME_GRAM, Token.KANA_GRAM)


# -- arms of one name ------------------------------------------------------------------


def _name_arms(part: Part) -> tuple[Arm, ...]:
    return tuple(_kana_arms(part) if part.kind is PartKind.KANA else _text_arms(part))


def _text_arms(part: Part) -> list[Arm]:
    """Whole name, surname, given name, beginning: registered name, other names, past names."""
    name = part.name
    whole = like("names", "%", "|", name, "|", "%")
    surname = like("names", "%", "|", name, " ", "%")
    given = like("names", "%", " ", name, "%")
    beginning = equal("initial", name) if len(name) == 1 else like("name", name, "%")
    return [
        _walk("NAME", equal("name", name)),
        _word("OTHER_NAME", Token.FULL, name, whole, unequal("name", name)),
        _past("PAST_NAME", Token.FULL, name, like("past_names", "%", "|", name, "|", "%")),
        _walk("NAME", equal("surname", name), unequal("name", name)),
        _word("OTHER_NAME", Token.SURNAME, name, surname, unequal("surname", name)),
        _past("PAST_NAME", Token.SURNAME, name, like("past_names", "%", "|", name, " ", "%")),
        _word("NAME", Token.GIVEN, name, given),
        _past("PAST_NAME", Token.GIVEN, name, like("past_names", "%", " ", name, "%")),
        _walk("NAME", beginning, unequal("surname", name)),
    ]


def _kana_arms(part: Part) -> list[Arm]:
    """Whole reading, surname, given name, beginning; the same for past readings."""
    kana = part.kana
    whole = like("kanas", "%", "|", kana, "|", "%")
    surname = like("kanas", "%", "|", kana, " ", "%")
    given = like("kanas", "%", " ", kana, "%")
    arms = [
        _word("KANA", Token.KANA_FULL, kana, whole),
        _past("PAST_NAME", Token.KANA_FULL, kana, like("past_kanas", "%", "|", kana, "|", "%")),
        _walk("KANA", equal("kana_surname", kana)),
        _word("OTHER_NAME", Token.KANA_SURNAME, kana, surname, unequal("kana_surname", kana)),
        _past("PAST_NAME", Token.KANA_SURNAME, kana, like("past_kanas", "%", "|", kana, " ", "%")),
        _word("KANA", Token.KANA_GIVEN, kana, given),
        _past("PAST_NAME", Token.KANA_GIVEN, kana, like("past_kanas", "%", " ", kana, "%")),
    ]
    if part.sort_prefix:
        # One arm for the living and one for the removed, since the index begins with that.
        arms += [
            _walk("KANA", (f"x.rank = {rank}", ()), like("sort_key", part.sort_prefix, "%"))
            for rank in (0, 1)
        ]
    return arms


def _walk(code: str, *conditions: Condition) -> Arm:
    return Arm(code=f"'{code}'::text", conditions=conditions, order=SORTED_BY_INDEX)


def _word(code: str, kind: Token, text: str, *conditions: Condition) -> Arm:
    return Arm(
        code=f"'{code}'::text", conditions=conditions, probes=_probes(kind, text, past=False)
    )


def _past(code: str, kind: Token, text: str, *conditions: Condition) -> Arm:
    return Arm(code=f"'{code}'::text", conditions=conditions, probes=_probes(kind, text, past=True))


def _probes(kind: Token, text: str, *, past: bool) -> tuple[tuple[int, ...], ...]:
    buckets = BUCKETS if kind in BUCKETED else ("",)
    return tuple((token(kind, text, past=past, bucket=bucket),) for bucket in buckets)


# -- arms of numbers and days ----------------------------------------------------------


def _number_arms(part: Part) -> tuple[Arm, ...]:
    """宛名番号, 世帯番号, 住民票コード, 在留カード等の番号."""
    source = "register_search x JOIN register_person p ON p.person_id = x.person_id"
    arms = []
    if part.number:
        arms.append(Arm(code="'ADDRESSEE_NO'::text", conditions=(equal("person_id", part.number),)))
        household = ("p.household_no = %s", (part.number,))
        arms.append(Arm(code="'HOUSEHOLD_NO'::text", source=source, conditions=(household,)))
    if part.resident_code:
        code = ("p.resident_code = %s AND p.resident_code <> ''", (part.resident_code,))
        arms.append(Arm(code="'RESIDENT_CODE'::text", source=source, conditions=(code,)))
    if part.card_no:
        card = (
            "x.person_id IN (SELECT v.person_id FROM register_person p JOIN register_version v"
            " ON v.id = p.version_id WHERE v.residence_card_no = %s)",
            (part.card_no,),
        )
        arms.append(Arm(code="'CARD_NO'::text", conditions=(card,)))
    return tuple(arms)


def _born(parts: Sequence[Part]) -> Statement:
    """Everybody born on these days who meets the other words too, best met first."""
    conditions: list[Condition] = [
        ("x.born BETWEEN %s AND %s", part.days)
        for part in parts
        if part.kind is PartKind.DAYS and part.days is not None
    ]
    words = [part for part in parts if part.kind is not PartKind.DAYS]
    conditions += [anywhere(part) for part in words]
    where = " AND ".join(text for text, _ in conditions)
    read = (
        "WITH born AS MATERIALIZED"  # noqa: S608
        f" (SELECT x.* FROM register_search x WHERE {where}) "
    )
    first = (read, tuple(value for _, values in conditions for value in values))
    if not words:
        return Statement(
            first=first, arms=(Arm(code="'BIRTH_DATE'::text", conditions=(), source="born x"),)
        )
    arms = (
        Arm(code=f"'BIRTH_DATE+{one.code}'::text", conditions=one.conditions, source="born x")
        for one in readings_of(words[0])
    )
    return Statement(first=first, arms=tuple(arms))


# -- what is shown of them -------------------------------------------------------------


_SHOWN = (
    "SELECT v.person_id, v.name, coalesce(nullif(v.name_kana, ''), v.alias_kana), v.birth,"
    " v.household_no, v.address, v.postcode, v.status, v.removed_sort"
    " FROM register_person p JOIN register_version v ON v.id = p.version_id"
    " WHERE p.person_id = ANY(%s)"
)


def _hits(found: Sequence[Found]) -> tuple[SearchHit, ...]:
    """Read what the list shows of the people found, in one query and in their order."""
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, [[one.person_id for one in found]])
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    hits = []
    for one in found:
        name, kana, birth, household_no, address, postcode, status, removed_on = rows[one.person_id]
        hits.append(
            SearchHit(
                person_id=one.person_id,
                name=name,
                kana=kana,
                birth=_date(birth),
                household_no=household_no,
                address=address,
                area=areas.area_of(postcode, on=today),
                status=status_on(Status(status), removed_on, today=today),
                matched_by=one.code,
            )
        )
    return tuple(hits)


def status_on(status: Status, removed_on: date | None, *, today: date) -> Status:
    """Turn 転出予定 into 転出 from the planned day on, as the ledger does (転出の効力)."""
    if status is Status.MOVE_OUT_PLANNED and removed_on is not None and removed_on <= today:
        return Status.MOVED_OUT
    return status


@lru_cache(maxsize=10_000)
def _date(written: str) -> RegisterDate | None:
    read = parse_register_date(written)
    return read if isinstance(read, RegisterDate) else None
