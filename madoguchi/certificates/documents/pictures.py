"""Pictures of pages, small enough to be sent with every change (頁の画像)."""

from __future__ import annotations

import io

from PIL import Image

#: Black text on white needs no more, as long as the greys lie evenly: thin strokes stay.
#: A page then takes some 13 kB, and a household of two pages comes within two seconds of a slow line.
_GREYS = 4
_EVENLY = [round(round(value / 255 * (_GREYS - 1)) * 255 / (_GREYS - 1)) for value in range(256)]


def light_picture(png: bytes) -> bytes:
    """Return the same picture in a few greys, as WebP without loss of those (画像の軽量化)."""
    with Image.open(io.BytesIO(png)) as picture:
        out = io.BytesIO()
        grey = picture.convert("L").point(_EVENLY).convert("RGB")
        grey.save(out, format="WEBP", lossless=True, method=4, quality=50)
    return out.getvalue()
