"""Open the finished file and see whose page each page is (読戻し照合).

PDFium, which shows people the page, reads its text. A page must bear the number of its own
letter and of no other, and the first page of a letter the name and the whole address.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

from madoguchi.dispatch.domain.pieces import Piece

#: Spaces, and what has no width of its own: selectors and combining marks.
_LEFT_OUT = re.compile("[\\s\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]+")


def wrong_pages(pdf: bytes, planned: Sequence[Sequence[Piece]]) -> frozenset[str]:
    """Return the letters whose pages do not say what was planned (照合の結果).

    ``planned`` names the letters of each page. One page too many or too few and no page counts.
    """
    everybody = frozenset(one.letter_id for page in planned for one in page)
    if not planned:
        return frozenset()
    texts = page_texts(pdf)
    if len(texts) != len(planned):
        return everybody
    numbers = {one.about_no for page in planned for one in page}
    found: set[str] = set()
    first_seen: set[str] = set()
    for text, page in zip(texts, planned, strict=True):
        here = {one.about_no for one in page}
        strange = any(number in text for number in _numbers_in(text) & numbers - here)
        for one in page:
            first = one.letter_id not in first_seen
            first_seen.add(one.letter_id)
            if strange or not _says(text, one, whole=first):
                found.add(one.letter_id)
    return frozenset(found)


def page_texts(pdf: bytes) -> tuple[str, ...]:
    """Return the text of every page without spaces and selectors (頁の文字)."""
    document = pdfium.PdfDocument(pdf)
    try:
        return tuple(_text_of(document, number) for number in range(len(document)))
    finally:
        document.close()


def _text_of(document: pdfium.PdfDocument, number: int) -> str:
    page = document[number]
    text = page.get_textpage()
    try:
        return plain(_all_of(text))
    finally:
        text.close()
        page.close()


def _all_of(text: pdfium.PdfTextPage) -> str:
    count = raw.FPDFText_CountChars(text)
    buffer = (ctypes.c_ushort * (2 * count + 2))()
    # Twice the count: a character outside the plane is two units, and none may be cut off.
    written = raw.FPDFText_GetText(text, 0, 2 * count, buffer)
    return bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", errors="replace")


def plain(text: str) -> str:
    """Return a text as the two sides of the comparison write it (照合用の文字)."""
    return _LEFT_OUT.sub("", text)


_NUMBER = re.compile(r"[A-Z0-9]{3}-[0-9]{6}")


def _numbers_in(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def _says(text: str, one: Piece, *, whole: bool) -> bool:
    if plain(one.about_no) not in text:
        return False
    return not whole or all(plain(line.text) in text for line in one.plan.lines)
