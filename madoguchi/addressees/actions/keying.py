"""Keep the keys of the register in step with it (照合キーの更新)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection

from madoguchi.addressees.domain.cutting import Vocabulary
from madoguchi.addressees.domain.keys import Keys, Row, keys_of
from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.sides import side_of
from madoguchi.addressees.queries.book import (
    COUNT_COLUMNS,
    PASS_COLUMNS,
    as_numbers,
    pass_codes,
    rules_of,
    stale_people,
)
from madoguchi.addressees.queries.people import rows_of, stands_of
from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor

_CHUNK = 20_000
_CODES = list(dict.fromkeys([*PASS_COLUMNS.values(), *COUNT_COLUMNS.values()]))
_COPY = (
    "COPY addressees_key"
    f" (rules, person_id, version_no, {', '.join((*Keys._fields, *_CODES))}) FROM STDIN"
)
#: Of a key that is kept no name is cut: that is done by everybody's names, when it is read.
_UNCUT = Vocabulary(surnames={}, givens={})


def make_keys(*, gazetteer: Gazetteer, actor: Actor, now: datetime) -> int:
    """Make the keys of whoever's are old, and count them (照合キーを作る).

    Run it in ``unit.run_long`` with a look first whether there are any: nothing done is no record.
    """
    made = keep_keys(gazetteer=gazetteer)
    rules = rules_of(gazetteer)
    record(actor=actor, action="ADDRESSEES_KEYS_MADE", subjects=[],
           detail={"people": made, "rules": rules})  # fmt: skip
    facts.note("addressees_keys_made", at=now, people=made)
    return made


def keep_keys(*, gazetteer: Gazetteer) -> int:
    """Make old keys anew in the caller's transaction; nothing where none is old (照合キーの更新)."""
    rules = rules_of(gazetteer)
    if not stale_people(rules):
        return 0
    with connection.cursor() as cursor:
        # Two lists at once would make the same keys: one waits, and then finds them made.
        cursor.execute("LOCK TABLE addressees_key IN SHARE ROW EXCLUSIVE MODE")
    stale = stale_people(rules)
    for start in range(0, len(stale), _CHUNK):
        _replace(stale[start : start + _CHUNK], rules, gazetteer)
    with connection.cursor() as cursor:
        # Thousands of new rows and old figures: the next search would not look at the indexes.
        cursor.execute("ANALYZE addressees_key")
    return len(stale)


def _replace(person_ids: Sequence[str], rules: str, gazetteer: Gazetteer) -> None:
    # The versions first: who changes meanwhile is stale again, never fresh with old keys.
    versions = {one: stand.version_no for one, stand in stands_of(person_ids).items()}
    keyed = [(row, keys) for row in rows_of(person_ids, None) for keys in keys_of(row, gazetteer)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM addressees_key WHERE person_id = ANY(%s)", [list(person_ids)])
    # Django wraps the errors of execute() and not those of COPY.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(_COPY) as copy,
    ):
        for cells in _cells(keyed):
            copy.write_row((rules, cells[0], versions[cells[0]], *cells[1:]))


def _cells(keyed: Sequence[tuple[Row, Keys]]) -> Iterator[tuple[str, ...]]:
    """Yield a person with one name's keys and their codes, as the table has them."""
    side = side_of(keyed, vocabulary=_UNCUT)
    by_column = {PASS_COLUMNS[name]: codes for name, codes in pass_codes(side).items()}
    by_column |= {column: side.codes[name] for name, column in COUNT_COLUMNS.items()}
    columns = [as_numbers(by_column[name]) for name in _CODES]
    for (row, keys), *codes in zip(keyed, *columns, strict=True):
        yield (row.row_id, *keys, *codes)
