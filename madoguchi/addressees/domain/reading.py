"""Cells of a list turned into rows to compare; every bad row is told (リストの読取り)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from madoguchi.addressees.domain.births import UNREAD, read_birth
from madoguchi.addressees.domain.columns import NUMBERS, Column, Columns
from madoguchi.addressees.domain.keys import Row, with_surname
from madoguchi.addressees.domain.levels import Standing, is_protected, standing_of
from madoguchi.kernel.intake import Found, NumberedRow
from madoguchi.kernel.outcome import Problem


@dataclass(slots=True, kw_only=True)
class Reader:
    """Reads one list row by row, keeping what is wrong with it (リストの読み手)."""

    file: str
    columns: Columns
    #: Which number both files carry; None where they share none.
    number: Column | None = None
    #: In the register the number of a person is the row's own id.
    is_register: bool = False
    found: Found = field(default_factory=Found)
    rows: int = 0
    #: The line read last.
    line: int = 0
    _seen: set[str] = field(default_factory=set)

    def read(self, rows: Iterable[NumberedRow]) -> Iterator[Row]:
        """Yield the rows that can be compared (比べられる行)."""
        # A column that is not there is read off the empty cell put behind the last.
        at = [self.columns.places.get(column, -1) for column in _READ]
        number = self.columns.places.get(self.number, -1) if self.number else -1
        notice = self.columns.places.get(Column.NOTICE_NO, -1)
        by_id = self.is_register and self.number is Column.PERSON
        for line, cells in rows:
            self.rows += 1
            self.line = line
            if len(cells) != self.columns.width:
                self._ragged(line, cells)
                continue
            tidy = [*map(str.strip, cells), ""]
            (name, surname, given, kana, alias, former, birth, address, building, status,
             protected) = (tidy[place] for place in at)  # fmt: skip
            row_id = self._id(line, tidy)
            if not self._is_new(line, row_id):
                continue
            written = name or f"{surname}\u3000{given}".strip()
            others = (alias, with_surname(written, former)) if self.is_register else ()
            row = Row(
                row_id=row_id,
                name=written,
                kana=kana,
                birth=birth,
                address=f"{address} {building}" if building else address,
                standing=standing_of(status),
                is_protected=is_protected(protected),
                number=tidy[number] or (row_id if by_id else ""),
                notice_no=tidy[notice],
                others=tuple((one, "") for one in others),
            )
            if not row.name or row.standing is Standing.UNREAD or read_birth(birth) == UNREAD:
                self._warn(line, row, status)
            yield row

    def _ragged(self, line: int, cells: Sequence[str]) -> None:
        where = f"{self.file} line {line}"
        facts = {"found": str(len(cells)), "wanted": str(self.columns.width)}
        self.found.add([Problem(code="ADDRESSEES_ROW_RAGGED", where=where, facts=facts)])

    def _is_new(self, line: int, row_id: str) -> bool:
        where = f"{self.file} line {line}"
        if not row_id:
            self.found.add([Problem(code="ADDRESSEES_ID_MISSING", where=where)])
        elif row_id in self._seen:
            facts = {"id": row_id[:40]}
            self.found.add([Problem(code="ADDRESSEES_ID_TWICE", where=where, facts=facts)])
        else:
            self._seen.add(row_id)
            return True
        return False

    def _id(self, line: int, cells: Sequence[str]) -> str:
        """The row's own number; a list without one is numbered by its lines."""
        place = self.columns.places.get(Column.ID)
        if place is None:
            place = self.columns.places.get(Column.PERSON)
        return cells[place] if place is not None else str(line)

    def _warn(self, line: int, row: Row, status: str) -> None:
        """What stops no row, but makes a person decide it."""
        where = f"{self.file} line {line}"
        warnings = []
        if not row.name:
            warnings.append(Problem(code="ADDRESSEES_NAME_MISSING", where=where))
        if read_birth(row.birth) == UNREAD:
            facts = {"written": row.birth[:40] or "空欄"}
            warnings.append(Problem(code="ADDRESSEES_BIRTH_UNREAD", where=where, facts=facts))
        if row.standing is Standing.UNREAD:
            facts = {"written": status[:40]}
            warnings.append(Problem(code="ADDRESSEES_STATUS_UNREAD", where=where, facts=facts))
        self.found.warn(warnings)


_READ = (
    Column.NAME, Column.SURNAME, Column.GIVEN, Column.KANA, Column.ALIAS, Column.FORMER, Column.BIRTH, Column.ADDRESS,
    Column.BUILDING, Column.STATUS, Column.PROTECTED,
)  # fmt: skip


def shared_number(register: Columns, batch: Columns) -> Column | None:
    """Return the surest number that stands in both lists (共通の番号).

    Any register knows its people by a number of its own; only a column that says so in the list
    is that number. A list's running number never is.
    """
    for column in NUMBERS:
        in_register = register.has(column) or column is Column.PERSON
        if in_register and batch.has(column):
            return column
    return None
