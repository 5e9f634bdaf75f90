"""The server's own tools, with its address in the environment and never among their words (道具)."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

from madoguchi.infra.backup.place import Place
from madoguchi.infra.backup.sealing import Sealer

SLOT = "madoguchi_backup"


class Failed(Exception):
    """A tool of the server failed; the message is what it said (失敗)."""


@dataclass(frozen=True, slots=True)
class Tools:
    """A database and the programs of its version (道具)."""

    url: str
    folder: Path

    @property
    def parts(self) -> tuple[str, int, str, str, str]:
        """Host, port, user, password, database (接続先)."""
        at = urlsplit(self.url)
        return (
            at.hostname or "127.0.0.1", at.port or 5432, unquote(at.username or ""),
            unquote(at.password or ""), at.path.lstrip("/"),
        )  # fmt: skip

    def start(
        self, program: str, *words: str, output: int | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program of the server; what it says of itself is kept (起動)."""
        host, port, user, password, _ = self.parts
        # What the address asks of the line holds for the tools too.
        more = {f"PG{name.upper()}": value for name, value in parse_qsl(urlsplit(self.url).query)
                if name.startswith("ssl")}  # fmt: skip
        environment = {
            **os.environ, **more, "PGHOST": host, "PGPORT": f"{port}", "PGUSER": user,
            "PGPASSWORD": password, "PGAPPNAME": "madoguchi backup", "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        return subprocess.Popen(
            [str(self.folder / program), "--no-password", *words], env=environment,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, question: LiteralString, *given: str) -> str:
        """Ask the database one thing (照会)."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(question, given or None).fetchone()
        assert row is not None
        return str(row[0])

    def keep_log(self) -> None:
        """Let the server keep its log until it is fetched (ログを取っておく)."""
        known = self.ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name = %s", SLOT)
        if known == "0":
            self.ask("SELECT pg_create_physical_replication_slot(%s, true)", SLOT)

    @property
    def segment_bytes(self) -> int:
        """The size of a whole piece of the log (ログ1片の大きさ)."""
        return int(self.ask("SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'"))

    def close_segment(self) -> str:
        """Close the running piece of the log; return the name of the piece closed (区切り)."""
        closed = self.ask("SELECT pg_walfile_name(pg_switch_wal())")
        # A first word in the next piece, so that the end of the closed one is sent.
        self.ask("SELECT pg_logical_emit_message(false, 'madoguchi', 'backup')")
        return closed


def clear_torn(spool: Path, *, whole: int) -> None:
    """Drop a begun piece that was cut while room was made for it (途中で切れた片の始末).

    The receiver wants it whole or not there, and would stop at it for good: after ``kill -9`` or a full
    disk. The server was never told that anything of it is here, so it sends the piece again.
    """
    for path in spool.glob("*.partial"):
        if path.stat().st_size not in (0, whole):
            path.unlink()


def seal_log(spool: Path, place: Place, *, key: bytes) -> tuple[str, ...]:
    """Seal what has arrived whole, and drop it from the spool but for the newest (ログの封印).

    Side by side, for packing is what takes the time; the newest last, so that where it lies all before it lie.
    """
    whole = sorted(p for p in spool.iterdir() if p.is_file() and "." not in p.name)
    wanted = [*sorted(spool.glob("*.history")), *whole]
    todo = [path for path in wanted if not (place.log / f"{path.name}.sealed").exists()]
    with ThreadPoolExecutor(os.cpu_count() or 1) as together:
        for _ in together.map(lambda path: _seal(path, place, key=key), todo[:-1]):
            pass
    for path in todo[-1:]:
        _seal(path, place, key=key)
    # The newest one stays: from it the receiver knows where to go on.
    for path in whole[:-1]:
        path.unlink()
    return tuple(path.name for path in todo)


def _seal(path: Path, place: Place, *, key: bytes) -> None:
    with path.open("rb") as source, Sealer(place.log / f"{path.name}.sealed", key=key) as out:
        while data := source.read(1 << 20):
            out.write(data)
