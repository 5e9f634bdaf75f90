"""The hunter: every place where bytes outlive a request, and every shape a secret may take there."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from madoguchi.infra import postgres

_CHUNK = 1 << 24


@cache
def shapes_of(secret: str) -> frozenset[bytes]:
    """A secret in utf-8, utf-16, hex, base64 at each of its three places, and backwards."""
    plain = secret.encode()
    found = {plain, secret.encode("utf-16-le"), secret.encode("utf-16-be"), secret[::-1].encode()}
    found |= {plain.hex().encode(), plain.hex().upper().encode()}
    for before in range(3):
        # Only the letters that no neighbour takes part in.
        whole = base64.b64encode(b"\0" * before + plain + b"\0" * 3)
        first, last = -(-before * 8 // 6), (before + len(plain)) * 8 // 6
        found |= {whole[first:last], whole[first:last].replace(b"+", b"-").replace(b"/", b"_")}
    assert all(len(shape) >= 8 for shape in found), "too short to be told from chance"
    return frozenset(found)


def hunt(data: bytes, secrets: Iterable[str]) -> set[str]:
    """Which secrets stand in these bytes, in whatever shape."""
    return {one for one in secrets if any(shape in data for shape in shapes_of(one))}


def places(
    *, home: Path, log: Path, since: float, pids: Iterable[int]
) -> Iterator[tuple[str, bytes]]:
    """Every place with its bytes: dump, data files and WAL, the house's files, log, memory."""
    yield "dump", dump()
    for path in data_files(since):
        # The tests beside this one drop tables and databases of theirs while it reads.
        with contextlib.suppress(FileNotFoundError):
            yield f"database file {path.relative_to(path.parents[2])}", path.read_bytes()
    for path in sorted(home.rglob("*")):
        if path.is_file():
            yield f"file {path.relative_to(home)}", path.read_bytes()
    yield "log", log.read_bytes()
    for pid in pids:
        for at, data in memory(pid):
            yield f"memory of {pid} at {at:x}", data


def dump() -> bytes:
    """The database as a backup would hold it: pg_dump, plain and uncompressed."""
    given = connection.settings_dict
    command = [postgres.find_binaries(None).folder / "pg_dump", "-h", given["HOST"], "-p", str(given["PORT"]),
               "-U", given["USER"], given["NAME"]]  # fmt: skip
    env = {**os.environ, "PGPASSWORD": given["PASSWORD"]}
    return subprocess.run(command, env=env, capture_output=True, check=True).stdout


def data_files(since: float) -> list[Path]:
    """Every file of the database server that was written since: tables, WAL, its own log."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    return [path for path in sorted(folder.rglob("*")) if _changed(path, since)]


def _changed(path: Path, since: float) -> bool:
    try:
        return path.is_file() and path.stat().st_mtime >= since
    except FileNotFoundError:
        return False


def family_of(pid: int) -> list[int]:
    """A process and all it started."""
    found = [pid]
    for one in found:
        tasks = Path(f"/proc/{one}/task").glob("*/children")
        found += [int(child) for path in tasks for child in path.read_text().split()]
    return found


def memory(pid: int) -> Iterator[tuple[int, bytes]]:
    """What a process holds, map by map: all that it can write to."""
    spans = re.findall(
        r"^([0-9a-f]+)-([0-9a-f]+) rw", Path(f"/proc/{pid}/maps").read_text(), re.MULTILINE
    )
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as whole:
        for first, last in ((int(a, 16), int(b, 16)) for a, b in spans):
            held = bytearray()
            for at in range(first, last, _CHUNK):
                try:
                    whole.seek(at)
                    held += whole.read(min(_CHUNK, last - at))
                except OSError:
                    break  # given back meanwhile, or not readable by anybody (vvar)
            yield first, bytes(held)


def database_url() -> str:
    """Where this test's own database is, for a server beside it."""
    given = settings.DATABASES["default"] | connection.settings_dict
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
