"""The laptop's pages from files alone: works, wrong door, not along, bad input, over, cut, no line."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from dataclasses import replace
from datetime import datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.test import Client, override_settings

from madoguchi.entry import laptop_settings
from madoguchi.infra import clock
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.outcome import Refused
from madoguchi.kit.documents.bundle_file import new_key, new_word, open_with_key, seal_bundle
from madoguchi.kit.documents.journal import journal_of, read_journal
from madoguchi.kit.documents.laptop import HELD, Laptop
from madoguchi.kit.documents.officer_words import stretch_word
from madoguchi.kit.domain.operations import Kind, read_operation, write_operation
from madoguchi.kit.domain.trips import (
    BroughtCard,
    BroughtCase,
    Bundle,
    OfficerAlong,
    Planned,
    Resident,
)
from madoguchi.kit.views.laptop import COOKIE, OFFICER_COOKIE

NOW = datetime(2026, 11, 28, 9, tzinfo=JAPAN)
UME, SORA = "0" * 15, "1" * 15
CARD, CASE, SURVEY = "c" * 26, "k" * 26, "s" * 26
WORD = "なみ おと しま あさ かぜ"
SALT, DIGEST = stretch_word(WORD)
NAGI = OfficerAlong(
    staff_id="nagi", name="森 なぎ", salt=SALT, digest=DIGEST, may_see_held=False, may_issue=True
)
BUNDLE = Bundle(
    trip_id="t" * 26, area="YORO", town="せとうち町", officers=(NAGI,), sealed_at=NOW,
    until=NOW + timedelta(hours=9),
    residents=tuple(
        Resident(person_id=one, name=name, kana=kana, born="昭和23年1月2日", address="与路1番地",
                 household_no="9" * 15, age=78)
        for one, name, kana in ((UME, "港　梅", "ミナト　ウメ"), (SORA, "浜　空", "ハマ　ソラ"))
    ),
    cards=(BroughtCard(card_id=CARD, person_id=UME, kind="NEW", notice_no="A1B-000001",
                       shelf="A-3", version=4),),
    cases=(BroughtCase(case_id=CASE, called="浜　空", number="AB12CD", people=(SORA,), visits=1),),
    planned=(Planned(application_id="p" * 26, person_id=SORA),), surveys=((SURVEY, "受取"),),
    papers={},
)  # fmt: skip
GIVEN = {"documents": ["driving_licence"], "papers": ["issue_notice"], "face_seen": "on",
         "pin_set": "on", "old_card": "NONE", "certificates": ["AUTH"]}  # fmt: skip
SEEN = {"seen": "SAME", "officers": "森、碇山"}


@pytest.fixture
def kit(tmp_path):
    path, key = tmp_path / "yoro.kit", new_key()
    seal_bundle(path, BUNDLE, key=key, word=new_word())
    with clock.frozen(NOW):
        laptop = Laptop(path, open_with_key(path, key))
        yield laptop, path, key
        laptop.close()


@pytest.fixture
def browser(kit):
    """A browser before the laptop's own routes and middleware; the database is not there to ask."""
    with override_settings(
        ROOT_URLCONF=laptop_settings.ROOT_URLCONF, MIDDLEWARE=laptop_settings.MIDDLEWARE
    ):
        client = Client(**{HELD: kit[0]})
        client.cookies[COOKIE] = kit[0].key
        client.cookies[OFFICER_COOKIE] = kit[0].sign_in("nagi", WORD)
        yield client


def kept(kit):
    _, path, key = kit
    return read_journal(journal_of(path), key=key, trip_id=BUNDLE.trip_id).operations


def send(browser, url, given):
    name = re.search(r'name="op_id" value="([a-z2-7]{26})"', browser.get(url).text)
    assert name, "each form has a name of its own"
    return browser.post(url, {"op_id": name[1], **given}), name[1]


def test_a_day_is_looked_up_and_written_down_and_every_look_with_it(kit, browser):
    assert "港" in browser.get("/?q=みなと").text and "浜" not in browser.get("/?q=みなと").text
    page = browser.get(f"/person/{UME}/").text
    assert "通信なし" in page and "18:00 まで" in page and "渡す" in page
    for url, given, kind in (
        (f"/card/{CARD}/", GIVEN, Kind.CARD_HANDED_OVER), (f"/visit/{CASE}/", SEEN, Kind.VISIT_NOTED),
        (f"/survey/{SURVEY}/", {"face": "GOOD"}, Kind.SURVEY_ANSWERED),
        (f"/application/{SORA}/",
         {"delivery": "COUNTER", "documents": ["driving_licence"],
          "photo": ["PHOTO_NOT_RECENT", "PHOTO_NOT_FRONT", "PHOTO_NOT_NO_HAT", "PHOTO_NOT_PLAIN",
                    "PHOTO_NOT_EYES", "PHOTO_NOT_ALONE"]}, Kind.APPLICATION_TAKEN),
    ):  # fmt: skip
        answer, op_id = send(browser, url, given)
        assert answer.status_code == 302, answer.text
        last = kept(kit)[-1]
        assert (last.op_id, last.kind) == (op_id, kind)
    looks = [one.person_id for one in kept(kit) if one.kind is Kind.LOOKED]
    assert set(looks) == {UME, SORA}
    survey = next(one for one in kept(kit) if one.kind is Kind.SURVEY_ANSWERED)
    assert survey.person_id == "" and kept(kit)[-1].payload["application_id"] == "p" * 26
    assert "渡した" in browser.get(f"/person/{UME}/").text


