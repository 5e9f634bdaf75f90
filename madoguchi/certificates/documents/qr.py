"""The QR code on a paper: made fast, and read back from the finished page (二次元コード)."""

from collections.abc import Sequence

import zxingcpp

#: Modules of white around the code that every reader wants (静寂域).
QUIET_ZONE_MODULES = 4


def qr_svg(text: str) -> str:
    """Return the QR code of a token as one SVG path, level M (QRコード)."""
    rows = qr_modules(text)
    side = len(rows) + QUIET_ZONE_MODULES * 2
    path = "".join(
        f"M{start + QUIET_ZONE_MODULES} {y + QUIET_ZONE_MODULES}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _dark_stretches(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="{path}"/></svg>'
    )


def qr_modules(text: str) -> tuple[bytes, ...]:
    """Return the rows of the code, 1 for dark, without the quiet zone (モジュール)."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    height, width = picture.shape[0], picture.shape[1]
    flat = bytes(picture)
    assert height == width and len(flat) == width * height
    return tuple(
        bytes(value < 128 for value in flat[y * width : (y + 1) * width]) for y in range(height)
    )


def _dark_stretches(row: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = bytes(row).find(1)
    row = bytes(row)
    while start >= 0:
        end = row.find(0, start)
        if end < 0:
            end = len(row)
        found.append((start, end - start))
        start = row.find(1, end)
    return found
