"""Register, stop and reopen a machine (端末の登録・停止)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.kiosk.domain.payments import Method, methods_at
from madoguchi.kiosk.models import Terminal
from madoguchi.kiosk.queries.books import CHANNELS
from madoguchi.kiosk.queries.terminals import sum_of

#: As it stands in every 発行番号: a few plain characters.
_NUMBER = re.compile(r"[0-9A-Za-z]{1,8}")
TOKEN_BYTES = 32


def register_terminal(
    *,
    terminal_no: str,
    name: str,
    place: str,
    channel: str,
    methods: Iterable[Method],
    actor: Actor,
    now: datetime,
) -> str:
    """Register a machine, or give a known one a new word; return the word, once (端末の登録).

    The word is for the machine's own browser. We keep its sum only; a lost one is replaced
    and the old one is worth nothing from then on.
    """
    must(actor, Right.MANAGE_STAFF)
    methods = tuple(methods)
    problems = _check(
        terminal_no=terminal_no, name=name, place=place, channel=channel, methods=methods
    )
    if problems:
        raise Refused(problems)
    return _keep(terminal_no, name.strip(), place.strip(), channel, methods, actor=actor, now=now)


def register_demo_terminal(*, terminal_no: str, channel: str, actor: Actor, now: datetime) -> str:
    """Register the machine of the fictional town by itself; refused anywhere else (体験の端末)."""
    if not settings.MADOGUCHI_DEMO:
        raise Refused(Problem(code="KIOSK_DEMO_ONLY"))
    name = "庁舎ホール（見本）" if channel == "KIOSK" else "住民のページ（見本）"
    return _keep(
        terminal_no, name, settings.MADOGUCHI_PLACE, channel, methods_at(channel), actor=actor,
        now=now,
    )  # fmt: skip


def stop_terminal(*, terminal_no: str, reason: str, actor: Actor, now: datetime) -> None:
    """Let nobody begin at this machine from the next press on (端末の停止)."""
    must(actor, Right.ISSUE_CERTIFICATE)
    problems = check_free_text(reason, where="reason")
    if not reason.strip():
        problems += (Problem(code="KIOSK_STOP_NEEDS_REASON", where="reason"),)
    if problems:
        raise Refused(problems)
    changed = Terminal.objects.filter(terminal_no=terminal_no, stopped_at__isnull=True).update(
        stopped_at=now, stopped_by=actor.staff_id, stop_reason=reason.strip()
    )
    if not changed:
        raise Refused(Problem(code="KIOSK_TERMINAL_STOPPED"))
    record(actor=actor, action="KIOSK_TERMINAL_STOPPED", subjects=(),
           detail={"terminal": terminal_no, "reason": reason.strip()})  # fmt: skip
    facts.note("kiosk_terminal_stopped", at=now, terminal=terminal_no)


def reopen_terminal(*, terminal_no: str, actor: Actor, now: datetime) -> None:
    """Let residents begin at this machine again (端末の再開)."""
    must(actor, Right.ISSUE_CERTIFICATE)
    changed = Terminal.objects.filter(terminal_no=terminal_no, stopped_at__isnull=False).update(
        stopped_at=None, stopped_by="", stop_reason=""
    )
    if not changed:
        raise Refused(Problem(code="KIOSK_TERMINAL_NOT_STOPPED"))
    record(actor=actor, action="KIOSK_TERMINAL_REOPENED", subjects=(),
           detail={"terminal": terminal_no})  # fmt: skip
    facts.note("kiosk_terminal_reopened", at=now, terminal=terminal_no)


def must(actor: Actor, right: Right) -> None:
    """Refuse whoever lacks the right (権限の確認)."""
    if not actor.may(right):
        raise Refused(Problem(code="KIOSK_NOT_ALLOWED"))


def _keep(
    terminal_no: str,
    name: str,
    place: str,
    channel: str,
    methods: Iterable[Method],
    *,
    actor: Actor,
    now: datetime,
) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Terminal.objects.update_or_create(
        terminal_no=terminal_no,
        defaults={
            "name": name, "place": place, "channel": channel, "token_sum": sum_of(token),
            "methods": [str(one) for one in Method if one in set(methods)],
            "registered_by": actor.staff_id, "registered_at": now,
        },
    )  # fmt: skip
    record(actor=actor, action="KIOSK_TERMINAL_REGISTERED", subjects=(),
           detail={"terminal": terminal_no, "channel": channel})  # fmt: skip
    facts.note("kiosk_terminal_registered", at=now, terminal=terminal_no, channel=channel)
    return token


def _check(
    *, terminal_no: str, name: str, place: str, channel: str, methods: tuple[Method, ...]
) -> tuple[Problem, ...]:
    found = []
    if not _NUMBER.fullmatch(terminal_no):
        found.append(Problem(code="KIOSK_TERMINAL_NUMBER", where="terminal_no"))
    if not name.strip():
        found.append(Problem(code="KIOSK_TERMINAL_NEEDS_NAME", where="name"))
    if not place.strip():
        found.append(Problem(code="KIOSK_TERMINAL_NEEDS_PLACE", where="place"))
    if channel not in CHANNELS:
        found.append(Problem(code="KIOSK_CHANNEL_UNKNOWN", where="channel"))
    elif not set(methods) <= methods_at(channel):
        found.append(Problem(code="KIOSK_METHOD_NOT_THERE", where="methods"))
    return tuple(found)
