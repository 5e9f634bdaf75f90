"""The file of a copy: one page, one picture, five objects, not a byte more (写しのファイル)."""

from __future__ import annotations

import zlib

from PIL import Image, ImageDraw

from madoguchi.dispatch.documents.redaction.sheet import DOTS, dots_of
from madoguchi.dispatch.domain.redaction import Template

#: Seventeen apart: sixteen tones are enough to read handwriting, and take half the room.
_TONES = [min(255, (tone + 8) // 17 * 17) if tone < 236 else 255 for tone in range(256)]
HEADER = b"%PDF-1.4\n"


def burn(straight: Image.Image, template: Template) -> Image.Image:
    """Return a new picture whose secret boxes are black; the old dots are gone (消去)."""
    burned = straight.point(_TONES)
    pen = ImageDraw.Draw(burned)
    for box in template.boxes:
        left, top, right, bottom = dots_of(box.burn)
        pen.rectangle((left, top, right - 1, bottom - 1), fill=0)
    return burned


def write_file(picture: Image.Image) -> bytes:
    """Return the file of one grey picture; the same picture gives the same bytes (ファイル)."""
    assert picture.mode == "L"
    width, height = picture.size
    across, down = width / DOTS / 25.4 * 72, height / DOTS / 25.4 * 72
    drawing = content_of(width, height)
    dots = zlib.compress(picture.tobytes(), 2)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.3f %.3f]"
        b"/Resources<</XObject<</Im0 4 0 R>>>>/Contents 5 0 R>>" % (across, down),
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream"
        % (width, height, len(dots), dots),
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(drawing), drawing),
    )
    whole = bytearray(HEADER)
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    whole += b"".join(b"%010d 00000 n \n" % place for place in places)
    whole += b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    whole += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(whole)


def content_of(width: int, height: int) -> bytes:
    """Return all that the page draws: its picture (描画の命令)."""
    across, down = width / DOTS / 25.4 * 72, height / DOTS / 25.4 * 72
    return b"q %.3f 0 0 %.3f 0 0 cm /Im0 Do Q" % (across, down)
