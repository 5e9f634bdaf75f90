"""How a sheet lies in a picture: the fit from marks found to marks expected (位置合わせの計算)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a point of the paper (mm) lies in the picture (dots): an affine map (置き方)."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def at(self, point: Point) -> Point:
        """Return the place in the picture (写った位置)."""
        x, y = point
        return (self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f)

    @property
    def scale(self) -> float:
        """Dots a millimetre (縮尺)."""
        return math.sqrt(abs(self.a * self.e - self.b * self.d))

    @property
    def stretch(self) -> float:
        """How unlike the two directions are stretched; 0 is a true picture (縦横のちがい)."""
        across, down = math.hypot(self.a, self.d), math.hypot(self.b, self.e)
        return abs(across / down - 1) if down else math.inf

    @property
    def shear(self) -> float:
        """How far from a right angle the two directions are, in radians (ゆがみ)."""
        across, down = math.hypot(self.a, self.d), math.hypot(self.b, self.e)
        if not across or not down:
            return math.inf
        cosine = (self.a * self.b + self.d * self.e) / (across * down)
        return abs(math.asin(max(-1.0, min(1.0, cosine))))

    @property
    def is_mirrored(self) -> bool:
        """Whether the picture shows the sheet from behind (裏返し)."""
        return self.a * self.e - self.b * self.d <= 0

    def scaled(self, by: float) -> Placement:
        """Return the same in a picture made that much larger (拡大縮小)."""
        return Placement(
            a=self.a * by, b=self.b * by, c=self.c * by,
            d=self.d * by, e=self.e * by, f=self.f * by,
        )  # fmt: skip


def fit(expected: Sequence[Point], seen: Sequence[Point]) -> Placement:
    """Return the affine map with the least squared error (最小二乗)."""
    assert len(expected) == len(seen) >= 3
    n = len(expected)
    mx, my = sum(p[0] for p in expected) / n, sum(p[1] for p in expected) / n
    sxx = sum((x - mx) ** 2 for x, _ in expected)
    syy = sum((y - my) ** 2 for _, y in expected)
    sxy = sum((x - mx) * (y - my) for x, y in expected)
    det = sxx * syy - sxy * sxy
    assert det > 0, "the marks lie on one line"
    rows = []
    for axis in (0, 1):
        mean = sum(p[axis] for p in seen) / n
        ux = sum((x - mx) * (s[axis] - mean) for (x, _), s in zip(expected, seen, strict=True))
        uy = sum((y - my) * (s[axis] - mean) for (_, y), s in zip(expected, seen, strict=True))
        p, q = (ux * syy - uy * sxy) / det, (uy * sxx - ux * sxy) / det
        rows.append((p, q, mean - p * mx - q * my))
    (a, b, c), (d, e, f) = rows
    return Placement(a=a, b=b, c=c, d=d, e=e, f=f)


def greatest_error(placement: Placement, expected: Sequence[Point], seen: Sequence[Point]) -> float:
    """Return the greatest distance between fit and sight, in dots (最大のずれ)."""
    return max(
        math.dist(placement.at(one), other) for one, other in zip(expected, seen, strict=True)
    )


def match_marks(
    expected: Sequence[Point], seen: Sequence[Point], *, near_mm: float, scales: tuple[float, float]
) -> list[Point] | None:
    """Return what was seen in the order expected, or nothing where it is not unmistakable (照合).

    Two marks that lie far apart are tried against every pair that was seen; each pair gives
    one turn, shift and scale, never a mirror image. Every mark must then be found.
    """
    found: dict[tuple[Point, ...], float] = {}
    for move in _moves(expected, seen, scales):
        chosen: list[Point] = []
        worst = 0.0
        for mark in expected:
            wanted = move.at(mark)
            nearest = min(seen, key=lambda one: math.dist(one, wanted))
            worst = max(worst, math.dist(nearest, wanted))
            chosen.append(nearest)
        if worst <= near_mm * move.scale and len(set(chosen)) == len(chosen):
            found.setdefault(tuple(chosen), worst)
    if len(found) != 1:
        return None
    return list(next(iter(found)))


def _moves(
    expected: Sequence[Point], seen: Sequence[Point], scales: tuple[float, float]
) -> Iterator[Placement]:
    """Yield the similarities that put the two farthest marks on two that were seen."""
    one, other = max(permutations(expected, 2), key=lambda pair: math.dist(*pair))
    length = math.dist(one, other)
    dx, dy = other[0] - one[0], other[1] - one[1]
    for here, there in permutations(seen, 2):
        scale = math.dist(here, there) / length
        if not scales[0] <= scale <= scales[1]:
            continue
        ux, uy = there[0] - here[0], there[1] - here[1]
        cos = (dx * ux + dy * uy) / length**2
        sin = (dx * uy - dy * ux) / length**2
        yield Placement(
            a=cos, b=-sin, c=here[0] - cos * one[0] + sin * one[1],
            d=sin, e=cos, f=here[1] - sin * one[0] - cos * one[1],
        )  # fmt: skip
