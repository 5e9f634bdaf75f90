"""Pictures of pages, small enough to be sent with every change (頁の画像)."""

from __future__ import annotations

import io

from PIL import Image

#: Black text on white needs no more; a page then takes some 20 kB.
_GREYS = 8


def light_png(png: bytes) -> bytes:
    """Return the same picture in a few greys (画像の軽量化)."""
    with Image.open(io.BytesIO(png)) as picture:
        grey = picture.convert("L").quantize(colors=_GREYS, method=Image.Quantize.FASTOCTREE)
        out = io.BytesIO()
        grey.save(out, format="PNG", optimize=True)
    return out.getvalue()
