"""Certificates from a laptop without a line: which kinds, how old, which numbers (島の日の証明書).

A block of numbers belongs to one trip. Each number of it ends used, voided or returned; none is
given twice, and none is without an end once the trip is home or void.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from typing import Any

from madoguchi.certificates.domain.asking import Applicant, Evidence, asker_of
from madoguchi.certificates.domain.definitions import (
    check_asking,
    check_omissions,
    definition_of,
    omitted_from,
)
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.kinds import Channel, Kind, Omit
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_long

#: More for one day on an island of some dozens is a slip of the finger.
NUMBERS_MAX = 200
#: The terminal that stands in the numbers of all trips: one row of the serials a day.
TERMINAL = "KIT"
#: What no paper of a trip shows: neither number travels.
NEVER_AWAY = frozenset({Omit.INDIVIDUAL_NUMBER, Omit.RESIDENT_CODE})
#: Who may ask on the island: whoever a document and a paper in the hand can prove.
APPLICANTS = (
    Applicant.SELF, Applicant.HOUSEHOLD, Applicant.STATUTORY_AGENT, Applicant.PROXY,
)  # fmt: skip


@unique
class BlockState(StrEnum):
    """Where a block of numbers stands (番号の状態)."""

    OUT = "OUT"  # 持ち出し中
    HOME = "HOME"  # 持ち帰った
    VOID = "VOID"  # 無効


@unique
class Act(StrEnum):
    """What is brought home of a number (持ち帰り)."""

    MADE = "MADE"  # 作った
    GIVEN = "GIVEN"  # 渡した
    SPOILT = "SPOILT"  # 使わなかった


def check_act(act: Act, *, allotted: bool, block: BlockState, paper: State | None) -> str:
    """Return the code of why this cannot come home for a number; empty: it can (番号の持ち帰り).

    ``paper``: where the paper under this number stands in the town; None: none came home.
    """
    if block is BlockState.VOID:
        return "AWAY_NUMBER_VOID"
    if act is Act.MADE:
        if not allotted:
            return "AWAY_NUMBER_UNKNOWN"
        return "" if paper is None else "AWAY_NUMBER_TWICE"
    if not allotted or paper is None:
        return "AWAY_NOT_MADE"
    return "" if paper is State.RELEASED else "NOT_RELEASED"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayRule:
    """Whether a kind may leave a laptop, and until what age of its record (出せる種類)."""

    kind: Kind
    allowed: bool
    hours_max: int
    valid_from: date
    valid_until: date | None
    source: str
    assumed: bool


def read_rules(table: Mapping[str, Any]) -> tuple[AwayRule, ...]:
    """Make the table of a file as it is written (決まりの読取り)."""
    return tuple(
        AwayRule(
            kind=Kind(row["kind"]), allowed=bool(row["allowed"]), hours_max=int(row["hours_max"]),
            valid_from=row["valid_from"], valid_until=row.get("valid_until"),
            source=row["source"], assumed=bool(row["assumed"]),
        )
        for row in table["kind"]
    )  # fmt: skip


def rule_on(rules: Iterable[AwayRule], kind: Kind, on: date) -> AwayRule | None:
    """Return the rule of a kind on a day; None where it may not leave a laptop (出せるか).

    Two rows for one day are as bad as none.
    """
    found = [
        one for one in rules
        if one.kind is kind and one.valid_from <= on
        and (one.valid_until is None or on <= one.valid_until)
    ]  # fmt: skip
    return found[0] if len(found) == 1 and found[0].allowed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayPaper:
    """One person's paper of one kind, frozen when the kit was sealed (封をした写し)."""

    kind: Kind
    person_id: str
    household_no: str
    fee_yen: int
    until: datetime  # older than that it is no longer printed
    marks: Mapping[str, str]
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """All a laptop needs to give certificates (証明書の持ち出し)."""

    day: date
    numbers: tuple[str, ...]
    frozen_at: datetime
    seal_svg: str
    keys: Mapping[str, str]
    papers: tuple[AwayPaper, ...]

    def kinds_of(self, person_id: str) -> tuple[AwayPaper, ...]:
        """List what came along for a person (その人の分)."""
        return tuple(one for one in self.papers if one.person_id == person_id)

    def paper(self, person_id: str, kind: str) -> AwayPaper | None:
        """Return one paper, or None (写し)."""
        return next((one for one in self.kinds_of(person_id) if one.kind == kind), None)

    def next_number(self, taken: Collection[str]) -> str:
        """Return the first number not taken yet, in their order; empty: none is left (次の番号)."""
        return next((one for one in self.numbers if one not in taken), "")


def write_stock(one: Stock) -> dict[str, Any]:
    """Return a stock as plain values (書き出し)."""
    return {
        "day": one.day.isoformat(), "numbers": list(one.numbers),
        "frozen_at": one.frozen_at.isoformat(), "seal_svg": one.seal_svg, "keys": dict(one.keys),
        "papers": [
            {"kind": paper.kind.value, "person_id": paper.person_id,
             "household_no": paper.household_no, "fee_yen": paper.fee_yen,
             "until": paper.until.isoformat(), "marks": dict(paper.marks),
             "content": dict(paper.content)}
            for paper in one.papers
        ],
    }  # fmt: skip


