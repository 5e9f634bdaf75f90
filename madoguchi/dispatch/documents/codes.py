"""Everything of a page that machines read, as one drawing (バーコード・二次元コード).

One picture a page: each further one costs the renderer more than all the bars in it.
"""

from __future__ import annotations

import re
from functools import lru_cache

import zxingcpp

from madoguchi.dispatch.domain.area import Area
from madoguchi.dispatch.domain.envelope import PAGE_HEIGHT_MM, PAGE_WIDTH_MM
from madoguchi.dispatch.domain.layout import (
    BAR_HEIGHT_MM,
    BAR_PITCH_MM,
    BAR_TIMING_MM,
    BAR_WIDTH_MM,
)
from madoguchi.infra.qr import QUIET_ZONE_MODULES, qr_modules

_DARK = re.compile(rb"\0+")
#: Narrowest bar of the clerk's barcode: what a cheap hand scanner still reads.
MODULE_MM = 0.33


def customer_path(bars: str, area: Area) -> str:
    """Return the post office's bars as path data in millimetres (カスタマバーコード)."""
    third = (BAR_HEIGHT_MM - BAR_TIMING_MM) / 2
    parts = []
    for number, kind in enumerate(bars):
        top = area.top + (third if kind in "34" else 0)
        bottom = area.bottom - (third if kind in "24" else 0)
        left = area.left + number * BAR_PITCH_MM
        parts.append(f"M{left:.3f} {top:.3f}h{BAR_WIDTH_MM:.3f}V{bottom:.3f}h-{BAR_WIDTH_MM:.3f}z")
    return "".join(parts)


def clerk_path(text: str, *, left: float, top: float, height: float) -> str:
    """Return a Code 128 as path data in millimetres (受付用のバーコード)."""
    return "".join(
        f"M{left + start * MODULE_MM:.3f} {top:.3f}h{wide * MODULE_MM:.3f}v{height}"
        f"h-{wide * MODULE_MM:.3f}z"
        for start, wide in clerk_bars(text)
    )


@lru_cache(maxsize=4_096)
def clerk_bars(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each dark bar begins and how wide it is, in modules (コード128)."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    picture = memoryview(code.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]  # an image is a buffer
    assert picture.shape is not None, "the barcode writer draws differently now"
    width = picture.shape[1]
    row = picture.tobytes()[:width]
    return tuple((found.start(), found.end() - found.start()) for found in _DARK.finditer(row))


def qr_drawing(text: str, *, left: float, top: float, side: float) -> str:
    """Return a QR code with its white margin as a drawing of its own (二次元コード)."""
    rows = qr_modules(text)
    module = side / (len(rows) + 2 * QUIET_ZONE_MODULES)
    margin = QUIET_ZONE_MODULES
    path = "".join(
        [
            f"M{found.start() + margin} {y}h{found.end() - found.start()}v1H{found.start() + margin}"
            for y, row in enumerate(rows, start=margin)
            for found in _DARK.finditer(row)
        ]
    )
    return f'<path transform="translate({left} {top}) scale({module:.5f})" d="{path}"/>'


def page_svg(*paths: str, more: str = "") -> str:
    """Return a drawing as large as the page: paths in millimetres, and what else (頁の図)."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PAGE_WIDTH_MM} {PAGE_HEIGHT_MM}">'
        f'<path d="{"".join(paths)}"/>{more}</svg>'
    )
