"""The registered machines (端末の照会)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from madoguchi.kiosk.domain.payments import Method, methods_at
from madoguchi.kiosk.models import Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalRow:
    """A registered machine (端末)."""

    terminal_no: str
    name: str
    place: str
    channel: str
    methods: tuple[Method, ...]
    stopped: bool
    stop_reason: str
    called_at: datetime | None


def sum_of(word: str) -> str:
    """Return what is kept of a long random word that was given out (合言葉・チャレンジ)."""
    return hashlib.sha256(word.encode()).hexdigest()


def find_terminal(token: str) -> TerminalRow | None:
    """Return the machine that holds this word, or None (端末の照合)."""
    found = Terminal.objects.filter(token_sum=sum_of(token)).first()
    return _row(found) if found is not None else None


def find_terminal_by_no(terminal_no: str) -> TerminalRow | None:
    """Return the machine of this number, or None (端末の照会)."""
    found = Terminal.objects.filter(terminal_no=terminal_no).first()
    return _row(found) if found is not None else None


def list_terminals() -> tuple[TerminalRow, ...]:
    """List all machines by number (端末の一覧)."""
    return tuple(_row(one) for one in Terminal.objects.order_by("terminal_no"))


def _row(row: Terminal) -> TerminalRow:
    return TerminalRow(
        terminal_no=row.terminal_no,
        name=row.name,
        place=row.place,
        channel=row.channel,
        methods=tuple(Method(one) for one in row.methods if one in methods_at(row.channel)),
        stopped=row.stopped_at is not None,
        stop_reason=row.stop_reason,
        called_at=row.called_at,
    )
