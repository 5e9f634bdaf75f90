"""Three machines with one database: what a failure costs, and that nothing told to anybody is lost.

The town's own server (``madoguchi serve``: web, worker, the follower of the backups) asks HAProxy on this
machine; behind it are three nodes in network namespaces, run by the files of ``deploy/ha``. A crew draws
certificates, books and hands cards over and keeps a book of what was acknowledged; a clerk presses at the page
without a pause. Meanwhile one thing after another fails. Seconds: the longest time without a press that
worked. Then a judge holds the book against the tables, and against a restore from the backups.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.ha_cluster import BIN, PORT, Cluster, missing
from bench.load import Crowd, Person, _press
from bench.measure import promise
from madoguchi.entry.tests.fleets import lay_keys

ROOT = Path(__file__).resolve().parents[1]
DESK = 18731
SECONDS_BACK_MAX = 30
UP_SECONDS_MAX, QUIET_SECONDS, WATCHED_SECONDS = 120, 10, 60
#: Between presses: what two cores can make papers of, beside three servers and all else.
PRESS_SECONDS = 0.7
SAID = "いま、データベースにつながりません"
ROUNDS: dict[str, Callable[[Cluster, str], Callable[[], None]]] = {}


def run(*, full: bool) -> dict[str, Any]:
    """Let every kind of failure happen once, and with ``full`` three times."""
    if lacking := missing():
        raise SystemExit(f"bench ha wants: {', '.join(lacking)} (Debian, as root)")
    # Not below our own folder: the database's account must be able to walk there.
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-ha-"))
    folder.chmod(0o755)
    cluster = Cluster(folder)
    try:
        cluster.begin()
        desk = Desk(folder, cluster)
        with desk.opened():
            rounds = [
                _round(desk, name, number) for number in range(3 if full else 1) for name in ROUNDS
            ]
            found = desk.close()
        return _told(rounds, found, desk)
    finally:
        cluster.end()
        if os.environ.get("MADOGUCHI_BENCH_KEEP") != "1":
            shutil.rmtree(folder, ignore_errors=True)


def _told(rounds: list[dict[str, Any]], found: dict[str, Any], desk: Desk) -> dict[str, Any]:
    judged = found["judged"]
    lost, twice = judged["lost"], judged["twice"]
    promises = [promise(f"{one['name']}: seconds without a press that works", one["seconds"], "s",
                        at_most=SECONDS_BACK_MAX) for one in rounds]  # fmt: skip
    for kind, number in judged["acknowledged"].items():
        promises += [promise(f"of {number:,} acknowledged ({kind}): lost", lost[kind], "", at_most=0),
                     promise(f"of {number:,} acknowledged ({kind}): there twice", twice[kind], "",
                             at_most=0)]  # fmt: skip
    promises += [
        promise("pages pressed by a clerk, acknowledged and lost", found["pressed_lost"], "", at_most=0),
        promise("changes without their record, or numbers given and not there",
                judged["unrecorded"] + judged["given"] - judged["numbers"], "", at_most=0),
        promise("records missing or changed in the chain", 0 if judged["intact"] else 1, "", at_most=0),
        promise("papers never made, nor told why, two minutes after the last failure",
                judged["states"].get("DRAWN", 0), "", at_most=0),
        promise("answers other than a page or the word that the database is away",
                sum(desk.odd.values()), "", at_most=0),
        promise("acknowledged things missing in a restore from the backups, oldest base and log",
                found["restored_lost"], "", at_most=0),
    ]  # fmt: skip
    notes = [
        "; ".join(f"{one['name']}: {one['seconds']:.1f} s, three whole again after {one['whole']:.0f} s"
                  for one in rounds) + ".",
        f"A clerk pressed {len(desk.good):,} times with success; refused with its reason "
        f"{desk.refused}, told that the database is away {desk.away}, other answers {dict(desk.odd) or 'none'}.",
        f"The crew's own lines: {found['crew']}. Requests by state: {judged['states']}; "
        f"{judged['records']:,} records in one chain. Parts of the product begun anew: {found['restarts']}.",
        "Debian's PostgreSQL 15, Patroni 3.0.2, etcd 3.4.23 and HAProxy 2.6, each node in a network "
        "namespace of one machine: one kernel, one disk, so cables and processes fail here, power does not.",
    ]  # fmt: skip
    return {"promises": promises, "peers": [], "notes": notes}


# -- what fails --------------------------------------------------------------------------------


def _fails(name: str) -> Callable[[Any], Any]:
    def keep(harm: Callable[[Cluster, str], Callable[[], None]]) -> Any:
        ROUNDS[name] = harm
        return harm

    return keep


@_fails("primary killed (kill -9)")
def _killed(cluster: Cluster, primary: str) -> Callable[[], None]:
    cluster.kill(primary, signal.SIGKILL, only=("patroni", "postgres"))
    return lambda: cluster.start(primary, "patroni")


@_fails("primary's machine gone, etcd with it")
def _gone(cluster: Cluster, primary: str) -> Callable[[], None]:
    cluster.kill(primary, signal.SIGKILL)
    return lambda: (
        cluster.start(primary, "etcd"),
        time.sleep(2),
        cluster.start(primary, "patroni"),
    )[0]


@_fails("primary's cable pulled")
def _pulled(cluster: Cluster, primary: str) -> Callable[[], None]:
    cluster.pull(primary)
    return lambda: cluster.plug(primary)


@_fails("primary cut from the other nodes, not from the desk")
def _cut(cluster: Cluster, primary: str) -> Callable[[], None]:
    cluster.cut(primary)
    return lambda: cluster.cut(primary, "del")


@_fails("Patroni alone killed, its PostgreSQL goes on")
def _headless(cluster: Cluster, primary: str) -> Callable[[], None]:
    cluster.kill(primary, signal.SIGKILL, only=("/usr/bin/patroni",))
    return lambda: cluster.start(primary, "patroni")


@_fails("PostgreSQL alone killed, Patroni goes on")
def _crashed(cluster: Cluster, primary: str) -> Callable[[], None]:
    cluster.kill(primary, signal.SIGKILL, only=("postgres",))
    return lambda: None


@_fails("leader of etcd killed")
def _etcd(cluster: Cluster, _primary: str) -> Callable[[], None]:
    name = cluster.etcd_leader()
    cluster.kill(name, signal.SIGKILL, only=("etcd",))
    return lambda: cluster.start(name, "etcd")


@_fails("handed over on purpose")
def _handed(cluster: Cluster, primary: str) -> Callable[[], None]:
    cluster.hand_over(primary)
    return lambda: None


def _round(desk: Desk, name: str, number: int) -> dict[str, Any]:
    time.sleep(QUIET_SECONDS)
    desk.must_run()
    primary = desk.cluster.leader()
    began = time.monotonic()
    mend = ROUNDS[name](desk.cluster, primary)
    until = began + WATCHED_SECONDS
    while time.monotonic() < until and not _is_back(desk, began):
        time.sleep(0.2)
    mend()
    whole = desk.cluster.wait_whole()
    seconds = desk.longest_gap(began)
    print(f"  {name} ({primary}): {seconds:.1f} s, whole after {whole:.0f} s more", flush=True)
    return {
        "name": name + (f", again ({number + 1})" if number else ""),
        "seconds": seconds,
        "whole": whole,
    }


def _is_back(desk: Desk, began: float) -> bool:
    """Back is: it works for five seconds on end, and at least ten have passed."""
    now = time.monotonic()
    recent = [at for at in desk.good if at > now - 5]
    return now - began > 10 and len(recent) >= 4 and recent[-1] - recent[0] > 3


# -- the desk ----------------------------------------------------------------------------------


class Desk:
    """The town's own server before the three nodes, its crew and one clerk at the page (窓口)."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self.folder, self.cluster = folder, cluster
        self.home, self.place, self.key = folder / "home", folder / "place", folder / "key"
        tls = f"sslmode=verify-ca&sslrootcert={cluster.out / 'client' / 'authority.pem'}"
        self.url = f"postgresql://madoguchi:fiction@127.0.0.1:{PORT}/madoguchi?{tls}"
        self.good: list[float] = []
        self.pressed: list[str] = []
        self.odd: Counter[str] = Counter()
        self.away = self.refused = 0
        self.over = threading.Event()

    @contextmanager
    def opened(self) -> Iterator[None]:
        self._make_town()
        # Today's base is taken before the follower could want one.
        self.first_base = self._say("backup", "now")["base"]
        with (self.folder / "serve.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "madoguchi", "serve", "--port", str(DESK), "--workers", "2"],
                cwd=ROOT, env=self._environment(), stdout=log, stderr=log)  # fmt: skip
        self.crew = self._start("bench.ha_crew", "work", "7")
        clerk = threading.Thread(target=self._clerk)
        try:
            self._wait_up()
            clerk.start()
            yield
        finally:
            self.over.set()
            (self.home / "stop").touch()
            for one in (self.server, self.crew):
                one.terminate()
                with suppress(subprocess.TimeoutExpired):
                    one.wait(60)

    def _make_town(self) -> None:
        lead = self.cluster.leader()
        self.cluster.sql(lead, "CREATE ROLE madoguchi LOGIN REPLICATION PASSWORD 'fiction'")
        self.cluster.sql(lead, "CREATE DATABASE madoguchi OWNER madoguchi")
        self.cluster.sql(
            lead, "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO madoguchi", "madoguchi"
        )
        for one in (self.home, self.place, self.folder / "keys"):
            one.mkdir(mode=0o700)
        lay_keys(self.folder / "keys")
        until = time.monotonic() + UP_SECONDS_MAX
        while True:  # HAProxy has looked at nobody yet
            try:
                self.session = json.loads(self._beside("-m", "bench.ha_crew", "prepare"))
                break
            except RuntimeError:
                if time.monotonic() > until:
                    raise
        self._beside("-m", "madoguchi", "staff", "add", "--staff-id", "sango", "--name", "叶 さんご", "--role", "OFFICER")  # fmt: skip
        self._beside("-m", "madoguchi", "staff", "bind", "--os-user", "root")
        self._beside("-m", "madoguchi", "backup", "key", "--out", str(self.key))

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MADOGUCHI_")}
        return {
            **kept, "MADOGUCHI_HOME": str(self.home), "MADOGUCHI_DATABASE_URL": self.url,
            "MADOGUCHI_KEYS": str(self.folder / "keys"), "MADOGUCHI_DEMO": "0",
            "MADOGUCHI_BACKUP_TO": str(self.place), "MADOGUCHI_BACKUP_KEY": str(self.key),
        }  # fmt: skip

    def _start(self, *words: str) -> subprocess.Popen[str]:
        with (self.folder / "crew.log").open("ab") as log:
            return subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=self._environment(),
                                    stdout=subprocess.PIPE, stderr=log, text=True)  # fmt: skip

    def _beside(self, *words: str, **more: str) -> str:
        done = subprocess.run([sys.executable, *words], cwd=ROOT, env=self._environment() | more,
                              capture_output=True, text=True, check=False)  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stdout[-1500:]}{done.stderr[-3000:]}")
        return done.stdout

    def _say(self, *words: str, **more: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(
            self._beside("-m", "madoguchi", *words, "--json", **more)
        )
        return answer

    def _wait_up(self) -> None:
        until = time.monotonic() + UP_SECONDS_MAX
        person = self._person()
        while not person.ask("desk", "/desk/"):
            self.must_run()
            if time.monotonic() > until:
                raise RuntimeError((self.folder / "serve.log").read_text()[-3000:])
            time.sleep(0.5)

    def must_run(self) -> None:
        """Whatever failed, the town's server and the crew go on by themselves."""
        for one, log in ((self.server, "serve.log"), (self.crew, "crew.log")):
            if one.poll() is not None:
                raise RuntimeError(f"{log}: {(self.folder / log).read_text()[-3000:]}")

    # -- the clerk ---------------------------------------------------------------------------

    def _person(self) -> Person:
        person = Person(f"http://127.0.0.1:{DESK}", Crowd(), random.Random(1), 0)
        person.cookies[self.session["name"]] = self.session["cookie"]
        return person

    def _clerk(self) -> None:
        person, dice = self._person(), random.Random(2)
        while not self.over.is_set():
            who = dice.choice(self.session["people"])
            text = self._look(
                person, f"/certificates/new/?person={who}&kind=resident_record_individual"
            )
            if text:
                self._make(person, text)
            time.sleep(PRESS_SECONDS)

    def _look(self, person: Person, path: str) -> str:
        try:
            status, _, text = person._once(path, None)
        except OSError as lost:
            self.odd[type(lost).__name__] += 1
            person.line.close()
            return ""
        self._count(status, text, path)
        return text if status == 200 else ""

    def _make(self, person: Person, page: str) -> None:
        seen: list[tuple[int, str, str]] = []
        once = person._once

        def noted(path: str, form: Any) -> tuple[int, str, str]:
            seen.append(once(path, form))
            return seen[-1]

        person._once = noted  # type: ignore[method-assign]
        _press(person, "made", page, "/certificates/new/")
        person._once = once  # type: ignore[method-assign]
        if not seen:
            self.odd["no form, or no answer"] += 1
            return
        status, leads, text = seen[0]
        self._count(status, text, "press")
        if status in (302, 303):
            self.good.append(time.monotonic())
            self.pressed.append(urlsplit(leads).path.strip("/").split("/")[-1])

    def _count(self, status: int, text: str, where: str) -> None:
        if status == 503 and SAID in text:
            self.away += 1
        elif status == 422:
            self.refused += 1
        elif status not in (200, 302, 303):
            self.odd[f"{status} {where.partition('?')[0]}"] += 1

    def longest_gap(self, began: float) -> float:
        """The longest time without a press that worked, from just before the failure on."""
        before = [at for at in self.good if at <= began][-1:] or [began]
        times = [*before, *(at for at in self.good if at > began)]
        ends = [*times[1:], max(times[-1], time.monotonic())]
        return max(end - start for start, end in zip(times, ends, strict=True))

    # -- the judgement -----------------------------------------------------------------------

    def close(self) -> dict[str, Any]:
        """Let the crew go home and the worker finish, then judge the tables and a restore of them."""
        self.over.set()
        (self.home / "stop").touch()
        crew = json.loads(self.crew.communicate(timeout=120)[0].splitlines()[-1])
        self._let_it_finish()
        if self.server.poll() is not None:
            raise RuntimeError((self.folder / "serve.log").read_text()[-3000:])
        judged = json.loads(self._beside("-m", "bench.ha_crew", "judge"))
        print(f"  {judged}", flush=True)
        there = self._ask("true")
        told = (self.folder / "serve.log").read_text()
        return {
            "judged": judged, "crew": crew, "restarts": told.count("が止まったので"),
            "pressed_lost": len(set(self.pressed) - there), "restored_lost": self._restored(),
        }  # fmt: skip

    def _let_it_finish(self) -> None:
        """Wait until no paper is left to make; what is left after two minutes is stuck, and counted."""
        until = time.monotonic() + UP_SECONDS_MAX
        while time.monotonic() < until and self._ask("state = 'DRAWN'"):
            time.sleep(1)

    def _ask(self, which: str) -> set[str]:
        statement = f"SELECT request_id FROM certificates_request WHERE {which}"
        return set(self.cluster.sql(self.cluster.leader(), statement, "madoguchi").split())

    def _restored(self) -> int:
        """Restore from the first base and the log alone, on a single machine, and judge that."""
        self.server.terminate()
        self.server.wait(60)
        self._say("backup", "now")  # the log up to here
        into = self.folder / "restored"
        self._say("backup", "restore", "--base", self.first_base, "--into", str(into))
        shutil.copy(self.home / "acknowledged.jsonl", into)
        said = self._beside("-m", "bench.ha_crew", "judge", MADOGUCHI_HOME=str(into),
                            MADOGUCHI_DATABASE_URL="", MADOGUCHI_DEMO="1",
                            MADOGUCHI_PG_BIN=str(BIN))  # fmt: skip
        found = json.loads(said)
        return sum(found["lost"].values()) + (not found["intact"])
