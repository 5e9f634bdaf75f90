"""Two hundred people at once: clerks at their desks and residents at kiosks, on the machine's own cores.

Every simulated person has a session of their own and thinks between presses; whoever waits, waits before the next press.
Clerks look for somebody, open the person, open the certificate's page, and one time in five make it. Kiosks go through
practice, pressing what the screen offers first. The crowd lives in one process beside the server and takes its part of
the cores, so a figure here is an upper bound. Then the same while a backup is taken, a thousand notices are
queued and printed, and the register is read in anew.
"""

from __future__ import annotations

import csv
import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from bench.demo_town import running_town
from bench.measure import median, p95, promise

CLERKS, KIOSKS = 150, 50
#: Between presses (assumed): a clerk speaks with somebody, a resident reads the screen.
CLERK_THINKS, KIOSK_THINKS = 15.0, 12.0
SECONDS, SECONDS_FULL = 45, 300
P95_SECONDS_MAX = 1
NOTICES = 1_000
CHANGED = 500
IDLE_SECONDS_MAX = 20
STAFF = ("kaede", "nagi", "kai")
ASKED = ("みなと", "元", "川畑", "森", "S63.7.20", "古仁屋", "ゆうこ", "なぎ")
_FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r"<(?:input|button)\b[^>]*>")
_KNOWN = {"photo": "DRIVING_LICENCE", "digits": "1234"}
_KIOSKS = """
import json
from madoguchi.entry import bootstrap
bootstrap.set_up()
from django.http import HttpResponse
from madoguchi.infra import clock, unit
from madoguchi.kiosk.actions import terminals
from madoguchi.kiosk.views.holding import be_terminal
from madoguchi.kiosk.views.starting import demo_actor
found = []
for at in range({kiosks}):
    token = unit.run(terminals.register_demo_terminal, terminal_no=f"L{{at}}", channel="KIOSK",
                     actor=demo_actor(f"L{{at}}"), now=clock.now())
    made = be_terminal(HttpResponse(), token).cookies
    found.append({{name: one.value for name, one in made.items()}})
print(json.dumps(found))
"""
_NOTICES = """
from madoguchi.entry import bootstrap
bootstrap.set_up()
from bench.letters import _queue
from django.db import connection
from madoguchi.dispatch import testing as t
from madoguchi.dispatch.actions.batching import make_batch
from madoguchi.infra import clock, unit
with connection.cursor() as cursor:
    cursor.execute("SELECT person_id FROM register_out_names WHERE status = 'RESIDENT'"
                   " AND NOT is_protected ORDER BY person_id LIMIT {notices}")
    persons = [one for (one,) in cursor.fetchall()]
unit.run_long(_queue, persons=persons)
batch = unit.run_long(make_batch, mail_class="ORDINARY", actor=t.KAEDE, now=clock.now())
print(t.printed(batch).letters)
"""


@dataclass
class Crowd:
    """What a crowd met: seconds a page, and every answer that was none (来た人たち)."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)

    def met(self, page: str, seconds: float, error: str) -> None:
        self.pages[page] += 1
        if error:
            self.errors[f"{page}: {error}"] += 1
        else:
            self.seconds.append(seconds)


def run(*, full: bool) -> dict[str, Any]:
    """Let the crowd in, quietly first, then beside the town's heavy work."""
    # Not below a home of mode 700: the database's account must be able to walk there.
    home, seconds = Path(os.environ["MADOGUCHI_HOME"]) / "load", SECONDS_FULL if full else SECONDS
    with running_town(residents=7971, home=home, port=18120) as url:
        kiosks = json.loads(_beside(home, "-c", _KIOSKS.format(kiosks=KIOSKS)))
        load = os.getloadavg()[0]
        alone = _let_in(url, kiosks, seconds)
        with _heavy_work(home) as done:
            beside = _let_in(url, kiosks, seconds)
    return {
        "promises": [one for name, crowd in (("", alone), (", beside the heavy work", beside))
                     for one in _promises(name, crowd)],
        "peers": [],
        "notes": [
            f"{CLERKS} clerks and {KIOSKS} kiosks for {seconds} s; between presses they think {CLERK_THINKS:.0f} "
            f"and {KIOSK_THINKS:.0f} s on the average (assumed). The crowd itself ran on the same cores. "
            f"Load of the machine when it began: {load:.1f}"
            + (": other work ran beside it, so no figure of a quiet machine." if load > 1 else "."),
            *(f"{name}: {len(crowd.seconds) / seconds:.1f} pages a second, median "
              f"{median(crowd.seconds) * 1000:.0f} ms, slowest {max(crowd.seconds):.2f} s; "
              f"{dict(crowd.pages)}; errors {dict(crowd.errors) or 'none'}."
              for name, crowd in (("Alone", alone), ("Beside the heavy work", beside))),
            f"The heavy work meanwhile, times it was done: {dict(done)}.",
        ],
    }  # fmt: skip


