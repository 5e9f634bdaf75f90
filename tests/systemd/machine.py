"""A Debian 12 with its own systemd as process 1, without a line outside (試験用の機械).

Made by debootstrap once, as a folder; each machine is a layer over it, so that several start from the same
fresh system. ``systemd-nspawn`` boots it with its own /dev, /proc, /sys and an empty network.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from tests.database import ROOT

RUNBOOKS = ROOT / "docs" / "runbooks"
PROGRAMS = ("debootstrap", "systemd-nspawn", "unshare", "nsenter")
BOOT_SECONDS_MAX = 600
#: What a step that needs the net gets there: devices, and where this machine's Python keeps its packages.
_WITH_THE_NET = """
set -e
mount -t proc proc "$0/proc"; mount -t tmpfs tmpfs "$0/dev"; mkdir -m 1777 "$0/dev/shm"
for one in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "$0/dev/${one%:*}" c 1 "${one#*:}"; done
cp -L /etc/resolv.conf "$0/etc/resolv.conf"
mkdir -p "$0/run/packages" "$0/run/source"
mount --bind /etc/ssl/certs/ca-certificates.crt "$0/etc/ssl/certs/ca-certificates.crt"
mount --bind "$1" "$0/run/packages"; mount --bind "$2" "$0/run/source"
exec env UV_CACHE_DIR=/run/packages DEBIAN_FRONTEND=noninteractive chroot "$0" sh -euc "$3"
"""


def why_not() -> str:
    """Say why no machine can be made here, or nothing (できない理由)."""
    if os.getuid() != 0:
        return "not root: no namespaces of one's own"
    missing = [one for one in PROGRAMS if shutil.which(one) is None]
    if missing:
        return f"not installed: {', '.join(missing)} (debootstrap, systemd-container)"
    tried = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
                           capture_output=True, text=True, check=False)  # fmt: skip
    return "" if tried.returncode == 0 else f"no namespaces: {tried.stderr.strip()}"


def blocks(name: str, heading: str) -> list[str]:
    """Return the commands of one section of a runbook, block by block, as they stand (手順書のコマンド)."""
    text = (RUNBOOKS / name).read_text(encoding="utf-8")
    found = re.search(
        rf"^## {re.escape(heading)}.*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert found, f"{name} has no section {heading!r}"
    return re.findall(r"^```sh\n(.*?)^```", found[1], re.MULTILINE | re.DOTALL)


def make_base(folder: Path) -> Path:
    """Return a fresh Debian with section 1 of install.md done, the program that of this commit (下地)."""
    base, half, source = folder / "base", folder / "half", folder / "source"
    shutil.rmtree(source, ignore_errors=True)
    _call(["git", "clone", "-q", "--bare", "--depth=1", ROOT.as_uri(), str(source)])
    if base.exists():
        _with_the_net(
            base,
            "cd /opt/madoguchi; git fetch -q --update-shallow /run/source; git reset -q --hard FETCH_HEAD; ./run setup",
        )
        return base
    shutil.rmtree(half, ignore_errors=True)
    half.parent.mkdir(parents=True, exist_ok=True)
    _call(["debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus,ca-certificates,iproute2,procps",
           "bookworm", str(half)])  # fmt: skip
    (half / "etc/dpkg/dpkg.cfg.d/trial").write_text("force-unsafe-io\n")
    (half / "root/.gitconfig").write_text("[safe]\n\tdirectory = *\n")
    (commands,) = blocks("install.md", "1.")
    _with_the_net(half, "apt-get update -q\n" + commands.replace("REPOSITORY", "/run/source"))
    half.rename(base)
    return base


def _with_the_net(base: Path, commands: str) -> None:
    """Run commands in a folder that is no machine yet, with the net of this host."""
    said = subprocess.run(["uv", "cache", "dir"], capture_output=True, text=True, check=False).stdout \
        if shutil.which("uv") else ""  # fmt: skip
    kept = Path(said.strip() or Path.home() / ".cache" / "uv")
    kept.mkdir(parents=True, exist_ok=True)
    _call(["unshare", "--mount", "--pid", "--fork", "sh", "-c", _WITH_THE_NET, str(base), str(kept),
           str(base.parent / "source"), commands])  # fmt: skip


def _call(command: list[str]) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-3000:]}"


class Machine:
    """A machine that is booted, asked, and cut from its power (一台の機械)."""

    def __init__(self, base: Path, folder: Path, *, binds: Mapping[str, Path]) -> None:
        """``binds``: folders of this host by where they are mounted there: a second place, a stick."""
        self._base, self._folder, self._binds = base, folder, binds
        self._nspawn: subprocess.Popen[bytes] | None = None
        self.leader = 0

    def boot(self) -> None:
        """Boot it and wait until systemd says that everything is started (起動)."""
        for one in ("changes", "work", "root"):
            (self._folder / one).mkdir(parents=True, exist_ok=True)
        layers = (
            f"lowerdir={self._base},upperdir={self._folder}/changes,workdir={self._folder}/work"
        )
        binds = " ".join(f"--bind={host}:{there}" for there, host in self._binds.items())
        self._console = (self._folder / "console.log").open("ab")
        # The layer is mounted in a namespace of its own: nothing of it is left, however this ends.
        self._nspawn = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-euc",
             f"mount -t overlay overlay -o {layers} {self._folder}/root; exec systemd-nspawn -q -D {self._folder}/root "
             f"--boot --private-network --register=no --keep-unit --machine={self._folder.name} --console=pipe {binds}"],
            stdin=subprocess.DEVNULL, stdout=self._console, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + BOOT_SECONDS_MAX
        while time.monotonic() < until:
            assert self._nspawn.poll() is None, (self._folder / "console.log").read_text()[-2000:]
            self.leader = _child_of(self._nspawn.pid)
            if (
                self.leader
                and self.run("systemctl is-system-running", check=False).stdout.strip() == "running"
            ):
                return
            time.sleep(0.3)
        raise AssertionError(
            self.run("systemctl --failed; systemctl list-jobs", check=False).stdout
        )

    def run(self, commands: str, *, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run commands there as root, one after the other, until one fails (コマンド)."""
        done = subprocess.run(
            ["nsenter", "--target", str(self.leader), "--all", "env", "-i", "HOME=/root", "LANG=C.UTF-8",
             "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "sh", "-euc", "cd; " + commands],
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert not check or done.returncode == 0, (
            f"{commands}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        )
        return done

    def cut_power(self) -> None:
        """End everything there at once, as a pulled plug does (電源断)."""
        if self._nspawn is None:
            return
        if self.leader and self._nspawn.poll() is None:
            os.kill(self.leader, signal.SIGKILL)
        try:
            self._nspawn.wait(20)
        except subprocess.TimeoutExpired:
            self._nspawn.kill()
            self._nspawn.wait()
        self._console.close()
        self._nspawn, self.leader = None, 0


def _child_of(process: int) -> int:
    """Return process 1 of the machine, as this host knows it; 0 before there is one."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return next(
            (int(one) for one in children if Path(f"/proc/{one}/comm").read_text() == "systemd\n"),
            0,
        )
    except OSError:
        return 0
