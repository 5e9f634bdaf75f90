"""Keep web server and worker running side by side, and end them together (見張り)."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FrameType

from madoguchi.entry import environment

PR_SET_PDEATHSIG = 1
#: A part that dies this often in a row is broken, not unlucky: stop and say so.
DEATHS_MAX = 5
#: Whoever lived this long was well; its next death is the first of a row again.
WELL_SECONDS = 60
PAUSE_SECONDS_MAX = 60
#: How a part ends that lost its database: begun anew it waits for it, so that is no death of the row.
DATABASE_AWAY = os.EX_TEMPFAIL
#: Ports whose signs whoever started this process holds for it: the demonstration of two towns.
HELD = "MADOGUCHI_HELD_PORTS"


def serve(
    *,
    host: str,
    port: int,
    web_workers: int,
    on_ready: Callable[[], None],
    beside: Mapping[str, list[str]] | None = None,
) -> int:
    """Run web server and worker until Ctrl-C or SIGTERM; restart what dies.

    ``beside`` names further commands to keep running: the demo's card agent. Children are tied
    to this process by the kernel, so that ``kill -9`` here leaves no half of the product running.
    """
    stopping = False
    # Ours alone: a database that is restored for a look would tell systemd that it is the desk.
    systemd = os.environ.pop("NOTIFY_SOCKET", "")

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    parts = [
        Part("web", _web(host, port, web_workers)),
        Part("worker", [sys.executable, "-m", "madoguchi", "worker"]),
        *(Part(name, command, needed=False) for name, command in (beside or {}).items()),
    ]
    try:
        for one in parts:
            one.begin()
        ready = False
        while not stopping:
            # However long a busy machine takes: who waits for the address is told it in the end.
            if not ready and _answers(host, port):
                ready = True
                tell_systemd("READY=1", address=systemd)
                on_ready()
            time.sleep(0.2 if ready else 0.05)
            if any(one.look() for one in parts if not stopping):
                return 1
    finally:
        tell_systemd("STOPPING=1", address=systemd)
        end([one.process for one in parts if one.process is not None])
    return 0


class Part:
    """A part that is kept running: begun anew when it dies, sooner or later (部分).

    Without the needed ones there is no desk, so one that dies over and over ends everything and says
    so. Without the others, a backup above all, the desk is right all the same: they are tried again, with longer and
    longer pauses, and the figures for the watch ring.
    """

    def __init__(self, name: str, command: list[str], *, needed: bool = True) -> None:
        self.name, self._command, self._needed = name, command, needed
        self.process: subprocess.Popen[bytes] | None = None
        self._deaths = 0
        self._begun = self._again = 0.0

    def begin(self) -> None:
        """Start it (開始)."""
        self.process, self._begun = start(self._command), time.monotonic()

    def look(self) -> bool:
        """Begin it anew if it is dead; True where it must run and cannot (見回り)."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._again:
                self.begin()
            return False
        if self.process.poll() is None:
            return False
        away = self.process.returncode == DATABASE_AWAY
        self._deaths = 0 if away else 1 if now - self._begun > WELL_SECONDS else self._deaths + 1
        if self._needed and self._deaths >= DEATHS_MAX:
            print(
                f"{self.name} が続けて止まるので、終わります。上の記録を見てください。",
                file=sys.stderr,
            )
            return True
        pause = min(PAUSE_SECONDS_MAX, 2.0 ** max(0, self._deaths - 1))
        print(f"{self.name} が止まったので、{pause:.0f} 秒後にもう一度始めます。", file=sys.stderr)
        self.process, self._again = None, now + pause
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPort:
    """A port of loopback that no other demo takes while this object lives (確保したポート)."""

    number: int
    sign: socket.socket


def hold_port(wanted: int) -> HeldPort:
    """Take the next free port on loopback and keep it until this process ends (ポートの確保).

    A town is made for half a minute before its server takes the port, and the server starts anew
    when it dies; another demo must not choose the port meanwhile. So the sign hangs beside the
    port, not on it: a name in the kernel that goes with its process, however that ends.
    """
    for port in range(wanted, wanted + 50):
        sign, probe = socket.socket(socket.AF_UNIX), socket.socket()
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            if str(port) not in os.environ.get(HELD, "").split(","):
                sign.bind(f"\0madoguchi-port-{port}")
            probe.bind(("127.0.0.1", port))
            probe.listen(1)  # beside a server that listens already, only this fails
        except OSError:
            sign.close()
            continue
        finally:
            probe.close()
        return HeldPort(number=port, sign=sign)
    raise SystemExit(
        f"ポート {wanted} から {wanted + 49} まで、空きがありません。--port で指定してください。"
    )


def die_with_parent() -> None:
    """Let the kernel end this process when the one that started it ends, even by kill -9."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _web(host: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--log-level", "warning",
        "--no-access-log", "madoguchi.entry.wsgi:application",
    ]  # fmt: skip


def start(
    command: list[str], *, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a part that ends with this process, however that ends (部分の起動)."""
    # Ctrl-C reaches the whole terminal group; children wait for our orderly SIGTERM instead.
    return subprocess.Popen(
        command,
        preexec_fn=die_with_parent,  # noqa: PLW1509  the one way to end with the parent
        start_new_session=True,
        env=environment,
    )


def _answers(host: str, port: int) -> bool:
    """Tell whether a page comes: the port is open seconds before the program behind it is read."""
    line = http.client.HTTPConnection(host, port, timeout=1)
    try:
        line.request("GET", "/health/live", headers={"Host": _own_name(host)})
        line.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
    return True


def _own_name(host: str) -> str:
    """Return a name this town answers to; by any other it would be asked and write that down as wrong."""
    first = next(iter(environment.words("MADOGUCHI_HOSTS", host)), host).lstrip(".")
    return host if first == "*" else first


def tell_systemd(word: str, *, address: str) -> None:
    """Tell systemd how we are, where it started us (sd_notify(3)): ``systemctl start`` waits for it."""
    if not address:
        return
    # Who cannot be told is told nothing; the desk opens all the same.
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line,
    ):
        line.sendto(word.encode(), address.replace("@", "\0", 1) if address[0] == "@" else address)


def end(processes: list[subprocess.Popen[bytes]], *, seconds: float = 10) -> None:
    """End parts in order; whatever is left after a while is ended by force (部分の終わり)."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + seconds
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