def test_the_same_press_twice_is_done_once_and_a_second_card_is_not_given(kit, browser):
    _, op_id = send(browser, f"/card/{CARD}/", GIVEN)
    assert browser.post(f"/card/{CARD}/", {"op_id": op_id, **GIVEN}).status_code == 302
    answer, _ = send(browser, f"/card/{CARD}/", GIVEN)
    assert answer.status_code == 422 and "KIT_DONE_ALREADY" in answer.text
    assert [one.kind for one in kept(kit)].count(Kind.CARD_HANDED_OVER) == 1


def test_what_the_tables_have_against_it_is_told_on_the_island(kit, browser):
    answer, _ = send(browser, f"/card/{CARD}/", {**GIVEN, "documents": [], "pin_set": ""})
    assert answer.status_code == 422 and "HANDOVER_PIN_NOT_SET" in answer.text
    answer, _ = send(browser, f"/application/{SORA}/", {"delivery": "COUNTER"})
    assert answer.status_code == 422 and "PHOTO_NOT_FRONT" in answer.text
    for url, given in ((f"/visit/{CASE}/", {"seen": "DOG"}), (f"/survey/{SURVEY}/", {})):
        assert send(browser, url, given)[0].status_code == 422
    assert browser.post(f"/visit/{CASE}/", {"op_id": "x", **SEEN}).status_code == 422
    assert {one.kind for one in kept(kit)} == {Kind.LOOKED}


@pytest.mark.parametrize("visitor", ["self", "statutory_agent", "proxy"])
def test_what_only_a_proxy_is_asked_is_asked_of_no_other(browser, visitor):
    page = browser.get(f"/card/{CARD}/?visitor={visitor}").text
    assert ('name="visitor_documents"' in page) is (visitor != "self")
    assert ('name="reason"' in page) is (visitor == "proxy")
    assert ('name="holder_present"' in page) is (visitor == "statutory_agent")


def test_who_did_not_come_along_is_not_there(browser):
    for url in ("/person/2/", "/card/2/", "/application/2/", "/visit/2/", "/survey/2/"):
        answer = browser.get(url)
        assert answer.status_code == 404 and "KIT" not in answer.text and "この端末" in answer.text


def test_a_browser_without_the_words_key_sees_nothing(kit, browser):
    browser.cookies.clear()
    for url in ("/", f"/person/{UME}/", f"/card/{CARD}/", "/?key=wrong"):
        answer = browser.get(url)
        assert answer.status_code == 403 and "港" not in answer.text and "与路" not in answer.text
    assert browser.get(f"/?key={kit[0].key}").status_code == 302
    # The kit's word opens the door; who works behind it is another question.
    assert browser.get("/").url == "/in/" and "港" not in browser.get("/in/").text
    assert not [one for one in kept(kit) if one.kind is Kind.LOOKED]


def test_k4_in_the_evening_and_under_a_clock_put_back_nothing_is_shown(kit, browser):
    with clock.frozen(NOW + timedelta(hours=9)):
        answer = browser.get("/")
        assert answer.status_code == 403 and "18:00 で閉まりました" in answer.text
    with clock.frozen(NOW + timedelta(hours=3)):
        assert browser.get("/").status_code == 200
    with clock.frozen(NOW + timedelta(hours=1)):
        assert "時計が、もどっています" in browser.get("/").text
    kit[0].close()
    with clock.frozen(NOW + timedelta(hours=2)), pytest.raises(Refused) as refused:
        Laptop(kit[1], open_with_key(kit[1], kit[2]))
    assert refused.value.problems[0].code == "KIT_CLOCK_BACK"


SERVED = r"""
import os, re, sys, threading, urllib.parse, urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "madoguchi.entry.laptop_settings"
import django
django.setup()
from wsgiref.simple_server import make_server
from madoguchi.entry.laptop import application, _Quiet
from madoguchi.kit.documents.bundle_file import open_with_key
from madoguchi.kit.documents.laptop import Laptop
laptop = Laptop(Path(sys.argv[1]), open_with_key(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])))
server = make_server("127.0.0.1", 0, application(laptop), handler_class=_Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
ask = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
page = ask.open(f"http://127.0.0.1:{server.server_port}/?key={laptop.key}").read().decode()
asked = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
sent = urllib.parse.urlencode(
    {"officer": "nagi", "word": sys.argv[3], "csrfmiddlewaretoken": asked}
).encode()
page = ask.open(f"http://127.0.0.1:{server.server_port}/in/", sent).read().decode()
print("SERVED" if "港" in page and "通信なし" in page else page)
try:
    urllib.request.urlopen("http://192.0.2.1/", timeout=2)
except OSError as error:
    print("CUT", error)
"""


