"""The protective measure itself: states, periods, what may follow what (支援措置)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum, unique
from typing import assert_never

from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_long

REFERENCE_LENGTH_MAX = 2_000


@unique
class MeasureState(StrEnum):
    """Where a measure stands; every state but ENDED holds (支援措置の状態)."""

    ACCEPTED = "ACCEPTED"  # 受付: holds here, but not every system has confirmed yet
    PROVISIONAL = "PROVISIONAL"  # 仮支援措置: every system has confirmed, facts are examined
    FULL = "FULL"  # 支援措置: for a year, and on until somebody ends it
    ENDED = "ENDED"  # 終了


@unique
class Category(StrEnum):
    """Why protection was asked for (申出の事由)."""

    PARTNER_VIOLENCE = "PARTNER_VIOLENCE"  # 配偶者暴力防止法
    STALKING = "STALKING"  # ストーカー規制法
    CHILD_ABUSE = "CHILD_ABUSE"  # 児童虐待防止法
    SIMILAR = "SIMILAR"  # その他これらに準ずるケース


@unique
class Scope(StrEnum):
    """What others may no longer obtain (支援措置の対象)."""

    VIEWING = "VIEWING"  # 住民基本台帳の一部の写しの閲覧
    COPIES = "COPIES"  # 住民票の写し等
    REMOVED = "REMOVED"  # 除票の写し等
    FUHYO = "FUHYO"  # 戸籍の附票の写し
    FORMER_ADDRESSES = "FORMER_ADDRESSES"  # 前住所地・本籍地も


@unique
class Ground(StrEnum):
    """What the confirmation rests on (必要性の確認)."""

    AGENCY_OPINION = "AGENCY_OPINION"  # 警察・配偶者暴力相談支援センター等の意見
    COURT_ORDER = "COURT_ORDER"  # 保護命令等
    AGENCY_DOCUMENT = "AGENCY_DOCUMENT"  # 相談機関の証明書類
    OTHER_TOWN = "OTHER_TOWN"  # 他の市区町村長からの連絡


@unique
class EndReason(StrEnum):
    """The only two ways in which a measure ends (終了の事由); time is none of them."""

    MAYOR = "MAYOR"  # 市区町村長の判断
    REQUEST = "REQUEST"  # 申出者の求め


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The year of protection, both days inside it (支援措置の期間)."""

    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What is accepted at the desk or from another town (支援措置の申出).

    Persons by id only. ``reference`` describes the perpetrator in free words (加害者); it is
    kept apart and read only with the right to see protected persons.
    """

    applicant_id: str
    together_ids: frozenset[str]
    category: Category
    scope: frozenset[Scope]
    accepted_on: date
    from_town: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One protective measure as it stands at one version (支援措置)."""

    measure_id: str
    case_no: int
    state: MeasureState
    version: int
    applicant_id: str
    together_ids: frozenset[str]
    category: Category
    scope: frozenset[Scope]
    accepted_on: date
    from_town: str
    period: Period | None = None
    ground: Ground | None = None
    carried_over_on: date | None = None
    carried_to: str = ""
    ended_on: date | None = None
    end_reason: EndReason | None = None

    @property
    def person_ids(self) -> frozenset[str]:
        """Everybody this measure holds: the applicant and those protected along (対象者)."""
        return self.together_ids | {self.applicant_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNotice:
    """What the notice that a period ends is made of (支援措置期間終了通知, form 20.5.1).

    No address and no name: a higher room adds them at the last moment, through the gate.
    """

    measure_id: str
    case_no: int
    recipient_id: str
    period: Period
    extension_opens_on: date
    protected_until_ended: bool = True


def year_from(begins_on: date) -> Period:
    """Return the year that begins on this day (期間の計算; 2020-04-01 → 2021-03-31).

    It ends the day before the same day of the next year (民法143条2項). A year from a 29
    February has no such day and ends on the last day of that month.
    """
    year = begins_on.year + 1
    if begins_on.day > monthrange(year, begins_on.month)[1]:
        return Period(begins_on=begins_on, ends_on=date(year, begins_on.month, 28))
    return Period(begins_on=begins_on, ends_on=begins_on.replace(year=year) - timedelta(days=1))


def next_period(period: Period) -> Period:
    """Return the year after this one, without a gap and without an overlap (延長)."""
    return year_from(period.ends_on + timedelta(days=1))


def extension_opens_on(period: Period) -> date:
    """Return the first day on which an extension can be asked for: a month before the end."""
    end = period.ends_on
    year, month = (end.year, end.month - 1) if end.month > 1 else (end.year - 1, 12)
    return date(year, month, min(end.day, monthrange(year, month)[1]))


def holds(state: str) -> bool:
    """Tell whether a stored state holds; a state we do not know holds too (fail closed)."""
    return state != MeasureState.ENDED


def alerts_of(measure: Measure, *, today: date) -> tuple[Problem, ...]:
    """Return what staff with the right must be told about this measure today (A3, A4)."""
    facts = {"case_no": str(measure.case_no)}
    match measure.state:
        case MeasureState.ACCEPTED:
            return (Problem(code="PROTECTION_NOT_EFFECTIVE", facts=facts),)
        case MeasureState.PROVISIONAL:
            return (Problem(code="PROTECTION_PROVISIONAL", facts=facts),)
        case MeasureState.ENDED:
            return ()
        case MeasureState.FULL:
            pass
        case never:
            assert_never(never)
    assert measure.period is not None, "a full measure has a period"
    facts["ends_on"] = format_long(measure.period.ends_on)
    found = [Problem(code="PROTECTION_FULL", facts=facts)]
    if is_over(measure, today=today):
        found.append(Problem(code="PROTECTION_OVER", facts=facts))
    elif ends_soon(measure, today=today):
        found.append(Problem(code="PROTECTION_ENDS_SOON", facts=facts))
    return tuple(found)


def is_over(measure: Measure, *, today: date) -> bool:
    """Tell whether the period has run out; the measure holds all the same (期間経過, A4)."""
    return (
        measure.state is MeasureState.FULL
        and measure.period is not None
        and today > measure.period.ends_on
    )


def ends_soon(measure: Measure, *, today: date) -> bool:
    """Tell whether the last month of the period runs (期間満了前1か月, A3)."""
    return (
        measure.state is MeasureState.FULL
        and measure.period is not None
        and extension_opens_on(measure.period) <= today <= measure.period.ends_on
    )


# -- what may follow what ----------------------------------------------------------------


def check_application(given: Application, *, today: date) -> tuple[Problem, ...]:
    """Return every reason not to accept this application as written (申出の受付)."""
    found = []
    if not given.applicant_id.strip():
        found.append(Problem(code="PROTECTION_NO_APPLICANT", where="applicant_id"))
    if given.applicant_id in given.together_ids:
        found.append(Problem(code="PROTECTION_SAME_PERSON", where="together_ids"))
    if not given.scope:
        found.append(Problem(code="PROTECTION_NO_SCOPE", where="scope"))
    if given.accepted_on > today:
        found.append(Problem(code="PROTECTION_FUTURE", where="accepted_on"))
    if len(given.reference) > REFERENCE_LENGTH_MAX:
        found.append(Problem(code="PROTECTION_REFERENCE_TOO_LONG", where="reference"))
    return tuple(found)


def check_version(measure: Measure, *, seen: int) -> tuple[Problem, ...]:
    """Refuse to act on a state that is no longer the live one (Meguro, 2025)."""
    if measure.version == seen:
        return ()
    facts = {"case_no": str(measure.case_no)}
    return (Problem(code="STALE_STATE", facts=facts),)


def check_effect(measure: Measure, *, unconfirmed: Iterable[str]) -> tuple[Problem, ...]:
    """Return why this measure is not yet in effect everywhere (仮支援措置の開始)."""
    found = list(_needs(measure, MeasureState.ACCEPTED))
    waiting = sorted(unconfirmed)
    if waiting:
        facts = {"count": str(len(waiting))}
        found.append(Problem(code="PROTECTION_CHANNELS_OPEN", facts=facts))
    return tuple(found)


def check_confirm(measure: Measure, *, begins_on: date, today: date) -> tuple[Problem, ...]:
    """Return every reason not to confirm the measure from this day (支援措置の決定)."""
    found = list(_needs(measure, MeasureState.PROVISIONAL))
    if begins_on > today:
        found.append(Problem(code="PROTECTION_FUTURE", where="begins_on"))
    if begins_on < measure.accepted_on:
        found.append(Problem(code="PROTECTION_BEFORE_ACCEPTED", where="begins_on"))
    if measure.carried_over_on is not None:
        found.append(Problem(code="PROTECTION_MOVED_AWAY"))
    return tuple(found)


def check_extend(measure: Measure, *, today: date) -> tuple[Problem, ...]:
    """Return why the period cannot be extended today (期間の延長); an over one always can."""
    found = _needs(measure, MeasureState.FULL)
    if found:
        return found
    assert measure.period is not None
    opens_on = extension_opens_on(measure.period)
    if today < opens_on:
        facts = {"opens_on": format_long(opens_on)}
        return (Problem(code="PROTECTION_TOO_EARLY", facts=facts),)
    return ()


def check_end(measure: Measure) -> tuple[Problem, ...]:
    """Return why this measure cannot be ended: it has ended already (終了)."""
    if holds(measure.state):
        return ()
    return (Problem(code="PROTECTION_ENDED_ALREADY", facts={"case_no": str(measure.case_no)}),)


_IS = {
    MeasureState.ACCEPTED: "PROTECTION_IS_ACCEPTED",
    MeasureState.PROVISIONAL: "PROTECTION_IS_PROVISIONAL",
    MeasureState.FULL: "PROTECTION_IS_FULL",
    MeasureState.ENDED: "PROTECTION_IS_ENDED",
}


def _needs(measure: Measure, state: MeasureState) -> tuple[Problem, ...]:
    if measure.state is state:
        return ()
    facts = {"case_no": str(measure.case_no)}
    return (Problem(code=_IS[measure.state], facts=facts),)


# -- the arrows (letters as in README.md) -------------------------------------------------


def accepted(given: Application, *, measure_id: str, case_no: int) -> Measure:
    """Arrow a: accept; from this moment the persons are held (受付)."""
    return Measure(
        measure_id=measure_id,
        case_no=case_no,
        state=MeasureState.ACCEPTED,
        version=1,
        applicant_id=given.applicant_id,
        together_ids=given.together_ids,
        category=given.category,
        scope=given.scope,
        accepted_on=given.accepted_on,
        from_town=given.from_town,
    )


def in_effect(measure: Measure) -> Measure:
    """Arrow b: every system has confirmed (仮支援措置の開始)."""
    return _step(replace(measure, state=MeasureState.PROVISIONAL))


def confirmed(measure: Measure, *, begins_on: date, ground: Ground) -> Measure:
    """Arrow c: the need is confirmed; the year begins (支援措置の決定)."""
    return _step(
        replace(measure, state=MeasureState.FULL, period=year_from(begins_on), ground=ground)
    )


def extended(measure: Measure) -> Measure:
    """Arrow d: another year from the day after the old end (延長)."""
    assert measure.period is not None
    return _step(replace(measure, period=next_period(measure.period)))


def carried_over(measure: Measure, *, moved_on: date, to_town: str) -> Measure:
    """Arrow e: the applicant moved out; hold on provisionally so that no gap arises (転出)."""
    state = MeasureState.PROVISIONAL if measure.state is MeasureState.FULL else measure.state
    return _step(replace(measure, state=state, carried_over_on=moved_on, carried_to=to_town))


def noted(measure: Measure) -> Measure:
    """Arrow f: something came to it (applied anew, a member moved, another town told).

    The state stays; the version moves, so whoever saw the old one has seen too little.
    """
    return _step(measure)


def ended(measure: Measure, *, on: date, reason: EndReason) -> Measure:
    """Arrow g: ended by the mayor or on request, by two persons (終了)."""
    return _step(replace(measure, state=MeasureState.ENDED, ended_on=on, end_reason=reason))


def _step(measure: Measure) -> Measure:
    return replace(measure, version=measure.version + 1)


def end_notice(measure: Measure) -> EndNotice:
    """Return the data of the notice that the period ends (支援措置期間終了通知)."""
    assert measure.state is MeasureState.FULL, "only a full measure has an end to tell of"
    assert measure.period is not None
    return EndNotice(
        measure_id=measure.measure_id,
        case_no=measure.case_no,
        recipient_id=measure.applicant_id,
        period=measure.period,
        extension_opens_on=extension_opens_on(measure.period),
    )
