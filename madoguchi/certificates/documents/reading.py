"""Read our own finished PDF back: what is written where, and with which outlines (読取り).

Strict on purpose. It understands only what our renderer writes; anything else on a page —
a picture, an unknown operator, invisible text, an annotation — makes the file unreadable,
and an unreadable file is never handed over.
"""

import io
import re
from dataclasses import dataclass
from functools import lru_cache

import pikepdf

from madoguchi.certificates.documents.content import (
    MM_PER_POINT,
    Drawn,
    PageFont,
    Span,
    Unreadable,
    walk,
)
from madoguchi.certificates.documents.outlines import embedded_glyphs
from madoguchi.certificates.domain.sheets import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, Face

_PAGES_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """One page as read (読み取った頁)."""

    spans: tuple[Span, ...]
    #: Every text with the outline drawn for it, per face.
    drawn: frozenset[tuple[Face, str, bytes]]

    @property
    def text(self) -> str:
        """Return what the page says, in drawing order (頁の文字)."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """A finished file as read (読み取ったファイル)."""

    pages: tuple[PageRead, ...]
    title: str
    token: str


def read_pdf(pdf: bytes) -> FileRead:
    """Read a whole file, or raise `Unreadable` (PDFの読取り)."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return _read_file(opened)
    except Unreadable:
        raise
    except Exception as wrong:  # a malformed object breaks pikepdf anywhere, with any error
        raise Unreadable(type(wrong).__name__) from wrong


def _read_file(opened: pikepdf.Pdf) -> FileRead:
    _refuse_active_content(opened)
    pages = list(opened.pages)
    if not 0 < len(pages) <= _PAGES_MAX:
        raise Unreadable("pages")
    fonts: dict[tuple[int, int], PageFont] = {}
    info = opened.docinfo
    return FileRead(
        pages=tuple(_read_page(page, fonts) for page in pages),
        title=str(info.get("/Title", "")),
        token=str(info.get("/Keywords", "")),
    )


def read_token(pdf: bytes) -> str:
    """Read the token alone, touching no page: the file may be anybody's (トークンの読取り)."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return str(opened.docinfo.get("/Keywords", ""))
    except Exception as wrong:
        raise Unreadable(type(wrong).__name__) from wrong


def _refuse_active_content(pdf: pikepdf.Pdf) -> None:
    """Refuse what acts by itself or hides beside the pages: scripts, attachments, layers."""
    for name in ("/OpenAction", "/AA", "/OCProperties", "/Collection"):
        if name in pdf.Root:
            raise Unreadable(name)
    names = pdf.Root.get("/Names")
    if names is not None and ("/JavaScript" in names or "/EmbeddedFiles" in names):
        raise Unreadable("/Names")
    if pdf.is_encrypted:
        raise Unreadable("encrypted")


def _read_page(page: pikepdf.Page, fonts: dict[tuple[int, int], PageFont]) -> PageRead:
    _refuse_overlays(page)
    resources = page.obj.Resources
    here: dict[bytes, PageFont] = {}
    for name, font in resources.get("/Font", {}).items():
        if font.objgen not in fonts or font.objgen == (0, 0):
            fonts[font.objgen] = _read_font(font)
        here[name.encode()] = fonts[font.objgen]
    contents = page.obj.Contents
    if isinstance(contents, pikepdf.Array):
        raise Unreadable("several content streams")
    drawn: Drawn = set()
    spans = walk(contents.read_bytes(), here, drawn)
    for used in here.values():
        drawn.update((used.face, used.texts[at], used.glyphs.outline(at)) for at in used.used)
        used.used.clear()
    return PageRead(spans=spans, drawn=frozenset(drawn))


def _refuse_overlays(page: pikepdf.Page) -> None:
    """Refuse what could stand over the text: annotations, other sizes, turned pages."""
    width, height = (float(page.mediabox[2]), float(page.mediabox[3]))
    for box, wanted in ((width, PAGE_WIDTH_MM), (height, PAGE_HEIGHT_MM)):
        if abs(box * MM_PER_POINT - wanted) > 0.1:
            raise Unreadable("page size")
    if [float(edge) for edge in page.cropbox] != [float(edge) for edge in page.mediabox]:
        raise Unreadable("crop box")
    if page.obj.get("/Rotate", 0) != 0 or "/XObject" in page.obj.Resources:
        raise Unreadable("page")
    for annotation in page.obj.get("/Annots", []):
        invisible = [float(edge) for edge in annotation.Rect] == [0, 0, 0, 0]
        if annotation.get("/FT") != "/Sig" or not invisible:
            raise Unreadable("annotation")


def _read_font(font: pikepdf.Object) -> PageFont:
    name = str(font.BaseFont)
    face = Face.MINCHO if name.endswith("+IPAmjMincho") else Face.GOTHIC
    if face is Face.GOTHIC and not name.endswith("+IPAexGothic"):
        raise Unreadable("font")
    descendant = font.DescendantFonts[0]
    if font.Encoding != "/Identity-H" or descendant.get("/CIDToGIDMap") != "/Identity":
        raise Unreadable("font encoding")
    return PageFont(
        face=face,
        texts=_read_to_unicode(font.ToUnicode.read_bytes()),
        glyphs=embedded_glyphs(descendant.FontDescriptor.FontFile2.read_bytes()),
    )


_BFCHAR = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")


def _read_to_unicode(raw: bytes) -> dict[int, str]:
    """Return the text of each glyph of an embedded font (ToUnicode)."""
    if b"beginbfrange" in raw:
        raise Unreadable("bfrange")
    start = raw.find(b"beginbfchar")
    found = _BFCHAR.findall(raw, start) if start >= 0 else []
    return {int(code, 16): _from_utf16(text) for code, text in found}


@lru_cache(maxsize=8_192)
def _from_utf16(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")
