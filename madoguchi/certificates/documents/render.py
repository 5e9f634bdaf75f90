"""Draw planned pages as PDF/A-2a and PDF/UA-1 (証明書の描画).

Stateless but for the fonts: what is drawn depends on the arguments alone (I8).
"""

import json
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from madoguchi.certificates.documents.imprint import imprint_svg
from madoguchi.certificates.domain.definitions import document_title_of
from madoguchi.certificates.domain.paper import Paper
from madoguchi.certificates.domain.sheets import Box, Face, Role, Run, Sheet
from madoguchi.infra.fonts import font_family, font_path
from madoguchi.infra.qr import qr_svg

TEMPLATE = Path(__file__).parent / "templates" / "certificate.typ"
#: Archive and accessibility: the compiler refuses what would break either.
PDF_STANDARDS: Any = ["a-2a", "ua-1"]

# One compiler a process, because making one reads 50 MB of fonts; one caller at a time,
# because it is told its input before it compiles.
_one_at_a_time = threading.Lock()


@cache
def _compiler() -> Any:
    folders = sorted({font_path(face).parent for face in Face})
    # Its stubs make it generic over its input, which here is one file name.
    make: Any = typst.Compiler
    return make(str(TEMPLATE), font_paths=folders, ignore_system_fonts=True)


def render_pdf(
    paper: Paper, sheets: Sequence[Sheet], *, token: str, codes: Sequence[str] = ()
) -> bytes:
    """Draw the pages; `token` becomes the QR code and a keyword of the file (PDF作成).

    ``codes`` are drawn in the boxes the sheets keep for them, in order.
    """
    given = {"paper": _payload(paper, sheets, token=token, codes=codes)}
    with _one_at_a_time:
        made = _compiler().compile(sys_inputs=given, format="pdf", pdf_standards=PDF_STANDARDS)
    assert isinstance(made, bytes)
    return made


def render_png(
    paper: Paper, sheets: Sequence[Sheet], *, token: str, dots_per_inch: int = 96
) -> tuple[bytes, ...]:
    """Draw the pages as pictures for the screen, one a page (プレビュー)."""
    given = {"paper": _payload(paper, sheets, token=token)}
    with _one_at_a_time:
        made = _compiler().compile(sys_inputs=given, format="png", ppi=float(dots_per_inch))
    return (made,) if isinstance(made, bytes) else tuple(made)


def _payload(
    paper: Paper, sheets: Sequence[Sheet], *, token: str, codes: Sequence[str] = ()
) -> str:
    waiting = iter(codes)
    on = paper.issued_on
    return json.dumps(
        {
            "title": document_title_of(paper.kind),
            "token": token,
            "date": [on.year, on.month, on.day],
            "faces": {face.value: font_family(face) for face in Face},
            "seal": paper.seal_svg.decode(),
            "seal_alt": f"{paper.municipality}の電子公印",
            "imprint": imprint_svg(paper.imprint).decode() if paper.imprint else "",
            "imprint_alt": "登録されている印影",
            "qr": qr_svg(token),
            "qr_alt": "この証明書を確かめるためのQRコード",
            "codes_alt": "転入先の市区町村が読み取るQRコード",
            "sheets": [_sheet(sheet, waiting) for sheet in sheets],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _sheet(sheet: Sheet, codes: Iterator[str]) -> dict[str, Any]:
    return {
        "watermark": [_run(run) for run in sheet.runs if run.role is Role.WATERMARK],
        "title": [_run(run) for run in sheet.runs if run.role is Role.TITLE],
        "runs": [_run(run) for run in sheet.runs if run.role is Role.TEXT],
        "rules": [
            (_mm(rule.x1_mm), _mm(rule.y1_mm), _mm(rule.x2_mm), _mm(rule.y2_mm))
            for rule in sheet.rules
        ],
        "frames": [_box(frame) for frame in sheet.frames],
        "seal": _box(sheet.seal) if sheet.seal else None,
        "qr": _box(sheet.qr) if sheet.qr else None,
        "imprint": _box(sheet.imprint) if sheet.imprint else None,
        "codes": [(*_box(box), qr_svg(next(codes))) for box in sheet.codes],
    }


def _run(run: Run) -> tuple[float, float, float, str, str]:
    return (_mm(run.x_mm), _mm(run.y_mm), _mm(run.size_pt), run.face.value, run.text)


def _box(box: Box) -> tuple[float, float, float, float]:
    return (_mm(box.x_mm), _mm(box.y_mm), _mm(box.width_mm), _mm(box.height_mm))


def _mm(value: float) -> float:
    # A thousandth of a millimetre: short numbers read faster and draw the same.
    return round(value, 3)
