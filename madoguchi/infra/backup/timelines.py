"""After another machine became the primary: where its log parts from what was fetched (時系列の分かれ目).

The old primary sent its log to whoever follows it for the backups as soon as it was written, so the follower may hold
an end that nobody was ever told is stored, and that the new primary never saw. From the moment the two part
only the new one's log is the town's; the piece in which they part is fetched anew under the new name. In the place
both lie: a restore takes the newer timeline, as the server's own history says.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

_PIECE = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(\.partial)?")
_LINE = re.compile(r"^\s*(\d+)\s+([0-9A-F]+)/([0-9A-F]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Where a receiver must begin: files to drop, and the piece to ask for (始めるところ)."""

    drop: tuple[str, ...]
    piece: str


def read_history(text: str) -> Mapping[int, int]:
    """Read where each earlier timeline of a server ended: number to place in the log (履歴)."""
    return {int(number): int(high, 16) << 32 | int(low, 16)
            for number, high, low in _LINE.findall(text)}  # fmt: skip


def where_to_begin(
    names: Iterable[str], *, ended: Mapping[int, int], current: int, whole: int
) -> Begin | None:
    """Say where to begin after the parting; None where what is here is part of the server's own log.

    ``ended``: the server's history. ``current``: its timeline now. ``whole``: bytes of a piece.
    """
    a_file = (1 << 32) // whole
    found = {}
    for name in names:
        if match := _PIECE.fullmatch(name):
            number = int(match[2], 16) * a_file + int(match[3], 16)
            found[name] = (number, int(match[1], 16), match[4] is not None)
    if not found:
        return None
    number, timeline, begun = max(found.values())
    # Where the receiver would go on: at the piece it has begun, else after the last it has.
    goes_on = (number if begun else number + 1) * whole
    if timeline == current or goes_on <= ended.get(timeline, -1):
        return None
    # A timeline that is in no history of this server: another database, and no business of ours.
    if timeline not in ended:
        return None
    parting = ended[timeline] // whole
    began = {current: max(ended.values()), **_beginnings(ended)}
    newest = max(one for one, at in began.items() if at < (parting + 1) * whole)
    return Begin(
        drop=tuple(sorted(name for name, (at, _, _) in found.items() if at >= parting)),
        piece=f"{newest:08X}{parting // a_file:08X}{parting % a_file:08X}",
    )


def _beginnings(ended: Mapping[int, int]) -> dict[int, int]:
    """Where each timeline of the history began: where the one before it ended."""
    ordered = sorted(ended)
    return {now: ended[before] for before, now in itertools.pairwise(ordered)}


def align(spool: Path, *, url: str, whole: int) -> None:
    """Make a spool fit the server that is the primary now (時系列を合わせる)."""
    with psycopg.connect(url, autocommit=True) as line:
        row = line.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row is not None
    current = int(str(row[0])[:8], 16)
    if current == 1:
        return
    begin = where_to_begin(
        [one.name for one in spool.iterdir()], ended=read_history(_history(url, current)),
        current=current, whole=whole,
    )  # fmt: skip
    if begin is None:
        return
    for name in begin.drop:
        (spool / name).unlink()
    # An empty one that is begun: the receiver goes on from the name alone.
    (spool / f"{begin.piece}.partial").touch()


def _history(url: str, timeline: int) -> str:
    """Ask for a timeline's history, in the words of replication, which no other account may use."""
    with psycopg.connect(url, autocommit=True, replication="true") as line:
        answer = line.pgconn.exec_(f"TIMELINE_HISTORY {timeline}".encode())
        content = answer.get_value(0, 1)
    return (content or b"").decode(errors="replace")
