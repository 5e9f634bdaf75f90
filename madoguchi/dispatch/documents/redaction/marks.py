"""Solid square marks on a sheet, whatever way it lies (位置合わせの印)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageFilter

from madoguchi.dispatch.documents.redaction.ink import blobs_of, cut, floats_of, ink_of
from madoguchi.dispatch.domain.placing import Placement, Point, fit, greatest_error, match_marks
from madoguchi.dispatch.domain.redaction import Template

#: Long side of the picture marks are looked for in: some 100 dots an inch of A4.
_LONG_SIDE = 1_300
#: How much of a scan's long side the sheet takes at the least, and at the most.
_SHEET_LEAST, _SHEET_MOST = 0.72, 1.12
_SOLID = 60
_CANDIDATES_MAX = 40
_NEAR_MM = 1.6


def place_sheet(picture: Image.Image, template: Template) -> tuple[Placement, float] | None:
    """Return how the sheet lies and the greatest error in mm, or nothing (置き方の読取り)."""
    by = max(1, round(max(picture.size) / _LONG_SIDE))
    small = picture.reduce(by) if by > 1 else picture
    long_mm = max(template.width_mm, template.height_mm)
    least = max(small.size) * _SHEET_LEAST / long_mm
    most = max(small.size) * _SHEET_MOST / long_mm
    seen = find_marks(small, side=(template.mark_mm * least, template.mark_mm * most))
    order = match_marks(template.marks, seen, near_mm=_NEAR_MM, scales=(least, most))
    if order is None:
        return None
    placement = fit(template.marks, order)
    if placement.is_mirrored:
        return None
    off = greatest_error(placement, template.marks, order) / placement.scale
    return placement.scaled(by), off


def find_marks(picture: Image.Image, *, side: tuple[float, float]) -> list[Point]:
    """Return the middles of solid squares with sides in this range of dots (印の候補)."""
    dark = cut(ink_of(picture, paper_dots=round(side[1] * 1.6)), _SOLID)
    # What is black all around within half a mark: marks, blots, nothing that is written.
    radius = max(1, round(side[0] * 0.22))
    core = cut(dark.filter(ImageFilter.BoxBlur(radius)), 240)
    found: list[Point] = []
    for blob in blobs_of(core)[: _CANDIDATES_MAX * 5]:
        middle = _middle(dark, ((blob.left + blob.right) / 2, (blob.top + blob.bottom) / 2), side)
        if middle is not None and all(math.dist(middle, one) > side[0] for one in found):
            found.append(middle)
    return found[:_CANDIDATES_MAX]


def _middle(dark: Image.Image, near: Point, side: tuple[float, float]) -> Point | None:
    """Return the middle of the square mark around here, or nothing when it is not one."""
    reach = side[1] * 0.95
    left, top = max(0, round(near[0] - reach)), max(0, round(near[1] - reach))
    right = min(dark.width, round(near[0] + reach))
    bottom = min(dark.height, round(near[1] + reach))
    window = dark.crop((left, top, right, bottom))
    inside = (near[0] - left, near[1] - top)
    same = [
        one for one in blobs_of(window)
        if one.left <= inside[0] <= one.right and one.top <= inside[1] <= one.bottom
    ]  # fmt: skip
    if not same:
        return None
    blob = max(same, key=lambda one: one.dots)
    edge = math.sqrt(blob.dots)
    if not side[0] * 0.9 <= edge <= side[1] * 1.1 or blob.dots < 0.62 * blob.width * blob.height:
        return None
    if not 0.8 <= blob.width / blob.height <= 1.25:
        return None
    alone = window.crop((blob.left, blob.top, blob.right, blob.bottom))
    x, y, across, down = _moments(alone)
    # A full square of area A has a spread of A/12 each way, turned or not; a ring or a T has not.
    wanted = blob.dots / 12
    if not (0.8 <= across / wanted <= 1.25 and 0.8 <= down / wanted <= 1.25):
        return None
    return (left + blob.left + x, top + blob.top + y)


def _moments(picture: Image.Image) -> tuple[float, float, float, float]:
    """Return the middle and the spread of the ink, across and down."""
    width, height = picture.size
    whole = picture.convert("F")
    columns = floats_of(whole.resize((width, 1), Image.Resampling.BOX))
    rows = floats_of(whole.resize((1, height), Image.Resampling.BOX))
    x, across = _moment(columns)
    y, down = _moment(rows)
    return x, y, across, down


def _moment(weights: Sequence[float]) -> tuple[float, float]:
    total = sum(weights) or 1.0
    middle = sum((i + 0.5) * w for i, w in enumerate(weights)) / total
    return middle, sum((i + 0.5 - middle) ** 2 * w for i, w in enumerate(weights)) / total
