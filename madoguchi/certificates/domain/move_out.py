"""The page of a 転出証明書: whereto, when, everybody who leaves, and the codes (転出証明書の様式).

The arrangement is ours: the standard's form 20.2.1 is not public (*assumed*).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from madoguchi.certificates.domain.body import Body, block, joined, only_runs
from madoguchi.certificates.domain.cells import centred_x_mm, line_run
from madoguchi.certificates.domain.forms import FORM_WIDTH_MM, FORM_X_MM, Form, Item, packed_form
from madoguchi.certificates.domain.frame import BODY_BOTTOM_MM, BODY_TOP_MM, blank_below
from madoguchi.certificates.domain.move_out_code import count_parts
from madoguchi.certificates.domain.paper import Line, Paper, PaperPerson
from madoguchi.certificates.domain.record_forms import texts_of
from madoguchi.certificates.domain.sheets import Box, Face

CODE_MM = 46.0
_CODE_GAP_MM = 12.0
_CODES_A_ROW = 3
_CODE_ROW_MM = CODE_MM + 6.0
_CODES_HEAD_MM = 10.0
_ROW_MM = 6.4
_GAP_MM = 1.2
CODES_WORDS = (
    "転入先の方へ　下のQRコードで記載事項を入力できます。"
    "個人番号・旧氏・通称は、紙かカードで確かめてください。"
)


def move_out_lines(
    *, to: str, day_label: str, day: str, filed_label: str, filed: str, notes: Sequence[str]
) -> tuple[Line, ...]:
    """Return what stands above the people: whereto, when, and how it was filed (転出の記載)."""
    return (
        Line(label="転出先", value=to),
        Line(label=day_label, value=day),
        Line(label=filed_label, value=filed),
        Line(label="備考", value="　".join(notes)),
    )


@cache
def _top_form(labels: tuple[str, ...]) -> Form:
    to, day, filed, note = labels
    return packed_form(
        (
            Item(field="line_0", label=to),
            Item(field="line_1", label=day, half=True),
            Item(field="line_2", label=filed, half=True),
            Item(field="line_3", label=note),
        ),
        row_mm=_ROW_MM,
    )


@cache
def _person_form(*, foreign: bool) -> Form:
    since = "外国人住民となった日" if foreign else "住民となった日"
    theirs = (
        (
            Item(field="alias", label="通称", half=True),
            Item(field="nationality", label="国籍・地域", half=True),
            Item(field="residence_class", label="法第30条の45に規定する区分", half=True),
            Item(field="status", label="在留資格", half=True),
            Item(field="expires_on", label="在留期間の満了の日", half=True),
            Item(field="card_no", label="在留カード等の番号", half=True),
        )
        if foreign
        else (
            Item(field="former_surname", label="旧氏", half=True),
            Item(field="domicile_head", label="筆頭者", half=True),
            Item(field="domicile", label="本籍"),
        )
    )
    return packed_form(
        (
            Item(field="furigana", label="氏名の振り仮名", size_pt=8.5, height_mm=5.4),
            Item(field="name", label="氏名", size_pt=10.0, height_mm=7.6),
            Item(field="birth_date", label="生年月日", half=True),
            Item(field="sex", label="性別", half=True),
            Item(field="relationship", label="続柄", half=True),
            Item(field="resident_since", label=since, half=True),
            *theirs,
            Item(field="resident_code", label="住民票コード", half=True),
            Item(field="individual_number", label="個人番号", half=True),
        ),
        row_mm=_ROW_MM,
    )


def move_out_bodies(paper: Paper) -> tuple[Body, ...]:
    """Lay whereto and when on each page, everybody who leaves, and the codes last (転出証明書)."""
    top = _top_form(tuple(line.label for line in paper.lines))
    texts = {f"line_{place}": line.value for place, line in enumerate(paper.lines)}
    first_mm = BODY_TOP_MM + top.height_mm + _GAP_MM
    pages: list[list[Body]] = [[]]
    y_mm = first_mm
    for number, person in enumerate(paper.persons, start=1):
        form = _person_form(foreign=person.foreign is not None)
        if pages[-1] and y_mm + form.height_mm > BODY_BOTTOM_MM:
            pages.append([])
            y_mm = first_mm
        pages[-1].append(_person(paper, person, form, number=number, y_mm=y_mm))
        y_mm += form.height_mm + _GAP_MM
    if y_mm + 8.0 < BODY_BOTTOM_MM:
        pages[-1].append(only_runs(blank_below(y_mm)))
        y_mm += 8.0
    for codes in _code_pages(paper, room_mm=BODY_BOTTOM_MM - y_mm):
        here = y_mm if codes.fits_after else first_mm
        if not codes.fits_after:
            pages.append([])
        pages[-1].append(_codes(codes, y_mm=here))
    return tuple(
        joined((block(paper, top, texts, number=None, y_mm=BODY_TOP_MM), *page)) for page in pages
    )


def _person(paper: Paper, person: PaperPerson, form: Form, *, number: int, y_mm: float) -> Body:
    texts = texts_of(paper, person, number=number)
    return block(paper, form, texts, number=number, y_mm=y_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CodePage:
    """Codes that stand together on a page (符号の配置)."""

    first: int
    last: int
    of: int
    fits_after: bool


def _code_pages(paper: Paper, *, room_mm: float) -> Iterable[_CodePage]:
    """Say which codes stand on which page; a practice paper has none, for it could be used."""
    of = 0 if paper.sample else count_parts(paper.packed)
    if not of:
        return
    rows = -(-of // _CODES_A_ROW)
    if _CODES_HEAD_MM + rows * _CODE_ROW_MM <= room_mm:
        yield _CodePage(first=1, last=of, of=of, fits_after=True)
        return
    room = BODY_BOTTOM_MM - BODY_TOP_MM - 4 * _ROW_MM - _CODES_HEAD_MM
    most = int(room / _CODE_ROW_MM) * _CODES_A_ROW
    for first in range(1, of + 1, most):
        yield _CodePage(first=first, last=min(first + most - 1, of), of=of, fits_after=False)


def _codes(page: _CodePage, *, y_mm: float) -> Body:
    runs = [line_run(CODES_WORDS, x_mm=FORM_X_MM, y_mm=y_mm + 5.5, size_pt=8.5, face=Face.GOTHIC)]
    boxes = []
    for place, number in enumerate(range(page.first, page.last + 1)):
        row, column = divmod(place, _CODES_A_ROW)
        x_mm = FORM_X_MM + column * (CODE_MM + _CODE_GAP_MM)
        top_mm = y_mm + _CODES_HEAD_MM - 2.0 + row * _CODE_ROW_MM
        boxes.append(Box(x_mm=x_mm, y_mm=top_mm, width_mm=CODE_MM, height_mm=CODE_MM))
        text = f"転入先用　{number}／{page.of}"
        runs.append(
            line_run(
                text, x_mm=centred_x_mm(text, centre_mm=x_mm + CODE_MM / 2, size_pt=8.5),
                y_mm=top_mm + CODE_MM + 3.0, size_pt=8.5, face=Face.GOTHIC,
            )
        )  # fmt: skip
    assert boxes[-1].x_mm + CODE_MM <= FORM_X_MM + FORM_WIDTH_MM
    return Body(runs=tuple(runs), rules=(), frames=(), persons=(), problems=(), codes=tuple(boxes))
