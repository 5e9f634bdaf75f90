"""Where the product's own steps come from (記録の出どころ): rooms that keep facts, each its own log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique


@unique
class Origin(StrEnum):
    """A room whose facts make a log (出どころ)."""

    CARDS = "CARDS"
    VISITS = "VISITS"
    KIOSK = "KIOSK"
    BOOKINGS = "BOOKINGS"
    LETTERS = "LETTERS"
    MOVES = "MOVES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the codes of an origin are drawn: lanes by code, and which codes are ends (読み方)."""

    lanes: Mapping[str, str]
    other: str
    ends: frozenset[str]
    #: So long after a month its cases are taken as over. *assumed*: a card waits three months.
    settle_days: int = 1


READINGS: Mapping[Origin, Reading] = {
    Origin.CARDS: Reading(
        lanes={"SCANNED": "BACK", "SETUP": "CS", "ANNOUNCED": "POST", "HANDED_OVER": "FRONT"},
        other="BACK", ends=frozenset({"HANDED_OVER"}), settle_days=90,
    ),
    Origin.VISITS: Reading(lanes={"TICKET": "RESIDENT"}, other="FRONT", ends=frozenset({"ENDED"})),
    Origin.KIOSK: Reading(lanes={}, other="RESIDENT", ends=frozenset({"DONE"})),
    # A booking is made up to weeks ahead, a letter comes back within weeks. *assumed*
    Origin.BOOKINGS: Reading(
        lanes={"DONE": "FRONT"}, other="RESIDENT", ends=frozenset({"DONE"}), settle_days=60,
    ),
    Origin.LETTERS: Reading(
        lanes={"QUEUED": "BACK", "PRINTED": "BACK"}, other="POST",
        ends=frozenset({"POSTED", "DELIVERED"}), settle_days=60,
    ),
    # Other sections have weeks for what a move sets off. *assumed*
    Origin.MOVES: Reading(
        lanes={"TASKS_DONE": "BACK", "GIVEN_UP": "RESIDENT"}, other="FRONT",
        ends=frozenset({"FILED", "TASKS_DONE"}), settle_days=60,
    ),
}  # fmt: skip


def months_open(origin: Origin, *, today: date, most: int = 6) -> tuple[tuple[date, date], ...]:
    """List the months that are over and settled, the newest first (出せる月)."""
    latest = today - timedelta(days=READINGS[origin].settle_days)
    last = latest.replace(day=1) - timedelta(days=1)
    found = []
    for _ in range(most):
        first = last.replace(day=1)
        found.append((first, last))
        last = first - timedelta(days=1)
    return tuple(found)
