"""Take a base and follow the log (バックアップを取る).

The log is fetched through a slot, so the server keeps what nobody has fetched yet. One process
follows it (``Follower``); where none does, taking a base fetches what it needs itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from madoguchi.infra.backup.counting import count_at_rest
from madoguchi.infra.backup.place import BASE, FILES, Manifest, Place, new_id
from madoguchi.infra.backup.sealing import Sealer
from madoguchi.infra.backup.server import SLOT, Failed, Tools, clear_torn, seal_log
from madoguchi.infra.backup.timelines import align

#: A piece of the log is closed this often, if anything was written: what a lost disk may cost.
CLOSE_SECONDS = 60
LOG_SECONDS_MAX = 300
BASE_SECONDS_MAX = 4 * 3600
SLOT_SECONDS_MAX = 30
#: Of the data folder: not the database itself, nor what is made anew (papers not yet handed over).
_NOT_FILES = ("postgres", "backup-", "migrated", "papers", "town")


def take_base(tools: Tools, place: Place, *, key: bytes, home: Path, now: datetime) -> Manifest:
    """Take a whole base, count the database, seal both; return what was sealed (ベースを取る).

    Raises ``Failed`` with what the server's tools said, ``NeverQuiet``; a base that was cut has no
    manifest and is none.
    """
    place.make()
    tools.keep_log()
    base_id = new_id(now)
    folder = place.base(base_id)
    folder.mkdir(mode=0o700)
    first = tools.ask("SELECT pg_walfile_name(pg_current_wal_lsn())")
    with Sealer(folder / BASE, key=key) as base:
        _pour_base(tools, base)
    with Sealer(folder / FILES, key=key) as files:
        _pour_files(home, files)
    counted = count_at_rest(tools.url)
    fetch_until(tools, place, tools.close_segment(), key=key, spool=home / "backup-spool")
    _, _, user, password, database = tools.parts
    manifest = Manifest(
        base_id=base_id, taken_at=now.isoformat(), server=tools.ask("SHOW server_version_num"),
        user=user, password=password, database=database, first_segment=first, lsn=counted.lsn,
        tables=counted.tables, sums={BASE: base.sha256, FILES: files.sha256},
        sizes={BASE: base.size, FILES: files.size},
    )  # fmt: skip
    place.write_manifest(manifest, key=key)
    return manifest


def _pour_base(tools: Tools, out: Sealer) -> None:
    """Every page is checked against its sum as the server reads it; a bad one ends the base."""
    process = tools.start(
        "pg_basebackup", "-D", "-", "-F", "tar", "-X", "fetch", "--checkpoint=fast",
        "--no-manifest", "--label=madoguchi", output=subprocess.PIPE,
    )  # fmt: skip
    source = cast(IO[bytes], process.stdout)
    until = time.monotonic() + BASE_SECONDS_MAX
    while data := source.read(1 << 20):
        out.write(data)
        if time.monotonic() > until:
            process.kill()
    _, said = process.communicate()
    if process.returncode != 0:
        raise Failed(f"pg_basebackup: {said.decode(errors='replace').strip()[-300:]}")


def _pour_files(home: Path, out: Sealer) -> None:
    """Keys and papers of the data folder: the database without its keys opens no number."""
    with tarfile.open(fileobj=cast(IO[bytes], out), mode="w|") as tar:
        for path in sorted(home.rglob("*")):
            name = path.relative_to(home)
            if name.parts[0].startswith(_NOT_FILES) or not path.is_file() or path.is_symlink():
                continue
            with contextlib.suppress(FileNotFoundError):  # gone meanwhile
                tar.add(path, arcname=str(name), recursive=False)


# -- the log -----------------------------------------------------------------------------------


def fetch_until(tools: Tools, place: Place, segment: str, *, key: bytes, spool: Path) -> None:
    """Wait until a piece of the log lies sealed in the place, fetching it if nobody else does."""
    until = time.monotonic() + LOG_SECONDS_MAX
    sealed = place.log / f"{segment}.sealed"
    with following(spool) as ours:
        receiver = _Receiver(tools, spool) if ours else None
        try:
            while not sealed.exists():
                if time.monotonic() > until:
                    raise Failed(f"pg_receivewal: {segment} did not come in {LOG_SECONDS_MAX} s")
                time.sleep(0.1)
                if receiver is not None:
                    receiver.look()
                    seal_log(spool, place, key=key)
        finally:
            if receiver is not None:
                receiver.end()


def follow(
    tools: Tools, place: Place, *, key: bytes, spool: Path, stopping: Callable[[], bool],
    close_seconds: float = CLOSE_SECONDS, each_round: Callable[[], None] = lambda: None,
) -> None:  # fmt: skip
    """Fetch and seal the log until told to stop; ``Failed`` where another follows already (追う)."""
    place.make()
    tools.keep_log()
    with following(spool) as ours:
        if not ours:
            raise Failed("another process follows the log of this data folder")
        receiver, closed, at = _Receiver(tools, spool), time.monotonic(), ""
        try:
            while not stopping():
                receiver.look()
                seal_log(spool, place, key=key)
                if time.monotonic() - closed >= close_seconds:
                    closed = time.monotonic()
                    now = tools.ask("SELECT pg_current_wal_insert_lsn()")
                    if now != at:
                        tools.close_segment()
                        at = tools.ask("SELECT pg_current_wal_insert_lsn()")
                each_round()
                time.sleep(0.2)
        finally:
            receiver.end()


@contextlib.contextmanager
def following(spool: Path) -> Iterator[bool]:
    """Hold the right to follow; False where another process has it, by the kernel's word (権利)."""
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (spool.parent / "backup-following").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


class _Receiver:
    """The server's own receiver of the log, started anew while its place is not free yet."""

    def __init__(self, tools: Tools, spool: Path) -> None:
        self._tools, self._spool = tools, spool
        self._since = time.monotonic()
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        whole = self._tools.segment_bytes
        clear_torn(self._spool, whole=whole)
        align(self._spool, url=self._tools.url, whole=whole)
        words = ("-D", str(self._spool), "-S", SLOT, "--no-loop", "--status-interval=1")
        return self._tools.start("pg_receivewal", *words)

    def look(self) -> None:
        """Raise ``Failed`` with what it said, should it have ended."""
        if self._process.poll() is None:
            return
        _, said = self._process.communicate()
        # The server lets go of the one before a moment after it ended.
        if b"is active for PID" in said and time.monotonic() - self._since < SLOT_SECONDS_MAX:
            time.sleep(0.1)
            self._process = self._start()
            return
        raise Failed(f"pg_receivewal: {said.decode(errors='replace').strip()[-300:]}")

    def end(self) -> None:
        """End it; what it has not written whole it fetches again next time."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.communicate()
