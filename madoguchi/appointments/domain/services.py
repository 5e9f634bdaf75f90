"""What people come for, how long it takes, and when and where they may come (用件・受付時間).

Everything here is a dated row of the town's tables; nothing is changed backwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.kernel.daytimes import DAY_MINUTES, DayRule, Span, check_days
from madoguchi.kernel.outcome import Problem


@unique
class Kind(StrEnum):
    """What somebody comes for (用件)."""

    COLLECT = "COLLECT"  # 交付
    RENEWAL = "RENEWAL"  # カードの更新の受け取り
    CERT_RENEWAL = "CERT_RENEWAL"  # 電子証明書の更新
    PIN_RESET = "PIN_RESET"  # 暗証番号の初期化・ロック解除
    APPLY_HELP = "APPLY_HELP"  # 申請の手伝い
    MOVE_IN_CARD = "MOVE_IN_CARD"  # 転入のカードの手続き
    INSURANCE = "INSURANCE"  # 健康保険証の利用登録
    LICENCE = "LICENCE"  # 運転免許証との一体化の案内
    MOVE_OUT_HELP = "MOVE_OUT_HELP"  # ワンストップ転出の手伝い
    QUESTION = "QUESTION"  # カードの質問
    OUTREACH = "OUTREACH"  # 出張
    MOVE_IN = "MOVE_IN"  # 転入の届け


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How long one kind of visit takes, from a day on (用件の所要時間).

    ``further_minutes`` is what each further person of one party adds: greeting, papers and
    explanation are shared.
    """

    kind: Kind
    minutes: int
    further_minutes: int
    needs_terminal: bool
    bookable: bool
    valid_from: date


@unique
class OpeningKind(StrEnum):
    """Why there is an opening (受付の種類)."""

    REGULAR = "REGULAR"  # 通常
    EVENING = "EVENING"  # 夜間
    ISLAND = "ISLAND"  # 島の出張所
    OUTREACH = "OUTREACH"  # 出張
    EXTENDED = "EXTENDED"  # 延長・休日