def test_k8_it_serves_where_there_is_no_network_at_all(tmp_path):
    cut = ["unshare", "--net", "--map-root-user", "sh", "-c"]
    up = "ip link set lo up 2>/dev/null || ifconfig lo up"
    if shutil.which("unshare") is None or subprocess.run([*cut, up], check=False).returncode:
        pytest.skip("no network namespace can be made")  # reason: the machine may forbid it
    path, _, key = fresh(tmp_path)
    done = subprocess.run(
        [*cut, f'{up}; exec "$@"', "sh", sys.executable, "-c", SERVED, str(path), key.hex(), WORD],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "MADOGUCHI_HOME": str(tmp_path / "home")},
        cwd=Path(__file__).resolve().parents[1],
    )  # fmt: skip
    assert "SERVED" in done.stdout and "CUT" in done.stdout, done.stdout + done.stderr


def fresh(tmp_path):
    """A kit of now, for a process whose clock nobody holds."""
    path, word, key, now = tmp_path / "yoro.kit", new_word(), new_key(), clock.now()
    bundle = Bundle(**{
        **{name: getattr(BUNDLE, name) for name in BUNDLE.__slots__},
        "sealed_at": now, "until": now + timedelta(hours=1),
    })  # fmt: skip
    seal_bundle(path, bundle, key=key, word=word)
    return path, word, key


def opening(path, tmp_path, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "madoguchi", "kit", "open", str(path), "--port", "0", *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "MADOGUCHI_HOME": str(tmp_path / "home")},
        cwd=Path(__file__).resolve().parents[1],
    )  # fmt: skip


def test_k3_kit_open_killed_while_somebody_works_keeps_what_it_confirmed(tmp_path):
    path, word, key = fresh(tmp_path)
    confirmed = []
    for person in (UME, SORA):
        served = opening(path, tmp_path)
        served.stdin.write(f"{word}\n")
        served.stdin.flush()
        url = served.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), url
        ask = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        asked = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"', ask.open(url).read().decode()
        )
        word_sent = {"officer": "nagi", "word": WORD, "csrfmiddlewaretoken": asked[1]}
        home = url.split("?")[0]
        ask.open(f"{home}in/", urllib.parse.urlencode(word_sent).encode()).read()
        page = ask.open(f"{url.split('?')[0]}person/{person}/").read().decode()
        confirmed.append(person)
        served.kill()
        served.wait()
        served.stdin.close()
        served.stdout.close()
        assert "きょうできること" in page
    found = read_journal(journal_of(path), key=key, trip_id=BUNDLE.trip_id).operations
    assert [one.person_id for one in found] == confirmed


def test_a_wrong_word_opens_nothing_and_says_so(tmp_path):
    path, _, _ = fresh(tmp_path)
    answer, _ = opening(path, tmp_path, "--json").communicate(f"{new_word()}\n", timeout=60)
    assert json.loads(answer)["problems"][0]["code"] == "KIT_WORD_WRONG"
    assert not journal_of(path).exists()


def test_k12_behind_the_door_nobody_works_but_an_officer_with_their_own_word(kit, browser):
    browser.get("/")
    assert browser.post("/out/").url == "/in/" and browser.get(f"/person/{UME}/").url == "/in/"
    for given in (
        {"officer": "nagi", "word": "ちがうことばです"},
        {"officer": "kai", "word": WORD},
        {},
    ):
        answer = browser.post("/in/", given)
        assert answer.status_code == 422 and OFFICER_COOKIE not in answer.cookies
    answer = browser.post("/in/", {"officer": "nagi", "word": WORD.upper()})
    assert answer.status_code == 302
    assert "森 なぎ" in browser.get("/").text
    browser.get(f"/person/{SORA}/")
    assert kept(kit)[-1].officer == "nagi"


def test_k12_who_guesses_waits(kit):
    laptop = kit[0]
    for _ in range(5):
        with pytest.raises(Refused) as refused:
            laptop.sign_in("nagi", "あてずっぽう")
        assert refused.value.problems[0].code == "KIT_OFFICER_WORD_WRONG"
    with pytest.raises(Refused) as refused:
        laptop.sign_in("nagi", WORD)
    assert refused.value.problems[0].code == "KIT_OFFICER_WAIT"


def test_what_an_operation_says_of_its_officer_is_in_its_digest_and_an_older_one_keeps_its_own(kit):
    laptop = kit[0]
    laptop.look(UME, officer=NAGI)
    one = kept(kit)[-1]
    assert '"officer"' in write_operation(one) and read_operation(write_operation(one)) == one
    older = replace(one, officer="")
    assert '"officer"' not in write_operation(older) and older.digest != one.digest
