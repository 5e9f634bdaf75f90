"""A stranger's printer: CUPS's ippeveprinter, with hands that make things happen to it.

It is started on a port of its own with a message bus of its own, since it will not start
without one. Its print command is the sheet-by-sheet worker below: it obeys files in a folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("ippeveprinter", "dbus-daemon")
SEARCHED = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))

# Counts pages by their objects, prints one by one, and waits while a trouble's file lies there.
WORKER = r"""#!/bin/sh
hands="@HANDS@"
for file; do :; done
pages=$(grep -a -o '/Type */Page\b' "$file" | wc -l)
echo "ATTR: job-impressions=$pages job-impressions-completed=0" >&2
[ "$pages" -gt 0 ] || exit 1
done=0
while [ "$done" -lt "$pages" ]; do
  for trouble in media-empty media-jam cover-open toner-empty; do
    if [ -e "$hands/$trouble" ]; then
      echo "STATE: +$trouble" >&2
      while [ -e "$hands/$trouble" ] && [ ! -e "$hands/abort" ]; do sleep 0.05; done
      echo "STATE: -$trouble" >&2
    fi
  done
  [ -e "$hands/abort" ] && exit 1
  if [ -e "$hands/hold-before-$done" ]; then
    while [ -e "$hands/hold-before-$done" ]; do sleep 0.05; done
    continue
  fi
  done=$((done + 1))
  echo "$IPP_JOB_NAME" >> "$hands/sheets-out"
  echo "ATTR: job-impressions-completed=$done" >&2
  [ -e "$hands/jam-after-$done" ] && mv "$hands/jam-after-$done" "$hands/media-jam"
done
exit 0
"""

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>unix:path=@SOCKET@</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow own="*"/><allow receive_sender="*"/></policy></busconfig>
"""


def program(name: str) -> str | None:
    return shutil.which(name, path=SEARCHED)


def missing() -> list[str]:
    return [name for name in PROGRAMS if program(name) is None]


class StrangersPrinter:
    """One running ippeveprinter; ``end`` leaves no process behind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hands = folder / "hands"
        self.hands.mkdir()
        self.port = _free_port()
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    def start(self) -> None:
        line = self.folder / "bus"
        conf = self.folder / "bus.conf"
        conf.write_text(BUS.replace("@SOCKET@", str(line)))
        self._run("dbus-daemon", f"--config-file={conf}", "--nofork", "--nopidfile")
        _wait("the message bus", line.exists)
        worker = self.folder / "worker"
        worker.write_text(WORKER.replace("@HANDS@", str(self.hands)))
        worker.chmod(0o755)
        spool = self.folder / "spool"
        spool.mkdir()
        for left in (2, 1, 0):
            self._run(
                "ippeveprinter", "-p", str(self.port), "-r", "off", "-n", "localhost",
                "-f", "application/pdf", "-c", str(worker), "-d", str(spool), "Kiosk printer",
                DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={line}",
            )  # fmt: skip
            _wait("the printer", lambda: self._ended() or self._answers())
            if not (left and self._ended()):
                break
            # Somebody took the port between our look and the printer's: another will do.
            self._running.pop()
            self.port = _free_port()
        assert not self._ended(), f"ended: {self._running[-1].args}"

    def end(self) -> None:
        for file in self.hands.iterdir():  # let a waiting worker go
            file.unlink()
        for one in reversed(self._running):
            # The whole group: a worker in the middle of a job would outlive its printer.
            with contextlib.suppress(ProcessLookupError):  # it ended by itself
                os.killpg(one.pid, signal.SIGTERM)
            try:
                one.wait(timeout=5)
            except subprocess.TimeoutExpired:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait(timeout=5)
        self._running.clear()

    def _run(self, name: str, *words: str, **more: str) -> None:
        found = program(name)
        assert found
        log = (self.folder / f"{name}.log").open("wb")
        with log:
            self._running.append(
                subprocess.Popen(
                    [found, *words],
                    env={**os.environ, **more},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def _ended(self) -> bool:
        return self._running[-1].poll() is not None

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def _wait(what: str, ready) -> None:
    until = time.monotonic() + 20
    while not ready():
        assert time.monotonic() < until, f"{what} did not come up"
        time.sleep(0.05)