#: Days opened by name: open whatever the calendar says.
BY_NAME = frozenset({OpeningKind.OUTREACH, OpeningKind.EXTENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """When people with a booking are seen at a place, and how many at once (受付枠).

    On an island the boat sets the time: nobody is booked before it lands or after it leaves.
    """

    kind: OpeningKind
    rule: DayRule
    span: Span
    lanes: int
    step_minutes: int
    lands: int | None = None
    leaves: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where people are seen (受付場所); ``terminals_of`` names the place whose terminals serve it."""

    place: str
    name: str
    terminals_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The town's rules for bookings, from a day on (予約の決まり)."""

    valid_from: date
    hold_minutes: int
    ahead_days: int
    web_lead_days: int
    change_until_days: int
    late_minutes: int
    party_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One person's matter within a visit, as an opaque reference (一人分の用件).

    ``about_kind`` and ``about_no`` are the caller's own; this room never looks behind them.
    ``minutes``: how long the caller worked out that the whole visit takes; 0: as the table says.
    ``mark``: a letter or a word of the caller's that lists show beside the matter; never a name.
    """

    kind: Kind
    about_kind: str = ""
    about_no: str = ""
    minutes: int = 0
    mark: str = ""


def services_on(day: date, rows: Iterable[Service]) -> dict[Kind, Service]:
    """Return the service row that holds for each kind on a day: the newest begun (用件の表)."""
    found: dict[Kind, Service] = {}
    for row in sorted(rows, key=lambda one: one.valid_from):
        if row.valid_from <= day:
            found[row.kind] = row
    return found


def terms_on(day: date, rows: Iterable[Terms]) -> Terms:
    """Return the rules that hold on a day (その日の予約の決まり)."""
    begun = [row for row in rows if row.valid_from <= day]
    assert begun, "the shipped rules begin long before the program did"
    return max(begun, key=lambda row: row.valid_from)


def openings_on(day: date, rows: Iterable[Opening]) -> tuple[Opening, ...]:
    """Return the openings of a day; of two that meet, the newer row counts (その日の受付枠)."""
    found: list[Opening] = []
    fitting = (row for row in rows if row.rule.holds_on(day))
    for row in sorted(fitting, key=lambda one: one.rule.valid_from, reverse=True):
        if not any(row.span.meets(kept.span) for kept in found):
            found.append(row)
    return tuple(sorted(found, key=lambda one: one.span))


def minutes_of(party: Sequence[Errand], services: Mapping[Kind, Service]) -> int:
    """Return how long a party takes: the longest errand whole, each other its addition (所要時間).

    So a family never takes less than its longest matter, and one more person never shortens it.
    What the caller worked out for the whole visit counts instead.
    """
    if told := max((errand.minutes for errand in party), default=0):
        return told
    rows = [services[errand.kind] for errand in party]
    longest = max(range(len(rows)), key=lambda at: rows[at].minutes - rows[at].further_minutes)
    return rows[longest].minutes + sum(
        row.further_minutes for at, row in enumerate(rows) if at != longest
    )


def needs_terminal(party: Sequence[Errand], services: Mapping[Kind, Service]) -> bool:
    """Tell whether anybody of a party needs a terminal (端末の要否)."""
    return any(services[errand.kind].needs_terminal for errand in party)


def check_party(
    party: Sequence[Errand], services: Mapping[Kind, Service], *, place: Place, terms: Terms
) -> tuple[Problem, ...]:
    """Return everything wrong with what a party comes for, at this place (用件の確認)."""
    if not party:
        return (Problem(code="VISIT_NOBODY", where="kind"),)
    found = []
    if len(party) > terms.party_max:
        facts = {"most": str(terms.party_max)}
        found.append(Problem(code="VISIT_PARTY_TOO_LARGE", where="party", facts=facts))
    missing = [one for one in party if one.kind not in services or not services[one.kind].bookable]
    if missing:
        found.append(Problem(code="VISIT_NOT_BOOKABLE", where="kind"))
    elif needs_terminal(party, services) and not place.terminals_of:
        facts = {"place": place.name}
        found.append(Problem(code="VISIT_NEEDS_TERMINAL", where="place", facts=facts))
    named = [(one.kind, one.about_kind, one.about_no) for one in party if one.about_no]
    if len(named) != len(set(named)):
        found.append(Problem(code="VISIT_NAMED_TWICE", where="about_no"))
    return tuple(found)


def check_service(row: Service) -> tuple[Problem, ...]:
    """Return everything wrong with a row of the service table (用件の表の確認)."""
    found = []
    if not 0 < row.minutes <= DAY_MINUTES // 2:
        found.append(Problem(code="VISIT_MINUTES_UNKNOWN", where="minutes"))
    if not 0 <= row.further_minutes <= row.minutes:
        found.append(Problem(code="VISIT_FURTHER_UNKNOWN", where="further_minutes"))
    return tuple(found)


def check_opening(row: Opening) -> tuple[Problem, ...]:
    """Return everything wrong with a row of the openings (受付枠の確認)."""
    found = list(check_days(row.rule))
    if not 1 <= row.lanes <= 20:
        found.append(Problem(code="OPENING_LANES_UNKNOWN", where="lanes"))
    if not 5 <= row.step_minutes <= 120:
        found.append(Problem(code="OPENING_STEP_UNKNOWN", where="step_minutes"))
    early = row.lands is not None and row.span.begins < row.lands
    if early or (row.leaves is not None and row.span.ends > row.leaves):
        found.append(Problem(code="OPENING_WITHOUT_BOAT", where="begins"))
    return tuple(found)


def check_opening_day(
    row: Opening, on: date, *, there: Iterable[Opening], today: date
) -> tuple[Problem, ...]:
    """Return why a day cannot be opened by name: over, or open already (受付日の確認)."""
    found = []
    if row.kind not in BY_NAME:
        found.append(Problem(code="OPENING_KIND_UNKNOWN", where="kind"))
    if on < today:
        found.append(Problem(code="OPENING_DAY_OVER", where="on"))
    if any(row.span.meets(one.span) for one in there):
        found.append(Problem(code="OPENING_MEETS", where="begins"))
    if (row.lands is None) is not (row.leaves is None):
        found.append(Problem(code="OPENING_ONE_BOAT", where="lands"))
    return tuple(found)


def check_terms(row: Terms) -> tuple[Problem, ...]:
    """Return everything wrong with the rules for bookings (予約の決まりの確認)."""
    bounds = {
        "hold_minutes": (1, 60), "ahead_days": (1, 366), "web_lead_days": (0, 30),
        "change_until_days": (0, 30), "late_minutes": (0, 120), "party_max": (1, 20),
    }  # fmt: skip
    return tuple(
        Problem(code="TERMS_OUT_OF_RANGE", where=name,
                facts={"least": str(least), "most": str(most)})
        for name, (least, most) in bounds.items()
        if not least <= getattr(row, name) <= most
    )  # fmt: skip
