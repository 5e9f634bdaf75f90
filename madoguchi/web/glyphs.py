"""Names on a screen: text where any screen font draws it, an image where not (文字)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, reverse

_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
_IDEOGRAPHS = (
    (0x2E80, 0x2FDF),  # radicals
    (0x3400, 0x4DBF),  # extension A
    (0x4E00, 0x9FFF),  # the common block
    (0xF900, 0xFAFF),  # compatibility
    (0x20000, 0x3FFFF),  # planes 2 and 3
    (0xE000, 0xF8FF),  # private use: gaiji
    (0xF0000, 0x10FFFF),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text, or one character to be shown as an image of the register's glyph."""

    text: str
    code: str | None = None  # "9089-e0110": the glyph route's argument


def pieces(name: str) -> tuple[Piece, ...]:
    """Cut a name into runs any screen font draws and characters it may not (字形)."""
    if is_plain(name):
        return (Piece(text=name),) if name else ()
    found: list[Piece] = []
    for cluster in _clusters(name):
        if is_screen_safe(cluster):
            if found and found[-1].code is None:
                found[-1] = Piece(text=found[-1].text + cluster)
            else:
                found.append(Piece(text=cluster))
        else:
            found.append(Piece(text=cluster, code="-".join(f"{ord(c):x}" for c in cluster)))
    return tuple(found)


def is_plain(text: str) -> bool:
    """Tell whether every character of a text is safe by itself: nearly every name is (字形)."""
    return all(map(_is_plain_character, text))


# A page of fifty people asks thousands of times about a few hundred characters.
@lru_cache(maxsize=16_384)
def _is_plain_character(character: str) -> bool:
    return is_screen_safe(character) and not _within(character, _SELECTORS)


def is_screen_safe(cluster: str) -> bool:
    """Tell whether every Japanese screen font draws this character, and draws it right.

    Ideographs are safe when they are in Windows-31J, which every Japanese font covers;
    a variation selector never is, because screen fonts know another collection of them.
    """
    if len(cluster) > 1 and _within(cluster[-1], _SELECTORS):
        return False
    if not _within(cluster[0], _IDEOGRAPHS):
        return True
    try:
        cluster.encode("cp932")
    except UnicodeEncodeError:
        return False
    # Windows-31J maps its user-defined rows to private use; no font agrees on those.
    return not 0xE000 <= ord(cluster[0]) <= 0xF8FF


def url_of(code: str) -> str | None:
    """Return the address of the glyph's image, or nothing while no room serves glyphs."""
    try:
        return reverse("glyph", kwargs={"code": code})
    except NoReverseMatch:
        return None


def _clusters(name: str) -> Iterator[str]:
    start = 0
    for at in range(1, len(name)):
        if not _within(name[at], _SELECTORS):
            yield name[start:at]
            start = at
    if name:
        yield name[start:]


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)
