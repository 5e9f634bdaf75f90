"""Backups: what a lost machine costs, measured by losing it (バックアップの計測).

A town is followed while rows are written ten a second; then server and follower are killed in one
blow (``kill -9``), the data folder is put away, and the town is restored from the place alone. RPO: from the
newest row that came back to the kill. RTO: from the command to a town that answers and whose
record is whole. Peer: ``pg_dump`` and ``pg_restore`` of the same town, which take no log.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from bench.measure import peer, promise
from madoguchi.infra import postgres

TOWN, MILLION = 7_971, 1_000_000
RPO_SECONDS, RTO_SECONDS = 300, 900
WRITING_SECONDS = 150
PLACES_TRIED = 200


def run(full: bool) -> dict[str, Any]:
    """Measure at the size of the town; with ``full`` at a million residents too."""
    whole: dict[str, Any] = {"promises": [], "peers": [], "notes": []}
    for residents in (TOWN, MILLION) if full else (TOWN,):
        part = _measure(residents)
        for name in whole:
            whole[name] += part[name]
    return whole


def _measure(residents: int) -> dict[str, Any]:
    # Not below our own folder: the database's account must be able to walk there.
    root = Path(tempfile.mkdtemp(prefix="madoguchi-bench-backup-"))
    root.chmod(0o755)
    try:
        return _measured(root, residents)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _measured(root: Path, residents: int) -> dict[str, Any]:
    home, place, key = root / "home", root / "place", root / "key"
    _fill(home, residents)
    words = ("--to", str(place), "--key", str(key))
    _madoguchi(home, "backup", "key", "--out", str(key))
    taken = _madoguchi(home, "backup", "now", *words)
    proved = _madoguchi(home, "backup", "verify", *words)
    found = _damage(home, place, taken["base"], words)
    dumped, restored_dump = _peer(home, root)
    lost, rows = _lose(home, words)
    shutil.rmtree(home)
    restored = _madoguchi(root / "new", "backup", "restore", *words, "--into", str(root / "new"))
    came_back = _written(root / "new")
    size = f"{residents:,} residents"
    return {
        "promises": [
            promise(f"{size}: rows lost to the newest that came back (RPO)", lost - came_back, "s",
                    at_most=RPO_SECONDS),
            promise(f"{size}: from the command to a whole town (RTO)", restored["seconds"], "s",
                    at_most=RTO_SECONDS),
            promise(f"{size}: restored equal to what was counted", float(proved["intact"]), "",
                    at_least=1),
            promise(f"{size}: damaged backups found, of {PLACES_TRIED}", found, "",
                    at_least=PLACES_TRIED),
        ],
        "peers": [
            peer(f"pg_dump, {size}, s (no log, not sealed)", _version(), dumped,
                 taken["seconds"] / dumped),
            peer(f"pg_restore, {size}, s (to the dump alone)", _version(), restored_dump,
                 restored["seconds"] / restored_dump),
        ],
        "notes": [
            f"{size}: {taken['rows']:,} rows, base taken in {taken['seconds']:.1f} s, "
            f"{taken['bytes'] / 1e6:.1f} MB sealed; proved in {proved['seconds']:.1f} s; "
            f"{rows:,} rows were written before the kill.",
        ],
    }  # fmt: skip


def _fill(home: Path, residents: int) -> None:
    """Make the town as the search's bench does, in a process that leaves it.

    Where ``bench search`` left one of this size on the machine, its stopped folder is copied.
    """
    environment = _environment(home)
    kept = Path(os.environ["MADOGUCHI_HOME"]) / f"search-{residents}"
    if (kept / "loaded.json").exists() and not (kept / "postgres" / "postmaster.pid").exists():
        # As it lies, owners and all: the database's account must find its files its own.
        subprocess.run(["cp", "-a", f"{kept}/.", home], check=True)
    subprocess.run(
        [sys.executable, "-c",
         f"from bench.search import _town; _town({residents})"],
        env=environment, cwd=Path(__file__).parents[1], check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MADOGUCHI_DATABASE")}
    home.mkdir(mode=0o755, parents=True, exist_ok=True)
    return {**kept, "MADOGUCHI_HOME": str(home), "MADOGUCHI_DEMO": "1"}


def _madoguchi(home: Path, *words: str, fails: bool = False) -> dict[str, Any]:
    environment = _environment(home)
    if words[1] == "restore":
        home.rmdir()  # it is to be restored into nothing
    done = subprocess.run(
        [sys.executable, "-m", "madoguchi", *words, "--json"], env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode != 0) is fails, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _damage(home: Path, place: Path, base: str, words: tuple[str, ...]) -> int:
    """Turn one bit at as many places of the base's files, and count how often reading says so."""
    from madoguchi.infra.backup.sealing import Damaged, read_key, unsealed

    del home, words
    key = read_key(place.parent / "key")
    files = sorted((place / "base" / base).glob("*.sealed"))
    files += sorted((place / "log").glob("*.sealed"))
    found = 0
    for number in range(PLACES_TRIED):
        path = files[number % len(files)]
        at = path.stat().st_size * (number * 7919 % 10_007) // 10_007
        with path.open("r+b") as file:
            file.seek(at)
            (byte,) = file.read(1)
            file.seek(at)
            file.write(bytes([byte ^ 1 << number % 8]))
        try:
            for _ in unsealed(path, key=key):
                pass
        except Damaged:
            found += 1
        finally:
            with path.open("r+b") as file:
                file.seek(at)
                file.write(bytes([byte]))
    return found


def _lose(home: Path, words: tuple[str, ...]) -> tuple[float, int]:
    """Write while a follower follows, then kill everything; return when, and how many rows."""
    server = postgres.use(home)
    follower = subprocess.Popen(
        [sys.executable, "-m", "madoguchi", "backup", "follow", "--at", "99:99", *words],
        env=_environment(home), stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    rows = 0
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_written (n int, at double precision)")
        until = time.monotonic() + WRITING_SECONDS
        while time.monotonic() < until:
            connection.execute("INSERT INTO bench_written VALUES (%s, %s)", [rows, time.time()])
            rows += 1
            time.sleep(0.1)
    assert follower.poll() is None, "the follower ended by itself"
    killed = time.time()
    os.killpg(follower.pid, signal.SIGKILL)
    postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    time.sleep(2)
    return killed, rows


def _written(home: Path) -> float:
    server = postgres.use(home)
    with psycopg.connect(server.url) as connection:
        row = connection.execute("SELECT max(at) FROM bench_written").fetchone()
    server.leave()
    assert row is not None
    return float(row[0])


def _peer(home: Path, root: Path) -> tuple[float, float]:
    """Dump and restore the same town with the server's own tools."""
    server = postgres.use(home)
    tools = postgres.find_binaries(int((server.data / "PG_VERSION").read_text())).folder
    dump = root / "peer.dump"
    began = time.perf_counter()
    subprocess.run([tools / "pg_dump", "-Fc", "-f", dump, server.url], check=True)
    dumped = time.perf_counter() - began
    url = server.url.rsplit("/", 1)[0]
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE peer")
    began = time.perf_counter()
    subprocess.run(
        [tools / "pg_restore", "--no-owner", "-j2", "-d", f"{url}/peer", dump], check=True
    )
    restored = time.perf_counter() - began
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE peer")
    server.leave()
    dump.unlink()
    return dumped, restored


def _version() -> str:
    return f"PostgreSQL {postgres.find_binaries(None).version}"
