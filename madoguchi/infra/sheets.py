"""Excel and CSV as rows of typed cells, and back (表計算のファイル).

A cell is kept with its type, so that what comes out is what went in: a text that looks like a
number stays a text, a date stays a date. Formulas are kept as they are written, never worked out, and given back as
text: in a book as a marked text, in a CSV behind a mark that is taken off when it comes back.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO

from madoguchi.kernel.csvfile import open_lines
from madoguchi.kernel.outcome import Problem

#: What a spreadsheet takes for the beginning of a formula.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
#: None, or a type and a value that JSON can hold.
Cell = list[Any] | None
ROWS_MAX, COLUMNS_MAX, BYTES_MAX = 50_000, 200, 64 * 1024**2
#: A book of the most rows and columns is some 200 MiB of XML; what unfolds to more is meant badly.
UNFOLDED_MAX = 256 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row as it came (1行)."""

    line: int
    cells: tuple[Cell, ...]
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The first sheet of a file (シート)."""

    name: str
    rows: tuple[SheetRow, ...]


def read_sheet(file: BinaryIO) -> Sheet | Problem:
    """Read an Excel book or a CSV, whichever it is (ファイルの読取り)."""
    head = file.read(4)
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    if size > BYTES_MAX:
        return Problem(code="CARD_SHEET_TOO_LARGE", facts={"limit": f"{BYTES_MAX // 1024**2}"})
    if head[:2] == b"PK":
        return _read_book(file)
    if head == b"\xd0\xcf\x11\xe0":
        return Problem(code="CARD_SHEET_OLD_EXCEL")
    return _read_csv(file)


def write_sheet(name: str, rows: Iterable[tuple[tuple[Cell, ...], tuple[str, ...]]]) -> bytes:
    """Write rows of typed cells with their number formats as an Excel book (書出し)."""
    # Two hundred modules: read by who writes a book, not by every process that starts.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31] or "管理簿")
    for cells, formats in rows:
        line = []
        for place, cell in enumerate(cells):
            made = WriteOnlyCell(sheet, value=value_of(cell))
            if cell is not None and cell[0] in "sf":
                # Nothing that leaves works anything out: a formula goes as the text it is.
                made.data_type = "s"
                made.quotePrefix = str(cell[1]).startswith(_ACTIVE)
            if cell is not None and place < len(formats) and formats[place]:
                made.number_format = formats[place]
            line.append(made)
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_csv(rows: Iterable[tuple[Cell, ...]]) -> bytes:
    """Write rows as CSV that a spreadsheet opens as Japanese and works nothing out of (書出し)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for cells in rows:
        writer.writerow([_defused(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _defused(cell: Cell) -> str:
    text = text_of(cell)
    return f"'{text}" if cell is not None and cell[0] in "sf" and _is_active(text) else text


def _is_active(text: str) -> bool:
    """A spreadsheet would work this out, or it hides such a text behind our own mark."""
    return text.lstrip("'").startswith(_ACTIVE)


def cell_of(value: Any, *, is_formula: bool = False) -> Cell:
    """Keep a value with its type (型つきのセル)."""
    if value is None or value == "":
        return None
    for kind, mark in _KINDS:
        if isinstance(value, kind):
            return [mark, value.isoformat() if mark in "tdh" else value]
    return ["f" if is_formula else "s", str(value)]


#: In this order: a bool is an int to Python, a datetime a date.
_KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "b"), (int, "i"), (float, "n"), (datetime, "t"), (date, "d"), (time, "h"),
)  # fmt: skip


def value_of(cell: Cell) -> Any:
    """Return the value of a kept cell (セルの値)."""
    if cell is None:
        return None
    kind, value = cell
    match kind:
        case "t":
            return datetime.fromisoformat(value)
        case "d":
            return date.fromisoformat(value)
        case "h":
            return time.fromisoformat(value)
    return value


def text_of(cell: Cell) -> str:
    """Return a cell as text, as a clerk would read it out (セルの文字)."""
    if cell is None:
        return ""
    kind, value = cell
    if kind == "t" and value.endswith("T00:00:00"):
        return str(value[:10])
    if kind == "n" and float(value).is_integer():
        return str(int(value))
    return str(value)


def _read_book(file: BinaryIO) -> Sheet | Problem:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(file) as parts:
            # What is told here is held to while unfolding, so a small file cannot fill the memory.
            unfolded = sum(part.file_size for part in parts.infolist())
        if unfolded > UNFOLDED_MAX:
            facts = {"limit": f"{UNFOLDED_MAX // 1024**2}"}
            return Problem(code="CARD_SHEET_TOO_LARGE", facts=facts)
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception:  # noqa: BLE001  a broken book breaks zip, XML or openpyxl anywhere, with any error
        return Problem(code="CARD_SHEET_UNREADABLE")
    try:
        sheet = book.worksheets[0]
        rows = []
        for line, row in enumerate(sheet.iter_rows(), start=1):
            if line > ROWS_MAX or len(row) > COLUMNS_MAX:
                facts = {"rows": f"{ROWS_MAX:,}", "columns": f"{COLUMNS_MAX}"}
                return Problem(code="CARD_SHEET_TOO_MANY", facts=facts)
            cells = tuple(
                cell_of(one.value, is_formula=getattr(one, "data_type", "") == "f") for one in row
            )
            formats = tuple(str(one.number_format) if one.value is not None else "" for one in row)
            if any(cell is not None for cell in cells):
                rows.append(SheetRow(line=line, cells=cells, formats=formats))
        return Sheet(name=str(sheet.title), rows=tuple(rows))
    except Exception:  # noqa: BLE001  the rest is read row by row, and breaks as the first part does
        return Problem(code="CARD_SHEET_UNREADABLE")
    finally:
        book.close()


def _read_csv(file: BinaryIO) -> Sheet | Problem:
    lines = open_lines(file)
    if isinstance(lines, Problem):
        return lines
    rows = tuple(
        SheetRow(line=line, cells=tuple(cell_of(_armed(cell)) for cell in cells))
        for line, cells in lines.rows()
        if any(cells)
    )
    return lines.broken or Sheet(name="管理簿", rows=rows)


def _armed(text: str) -> str:
    """Take off the mark that ``write_csv`` puts before a formula, so that it does not grow."""
    return text[1:] if text.startswith("'") and _is_active(text) else text


def widest(rows: Sequence[SheetRow]) -> int:
    """Return how many columns the rows use (列の数)."""
    return max(
        (place + 1 for row in rows for place, cell in enumerate(row.cells) if cell is not None),
        default=0,
    )
