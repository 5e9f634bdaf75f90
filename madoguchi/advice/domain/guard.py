"""What a new card would lose: said before the application is accepted (更新の番人).

A licence recorded on the card (マイナ免許証) goes over to the new card only where the new one was
applied for on the web, since 2025-09-01, while the old card was valid or because its 追記欄 was
full. At the counter, by post, from a booth, and at once (特急) it is lost: driving on the new
card alone is not allowed until it is recorded again.
The face of a card has four lines for changes (追記欄); a full one means a new card.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem

LINES_OF_A_CARD = 4
#: Some offices' seal takes two lines, so the last but one is already told.
LINES_TO_WARN = 3
#: マイナ免許証 itself, and the day from which the web carries it over (鳥取県, 警視庁).
LICENCE_ON_CARD_SINCE = date(2025, 3, 24)
WEB_CARRIES_SINCE = date(2025, 9, 1)
RECORD_AGAIN_YEN = 1_500


@unique
class Channel(StrEnum):
    """How a card is applied for (申請の経路)."""

    WEB = "web"
    COUNTER = "counter"
    POST = "post"
    BOOTH = "booth"
    EXPRESS = "express"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNow:
    """What the guard must know of the card in hand and of the application (いまのカード)."""

    visit_kind: str
    makes_card: bool
    writes_lines: int
    channel: Channel
    has_licence: bool
    lines_used: int | None
    reissue_reason: str | None
    expired: bool


def guard(card: CardNow, *, today: date) -> tuple[Problem, ...]:
    """Return every warning that must be said before going on (受け付ける前の注意)."""
    return (*_licence(card, today=today), *_lines(card))


def refuse_full_lines(card: CardNow) -> tuple[Problem, ...]:
    """Return why nothing can be written on the card any more (追記欄の満了)."""
    used = card.lines_used
    if used is None or not card.writes_lines or used + card.writes_lines <= LINES_OF_A_CARD:
        return ()
    return (Problem(code="ANNOTATION_NO_LINE_LEFT", where="annotation_lines_used"),)


def licence_is_carried(card: CardNow, *, today: date) -> bool:
    """Tell whether the licence can go over to the new card at all (免許情報の引継ぎ)."""
    full = card.lines_used is not None and card.lines_used >= LINES_OF_A_CARD
    by_full_lines = card.reissue_reason == "annotation_full" or (
        card.visit_kind == "reissue" and card.reissue_reason is None and full
    )
    in_time = card.visit_kind == "renewal" and not card.expired
    by_web = card.channel is Channel.WEB and card.visit_kind != "express"
    return by_web and today >= WEB_CARRIES_SINCE and (in_time or by_full_lines)


def _licence(card: CardNow, *, today: date) -> tuple[Problem, ...]:
    if not (card.has_licence and card.makes_card and today >= LICENCE_ON_CARD_SINCE):
        return ()
    if licence_is_carried(card, today=today):
        # Not LICENCE_…: nothing is lost, but five things must hold.
        return (Problem(code="WEB_CARRIES_LICENCE_IF", where="channel"),)
    facts = {"yen": f"{RECORD_AGAIN_YEN:,}"}
    if card.channel is Channel.WEB and card.visit_kind != "express":
        return (Problem(code="LICENCE_LOST_ON_WEB_TOO", where="channel", facts=facts),)
    return (Problem(code="LICENCE_LOST", where="channel", facts=facts),)


def _lines(card: CardNow) -> tuple[Problem, ...]:
    used = card.lines_used
    if used is None or used < LINES_TO_WARN:
        return ()
    where = "annotation_lines_used"
    if used >= LINES_OF_A_CARD:
        return (Problem(code="ANNOTATION_FULL", where=where),)
    return (Problem(code="ANNOTATION_LAST_LINE", where=where),)
