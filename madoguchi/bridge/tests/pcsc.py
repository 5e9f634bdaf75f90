"""A pcscd of the test's own, with two virtual readers; nobody else's is touched.

The daemon's socket has a fixed path, so it runs in a mount namespace of its own with a folder
of ours in that place. Clients are told where by PCSCLITE_CSOCK_NAME.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PCSCD = "/usr/sbin/pcscd"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SECONDS_MAX = 20
_START = """
mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$1/run" /run/pcscd &&
exec /usr/sbin/pcscd --foreground --error --config "$1/conf"
"""


@dataclass(frozen=True)
class Service:
    """A running pcscd: how clients find it, and the port of each reader."""

    folder: Path
    ports: tuple[int, int]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PCSCLITE_CSOCK_NAME": str(self.folder / "run" / "pcscd.comm")}


def module() -> Path | None:
    """OpenSC's PKCS#11 module, which Debian's opensc brings along."""
    return next(iter(sorted(Path("/usr/lib").glob("**/opensc-pkcs11.so"))), None)


def missing() -> str | None:
    """Why these tests cannot run here, if so."""
    programs = [
        name for name in ("pkcs15-tool", "pkcs11-tool", "openssl", "unshare")
        if shutil.which(name) is None
    ]  # fmt: skip
    programs += [str(path) for path in (Path(PCSCD), DRIVER) if not path.exists()]
    if module() is None:
        programs.append("opensc-pkcs11.so")
    if programs:
        return f"not installed: {', '.join(programs)}"
    if _namespace() is None:
        return "mount namespaces are not allowed here"
    return None


def _namespace() -> list[str] | None:
    for words in (["unshare", "-m"], ["unshare", "-rm"]):
        probe = [*words, "mount", "-t", "tmpfs", "none", "/run"]
        if (
            subprocess.run(probe, check=False, capture_output=True, timeout=SECONDS_MAX).returncode
            == 0
        ):
            return words
    return None


@contextmanager
def running(folder: Path) -> Iterator[Service]:
    """Start pcscd with two virtual readers; stop it at the end."""
    for name in ("run", "conf"):
        (folder / name).mkdir(parents=True)
    port = _free_pair()
    (folder / "conf" / "vpcd").write_text(
        f'FRIENDLYNAME "Madoguchi test"\nDEVICENAME /dev/null:{port:#06x}\n'
        f"LIBPATH {DRIVER}\nCHANNELID {port:#06x}\n"
    )
    log = (folder / "pcscd.log").open("wb")
    process = subprocess.Popen(
        [*(_namespace() or []), "sh", "-c", _START, "sh", str(folder)],
        stdout=log, stderr=log, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _until((folder / "run" / "pcscd.comm").exists, "pcscd did not come up")
        yield Service(folder=folder, ports=(port, port + 1))
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        log.close()


def _free_pair() -> int:
    """Two neighbouring free ports: the driver takes the second one for its second slot."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise AssertionError("no two neighbouring free ports")


@contextmanager
def inserted(service: Service, card: Path, *, slot: int = 0) -> Iterator[None]:
    """Put a card on a reader by the very command people use.

    A reader that has just lost a card in the middle of a word sometimes does not hear the next one:
    it is taken away and laid on again, as a person would.
    """
    for left in (2, 1, 0):
        process = subprocess.Popen(
            [sys.executable, "-m", "madoguchi.bridge", "emulate", "--card", str(card),
             "--vpcd", f"127.0.0.1:{service.ports[slot]}"],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _until(lambda: card_seen(service, slot), "the card did not reach the reader")
            break
        except AssertionError:
            process.terminate()
            process.wait(10)
            process.stderr.close()
            if not left:
                raise
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(10) == 0, process.stderr.read().decode()[-2000:]
        process.stderr.close()
        _until(lambda: not card_seen(service, slot), "the card did not leave the reader")


def card_seen(service: Service, slot: int) -> bool:
    printed = run(service, ["opensc-tool", "--list-readers"]).stdout
    rows = [line for line in printed.splitlines() if line[:1].isdigit()]
    return len(rows) > slot and "Yes" in rows[slot].split()


def run(service: Service, words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, check=False, env=service.environment, capture_output=True, text=True,
        timeout=SECONDS_MAX, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _until(holds, complaint: str) -> None:
    until = time.monotonic() + SECONDS_MAX
    while time.monotonic() < until:
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(complaint)
