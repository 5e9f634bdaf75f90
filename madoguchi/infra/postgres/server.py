"""The embedded database server: our own small starter over found binaries (内蔵データベース).

The wheels' own start code loses track of the server after a ``kill -9``; this one asks
the operating system instead. Every process that uses the server holds a shared lock on
one file; whoever leaves last stops it. The kernel drops that lock even on ``kill -9``.
Standard library only, so that it runs before Django is set up.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from madoguchi.infra.postgres.programs import (
    Account,
    Binaries,
    CannotStart,
    as_account,
    data_folder,
    find_binaries,
    reachable,
    server_account,
    version_of,
)

DATABASE = "madoguchi"
OWNER = "madoguchi"
START_SECONDS_MAX = 60
#: A free port that is taken before the server has it is rare; thrice in a row has another cause.
PORTS_MAX = 3


class _PortTaken(CannotStart):
    """Somebody took the port between our look and the server's: another will do."""


class Server:
    """A running server that this process uses; ``leave`` when done."""

    def __init__(self, *, url: str, data: Path, lock: IO[str], started_here: bool) -> None:
        self.url = url
        self.data = data
        self.started_here = started_here
        self._lock = lock

    def leave(self) -> bool:
        """Stop using the server; stop it when nobody else uses it. True if it was stopped."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            return False
        try:
            stop_server(self.data)
            return True
        finally:
            self._lock.close()


def use(home: Path) -> Server:
    """Start the server of this data folder, or join the one already running.

    Two calls at the same moment start one server; committed rows outlive ``kill -9``.
    Raises ``CannotStart`` with cause and remedy.
    """
    home.mkdir(parents=True, exist_ok=True)
    account = server_account()
    data = data_folder(home, account)
    with contextlib.ExitStack() as unless_it_works, _starting(home):
        if _is_left_behind(home, data):
            _put_away(data)
            data = data_folder(home, account)
        lock = unless_it_works.enter_context((home / "postgres.in-use").open("a+"))
        fcntl.flock(lock, fcntl.LOCK_SH)
        binaries = reachable(find_binaries(version_of(data)), account)
        if not (data / "PG_VERSION").exists():
            _initialise(binaries, data, account)
            _remember(home, data)
        secret = json.loads((data.parent / f"{data.name}.json").read_text())
        port = _running_port(data)
        started = port is None
        if port is None:
            port = start_server(binaries, data, account)
        url = f"postgresql://{OWNER}:{secret['password']}@127.0.0.1:{port}/{DATABASE}"
        if started:
            _create_database(url)
        unless_it_works.pop_all()  # from here on ``Server`` owns the lock
    return Server(url=url, data=data, lock=lock, started_here=started)


# -- making and starting ---------------------------------------------------------------


@contextlib.contextmanager
def _starting(home: Path) -> Iterator[None]:
    with (home / "postgres.starting").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remember(home: Path, data: Path) -> None:
    """Let data that lies aside and its home know each other: whoever deletes one means both."""
    if data.parent != home.resolve():
        mark = secrets.token_hex(8)
        (data.parent / "home").write_text(mark)
        (home / "postgres.aside").write_text(mark)


def _is_left_behind(home: Path, data: Path) -> bool:
    """Tell whether data lies aside whose home was deleted since; what was restored has no mark."""
    theirs, ours = data.parent / "home", home / "postgres.aside"
    if data.parent == home.resolve() or not theirs.exists():
        return False
    return not ours.exists() or ours.read_text() != theirs.read_text()


def _put_away(data: Path) -> None:
    """Keep it under another name: a new town has new keys and new cards, and cannot use it."""
    stop_server(data)
    aside = data.parent
    aside.rename(aside.with_name(f"{aside.name}.left-{time.time():.0f}"))


def _initialise(binaries: Binaries, data: Path, account: Account) -> None:
    """Make a new cluster beside its final place, so that a cut leaves none half-made."""
    password = secrets.token_urlsafe(24)
    made = data.with_name(f"{data.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o700)
    # initdb reads the password after dropping root, so it must be a file of that account.
    with tempfile.NamedTemporaryFile("w", dir=made.parent) as file:
        file.write(password)
        file.flush()
        if os.getuid() == 0:
            os.chown(made, account.uid, account.gid)
            os.chown(file.name, account.uid, account.gid)
        command = [
            str(binaries.folder / "initdb"), "-D", str(made), "-U", OWNER, "-E", "UTF8",
            # Trigram and case rules need a UTF-8 character type; with plain C, Japanese has none.
            "--locale=C.UTF-8", "--data-checksums", "--auth=scram-sha-256",
            f"--pwfile={file.name}",
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, **as_account(account)
        )
    if done.returncode != 0:
        raise CannotStart(f"データベースを作れませんでした。{done.stderr.strip()[-600:]}")
    secret = data.parent / f"{data.name}.json"
    secret.unlink(missing_ok=True)
    handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump({"password": password}, out)
    made.rename(data)


# A failing statement holds names and addresses, and so does the detail of a broken constraint.
# The program that sent it is told all the same.
_NO_VALUES_IN_ITS_LOG = (
    "-c", "log_min_messages=log", "-c", "log_min_error_statement=panic",
    "-c", "log_error_verbosity=terse",
)  # fmt: skip


def start_server(
    binaries: Binaries, data: Path, account: Account, *, seconds: float = START_SECONDS_MAX
) -> int:
    """Start the server of a data folder and return its port once it answers (起動).

    A restored folder first reads the log it was given, which may take longer than ``seconds`` of
    an ordinary start.
    """
    _clear_remains(data)
    for _ in range(PORTS_MAX - 1):
        with contextlib.suppress(_PortTaken):
            return _start_on(_free_port(), binaries, data, account, seconds=seconds)
    return _start_on(_free_port(), binaries, data, account, seconds=seconds)


def _start_on(
    port: int, binaries: Binaries, data: Path, account: Account, *, seconds: float
) -> int:
    command = [
        str(binaries.folder / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port),
        "-c", "unix_socket_directories=", "-c", "max_connections=120",
        "-c", "shared_buffers=256MB", "-c", "maintenance_work_mem=256MB", "-c", "work_mem=16MB",
        "-c", "effective_cache_size=2GB", "-c", "max_wal_size=2GB", "-c", "random_page_cost=1.1",
        "-c", "jit=off", "-c", "timezone=Asia/Tokyo", *_NO_VALUES_IN_ITS_LOG,
    ]  # fmt: skip
    with (data.parent / "postgres.log").open("ab") as log:
        before = log.tell()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, **as_account(account),
        )  # fmt: skip
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            said = (data.parent / "postgres.log").read_bytes()[before:].decode(errors="replace")
            kind = _PortTaken if "Address already in use" in said else CannotStart
            raise kind(f"データベースが起動しません。{said[-600:].strip()}")
        if _running_port(data) == port:
            process.returncode = 0  # it outlives us on purpose; nobody waits for it here
            return port
        time.sleep(0.02)
    raise CannotStart(
        "データベースが時間内に起動しませんでした。ディスクの空きと負荷を見てください。"
    )


def _create_database(url: str) -> None:
    import psycopg

    server = url.rsplit("/", 1)[0] + "/postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        row = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        if row is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


# -- what is running -------------------------------------------------------------------


def _postmaster(data: Path) -> tuple[int, int] | None:
    """Return (process, port) of the live postmaster of this folder, asking the kernel."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid, port = int(lines[0]), int(lines[3])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return (pid, port) if _is_ours(pid, data) else None


