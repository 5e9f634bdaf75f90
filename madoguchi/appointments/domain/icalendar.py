"""An appointment as a calendar file, RFC 5545: our own small writer (予定ファイル).

It names no person and no matter: a phone shows its calendar on a locked screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from madoguchi.kernel.daytimes import Span

_LINE_OCTETS = 75
_PRODUCT = "-//Madoguchi//Appointments//JA"
#: Japan has kept one offset since 1951; RFC 5545 wants the zone defined in the file itself.
_ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Asia/Tokyo", "BEGIN:STANDARD", "DTSTART:19510909T010000",
    "TZOFFSETFROM:+0900", "TZOFFSETTO:+0900", "TZNAME:JST", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the calendar of whoever comes shows (予定)."""

    uid: str
    sequence: int
    on: date
    span: Span
    summary: str
    location: str
    description: str
    cancelled: bool = False
    remind_hours: int = 18


def write(entry: Entry, *, stamped_at: datetime) -> bytes:
    """Return the calendar file: UTF-8, CRLF, folded at 75 octets (予定ファイルの作成)."""
    assert stamped_at.utcoffset() is not None
    utc = stamped_at.astimezone(UTC)
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if entry.cancelled else 'PUBLISH'}", *_ZONE,
        "BEGIN:VEVENT", f"UID:{escape(entry.uid)}", f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{utc:%Y%m%dT%H%M%S}Z",
        f"DTSTART;TZID=Asia/Tokyo:{_moment(entry.on, entry.span.begins)}",
        f"DTEND;TZID=Asia/Tokyo:{_moment(entry.on, entry.span.ends)}",
        f"SUMMARY:{escape(entry.summary)}", f"LOCATION:{escape(entry.location)}",
        f"DESCRIPTION:{escape(entry.description)}", "CLASS:PRIVATE",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
    ]  # fmt: skip
    if not entry.cancelled:
        lines += [
            "BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{entry.remind_hours}H",
            f"DESCRIPTION:{escape(entry.summary)}", "END:VALARM",
        ]  # fmt: skip
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{fold(line)}\r\n" for line in lines).encode()


def escape(text: str) -> str:
    """Write a text as RFC 5545 3.3.11 wants it (文字の表し方)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def fold(line: str) -> str:
    """Break a long line at 75 octets, never within a character (行の折返し)."""
    pieces, piece, room = [], "", _LINE_OCTETS
    for character in line:
        if len((piece + character).encode()) > room:
            pieces.append(piece)
            piece, room = "", _LINE_OCTETS - 1  # the space that marks a continuation counts
        piece += character
    return "\r\n ".join([*pieces, piece])


def _moment(on: date, minute: int) -> str:
    return f"{on:%Y%m%d}T{minute // 60:02}{minute % 60:02}00"
