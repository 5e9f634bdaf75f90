"""Let a resident in by the number of the notice and a birth date (住民のページに入る)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.cards.domain.card import read_notice_no
from madoguchi.cards.queries.residents import WaitingCard, card_for
from madoguchi.infra import facts
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem, Refused

#: Who acts on the resident's page: no member of staff, and no right of one.
RESIDENT = Actor(
    staff_id="resident", name="住民のページ", rights=frozenset(), place="", terminal="",
    purpose="受け取りの予約",
)  # fmt: skip


def let_in(*, notice_no: str, birth: str, now: datetime) -> WaitingCard:
    """Return the card somebody may come for; every refusal is the same one (本人の確認)."""
    number, day = read_notice_no(notice_no), parse_day(birth)
    found = None
    if isinstance(number, str) and not isinstance(day, Problem):
        today = now.astimezone(JAPAN).date()
        found = card_for(notice_no=number, birth_on=day, today=today)
    if found is None:
        raise Refused(Problem(code="CARD_BOOKING_REFUSED"))
    record(actor=RESIDENT, action="CARD_BOOKING_OPENED", subjects=(found.person_id,))
    facts.note("card_booking_opened", at=now)
    return found
