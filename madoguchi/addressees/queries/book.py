"""The register opened for one list (照合用の台帳).

A list meets only that part of the register its own keys point to, by the indexed columns of the
kept keys; how common a value is, is counted over everybody. Whoever's keys are missing, older than
their record or made by other rules is read whole, so that what is kept never decides what is true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np
from django.db import connection

from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.columns import Column
from madoguchi.addressees.domain.cutting import Vocabulary
from madoguchi.addressees.domain.keys import KEYS_VERSION, Keys, Row, keys_of
from madoguchi.addressees.domain.linkage import Codes
from madoguchi.addressees.domain.matching import Book, open_book
from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.sides import PASSES, Side, build_side, side_of
from madoguchi.addressees.domain.weights import COUNTED, Counts, add_counts, count
from madoguchi.addressees.queries.people import everybody_by_code, rows_of, stands_of

#: The column of each pass; the number is no key: it is looked up where it belongs.
PASS_COLUMNS = {
    one.name: f"by_{one.name.replace(' ', '_')}" for one in PASSES if one.name != "number"
}
_COUNTED = {"whole": "by_name", "birth": "by_birth", "kana": "by_kana"}
COUNT_COLUMNS = {name: _COUNTED.get(name, f"of_{name}") for name in COUNTED}
#: Kept keys that hold: made by these rules, from the newest version of their person.
_HOLD = " FROM addressees_key k WHERE k.rules = %(rules)s AND NOT k.person_id = ANY(%(stale)s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What of the kept keys holds: all of these rules but those of ``stale`` people."""

    rules: str
    stale: Sequence[str]

    def read(self, sql: str, **more: Any) -> list[Any]:
        """Read rows of the keys that hold; ``sql`` has the place of the condition in it."""
        given = {"rules": self.rules, "stale": list(self.stale), **more}
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("{hold}", _HOLD), given)
            rows: list[Any] = cursor.fetchall()
        return rows


@dataclass(slots=True, kw_only=True)
class _Part:
    """A part of the register, name by name: kept keys, and those made this moment."""

    keyed: list[tuple[Row, Keys]] = field(default_factory=list)
    made: set[str] = field(default_factory=set)


@lru_cache(maxsize=4)
def rules_of(gazetteer: Gazetteer) -> str:
    """Return by which rules keys are made here: their version, and the town's names (キーの版)."""
    return f"{KEYS_VERSION}.{sha256(repr(gazetteer).encode()).hexdigest()[:12]}"


def stale_people(rules: str) -> list[str]:
    """List whose keys are missing, older than their record, or made by other rules (古いキー)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.person_id FROM register_out_names n WHERE NOT EXISTS ("
            " SELECT FROM addressees_key k WHERE k.person_id = n.person_id AND k.rules = %s"
            " AND k.version_no = n.history_no) ORDER BY n.person_id",
            [rules],
        )
        return [person_id for (person_id,) in cursor.fetchall()]


def open_register(
    rows: Sequence[Row], *, number: Column | None, gazetteer: Gazetteer
) -> tuple[Side, Book]:
    """Return a list's rows as a side, and the register opened for them (リストと台帳)."""
    kept = _Kept(rules=rules_of(gazetteer), stale=stale_people(rules_of(gazetteer)))
    fresh = [(row, one) for row in rows_of(kept.stale, number) for one in keys_of(row, gazetteer)]
    words = _words(kept, [keys for _, keys in fresh])
    batch = build_side(rows, gazetteer, vocabulary=words)
    part = _meet(kept, batch, {row.number for row in rows if row.number}, number)
    part.made = {row.row_id for row, _ in fresh}
    part.keyed = sorted([*part.keyed, *fresh], key=lambda one: (one[0].row_id, one[1].name_no))
    side = side_of(part.keyed, vocabulary=words)
    ((holding,),) = kept.read("SELECT count(*){hold}")
    counts = _counts(kept, side, part)
    return batch, open_book(side, rows=holding + len(fresh), counts=counts)


