"""The QR code on a paper, as a drawing (二次元コード)."""

import re
from typing import Any

import zxingcpp

#: Modules of white around the code that every reader wants (静寂域).
QUIET_ZONE_MODULES = 4

_DARK = re.compile(rb"\0+")


def qr_svg(text: str) -> str:
    """Return the QR code of a token, level M, as one path (QRコード).

    The writer is zint inside zxing-cpp: a tenth of the time of a pure Python one. Its own
    SVG takes longer than the code itself, so the path is made here from the modules.
    """
    rows = qr_modules(text)
    margin = QUIET_ZONE_MODULES
    side = len(rows) + 2 * margin
    path = "".join(
        [
            f"M{found.start() + margin} {y}h{found.end() - found.start()}v1H{found.start() + margin}"
            for y, row in enumerate(rows, start=margin)
            for found in _DARK.finditer(row)
        ]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="{path}"/></svg>'
    )


def qr_modules(text: str) -> tuple[bytes, ...]:
    """Return the rows of the code, a byte a module, zero for dark (モジュール)."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    # The picture gives its bytes by the buffer protocol, which its stubs do not say.
    drawn: Any = code.to_image(scale=1, add_quiet_zones=False)
    picture = memoryview(drawn)
    assert picture.shape is not None, "the barcode writer draws differently now"
    height, width = picture.shape
    assert height == width, "the barcode writer draws differently now"
    flat = picture.tobytes()
    return tuple(flat[at : at + width] for at in range(0, len(flat), width))
