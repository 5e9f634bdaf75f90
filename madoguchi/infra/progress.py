"""Long work that shows how far it is and can be asked to stop (長い処理)."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

import psycopg
from django.db import connection

from madoguchi.infra import clock
from madoguchi.infra.models import LongWork
from madoguchi.kernel.ids import new_id

SHOW_EVERY_S = 0.5


class Cancelled(Exception):
    """Somebody asked this work to stop; the caller's transaction rolls back (中止)."""


@dataclass(slots=True, kw_only=True)
class Progress:
    """One running piece of long work: advance it, and it tells terminal and page."""

    work_id: str
    name: str
    total: int | None
    terminal: TextIO | None
    done: int = 0
    step: str = ""
    _side: psycopg.Connection | None = None
    _shown_at: float = field(default_factory=time.monotonic)

    def advance(self, count: int = 1, *, step: str | None = None) -> None:
        """Count ``count`` more as done; raise ``Cancelled`` when a stop was asked for."""
        self.done += count
        if step is not None:
            self.step = step
        if time.monotonic() - self._shown_at >= SHOW_EVERY_S:
            self._shown_at = time.monotonic()
            self._tell("RUNNING")

    def finish(self) -> None:
        """Say that all of it is done."""
        self._tell("DONE")
        self._close()

    def fail(self, *, cancelled: bool) -> None:
        """Say that nothing of it was kept."""
        self._tell("CANCELLED" if cancelled else "FAILED")
        self._close()

    def _tell(self, state: str) -> None:
        if self.terminal is not None:
            share = f"{self.done * 100 // self.total:3d} %" if self.total else f"{self.done:,}"
            end = "\n" if state != "RUNNING" else ""
            self.terminal.write(f"\r{self.name} {self.step} {share} ({self.done:,}){end}")
            self.terminal.flush()
        if self._side is None:
            return
        row = self._side.execute(
            "UPDATE infra_long_work SET state = %s, done = %s, step = %s, changed_at = %s"
            " WHERE id = %s RETURNING cancel_wanted",
            [state, self.done, self.step, clock.now(), self.work_id],
        ).fetchone()
        if state == "RUNNING" and row is not None and row[0]:
            raise Cancelled(self.work_id)

    def _close(self) -> None:
        if self._side is not None:
            self._side.close()
            self._side = None


def start(name: str, *, total: int | None, show: bool, work_id: str | None = None) -> Progress:
    """Begin a piece of long work; ``show`` writes a line on standard error.

    The row is written on a connection of its own: the work itself is one transaction
    that nobody sees until its end, its progress must be seen before.
    """
    work_id = work_id or new_id()
    side = psycopg.connect(
        **{k: v for k, v in connection.get_connection_params().items()
           if k in ("dbname", "user", "password", "host", "port")},
        autocommit=True,
    )  # fmt: skip
    side.execute(
        "INSERT INTO infra_long_work (id, name, state, done, total, step, cancel_wanted,"
        " started_at, changed_at) VALUES (%s, %s, 'RUNNING', 0, %s, '', false, %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET state = 'RUNNING'",
        [work_id, name, total, clock.now(), clock.now()],
    )
    return Progress(
        work_id=work_id, name=name, total=total, _side=side,
        terminal=sys.stderr if show else None,
    )  # fmt: skip


def quiet(name: str) -> Progress:
    """Return a progress that tells nobody: for tests and for small work."""
    return Progress(work_id="", name=name, total=None, terminal=None)


def ask_to_stop(work_id: str) -> None:
    """Ask a running piece of work to stop; it keeps nothing (中止する)."""
    LongWork.objects.filter(id=work_id).update(cancel_wanted=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """How far a piece of work has come, for a page (進みぐあい)."""

    work_id: str
    name: str
    state: str
    done: int
    total: int | None
    step: str


def find_work(work_id: str) -> WorkRow | None:
    """Return how far a piece of work has come, or None when there is none of that id."""
    row = LongWork.objects.filter(id=work_id).first()
    if row is None:
        return None
    return WorkRow(
        work_id=row.id,
        name=row.name,
        state=row.state,
        done=row.done,
        total=row.total,
        step=row.step,
    )
