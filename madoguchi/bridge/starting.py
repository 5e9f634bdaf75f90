"""The start of the agent (起動): what it refuses, and the threads it runs."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from madoguchi.bridge import clock
from madoguchi.bridge.agent import Agent
from madoguchi.bridge.emulator.guard import check_emulation
from madoguchi.bridge.emulator.making import renew_list
from madoguchi.bridge.proof import is_origin
from madoguchi.bridge.readers import PcscReaders, Readers, TrayReaders
from madoguchi.bridge.server import LOOPBACK, Desk, Server, log
from madoguchi.bridge.tray import Tray
from madoguchi.bridge.trouble import Trouble, problem
from madoguchi.kernel.outcome import Problem, Refused


def check_start(
    *, bind: str, origins: Sequence[str], emulated: Path | None, environment: dict[str, str]
) -> tuple[Problem, ...]:
    """Return every reason not to start (起動の可否)."""
    found: list[Problem] = []
    if bind not in LOOPBACK:
        found.append(problem(Trouble.NOT_LOOPBACK, bind))
    found += [problem(Trouble.NOT_AN_ORIGIN, one) for one in origins if not is_origin(one)]
    if emulated is not None:
        found += check_emulation(environment=environment, origins=origins)
        if not (emulated / "cards").is_dir():
            found.append(problem(Trouble.NO_CARDS, str(emulated)))
    return tuple(found)


def serve(
    *, bind: str, port: int, origins: Sequence[str], emulated: Path | None, reader: str | None
) -> int:
    """Run the agent until it is asked to end (仲立ちの起動)."""
    found = check_start(bind=bind, origins=origins, emulated=emulated, environment=dict(os.environ))
    if found:
        raise Refused(found)
    server = Server(bind=bind, port=port)
    ended = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: ended.set())
    stop = start(server, origins=origins, emulated=emulated, reader=reader)
    log(f"ready {server.own_origin}{' (見本・架空のカード)' if emulated else ''}")
    ended.wait()
    stop()
    return 0


def start(
    server: Server, *, origins: Sequence[str], emulated: Path | None, reader: str | None = None
) -> _Stop:
    """Start watching and serving in threads; returns what stops them (開始)."""
    readers, tray = _readers(emulated, reader)
    agent = Agent(readers=readers, origins=frozenset(origins))
    server.desk = Desk(agent=agent, tray=tray, own_origin=server.own_origin)
    stopped = threading.Event()
    threads = [
        threading.Thread(target=agent.watch, args=(stopped,), daemon=True),
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True),
    ]
    for thread in threads:
        thread.start()
    return _Stop(server=server, stopped=stopped, threads=threads, tray=tray)


class _Stop:
    """Ends serving and watching, and takes the card off."""

    def __init__(
        self,
        *,
        server: Server,
        stopped: threading.Event,
        threads: list[threading.Thread],
        tray: Tray | None,
    ) -> None:
        self._server = server
        self._stopped = stopped
        self._threads = threads
        self._tray = tray

    def __call__(self) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join(5)
        if self._tray:
            self._tray.take()


def _readers(emulated: Path | None, reader: str | None) -> tuple[Readers, Tray | None]:
    if emulated is None:
        return PcscReaders(only=reader), None
    # A demo started after weeks must not fail on a list that ran out meanwhile.
    renew_list(emulated, now=clock.now())
    readers = TrayReaders()
    return readers, Tray(folder=emulated, readers=readers)
