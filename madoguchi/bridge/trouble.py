"""Why there is no proof, as codes; the bridge's own sentences stand in ``words.toml`` (不具合)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum, unique
from functools import cache
from pathlib import Path

from madoguchi.kernel.outcome import Problem, Refused

LANGUAGES = ("ja", "ja-easy", "en")


@unique
class Trouble(StrEnum):
    """What stands between a resident and a proof (不具合)."""

    NO_SERVICE = "NO_SERVICE"  # pcscd or its library is not there
    NO_READER = "NO_READER"
    READER_GONE = "READER_GONE"
    TWO_CARDS = "TWO_CARDS"  # cards on two readers: nobody can tell which is meant
    NO_CARD = "NO_CARD"
    CARD_GONE = "CARD_GONE"  # taken away in the middle
    CARD_BUSY = "CARD_BUSY"
    CARD_SILENT = "CARD_SILENT"  # no contact, wrong way round, broken chip
    CARD_STRANGE = "CARD_STRANGE"  # some other card
    CARD_ERROR = "CARD_ERROR"
    NO_CERTIFICATE = "NO_CERTIFICATE"
    PIN_FORM = "PIN_FORM"
    PIN_WRONG = "PIN_WRONG"
    PIN_BLOCKED = "PIN_BLOCKED"
    ORIGIN_REFUSED = "ORIGIN_REFUSED"
    CHALLENGE_WRONG = "CHALLENGE_WRONG"
    CHALLENGE_USED = "CHALLENGE_USED"
    CHALLENGE_OLD = "CHALLENGE_OLD"
    PAGE_OLD = "PAGE_OLD"
    FAILED = "FAILED"  # our own mistake: told without a detail
    EMULATOR_IN_PRODUCTION = "EMULATOR_IN_PRODUCTION"
    EMULATOR_FOR_REAL_SITE = "EMULATOR_FOR_REAL_SITE"
    NOT_LOOPBACK = "NOT_LOOPBACK"
    NOT_AN_ORIGIN = "NOT_AN_ORIGIN"
    NO_CARDS = "NO_CARDS"
    NO_AGENT = "NO_AGENT"
    PEOPLE_COLUMNS = "PEOPLE_COLUMNS"
    PEOPLE_BIRTH = "PEOPLE_BIRTH"
    PEOPLE_STATE = "PEOPLE_STATE"
    PEOPLE_TOO_MANY = "PEOPLE_TOO_MANY"
    FOLDER_NOT_EMPTY = "FOLDER_NOT_EMPTY"


def problem(trouble: Trouble, where: str | None = None) -> Problem:
    """Return the trouble as a problem of the kernel's kind (不備)."""
    return Problem(code=trouble.value, where=where)


def refuse(trouble: Trouble) -> Refused:
    """Return the refusal to raise for one trouble (中止)."""
    return Refused(problem(trouble))


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Every sentence of the bridge's pages: key, then language (文言)."""
    path = Path(__file__).with_name("words.toml")
    return {key: dict(row) for key, row in tomllib.loads(path.read_text("utf-8")).items()}
