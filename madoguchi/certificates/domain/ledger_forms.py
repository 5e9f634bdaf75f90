"""The middle of the papers made from a ledger: seal registration and tax (原簿の様式の本文)."""

from collections.abc import Sequence
from functools import cache
from itertools import groupby

from madoguchi.certificates.domain.body import Body, block, joined, only_runs
from madoguchi.certificates.domain.cells import Cell, line_run
from madoguchi.certificates.domain.forms import FORM_WIDTH_MM, FORM_X_MM, Form, form_of
from madoguchi.certificates.domain.frame import blank_below
from madoguchi.certificates.domain.paper import Line, Paper
from madoguchi.certificates.domain.sheets import Box, Face

#: Without 住所・世帯主 at the head the middle begins higher.
_TOP_MM = 26.0
_GAP_MM = 4.0
_PAD = 2.0

# --- 印鑑登録証明書 ---------------------------------------------------------------------


def seal_lines(*, name: str, birth: str, address: str) -> tuple[Line, ...]:
    """Return what stands beside the imprint (印鑑登録証明書の記載)."""
    return (
        Line(label="氏名", value=name),
        Line(label="生年月日", value=birth),
        Line(label="住所", value=address),
    )


_SQUARE_X, _SQUARE_END, _LABEL_END = 13.0, 63.0, 86.0
_SEAL_HEIGHT = 50.0
_SEAL_ROWS = (16.0, 12.0, 22.0)


@cache
def _seal_form(labels: tuple[str, ...]) -> Form:
    cells = [
        Cell(field="", label="印影", x_mm=0.0, value_x_mm=_SQUARE_X, end_x_mm=_SQUARE_X,
             y_mm=0.0, height_mm=_SEAL_HEIGHT, label_pt=9.0, pad_mm=_PAD),
    ]  # fmt: skip
    cells.append(
        Cell(field="", label="", x_mm=_SQUARE_X, value_x_mm=_SQUARE_X, end_x_mm=_SQUARE_END,
             y_mm=0.0, height_mm=_SEAL_HEIGHT)
    )  # fmt: skip
    y_mm = 0.0
    for place, (label, height) in enumerate(zip(labels, _SEAL_ROWS, strict=True)):
        cells.append(
            Cell(field=f"line_{place}", label=label, x_mm=_SQUARE_END, value_x_mm=_LABEL_END,
                 end_x_mm=FORM_WIDTH_MM, y_mm=y_mm, height_mm=height, size_pt=12.0, label_pt=9.0, pad_mm=_PAD)
        )  # fmt: skip
        y_mm += height
    return form_of(cells)


def seal_bodies(paper: Paper) -> tuple[Body, ...]:
    """Lay imprint, name, birth date and address side by side (印鑑登録証明書)."""
    form = _seal_form(tuple(line.label for line in paper.lines))
    body = block(paper, form, _texts(paper.lines), number=1, y_mm=_TOP_MM)
    centre_x = FORM_X_MM + (_SQUARE_X + _SQUARE_END) / 2
    width, height = paper.imprint_mm
    imprint = Box(
        x_mm=centre_x - width / 2,
        y_mm=_TOP_MM + (_SEAL_HEIGHT - height) / 2,
        width_mm=width,
        height_mm=height,
    )
    around = Body(runs=(), rules=(), frames=(), persons=(), problems=(), imprint=imprint)
    return (joined((body, around, only_runs(blank_below(_TOP_MM + _SEAL_HEIGHT)))),)


# --- 所得・課税証明書 --------------------------------------------------------------------

#: The table of amounts, in the order of ``ledger_csv.AMOUNTS``: its groups and labels.
_TAX_ROWS = (
    ("収入・所得", "給与収入金額"),
    ("収入・所得", "公的年金等収入金額"),
    ("収入・所得", "合計所得金額"),
    ("控除・課税標準", "所得控除額"),
    ("控除・課税標準", "課税標準額"),
    ("町民税", "所得割額"),
    ("町民税", "均等割額"),
    ("県民税", "所得割額"),
    ("県民税", "均等割額"),
    ("国税", "森林環境税額"),
    ("年税額", "町民税・県民税・森林環境税の合計"),
)


