"""A sheet as a scanner, a copier or a fax machine gives it (読取り・複写・ファクス)."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from madoguchi.town.birth_forms.drawing import (
    DPI,
    TALL_MM,
    WIDE_MM,
    Secret,
    dice_secret,
    draw_form,
)

STYLES = ("flatbed", "colour", "copy", "fax", "jpeg", "stained")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a sheet lies on the glass and what machine looks at it (読取り方)."""

    style: str
    dpi: int
    scale: float
    turn_degrees: float
    shift_mm: tuple[float, float]
    rim_mm: float
    dark_lid: bool
    noise: int
    file_format: str
    quality: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A scan and the truth about it: the same scan with nothing in the secret part (読取り)."""

    data: bytes
    blank: bytes
    secret: Secret
    way: Way

    @property
    def suffix(self) -> str:
        """The ending of its file's name (拡張子)."""
        return {"PNG": "png", "JPEG": "jpg", "TIFF": "tif", "PDF": "pdf"}[self.way.file_format]


def dice_way(dice: Random) -> Way:
    """Throw a way of scanning within what an office's machines do (読取り方を決める)."""
    style = dice.choices(STYLES, weights=(25, 20, 15, 15, 15, 10))[0]
    rim = dice.choice((0.0, 0.0, 6.0, 14.0))
    skew = 2.5 if rim == 0 else 5.0
    upright = dice.choices((0, 180, 90, 270), weights=(76, 16, 4, 4))[0]
    dpi = dice.choices((150, 200, 240, 300, 400, 600), weights=(18, 34, 10, 30, 6, 2))[0]
    kinds = ("TIFF", "PNG") if style == "fax" else ("PNG", "JPEG", "TIFF", "PDF")
    return Way(
        style=style,
        dpi=dpi,
        scale=dice.uniform(0.97, 1.03),
        turn_degrees=upright + dice.uniform(-skew, skew),
        shift_mm=(dice.uniform(-1.5, 1.5), dice.uniform(-1.5, 1.5)),
        rim_mm=rim,
        dark_lid=rim > 0 and dice.random() < 0.25,
        noise=dice.choice((0, 8, 16, 28)),
        file_format=dice.choice(("JPEG", "PDF")) if style == "jpeg" else dice.choice(kinds),
        quality=dice.randint(30, 70) if style == "jpeg" else dice.randint(75, 95),
    )


def make_scan(
    seed: int, *, fonts: Sequence[Path], way: Way | None = None, secret: Secret | None = None
) -> Scan:
    """Return scan number ``seed`` and its twin without a secret; the same for a seed (作成)."""
    dice = Random(f"birth-form {seed}")  # noqa: S311  dice of a fiction
    way = way or dice_way(dice)
    secret = secret or dice_secret(dice)
    rest = dice.randrange(2**32)
    made = []
    for written in (secret, None):
        # The same dice again for each twin: nothing differs but the digits.
        form, machine = Random(f"{rest} form"), Random(f"{rest} machine")  # noqa: S311
        sheet = draw_form(form, secret=written, fonts=fonts)
        made.append(encode(through(sheet, way, machine), way))
    return Scan(data=made[0], blank=made[1], secret=secret, way=way)


def through(sheet: Image.Image, way: Way, dice: Random) -> Image.Image:
    """Return the sheet as this machine sees it; the dice decide all but the sheet (読み取る)."""
    if way.style == "stained":
        sheet = _stained(sheet, dice)
    seen = _on_the_glass(sheet, way)
    if way.style in ("copy", "stained"):
        seen = _copied(seen, dice)
    if way.noise:
        seen = _noisy(seen, way.noise, dice)
    if way.style == "fax":
        return _faxed(seen, dice)
    if way.style == "colour":
        return _coloured(seen, dice)
    return seen


def _on_the_glass(sheet: Image.Image, way: Way) -> Image.Image:
    """Turn, shift and scale the sheet onto the scanner's glass."""
    dots = way.dpi / 25.4
    lying = 45 < way.turn_degrees % 180 < 135
    wide, tall = (TALL_MM, WIDE_MM) if lying else (WIDE_MM, TALL_MM)
    size = (round((wide + 2 * way.rim_mm) * dots), round((tall + 2 * way.rim_mm) * dots))
    turn = math.radians(way.turn_degrees)
    by = dots * way.scale
    cos, sin = math.cos(turn) / by, math.sin(turn) / by
    middle_x = size[0] / 2 + way.shift_mm[0] * dots
    middle_y = size[1] / 2 + way.shift_mm[1] * dots
    # From a dot of the glass back to a dot of the sheet.
    there = DPI / 25.4
    a, b = cos * there, sin * there
    c = (WIDE_MM / 2) * there - a * middle_x - b * middle_y
    d, e = -sin * there, cos * there
    f = (TALL_MM / 2) * there - d * middle_x - e * middle_y
    smooth = (
        sheet.filter(ImageFilter.GaussianBlur(0.45 * DPI / way.dpi)) if way.dpi < DPI else sheet
    )
    return smooth.transform(
        size, Image.Transform.AFFINE, (a, b, c, d, e, f),
        resample=Image.Resampling.BICUBIC, fillcolor=25 if way.dark_lid else 255,
    )  # fmt: skip


