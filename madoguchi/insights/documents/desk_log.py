"""The log of a desk, from a file (窓口の記録のファイル)."""

from __future__ import annotations

from typing import BinaryIO

from madoguchi.insights.documents.tables import take_file
from madoguchi.insights.domain.twin.fitting import Served
from madoguchi.insights.domain.twin.log import read_log
from madoguchi.kernel.intake import FileRefused, FileReport, Found


def read_log_file(file: BinaryIO, *, opens_at: int) -> tuple[Served, ...]:
    """Read a log; refused with every problem of it (記録の読込み)."""
    found = Found()
    rows = take_file(file, found, lambda names, lines: read_log(names, lines, opens_at=opens_at))
    if found.problem_count or rows is None:
        raise FileRefused(
            FileReport(rows=len(rows or ()), problems=tuple(found.problems),
                       problem_count=found.problem_count)
        )  # fmt: skip
    return rows
