"""The two fonts of a paper, and whether they hold every character (書体と文字).

The renderer prints the base character for a selector it does not know, and says nothing.
So each text is shaped here beforehand, and what the font lacks is alert A5.
"""

import os
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as hb  # type: ignore[import-untyped]

from madoguchi.kernel.fitting import Face, clusters_of, is_selector
from madoguchi.kernel.outcome import Problem, Refused

FONTS_VARIABLE = "MADOGUCHI_FONTS"
_SHAPING = {"kern": False, "liga": False, "dlig": False}
#: What stands where a character was lost on the way: 〓 and the replacement character. They
#: have glyphs, and a paper with one says somebody is called so.
_STAND_INS = frozenset("\u3013\ufffd")
_MJ_NAME = re.compile(r"mj(\d{6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFile:
    """Where a font is found and how it is called (書体ファイル)."""

    family: str
    file_name: str
    folder: Path
    package: str


_FONTS = {
    Face.MINCHO: FontFile(
        family="IPAmjMincho",
        file_name="ipamjm.ttf",
        folder=Path("/usr/share/fonts/truetype/ipamj"),
        package="fonts-ipamj-mincho",
    ),
    Face.GOTHIC: FontFile(
        family="IPAexGothic",
        file_name="ipaexg.ttf",
        folder=Path("/usr/share/fonts/opentype/ipaexfont-gothic"),
        package="fonts-ipaexfont-gothic",
    ),
}


@cache
def font_path(face: Face) -> Path:
    """Return the file of this font: the configured folder first, then Debian's (書体の所在)."""
    font = _FONTS[face]
    given = os.environ.get(FONTS_VARIABLE)
    if given:
        for path in sorted(Path(given).rglob(font.file_name)):
            return path
    path = font.folder / font.file_name
    if path.is_file():
        return path
    raise Refused(
        Problem(code="FONT_NOT_INSTALLED", facts={"font": font.family, "package": font.package})
    )


def font_family(face: Face) -> str:
    """Return the family name the template asks for (書体名)."""
    return _FONTS[face].family


@cache
def _face(face: Face) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(font_path(face))))


@cache
def _font(face: Face) -> hb.Font:
    return hb.Font(_face(face))


@cache
def _plain_characters(face: Face) -> frozenset[str]:
    """Return what may be printed as it stands: in the font, and visible (単独で印字できる文字).

    Controls, soft hyphens and the like are in some fonts but change or hide the line.
    """
    chars = (chr(code) for code in _face(face).unicodes)
    return frozenset(
        char
        for char in chars
        if char.isprintable() or char == "\u3000"
        if not is_selector(char) and char != "\u00a0" and char not in _STAND_INS
    )


@lru_cache(maxsize=8_192)
def shaped_glyph(cluster: str, *, face: Face = Face.MINCHO) -> int | None:
    """Return the one glyph of a character with its selectors, or None (字形の番号)."""
    buffer = hb.Buffer()
    buffer.add_str(cluster)
    buffer.guess_segment_properties()
    hb.shape(_font(face), buffer, _SHAPING)
    infos = buffer.glyph_infos
    if len(infos) != 1 or infos[0].codepoint == 0:
        return None
    return int(infos[0].codepoint)


def missing_in(text: str, *, face: Face = Face.MINCHO) -> tuple[str, ...]:
    """Return the characters of a text that cannot be printed as registered (未登録文字)."""
    plain = _plain_characters(face)
    # Nearly every text takes this way: no selectors, and all in the font.
    if plain.issuperset(text):
        return ()
    return tuple(
        cluster for cluster in clusters_of(text) if not _prints_as_registered(cluster, face)
    )


def _prints_as_registered(cluster: str, face: Face) -> bool:
    if len(cluster) == 1:
        return cluster in _plain_characters(face)
    glyph = shaped_glyph(cluster, face=face)
    if glyph is None:
        return False
    if any(0xFE00 <= ord(char) <= 0xFE0F or ord(char) >= 0xE0100 for char in cluster):
        # A variant is only what the MJ list says it is.
        return mj_number(cluster) is not None
    return True


def mj_number(cluster: str) -> str | None:
    """Return the MJ number of a character, such as MJ022335 for 葛 + U+E0102 (MJ文字図形名)."""
    glyph = shaped_glyph(cluster)
    if glyph is None:
        return None
    found = _MJ_NAME.fullmatch(_font(Face.MINCHO).glyph_to_string(glyph))
    return f"MJ{found[1]}" if found else None


def code_of(cluster: str) -> str:
    """Write a character as its code: U+845B U+E0100 (文字コード)."""
    return " ".join(f"U+{ord(char):04X}" for char in cluster)


class _SvgPen:
    """Collects one glyph outline as SVG path data (輪郭)."""

    def __init__(self, *, shift_x: float = 0.0, shift_y: float = 0.0, scale: float = 1.0) -> None:
        self._parts: list[str] = []
        self._shift_x, self._shift_y, self._scale = shift_x, shift_y, scale

    def _point(self, point: tuple[float, float]) -> str:
        x, y = point
        return f"{x * self._scale + self._shift_x:.5g} {self._shift_y - y * self._scale:.5g}"

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - the pen protocol
        self._parts.append(f"M{self._point(point)}")

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._parts.append(f"L{self._point(point)}")

    def qCurveTo(self, control: tuple[float, float], point: tuple[float, float]) -> None:  # noqa: N802
        self._parts.append(f"Q{self._point(control)} {self._point(point)}")

    def curveTo(  # noqa: N802
        self,
        first: tuple[float, float],
        second: tuple[float, float],
        point: tuple[float, float],
    ) -> None:
        self._parts.append(f"C{self._point(first)} {self._point(second)} {self._point(point)}")

    def closePath(self) -> None:  # noqa: N802
        self._parts.append("Z")

    def endPath(self) -> None:  # noqa: N802
        """An open contour ends; nothing to draw."""

    def path(self) -> str:
        return "".join(self._parts)


def outline(
    cluster: str, *, left: float, baseline: float, size: float, face: Face = Face.MINCHO
) -> str | None:
    """Return a character as SVG path data in a picture's own units (字形の輪郭)."""
    glyph = shaped_glyph(cluster, face=face)
    if glyph is None:
        return None
    pen = _SvgPen(shift_x=left, shift_y=baseline, scale=size / _face(face).upem)
    _font(face).draw_glyph_with_pen(glyph, pen)
    return pen.path()


def glyph_svg(cluster: str) -> str | None:
    """Return a picture of the register's own glyph for the screen, or None (字形の画像)."""
    if missing_in(cluster) or len(clusters_of(cluster)) != 1:
        return None
    path = outline(cluster, left=0.0, baseline=88.0, size=100.0)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path d="{path}"/></svg>'
