"""By when: every deadline a card, a move or an uncollected card has, with its source (期限)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from madoguchi.advice.domain import deadlines_rules as rules
from madoguchi.advice.domain.documents import Days, RuleBook, Tables
from madoguchi.kernel.months import months_after
from madoguchi.kernel.outcome import Problem

TOWN_RULE = "town"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time as a rule writes it: months or days (期間)."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """Return the last day of the span (満了日)."""
        return months_after(day, self.months) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        """Return the day so long before (応当日)."""
        return months_after(day, -self.months) - timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLife:
    """How many birthdays a card lasts, by the age at its application (カードの有効期間)."""

    days: Days
    adult_age: int
    adult_birthdays: int
    minor_birthdays: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit by its code (期限の行)."""

    span: Span
    next_if_closed: bool
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageRule:
    """How long a town keeps a card nobody collects (保管の決まり)."""

    first: Span | None
    applied: Span | None
    again: Span | None
    returned: Span | None
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitBook:
    """All tables of deadlines (期限の表)."""

    lives: tuple[CardLife, ...]
    certificate_birthdays: int
    certificate_source: str
    limits: Mapping[str, Limit]
    storage: Mapping[str, StorageRule]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDays:
    """What is known of a card, a move or an uncollected card (期限の場合); None: not told."""

    birth_date: date | None = None
    accepted_on: date | None = None
    made_on: date | None = None
    certificate_made_on: date | None = None
    card_expires_on: date | None = None
    stay_until: date | None = None
    permanent: bool = False
    nationality_group: str = "japanese"
    first_notice_on: date | None = None
    renotice_on: date | None = None
    returned_on: date | None = None
    applied_on: date | None = None
    hold_until: date | None = None
    storage_rule: str = TOWN_RULE
    moved_in_on: date | None = None
    planned_move_out_on: date | None = None
    filed_on: date | None = None
    departs_on: date | None = None
    express_reason: str | None = None
    event_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One deadline (期限): ``date`` is its last day, or the first of an ``…_OPENS``, ``…_FROM``."""

    code: str
    date: date
    source: str
    assumed: bool = False


def read_limits(table: Tables) -> LimitBook:
    """Make the deadline tables of a file as it is written (期限の表の読取り)."""
    (certificate,) = table["certificate_life"]
    return LimitBook(
        lives=tuple(
            CardLife(
                days=Days(
                    first=date.fromisoformat(row.get("from", date.min.isoformat())),
                    last=date.fromisoformat(row.get("until", date.max.isoformat())),
                ),
                adult_age=row["adult_age"], adult_birthdays=row["adult_birthdays"],
                minor_birthdays=row["minor_birthdays"], source=row["source"],
            )
            for row in table["card_life"]
        ),
        certificate_birthdays=certificate["birthdays"],
        certificate_source=certificate["source"],
        limits={
            row["code"]: Limit(
                span=_span(row), next_if_closed=row["closed"] == "next", source=row["source"],
                assumed=row.get("assumed", False),
            )
            for row in table["limit"]
        },
        storage={
            row["code"]: StorageRule(
                first=_maybe(row.get("first")), applied=_maybe(row.get("applied")),
                again=_maybe(row.get("again")), returned=_maybe(row.get("returned")),
                source=row["source"], assumed=row.get("assumed", False),
            )
            for row in table["storage"]
        },
    )  # fmt: skip


def _span(row: Mapping[str, Any]) -> Span:
    return Span(months=row.get("months", 0), days=row.get("days", 0))


def _maybe(row: Mapping[str, Any] | None) -> Span | None:
    return None if row is None else _span(row)


def deadlines_of(
    case: KnownDays, *, limits: LimitBook, rulebook: RuleBook, is_office_day: rules.IsOfficeDay
) -> tuple[Deadline, ...]:
    """Return every deadline that follows from what is known, the earliest first (期限の一覧)."""
    found = _following(case, limits=limits, rulebook=rulebook, is_office_day=is_office_day)
    return tuple(sorted(found, key=lambda one: (one.date, one.code)))


def _following(
    case: KnownDays, *, limits: LimitBook, rulebook: RuleBook, is_office_day: rules.IsOfficeDay
) -> Iterator[Deadline]:
    expires = _card_expires(case, limits)
    yield from _of_card(case, limits, expires=expires)
    yield from _of_storage(case, limits, expires=expires, is_office_day=is_office_day)
    yield from _of_moves(case, limits, is_office_day=is_office_day)
    yield from _of_express(case, limits, rulebook)


def due_between(
    cards: Iterable[tuple[str, KnownDays]],
    *,
    first: date,
    last: date,
    limits: LimitBook,
    rulebook: RuleBook,
    is_office_day: rules.IsOfficeDay,
) -> Iterator[tuple[str, Deadline]]:
    """Yield whose deadlines fall into some days: the list for tomorrow (期限の迫る一覧)."""
    for card_no, case in cards:
        for one in _following(case, limits=limits, rulebook=rulebook, is_office_day=is_office_day):
            if first <= one.date <= last:
                yield card_no, one


def check_days(case: KnownDays) -> tuple[Problem, ...]:
    """Return everything that cannot be so (日付の矛盾)."""
    found: list[Problem] = []
    orders = (
        ("birth_date", "accepted_on"), ("birth_date", "made_on"), ("accepted_on", "made_on"),
        ("made_on", "card_expires_on"), ("made_on", "certificate_made_on"),
        ("made_on", "first_notice_on"), ("first_notice_on", "renotice_on"),
        ("first_notice_on", "returned_on"), ("moved_in_on", "filed_on"),
    )  # fmt: skip
    for before, after in orders:
        one, other = getattr(case, before), getattr(case, after)
        if one is not None and other is not None and other < one:
            facts = {"before": before, "after": after}
            found.append(Problem(code="DEADLINE_DAYS_REVERSED", where=after, facts=facts))
    foreign = case.nationality_group == "foreign" and not case.permanent
    if foreign and case.made_on is not None and case.stay_until is None:
        found.append(Problem(code="STAY_LIMIT_MISSING", where="stay_until"))
    return tuple(found)


# -- the card and its certificates -------------------------------------------------------


def _of_card(case: KnownDays, limits: LimitBook, *, expires: Deadline | None) -> Iterator[Deadline]:
    if expires is None:
        return
    yield expires
    opens = limits.limits["RENEWAL_OPENS"]
    yield Deadline(
        code="RENEWAL_OPENS", date=opens.span.before(expires.date), source=opens.source,
    )  # fmt: skip
    made = case.certificate_made_on or case.made_on
    if made is None or case.birth_date is None:
        return
    ends = min(
        rules.nth_birthday_after(made, case.birth_date, limits.certificate_birthdays), expires.date
    )
    yield Deadline(code="CERTIFICATE_EXPIRES", date=ends, source=limits.certificate_source)
    yield Deadline(
        code="CERTIFICATE_RENEWAL_OPENS", date=opens.span.before(ends), source=opens.source
    )
    grace = limits.limits["INSURANCE_GRACE_ENDS"]
    last = rules.month_end(grace.span.after(ends.replace(day=1)))
    yield Deadline(code="INSURANCE_GRACE_ENDS", date=last, source=grace.source)


def _card_expires(case: KnownDays, limits: LimitBook) -> Deadline | None:
    if case.card_expires_on is not None:
        return Deadline(code="CARD_EXPIRES", date=case.card_expires_on, source="カードの券面")
    if case.birth_date is None or case.made_on is None:
        return None
    accepted = case.accepted_on or case.made_on
    life = next(row for row in limits.lives if row.days.hold(accepted))
    adult = rules.age_on(accepted, case.birth_date) >= life.adult_age
    count = life.adult_birthdays if adult else life.minor_birthdays
    day, source = rules.nth_birthday_after(case.made_on, case.birth_date, count), life.source
    limited = case.nationality_group == "foreign" and not case.permanent
    if limited and case.stay_until is not None and case.stay_until < day:
        day, source = case.stay_until, "紀の川市: 在留期間の満了日"
    return Deadline(code="CARD_EXPIRES", date=day, source=source)


# -- uncollected -------------------------------------------------------------------------


def _of_storage(
    case: KnownDays,
    limits: LimitBook,
    *,
    expires: Deadline | None,
    is_office_day: rules.IsOfficeDay,
) -> Iterator[Deadline]:
    if case.first_notice_on is None and case.returned_on is None:
        return
    if case.first_notice_on is not None and case.renotice_on is None:
        again = limits.limits["RENOTICE_DUE"]
        yield Deadline(
            code="RENOTICE_DUE", source=again.source, assumed=again.assumed,
            date=_shifted(again, case.first_notice_on, is_office_day=is_office_day),
        )  # fmt: skip
    rule = limits.storage[case.storage_rule]
    ends = storage_ends(case, rule, expires=expires)
    if ends is None:
        return
    yield Deadline(code="STORAGE_ENDS", date=ends, source=rule.source, assumed=rule.assumed)
    yield Deadline(code="DISPOSAL_FROM", date=ends + _DAY, source=rule.source, assumed=rule.assumed)


def storage_ends(case: KnownDays, rule: StorageRule, *, expires: Deadline | None) -> date | None:
    """Return the last day a card is kept, or None while no rule has begun to run (保管の終わり).

    max(first notice + a, application + a, re-notice + b), or returned mail + c if that is
    earlier; a hold on request puts it off; an expired card is kept no longer in any case.
    """
    told = (
        (case.first_notice_on, rule.first),
        (case.applied_on, rule.applied),
        (case.renotice_on, rule.again),
    )
    waited = [span.after(day) for day, span in told if day is not None and span is not None]
    # A rule that speaks of the re-notice alone has not begun before there was one.
    by_notice = max(waited, default=None)
    if rule.first is None and case.renotice_on is None:
        by_notice = None
    by_return = None
    if case.returned_on is not None and rule.returned is not None:
        by_return = rule.returned.after(case.returned_on)
    ends = min((day for day in (by_notice, by_return) if day is not None), default=None)
    if ends is not None and case.hold_until is not None:
        ends = max(ends, case.hold_until)
    if expires is not None:
        ends = expires.date if ends is None else min(ends, expires.date)
    return ends


# -- moves and express -------------------------------------------------------------------


def _of_moves(
    case: KnownDays, limits: LimitBook, *, is_office_day: rules.IsOfficeDay
) -> Iterator[Deadline]:
    filing = limits.limits["MOVE_IN_FILING_DUE"]
    if case.moved_in_on is not None:
        yield Deadline(
            code="MOVE_IN_FILING_DUE", source=filing.source,
            date=_shifted(filing, case.moved_in_on, is_office_day=is_office_day),
        )  # fmt: skip
    last = rules.special_move_in_ends(
        planned_move_out_on=case.planned_move_out_on, moved_in_on=case.moved_in_on
    )
    if last is not None and case.planned_move_out_on is not None:
        source = limits.limits["SPECIAL_MOVE_IN_PLANNED"].source
        yield Deadline(code="SPECIAL_MOVE_IN_ENDS", date=last, source=source)
    if case.filed_on is not None:
        source = limits.limits["CONTINUED_USE_ENDS"].source
        day = rules.continued_use_ends(case.filed_on)
        yield Deadline(code="CONTINUED_USE_ENDS", date=day, source=source)
    if case.departs_on is not None:
        day = rules.overseas_ends(case.departs_on)
        source = "丸森町, 和光市: 国外転出の予定日の前日まで"
        yield Deadline(code="OVERSEAS_CONTINUE_BY", date=day, source=source)
        office = rules.last_office_day(day, is_office_day=is_office_day)
        yield Deadline(code="OVERSEAS_LAST_OFFICE_DAY", date=office, source=source)


def _of_express(case: KnownDays, limits: LimitBook, rulebook: RuleBook) -> Iterator[Deadline]:
    row = rulebook.express_case(case.express_reason)
    if row is None:
        return
    if row.before_first_birthday and case.birth_date is not None:
        day = rules.infant_express_ends(case.birth_date)
        yield Deadline(code="EXPRESS_APPLY_BY", date=day, source=row.source)
    if row.window_days and case.event_on is not None:
        day = rules.days_after(case.event_on, row.window_days)
        source = limits.limits["EXPRESS_APPLY_BY"].source
        yield Deadline(code="EXPRESS_APPLY_BY", date=day, source=source)


def _shifted(limit: Limit, since: date, *, is_office_day: rules.IsOfficeDay) -> date:
    day = limit.span.after(since)
    return rules.next_office_day(day, is_office_day=is_office_day) if limit.next_if_closed else day
