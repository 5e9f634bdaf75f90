"""A scan, taken from a file: one page, one picture, grey; anything else is refused (読取り画像)."""

from __future__ import annotations

import io
from contextlib import suppress

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from PIL import Image, ImageFile

from madoguchi.kernel.outcome import Problem, Refused

BYTES_MAX = 64 * 1024 * 1024
#: A3 at 600 dots an inch, and a rim; Pillow's own limit is above that.
DOTS_MAX = 85_000_000
SIDE_MIN = 500
_RENDER_DPI = 300
_FORMATS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}


def take_scan(data: bytes) -> Image.Image:
    """Return the one page of a scan as a grey picture on white, or refuse (画像の取込み)."""
    if len(data) > BYTES_MAX:
        raise _refused("SCAN_TOO_LARGE")
    if data[:5] == b"%PDF-":
        return _page_of_pdf(data)
    for start, name in _FORMATS.items():
        if data.startswith(start):
            return _picture(data, name)
    raise _refused("SCAN_FORMAT")


def _refused(code: str, **facts: str) -> Refused:
    return Refused(Problem(code=code, facts=facts))


def _check_pages(count: int) -> None:
    if count != 1:
        raise _refused("SCAN_PAGES")


def _check_size(width: float, height: float) -> None:
    if width * height > DOTS_MAX:
        raise _refused("SCAN_TOO_LARGE")
    if min(width, height) < SIDE_MIN:
        raise _refused("SCAN_TOO_SMALL")


def _picture(data: bytes, name: str) -> Image.Image:
    assert not ImageFile.LOAD_TRUNCATED_IMAGES, "half a picture may show half a secret"
    try:
        with Image.open(io.BytesIO(data), formats=[name]) as picture:
            _check_pages(getattr(picture, "n_frames", 1))
            _check_size(*picture.size)
            picture.load()
            return grey(picture)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refused("SCAN_TOO_LARGE") from error
    except Exception as error:  # a decoder's complaint of whatever kind is "not read"
        raise _refused("SCAN_UNREADABLE") from error


def grey(picture: Image.Image) -> Image.Image:
    """Return the picture in grey, on white where it is see-through (白黒濃淡にする)."""
    if picture.mode in ("I;16", "I;16B", "I;16L", "I"):
        return picture.convert("I").point(lambda dot: dot / 256).convert("L")
    if picture.mode == "F":
        raise _refused("SCAN_FORMAT")
    if picture.has_transparency_data:
        whole = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("L")
    return picture.convert("L")


def _page_of_pdf(data: bytes) -> Image.Image:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise _refused("SCAN_ENCRYPTED" if locked else "SCAN_UNREADABLE") from error
    try:
        if b"/Encrypt" in data:  # opened without a word, and locked all the same
            raise _refused("SCAN_ENCRYPTED")
        _check_pages(len(document))
        page = document[0]
        scale = _RENDER_DPI / 72
        width, height = page.get_size()
        _check_size(width * scale, height * scale)
        picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
        return picture.convert("L")
    except pdfium.PdfiumError as error:
        raise _refused("SCAN_UNREADABLE") from error
    finally:
        with suppress(pdfium.PdfiumError):
            document.close()
