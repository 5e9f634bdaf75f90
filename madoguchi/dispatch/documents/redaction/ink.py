"""Ink on paper: what is darker than the paper around it, and where (墨の読取り)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

#: Darker than its paper by this much is ink; a pencil on white has some 60 to 90.
INK = 48


def ink_of(picture: Image.Image, *, paper_dots: int) -> Image.Image:
    """Return how much darker than its paper each dot is (墨の濃さ).

    The paper's tone is the lightest mean within some ``paper_dots``: shades, yellowed sheets
    and a copier's grey ground go away, strokes stay.
    """
    block = max(2, paper_dots // 5)
    coarse = picture.reduce(block).filter(ImageFilter.MaxFilter(5))
    coarse = coarse.filter(ImageFilter.GaussianBlur(1))
    ground = coarse.resize(picture.size, Image.Resampling.BILINEAR)
    return ImageChops.subtract(ground, picture)


def cut(picture: Image.Image, level: int) -> Image.Image:
    """Return black and white: 255 where there is at least this much (二値化)."""
    return picture.point([255 if dot >= level else 0 for dot in range(256)])


@dataclass(slots=True)
class Blob:
    """Dots that hang together, and the rectangle they fill (かたまり)."""

    left: int
    top: int
    right: int
    bottom: int
    dots: int

    @property
    def width(self) -> int:
        """Dots across (幅)."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Dots down (高さ)."""
        return self.bottom - self.top


def blobs_of(cut_picture: Image.Image) -> list[Blob]:
    """Return every blob of a black and white picture; dots touch at corners too (かたまり)."""
    width, height = cut_picture.size
    dots = cut_picture.tobytes()
    runs: list[tuple[int, int, int]] = []  # row, from, to
    parent: list[int] = []
    above = range(0)
    for y in range(height):
        begin = len(runs)
        at = above.start
        for left, right in runs_of(dots[y * width : (y + 1) * width]):
            own = len(runs)
            runs.append((y, left, right))
            parent.append(own)
            while at < above.stop and runs[at][2] < left:
                at += 1
            near = at
            while near < above.stop and runs[near][1] <= right:
                _join(parent, own, near)
                near += 1
        above = range(begin, len(runs))
    return _gather(runs, parent)


def _root(parent: list[int], one: int) -> int:
    while parent[one] != one:
        parent[one] = parent[parent[one]]
        one = parent[one]
    return one


def _join(parent: list[int], one: int, other: int) -> None:
    parent[_root(parent, one)] = _root(parent, other)


def _gather(runs: list[tuple[int, int, int]], parent: list[int]) -> list[Blob]:
    found: dict[int, Blob] = {}
    for place, (y, left, right) in enumerate(runs):
        root = _root(parent, place)
        blob = found.get(root)
        if blob is None:
            found[root] = Blob(left, y, right, y + 1, right - left)
            continue
        blob.left, blob.right = min(blob.left, left), max(blob.right, right)
        blob.bottom = y + 1
        blob.dots += right - left
    return list(found.values())


def runs_of(row: bytes) -> Iterator[tuple[int, int]]:
    """Yield the stretches of 255 in one row (連続する点)."""
    at = row.find(255)
    while at >= 0:
        end = row.find(0, at)
        end = len(row) if end < 0 else end
        yield (at, end)
        at = row.find(255, end)


def floats_of(picture: Image.Image) -> Sequence[float]:
    """Return the values of a small picture of numbers, row by row (値の並び)."""
    return memoryview(picture.tobytes()).cast("f").tolist()
