"""The registered machines (端末の照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.kiosk.domain.payments import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalRow:
    """A registered machine (端末)."""

    terminal_no: str
    name: str
    place: str
    channel: str
    methods: tuple[Method, ...]
    stopped: bool
    called_at: datetime | None


def find_terminal(token: str) -> TerminalRow | None:
    """Return the machine that holds this token, or None (端末の照合)."""
    raise NotImplementedError
