"""The finished copy, read back by other eyes than wrote it (読み返し).

Structure is read by qpdf, page and text by pdfium, dots by Pillow. What is allowed is listed;
all else is refused, known or not.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import pikepdf
import pypdfium2 as pdfium  # type: ignore[import-untyped]
from PIL import Image, ImageDraw

from madoguchi.dispatch.documents.redaction.digits import find_digits
from madoguchi.dispatch.documents.redaction.file import HEADER, content_of, write_file
from madoguchi.dispatch.documents.redaction.ink import blobs_of, cut, ink_of
from madoguchi.dispatch.documents.redaction.letters import read_digits
from madoguchi.dispatch.documents.redaction.marks import place_sheet
from madoguchi.dispatch.documents.redaction.sheet import DOTS, alignment_of, dots_of
from madoguchi.dispatch.domain.redaction import (
    CHECKS,
    RULES_FOUND_MIN,
    Check,
    ReadBack,
    Template,
)
from madoguchi.kernel.outcome import Problem

#: How far the finished sheet may lie from its place.
_OFF_MM_MAX = 0.8
#: Ink in blank paper: this dark, this long, and this much of it (mm, mm²) is writing.
_WRITING = 40
_LONG_MM, _MUCH_MM2 = 1.3, 0.35
_KEYS = {
    "trailer": {"/Size", "/Root"},
    "root": {"/Type", "/Pages"},
    "pages": {"/Type", "/Kids", "/Count"},
    "page": {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"},
    "image": {
        "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent",
        "/Filter", "/Length",
    },
    "content": {"/Length"},
}  # fmt: skip
_OBJECTS = 5


def read_back(data: bytes, template: Template) -> ReadBack:
    """Return what a finished file shows; anything not understood is a failure (読み返し)."""
    checks = dict.fromkeys(CHECKS, Check.NOT_DONE)
    problems: list[Problem] = []

    def note(name: str, code: str | None) -> None:
        checks[name] = Check.FAILED if code else Check.PASSED
        if code:
            problems.append(Problem(code=code))

    note("text_layer", _guarded(_text_found, data))
    note("metadata", _guarded(_extras_found, data))
    picture = _picture_of(data)
    if picture is None:
        note("pixels", "COPY_UNREADABLE")
        return ReadBack(checks=checks, problems=tuple(problems))
    found = _dots_wrong(picture, data, template)
    checks["pixels"] = Check.FAILED if found else Check.PASSED
    problems += [Problem(code=code) for code in found]
    blank = blank_paper(picture, template)
    note("digits", "DIGITS_AROUND_BOX" if any(find_digits(one) for one in blank) else None)
    checks["ocr"] = _letters(picture, template)
    if checks["ocr"] == Check.FAILED:
        problems.append(Problem(code="DIGITS_AROUND_BOX"))
    return ReadBack(checks=checks, problems=tuple(dict.fromkeys(problems)))


def _guarded(look: Callable[[bytes], str | None], data: bytes) -> str | None:
    """Whatever a reader stumbles over is a failure of the file, never a pass."""
    try:
        return look(data)
    except Exception:  # noqa: BLE001  fail closed, whatever it is
        return "COPY_UNREADABLE"


def _text_found(data: bytes) -> str | None:
    document = pdfium.PdfDocument(data)
    try:
        if len(document) != 1:
            return "COPY_HAS_EXTRAS"
        text = document[0].get_textpage()
        return "COPY_HAS_TEXT" if text.count_chars() or text.get_text_range().strip() else None
    finally:
        document.close()


def _extras_found(data: bytes) -> str | None:
    """Tell whether there is any key, object or byte beyond the one picture on the one page."""
    once = (b"%%EOF", b"startxref", b"trailer", b"xref\n0 ")
    around = _outside_streams(data)
    if not data.startswith(HEADER) or not data.endswith(b"%%EOF\n"):
        return "COPY_HAS_EXTRAS"
    if any(around.count(word) != 1 for word in once):
        return "COPY_HAS_EXTRAS"
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
        if pdf.is_encrypted or len(pdf.pages) != 1 or not _is_bare(pdf):
            return "COPY_HAS_EXTRAS"
        image = pdf.pages[0].obj["/Resources"]["/XObject"]["/Im0"]
        size = (int(image["/Width"]), int(image["/Height"]))
        dots = Image.frombytes("L", size, image.read_bytes())
    # The last word: the same picture written again must give the same file, byte for byte.
    return None if write_file(dots) == data else "COPY_HAS_EXTRAS"


def _is_bare(pdf: pikepdf.Pdf) -> bool:
    """Tell whether there are five objects, with these keys, that draw this and nothing else."""
    page = pdf.pages[0].obj
    resources, drawings = page["/Resources"], page["/Resources"]["/XObject"]
    image, content = drawings["/Im0"], page["/Contents"]
    parts = {
        "trailer": pdf.trailer, "root": pdf.Root, "pages": pdf.Root["/Pages"], "page": page,
        "image": image, "content": content,
    }  # fmt: skip
    return (
        len(list(pdf.objects)) == _OBJECTS
        and all(set(parts[name].keys()) == keys for name, keys in _KEYS.items())
        and set(resources.keys()) == {"/XObject"}
        and set(drawings.keys()) == {"/Im0"}
        and content.read_bytes() == content_of(int(image["/Width"]), int(image["/Height"]))
    )


def _outside_streams(data: bytes) -> bytes:
    """Return the file without what its streams hold: packed dots may spell anything."""
    parts = []
    at = 0
    while (start := data.find(b"\nstream\n", at)) >= 0:
        parts.append(data[at:start])
        end = data.find(b"\nendstream", start)
        at = len(data) if end < 0 else end
    return b"".join([*parts, data[at:]])


def _picture_of(data: bytes) -> Image.Image | None:
    """Return the dots of the page's picture, exactly as the file keeps them."""
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            image = pdf.pages[0].obj["/Resources"]["/XObject"]["/Im0"]
            size = (int(image["/Width"]), int(image["/Height"]))
            return Image.frombytes("L", size, image.read_bytes())
    except Exception:  # noqa: BLE001  fail closed, whatever it is
        return None