def _is_ours(pid: int, data: Path) -> bool:
    """Tell whether ``pid`` is a server process of this folder (not a zombie, not another's)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return state != "Z" and Path(f"/proc/{pid}/cwd").readlink() == data
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return False


def _running_port(data: Path) -> int | None:
    found = _postmaster(data)
    if found is None:
        return None
    # A server that ends meanwhile takes its file away.
    with contextlib.suppress(FileNotFoundError), (data / "postmaster.pid").open() as file:
        if any(line.strip() == "ready" for line in file):
            return _if_it_answers(found[1])
    return None


def _if_it_answers(port: int) -> int | None:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return port
    return None


def _clear_remains(data: Path) -> None:
    """After ``kill -9`` of the postmaster: end its orphans, drop the stale pid file."""
    if _postmaster(data) is not None:
        # Alive but not ready yet (crash recovery): let it come up.
        until = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < until and _postmaster(data) is not None:
            if _running_port(data) is not None:
                return
            time.sleep(0.05)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _is_ours(int(entry.name), data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(entry.name), signal.SIGQUIT)
    until = time.monotonic() + 10
    while time.monotonic() < until and any(
        entry.name.isdigit() and _is_ours(int(entry.name), data)
        for entry in Path("/proc").iterdir()
    ):
        time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)


def stop_server(data: Path) -> None:
    """Stop the server of a data folder, if it runs (停止)."""
    found = _postmaster(data)
    if found is None:
        return
    os.kill(found[0], signal.SIGINT)
    until = time.monotonic() + 30
    while time.monotonic() < until and _is_ours(found[0], data):
        with contextlib.suppress(ChildProcessError):
            os.waitpid(found[0], os.WNOHANG)
        time.sleep(0.02)