def read_stock(given: Mapping[str, Any]) -> Stock | None:
    """Read a stock; None where the kit has no certificates along (読み込み)."""
    if not given:
        return None
    return Stock(
        day=date.fromisoformat(given["day"]), numbers=tuple(given["numbers"]),
        frozen_at=datetime.fromisoformat(given["frozen_at"]), seal_svg=given["seal_svg"],
        keys=given["keys"],
        papers=tuple(
            AwayPaper(
                kind=Kind(row["kind"]), person_id=row["person_id"],
                household_no=row["household_no"], fee_yen=int(row["fee_yen"]),
                until=datetime.fromisoformat(row["until"]), marks=row["marks"],
                content=row["content"],
            )
            for row in given["papers"]
        ),
    )  # fmt: skip


def items_of(paper: AwayPaper) -> tuple[Omit, ...]:
    """List the items this paper can show when asked for (載せられる事項)."""
    wanted = definition_of(paper.kind).items - NEVER_AWAY
    if not any(one["foreign"] for one in paper.content["paper"]["persons"]):
        wanted &= {Omit.HOUSEHOLDER, Omit.DOMICILE}
    return tuple(one for one in Omit if one in wanted)


def omitted_away(kind: Kind, asked_for: Collection[Omit]) -> frozenset[Omit]:
    """Return what a paper of a trip leaves out (省略する事項)."""
    return omitted_from(kind, asked_for=frozenset(asked_for) - NEVER_AWAY, left_out=frozenset())


def check_away(
    stock: Stock, paper: AwayPaper, *, applicant: Applicant, seen: frozenset[Evidence],
    asked_for: frozenset[Omit], taken: Collection[str], now: datetime,
) -> tuple[Problem, ...]:  # fmt: skip
    """Return every reason why this paper is not given here and now (島での交付の確認)."""
    found = list(
        check_asking(kind=paper.kind, channel=Channel.DESK, applicant=applicant, seen=seen)
    )
    if applicant not in APPLICANTS:
        found.append(Problem(code="APPLICANT_NOT_FOR_KIND", where="applicant"))
    found += check_omissions(
        kind=paper.kind, omitted=omitted_away(paper.kind, asked_for), channel=Channel.DESK,
        asker=asker_of(applicant),
    )  # fmt: skip
    found += [
        Problem(code="ITEM_NOT_ALLOWED", where=one.value) for one in sorted(asked_for & NEVER_AWAY)
    ]
    if now.date() != stock.day:
        found.append(Problem(code="AWAY_ANOTHER_DAY", facts={"day": f"{stock.day:%m/%d}"}))
    if now >= paper.until:
        found.append(Problem(code="AWAY_TOO_OLD", facts={"until": f"{paper.until:%H:%M}"}))
    if not stock.next_number(taken):
        found.append(Problem(code="AWAY_NO_NUMBER", facts={"count": str(len(stock.numbers))}))
    return tuple(dict.fromkeys(found))


def until_of(rule: AwayRule, *, frozen_at: datetime) -> datetime:
    """Return from when a paper of this record is too old (古さの限り)."""
    return frozen_at + timedelta(hours=rule.hours_max)


def as_of_words(moment: datetime) -> str:
    """Return what the paper says of the age of its record (…現在)."""
    return f"（{format_long(moment.date())} {moment.hour}時{moment.minute:02d}分現在の記録による）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How the numbers of a block ended; they add up at any moment (番号の内訳)."""

    allotted: int
    used: int
    voided: int
    returned: int
    unsettled: int  # a paper was made, and nobody has said what became of it
    out: int  # with the laptop
    yen: int

    @property
    def adds_up(self) -> bool:
        """Tell whether each number stands in one place and none is missing (過不足なし)."""
        ends = self.used + self.voided + self.returned + self.unsettled + self.out
        return ends == self.allotted


def count_block(
    *, allotted: int, state: BlockState, papers: Iterable[tuple[str, int]], disputed: int = 0
) -> Count:
    """Count the numbers of a block by what became of their papers (番号の集計).

    ``papers`` are state and fee of what was brought home; of ``disputed`` further numbers a paper
    was made and not taken in, so it is void; the rest went nowhere.
    """
    made = list(papers)
    states = [one for one, _ in made]
    used, voided = states.count(State.HANDED_OVER), states.count(State.VOID)
    rest = allotted - len(made) - disputed
    return Count(
        allotted=allotted, used=used,
        voided=voided + disputed + (rest if state is BlockState.VOID else 0),
        returned=rest if state is BlockState.HOME else 0,
        unsettled=len(made) - used - voided,
        out=rest if state is BlockState.OUT else 0,
        yen=sum(yen for one, yen in made if one == State.HANDED_OVER),
    )  # fmt: skip
