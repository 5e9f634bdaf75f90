"""A finder of digits in what must be blank paper, however faint they are (数字さがし).

Not a reader of letters: it only tells whether something has the shape of a digit. Each shape
is made as large as the patterns and compared with them by correlation, which does not care
how dark it is; so a ghost of a digit counts as a digit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from madoguchi.dispatch.documents.redaction.ink import blobs_of, cut
from madoguchi.dispatch.documents.redaction.sheet import DOTS

#: Heights of a digit written or printed, in mm.
_TALL_MIN, _TALL_MAX = 1.8, 12.0
_LEVELS = (8, 14, 24, 40, 70)
_ALIKE_MIN = 0.74
_WIDE, _TALL = 12, 18
Shape = tuple[float, ...]


def find_digits(ink: Image.Image) -> int:
    """Return how many shapes like digits there are in this ink (数字らしい形の数)."""
    soft = ink.filter(ImageFilter.GaussianBlur(1.2))
    most = 0
    for level in _LEVELS:
        shapes = [
            one for one in blobs_of(cut(soft, level))
            if _TALL_MIN * DOTS <= one.height <= _TALL_MAX * DOTS
            and 0.1 <= one.width / one.height <= 1.3
            and one.width >= 3
        ]  # fmt: skip
        found = 0
        for one in shapes[:200]:
            window = soft.crop((one.left, one.top, one.right, one.bottom))
            if likeness(window) >= _ALIKE_MIN:
                found += 1
        most = max(most, found)
    return most


def likeness(window: Image.Image) -> float:
    """Return the greatest correlation with any digit (数字らしさ)."""
    shape = _shape(window)
    return max(sum(a * b for a, b in zip(shape, one, strict=True)) for one in _patterns())


def _shape(window: Image.Image) -> Shape:
    """Return a window as numbers with mean 0 and length 1."""
    wide = max(1, min(_WIDE, round(_TALL * window.width / window.height)))
    framed = Image.new("L", (_WIDE, _TALL), 0)
    framed.paste(window.resize((wide, _TALL), Image.Resampling.BOX), ((_WIDE - wide) // 2, 0))
    return normal(framed.tobytes())


def normal(values: Sequence[int]) -> Shape:
    """Return the values with mean 0 and length 1 (正規化)."""
    mean = sum(values) / len(values)
    apart = [one - mean for one in values]
    length = math.sqrt(sum(one * one for one in apart)) or 1.0
    return tuple(one / length for one in apart)


@cache
def _patterns() -> tuple[Shape, ...]:
    """Draw the ten digits with two pens: printed, thin and thick."""
    found = []
    font = ImageFont.load_default(size=72)
    for digit in "0123456789":
        for stroke in (0, 3):
            picture = Image.new("L", (120, 140), 0)
            pen = ImageDraw.Draw(picture)
            pen.text((60, 70), digit, fill=255, font=font, anchor="mm", stroke_width=stroke)
            box = picture.getbbox()
            assert box is not None
            found.append(_shape(picture.crop(box).filter(ImageFilter.GaussianBlur(2))))
    return tuple(found)