def _promises(name: str, crowd: Crowd) -> list[dict[str, Any]]:
    return [
        promise(f"{CLERKS + KIOSKS} people at once{name}: p95", p95(crowd.seconds), "s",
                at_most=P95_SECONDS_MAX),
        promise(f"errors{name}, of {sum(crowd.pages.values()):,} pages", sum(crowd.errors.values()), "",
                at_most=0),
    ]  # fmt: skip


# -- the crowd ---------------------------------------------------------------------------------


class Person:
    """A browser and somebody before it (一人の利用者)."""

    def __init__(self, url: str, crowd: Crowd, dice: random.Random, until: float) -> None:
        self.crowd, self.dice, self.until = crowd, dice, until
        self.host = urlsplit(url).netloc
        self.url = url
        self.cookies: dict[str, str] = {}
        self.line = http.client.HTTPConnection(self.host, timeout=60)
        self.asked_at = 0.0

    def ask(self, page: str, path: str, form: Sequence[tuple[str, str]] | None = None) -> str:
        """Ask for a page, following where it leads; what is no page is an error."""
        began, error, text = time.perf_counter(), "", ""
        if began - self.asked_at > IDLE_SECONDS_MAX:
            self.line.close()  # as a browser does, before the server would
        try:
            for _ in range(5):
                status, leads, text = self._once(path, form)
                if status not in (302, 303):
                    break
                path, form = urljoin(self.url + path, leads).removeprefix(self.url), None
            if status == 422:
                # Refused with its reasons: somebody who moved away gets no 住民票. Counted apart.
                page = f"{page}, refused"
            elif status != 200:
                error = str(status)
            elif path.startswith("/sign-in/"):
                error = "led to the sign-in"
        except (OSError, http.client.HTTPException) as lost:
            error = type(lost).__name__
            self.line.close()
        self.asked_at = time.perf_counter()
        self.crowd.met(page, self.asked_at - began, error)
        return "" if error else text

    def _once(self, path: str, form: Sequence[tuple[str, str]] | None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if form is None:
            self.line.request("GET", path, headers=headers)
        else:
            headers |= {"Content-Type": "application/x-www-form-urlencoded",
                        "Referer": f"{self.url}/"}  # fmt: skip
            self.line.request("POST", path, urlencode(form), headers)
        answer = self.line.getresponse()
        text = answer.read().decode(errors="replace")
        for one in answer.headers.get_all("Set-Cookie", []):
            key, _, value = one.partition(";")[0].partition("=")
            self.cookies[key] = value.strip('"')
        return answer.status, answer.headers.get("Location", ""), text

    def think(self, seconds: float) -> bool:
        """Wait as somebody does; False when the time of the measurement is over."""
        left = self.until - time.monotonic()
        time.sleep(max(0.0, min(self.dice.expovariate(1 / seconds), left)))
        return time.monotonic() < self.until


def _clerk(person: Person, staff_id: str) -> None:
    text = person.ask("first page", "/")
    for action, fields in _forms(text):
        if action.endswith(f"/demo/sign-in/{staff_id}/"):
            person.ask("sign in", action, fields)
            break
    while person.think(CLERK_THINKS):
        text = person.ask("search", f"/register/search/?q={quote(person.dice.choice(ASKED))}")
        people = re.findall(r'href="/person/([\w-]+)/"', text)
        if not people or not person.think(CLERK_THINKS):
            continue
        chosen = person.dice.choice(people)
        person.ask("person", f"/person/{chosen}/")
        if not person.think(CLERK_THINKS):
            return
        path = f"/certificates/new/?person={chosen}&kind=resident_record_individual"
        text = person.ask("certificate page", path)
        if person.dice.random() < 0.2 and person.think(CLERK_THINKS):
            _press(person, "certificate made", text, "/certificates/new/")
        if not person.think(CLERK_THINKS):
            return
        person.ask("home", "/desk/")


def _kiosk(person: Person, cookies: dict[str, str]) -> None:
    person.cookies |= cookies
    while person.think(KIOSK_THINKS):
        text = person.ask("kiosk start", "/kiosk/")
        forms = [one for one in _forms(text) if one[0].endswith("/kiosk/open/")]
        if not forms:
            continue
        fields = [one for one in forms[0][1] if one[0] != "mode"]
        text = person.ask("kiosk open", forms[0][0], [*fields, ("mode", "PRACTICE")])
        for _ in range(12):
            if not person.think(KIOSK_THINKS):
                return
            pressed = _press(person, "kiosk press", text, "/kiosk/steps/")
            if not pressed:
                break
            text = pressed


def _press(person: Person, page: str, text: str, prefix: str) -> str:
    """Press what a page offers first under this address; empty where it offers nothing."""
    for action, fields in _forms(text):
        if action.startswith(prefix) or (not action and prefix):
            return person.ask(page, action or prefix, fields)
    return ""


def _forms(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give each form with what its first choices would send."""
    for action, inside in _FORM.findall(text):
        fields: dict[str, str] = {}
        for tag in _FIELD.findall(inside):
            name, value = _word("name", tag), _word("value", tag)
            kind = _word("type", tag) or ("submit" if tag.startswith("<button") else "text")
            if not name or (kind == "checkbox" and "checked" not in tag):
                continue
            if kind == "radio" and "checked" in tag:
                fields[name] = value
            fields.setdefault(name, value)
        # What a person knows or holds: the licence that was shown, the digits practice tells.
        fields |= {name: value for name, value in _KNOWN.items() if f'name="{name}"' in inside}
        yield unescape(action), list(fields.items())


def _word(name: str, tag: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def _let_in(url: str, kiosks: Sequence[dict[str, str]], seconds: float) -> Crowd:
    crowd, until = Crowd(), time.monotonic() + seconds
    people = CLERKS + len(kiosks)
    with ThreadPoolExecutor(max_workers=people) as together:
        begun = []
        for at in range(people):
            person = Person(url, crowd, random.Random(at), until)
            if at < CLERKS:
                begun.append(together.submit(_come_in, person, _clerk, STAFF[at % len(STAFF)]))
            else:
                begun.append(together.submit(_come_in, person, _kiosk, kiosks[at - CLERKS]))
        for one in begun:
            one.result()
    return crowd


def _come_in(person: Person, live: Any, given: Any) -> None:
    """Come one after another, not all in one second (来庁)."""
    time.sleep(person.dice.uniform(0, CLERK_THINKS))
    live(person, given)


# -- the heavy work ----------------------------------------------------------------------------


@contextmanager
def _heavy_work(home: Path) -> Iterator[Counter[str]]:
    """Take backups, queue and print notices, read the register in, over and over."""
    key, place = home / "load.key", home / "load-backups"
    place.mkdir(exist_ok=True)
    if not key.exists():
        _beside(home, "-m", "madoguchi", "backup", "key", "--out", str(key))
    register, changed = _registers(home)
    works: dict[str, list[tuple[str, ...]]] = {
        "backup": [("-m", "madoguchi", "backup", "now", "--to", str(place), "--key", str(key))],
        f"{NOTICES} notices printed": [("-c", _NOTICES.format(notices=NOTICES))],
        f"register read in, {CHANGED} people changed": [
            ("-m", "madoguchi", "register", "import", str(one)) for one in (changed, register)
        ],
    }
    done: Counter[str] = Counter()
    over = threading.Event()

    def again_and_again(name: str, calls: list[tuple[str, ...]]) -> None:
        while not over.is_set():
            _beside(home, *calls[done[name] % len(calls)])
            done[name] += 1

    threads = [threading.Thread(target=again_and_again, args=one) for one in works.items()]
    for one in threads:
        one.start()
    try:
        yield done
    finally:
        over.set()
        for one in threads:
            one.join()


def _registers(home: Path) -> tuple[Path, Path]:
    """Write the town's register anew, and once more with the flats of some people changed."""
    folder = home / "load-register"
    _beside(home, "-m", "madoguchi", "town", "generate", "--residents", "7971", "--seed", "1",
            "--out", str(folder))  # fmt: skip
    with (folder / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file)
    flat, state = heading.index("方書"), heading.index("住民状態")
    for row in [one for one in rows if one[state] == "現住"][:CHANGED]:
        row[flat] = "架空荘　101号"
    with (folder / "changed.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    return folder / "register.csv", folder / "changed.csv"


def _beside(home: Path, *words: str) -> str:
    """Run a command of the same town beside its server; what it refuses is told, not hidden."""
    kept = {key: value for key, value in os.environ.items() if key != "MADOGUCHI_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, *words], env={**kept, "MADOGUCHI_HOME": str(home), "MADOGUCHI_DEMO": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{words[:4]}: {done.stdout[-500:]}{done.stderr[-1500:]}")
    return done.stdout
