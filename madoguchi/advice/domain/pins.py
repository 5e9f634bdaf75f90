"""What a PIN must be, and what it had better not be: the rule, never a PIN (暗証番号の決まり).

Nothing here is ever given a PIN by the program: a resident types on their own device, where the
script ``static/advice/pins.js`` says the same. This rule is what that script is compared with.
What the card refuses (``against``) is the nation's; what is easily guessed (``advice``) is told
and refuses nothing, for nobody outside knows what the terminal itself turns down.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
#: Each kind of letter by itself: AB12 is a run of letters and a run of digits.
_SEGMENTS = re.compile("[A-Z]+|[0-9]+")
_SEGMENTS_OF_AN_EASY_ONE = 2
ADVICE = ("same", "few", "run", "day", "alike")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRow:
    """One secret to decide at home and its rule (覚える秘密の決まり)."""

    code: str
    letters: bool
    digits: bool
    both: bool
    shortest: int
    longest: int
    advice: tuple[str, ...]
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRow:
    """One kind of PIN on the card, and by which secret it is set (暗証番号の種類)."""

    code: str
    secret: str
    tries: int
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PinPlan:
    """All a holder of one generation of cards decides (決める暗証番号)."""

    card: str
    first: date
    secrets: tuple[SecretRow, ...]
    kinds: tuple[PinRow, ...]

    def kinds_of(self, secret: str) -> tuple[PinRow, ...]:
        """Return what one secret is used for (その秘密を使う種類)."""
        return tuple(row for row in self.kinds if row.secret == secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is said of a text as a PIN (暗証番号の見立て)."""

    against: tuple[str, ...]
    advice: tuple[str, ...]


def judge_pin(text: str, row: SecretRow) -> Judged:
    """Say what keeps a text from being this PIN, all at once; else how easily it is guessed (見立て)."""
    upper = string.ascii_uppercase if row.letters else ""
    allowed = upper + (string.digits if row.digits else "")
    strange = [one for one in text if one not in allowed]
    small = [one for one in strange if row.letters and one in string.ascii_lowercase]
    missing = not any(one in upper for one in text) or not any(one in string.digits for one in text)
    said = {
        "small": bool(small),
        "characters": len(strange) > len(small),
        "short": len(text) < row.shortest,
        "long": len(text) > row.longest,
        "both": row.both and missing,
    }
    against = tuple(code for code, applies in said.items() if applies)
    return Judged(against=against, advice=() if against else _advice(text, row))


def plan_on(plans: tuple[PinPlan, ...], day: date) -> PinPlan:
    """Return what is decided for a card handed out on a day: the newest begun (その日のカード)."""
    return max((plan for plan in plans if plan.first <= day), key=lambda plan: plan.first)


def read_plans(table: Mapping[str, Any]) -> tuple[PinPlan, ...]:
    """Make the plans of the table; a card without its first day has not begun (表の読取り)."""
    plans = tuple(
        PinPlan(
            card=card["code"],
            first=date.fromisoformat(card["from"]),
            secrets=tuple(_secret(row) for row in table["secret"] if row["card"] == card["code"]),
            kinds=tuple(_kind(row) for row in table["kind"] if row["card"] == card["code"]),
        )
        for card in table["card"]
        if "from" in card
    )
    for plan in plans:
        named = {row.code for row in plan.secrets}
        assert {row.secret for row in plan.kinds} == named, "each secret is some kind's"
        assert all(set(row.advice) <= set(ADVICE) for row in plan.secrets)
    return plans


def _advice(text: str, row: SecretRow) -> tuple[str, ...]:
    several = set(text)
    said = {
        "same": len(several) == 1,
        "few": len(several) == 2,
        "run": len(several) > 1 and _is_run(text),
        "day": any(_looks_like_a_day(one) for one in re.findall("[0-9]+", text)),
        "alike": bool(several & set("OI")),
    }
    return tuple(code for code in row.advice if said[code])


def _is_run(text: str) -> bool:
    """Tell whether a text is one or two pieces in which each step is the same small one: ABC123."""
    pieces = _SEGMENTS.findall(text)
    return len(pieces) <= _SEGMENTS_OF_AN_EASY_ONE and all(_is_chain(piece) for piece in pieces)


def _is_chain(piece: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(piece)}
    return len(steps) == 0 or (len(steps) == 1 and steps <= {-1, 0, 1})


def _looks_like_a_day(run: str) -> bool:
    """Tell whether digits read as a day or a year: 0412, 1204, 1990, 900412, 19900412."""
    match len(run):
        case 4:
            return _is_year(run) or _is_day(run[:2], run[2:]) or _is_day(run[2:], run[:2])
        case 6:
            return _is_day(run[2:4], run[4:])
        case 8:
            return _is_year(run[:4]) and _is_day(run[4:6], run[6:])
        case _:
            return False


def _is_year(four: str) -> bool:
    return _FIRST_YEAR <= int(four) <= _LAST_YEAR


def _is_day(month: str, day: str) -> bool:
    at = int(month)
    return 1 <= at <= len(_MONTH_DAYS) and 1 <= int(day) <= _MONTH_DAYS[at - 1]


def _secret(row: Mapping[str, Any]) -> SecretRow:
    return SecretRow(
        code=row["code"], letters=row.get("letters", False), digits=row.get("digits", False),
        both=row.get("both", False), shortest=row["shortest"], longest=row["longest"],
        advice=tuple(row["advice"]), source=row["source"], assumed=row.get("assumed", False),
    )  # fmt: skip


def _kind(row: Mapping[str, Any]) -> PinRow:
    return PinRow(
        code=row["code"], secret=row["secret"], tries=row["tries"], source=row["source"],
        assumed=row.get("assumed", False),
    )  # fmt: skip
