"""Good inputs shaken until they are bad: the seeds of each reader, and what is done to them.

The same number gives the same input, so what broke is named by a reader and a number.
"""

from __future__ import annotations

import copy
import json
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Reader = Callable[[bytes], object]

#: No input may keep a reader longer. Ample: what hangs, hangs for minutes.
SECONDS_MAX = 5.0
#: Longer inputs are other tests' business; a shaken one stays about as long as its seed.
GROWN_MAX = 4_000

_TOKENS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b"\n", b"\t", b'"', b"'", b",", b";", b"<", b">", b"&",
    b"{", b"}", b"[", b"]", b":", b"-1", b"0", b"1e309", b"9" * 400, b"NaN", b"null", b"true", b"\\u0000",
    b"\\ud800", b"2026-02-30", b"0000-00-00", b"9999-12-31T23:59:60+99:99", b"1e400", b"=1+1", b"%PDF-1.7",
    "令和".encode(), "元年".encode(), "〇".encode(), "２³".encode(), "\U000e0101".encode(), "\u202e".encode(),
    "丁目".encode(), "番地".encode(), "　".encode(), "不詳".encode(), "ﾊﾟ".encode(), b"\xed\xa0\x80",
    b"\x80", b"\x81\x40", b"PK\x03\x04", b"<!DOCTYPE", b"BEGIN:VEVENT", b"RRULE:FREQ=SECONDLY", b"endobj",
    b"<<", b">>", b"stream", b"(((((((((", b"[[[[[[[[[", b"{{{{{{{{{", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Counted:
    """What became of the inputs of one reader."""

    inputs: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    broken: list[str] = field(default_factory=list)


class Hung(BaseException):
    """A reader was still at one input when its time was over; no reader catches this one."""


def shaken(seeds: tuple[bytes, ...], number: int) -> bytes:
    """Return the seed of this number with one to eight things done to it."""
    dice = random.Random(number)
    if dice.random() < 0.03:
        return dice.randbytes(dice.randrange(200))
    data = bytearray(dice.choice(seeds))
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        _once(data, dice, seeds)
    return bytes(data)


def _once(data: bytearray, dice: random.Random, seeds: tuple[bytes, ...]) -> None:
    at = dice.randrange(len(data) + 1)
    match dice.randrange(8):
        case 0 if data:
            data[min(at, len(data) - 1)] ^= 1 << dice.randrange(8)
        case 1 if data:
            data[min(at, len(data) - 1)] = dice.randrange(256)
        case 2:
            del data[at : at + dice.choice((1, 1, 2, 4, 16, 256))]
        case 3:
            data[at:at] = dice.choice(_TOKENS)
        case 4:
            piece = data[at : at + dice.randrange(1, 40)]
            data[at:at] = piece * min(dice.choice((1, 2, 10, 100)), GROWN_MAX // max(len(piece), 1))
        case 5:
            other = dice.choice(seeds)
            data[at:] = other[dice.randrange(len(other) + 1) :]
        case 6:
            del data[at:]
        case _:
            token = dice.choice(_TOKENS)
            data[at : at + len(token)] = token


def shaken_json(seeds: tuple[bytes, ...], number: int) -> bytes:
    """Return a JSON that is still JSON: values of other kinds, parts gone, parts twice."""
    dice = random.Random(number)
    whole = copy.deepcopy(json.loads(dice.choice(seeds)))
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        holder, key = dice.choice(list(_places(whole)) or [({"": 0}, "")])
        match dice.randrange(6):
            case 0:
                holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)
            case 1 if isinstance(holder, list):
                holder.extend((holder * dice.choice((1, 3, 40)))[:_LONG])
            case 2 if isinstance(holder, dict):
                holder[dice.choice(_STRANGE_NAMES)] = copy.deepcopy(dice.choice(_STRANGE))
            case 3 if isinstance(holder[key], str):
                holder[key] = shaken(
                    (holder[key].encode("utf-8", "replace"),), dice.randrange(1 << 30)
                ).decode("utf-8", "replace")
            case _:
                holder[key] = copy.deepcopy(dice.choice(_STRANGE))
    return json.dumps(whole).encode()


_STRANGE = (
    None, True, False, 0, -1, 2**63, 10**400, 1e308, float("nan"), float("inf"), 0.1, "", " ", "\0", "\ud800",
    "2026-02-30", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59+14:00", "令和99年13月40日", "x" * 5_000, [], {},
    [[]], [None], {"": None}, {"a": {"b": []}}, [{"persons": 1}], "self", "1e9", "１２",
)  # fmt: skip
#: A list doubled within a list that is doubled would be a test of the memory.
_LONG = 60
_STRANGE_NAMES = ("", "\0", "個人番号", "__class__", "schema", "persons", "a" * 300)


def _places(part: object) -> Iterator[tuple[Any, Any]]:
    """Every value of a JSON as its holder and its key there."""
    within = (
        part.items()
        if isinstance(part, dict)
        else enumerate(part)
        if isinstance(part, list)
        else ()
    )
    for key, value in list(within):
        yield part, key
        yield from _places(value)


@contextmanager
def limited(seconds: float = SECONDS_MAX) -> Iterator[None]:
    """Raise ``Hung`` when what is within takes too long."""

    def over(*_given: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def give(
    read: Reader, data: bytes, *, refusals: tuple[type[Exception], ...], counted: Counted, name: str
) -> None:
    """Give one input to a reader and count what came of it: an answer, a refusal, or a break."""
    began = time.perf_counter()
    try:
        with limited():
            read(data)
    except refusals:
        counted.refused += 1
    except Hung:
        counted.broken.append(f"{name}: hung")
    except Exception as error:  # noqa: BLE001  whatever it is, it is what we look for
        counted.broken.append(f"{name}: {type(error).__name__}: {str(error)[:120]}")
    spent = time.perf_counter() - began
    counted.inputs += 1
    counted.seconds += spent
    counted.slowest = max(counted.slowest, spent)