def _stained(sheet: Image.Image, dice: Random) -> Image.Image:
    """Put cups, drips and blots on the sheet, anywhere."""
    shade = Image.new("L", sheet.size, 255)
    pen = ImageDraw.Draw(shade)
    for _ in range(dice.randint(1, 3)):
        x, y, r = dice.uniform(0, sheet.width), dice.uniform(0, sheet.height), dice.uniform(60, 400)
        tone = dice.randint(215, 245)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=tone, outline=tone - 15, width=12)
    for _ in range(dice.randint(0, 2)):
        x, y, r = dice.uniform(0, sheet.width), dice.uniform(0, sheet.height), dice.uniform(4, 22)
        pen.ellipse((x - r, y - r, x + r * 1.4, y + r), fill=dice.randint(40, 160))
    return ImageChops.multiply(sheet, shade.filter(ImageFilter.GaussianBlur(5)))


def _copied(picture: Image.Image, dice: Random) -> Image.Image:
    """Give the copier's grey ground, darker to one side."""
    ground = Image.linear_gradient("L").rotate(dice.choice((0, 90, 180, 270)))
    depth = dice.randint(5, 40)
    shade = ground.resize(picture.size).point([255 - tone * depth // 255 for tone in range(256)])
    return ImageChops.multiply(picture, shade)


def _noisy(picture: Image.Image, strength: int, dice: Random) -> Image.Image:
    """Add grain; thrown in one piece, so that a twin has the very same."""
    grain = Image.frombytes("L", picture.size, dice.randbytes(picture.width * picture.height))
    up = grain.point([max(0, tone - 128) * strength // 128 for tone in range(256)])
    down = grain.point([max(0, 128 - tone) * strength // 128 for tone in range(256)])
    return ImageChops.subtract(ImageChops.add(picture, up), down)


def _faxed(picture: Image.Image, dice: Random) -> Image.Image:
    """Make it black and white, with specks."""
    at = dice.randint(110, 190)
    flat = picture.point([255 if tone >= at else 0 for tone in range(256)])
    grain = dice.randbytes(flat.width * flat.height // 4)
    specks = Image.frombytes(
        "L", (flat.width // 2, flat.height // 2), grain[: flat.width // 2 * (flat.height // 2)]
    )
    dust = specks.point([0 if tone == 7 else 255 for tone in range(256)])
    thin = dice.choice((0, 0, 1))
    if thin:
        rare = dust.filter(ImageFilter.MaxFilter(3)).resize(flat.size, Image.Resampling.NEAREST)
        flat = ImageChops.darker(flat, rare)
    return flat.convert("1", dither=Image.Dither.NONE)


def _coloured(picture: Image.Image, dice: Random) -> Image.Image:
    """Tint paper and ink."""
    paper = (dice.randint(238, 255), dice.randint(235, 250), dice.randint(215, 245))
    ink = (dice.randint(0, 40), dice.randint(0, 40), dice.randint(0, 110))
    bands = [
        picture.point([low + (high - low) * tone // 255 for tone in range(256)])
        for high, low in zip(paper, ink, strict=True)
    ]
    return Image.merge("RGB", bands)


def encode(picture: Image.Image, way: Way) -> bytes:
    """Return the file the machine would send (ファイルにする)."""
    out = io.BytesIO()
    dpi = (way.dpi, way.dpi)
    if way.file_format == "PDF":
        whole = picture.convert("L") if picture.mode == "1" else picture
        whole.save(out, format="PDF", resolution=way.dpi, quality=way.quality)
    elif way.file_format == "JPEG":
        picture.convert("RGB" if picture.mode == "RGB" else "L").save(
            out, format="JPEG", quality=way.quality, dpi=dpi
        )
    elif way.file_format == "TIFF":
        kind = "group4" if picture.mode == "1" else "tiff_lzw"
        picture.save(out, format="TIFF", compression=kind, dpi=dpi)
    else:
        picture.save(out, format="PNG", dpi=dpi, compress_level=1)
    return out.getvalue()
