"""Numbers for people who do not exist, with right check digits (架空の番号).

Four numbers carry the same check digit (weights 2 to 7 from the lowest digit, kernel
``checkdigits``). The kernel writes one at a time; a million at a time needs tables, and a test
holds the two against each other.

Every number stands in a range that shows what it is. No range is officially set aside for
trials; *assumed*: nobody's 個人番号 starts with 999, nobody's 住民票コード with 99.
"""

from __future__ import annotations

from collections.abc import Callable

_HALF = 10_000
_FOUR = tuple(f"{number:04d}" for number in range(_HALF))

#: Serials run from 0 to this; above stand the named people.
SERIAL_LIMIT = 90_000_000
_NAMED_FROM = 99_000_000

_ADDRESSEE_PREFIX = "000000"
_HOUSEHOLD_PREFIX = "000005"
_CODE_PREFIX = "99"
_INDIVIDUAL_PREFIX = "999"
# Prime to 10, so multiplying only shuffles the serials: neighbours do not get neighbours.
_CODE_SHUFFLE = 61_803_399
_INDIVIDUAL_SHUFFLE = 27_182_819
_SPAN = 100_000_000


def _weighed(text: str, *, above: int) -> int:
    """Sum digits by their weights, where ``above`` digits stand below the text."""
    return sum((2 + (above + i) % 6) * int(c) for i, c in enumerate(reversed(text)))


_LOW = tuple(_weighed(four, above=0) for four in _FOUR)
_HIGH = tuple(_weighed(four, above=4) for four in _FOUR)
_CHECK = tuple("0" if rest <= 1 else str(11 - rest) for rest in range(11))


def _numbering(prefix: str) -> Callable[[int], str]:
    """Return a function that writes a serial of eight digits behind a prefix (採番)."""
    start = _weighed(prefix, above=8)

    def write(serial: int) -> str:
        high, low = serial // _HALF, serial % _HALF
        check = _CHECK[(start + _HIGH[high] + _LOW[low]) % 11]
        return f"{prefix}{_FOUR[high]}{_FOUR[low]}{check}"

    return write


addressee_no = _numbering(_ADDRESSEE_PREFIX)
household_no = _numbering(_HOUSEHOLD_PREFIX)
_code = _numbering(_CODE_PREFIX)
_individual = _numbering(_INDIVIDUAL_PREFIX)


def resident_code(serial: int) -> str:
    """Return the 住民票コード that goes with a serial."""
    return _code(serial * _CODE_SHUFFLE % _SPAN)


def individual_number(serial: int) -> str:
    """Return the 個人番号 that goes with a serial; for ``numbers.csv`` and nothing else."""
    return _individual(serial * _INDIVIDUAL_SHUFFLE % _SPAN)


def named_serial(seat: int) -> int:
    """Return the serial of a seat in the reserved block (予約された番号)."""
    assert 0 < seat < _SPAN - _NAMED_FROM, "the reserved block is full"
    return _NAMED_FROM + seat


def named_person_no(seat: int) -> str:
    """Return the 宛名番号 of a seat in the reserved block."""
    return addressee_no(named_serial(seat))


def named_household_no(seat: int) -> str:
    """Return the 世帯番号 of a seat in the reserved block."""
    return household_no(named_serial(seat))
