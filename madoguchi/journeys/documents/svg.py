"""Small pieces of a drawing (図の部品): text that fits, boxes that do not collide, a time axis.

Everything is black on white with one accent; what a colour says, a word or a line's kind says
too. Sizes are pixels of the drawing; a page or a printer scales the whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

INK, QUIET, LINE, FAINT, ACCENT, LOOK = (
    "#1a1a1a", "#4d4d4d", "#b3b3b3", "#f2f4f8", "#0031a8", "#8a4b00",
)  # fmt: skip
FONTS = "'Noto Sans JP','Noto Sans CJK JP','BIZ UDPGothic','Hiragino Sans','Yu Gothic',IPAexGothic,sans-serif"
_WIDE = {"W", "F", "A"}


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is: a kanji an em, a Latin letter three fifths (文字の幅)."""
    ems = sum(1.0 if unicodedata.east_asian_width(one) in _WIDE else 0.6 for one in text)
    return ems * size


def lines_of(text: str, *, size: float, width: float, most: int) -> tuple[str, ...]:
    """Break a text into lines that fit; what is left over ends in … (折返し)."""
    found = _broken(text, size, width)
    if 1 < len(found) <= most:
        # As many lines, but alike: one word alone on the last line reads badly.
        narrow = width_of(text, size) / len(found)
        tries = (_broken(text, size, min(width, narrow + more * size)) for more in range(1, 6))
        found = next((even for even in tries if len(even) == len(found)), found)
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1][:-1] + "…"]
    return tuple(found)


def _broken(text: str, size: float, width: float) -> list[str]:
    found, now = [], ""
    for phrase in phrases(" ".join(text.split())):
        if now and width_of(now + phrase.rstrip(), size) > width:
            found.append(now.strip())
            now = ""
        for letter in phrase:
            # A phrase too long for a line; a line does not begin with what closes a sentence.
            if now and width_of(now + letter, size) > width and letter not in _CLOSING:
                found.append(now.strip())
                now = ""
            now += letter
    found.append(now.strip())
    return [one for one in found if one]


_CLOSING = "、。）」・ー"
#: A phrase begins after a comma or a blank, or where hiragana are followed by another writing
#: (写真を|とる is not found; 申請の|しかた neither): a guess, but no word is cut in its kanji.
_PHRASE = re.compile(
    r"(?<=[、。・　 ])|(?<=[ぁ-ん）」])(?=[^ぁ-ん、。）」・ー　 ])|(?<=を)(?=[ぁ-ん])"
)


def phrases(text: str) -> tuple[str, ...]:
    """Cut Japanese where a line may end without cutting a word (文節のような切れ目)."""
    return tuple(one for one in _PHRASE.split(text) if one)


def text(x: float, y: float, words: str, *, size: float = 14, anchor: str = "start",
         weight: str = "400", fill: str = INK, halo: bool = False) -> str:  # fmt: skip
    """Return one line of text; with a halo it stays readable on a line (文字)."""
    around = f' stroke="#fff" stroke-width="{size / 3:.1f}" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}"'
        f' font-weight="{weight}" fill="{fill}"{around} stroke-linejoin="round">{escape(words)}</text>'
    )


def rect(x: float, y: float, width: float, height: float, *, fill: str = "#fff",
         stroke: str = INK, dash: str = "", thick: float = 1.2, round_by: float = 0) -> str:  # fmt: skip
    """Return a box (四角)."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{round_by:g}"'
        f' fill="{fill}" stroke="{stroke}" stroke-width="{thick:g}"{dashes}/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = LINE, thick: float = 1,
         dash: str = "") -> str:  # fmt: skip
    """Return a straight line (線)."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}"'
        f' stroke-width="{thick:g}"{dashes}/>'
    )


def whole(pieces: Iterable[str], *, width: float, height: float, title: str, told: str,
          language: str = "ja") -> str:  # fmt: skip
    """Return the drawing: it names itself and says in words what it shows (図の全体)."""
    return "\n".join([
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d" lang="{language}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
        f' font-family="{FONTS}">',
        f'<title id="t">{escape(title)}</title>', f'<desc id="d">{escape(told)}</desc>',
        '<defs><marker id="to" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9"'
        f' markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5L0 10z" fill="{INK}"/></marker></defs>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>', *pieces, "</svg>", "",
    ])  # fmt: skip


#: Units of time as they follow a figure: seconds, minutes, hours, days (時間の単位).
UNITS = ("秒", "分", "時間", "日")


