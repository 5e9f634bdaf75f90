"""Put a text into a box: shrink first, then break, then say what is lost (文字超過)."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MM_PER_PT = 25.4 / 72

#: Advances of IPAmj Mincho for U+0020–U+007E in 1/2048 em. Everything else counts as a full
#: square, which no glyph of that font exceeds, so a text never turns out wider than planned.
# fmt: off
_ASCII_ADVANCES = (
    594, 578, 723, 1266, 1266, 1606, 1487, 434, 748, 748, 512, 1389, 487, 604, 487, 1024,
    1266, 1266, 1266, 1266, 1266, 1266, 1266, 1266, 1266, 1266, 590, 590, 1389, 1389, 1389, 1032,
    1841, 1483, 1452, 1495, 1612, 1432, 1311, 1602, 1677, 776, 967, 1477, 1243, 1954, 1671, 1640,
    1315, 1640, 1423, 1257, 1278, 1622, 1470, 1966, 1475, 1403, 1294, 696, 1024, 696, 1024, 1024,
    1024, 1112, 1231, 1096, 1257, 1143, 641, 1128, 1262, 616, 623, 1155, 600, 1837, 1286, 1206,
    1260, 1225, 829, 975, 680, 1247, 1092, 1597, 1065, 1094, 944, 694, 401, 694, 1024,
)
# fmt: on
_EM = {chr(0x20 + index): advance / 2048 for index, advance in enumerate(_ASCII_ADVANCES)}

#: Below this nobody can read a Mincho character on paper; the text overflows instead.
SIZE_FLOOR_PT = 5.0
_SIZE_STEP_PT = 0.5
#: Distance of two baselines in one box, in em.
LEADING_EM = 1.12
#: Characters that may not begin a line (行頭禁則), as far as a register holds them.
_NOT_AT_LINE_START = frozenset("、。，．）〕］｝」』】ー々ゝゞヽヾ)]},.")
#: Characters that may not end a line (行末禁則).
_NOT_AT_LINE_END = frozenset("（〔［｛「『【([{")

#: The longest text worth measuring; a register field never comes near it.
TEXT_LENGTH_MAX = 2_000


class Face(StrEnum):
    """Which of the two fonts a run is set in (書体)."""

    MINCHO = "M"  # names and values: the register's glyphs
    GOTHIC = "G"  # labels of the form


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """How a text lies in its box (割付け)."""

    lines: tuple[str, ...]
    size_pt: float
    lost: int = 0  # characters that found no place

    @property
    def shown(self) -> int:
        """Count the characters on the lines (印字した文字数)."""
        return sum(len(line) for line in self.lines)


def is_selector(char: str) -> bool:
    """Say whether this is a variation selector or a combining mark: no width of its own."""
    return (
        "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
        or unicodedata.category(char) == "Mn"
    )


def clusters_of(text: str) -> tuple[str, ...]:
    """Cut a text where a line may be cut: a base with its selectors is one (字の単位)."""
    if text.isascii():
        return tuple(text)
    found: list[str] = []
    for char in text:
        if found and char > "\u02ff" and is_selector(char):
            found[-1] += char
        else:
            found.append(char)
    return tuple(found)


def width_em(text: str) -> float:
    """Return the width of a text in em, never less than printed (文字列の幅)."""
    total = 0.0
    for char in text:
        advance = _EM.get(char)
        if advance is not None:
            total += advance
        elif char < "\u0300" or not is_selector(char):
            total += 1.0
    return total


def fit(
    text: str, *, width_mm: float, height_mm: float, size_pt: float, floor_pt: float = SIZE_FLOOR_PT
) -> Fitted:
    """Put the text into the box at the largest size that holds it (縮小と折返し; SPEC1 5.8).

    One line is tried before two at each size. At the smallest size what finds no place is
    counted in `lost`; the caller turns that into alert A5.
    """
    text = text.strip()
    assert len(text) <= TEXT_LENGTH_MAX, "a text this long is a mistake upstream"
    whole = width_em(text)
    size = size_pt
    while True:
        em_mm = size * MM_PER_PT
        if whole * em_mm <= width_mm:
            return Fitted(lines=(text,), size_pt=size)
        rows = max(1, int((height_mm / em_mm - 1) / LEADING_EM + 1))
        last_chance = size <= floor_pt
        if rows > 1 or last_chance:
            lines, lost = _break(text, width_em_max=width_mm / em_mm, rows=rows)
            if not lost or last_chance:
                return Fitted(lines=lines, size_pt=size, lost=lost)
        size = max(floor_pt, size - _SIZE_STEP_PT)


def _break(text: str, *, width_em_max: float, rows: int) -> tuple[tuple[str, ...], int]:
    """Break into at most `rows` lines; return them and how many characters are lost."""
    units = clusters_of(text)
    lines: list[str] = []
    start = 0
    while start < len(units) and len(lines) < rows:
        end = _line_end(units, start=start, width_em_max=width_em_max)
        lines.append("".join(units[start:end]).strip())
        start = end
        while start < len(units) and units[start].isspace():
            start += 1
    lost = sum(len(unit) for unit in units[start:])
    return tuple(line for line in lines if line), lost


def _line_end(units: tuple[str, ...], *, start: int, width_em_max: float) -> int:
    """Return where the line that begins at `start` ends (改行位置)."""
    width = 0.0
    end = start
    while end < len(units):
        width += width_em(units[end])
        # Rounding must not push the last character of an exact fit to the next line.
        if width > width_em_max + 1e-9:
            break
        end += 1
    if end == len(units):
        return end
    end = max(end, start + 1)
    # A Latin word moves to the next line whole, unless it fills a line by itself.
    if _is_latin(units[end]) and _is_latin(units[end - 1]):
        word = end
        while word > start and _is_latin(units[word - 1]):
            word -= 1
        if word > start:
            return word
    elif units[end][0] in _NOT_AT_LINE_START or units[end - 1][0] in _NOT_AT_LINE_END:
        return max(end - 1, start + 1)
    return end


def _is_latin(unit: str) -> bool:
    return unit < "\u0250" and not unit.isspace()
