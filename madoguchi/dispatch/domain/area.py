"""A place on a page: what shows through a window, and what is burnt from a copy (領域)."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.dispatch.domain.placing import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle on a page, in millimetres from its upper left corner (領域)."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Area) -> bool:
        """Tell whether the other lies wholly inside (包含)."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: Area) -> bool:
        """Tell whether the two share any paper (重なり)."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def grown(self, by: float) -> Area:
        """Return the rectangle with this much more on every side (余白を足した領域)."""
        return Area(
            left=self.left - by, top=self.top - by, right=self.right + by, bottom=self.bottom + by
        )

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The four corners, clockwise (四すみ)."""
        return (
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        )
