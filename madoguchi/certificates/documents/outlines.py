"""Glyph outlines inside TrueType files, for comparing what is drawn (字形の輪郭データ).

A text layer can say one character while the page shows another. The renderer copies
outlines unchanged into the PDF, so the read-back compares them with the font's own.
"""

import struct
from dataclasses import dataclass
from functools import cache, lru_cache

import uharfbuzz as hb  # type: ignore[import-untyped]

from madoguchi.certificates.domain.sheets import Face
from madoguchi.infra.fonts import font_path, shaped_glyph


@dataclass(frozen=True, slots=True, kw_only=True)
class GlyphTable:
    """Where each outline of a font lies (glyf・loca)."""

    glyf: bytes
    loca: bytes
    long_offsets: bool

    def outline(self, glyph: int) -> bytes:
        """Return the outline of one glyph, without padding (輪郭)."""
        if self.long_offsets:
            start, end = struct.unpack_from(">II", self.loca, glyph * 4)
        else:
            start, end = (half * 2 for half in struct.unpack_from(">HH", self.loca, glyph * 2))
        return self.glyf[start:end].rstrip(b"\0")


def embedded_glyphs(font_file: bytes) -> GlyphTable:
    """Return the outlines of a font embedded in a PDF (埋込みフォント)."""
    (count,) = struct.unpack_from(">H", font_file, 4)
    tables: dict[bytes, bytes] = {}
    for place in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", font_file, 12 + 16 * place)
        tables[tag] = font_file[offset : offset + length]
    return GlyphTable(
        glyf=tables[b"glyf"],
        loca=tables[b"loca"],
        long_offsets=struct.unpack_from(">h", tables[b"head"], 50) == (1,),
    )


@cache
def _registered_glyphs(face: Face) -> GlyphTable:
    font = hb.Face(hb.Blob.from_file_path(str(font_path(face))))
    return GlyphTable(
        glyf=font.reference_table("glyf").data,
        loca=font.reference_table("loca").data,
        long_offsets=struct.unpack_from(">h", font.reference_table("head").data, 50) == (1,),
    )


@lru_cache(maxsize=8_192)
def registered_outline(text: str, *, face: Face) -> bytes | None:
    """Return the font's own outline for a character, or None (登録された字形)."""
    glyph = shaped_glyph(text, face=face)
    return None if glyph is None else _registered_glyphs(face).outline(glyph)
