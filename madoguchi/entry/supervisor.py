"""Keep web server and worker running side by side, and end them together (見張り)."""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from types import FrameType

PR_SET_PDEATHSIG = 1
#: A part that dies this often in a row is broken, not unlucky: stop and say so.
DEATHS_MAX = 5
#: So long one question waits before the parts are looked after again, and it is asked anew.
ANSWER_SECONDS_MAX = 1.0


def serve(
    *,
    host: str,
    port: int,
    web_workers: int,
    on_ready: Callable[[], None],
    beside: Mapping[str, list[str]] | None = None,
) -> int:
    """Run web server and worker until Ctrl-C or SIGTERM; restart either when it dies.

    ``beside`` names further commands to keep running: the demo's card agent. Children are tied
    to this process by the kernel, so that ``kill -9`` here leaves no half of the product running.
    """
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    commands = {
        "web": _web(host, port, web_workers),
        "worker": [sys.executable, "-m", "madoguchi", "worker"],
        **(beside or {}),
    }
    running = {name: _start(command) for name, command in commands.items()}
    deaths = dict.fromkeys(commands, 0)
    try:
        ready = False
        while not stopping:
            # However long a busy machine takes: who waits for the address is told it in the end.
            if not ready and _answers(host, port):
                ready = True
                on_ready()
            time.sleep(0.2 if ready else 0.05)
            for name, process in running.items():
                if process.poll() is not None and not stopping:
                    deaths[name] += 1
                    if deaths[name] >= DEATHS_MAX:
                        print(
                            f"{name} が続けて止まるので、終わります。上の記録を見てください。",
                            file=sys.stderr,
                        )
                        return 1
                    print(f"{name} が止まったので、もう一度始めます。", file=sys.stderr)
                    time.sleep(1)
                    running[name] = _start(commands[name])
    finally:
        _end(list(running.values()))
    return 0


def hold_port(wanted: int) -> socket.socket:
    """Take the next free port on loopback and keep it until the socket is closed (ポートの確保).

    A town is made for half a minute before it is served; another start of the same minute must
    not choose the same port meanwhile. It listens, so that nobody can bind beside it, and so that
    a port whose last server has just ended is taken again.
    """
    for port in range(wanted, wanted + 50):
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
            one.listen(1)
        except OSError:
            one.close()
            continue
        return one
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


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # Ctrl-C reaches the whole terminal group; children wait for our orderly SIGTERM instead.
    return subprocess.Popen(command, preexec_fn=die_with_parent, start_new_session=True)  # noqa: PLW1509


def _answers(host: str, port: int) -> bool:
    """Tell whether a page is answered: the server takes connections seconds before it can."""
    line = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS_MAX)
    try:
        line.request("HEAD", "/")
        line.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
    return True


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + 10
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
