"""Other towns' calendars in and ours out: RFC 5545 by the icalendar library (予定ファイル).

What is read is only when; titles and people stay in the file. Repeated events are spelled out
within the plan. A moment without a zone is Japan's; any other is brought to Japan's time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from madoguchi.csops.domain.windows import Stretch, Window
from madoguchi.csops.domain.windows_case import SPANS_MAX, in_japan
from madoguchi.kernel.outcome import Problem

BYTES_MAX = 2_000_000
#: Daily since 1970 is some 20,000: beyond this a rule is a mistake, or meant to keep us busy.
_REPEATS_MAX = 50_000
_PRODUCT = "-//Madoguchi//CS windows//JA"
_JAPAN = timezone(timedelta(hours=9), "JST")


def read_spans(data: bytes, *, whole: Stretch) -> tuple[Stretch, ...] | tuple[Problem, ...]:
    """Return the stretches of a calendar's events that reach into the whole (予定の読取り)."""
    # Half a second of parsers and time zones: only who reads a calendar waits for it.
    import icalendar

    if len(data) > BYTES_MAX:
        return (Problem(code="CSOPS_CALENDAR_TOO_LARGE"),)
    try:
        events: list[Any] = [
            event
            for calendar in icalendar.Calendar.from_ical(data, multiple=True)
            for event in calendar.walk("VEVENT")
        ]
        moved = {
            (str(event.get("UID")), _moment(event["RECURRENCE-ID"].dt))
            for event in events if "RECURRENCE-ID" in event
        }  # fmt: skip
        found = [
            span for event in events if str(event.get("STATUS", "")).upper() != "CANCELLED"
            for span in _spans_of(event, whole=whole, moved=moved)
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
        # The library tells a broken file by any of these; none of them is "no events". A zone
        # called "Asia" is a folder of zones: the system's own error comes through.
        return (Problem(code="CSOPS_CALENDAR_UNREADABLE"),)
    if len(found) > SPANS_MAX:
        return (Problem(code="CSOPS_CALENDAR_TOO_LARGE"),)
    return tuple(sorted(set(found)))


def write_windows(
    windows: Iterable[Window], *, title: str, plan_id: str, stamped_at: datetime
) -> bytes:
    """Return the windows as a calendar every program reads, in UTC moments (作業枠の予定ファイル)."""
    # Only who asks for the file waits for the library.
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # Numbered by town, not by time: when a plan is solved anew, a town's event stays the same event.
    for number, window in enumerate(sorted(windows, key=lambda one: one.town), start=1):
        event = icalendar.Event()
        event.add("uid", f"{plan_id}-{number}@madoguchi")
        event.add("dtstamp", stamped_at)
        event.add("dtstart", window.span.begins.replace(tzinfo=_JAPAN).astimezone(_UTC))
        event.add("dtend", window.span.ends.replace(tzinfo=_JAPAN).astimezone(_UTC))
        event.add("summary", f"{title} {window.town}")
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


_UTC = timezone.utc  # noqa: UP017  icalendar writes "Z" for this object as for datetime.UTC


def _spans_of(event: Any, *, whole: Stretch, moved: set[tuple[str, datetime]]) -> Iterator[Stretch]:
    begins, length = _moment(event["DTSTART"].dt), _length(event)
    if length <= timedelta():
        raise ValueError("an event that ends as it begins, or before")
    own = str(event.get("UID"))
    for start in _starts(event, begins, whole=whole, length=length):
        if "RECURRENCE-ID" not in event and (own, start) in moved:
            continue  # this one of the repeated events is told by an event of its own
        span = Stretch(begins=start, ends=start + length)
        if span.meets(whole):
            yield span


def _length(event: Any) -> timedelta:
    begins = event["DTSTART"].dt
    if "DTEND" in event:
        return _moment(event["DTEND"].dt) - _moment(begins)
    if "DURATION" in event:
        duration: timedelta = event["DURATION"].dt
        return duration
    # RFC 5545 3.6.1: a day without an end is that day, a moment without an end has no length.
    return timedelta() if isinstance(begins, datetime) else timedelta(days=1)


def _starts(
    event: Any, begins: datetime, *, whole: Stretch, length: timedelta
) -> Iterator[datetime]:
    """Yield when the event begins, each time; Japan's clocks never move, so its times do not either."""
    from dateutil import rrule

    if "RRULE" not in event and "RDATE" not in event:
        yield begins
        return
    rules = rrule.rruleset()
    rules.rdate(begins)
    for rule in _listed(event.get("RRULE")):
        text = rule.to_ical().decode()
        if any(often in text.upper() for often in ("SECONDLY", "MINUTELY", "HOURLY")):
            raise ValueError("repeated within a day: a stretch is not written so")
        rules.rrule(rrule.rrulestr(_until_in_japan(text), dtstart=begins))
    for day in _dates(event.get("RDATE")):
        rules.rdate(day)
    for day in _dates(event.get("EXDATE")):
        rules.exdate(day)
    for count, start in enumerate(rules):
        if count > _REPEATS_MAX:
            raise ValueError("an event repeated without end")
        if start >= whole.ends:
            return
        if start + length > whole.begins:
            yield start


def _until_in_japan(rule: str) -> str:
    """Write the last moment of a rule as its begin is written: Japan's time without a zone."""
    parts = [part.split("=", 1) for part in rule.split(";")]
    for part in parts:
        if part[0].upper() == "UNTIL" and part[1].endswith("Z"):
            until = datetime.strptime(part[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=_UTC)
            part[1] = f"{in_japan(until):%Y%m%dT%H%M%S}"
    return ";".join("=".join(part) for part in parts)


def _dates(given: Any) -> Iterator[datetime]:
    for group in _listed(given):
        for one in group.dts:
            yield _moment(one.dt[0] if isinstance(one.dt, tuple) else one.dt)


def _listed(given: Any) -> list[Any]:
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def _moment(given: date) -> datetime:
    if isinstance(given, datetime):
        return in_japan(given)
    return datetime.combine(given, time())
