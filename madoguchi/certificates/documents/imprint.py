"""The imprint of a registered seal: checked, measured, and drawn as lines (印影).

A certificate holds no picture, only text and line drawing: so the read-back can say what is
on the page. The registered picture is black or white, and every black dot becomes part of a
path; what the page then shows is compared with the picture again.
"""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from madoguchi.certificates.domain.sheets import Face
from madoguchi.infra.fonts import font_path
from madoguchi.kernel.fitting import clusters_of
from madoguchi.kernel.outcome import Problem

IMPRINT_BYTES_MAX = 64 * 1024
#: Dots along one side; a seal of 25 mm at 600 dpi has 591.
_SIDE_MIN, _SIDE_MAX = 24, 600
#: 印鑑登録条例: larger than a square of 8 mm, and within one of 25 mm (*assumed*).
_MM_MIN, _MM_MAX = 8.0, 25.0
#: Where the picture does not say how large it is (*assumed*).
_DOTS_PER_INCH = 300
#: Share of dots that must have their like in the other picture.
_ALIKE_MIN = 0.995


def check_imprint(png: bytes) -> tuple[Problem, ...]:
    """Return why these bytes cannot be an imprint (印影の確認)."""
    if len(png) > IMPRINT_BYTES_MAX:
        return (Problem(code="IMPRINT_TOO_LARGE", facts={"limit": str(IMPRINT_BYTES_MAX // 1024)}),)
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
            width, height = picture.size
            if not (min(width, height) >= _SIDE_MIN and max(width, height) <= _SIDE_MAX):
                facts = {"least": str(_SIDE_MIN), "most": str(_SIDE_MAX)}
                return (Problem(code="IMPRINT_SIZE", facts=facts),)
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return (Problem(code="IMPRINT_UNREADABLE"),)
    # Wholly white or wholly black is nobody's seal.
    darkest, lightest = _black_and_white(png).getextrema()
    return (Problem(code="IMPRINT_EMPTY"),) if darkest == lightest else ()


def imprint_size_mm(png: bytes) -> tuple[float, float]:
    """Return the width and height to print, within what may be registered (印影の大きさ)."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        width, height = picture.size
        said = picture.info.get("dpi", (0, 0))[0]
    dots = float(said) if 72 <= said <= 2_400 else float(_DOTS_PER_INCH)
    longest = max(width, height) / dots * 25.4
    scale = min(max(longest, _MM_MIN), _MM_MAX) / max(width, height)
    return (round(width * scale, 3), round(height * scale, 3))


@lru_cache(maxsize=64)
def imprint_svg(png: bytes) -> bytes:
    """Return the imprint as one path of its black dots (印影の線画)."""
    picture = _black_and_white(png)
    width, height = picture.size
    dots = picture.tobytes()
    open_runs: dict[tuple[int, int], int] = {}  # from, to -> the row it began on
    parts: list[str] = []
    for y in range(height + 1):
        row = dots[y * width : (y + 1) * width] if y < height else b""
        here = set(_runs(row))
        for run in [one for one in open_runs if one not in here]:
            top = open_runs.pop(run)
            length = run[1] - run[0]
            parts.append(f"M{run[0]} {top}h{length}v{y - top}h-{length}z")
        for run in here - open_runs.keys():
            open_runs[run] = y
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<path d="{"".join(parts)}"/></svg>'
    ).encode()


def _runs(row: bytes) -> list[tuple[int, int]]:
    """List the black stretches of one row of dots."""
    found = []
    at = row.find(0)
    while at >= 0:
        end = row.find(255, at)
        end = len(row) if end < 0 else end
        found.append((at, end))
        at = row.find(0, end)
    return found


def is_alike(shown: Image.Image, png: bytes) -> bool:
    """Tell whether what a page shows is this imprint (印影の照合).

    Nearly every black dot of either must lie on, or right beside, some ink of the other: edges
    may fall half a dot aside, a stroke more or less may not. 渡邉 and 渡邊 share 0.98.
    """
    grey = shown.convert("L")
    wanted = _black_and_white(png).resize(grey.size, Image.Resampling.BOX)
    return min(_share(grey, wanted), _share(wanted, grey)) >= _ALIKE_MIN


def _share(one: Image.Image, other: Image.Image) -> float:
    """Return how much of the black of one lies on or beside ink of the other."""
    black = one.point([255 if dot < 110 else 0 for dot in range(256)])
    around = other.point([255 if dot < 235 else 0 for dot in range(256)])
    found = ImageChops.darker(black, around.filter(ImageFilter.MaxFilter(3)))
    return found.histogram()[255] / max(1, black.histogram()[255])


def _black_and_white(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        whole = picture.convert("RGBA")
    ground = Image.new("RGBA", whole.size, "white")
    grey = Image.alpha_composite(ground, whole).convert("L")
    return grey.point([0 if dot < 128 else 255 for dot in range(256)])


# --- seals of people who do not exist ----------------------------------------------------

_FICTION_MM = 13.5
#: Drawn larger and made small, so that edges fall where they should.
_OVERSIZE = 4


def drawn_imprint(name: str) -> bytes:
    """Return a round seal with a surname, for practice and the fictional town (架空の印影)."""
    return _drawn(name.partition("　")[0].partition(" ")[0])


@lru_cache(maxsize=4_096)
def _drawn(surname: str) -> bytes:
    """Draw a surname once: a town of any size has some hundred of them."""
    side = round(_FICTION_MM / 25.4 * _DOTS_PER_INCH) * _OVERSIZE
    picture = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(picture)
    line = side // 22
    pen.ellipse(
        (line // 2, line // 2, side - line // 2 - 1, side - line // 2 - 1), outline=0, width=line
    )
    chars = clusters_of(surname)[:4] or ("印",)
    columns = [chars] if len(chars) <= 3 else [chars[:2], chars[2:]]
    room = side * (0.74 if len(columns) == 1 else 0.66)
    size = min(room / max(len(column) for column in columns), side * 0.5 / len(columns) * 1.25)
    font = ImageFont.truetype(str(font_path(Face.MINCHO)), int(size * 1.08))
    for place, column in enumerate(columns):
        x = side / 2 + (len(columns) / 2 - place - 0.5) * size * 1.05
        for row, char in enumerate(column):
            y = side / 2 + (row + 0.5 - len(column) / 2) * size * 1.04
            pen.text((x, y), char[0], fill=0, font=font, anchor="mm", stroke_width=side // 110)
    small = picture.resize((side // _OVERSIZE, side // _OVERSIZE), Image.Resampling.BOX)
    out = io.BytesIO()
    small.point([0 if dot < 128 else 255 for dot in range(256)]).convert("1").save(
        out, format="PNG", optimize=True, dpi=(_DOTS_PER_INCH, _DOTS_PER_INCH)
    )
    return out.getvalue()
