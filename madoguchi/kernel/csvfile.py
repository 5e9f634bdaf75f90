"""From bytes to rows of cells (文字コードと行の読取り): strict, streaming, limited.

UTF-8 is tried first, then CP932 (Shift_JIS as Windows writes it), both strictly and over the
whole file: a text that is half one and half the other is refused, with the place.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO

from madoguchi.kernel.outcome import Problem

ENCODINGS = ("utf-8-sig", "cp932")
#: A line may hold so many characters: several times the longest a register can have.
LINE_LENGTH_MAX = 60_000
FILE_BYTES_MAX = 4 * 1024**3
_BLOCK = 1 << 20
# Python reads the bytes 80, A0, FD, FE and FF of CP932 as these; no text holds them.
_STRAY = re.compile("[\x80\uf8f0-\uf8f3]")


@dataclass(slots=True, kw_only=True)
class Lines:
    """An opened file: its encoding, and its rows with their lines."""

    encoding: str
    stream: BinaryIO
    line_length_max: int = LINE_LENGTH_MAX
    #: What ended the reading early; what follows in the file was not looked at.
    broken: Problem | None = None

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with the number of the line it begins on; blank lines are skipped."""
        self.stream.seek(0)
        text = TextIOWrapper(self.stream, encoding=self.encoding, newline="")
        try:
            reader = csv.reader(self._lines(text), strict=True)
            began = 1
            while True:
                try:
                    row = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    self.broken = self.broken or _problem_of(error, line=began)
                    return
                if self.broken is not None:
                    return
                if row:
                    yield began, row
                began = reader.line_num + 1
        finally:
            text.detach()

    def _lines(self, text: TextIOWrapper) -> Iterator[str]:
        """Yield lines; an endless one is cut short before it fills the memory."""
        number = 0
        limit = self.line_length_max
        while line := text.readline(limit + 1):
            number += 1
            if len(line) > limit:
                self.broken = Problem(
                    code="CSV_CELL_TOO_LARGE",
                    where=f"line {number}",
                    facts={"limit": f"{limit:,}"},
                )
                return
            yield line


def open_lines(stream: BinaryIO, *, line_length_max: int = LINE_LENGTH_MAX) -> Lines | Problem:
    """Find the encoding of a whole file, or say where it is not text (文字コードの判定)."""
    furthest: tuple[int, int] = (0, 0)
    for encoding in ENCODINGS:
        outcome = _scan(stream, encoding)
        if outcome is None:
            return Lines(encoding=encoding, stream=stream, line_length_max=line_length_max)
        if isinstance(outcome, Problem):
            return outcome
        furthest = max(furthest, outcome)
    offset, line = furthest
    return Problem(
        code="CSV_ENCODING",
        where=f"line {line}",
        facts={"line": str(line), "byte": f"{offset + 1:,}"},
    )


def _scan(stream: BinaryIO, encoding: str) -> tuple[int, int] | Problem | None:
    """Return the offset and line of the first byte that does not fit, or None if all do."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = lines = 0
    while block := stream.read(_BLOCK):
        if (nul := block.find(b"\0")) >= 0:
            line = lines + block.count(b"\n", 0, nul) + 1
            facts = {"line": str(line), "byte": f"{offset + nul + 1:,}"}
            return Problem(code="CSV_NUL", where=f"line {line}", facts=facts)
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block)
        except UnicodeDecodeError as error:
            at = max(error.start - pending, 0)
            return offset + at, lines + block.count(b"\n", 0, at) + 1
        stray = _STRAY.search(text) if encoding == "cp932" else None
        if stray is not None:
            before = len(text[: stray.start()].encode("cp932"))
            at = max(before - pending, 0)
            return offset + at, lines + block.count(b"\n", 0, at) + 1
        offset += len(block)
        lines += block.count(b"\n")
        if offset > FILE_BYTES_MAX:
            facts = {"limit": f"{FILE_BYTES_MAX // 1024**3}"}
            return Problem(code="CSV_FILE_TOO_LARGE", facts=facts)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return offset, lines + 1
    return None


def _problem_of(error: csv.Error, *, line: int) -> Problem:
    """Tell an oversized cell from broken quotes: csv has one exception for both."""
    where = f"line {line}"
    if "field limit" in str(error):
        facts = {"limit": f"{csv.field_size_limit():,}"}
        return Problem(code="CSV_CELL_TOO_LARGE", where=where, facts=facts)
    return Problem(code="CSV_QUOTES", where=where)
