"""A PIN typed in the right place reaches nothing, in a wrong one nothing that stays.

Planted are secrets that no chance writes: sixteen letters and digits for the password, a named
number for the four digits. Claimed, and shown here after cards went over the counter:

- What is typed on the planning page is nowhere: not in the database (dump, table files, WAL), a
  log, a file, a backup, nor in the memory of the server.
- What is typed in error into any field of the card line, as people note PINs down, is nowhere
  where it would stay; free text refuses it in words. The server's memory is not claimed here:
  the request itself came through it, and Python gives bytes back without wiping them.

Not claimed: four digits alone in a note ("4829") stay, as a house number does; nobody can tell
them apart. Nor what a search box shows in the address of its page: the product writes no address
down, the browser on the desk may.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import string
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client

from madoguchi.accounts.testing import nagi, signed_in
from madoguchi.cards.actions.boxes import open_box, scan
from madoguchi.cards.actions.judging import judge
from madoguchi.cards.domain.boxes import Line
from madoguchi.cards.domain.card import CardKind, Printed
from madoguchi.cards.models import Card
from madoguchi.cards.tests.test_boxes import ADDRESS, KAEDE, live, name_of, person_no
from madoguchi.cards.tests.test_handover import give, shelved
from madoguchi.entry import supervisor
from madoguchi.infra import clock, unit
from tests.leaks.pin_hunt import (
    database_url,
    family_of,
    hunt,
    places,
    shapes_of,
)
from tests.leaks.visitor import Form, Visitor, read

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
CARDS, CARDS_IN_FULL = 12, 10_000
BOX_CARDS, COUNTERS = 100, 4
START_SECONDS_MAX = 120
PAGES_MAX = 70
ROOMS = re.compile(r"/(cards|bookings|booking|line|terminals|dispatch|hall|prepare)(/|$)")
STARTS = ("/cards/boxes/", "/cards/setup/", "/cards/notices/", "/cards/hand-over/", "/cards/ledger/",
          "/cards/applications/", "/cards/disposals/", "/bookings/", "/line/", "/terminals/",
          "/dispatch/", "/booking/", "/hall/")  # fmt: skip
#: What stands in the other fields, so that nothing else is why a form comes back.
PLAUSIBLE = {"where": "公民館", "counted_in": "1", "counted": "1", "box_no": "B-999", "reason": "確かめた",
             "why": "まちがい", "on": "2026-12-01", "received_on": "2026-11-27", "note": "メモ", "birth": "平成2年5月3日", "name": "浜　葵"}  # fmt: skip


def new_secret(length=16):
    """Letters and digits as the card takes them; half of them would do to be no chance."""
    while True:
        one = "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(length))
        if re.search("[A-Z]", one[:8]) and re.search("[0-9]", one[:8]):
            return one


class Server:
    """The product's own web server on this test's database, with a house and a log of its own."""

    def __init__(self, folder):
        self.home, self.log = folder / "home", folder / "server.log"
        shutil.copytree(
            os.environ["MADOGUCHI_HOME"], self.home, ignore=shutil.ignore_patterns("postgres*")
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        env = {**os.environ, "MADOGUCHI_HOME": str(self.home), "MADOGUCHI_DEMO": "1",
               "MADOGUCHI_DATABASE_URL": database_url()}  # fmt: skip
        # The product's own command, so that a log it would write is written here too.
        command = supervisor._web("127.0.0.1", port, 2)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        self._wait(port)

    def _wait(self, port):
        until = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        pytest.fail(self.log.read_text(errors="replace")[-2000:])

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture
def began():
    return time.time() - 1


@pytest.fixture(scope="module")
def running(tmp_path_factory, django_db_setup):
    one = Server(tmp_path_factory.mktemp("server"))
    yield one
    one.stop()


@pytest.fixture
def server(began, running, transactional_db):
    """One server for all of them: what a test plants is its own, and no other finds it."""
    return running


def tables_with(dump, wanted):
    """In which tables of a dump the secrets stand, so that a leak is found and not only noticed."""
    found, table = set(), ""
    for line in dump.decode(errors="replace").splitlines():
        if line.startswith("COPY "):
            table = line
        elif hunt(line.encode(), wanted):
            found.add(table)
    return sorted(found)


def found_in(server, began, *wanted, with_memory=True):
    """Where any of the secrets stands."""
    by_secret = places_of(server, began, *wanted, with_memory=with_memory)
    return sorted({name for names in by_secret.values() for name in names})


def places_of(server, began, *wanted, with_memory=True, mark=None):
    """Where each of the secrets stands, in one walk; those of one mark are looked for by it first."""
    pids = family_of(server.process.pid) if with_memory else ()
    seen, found = set(), {one: [] for one in wanted}
    for name, data in places(home=server.home, log=server.log, since=began, pids=pids):
        seen.add(name.split()[0])
        if mark and not hunt(data, [mark]):
            continue
        for one in hunt(data, wanted):
            found[one].append(f"{name} {tables_with(data, [one])}" if name == "dump" else name)
    assert seen >= {"dump", "database", "file", "log", *({"memory"} if with_memory else ())}
    return found


# -- the hunter finds what is planted -------------------------------------------------------------


def test_the_hunter_finds_a_secret_planted_in_each_place(server, began, tmp_path):
    mark = new_secret(10)
    row, gone, filed, logged, asked, nowhere = (mark + new_secret(8) for _ in range(6))
    shelved(0)
    Card.objects.update(printed_name=f"x{row}x")
    with connection.cursor() as cursor:
        # Rolled back: no dump shows it, the write-ahead log and the page do.
        cursor.execute("BEGIN")
        cursor.execute("CREATE TABLE planted AS SELECT %s AS said", [gone * 40])
        cursor.execute("ROLLBACK")
    (server.home / "planted.bin").write_bytes(filed.encode("utf-16-le"))
    with server.log.open("ab") as log:
        log.write(logged.encode().hex().encode())
    Visitor(server.url).get(f"/verify/?q={asked}")
    found = places_of(server, began, row, gone, filed, logged, asked, nowhere, mark=mark)
    assert {name.split()[0] for name in found[row]} >= {"dump", "database"}
    assert any("pg_wal" in name for name in found[gone])
    assert (found[filed], found[logged], found[nowhere]) == (["file planted.bin"], ["log"], [])
    assert {name.split()[0] for name in found[asked]} == {"memory"}


@pytest.mark.parametrize("before", range(4))
def test_each_shape_is_found_whatever_stands_beside_it(before):
    import base64

    secret = new_secret()
    text = ("ab"[:1] * before + secret + "yz").encode()
    for data in (text, text[::-1], text.hex().encode(), text.hex().upper().encode(),
                 base64.b64encode(text), base64.urlsafe_b64encode(text),
                 text.decode().encode("utf-16-le"), text.decode().encode("utf-16-be")):  # fmt: skip
        assert hunt(data, [secret]) == {secret}
    assert hunt(text.lower(), [secret]) == set()
    # Eight at least: hex without a letter reads the same in both cases.
    assert len(shapes_of(secret)) >= 8


# -- a planning page keeps its word ------------------------------------------------------------------


def test_what_is_planned_at_home_is_nowhere_not_even_in_the_servers_memory(
    needs_chromium, server, began
):
    digits, letters = "".join(secrets.choice("123456789") for _ in range(16)), new_secret()
    shelved(0)
    subprocess.run([sys.executable, "-m", "tests.leaks.typing_pins", server.url], cwd=ROOT,
                   input=f"{digits} {letters}", text=True, check=True)  # fmt: skip
    assert found_in(server, began, digits, letters) == []


# -- typed where it does not belong --------------------------------------------------------------------


def pages_of(desk, starts):
    """Every page that the pages lead to, without what ends the visit."""
    waiting, seen = list(starts), {}
    while waiting and len(seen) < PAGES_MAX:
        path = waiting.pop(0)
        if path in seen or not ROOMS.match(path):
            continue
        status, html = desk.get(path)
        if status != 200 or "<html" not in html:
            continue
        seen[path] = html
        waiting += [urlsplit(link).path for link in read(html)[1]]
    return seen


def type_everywhere(desk, pages, notes):
    """Type a note of a PIN into every field of every form, one at a time; say where it was refused."""
    typed, refused = set(), set()
    for path in pages:
        html = desk.get(path)[1]
        for number, first in enumerate(read(html)[0]):
            for name in first.typed:
                for note in notes:
                    fresh = read(desk.get(path)[1])[0]
                    if number >= len(fresh) or name not in fresh[number].typed:
                        continue
                    form = fresh[number]
                    values = {**form.values, **{k: PLAUSIBLE.get(k, form.values.get(k, ""))
                                                for k in form.typed}, name: note}  # fmt: skip
                    status, answer = desk.send(path, form, values)
                    assert status < 500, (path, name, status)
                    kind = re.sub(r"/[a-z0-9]{26}/|/B-\d+/", "/*/", path), name
                    typed.add(kind)
                    if "TEXT_HAS_PIN" in answer or "暗証番号の書きとめ" in answer:
                        refused.add(kind)
    return typed, refused


def staff_visitor(server, *, follows=True):
    client = signed_in(Client(), nagi())
    return Visitor(server.url, follows=follows, **{k: v.value for k, v in client.cookies.items()})


def test_a_pin_typed_into_any_field_of_the_card_line_stays_nowhere(server, began, settings):
    letters, four = new_secret(), "".join(secrets.choice("123456789") for _ in range(4))
    notes = (f"本人の暗証番号は{four}と{letters}", f"{four} {letters}")
    named = f"の暗証番号は{four}"
    for place in range(3):
        shelved(place, at=clock.now())
    live(9)
    given = shelved(3, at=clock.now())
    give(given, now=clock.now())
    desk = staff_visitor(server)
    assert desk.get("/cards/boxes/")[0] == 200
    more = (
        f"/cards/applications/new/?person={person_no(9)}",
        f"/cards/one/{given.card_id}/hand-over/",
    )
    pages = pages_of(desk, (*STARTS, *more))
    assert len(pages) >= 20
    typed, refused = type_everywhere(desk, pages, notes)
    texts = {("/cards/applications/", "note"), ("/cards/applications/", "where"),
             ("/dispatch/parcels/", "other_town"), ("/cards/one/*/hand-over/", "why")}  # fmt: skip
    assert texts - refused == set()
    assert len(typed) >= 25
    assert found_in(server, began, letters, named, with_memory=False) == []


def grown_up(place):
    """Nobody comes with a parent here, however many come; and no two are born on one day."""
    return date(1950, 1, 1) + timedelta(days=place)


def a_box_of(places):
    """One box of grown-ups' cards, unpacked, set up and on their shelf; the ids in order."""
    now, box_no = clock.now(), f"B-{places[0]}"
    lines = [
        Line(notice_no=f"A1B-{place:06d}", application_no="", kind=CardKind.NEW,
             printed=Printed(name=name_of(place), birth_on=grown_up(place),
                             address=ADDRESS.format(place + 1), made_on=date(2026, 11, 1),
                             expires_on=date(2036, 5, 5)))
        for place in places
    ]  # fmt: skip
    for place in places:
        live(place, birth_sort=grown_up(place))
    unit.run(open_box, box_no=box_no, received_on=clock.today(), counted_in=len(lines),
             lines=lines, actor=KAEDE, now=now)  # fmt: skip
    ids = [unit.run(scan, box_no=box_no, text=one.notice_no, actor=KAEDE, now=now).card_id
           for one in lines]  # fmt: skip
    here = Card.objects.filter(card_id__in=ids)
    here.update(setup_outcome="DONE")
    with transaction.atomic():
        judge(list(here), actor=KAEDE, now=now)
    assert here.filter(state="SET_UP").count() == len(places)
    return ids


