"""Open the finished file and compare it with what was planned (読戻し検査; I2, I4).

Three readers look: our own strict one for text, place and outline; PDFium, which shows
people the page, for the text as a whole; and a barcode reader for the QR code. One
difference anywhere and the file is not released.
"""

import re
from collections.abc import Sequence

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import zxingcpp

from madoguchi.certificates.documents.content import Unreadable
from madoguchi.certificates.documents.imprint import is_alike
from madoguchi.certificates.documents.outlines import registered_outline
from madoguchi.certificates.documents.reading import FileRead, PageRead, read_pdf
from madoguchi.certificates.domain.definitions import document_title_of
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.sheets import (
    PAGE_HEIGHT_MM,
    PAGE_WIDTH_MM,
    Box,
    Marks,
    Role,
    Run,
    Sheet,
    fold_layout,
)
from madoguchi.kernel.fitting import is_selector
from madoguchi.kernel.outcome import Problem

#: Planned and drawn places may differ by rounding only.
_PLACE_TOLERANCE_MM = 0.01
#: A code of 65 modules on 24 mm has three dots a module at this.
_QR_DOTS_PER_INCH = 200
#: Fine enough to tell one seal from another with the same ring.
_IMPRINT_DOTS_PER_INCH = 600
_MARKS = re.compile(r"発行番号(.+)頁(\d+)/(\d+)受付([a-z2-7]+)照合([A-Z2-7]{16})$")


def read_back(
    pdf: bytes,
    sheets: Sequence[Sheet],
    *,
    kind: Kind,
    token: str,
    imprint: bytes = b"",
    codes: Sequence[str] = (),
) -> tuple[Problem, ...]:
    """Return every difference between the finished file and its plan; empty means release."""
    try:
        read = read_pdf(pdf)
    except Unreadable as wrong:
        return (Problem(code="PDF_UNREADABLE", facts={"detail": str(wrong)}),)
    found: list[Problem] = []
    if len(read.pages) < len(sheets):
        found.append(_count_problem("PAGE_MISSING", read, sheets))
    if len(read.pages) > len(sheets):
        found.append(_count_problem("PAGE_MIXED", read, sheets))
    if read.token != token:
        found.append(Problem(code="TOKEN_DIFFERS"))
    if read.title != document_title_of(kind):
        found.append(Problem(code="TEXT_DIFFERS", where="文書の題名"))
    for page, sheet in zip(read.pages, sheets, strict=False):
        found.extend(_check_marks(page, sheet.marks))
        found.extend(_check_runs(page, sheet))
        found.extend(_check_outlines(page, sheet))
    if not found:
        # The slower, second opinion; a file already refused needs none.
        found.extend(_check_as_shown(pdf, sheets, token=token, imprint=imprint, codes=codes))
    return tuple(found)


def _count_problem(code: str, read: FileRead, sheets: Sequence[Sheet]) -> Problem:
    return Problem(code=code, facts={"found": str(len(read.pages)), "planned": str(len(sheets))})


def read_marks(page: PageRead) -> Marks | None:
    """Return what a page says of the paper it belongs to, or None (頁の照合事項)."""
    found = _MARKS.search(page.text)
    if found is None:
        return None
    return Marks(
        issue_no=found[1],
        number=int(found[2]),
        of=int(found[3]),
        request_id=found[4],
        subject_hash=found[5],
    )


def _check_marks(page: PageRead, planned: Marks) -> tuple[Problem, ...]:
    where = f"{planned.number}頁"
    marks = read_marks(page)
    if marks is None:
        return (Problem(code="PAGE_MIXED", where=where),)
    found: list[Problem] = []
    if (marks.issue_no, marks.request_id, marks.number, marks.of) != (
        planned.issue_no,
        planned.request_id,
        planned.number,
        planned.of,
    ):
        found.append(Problem(code="PAGE_MIXED", where=where))
    if marks.subject_hash != planned.subject_hash:
        found.append(Problem(code="SUBJECT_DIFFERS", where=where))
    return tuple(found)


def _check_runs(page: PageRead, sheet: Sheet) -> tuple[Problem, ...]:
    """Compare every run: its words, its place, its size and its font (印字内容の照合)."""
    spans = iter(page.spans)
    for run in sheet.runs:
        said = ""
        while len(said) < len(run.text):
            span = next(spans, None)
            if span is None:
                return (_differs(sheet, run),)
            if not said and (
                abs(span.x_mm - run.x_mm) > _PLACE_TOLERANCE_MM
                or abs(span.y_mm - run.y_mm) > _PLACE_TOLERANCE_MM
            ):
                return (_differs(sheet, run),)
            # Only the 見本 behind the text is grey; white words would not be on the paper.
            grey = run.role is Role.WATERMARK
            if (
                abs(span.size_pt - run.size_pt) > 0.01
                or span.face is not run.face
                or (span.grey != 0.0 and not grey)
            ):
                return (_differs(sheet, run),)
            said += span.text
        if said != run.text:
            return (_differs(sheet, run),)
    if next(spans, None) is not None:
        return (Problem(code="TEXT_DIFFERS", where=f"{sheet.marks.number}頁 末尾"),)
    return ()


