"""Which papers count for what: the dated tables of documents and visits (本人確認書類の表).

The rows stand in ``cards/tables/*.toml``, each with its source; what differs from town to town is
marked ``assumed``. A row holds from its ``from`` to its ``until``, both days included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Any


@unique
class Strength(StrEnum):
    """How much one document proves (書類の強さ)."""

    A = "A"  # issued by an office, with a photo
    B = "B"  # name with birth date or address
    N = "N"  # 通知カード, 個人番号通知書: only beside two B, only at the application


@unique
class Photo(StrEnum):
    """Whether a document carries a photo (顔写真の有無)."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"  # to be looked at: some do


@unique
class Visitor(StrEnum):
    """Who comes to the counter (来庁者)."""

    SELF = "self"
    STATUTORY_AGENT = "statutory_agent"
    PROXY = "proxy"


@unique
class Whose(StrEnum):
    """Whose papers are meant (だれの書類)."""

    HOLDER = "holder"
    VISITOR = "visitor"


#: A statutory agent without the holder is asked for the papers of a proxy.
AGENT_ALONE = "agent_alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to prove who somebody is: so many A, so many B (書類の組合せ)."""

    a: int = 0
    b: int = 0
    n: int = 0
    photo: int = 0


WAYS: Mapping[str, Way] = {
    "A": Way(a=1),
    "AA": Way(a=2),
    "AB": Way(a=1, b=1),
    "BB": Way(b=2),
    "BBBP": Way(b=3, photo=1),
    "NBB": Way(n=1, b=2),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From when to when a row of a table holds (適用期間)."""

    first: date = date.min
    last: date = date.max

    def hold(self, day: date) -> bool:
        """Tell whether the row speaks of a day (適用日)."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A kind of document and what it proves (本人確認書類の種類)."""

    code: str
    strength: Strength
    photo: Photo
    days: Days
    source: str
    assumed: bool
    holder_only: bool
    only_for: tuple[str, ...]
    expired_counts_in: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """A kind of visit and what it does to the card (手続きの種類)."""

    code: str
    days: Days
    source: str
    assumed: bool
    makes_card: bool
    writes_lines: int
    sets_pin: bool
    needs_pin: bool
    is_move: bool
    agent_needs_holder: bool
    proxy: bool
    reason: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRow:
    """Whose documents must prove what, in which visits (本人確認の決まり)."""

    visits: tuple[str, ...]
    visitors: tuple[str, ...]
    whose: Whose
    ways: tuple[str, ...]
    days: Days
    source: str
    not_for_infants: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """Something else to bring (持ってくるもの)."""

    code: str
    visits: tuple[str, ...]
    visitors: tuple[str, ...]
    when: str
    days: Days
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """Why the holder does not come (代理に来られない理由)."""

    code: str
    accepted: bool
    age_from: int
    age_until: int
    only_in: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressRow:
    """A case in which a card is made at once (特急発行の対象)."""

    code: str
    window_days: int
    before_first_birthday: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRow:
    """What a new card costs (カードの手数料)."""

    visit: str
    when: tuple[str, ...]
    card_yen: int
    sign_yen: int
    days: Days
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """All tables of the checker (必要書類の決まり)."""

    documents: tuple[DocumentRow, ...]
    visits: tuple[VisitRow, ...]
    identity: tuple[IdentityRow, ...]
    papers: tuple[PaperRow, ...]
    reasons: tuple[ReasonRow, ...]
    express: tuple[ExpressRow, ...]
    fees: tuple[FeeRow, ...]

    def document(self, code: str, on: date) -> DocumentRow | None:
        """Return the row of a document that holds on a day (書類の行)."""
        return next((row for row in self.documents if row.code == code and row.days.hold(on)), None)

    def visit(self, code: str) -> VisitRow | None:
        """Return the row of a visit (手続きの行)."""
        return next((row for row in self.visits if row.code == code), None)

    def reason(self, code: str | None) -> ReasonRow | None:
        """Return the row of a reason (理由の行)."""
        return next((row for row in self.reasons if row.code == code), None)

    def express_case(self, code: str | None) -> ExpressRow | None:
        """Return the row of an express case (特急発行の行)."""
        return next((row for row in self.express if row.code == code), None)


Tables = Mapping[str, Any]


def read_book(tables: Iterable[Tables]) -> RuleBook:
    """Make the rule book of tables as they are written; a wrong row stops the start (表の読取り)."""
    rows: dict[str, list[Tables]] = {}
    for table in tables:
        for kind, found in table.items():
            rows.setdefault(kind, []).extend(found)
    book = RuleBook(
        documents=tuple(map(_document, rows["document"])),
        visits=tuple(map(_visit, rows["visit"])),
        identity=tuple(map(_identity, rows["identity"])),
        papers=tuple(map(_paper, rows["paper"])),
        reasons=tuple(map(_reason, rows["reason"])),
        express=tuple(map(_express, rows["express"])),
        fees=tuple(map(_fee, rows["fee"])),
    )
    _check_names(book)
    return book


def _check_names(book: RuleBook) -> None:
    visits = {row.code for row in book.visits}
    for rows in (book.identity, book.papers):
        for row in rows:
            unknown = set(row.visits) - visits
            assert not unknown, f"no such visit: {sorted(unknown)}"
            assert row.source, "every row has its source"


def _days(row: Tables) -> Days:
    first, last = row.get("from"), row.get("until")
    return Days(
        first=date.fromisoformat(first) if first else date.min,
        last=date.fromisoformat(last) if last else date.max,
    )


def _words(row: Tables, key: str) -> tuple[str, ...]:
    found: Sequence[str] = row.get(key, ())
    return tuple(found)


def _document(row: Tables) -> DocumentRow:
    return DocumentRow(
        code=row["code"], strength=Strength(row["strength"]), photo=Photo(row["photo"]),
        days=_days(row), source=row["source"], assumed=row.get("assumed", False),
        holder_only=row.get("holder_only", False), only_for=_words(row, "only_for"),
        expired_counts_in=_words(row, "expired_counts_in"),
    )  # fmt: skip


def _visit(row: Tables) -> VisitRow:
    return VisitRow(
        code=row["code"], days=_days(row), source=row["source"], assumed=row.get("assumed", False),
        makes_card=row.get("makes_card", False), writes_lines=row.get("writes_lines", 0),
        sets_pin=row.get("sets_pin", False), needs_pin=row.get("needs_pin", False),
        is_move=row.get("move", False),
        agent_needs_holder=row.get("agent_needs_holder", False), proxy=row["proxy"], reason=row.get("reason", False),
    )  # fmt: skip


def _identity(row: Tables) -> IdentityRow:
    assert set(row["ways"]) <= WAYS.keys()
    return IdentityRow(
        visits=_words(row, "visits"), visitors=_words(row, "visitors"), whose=Whose(row["whose"]),
        ways=_words(row, "ways"), days=_days(row), source=row["source"],
        not_for_infants=row.get("not_for_infants", False),
    )  # fmt: skip


def _paper(row: Tables) -> PaperRow:
    return PaperRow(
        code=row["code"], visits=_words(row, "visits"), visitors=_words(row, "visitors"),
        when=row.get("when", ""), days=_days(row), source=row["source"],
    )  # fmt: skip


def _reason(row: Tables) -> ReasonRow:
    return ReasonRow(
        code=row["code"], accepted=row.get("accepted", True), age_from=row.get("age_from", 0),
        age_until=row.get("age_until", 200), only_in=_words(row, "only_in"), source=row["source"],
    )  # fmt: skip


def _express(row: Tables) -> ExpressRow:
    return ExpressRow(
        code=row["code"], window_days=row.get("window_days", 0),
        before_first_birthday=row.get("window") == "before_first_birthday", source=row["source"],
    )  # fmt: skip


def _fee(row: Tables) -> FeeRow:
    return FeeRow(
        visit=row["visit"], when=_words(row, "when"), card_yen=row["card_yen"],
        sign_yen=row["sign_yen"], days=_days(row), source=row["source"],
    )  # fmt: skip
