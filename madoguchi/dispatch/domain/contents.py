"""What a letter says besides name and address: plain values from whoever queued it (手紙の中身).

Only known keys, short texts without a 個人番号, and no address: that is read from the register
when the letter is printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.dispatch.domain.letters import NOTICES, OF_RESIDENCE, LetterKind
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text

#: What fits on the one page at 14 points (a test draws the worst case).
BRING_MAX = 10
LINE_MAX = 30
HOURS_MAX = 3
_URL = re.compile(r"https?://[!-~]{1,110}")
_PHONE = re.compile(r"[0-9][0-9-]{8,14}")
_NOTICE_KEYS = frozenset({"bring", "place", "hours", "first_on", "last_on", "phone", "book_url"})
_MOVE_KEYS = frozenset({"filing", "on", "others", "phone"})
_REMOVAL_KEYS = frozenset({"on", "note", "phone"})
#: What tells of somebody who is not registered here; kept until the post office has the letter.
ASKED_KEYS = ("name", "birth", "previous_address", "new_address", "moved_in_on")
_REQUEST_KEYS = frozenset({"town", "phone", *ASKED_KEYS})
#: ``on``: the last day for the answer; ``others``: how many people besides whom it is sent to.
_RESIDENCE_KEYS = frozenset({"on", "others", "phone"})
_NOTE_MAX = 6
_ASKED_MAX = 60
_CARD_KEYS = frozenset({"enclosed", "phone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeContent:
    """What a notice tells its reader: where, when, what to bring, how to book (通知の中身)."""

    bring: tuple[str, ...]
    place: str
    hours: tuple[str, ...]
    first_on: date
    last_on: date
    phone: str
    book_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """What lies in the envelope with a card that is mailed (カード送付の中身)."""

    enclosed: tuple[str, ...]
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveContent:
    """What a letter of a move tells: which filing, of or for which day, how many else (異動の手紙)."""

    filing: str
    on: date
    others: int
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceContent:
    """What a letter about where somebody lives asks: until when, about how many else (居住の照会・催告)."""

    on: date
    others: int
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalContent:
    """What a notice of a removal tells: since when, and what can be done about it (消除の通知)."""

    on: date
    note: tuple[str, ...]
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContent:
    """Whose certificate another town is asked for; nobody registered here (証明書の依頼)."""

    town: str
    name: str
    birth: date
    previous_address: str
    new_address: str
    moved_in_on: date
    phone: str


_KEYS: Mapping[LetterKind, frozenset[str]] = {
    **dict.fromkeys(NOTICES, _NOTICE_KEYS),
    LetterKind.MAIL_CARD: _CARD_KEYS,
    LetterKind.MOVE_RECEIPT: _MOVE_KEYS,
    LetterKind.MOVE_INQUIRY: _MOVE_KEYS,
    LetterKind.REMOVAL_NOTICE: _REMOVAL_KEYS,
    LetterKind.CERTIFICATE_REQUEST: _REQUEST_KEYS,
    **dict.fromkeys(OF_RESIDENCE, _RESIDENCE_KEYS),
}


def check_content(kind: LetterKind, given: Mapping[str, object]) -> tuple[Problem, ...]:
    """Return every reason not to take this content into the queue (中身の検査)."""
    known = _KEYS[kind]
    found = [
        Problem(code="LETTER_CONTENT_UNKNOWN", where=key) for key in sorted(given.keys() - known)
    ]
    if kind in NOTICES:
        found += _check_lines(given, "bring", most=BRING_MAX)
        found += _check_lines(given, "hours", most=HOURS_MAX)
        found += _check_line(given.get("place"), where="place")
        found += _check_days(given)
        url = given.get("book_url", "")
        if url != "" and not (isinstance(url, str) and _URL.fullmatch(url)):
            found.append(Problem(code="LETTER_CONTENT_MISSING", where="book_url"))
    elif known is _MOVE_KEYS:
        found += _check_move(given)
    elif known is _RESIDENCE_KEYS:
        found += [*_check_day(given, "on"), *_check_others(given)]
    elif known is _REMOVAL_KEYS:
        found += [*_check_day(given, "on"), *_check_lines(given, "note", most=_NOTE_MAX)]
    elif known is _REQUEST_KEYS:
        found += _check_request(given)
    else:
        found += _check_lines(given, "enclosed", most=BRING_MAX)
    phone = given.get("phone")
    if not (isinstance(phone, str) and _PHONE.fullmatch(phone)):
        found.append(Problem(code="LETTER_CONTENT_MISSING", where="phone"))
    return tuple(found)


def read_notice(given: Mapping[str, object]) -> NoticeContent:
    """Return content that was checked when it was queued (中身の読出し)."""
    return NoticeContent(
        bring=_lines(given["bring"]),
        place=str(given["place"]),
        hours=_lines(given["hours"]),
        first_on=date.fromisoformat(str(given["first_on"])),
        last_on=date.fromisoformat(str(given["last_on"])),
        phone=str(given["phone"]),
        book_url=str(given.get("book_url", "")),
    )


def read_card(given: Mapping[str, object]) -> CardContent:
    """Return content that was checked when it was queued (中身の読出し)."""
    return CardContent(enclosed=_lines(given["enclosed"]), phone=str(given["phone"]))


def read_move(given: Mapping[str, object]) -> MoveContent:
    """Return content that was checked when it was queued (中身の読出し)."""
    return MoveContent(
        filing=str(given["filing"]),
        on=date.fromisoformat(str(given["on"])),
        others=int(str(given["others"])),
        phone=str(given["phone"]),
    )


def read_residence(given: Mapping[str, object]) -> ResidenceContent:
    """Return content that was checked when it was queued (中身の読出し)."""
    return ResidenceContent(
        on=date.fromisoformat(str(given["on"])), others=int(str(given["others"])),
        phone=str(given["phone"]),
    )  # fmt: skip


def read_removal(given: Mapping[str, object]) -> RemovalContent:
    """Return content that was checked when it was queued (中身の読出し)."""
    return RemovalContent(
        on=date.fromisoformat(str(given["on"])),
        note=_lines(given["note"]),
        phone=str(given["phone"]),
    )


def read_request(given: Mapping[str, object]) -> RequestContent:
    """Return content that was checked when it was queued (中身の読出し)."""
    return RequestContent(
        town=str(given["town"]), name=str(given["name"]), phone=str(given["phone"]),
        birth=date.fromisoformat(str(given["birth"])),
        previous_address=str(given["previous_address"]), new_address=str(given["new_address"]),
        moved_in_on=date.fromisoformat(str(given["moved_in_on"])),
    )  # fmt: skip


def _lines(value: object) -> tuple[str, ...]:
    assert isinstance(value, list | tuple)
    return tuple(str(line) for line in value)


def _check_lines(given: Mapping[str, object], key: str, *, most: int) -> list[Problem]:
    value = given.get(key)
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= most:
        facts = {"most": str(most)}
        return [Problem(code="LETTER_CONTENT_LINES", where=key, facts=facts)]
    return [problem for line in value for problem in _check_line(line, where=key)]


def _check_line(value: object, *, where: str, most: int = LINE_MAX) -> list[Problem]:
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        return [Problem(code="LETTER_CONTENT_MISSING", where=where)]
    return list(check_free_text(value, limit=most, where=where))


def _check_move(given: Mapping[str, object]) -> list[Problem]:
    return [
        *_check_line(given.get("filing"), where="filing"), *_check_day(given, "on"),
        *_check_others(given),
    ]  # fmt: skip


def _check_others(given: Mapping[str, object]) -> list[Problem]:
    others = given.get("others")
    if not isinstance(others, int) or others < 0:
        return [Problem(code="LETTER_CONTENT_MISSING", where="others")]
    return []


def _check_request(given: Mapping[str, object]) -> list[Problem]:
    found = [*_check_day(given, "birth"), *_check_day(given, "moved_in_on")]
    for key in ("town", "name", "previous_address", "new_address"):
        found += _check_line(given.get(key), where=key, most=_ASKED_MAX)
    return found


def _check_day(given: Mapping[str, object], key: str) -> list[Problem]:
    try:
        date.fromisoformat(str(given.get(key, "")))
    except ValueError:
        return [Problem(code="LETTER_CONTENT_MISSING", where=key)]
    return []


def _check_days(given: Mapping[str, object]) -> list[Problem]:
    days: list[date] = []
    found: list[Problem] = []
    for key in ("first_on", "last_on"):
        try:
            days.append(date.fromisoformat(str(given.get(key, ""))))
        except ValueError:
            found.append(Problem(code="LETTER_CONTENT_MISSING", where=key))
    if len(days) == 2 and days[1] < days[0]:
        found.append(Problem(code="LETTER_CONTENT_DAYS", where="last_on"))
    return found