def _words(kept: _Kept, fresh: Sequence[Keys]) -> Vocabulary:
    """Count the surnames and given names of everybody, by which names without a space are cut."""

    def counted(of: Callable[[Keys], str], sql: str) -> Counter[str]:
        found = Counter(dict(kept.read(sql)))
        found.update(word for word in map(of, fresh) if word)
        return found

    return Vocabulary.of(
        surnames=counted(lambda one: one.surname,
                         "SELECT k.surname, count(*){hold} AND k.surname <> '' GROUP BY 1"),
        givens=counted(lambda one: one.given,
                       "SELECT k.given, count(*){hold} AND k.given <> '' GROUP BY 1"),
        uncut=counted(lambda one: "" if one.surname else one.whole,
                      "SELECT k.whole, count(*){hold} AND k.surname = '' GROUP BY 1"),
    )  # fmt: skip


def _meet(kept: _Kept, batch: Side, numbers: Collection[str], number: Column | None) -> _Part:
    """Read the kept keys a list meets in any pass, whole blocks, and every name nobody could cut."""
    given: dict[str, Any] = {"ids": []}
    by_number: Mapping[str, str] = {}
    if number is Column.PERSON:
        given["ids"] = sorted(numbers)
    elif number is Column.RESIDENT_CODE:
        by_number = everybody_by_code()
        given["ids"] = sorted(by_number[one] for one in numbers if one in by_number)
    for name, codes in pass_codes(batch).items():
        given[PASS_COLUMNS[name]] = as_numbers(np.unique(codes[codes != 0]))
    meets = " OR ".join(f"k.{one} = ANY(%({one})s)" for one in PASS_COLUMNS.values())
    columns = ", ".join(f"k.{one}" for one in Keys._fields)
    found = kept.read(
        f"SELECT k.person_id, {columns}{{hold}}"
        f" AND (k.surname = '' OR k.person_id = ANY(%(ids)s) OR {meets})",
        **given,
    )
    stands = stands_of({one[0] for one in found})
    codes_of = {person_id: code for code, person_id in by_number.items()}
    part = _Part()
    for person_id, *cells in found:
        stand = stands.get(person_id)
        if stand is not None:
            own = person_id if number is Column.PERSON else codes_of.get(person_id, "")
            row = Row(row_id=person_id, name="", standing=stand.standing,
                      is_protected=stand.is_held, number=own)  # fmt: skip
            part.keyed.append((row, Keys(*cells)))
    return part


def pass_codes(side: Side) -> dict[str, Codes]:
    """Return the code of each row in each pass that is kept (候補の条件の符号)."""
    return {
        one.name: linkage.combine(*(side.codes[name] for name in one.columns))
        for one in PASSES
        if one.name in PASS_COLUMNS
    }


def as_numbers(codes: Codes) -> list[int]:
    """Return codes as the database keeps them, with a sign (符号の保存形)."""
    numbers: list[int] = codes.view(np.int64).tolist()
    return numbers


def _counts(kept: _Kept, side: Side, part: _Part) -> dict[str, Counts]:
    """Count over everybody how often the values of this part are met."""
    made = np.array([row.row_id in part.made for row, _ in part.keyed], dtype=np.bool_)
    # What was cut this moment has surname and given name in no kept column.
    cut = made | np.array([not keys.surname for _, keys in part.keyed], dtype=np.bool_)
    found = {}
    for name, column in COUNT_COLUMNS.items():
        codes = side.codes[name]
        rows = kept.read(
            f"SELECT k.{column}, count(*){{hold}}"
            f" AND k.{column} <> 0 AND k.{column} = ANY(%(values)s) GROUP BY 1",
            values=as_numbers(np.unique(codes)),
        )
        pairs = np.array(rows, dtype=np.int64).reshape(-1, 2)
        stored = Counts(pairs[:, 0].astype(np.uint64), pairs[:, 1])
        found[name] = add_counts(
            stored, count(codes[cut if name in ("surname", "given") else made])
        )
    return found
