"""Restore a base and the log after it, into a scratch place or a new home (戻す)."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, cast
from urllib.parse import quote

import psycopg

from madoguchi.infra import postgres
from madoguchi.infra.backup.counting import Counted, count_restored
from madoguchi.infra.backup.place import BASE, FILES, Manifest, Place
from madoguchi.infra.backup.sealing import Damaged, unsealed

RECOVERY_SECONDS_MAX = 3600


class LogTooShort(Exception):
    """The log in the place ends before the moment that was asked for (ログの不足)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A restored server, running (戻したサーバー)."""

    url: str
    data: Path
    manifest: Manifest
    seconds: float

    def count(self) -> Counted:
        """Count what was restored (件数)."""
        return count_restored(self.url)


@contextlib.contextmanager
def restored(
    place: Place, base_id: str, *, key: bytes, home: Path, until: datetime | None = None,
    newest: bool = False,
) -> Iterator[Restored]:  # fmt: skip
    """Restore into an empty ``home`` and run it as long as the block lasts (復元).

    Up to the moment that was counted; or to ``until``; or, ``newest``, to the end of the log.
    ``Damaged`` where anything is not what was sealed; the folder is then left to the caller.
    """
    began = time.monotonic()
    manifest = place.read_manifest(base_id, key=key)
    account = postgres.server_account()
    data = postgres.data_folder(home, account)
    if data.exists() or data.with_name(f"{data.name}.json").exists():
        raise FileExistsError(data)
    binaries = postgres.reachable(postgres.find_binaries(int(manifest.server) // 10_000), account)
    data.mkdir(mode=0o700, parents=True)
    log = data.with_name("restored-log")
    log.mkdir(mode=0o700)
    try:
        _pour(place.base(base_id) / BASE, into=data, key=key)
        _unseal_log(place, manifest.first_segment, into=log, key=key)
        _give_settings(data)
        _say_how_far(data, log, manifest, until=until, newest=newest)
        _give(account, data, log)
        with _told_why(data):
            port = postgres.start_server(binaries, data, account, seconds=RECOVERY_SECONDS_MAX)
        _write_secret(data, manifest.password)
        url = (
            f"postgresql://{quote(manifest.user)}:{quote(manifest.password, safe='')}"
            f"@127.0.0.1:{port}/{manifest.database}?sslmode=disable"
        )
        with _told_why(data):
            _wait_for_the_end(url, until=began + RECOVERY_SECONDS_MAX)
        yield Restored(url=url, data=data, manifest=manifest, seconds=time.monotonic() - began)
    finally:
        postgres.stop_server(data)
        shutil.rmtree(log, ignore_errors=True)


@contextlib.contextmanager
def _told_why(data: Path) -> Iterator[None]:
    """A server that does not get to the moment asked for ends itself, and only its log says why."""
    try:
        yield
    except (postgres.CannotStart, psycopg.Error):
        log = (data.parent / "postgres.log").read_text(encoding="utf-8", errors="replace")
        if "recovery ended before configured recovery target" in log:
            raise LogTooShort from None
        raise


def _wait_for_the_end(url: str, *, until: float) -> None:
    """A server that still reads its log answers too, as of then; wait until it has read all."""
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
            if row == (False,):
                return
            if time.monotonic() > until:
                raise TimeoutError(f"recovery: {RECOVERY_SECONDS_MAX} s")
            time.sleep(0.05)


def restore_files(place: Place, base_id: str, *, key: bytes, home: Path) -> None:
    """Put the data folder's own files back: keys, papers (ファイルを戻す)."""
    _pour(place.base(base_id) / FILES, into=home, key=key)


def _pour(path: Path, *, into: Path, key: bytes) -> None:
    """Unpack a sealed archive; it is read to its end, so nothing of it goes unchecked."""
    source = _Reading(unsealed(path, key=key))
    try:
        with tarfile.open(fileobj=cast(IO[bytes], source), mode="r|", bufsize=1 << 20) as tar:
            for member in tar:
                _unpack(tar, member, into)
    except tarfile.TarError as error:
        raise Damaged(f"{path.name}: {type(error).__name__}") from None
    while source.read(1 << 20):
        pass


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    """Write one member: files and folders only, below ``into``, for this account alone.

    By hand, because the Python of Debian 12 does not know the filters of ``extractall`` yet.
    """
    name = Path(member.name)
    if name.is_absolute() or ".." in name.parts:
        raise Damaged(f"{member.name}: a name that leads out of the folder")
    path = into / name
    if member.isdir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    source = tar.extractfile(member)
    if source is None:
        raise Damaged(f"{member.name}: neither file nor folder")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)


class _Reading(io.RawIOBase):
    """What is yielded piece by piece, read as a file is."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        # Grown in place: pieces may be small, and a text put together anew each time costs its square.
        self._rest = bytearray()

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece
        size = len(self._rest) if size < 0 else size
        taken = bytes(self._rest[:size])
        del self._rest[:size]
        return taken


def _unseal_log(place: Place, first: str, *, into: Path, key: bytes) -> None:
    for name in place.segments(since=first):
        with (into / name).open("wb") as out:
            for data in unsealed(place.log / f"{name}.sealed", key=key):
                out.write(data)


def _give_settings(data: Path) -> None:
    """A restored server stands alone on this machine: the settings it had were of another one.

    Debian keeps them away from the data; Patroni keeps them in it, with paths of its node, and with the
    name of a standby that each commit would wait for. What we set ourselves is said at each start.
    """
    for name, text in (
        ("postgresql.conf", "wal_level = replica\n"),
        ("postgresql.auto.conf", ""),
        ("pg_hba.conf", "host all all 127.0.0.1/32 scram-sha-256\n"
                        "host replication all 127.0.0.1/32 scram-sha-256\n"),
        ("pg_ident.conf", ""),
    ):  # fmt: skip
        (data / name).write_text(text, encoding="utf-8")


def _say_how_far(
    data: Path, log: Path, manifest: Manifest, *, until: datetime | None, newest: bool
) -> None:
    settings = [f'restore_command = \'cp "{log}/%f" "%p"\'', "recovery_target_action = 'promote'"]
    if until is not None:
        settings.append(f"recovery_target_time = '{until.isoformat()}'")
    elif not newest:
        settings.append(f"recovery_target_lsn = '{manifest.lsn}'")
    # Read only while ``recovery.signal`` lies there, which the server takes away when it is done.
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as out:
        out.write("\n".join(["", *settings, ""]))
    (data / "recovery.signal").touch()


def _give(account: postgres.Account, *folders: Path) -> None:
    if os.getuid() != 0:
        return
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            os.lchown(path, account.uid, account.gid)


def _write_secret(data: Path, password: str) -> None:
    secret = data.with_name(f"{data.name}.json")
    handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump({"password": password}, out)


def differences(before: Counted, after: Counted) -> tuple[str, ...]:
    """Name the tables that are not the same (ちがう表)."""
    names = sorted({*before.tables, *after.tables})
    return tuple(one for one in names if before.tables.get(one) != after.tables.get(one))
