"""One sheet of the fictional form, filled in (様式の作図)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFont

from madoguchi.town.birth_forms.pens import write_by_hand

WIDE_MM, TALL_MM = 210, 297
DPI = 300
_LABELS = (
    "子の氏名",
    "生まれたとき",
    "生まれたところ",
    "住所",
    "父母の氏名",
    "本籍",
    "届出人",
    "備考",
)
_LINES = (40, 58, 76, 94, 112, 148, 184, 220)
_MARKS = ((12, 12), (198, 12), (12, 285), (198, 285), (12, 110), (100, 254))
_SURNAMES = ["潮見", "浜畑", "久慈", "星野", "花崎", "瀬戸", "島袋", "港"]
_GIVEN = ["凪", "澪", "湊", "蒼", "千波", "汐里", "洋", "帆"]
#: The frame of the secret part, and in it four cells a row.
FRAME = (116.0, 242.0, 186.0, 266.0)
_CELL_MM = 8.5
_ROWS_MM = (243.5, 255.5)
_FIRST_CELL_MM = 149.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """What is written into the secret part, how, and where on the sheet in mm (架空の暗証番号)."""

    digits: str
    by_hand: bool
    tone: int
    width_mm: float
    cells: tuple[Box, ...]


def dice_secret(dice: Random) -> Secret:
    """Throw eight digits and a pen to write them with (暗証番号を決める)."""
    cells = []
    for top in _ROWS_MM:
        for place in range(4):
            left = _FIRST_CELL_MM + place * _CELL_MM + dice.gauss(0, 0.4)
            wide, tall = dice.uniform(3.2, 6.0), dice.uniform(5.0, 8.0)
            x, y = left + (_CELL_MM - wide) / 2, top + (9 - tall) / 2 + dice.gauss(0, 0.4)
            cells.append((x, y, x + wide, y + tall))
    return Secret(
        digits="".join(dice.choice("0123456789") for _ in range(8)),
        by_hand=dice.random() < 0.7,
        tone=dice.choice((10, 40, 80, 130)),
        width_mm=dice.uniform(0.3, 0.9),
        cells=tuple(cells),
    )


@lru_cache(maxsize=16)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _dots(*mm: float) -> list[float]:
    return [one * DPI / 25.4 for one in mm]


def _at(x_mm: float, y_mm: float) -> tuple[float, float]:
    return (x_mm * DPI / 25.4, y_mm * DPI / 25.4)


def draw_form(dice: Random, *, secret: Secret | None, fonts: Sequence[Path]) -> Image.Image:
    """Return the sheet at 300 dots an inch; without a secret all else is the same (作図)."""
    picture = Image.new("L", (round(_dots(WIDE_MM)[0]), round(_dots(TALL_MM)[0])), 255)
    pen = ImageDraw.Draw(picture)
    path = str(dice.choice(list(fonts)))
    for mark_x, mark_y in _MARKS:
        pen.rectangle(
            _dots(mark_x - 2.5, mark_y - 2.5, mark_x + 2.5, mark_y + 2.5), fill=dice.choice((0, 15))
        )
    pen.text(_at(70, 20), "出生届（架空の町・練習用）", fill=0, font=_font(path, 66))
    _draw_table(pen, dice, path)
    _draw_secret_part(pen, path)
    if secret is not None:
        _write_secret(pen, secret, path)
    return picture


def _draw_table(pen: ImageDraw.ImageDraw, dice: Random, path: str) -> None:
    thin = max(2, round(_dots(0.25)[0]))
    for y in _LINES:
        pen.line(_dots(20, y, 190, y), fill=0, width=thin)
    for upright in (20, 60, 190):
        pen.line(_dots(upright, 40, upright, 220), fill=0, width=thin)
    tone = dice.choice((20, 60, 100))
    for label, top in zip(_LABELS, _LINES, strict=False):
        pen.text(_at(22, top + 4), label, fill=0, font=_font(path, 40))
        words = f"{dice.choice(_SURNAMES)} {dice.choice(_GIVEN)} {dice.randint(1, 31)}日 架空町{dice.randint(1, 99)}番地"
        x_at, y_at = _at(63 + dice.uniform(0, 8), top + 4 + dice.uniform(0, 4))
        if top < 220:
            pen.text((x_at, y_at), words, fill=tone, font=_font(path, dice.randint(44, 60)))
    number = "".join(dice.choice("0123456789") for _ in range(6))
    boxes = []
    for place in range(6):
        boxes.append((*_at(24 + place * 7, 244), *_at(28 + place * 7, 251)))
    write_by_hand(pen, number, boxes=boxes, dice=dice, tone=tone, width=7)


def _draw_secret_part(pen: ImageDraw.ImageDraw, path: str) -> None:
    """Print the frame, its words and its cells."""
    line = max(2, round(_dots(0.35)[0]))
    left, top, right, bottom = FRAME
    for ends in (
        (left, top, right, top), (left, bottom, right, bottom),
        (left, top, left, bottom), (right, top, right, bottom),
    ):  # fmt: skip
        pen.line(_dots(*ends), fill=0, width=line)
    for words, y in (("暗証番号(利用者)", _ROWS_MM[0]), ("暗証番号(住基等)", _ROWS_MM[1])):
        pen.text(_at(left + 2, y + 3), words, fill=0, font=_font(path, 38))
        for place in range(4):
            x = _FIRST_CELL_MM + place * _CELL_MM
            pen.rectangle(_dots(x, y, x + _CELL_MM, y + 9), outline=90, width=2)


def _write_secret(pen: ImageDraw.ImageDraw, secret: Secret, path: str) -> None:
    boxes = []
    for cell in secret.cells:
        left, top, right, bottom = _dots(*cell)
        boxes.append((left, top, right, bottom))
    if secret.by_hand:
        write_by_hand(
            pen, secret.digits, boxes=boxes, dice=Random(secret.digits),  # noqa: S311
            tone=secret.tone,
            width=max(2, round(_dots(secret.width_mm)[0])),
        )  # fmt: skip
        return
    for digit, (left, top, right, bottom) in zip(secret.digits, boxes, strict=True):
        font = _font(path, round((bottom - top) * 1.15))
        middle = ((left + right) / 2, (top + bottom) / 2)
        pen.text(middle, digit, fill=secret.tone, font=font, anchor="mm")