class Counter:
    """One counter: its first card goes by the pages, the others by three presses with the same fields."""

    def __init__(self, server):
        self.desk, self.presses = staff_visitor(server, follows=False), None

    def learn(self, card_id):
        """Read the fields of both forms off the pages of a card that is handed over."""
        page = f"/cards/one/{card_id}/hand-over/"
        form = next(one for one in read(self.desk.get(page)[1])[0] if "steps" in one.values)
        form.values |= {"documents": "driving_licence", "papers": "issue_notice",
                        "old_card": "NONE", "face_seen": "on", "pin_set": "on"}  # fmt: skip
        assert self.desk.send(page, form, form.values)[0] == 302
        undo = next(one for one in read(self.desk.get(page)[1])[0] if "why" in one.typed)
        undo.action = undo.action.replace(card_id, "{}")
        self.presses = form, undo

    def hand_over(self, place, card_id, secret):
        """One card over the counter, a PIN noted in error on the way, twice."""
        page = f"/cards/one/{card_id}/hand-over/"
        form, undo = self.presses
        field = ("age", "steps", "reason", "application_no")[place % 4]
        status, answer = self.desk.send(page, form, {**form.values, "face_seen": "", field: secret})
        assert status == 422, (place, status, re.findall("[A-Z]+_[A-Z_]+", answer))
        status, answer = self.desk.send(page, form, form.values)
        assert status == 302, (place, re.findall("[A-Z]+_[A-Z_]+", answer))
        note = f"暗証番号 {secret} とまちがえた"
        there = Form(undo.action.format(card_id), "post")
        status, answer = self.desk.send(page, there, {**undo.values, "why": note})
        assert (status, "暗証番号の書きとめ" in answer) == (422, True)


