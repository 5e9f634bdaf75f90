"""Moves that come just in time for an election's roll: something to look at (続いた転入).

A group is shown because of a day, an address and a number, and of nothing else: not of names,
ages beyond the right to vote, or where people came from. What it means is for a person to find
out (居住実態の確認), and may well be nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from madoguchi.kernel.addresses import fold_address
from madoguchi.kernel.months import months_after

VOTING_AGE = 18
_MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """A roll, and the last day on which filing is in time for it (選挙)."""

    name: str
    roll_on: date
    #: Homes and dormitories, where people always move in.
    excepted: frozenset[str] = frozenset()

    @property
    def in_time_until(self) -> date:
        """Return the last day of filing that counts: three months before (間に合う日)."""
        return months_after(self.roll_on, -_MONTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternBook:
    """How many within which days are shown, and for which rolls (続いた転入の決まり)."""

    window_days: int
    persons_min: int
    filings_min: int
    elections: tuple[Election, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedIn:
    """One person of one 転入届 (転入した人)."""

    person_id: str
    household_no: str
    filing_id: str
    filed_on: date
    address: str
    has_vote: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What is shown of one address before one roll (続いた転入)."""

    election: str
    in_time_until: date
    address: str
    people: tuple[MovedIn, ...]
    filings: int

    @property
    def households(self) -> tuple[str, ...]:
        """Return the homes of the group, each once (世帯)."""
        return tuple(dict.fromkeys(one.household_no for one in self.people))


def read_patterns(table: Mapping[str, Any]) -> PatternBook:
    """Make the table of a file as it is written (表の読取り)."""
    row = table["pattern"]
    return PatternBook(
        window_days=row["window_days"], persons_min=row["persons_min"],
        filings_min=row["filings_min"],
        elections=tuple(
            Election(
                name=one["name"], roll_on=date.fromisoformat(one["roll_on"]),
                excepted=frozenset(fold_address(each) for each in one.get("except", ())),
            )
            for one in table.get("election", ())
        ),
    )  # fmt: skip


def window(election: Election, book: PatternBook) -> tuple[date, date]:
    """Return the first and the last day of filing that are looked at (見る期間)."""
    last = election.in_time_until
    return last - timedelta(days=book.window_days - 1), last


def find_patterns(moved: Iterable[MovedIn], book: PatternBook) -> tuple[Pattern, ...]:
    """Return every address to look at, by roll (続いた転入の一覧)."""
    everybody = [one for one in moved if one.has_vote]
    found = []
    for election in book.elections:
        first, last = window(election, book)
        homes: dict[str, list[MovedIn]] = {}
        for one in everybody:
            key = fold_address(one.address)
            if first <= one.filed_on <= last and key not in election.excepted:
                homes.setdefault(key, []).append(one)
        for people in homes.values():
            filings = len({one.filing_id for one in people})
            if len(people) >= book.persons_min and filings >= book.filings_min:
                found.append(
                    Pattern(
                        election=election.name, in_time_until=last, address=people[0].address,
                        people=tuple(people), filings=filings,
                    )
                )  # fmt: skip
    return tuple(found)
