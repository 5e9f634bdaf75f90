"""Making a whole town, piece by piece, to the exact number of residents (町の生成)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from madoguchi.town.cast import NAMED_SCENES
from madoguchi.town.dice import Dice
from madoguchi.town.kinds import draw_alone, draw_household
from madoguchi.town.oddities import ODD_SCENES
from madoguchi.town.past import decorate, empty
from madoguchi.town.places import share_out
from madoguchi.town.rows import Lines, write_household
from madoguchi.town.stage import Scene, Stage

#: Room for the named people alone; below it there is no town.
RESIDENTS_MIN = 12
#: From here on every oddity of ``oddities`` stands in the town.
RESIDENTS_WITH_ODDITIES = 200
#: Up to here the seals have pictures; above, the file would be mostly pictures.
RESIDENTS_WITH_IMPRINTS_MAX = 50_000
#: Beyond it serials would run into the reserved block.
RESIDENTS_MAX = 10_000_000

_PIECE = 5_000
_STRIDE = 20_000
_FIRST_SERIAL = 10_000_000
# Households that have gone altogether, for each one that stays.
_GONE = 0.1
_YEARS_OF_HISTORY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of an area that can be made by itself: its number, size and chance (区分)."""

    number: int
    area: str
    residents: int
    seed: int
    as_of: date
    #: Whether those placed by hand stand in this piece: the first of its area.
    with_named: bool
    with_oddities: bool
    imprint_of: Callable[[str], bytes] | None = None


def cut(
    residents: int,
    *,
    seed: int,
    as_of: date,
    imprint_of: Callable[[str], bytes] | None = None,
) -> Iterator[Piece]:
    """Cut a town into pieces, area by area (区分け)."""
    number = 0
    for area, count in share_out(residents).items():
        for start in range(0, count, _PIECE):
            yield Piece(
                number=number,
                area=area,
                residents=min(count - start, _PIECE),
                seed=seed,
                as_of=as_of,
                with_named=start == 0,
                with_oddities=start == 0 and residents >= RESIDENTS_WITH_ODDITIES,
                imprint_of=imprint_of if residents <= RESIDENTS_WITH_IMPRINTS_MAX else None,
            )
            number += 1


def make_piece(piece: Piece) -> Lines:
    """Make the households of one piece (区分の生成)."""
    serial = _FIRST_SERIAL + piece.number * _STRIDE
    dice = Dice(
        # A text as seed is hashed the same everywhere; a tuple would not be.
        chance=random.Random(f"madoguchi.town/{piece.seed}/{piece.number}").random,  # noqa: S311
        as_of=piece.as_of.toordinal(),
        converted=converted_on(piece.as_of).toordinal(),
        next_person=serial,
        next_household=serial,
    )
    lines = Lines(imprint_of=piece.imprint_of)
    stage = Stage(as_of=piece.as_of)
    for area, scene in _scenes(piece):
        if area == piece.area:
            write_household(lines, dice, scene(stage))
    assert lines.residents <= piece.residents, "those placed by hand do not fit"
    while lines.residents < piece.residents:
        _add_households(lines, dice, piece.area, room=piece.residents - lines.residents)
    assert lines.residents == piece.residents
    assert max(dice.next_person, dice.next_household) < serial + _STRIDE
    return lines


def converted_on(as_of: date) -> date:
    """Return the day the register was converted; its history begins there (改製日)."""
    return date(as_of.year - _YEARS_OF_HISTORY, 4, 1)


def _scenes(piece: Piece) -> Iterator[tuple[str, Scene]]:
    if piece.with_named:
        yield from NAMED_SCENES
    if piece.with_oddities:
        yield from ODD_SCENES


def _add_households(lines: Lines, dice: Dice, area: str, *, room: int) -> None:
    """Add one household that stays and now and then one that has gone (世帯の追加)."""
    household = draw_household(dice, area)
    if household.count_residents() > room:
        household = draw_alone(dice, area)
    decorate(dice, household)
    write_household(lines, dice, household)
    if dice.chance() < _GONE:
        gone = draw_household(dice, area)
        if empty(dice, gone):
            write_household(lines, dice, gone)
