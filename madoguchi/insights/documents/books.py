"""The board as an Excel book that re-adds itself (効果の表の帳票・Excel).

Counts are written as they are; sums stand beside as formulas over the sheet of rows, so that
whoever opens the book sees that both are the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from madoguchi.insights.domain.counting import Tally, to_digits
from madoguchi.insights.domain.effect import Effect, Inputs, Year
from madoguchi.insights.domain.showing import printed_effect
from madoguchi.insights.domain.years import label_of

#: Words of a code: its sort and itself, as the catalogue keeps them.
Say = Callable[[str, str], str]
_HEADING = (
    "年度",
    "稼働月数",
    "交付全体",
    "行を足した数",
    "交付実績",
    "行を足した数",
    "月平均",
    "印刷された月平均",
    "利用率（%）",
)
_ROWS = ("年度", "年度の数字", "月", "種類", "方法", "件数", "出どころ")


def write_board(
    years: Sequence[Year], *, effect: Effect | None, printed: Mapping[int, Decimal], said_by: str, say: Say
) -> bytes:  # fmt: skip
    """Write the years, what the newest brought, what was taken for granted, and every row (Excel)."""
    # Two hundred modules: read by who writes a book, not by every process that starts.
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = "年度"
    rows = [row for year in years for row in year.rows]
    sheet.append(_HEADING)
    for year in years:
        sheet.append(_year_cells(year, printed, say))
    for name, lines in (
        ("効果", _effect_lines(effect, said_by, say)),
        ("内訳", _row_lines(rows, say)),
    ):
        other = book.create_sheet(name)
        for cells in lines:
            other.append(cells)
        for cell in (cell for row in other.rows for cell in row if cell.data_type == "f"):
            # Only the first sheet works anything out: what somebody wrote stays the text it is.
            cell.data_type, cell.quotePrefix = "s", True
    for one in book.worksheets:
        for cell in one[1]:
            cell.font = Font(bold=True)
        one.freeze_panes = "A2"
        for column in one.columns:
            widest = max(sum(2 if ord(c) > 0xFF else 1 for c in str(cell.value or ""))
                         for cell in column if not str(cell.value).startswith("="))  # fmt: skip
            one.column_dimensions[column[0].column_letter].width = min(60, widest + 3)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _year_cells(year: Year, printed: Mapping[int, Decimal], say: Say) -> list[Any]:
    of_year = f"内訳!$B:$B,{year.number}"
    channels = "+".join(
        f'SUMIFS(内訳!$F:$F,{of_year},内訳!$E:$E,"{say("effect_channel", one.value)}")'
        for one in year.channels
    )
    return [
        year.label, year.months, year.all_issues.issues, f"=SUMIFS(内訳!$F:$F,{of_year})",
        year.channel_issues.issues, f"={channels}", float(to_digits(year.mean, 2)),
        float(printed[year.number]) if year.number in printed else None,
        None if year.share is None else float(to_digits(year.share, 2)),
    ]  # fmt: skip


def _effect_lines(effect: Effect | None, said_by: str, say: Say) -> list[list[Any]]:
    lines: list[list[Any]] = [["項目", "値"]]
    if effect is None:
        return [*lines, ["前提の値が入っていないため、金額は出していません", None]]
    lines.append(["年度", effect.year.label])
    lines.append(["空いた職員の時間（時間）", float(to_digits(effect.hours_saved, 2))])
    yen = printed_effect(effect)
    lines += [[say("effect_yen", name), value] for name, value in yen.items()]
    if effect.yen_per_issue is not None:
        lines.append(["1件あたりの費用（円）", int(to_digits(effect.yen_per_issue, 0))])
    lines.append([None, None])
    lines.append(["前提の値の出どころ", said_by])
    lines += [
        [say("effect_input", one.name), float(getattr(effect.inputs, one.name))]
        for one in fields(Inputs)
    ]
    return lines


def _row_lines(rows: Sequence[Tally], say: Say) -> list[list[Any]]:
    return [
        list(_ROWS),
        *(
            [label_of(row.fiscal_year), row.fiscal_year, row.month,
             say("certificate_kind", row.kind or "all"), say("effect_channel", row.channel.value),
             row.issues, row.source]
            for row in rows
        ),
    ]  # fmt: skip