def _differs(sheet: Sheet, run: Run) -> Problem:
    # The words of the form itself may be named; what a register value was may not.
    return Problem(
        code="TEXT_DIFFERS", where=f"{sheet.marks.number}頁 {run.where or run.text}".strip()
    )


def _check_outlines(page: PageRead, sheet: Sheet) -> tuple[Problem, ...]:
    """Compare the outlines drawn with those of the registered characters (字形の照合)."""
    for face, text, outline in page.drawn:
        if registered_outline(text, face=face) != outline:
            return (Problem(code="GLYPH_DIFFERS", where=f"{sheet.marks.number}頁"),)
    return ()


# --- as people will see it ---------------------------------------------------------------


def _check_as_shown(
    pdf: bytes, sheets: Sequence[Sheet], *, token: str, imprint: bytes, codes: Sequence[str]
) -> tuple[Problem, ...]:
    found: list[Problem] = []
    if sum(len(sheet.codes) for sheet in sheets) != len(codes):
        return (Problem(code="QR_DIFFERS"),)
    waiting = iter(codes)
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        return (Problem(code="PDF_UNREADABLE", facts={"detail": "viewer"}),)
    try:
        if len(document) != len(sheets):
            return (Problem(code="PAGE_MISSING", facts=_counts(len(document), len(sheets))),)
        for place, sheet in enumerate(sheets):
            page = document[place]
            if _bare(_shown_text(page)) != _bare(sheet.text):
                found.append(Problem(code="TEXT_DIFFERS", where=f"{sheet.marks.number}頁"))
            if sheet.qr is not None and read_qr(page, sheet.qr) != token:
                found.append(Problem(code="QR_DIFFERS", where=f"{sheet.marks.number}頁"))
            for box in sheet.codes:
                if read_qr(page, box) != next(waiting):
                    found.append(Problem(code="QR_DIFFERS", where=f"{sheet.marks.number}頁"))
            if sheet.imprint is not None and not _shows_imprint(page, sheet.imprint, imprint):
                found.append(Problem(code="IMPRINT_DIFFERS", where=f"{sheet.marks.number}頁"))
    finally:
        document.close()
    return tuple(found)


def _counts(found: int, planned: int) -> dict[str, str]:
    return {"found": str(found), "planned": str(planned)}


def _shown_text(page: pdfium.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range())
    finally:
        text_page.close()


def _bare(text: str) -> str:
    """Drop layout and selectors: PDFium loses a selector in rare cases (照合用の文字列).

    When one page holds a character both with and without a selector for the same glyph,
    the file carries the selector as ActualText, of which PDFium drops all beyond the first
    plane. The strict reader compares the selectors.
    """
    return fold_layout(text).translate(_WITHOUT_SELECTORS)


class _WithoutSelectors(dict[int, int | None]):
    """Remembers of each character whether it is a selector: a page holds a few hundred."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if is_selector(chr(code)) else code
        return self[code]


_WITHOUT_SELECTORS = _WithoutSelectors()


def _shows_imprint(page: pdfium.PdfPage, box: Box, imprint: bytes) -> bool:
    """Tell whether the seal on the shown page is the registered one (印影の照合, I2)."""
    bitmap = page.render(scale=_IMPRINT_DOTS_PER_INCH / 72, crop=_edges(box), grayscale=True)
    try:
        return is_alike(bitmap.to_pil(), imprint)
    finally:
        bitmap.close()


def _edges(box: Box) -> tuple[float, float, float, float]:
    points = 72 / 25.4
    return (
        box.x_mm * points,
        (PAGE_HEIGHT_MM - box.y_mm - box.height_mm) * points,
        (PAGE_WIDTH_MM - box.x_mm - box.width_mm) * points,
        box.y_mm * points,
    )


def read_qr(page: pdfium.PdfPage, box: Box) -> str | None:
    """Return what the QR code in this box of a shown page says, or None (QRコードの読取り)."""
    return _only_code(page, crop=_edges(box))


def find_qr(page: pdfium.PdfPage) -> str | None:
    """Return what the one QR code anywhere on a shown page says, or None (QRコードの検索)."""
    return _only_code(page, crop=(0, 0, 0, 0))


def _only_code(page: pdfium.PdfPage, *, crop: tuple[float, float, float, float]) -> str | None:
    bitmap = page.render(scale=_QR_DOTS_PER_INCH / 72, crop=crop, grayscale=True)
    try:
        codes = zxingcpp.read_barcodes(
            bitmap.to_pil(),
            formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
            try_rotate=False,
            try_invert=False,
        )
    finally:
        bitmap.close()
    return codes[0].text if len(codes) == 1 else None
