"""Names and places to draw from, weighted (語彙).

The lists in ``words/`` are ours: surnames as they are common around 奄美 (many of one letter),
given names by the years in which they were liked, places elsewhere to have come from. Nobody in
particular is meant by any pair of them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "words"
_FIRST_YEAR = 1880
_LAST_YEAR = 2120

#: A kanji (or kana) text and how it is read.
Reading = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The lists, each entry standing as often as it weighs (語彙)."""

    surnames: tuple[Reading, ...]
    #: By year of birth, from ``_FIRST_YEAR`` on.
    men: tuple[tuple[Reading, ...], ...]
    women: tuple[tuple[Reading, ...], ...]
    elsewhere: tuple[str, ...]

    def given(self, *, female: bool, year: int) -> tuple[Reading, ...]:
        """Return the given names liked for this sex in this year (名)."""
        return (self.women if female else self.men)[year - _FIRST_YEAR]


@cache
def words() -> Words:
    """Read the lists once (語彙)."""
    surnames: list[Reading] = []
    for row in _rows("surnames"):
        surnames += [(row["氏"], row["フリガナ"])] * int(row["重み"])
    elsewhere: list[str] = []
    for row in _rows("elsewhere"):
        elsewhere += [row["所在"]] * int(row["重み"])
    liked = list(_rows("given_names"))
    return Words(
        surnames=tuple(surnames),
        men=_by_year(liked, sex="男"),
        women=_by_year(liked, sex="女"),
        elsewhere=tuple(elsewhere),
    )


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _by_year(liked: list[Mapping[str, str]], *, sex: str) -> tuple[tuple[Reading, ...], ...]:
    by_span: dict[tuple[int, int], list[Reading]] = {}
    for row in liked:
        if row["性別"] == sex:
            span = (int(row["生年から"]), int(row["生年まで"]))
            entry = (row["名"], row["フリガナ"])
            by_span.setdefault(span, []).extend([entry] * int(row["重み"]))
    spans = sorted(by_span)
    lists = {span: tuple(by_span[span]) for span in spans}
    years: list[tuple[Reading, ...]] = []
    for year in range(_FIRST_YEAR, _LAST_YEAR + 1):
        # A year after the last list takes the last: tastes of later years nobody knows.
        span = next((one for one in spans if year <= one[1]), spans[-1])
        years.append(lists[span])
    return tuple(years)
