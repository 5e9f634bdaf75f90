"""A booking from hold to end, and where the next one fits (予約の流れ・空き)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique

from madoguchi.appointments.domain.services import Opening, Terms
from madoguchi.kernel.daytimes import DAY_MINUTES, Span, starts_within
from madoguchi.kernel.outcome import Problem


@unique
class State(StrEnum):
    """Where a booking stands (予約の状態)."""

    HELD = "HELD"  # 仮押さえ
    CONFIRMED = "CONFIRMED"  # 確定
    ARRIVED = "ARRIVED"  # 来庁
    DONE = "DONE"  # 済み
    CANCELLED = "CANCELLED"  # 取消し
    EXPIRED = "EXPIRED"  # 期限切れ
    NO_SHOW = "NO_SHOW"  # 来庁なし


#: These keep their minutes; every other state has given them back.
LIVE = frozenset({State.HELD, State.CONFIRMED, State.ARRIVED})
NEXT = {
    State.HELD: frozenset({State.CONFIRMED, State.CANCELLED, State.EXPIRED}),
    State.CONFIRMED: frozenset({State.ARRIVED, State.CANCELLED, State.NO_SHOW}),
    State.ARRIVED: frozenset({State.DONE}),
}


@unique
class Channel(StrEnum):
    """How a booking came (予約の経路)."""

    PHONE = "PHONE"  # 電話
    DESK = "DESK"  # 窓口
    WEB = "WEB"  # 住民のページ


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Minutes of one lane that are somebody's (うまっている枠)."""

    booking_id: str
    lane: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """One day of one place: openings and who comes (一日の予約)."""

    place: str
    on: date
    openings: tuple[Opening, ...]
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A time somebody can still come, and how many lanes are free then (空き)."""

    place: str
    on: date
    span: Span
    lanes: int


def pick_lane(diary: Diary, span: Span) -> int | tuple[Problem, ...]:
    """Return the lane that takes a visit, or why none does (窓口の割当て).

    The fullest lane first, so that one clerk stays free as long as can be.
    """
    opening = next((one for one in diary.openings if one.span.holds(span)), None)
    if opening is None:
        return (Problem(code="VISIT_CLOSED_THEN", where="begins"),)
    free = [lane for lane in range(1, opening.lanes + 1) if _is_free(diary, lane, span)]
    if not free:
        return (Problem(code="VISIT_TAKEN", where="begins"),)
    return max(free, key=lambda lane: (sum(one.lane == lane for one in diary.seats), -lane))


def left_outside(before: Diary, after: Diary) -> tuple[Seat, ...]:
    """Return who had a lane while it was open and would have none after a change (取り残される予約).

    Whoever was outside the openings before, by a chief's word, is left as they are.
    """
    return tuple(
        seat for seat in after.seats if _is_open_to(before, seat) and not _is_open_to(after, seat)
    )


def starts_of(
    diary: Diary, *, minutes: int, has_terminal: Callable[[Span], bool] | None, not_before: int = 0
) -> Iterator[Start]:
    """Yield each time of a day a visit of this length can begin (予約できる時刻)."""
    for opening in diary.openings:
        for span in starts_within(opening.span, minutes=minutes, step=opening.step_minutes):
            if span.begins < not_before:
                continue
            lanes = sum(_is_free(diary, lane, span) for lane in range(1, opening.lanes + 1))
            if lanes and (has_terminal is None or has_terminal(span)):
                yield Start(place=diary.place, on=diary.on, span=span, lanes=lanes)


def check_move(state: State, to: State) -> tuple[Problem, ...]:
    """Return why a booking cannot come from one state to another (状態の確認)."""
    if to in NEXT.get(state, frozenset()):
        return ()
    code = "BOOKING_HOLD_OVER" if state is State.EXPIRED else "BOOKING_IS_OVER"
    return (Problem(code=code, facts={"state": state.value}),)


def check_day(on: date, begins: int, *, channel: Channel, terms: Terms, now: datetime) -> tuple[
    Problem, ...
]:  # fmt: skip
    """Return why nobody may book this moment any more, or not yet (予約できる期間)."""
    today = now.date()
    if on < today or (on == today and begins <= minute_of(now)):
        return (Problem(code="VISIT_TIME_OVER", where="begins"),)
    if on > today + timedelta(days=terms.ahead_days):
        facts = {"days": str(terms.ahead_days)}
        return (Problem(code="VISIT_TOO_FAR", where="on", facts=facts),)
    if channel is Channel.WEB and on < today + timedelta(days=terms.web_lead_days):
        return (Problem(code="VISIT_TOO_SOON", where="on"),)
    return ()


def check_change(on: date, *, channel: Channel, terms: Terms, now: datetime) -> tuple[Problem, ...]:
    """Return why a booking can no longer be changed this way; by phone it always can (変更の期限)."""
    if channel is Channel.WEB and on < now.date() + timedelta(days=terms.change_until_days):
        return (Problem(code="BOOKING_CALL_US"),)
    return ()


def is_late(begins: int, *, arrived: int, terms: Terms) -> bool:
    """Tell whether somebody came too late to be called first; seen they are all the same (遅刻)."""
    return arrived > begins + terms.late_minutes


def minute_of(moment: datetime) -> int:
    """Return the minute of the day of a moment in Japan (時刻の分)."""
    return moment.hour * 60 + moment.minute


def span_at(begins: int, minutes: int) -> Span | Problem:
    """Return the stretch of a visit, if the day is long enough (所要の時間帯)."""
    if begins >= 0 and begins + minutes <= DAY_MINUTES:
        return Span(begins=begins, ends=begins + minutes)
    return Problem(code="VISIT_CLOSED_THEN", where="begins")


def _is_open_to(diary: Diary, seat: Seat) -> bool:
    return any(one.span.holds(seat.span) and seat.lane <= one.lanes for one in diary.openings)


def _is_free(diary: Diary, lane: int, span: Span) -> bool:
    return not any(one.lane == lane and one.span.meets(span) for one in diary.seats)


def first_of_each_day(starts: Iterable[Start], *, each: int, most: int) -> tuple[Start, ...]:
    """Return the first few free times of each day, so that days can be chosen between (空きの一覧)."""
    found: list[Start] = []
    a_day: dict[date, int] = {}
    for one in starts:
        if a_day.get(one.on, 0) < each:
            a_day[one.on] = a_day.get(one.on, 0) + 1
            found.append(one)
        if len(found) == most:
            break
    return tuple(found)