def tax_lines(
    *, year: str, address: str, name: str, birth: str, category: str, amounts: Sequence[int]
) -> tuple[Line, ...]:
    """Return what stands on a tax paper, the table of amounts last (所得・課税証明書の記載)."""
    return (
        Line(label="年度", value=year),
        Line(label="住所（賦課期日現在）", value=address),
        Line(label="氏名", value=name),
        Line(label="生年月日", value=birth),
        Line(label="課税区分", value=category),
        *(
            Line(group=group, label=label, value=f"{yen:,}円")
            for (group, label), yen in zip(_TAX_ROWS, amounts, strict=True)
        ),
    )


_TOP_LABEL, _GROUP_END, _AMOUNT_X = 38.0, 38.0, 126.0
_TOP_ROW, _TABLE_ROW = 9.5, 8.6
_TAX_NOTE = "課税の内容の証明です。納めたことの証明（納税証明書）ではありません。"


@cache
def _top_form(labels: tuple[str, ...]) -> Form:
    return form_of(
        [
            Cell(field=f"line_{place}", label=label, x_mm=0.0, value_x_mm=_TOP_LABEL,
                 end_x_mm=FORM_WIDTH_MM, y_mm=place * _TOP_ROW, height_mm=_TOP_ROW,
                 size_pt=11.0, label_pt=8.5, pad_mm=_PAD)
            for place, label in enumerate(labels)
        ]
    )  # fmt: skip


@cache
def _table_form(rows: tuple[tuple[str, str], ...]) -> Form:
    cells: list[Cell] = []
    place = 0
    for group, some in groupby(rows, key=lambda row: row[0]):
        labels = [label for _, label in some]
        cells.append(
            Cell(field="", label=group, x_mm=0.0, value_x_mm=_GROUP_END, end_x_mm=_GROUP_END,
                 y_mm=place * _TABLE_ROW, height_mm=len(labels) * _TABLE_ROW, label_pt=8.5, pad_mm=_PAD)
        )  # fmt: skip
        for label in labels:
            cells.append(
                Cell(field=f"line_{place}", label=label, x_mm=_GROUP_END, value_x_mm=_AMOUNT_X,
                     end_x_mm=FORM_WIDTH_MM, y_mm=place * _TABLE_ROW, height_mm=_TABLE_ROW,
                     size_pt=11.0, label_pt=8.5, pad_mm=_PAD, right=True)
            )  # fmt: skip
            place += 1
    return form_of(cells)


def tax_bodies(paper: Paper) -> tuple[Body, ...]:
    """Lay whose, of which year, and the table of income and taxes (所得・課税証明書)."""
    top = tuple(line for line in paper.lines if not line.group)
    rows = tuple(line for line in paper.lines if line.group)
    head = _top_form(tuple(line.label for line in top))
    table = _table_form(tuple((line.group, line.label) for line in rows))
    table_y = _TOP_MM + head.height_mm + _GAP_MM
    end_y = table_y + table.height_mm
    note = line_run(
        _TAX_NOTE, x_mm=FORM_X_MM + _PAD, y_mm=end_y + 5.0, size_pt=8.0, face=Face.GOTHIC
    )
    return (
        joined(
            (
                block(paper, head, _texts(top), number=1, y_mm=_TOP_MM),
                block(paper, table, _texts(rows), number=None, y_mm=table_y),
                only_runs((note,)),
                only_runs(blank_below(end_y + 6.0)),
            )
        ),
    )


def _texts(lines: Sequence[Line]) -> dict[str, str]:
    return {f"line_{place}": line.value for place, line in enumerate(lines)}
