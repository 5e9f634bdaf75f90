"""Two files in, one file of decisions out, without a town (ファイルどうしの照合)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from madoguchi.addressees.documents.keeping import load_book, save_book, sum_of
from madoguchi.addressees.documents.lists import OpenList, open_list
from madoguchi.addressees.domain.columns import check_columns, guess_columns
from madoguchi.addressees.domain.deciding import Decision, Policy
from madoguchi.addressees.domain.matching import Book, Finding, Matched, match, open_book
from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.reading import Reader, shared_number
from madoguchi.addressees.domain.sides import build_side
from madoguchi.kernel.intake import FileRefused, FileReport
from madoguchi.kernel.outcome import Problem

HEADINGS = ("batch_id", "decision", "register_id", "bits", "margin", "reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What comparing two files gave (照合の結果): the decisions, and what was wrong with rows."""

    matched: Matched
    register_rows: int
    warnings: tuple[Problem, ...]
    warning_count: int
    keys_reused: bool


def reconcile_files(
    register: BinaryIO,
    batch: BinaryIO,
    *,
    gazetteer: Gazetteer,
    policy: Policy | None = None,
    keys: Path | None = None,
) -> Reconciled:
    """Compare a list with a register; a bad file is refused with all its problems (照合する)."""
    readers, lists = _open_both(register, batch)
    book, reused = _book(register, readers[0], lists[0], gazetteer, keys)
    side = build_side(readers[1].read(lists[1].rows), gazetteer, vocabulary=book.side.vocabulary)
    for reader, opened in zip(readers, lists, strict=True):
        if opened.broken:
            reader.found.add([opened.broken])
    _refuse_bad(readers)
    if keys is not None and not reused:
        save_book(book, keys, made_from=_sum(register, readers[0], gazetteer))
    return Reconciled(
        matched=match(side, book, policy=policy),
        register_rows=len(book.side),
        warnings=tuple(one for reader in readers for one in reader.found.warnings),
        warning_count=sum(reader.found.warning_count for reader in readers),
        keys_reused=reused,
    )


def write_decisions(matched: Matched, words: Callable[[Finding], str]) -> bytes:
    """Write the decisions as CSV, in the order of the list (結果のファイル)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for one in matched.findings(candidates=1):
        best = one.candidates[0] if one.candidates else None
        named = best is not None and one.decision is not Decision.NONE
        writer.writerow(
            (
                one.row_id,
                one.decision.value,
                best.register_id if best and named else "",
                f"{one.bits:.2f}" if best else "",
                f"{one.margin:.2f}" if best else "",
                words(one),
            )
        )
    return out.getvalue().encode()


def _open_both(
    register: BinaryIO, batch: BinaryIO
) -> tuple[tuple[Reader, Reader], tuple[OpenList, OpenList]]:
    """Open both lists; what is wrong with either is told at once."""
    problems: list[Problem] = []
    opened = []
    for name, file in (("register", register), ("batch", batch)):
        one = open_list(file)
        if isinstance(one, Problem):
            problems.append(Problem(code=one.code, where=name, facts=one.facts))
            continue
        columns = guess_columns(one.headings)
        problems += check_columns(columns, one.headings, file=name)
        opened.append((one, columns))
    if problems:
        for one, _ in opened:
            one.close()
        raise FileRefused(FileReport(rows=0, problems=tuple(problems), problem_count=len(problems)))
    (first, first_columns), (second, second_columns) = opened
    number = shared_number(first_columns, second_columns)
    readers = (
        Reader(file="register", columns=first_columns, number=number, is_register=True),
        Reader(file="batch", columns=second_columns, number=number),
    )
    return readers, (first, second)


def _book(
    file: BinaryIO, reader: Reader, opened: OpenList, gazetteer: Gazetteer, keys: Path | None
) -> tuple[Book, bool]:
    """Open the register: from kept keys where they are of this very file."""
    if keys is not None:
        kept = load_book(keys, made_from=_sum(file, reader, gazetteer))
        if kept is not None:
            opened.close()
            return kept, True
    return open_book(build_side(reader.read(opened.rows), gazetteer)), False


def _sum(file: BinaryIO, reader: Reader, gazetteer: Gazetteer) -> str:
    position = file.tell()
    found = sum_of(file, gazetteer=gazetteer, number=str(reader.number))
    file.seek(position)
    return found


def _refuse_bad(readers: tuple[Reader, Reader]) -> None:
    """Refuse both files where any row is bad: nothing is half done."""
    if not any(reader.found.problem_count for reader in readers):
        return
    raise FileRefused(
        FileReport(
            rows=readers[1].rows,
            problems=tuple(one for reader in readers for one in reader.found.problems),
            problem_count=sum(reader.found.problem_count for reader in readers),
            warnings=tuple(one for reader in readers for one in reader.found.warnings),
            warning_count=sum(reader.found.warning_count for reader in readers),
        )
    )
