"""Whose next notice is due, as far as this clerk may know (再通知の照会)."""

from __future__ import annotations

from datetime import date

from madoguchi.dispatch.domain.letters import NOTICES, OPEN_STATES, LetterKind, LetterState
from madoguchi.dispatch.domain.renotices import Due, Sent, due_renotices
from madoguchi.dispatch.models import Letter
from madoguchi.dispatch.queries.rules import renotice_rule_on
from madoguchi.kernel.actor import Actor
from madoguchi.register.api import seen


def list_due(*, actor: Actor, today: date) -> tuple[Due, ...]:
    """List the matters whose next notice is due; nothing is due while one is queued (再通知の一覧)."""
    rows = list(
        Letter.objects.filter(kind__in=NOTICES, posted_on__isnull=False).only(
            "letter_id", "about_no", "kind", "state", "posted_on", "person_id"
        )
    )
    known = seen.find_names({row.person_id for row in rows}, actor=actor).keys()
    queued = set(
        Letter.objects.filter(kind__in=NOTICES, state__in=OPEN_STATES).values_list(
            "about_no", flat=True
        )
    )
    sent = [
        Sent(
            letter_id=row.letter_id,
            about_no=row.about_no,
            kind=LetterKind(row.kind),
            state=LetterState(row.state),
            posted_on=row.posted_on,
        )
        for row in rows
        if row.posted_on is not None and row.person_id in known and row.about_no not in queued
    ]
    return due_renotices(sent, renotice_rule_on(today), today=today)
