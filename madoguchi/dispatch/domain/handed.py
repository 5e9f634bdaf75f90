"""An address handed in with a letter, and why it is not the registered one (渡された宛先).

Only what cannot be read from the register: the place somebody left, an office elsewhere. It is
kept until the post office has the letter, and the gate is asked about the person all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum, unique

from madoguchi.dispatch.domain.letters import LetterKind
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text

_POSTCODE = re.compile(r"[0-9]{3}-[0-9]{4}")
_TEXT_MAX = 120


@unique
class HandedReason(StrEnum):
    """Why a letter does not go where its person is registered (宛先の理由)."""

    ADDRESS_LEFT = "ADDRESS_LEFT"  # 異動する前の住所
    OFFICE = "OFFICE"  # ほかの役所
    WHEREABOUTS = "WHEREABOUTS"  # 住民票にない、知れている居所


#: What each kind wants; every other kind goes to the registered address and takes none.
WANTED: Mapping[LetterKind, HandedReason] = {
    LetterKind.MOVE_RECEIPT: HandedReason.ADDRESS_LEFT,
    LetterKind.MOVE_INQUIRY: HandedReason.OFFICE,
    LetterKind.REMOVAL_NOTICE: HandedReason.WHEREABOUTS,
    LetterKind.CERTIFICATE_REQUEST: HandedReason.OFFICE,
}
#: Who may be off the register and is still written to: the letter is about just that.
GONE: Mapping[HandedReason, frozenset[str]] = {
    HandedReason.ADDRESS_LEFT: frozenset({"MOVED_OUT"}),
    HandedReason.OFFICE: frozenset({"MOVED_OUT"}),
    HandedReason.WHEREABOUTS: frozenset({"MOVED_OUT", "REMOVED"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Where a letter goes instead; ``name`` only of an office (渡された宛先)."""

    reason: HandedReason
    postcode: str
    address: str
    building: str = ""
    name: str = ""


def check_handed(kind: LetterKind, handed: Handed | None) -> tuple[Problem, ...]:
    """Return every reason not to take this address with this kind of letter (宛先の検査)."""
    wanted = WANTED.get(kind)
    if handed is None or handed.reason is not wanted:
        fits = handed is None and wanted is None
        return () if fits else (Problem(code="LETTER_HANDED_WRONG", where="address"),)
    found = []
    if not _POSTCODE.fullmatch(handed.postcode):
        found.append(Problem(code="LETTER_HANDED_POSTCODE", where="postcode"))
    if not handed.address.strip():
        found.append(Problem(code="LETTER_HANDED_MISSING", where="address"))
    is_office = handed.reason is HandedReason.OFFICE
    if is_office != bool(handed.name.strip()):
        # An office has to be named; a person's name is the register's alone.
        found.append(Problem(code="LETTER_HANDED_MISSING", where="name"))
    for name in ("address", "building", "name"):
        found += check_free_text(getattr(handed, name), limit=_TEXT_MAX, where=name)
    return tuple(found)


def pack_handed(handed: Handed | None) -> dict[str, str]:
    """Return an address as it is kept, {} for none (保存の形)."""
    return {} if handed is None else {name: str(value) for name, value in asdict(handed).items()}


def read_handed(kept: Mapping[str, str]) -> Handed | None:
    """Return an address as it was kept (保存の形から)."""
    if not kept:
        return None
    return Handed(**{**kept, "reason": HandedReason(kept["reason"])})  # type: ignore[arg-type]  # the reason is told apart
