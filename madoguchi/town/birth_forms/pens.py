"""Digits as a hand draws them: strokes with a tremble (手書き風の数字)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from PIL import ImageDraw

Stroke = tuple[tuple[float, float], ...]


def _arc(*given: float) -> Stroke:
    x, y, rx, ry, start, end = given
    steps = 14
    turns = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return tuple((x + rx * math.cos(t), y + ry * math.sin(t)) for t in turns)


#: One or more strokes a digit, in a square of 1 by 1 with y downward.
STROKES: dict[str, tuple[Stroke, ...]] = {
    "0": (_arc(0.5, 0.5, 0.32, 0.5, -90, 275),),
    "1": (((0.35, 0.18), (0.52, 0.0), (0.52, 1.0)),),
    "2": (
        (*_arc(0.5, 0.28, 0.32, 0.28, -170, 40), (0.2, 1.0)),
        ((0.2, 1.0), (0.82, 0.98)),
    ),
    "3": (
        _arc(0.48, 0.25, 0.3, 0.25, -160, 90),
        _arc(0.48, 0.74, 0.34, 0.26, -90, 160),
    ),
    "4": (((0.62, 0.0), (0.15, 0.66), (0.88, 0.66)), ((0.64, 0.35), (0.64, 1.0))),
    "5": (((0.78, 0.02), (0.3, 0.02), (0.26, 0.45)), _arc(0.48, 0.68, 0.32, 0.31, -125, 140)),
    "6": (((0.68, 0.0), (0.3, 0.45), (0.2, 0.7)), _arc(0.5, 0.73, 0.3, 0.27, -180, 180)),
    "7": (((0.18, 0.02), (0.82, 0.02), (0.45, 1.0)),),
    "8": (_arc(0.5, 0.25, 0.25, 0.25, -90, 270), _arc(0.5, 0.75, 0.31, 0.25, -90, 270)),
    "9": (_arc(0.48, 0.28, 0.28, 0.28, 0, 360), ((0.76, 0.25), (0.74, 0.6), (0.6, 1.0))),
}


def write_by_hand(
    pen: ImageDraw.ImageDraw,
    text: str,
    *,
    boxes: Sequence[tuple[float, float, float, float]],
    dice: Random,
    tone: int,
    width: int,
) -> None:
    """Write each character into its box (dots) with a tremble of its own (手で書く)."""
    slant = dice.gauss(0, 0.12)
    for digit, (left, top, right, bottom) in zip(text, boxes, strict=True):
        wide, tall = right - left, bottom - top
        lean = slant + dice.gauss(0, 0.04)
        for stroke in STROKES[digit]:
            shake = [(dice.gauss(0, 0.025), dice.gauss(0, 0.025)) for _ in stroke]
            points = [
                (
                    left + (x + dx + lean * (0.5 - y)) * wide,
                    top + (y + dy) * tall,
                )
                for (x, y), (dx, dy) in zip(stroke, shake, strict=True)
            ]
            pen.line(points, fill=tone, width=width, joint="curve")
            for x, y in (points[0], points[-1]):
                half = width / 2
                pen.ellipse((x - half, y - half, x + half, y + half), fill=tone)