def _dots_wrong(picture: Image.Image, data: bytes, template: Template) -> list[str]:
    size = (round(template.width_mm * DOTS), round(template.height_mm * DOTS))
    if picture.size != size:
        return ["COPY_OUT_OF_PLACE"]
    found = []
    if not _solid(picture, template, most=0) or not _solid(
        _rendered(data, size), template, most=24
    ):
        found.append("COPY_BOX_NOT_SOLID")
    if not _in_place(picture, template):
        found.append("COPY_OUT_OF_PLACE")
    if any(_writing_in(one) for one in blank_paper(picture, template)):
        found.append("INK_OUTSIDE_BOX")
    return found


def _solid(picture: Image.Image | None, template: Template, *, most: int) -> bool:
    """Tell whether every box is one colour, edge to edge; a viewer may blur the very edge."""
    if picture is None:
        return False
    inset = 0 if most == 0 else 2
    for box in template.boxes:
        left, top, right, bottom = dots_of(box.burn)
        window = picture.crop((left + inset, top + inset, right - inset, bottom - inset))
        if window.getextrema()[1] > most:  # type: ignore[operator]  # grey: two numbers
            return False
    return True


def _rendered(data: bytes, size: tuple[int, int]) -> Image.Image | None:
    """Return the page as a viewer shows it."""
    try:
        document = pdfium.PdfDocument(data)
        try:
            page = document[0].render(scale=DOTS * 25.4 / 72, grayscale=True)
            picture: Image.Image = page.to_pil()
            return picture.convert("L").resize(size)
        finally:
            document.close()
    except Exception:  # noqa: BLE001  fail closed, whatever it is
        return None


def _in_place(picture: Image.Image, template: Template) -> bool:
    """Tell whether the sheet lies in the copy as the template says: found anew, not believed."""
    placed = place_sheet(picture, template)
    if placed is None:
        return False
    placement, _ = placed
    off = max(
        math.dist(placement.at(one), (one[0] * DOTS, one[1] * DOTS))
        for one in template.page.corners
    )
    rules = alignment_of(picture, template, mark_off_mm=0).rules_found
    return off <= _OFF_MM_MAX * DOTS and rules >= RULES_FOUND_MIN


def blank_paper(picture: Image.Image, template: Template) -> list[Image.Image]:
    """Return the ink in the paper around each box, which must have none (まわりの墨)."""
    found = []
    for box in template.boxes:
        wide = dots_of(box.quiet.grown(12))
        ink = ink_of(picture.crop(wide), paper_dots=64)
        left, top, right, bottom = dots_of(box.burn)
        hole = (left - wide[0] - 1, top - wide[1] - 1, right - wide[0], bottom - wide[1])
        ImageDraw.Draw(ink).rectangle(hole, fill=0)
        inner = dots_of(box.quiet)
        found.append(
            ink.crop((inner[0] - wide[0], inner[1] - wide[1],
                      inner[2] - wide[0], inner[3] - wide[1]))
        )  # fmt: skip
    return found


def _writing_in(ink: Image.Image) -> bool:
    for one in blobs_of(cut(ink, _WRITING)):
        long = max(one.width, one.height) / DOTS
        if long >= _LONG_MM and one.dots / DOTS**2 >= _MUCH_MM2:
            return True
    return False


def _letters(picture: Image.Image, template: Template) -> Check:
    """Let the machine's reader, if it has one, read the paper around each box."""
    answers = {read_digits(picture.crop(dots_of(box.quiet.grown(-0.5)))) for box in template.boxes}
    for worst in (Check.FAILED, Check.NOT_AVAILABLE):
        if worst in answers:
            return worst
    return Check.PASSED