def span(minutes: float, units: Sequence[str] = UNITS) -> str:
    """Say a time in words a reader takes in at once (時間の書き方)."""
    seconds_unit, minutes_unit, hours_unit, days_unit = units
    if minutes < 1:
        return f"{minutes * 60:.0f}{seconds_unit}"
    if minutes < 120:
        return f"{minutes:.1f}".removesuffix(".0") + minutes_unit
    if minutes < 2_880:
        return f"{minutes / 60:.1f}".removesuffix(".0") + hours_unit
    return f"{minutes / 1_440:.1f}".removesuffix(".0") + days_unit


@dataclass(slots=True)
class Taken:
    """Room that is taken already, so that labels do not lie on each other (ふさがった場所)."""

    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def free(self, box: tuple[float, float, float, float]) -> bool:
        """Tell whether a box (left, top, right, bottom) meets no other (空き)."""
        return not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in self.boxes
        )

    def place(
        self, spots: Sequence[tuple[float, float]], width: float, height: float
    ) -> tuple[float, float]:
        """Take the first free spot of several, each the middle of a box; else the first (置き場所)."""
        for x, y in spots:
            box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            if self.free(box):
                self.boxes.append(box)
                return x, y
        return spots[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Time from left to right, to scale, cut where nothing happens for long (時間軸)."""

    at: tuple[float, ...]
    x: tuple[float, ...]
    #: Between which places the axis is cut, and how long the cut is: x, x, minutes.
    cuts: tuple[tuple[float, float, float], ...]

    def place(self, minutes: float) -> float:
        """Return where a moment stands; it is one of those the axis was made of (位置)."""
        return self.x[self.at.index(minutes)]


def axis_of(moments: Iterable[float], *, left: float, gap: float, gap_max: float) -> Axis:
    """Lay moments out to scale: the usual distance takes ``gap``, none more than ``gap_max``.

    Beyond that the axis is cut, and the drawing says by how much.
    """
    at = tuple(sorted(set(moments)))
    steps = sorted(after - before for before, after in pairwise(at))
    scale = gap / steps[len(steps) // 2] if steps else 1.0
    x, cuts = [left], []
    for before, after in pairwise(at):
        wide = (after - before) * scale
        if wide > gap_max:
            cuts.append((x[-1], x[-1] + gap_max, after - before))
        x.append(x[-1] + min(wide, gap_max))
    return Axis(at=at, x=tuple(x), cuts=tuple(cuts))


def table(columns: Sequence[tuple[str, float, str]], rows: Sequence[Sequence[str]], *, left: float,
          top: float, size: float = 14) -> tuple[list[str], float]:  # fmt: skip
    """Draw a plain table; columns are name, width and anchor; return it and where it ends (表)."""
    high = size * 1.75
    right = left + sum(width for _, width, _ in columns)
    pieces = [line(left, top + high, right, top + high, stroke=INK)]
    for number, cells in enumerate([[name for name, _, _ in columns], *rows]):
        x, y = left, top + high * number + size * 1.25
        for cell, (_, width, anchor) in zip(cells, columns, strict=True):
            place = {"start": x + 4, "end": x + width - 8, "middle": x + width / 2}[anchor]
            weight = "700" if number == 0 else "400"
            pieces.append(text(place, y, cell, size=size, anchor=anchor, weight=weight))
            x += width
        if number:
            pieces.append(line(left, top + high * (number + 1), right, top + high * (number + 1)))
    return pieces, top + high * (len(rows) + 1)


def curve(start: tuple[float, float], end: tuple[float, float], bend: float
          ) -> tuple[str, Callable[[float], tuple[float, float]]]:  # fmt: skip
    """Return a curve that leaves and arrives level, and its points by share of the way (曲線)."""
    (x1, y1), (x2, y2) = start, end
    reach = max(36.0, abs(x2 - x1) / 2.4)
    c1, c2 = (x1 + reach, y1 + bend), (x2 - reach, y2 + bend)

    def point(t: float) -> tuple[float, float]:
        u = 1 - t
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        return (
            sum(w * p[0] for w, p in zip(weights, (start, c1, c2, end), strict=True)),
            sum(w * p[1] for w, p in zip(weights, (start, c1, c2, end), strict=True)),
        )

    path = f"M{x1:.1f} {y1:.1f}C{c1[0]:.1f} {c1[1]:.1f} {c2[0]:.1f} {c2[1]:.1f} {x2:.1f} {y2:.1f}"
    return path, point
