"""The same page drawn by WeasyPrint and by ReportLab: same plan, same texts, same fonts, same QR."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from madoguchi.certificates.domain.sheets import Face, Sheet
from madoguchi.infra.fonts import font_path
from madoguchi.infra.qr import qr_modules

POINTS_PER_MM = 72 / 25.4


@cache
def _fonts() -> Any:
    """Load the fonts of WeasyPrint once, as our own renderer does."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _style() -> Any:
    from weasyprint import CSS

    faces = "".join(
        f"@font-face {{ font-family: {face.value}; src: url(file://{font_path(face)}); }}"
        for face in Face
    )
    return CSS(
        string=faces + "@page { size: A4; margin: 0 } body { margin: 0 }"
        "section { position: relative; width: 210mm; height: 297mm; break-after: page }"
        "span { position: absolute; white-space: pre; line-height: 1 }",
        font_config=_fonts(),
    )


def weasyprint_pdf(sheets: Sequence[Sheet], *, token: str) -> bytes:
    """Draw the planned pages as HTML with every run in its place."""
    from weasyprint import HTML

    pages = "".join(f"<section>{_html_of(sheet, token)}</section>" for sheet in sheets)
    document = HTML(string=f"<html lang=ja><title>住民票</title><body>{pages}")
    made: bytes = document.write_pdf(stylesheets=[_style()], font_config=_fonts())
    return made


def _html_of(sheet: Sheet, token: str) -> str:
    parts = [
        f'<span style="left:{run.x_mm:.3f}mm;top:{run.y_mm - run.size_pt * 0.31:.3f}mm;'
        f'font:{run.size_pt}pt {run.face.value}">{html.escape(run.text)}</span>'
        for run in sheet.runs
    ]
    # All rules as one drawing: an element each would make the peer slower than it needs to be.
    path = "".join(f"M{r.x1_mm:.3f} {r.y1_mm:.3f}L{r.x2_mm:.3f} {r.y2_mm:.3f}" for r in sheet.rules)
    path += "".join(
        f"M{f.x_mm} {f.y_mm}h{f.width_mm}v{f.height_mm}h-{f.width_mm}z" for f in sheet.frames
    )
    parts.append(
        '<svg style="position:absolute;left:0;top:0;width:210mm;height:297mm" viewBox="0 0 210 297">'
        f'<path d="{path}" fill="none" stroke="black" stroke-width="0.2"/></svg>'
    )
    if sheet.qr is not None:
        parts.append(_html_qr(sheet, token))
    return "".join(parts)


def _html_qr(sheet: Sheet, token: str) -> str:
    assert sheet.qr is not None
    rows = qr_modules(token)
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return (
        f'<svg style="position:absolute;left:{sheet.qr.x_mm}mm;top:{sheet.qr.y_mm}mm;'
        f'width:{sheet.qr.width_mm}mm" viewBox="0 0 {len(rows)} {len(rows)}"><path d="{path}"/></svg>'
    )


@cache
def _register_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for face in Face:
        pdfmetrics.registerFont(TTFont(face.value, str(font_path(face))))


def reportlab_pdf(sheets: Sequence[Sheet], *, token: str) -> bytes:
    """Draw the planned pages on a ReportLab canvas."""
    from reportlab.pdfgen.canvas import Canvas

    _register_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595.28, 841.89))
    for sheet in sheets:
        _draw(canvas, sheet, token)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Any, sheet: Sheet, token: str) -> None:
    for run in sheet.runs:
        canvas.setFont(run.face.value, run.size_pt)
        canvas.drawString(run.x_mm * POINTS_PER_MM, 841.89 - run.y_mm * POINTS_PER_MM, run.text)
    canvas.setLineWidth(0.2 * POINTS_PER_MM)
    canvas.lines([
        (r.x1_mm * POINTS_PER_MM, 841.89 - r.y1_mm * POINTS_PER_MM,
         r.x2_mm * POINTS_PER_MM, 841.89 - r.y2_mm * POINTS_PER_MM) for r in sheet.rules
    ])  # fmt: skip
    for f in sheet.frames:
        canvas.rect(
            f.x_mm * POINTS_PER_MM, 841.89 - (f.y_mm + f.height_mm) * POINTS_PER_MM,
            f.width_mm * POINTS_PER_MM, f.height_mm * POINTS_PER_MM,
        )  # fmt: skip
    if sheet.qr is not None:
        rows = qr_modules(token)
        side = sheet.qr.width_mm * POINTS_PER_MM / len(rows)
        left = sheet.qr.x_mm * POINTS_PER_MM
        top = 841.89 - sheet.qr.y_mm * POINTS_PER_MM
        path = canvas.beginPath()
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    path.rect(left + x * side, top - (y + 1) * side, side, side)
        canvas.drawPath(path, stroke=0, fill=1)
