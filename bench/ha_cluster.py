"""Three machines with one database, and HAProxy before them: network namespaces of this machine.

Each node is a namespace of its own behind a cable that can be pulled, with the very files that
``deploy/ha/make.py`` writes for three real machines; only folders and addresses are others. Wants root and
Debian's patroni, etcd-server, haproxy and postgresql-15.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploy.ha import make

PROGRAMS = ("patroni", "patronictl", "etcd", "etcdctl", "haproxy", "ip", "openssl")
BIN = Path("/usr/lib/postgresql/15/bin")
NETWORK, DESK = "10.177.93", 1
NODES = {"a": 11, "b": 12, "c": 13}
PORT = 18730
SECONDS_MAX = 120


def missing() -> list[str]:
    """Name what this machine lacks for the trial."""
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    found = [one for one in PROGRAMS if not shutil.which(one, path=path)]
    return (
        found
        + ([] if BIN.is_dir() else ["postgresql-15"])
        + ([] if os.geteuid() == 0 else ["root"])
    )


class Cluster:
    """Three nodes, begun whole and ended whole (三台)."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        self.tag = f"mdg{os.getpid() % 10_000}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.words: dict[str, str] = {}

    # -- beginning and end -------------------------------------------------------------------

    def begin(self) -> None:
        """Lay the cables, write the files, start everything, wait until two hold each commit."""
        _ip("link", "add", self.tag, "type", "bridge")
        _ip("addr", "add", f"{NETWORK}.{DESK}/24", "dev", self.tag)
        _ip("link", "set", self.tag, "up")
        for name, last in NODES.items():
            space, cable = self._space(name), f"{self.tag}{name}"
            _ip("netns", "add", space)
            _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
            _ip("link", "set", cable, "master", self.tag, "up")
            _ip("-n", space, "addr", "add", f"{NETWORK}.{last}/24", "dev", "eth0")
            _ip("-n", space, "link", "set", "eth0", "up")
            _ip("-n", space, "link", "set", "lo", "up")
        self._write()
        for name in NODES:
            self.start(name, "etcd")
        for name in NODES:
            self.start(name, "patroni")
        self.wait_whole()
        self._front()

    def end(self) -> None:
        """Kill everything of this trial, by its namespaces, and take them away."""
        for name in NODES:
            with suppress(subprocess.CalledProcessError):
                self.kill(name, signal.SIGKILL)
                _ip("netns", "del", self._space(name))
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
            process.wait(10)
        with suppress(subprocess.CalledProcessError):
            _ip("link", "del", self.tag)

    def _write(self) -> None:
        lines = [
            "[cluster]", 'name = "trial"', f'programs = "{BIN}"',
            f'clients = ["{NETWORK}.{DESK}/32"]', f'listen = "127.0.0.1:{PORT}"',
            f'client_folder = "{self.out / "client"}"', 'wal_keep = "256MB"', 'wal_slot_max = "1GB"',
        ]  # fmt: skip
        for name, last in NODES.items():
            lines += ["[[node]]", f'name = "{name}"', f'address = "{NETWORK}.{last}"',
                      *(f'{word} = "{self.folder / name / word}"' for word in ("data", "etcd", "sockets")),
                      f'folder = "{self.out / name}"']  # fmt: skip
            for word in ("etcd", "sockets"):
                (self.folder / name / word).mkdir(parents=True, mode=0o700)
        (self.folder / "cluster.toml").write_text("\n".join(lines) + "\n")
        make.main([str(self.folder / "cluster.toml"), str(self.out)])
        for path in (self.folder, self.out):
            path.chmod(0o755)
        for name in NODES:
            # One account for all here; on real machines etcd has its own.
            subprocess.run(["chown", "-R", "postgres:postgres", self.folder / name, self.out / name], check=True)  # fmt: skip
        text = (self.out / "patroni.env").read_text()
        self.words = dict(line.split("=", 1) for line in text.splitlines())

    def start(self, name: str, part: str) -> None:
        """Start etcd or Patroni of a node, as its service would."""
        own = self.out / name
        if part == "etcd":
            text = (own / "etcd.env").read_text()
            pairs = [one for one in text.splitlines() if one and not one.startswith("#")]
            words = [*pairs, "etcd"]
        else:
            words = [*(f"{key}={word}" for key, word in self.words.items()), "patroni",
                     str(own / "patroni.yml")]  # fmt: skip
        with (self.folder / f"{name}-{part}.log").open("ab") as log:
            self.processes[f"{name} {part}"] = subprocess.Popen(
                ["ip", "netns", "exec", self._space(name), "setpriv", "--reuid=postgres",
                 "--regid=postgres", "--init-groups", "env", f"HOME={self.folder / name}", *words],
                stdout=log, stderr=log, cwd=self.folder / name, start_new_session=True)  # fmt: skip

    def _front(self) -> None:
        with (self.folder / "haproxy.log").open("ab") as log:
            self.processes["haproxy"] = subprocess.Popen(
                [shutil.which("haproxy", path="/usr/sbin:/usr/bin") or "haproxy", "-db", "-f",
                 str(self.out / "client" / "haproxy.cfg")], stdout=log, stderr=log)  # fmt: skip

    def _space(self, name: str) -> str:
        return f"{self.tag}-{name}"

    # -- asking ------------------------------------------------------------------------------

    def members(self) -> dict[str, dict[str, Any]]:
        """What the first node that answers says of all of them; empty where none does."""
        trust = ssl.create_default_context(cafile=str(self.out / "authority.pem"))
        for last in NODES.values():
            with suppress(OSError, ValueError):
                address = f"https://{NETWORK}.{last}:8008/cluster"
                with urllib.request.urlopen(address, timeout=2, context=trust) as answer:
                    return {one["name"]: one for one in json.load(answer)["members"]}
        return {}

    def leader(self) -> str:
        """Name the primary, or nothing."""
        return next((name for name, one in self.members().items() if one["role"] == "leader"), "")

    def wait_whole(self, seconds: float = SECONDS_MAX) -> float:
        """Wait until all three run and one stands by with every commit; return how long it took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            found = self.members()
            roles = sorted(one["role"] for one in found.values())
            runs = all(one["state"] in ("running", "streaming") for one in found.values())
            alike = len({one.get("timeline") for one in found.values()}) == 1
            if roles == ["leader", "replica", "sync_standby"] and runs and alike:
                return time.monotonic() - began
            time.sleep(0.5)
        raise RuntimeError(f"the three are not whole: {self.members()}")

    def etcd_leader(self) -> str:
        """Name the node whose etcd leads."""
        own = self.out / "a"
        ends = ",".join(f"https://{NETWORK}.{last}:2379" for last in NODES.values())
        said = subprocess.run(
            ["etcdctl", "--endpoints", ends, "--cacert", own / "authority.pem", "--cert", own / "node.pem",
             "--key", own / "etcd.key.pem", "endpoint", "status", "-w", "json"],
            env={**os.environ, "ETCDCTL_API": "3"}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        for one in json.loads(said.stdout):
            if one["Status"]["leader"] == one["Status"]["header"]["member_id"]:
                last = int(one["Endpoint"].rpartition(":")[0].rpartition(".")[2])
                return next(name for name, number in NODES.items() if number == last)
        raise RuntimeError("etcd has no leader")

    def sql(self, name: str, statement: str, database: str = "postgres") -> str:
        """Ask a node's own PostgreSQL through its socket, as its administrator would."""
        done = subprocess.run(
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", BIN / "psql", "-h",
             self.folder / name / "sockets", "-d", database, "-Atc", statement],
            capture_output=True, text=True, check=True, cwd="/")  # fmt: skip
        return done.stdout.strip()

    # -- harm --------------------------------------------------------------------------------

    def kill(self, name: str, number: int, *, only: Sequence[str] = ()) -> None:
        """Send a signal to every process of a node, or to those of these programs."""
        said = subprocess.run(["ip", "netns", "pids", self._space(name)], capture_output=True,
                              text=True, check=True)  # fmt: skip
        for pid in map(int, said.stdout.split()):
            with suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
                if not only or any(one in words for one in only):
                    os.kill(pid, number)

    def pull(self, name: str) -> None:
        """Pull the cable of a node."""
        _ip("link", "set", f"{self.tag}{name}", "down")

    def plug(self, name: str) -> None:
        """Put it in again."""
        _ip("link", "set", f"{self.tag}{name}", "up")

    def cut(self, name: str, verb: str = "add") -> None:
        """Cut a node from the other nodes; the desk still reaches it (``verb`` del: no longer)."""
        for other, last in NODES.items():
            if other != name:
                _ip("-n", self._space(name), "route", verb, "blackhole", f"{NETWORK}.{last}/32")

    def hand_over(self, name: str) -> None:
        """Make another node the primary, on purpose."""
        own = self.out / name / "patroni.yml"
        subprocess.run(["patronictl", "-c", own, "switchover", "--leader", name, "--force", "trial"],
                       capture_output=True, check=True)  # fmt: skip


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