def hand_over_all(server, cards, secret_of):
    """Box after box, as the shelves hold no more: every card over one of the counters."""
    desks = [Counter(server) for _ in range(COUNTERS)]
    for desk in desks:
        (first,) = a_box_of(range(cards, cards + 1))
        cards += 1
        desk.learn(first)
    cards -= len(desks)
    with ThreadPoolExecutor(len(desks)) as pool:
        for first in range(0, cards, BOX_CARDS):
            places = range(first, min(first + BOX_CARDS, cards))
            ids = a_box_of(places)

            def counter(number, *, places=places, ids=ids):
                for at in range(number, len(places), len(desks)):
                    desks[number].hand_over(places[at], ids[at], secret_of(places[at]))

            for done in [pool.submit(counter, number) for number in range(len(desks))]:
                done.result()


@pytest.mark.parametrize(
    "cards",
    [CARDS, pytest.param(CARDS_IN_FULL, marks=pytest.mark.full(minutes=30))],
    ids=["few", "all"],
)
def test_no_card_leaves_a_pin_behind(server, began, cards):
    """Each card's secret begins with the same improbable half, so one look finds them all."""
    mark = new_secret(10)
    hand_over_all(server, cards, lambda place: f"{mark}{place:06d}")
    assert found_in(server, began, mark, with_memory=False) == []
