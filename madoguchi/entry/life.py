"""When the program began and ended, in the record (起動・停止の記録).

A start that finds the one before it without an end says so: the machine was cut off, or somebody
killed it. Source: resident record standard 10.2 (イベントログ).
"""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterator

from django.db import Error, connection

from madoguchi.audit.api import EntryFilter, Kind, list_entries, record_system
from madoguchi.kernel.actor import Actor

BEGAN, ENDED = "PROGRAM_BEGAN", "PROGRAM_ENDED"
#: Several machines may serve one town; the last words of each are looked for among so many.
LOOKED_THROUGH = 200
_KEEPER = Actor(
    staff_id="system", name="プログラム", rights=frozenset(), place="", terminal="",
    purpose="起動と停止",
)  # fmt: skip


@contextlib.contextmanager
def recorded(*, workers: int) -> Iterator[None]:
    """Write down that the desk opens here, and that it closes (起動・停止).

    Nothing opens where the first cannot be written. An end that cannot be written, as the database
    went first, is told on standard error, and by the next start.
    """
    host = socket.gethostname()
    record_system(
        actor=_KEEPER, action=BEGAN,
        detail={"host": host, "workers": workers,
                "cut_off_before": _was_cut_off(host)},
    )  # fmt: skip
    # Hours may pass: a line kept open so long is not there when it is wanted.
    connection.close()
    try:
        yield
    finally:
        try:
            record_system(actor=_KEEPER, action=ENDED, detail={"host": host})
            connection.close()
        except Error as error:
            print(f"停止を記録できませんでした（{type(error).__name__}）。次に始めるときに記録に残ります。",
                  file=sys.stderr)  # fmt: skip


def _was_cut_off(host: str) -> bool:
    """Tell whether the last that was heard of this machine is that it began (停止の記録がない)."""
    newest = 0, ""
    for action in (BEGAN, ENDED):
        wanted = EntryFilter(kind=Kind.SYSTEM, action=action)
        for one in list_entries(wanted=wanted, limit=LOOKED_THROUGH).entries:
            if one.note.detail.get("host") == host:
                newest = max(newest, (one.seq, action))
                break
    return newest[1] == BEGAN
