"""The real flow in a real browser: card, PIN in the agent's frame, money, paper, books."""

import json
import os
import shutil
import subprocess
import sys

import psycopg
import pytest

from madoguchi.bridge import clock
from madoguchi.bridge.emulator import making
from madoguchi.bridge.remote import TrayHand
from tests.browser import card, kiosk
from tests.browser.axe import violations
from tests.browser.card import AOI, CHILD, FATHER, MOTHER, PIN, RIN, UME
from tests.browser.conftest import ROOT
from tests.browser.kiosk import TALL, WIDE
from tests.browser.test_kiosk_practice import STORE_ORDER, to_control
from tests.browser.test_kiosk_screens import FOUR_TIMES

SHOP = "うみかぜマート"


@pytest.fixture(scope="session")
def books(town):
    """The town's own tables, to be looked into behind its back."""
    password = json.loads((town.home / "postgres.json").read_text())["password"]
    port = (town.home / "postgres" / "postmaster.pid").read_text().splitlines()[3]
    with psycopg.connect(
        f"postgresql://madoguchi:{password}@127.0.0.1:{port}/madoguchi", autocommit=True
    ) as line:
        yield lambda query, *given: line.execute(query, given).fetchall()


@pytest.fixture
def hand(town):
    """The resident's hand at the reader; it leaves no card behind."""
    hand = TrayHand(town.agent)
    hand.take()
    yield hand
    hand.take()


@pytest.fixture(scope="session")
def stranger(town):
    """A card of the same authority that the town has never been told of."""
    return unknown_card(town, "901")


@pytest.fixture
def to_be_blocked(town):
    """A card whose tries are used up: no other test needs it afterwards."""
    shutil.rmtree(town.home / "cards" / "cards" / "902", ignore_errors=True)
    return unknown_card(town, "902")


def unknown_card(town, number):
    folder = town.home / "cards" / "cards" / number
    if not (folder / "card.json").exists():
        keys = {
            use: making.ca.read_authority(use, certificate=path, key=path.with_suffix(".key.der"))
            for use, path in making._authority_files(town.home / "cards").items()
        }
        today = clock.now().date()
        person = making.Person(
            person_id="000000000000000", name="よその　人", birth=today.replace(year=1980, day=1),
            sex="女", address="-", state="有効",
        )  # fmt: skip
        making._make_card(
            person, number=int(number), folder=folder, authorities=keys, as_of=today,
            pins=making.DemoPins(),
        )  # fmt: skip
    return number


def newest(books, columns):
    """The session that began last: the one this test has just walked."""
    return books(f"SELECT {columns} FROM kiosk_session ORDER BY opened_at DESC LIMIT 1")[0]


def is_wiped(books):
    person, offer, choices, end = newest(books, 'person_id, offer, choices, "end"')
    return (person, offer, choices) == ("", None, {}) and end


def balanced(town):
    """Compare the books as the command does, on the town's own tables."""
    kept = {k: v for k, v in os.environ.items() if k != "MADOGUCHI_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "madoguchi", "kiosk", "balance", "--json"],
        cwd=ROOT, env={**kept, "MADOGUCHI_HOME": str(town.home), "MADOGUCHI_DEMO": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def begin(page, hand, label, *, mode="PLAIN", language="ja"):
    kiosk.start(page, mode, language)
    return card.number_of(hand, label)


def test_the_household_takes_its_record_and_leaves_no_trace(open_page, hand, town, books):
    """Every real screen: axe, fingers, edges; no digit of the PIN ever comes to the server."""
    page = open_page(TALL, bypass_csp=True)
    sent, found = [], {}
    page.on("request", lambda one: sent.append((one.url, one.post_data or "")))

    def look(page):
        screen = kiosk.screen_of(page)
        if screen == "PIN":
            card.pad_of(page).locator("#stage.pin").wait_for()
        wrong = [*violations(page), *kiosk.small_targets(page)]
        if wrong or not kiosk.fits_sideways(page):
            found[screen] = wrong or ["too wide"]

    number = begin(page, hand, FATHER)
    seen = card.walk(page, hand, number, choose={"PART": "WHOLE"}, look=look)
    assert seen == STORE_ORDER
    assert found == {}
    ours = [body for url, body in sent if url.startswith(town.url)]
    assert ours and not any(PIN in body.split("certificate=")[0] for body in ours)
    assert not any(PIN in url for url, _ in sent)
    # Five people are more than a page: as many sheets are to be taken as came out.
    assert "証明書 2枚" in page.locator(".things").inner_text()
    assert SHOP in page.locator(".shop").inner_text()
    request_id, session_id = newest(books, "request_id, session_id")
    assert books(
        "SELECT state, channel, kind FROM certificates_request WHERE request_id = %s", request_id
    ) == [("HANDED_OVER", "KIOSK", "resident_record_household")]
    kiosk.press_main(page)
    page.wait_for_selector("[data-screen=START]")
    assert is_wiped(books) == "DONE"
    assert "madoguchi_kiosk" not in {one["name"] for one in page.context.cookies()}
    facts = books(
        "SELECT values->>'step' FROM infra_fact WHERE name LIKE 'kiosk_%%left'"
        " AND at > (SELECT opened_at FROM kiosk_session WHERE session_id = %s) ORDER BY id",
        session_id,
    )
    assert [one for (one,) in facts] == STORE_ORDER


def test_large_letters_to_the_end_by_keyboard_alone(open_page, hand, books):
    """Tab, Enter and digits; the agent's frame is reached by Tab like everything else."""
    page = open_page(WIDE)
    page.goto("/kiosk/?language=ja")
    number = card.number_of(hand, AOI)
    to_control(page, "button[value=ELDER]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-screen=ACCEPT]")
    seen = []

    def press_by_key(screen):
        choice = page.locator(".bar, .number").first
        to_control(page, ".actions .btn--main" if not choice.count() else
                   (".number" if screen == "COPIES" else ".bar"))  # fmt: skip
        page.keyboard.press("Enter")

    def type_pin(page):
        card.pad_of(page).locator("#stage.pin").wait_for()
        page.keyboard.type(PIN)
        page.keyboard.press("Enter")

    for _ in range(2 * kiosk.STEPS_MAX):
        screen = kiosk.screen_of(page)
        seen.append(screen)
        if screen == "TAKE":
            break
        here = page.url, page.locator(".head").inner_text()
        if screen in ("CARD", "PIN", "CARD_BACK", "PRINT"):
            card.go_on(page, hand, number, pin=type_pin)
        else:
            press_by_key(screen)
        card.wait_changed(page, here)
    assert seen[-1] == "TAKE"
    assert newest(books, "mode, step") == ("ELDER", "TAKE")
    to_control(page, ".actions .btn--main")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-screen=START]")
    assert is_wiped(books) == "DONE"


@pytest.mark.parametrize(
    ("language", "label", "kind", "words"),
    [
        ("en", AOI, "tax", "Certificate, 1 sheet"),
        ("ja-easy", FATHER, "seal_registration", "証明書 1枚"),
    ],
)
def test_other_kinds_in_other_words_to_the_end(
    open_page, hand, books, language, label, kind, words
):
    """Paid at the till beside the machine, once; the confirmation names what will be printed."""
    page = open_page(WIDE)
    number = begin(page, hand, label, language=language)
    choose = {"KIND": kind, "PAY": "CASHLESS"}
    card.walk(page, hand, number, choose=choose, until="CONFIRM")
    if kind == "tax":
        assert "Fiscal year" in page.locator(".sum").inner_text()
    card.walk(page, hand, number, choose=choose)
    assert words in readable(page.locator(".things"))
    assert SHOP in page.locator(".shop").inner_text()
    (request_id,) = newest(books, "request_id")
    assert books(
        "SELECT r.state, r.kind, p.method, p.stage FROM certificates_request r"
        " JOIN kiosk_payment p ON p.request_id = r.request_id WHERE r.request_id = %s",
        request_id,
    ) == [("HANDED_OVER", kind, "CASHLESS", "PAID")]


def readable(part):
    """What is read aloud of a text with furigana: the text alone."""
    return part.evaluate(
        "one => { const copy = one.cloneNode(true);"
        " copy.querySelectorAll('rt').forEach(rt => rt.remove()); return copy.textContent; }"
    )


def test_a_wrong_pin_counts_down_and_the_right_one_restores(open_page, hand):
    page = open_page(WIDE)
    number = begin(page, hand, MOTHER)
    card.walk(page, hand, number, until="PIN")
    pad = card.pad_of(page)
    pad.get_by_text("あと3回").wait_for()
    card.touch_pin(page, "0000")
    pad.get_by_text("暗証番号がちがいます").wait_for()
    pad.get_by_text("あと2回").wait_for()
    # Taken away in the middle, and laid again: asked anew, and nothing is forgotten.
    hand.take()
    pad.locator("#stage.place").wait_for()
    hand.place(number)
    pad.get_by_text("あと2回").wait_for()
    card.touch_pin(page)
    page.wait_for_selector("[data-screen=CARD_BACK]")
    # A card that stays on the reader holds the way up; nothing is chosen meanwhile.
    assert kiosk.screen_of(page) == "CARD_BACK"
    page.locator("[data-leave]").click()
    page.wait_for_selector(".screen--end")
    hand.take()
    begin(page, hand, MOTHER)
    card.walk(page, hand, number, until="PIN")
    pad.get_by_text("あと3回").wait_for()


def test_a_blocked_card_is_told_where_help_is(open_page, hand, to_be_blocked, books):
    page = open_page(WIDE, bypass_csp=True)
    kiosk.start(page, "PLAIN", "ja")
    card.walk(page, hand, to_be_blocked, until="PIN")
    pad = card.pad_of(page)
    for left in ("あと2回", "あと1回です", "ロックされています"):
        card.touch_pin(page, "9999")
        pad.get_by_text(left).first.wait_for()
    assert pad.locator("[data-key]").count() == 0
    page.locator("[data-said=blocked]").wait_for()
    assert "窓口" in page.locator("[data-said=blocked]").inner_text()
    assert violations(page) == []
    page.locator("[data-leave]").click()
    page.wait_for_selector(".screen--end")
    assert is_wiped(books) == "LEFT"


def test_every_refusal_is_one_and_the_same_screen(open_page, hand, stranger, books):
    """Protected, a child, revoked, unknown: byte for byte the same answer, other reasons inside."""
    page = open_page(WIDE, bypass_csp=True)
    pages, reasons = {}, {}
    for who in (RIN, CHILD, UME, stranger):
        number = who if who == stranger else card.number_of(hand, who)
        kiosk.start(page, "PLAIN", "ja")
        answers = []
        note = lambda one, into=answers: into.append(one)  # noqa: E731
        page.on("response", note)
        card.walk(page, hand, number, until="CARD_BACK")
        page.remove_listener("response", note)
        last = next(one for one in reversed(answers) if one.url.endswith("/kiosk/now/"))
        pages[who] = card.without_tokens(last.text())
        reasons[who] = tuple(newest(books, "reasons")[0])
        assert is_wiped(books) == "REFUSED"
        hand.take()
    assert len(set(pages.values())) == 1
    assert len(set(reasons.values())) > 1
    assert violations(page) == []
    assert kiosk.small_targets(page) == []
    shown = page.locator("main").inner_text()
    assert "窓口" in shown
    assert not any(word in shown for word in ("支援", "失効", "15歳", "登録がありません"))


@pytest.mark.parametrize("step", ["CARD", "PIN", "KIND", "CONFIRM", "PAY"])
def test_leaving_forgets_and_undoes(open_page, hand, books, step):
    page = open_page(WIDE)
    number = begin(page, hand, AOI)
    card.walk(page, hand, number, until=step)
    page.locator("[data-leave]").click()
    page.wait_for_selector(".screen--end")
    assert is_wiped(books) == "LEFT"
    (request_id,) = newest(books, "request_id")
    if step == "PAY":
        assert books(
            "SELECT state FROM certificates_request WHERE request_id = %s", request_id
        ) == [("VOID",)]
    else:
        assert request_id == ""
    assert AOI[:2] not in page.content()


def test_silence_ends_and_forgets(open_page, hand, books):
    """With the choices on the screen, nobody there: the page asks, waits, ends; back shows nothing."""
    page = open_page(WIDE)
    number = begin(page, hand, FATHER)
    card.walk(page, hand, number, until="KIND")
    page.clock.install()
    page.reload()
    idle = int(page.locator("[data-idle]").get_attribute("data-idle"))
    page.clock.fast_forward((idle - 29) * 1000)
    page.locator("#still").wait_for()
    page.clock.run_for(32_000)
    page.wait_for_selector(".screen--end")
    assert is_wiped(books) == "TIMED_OUT"
    page.go_back()
    assert FATHER[0] not in page.locator("main").inner_text()


def test_a_jam_is_told_and_mended_or_the_money_comes_back(open_page, hand, books):
    """First a clerk clears it and the paper comes; then the printing is given up."""
    page = open_page(WIDE, bypass_csp=True)
    machines = page.context.new_page()
    number = begin(page, hand, AOI)
    card.walk(page, hand, number, until="PRINT")
    card.at_machines(machines, "いま紙づまりにする")
    page.locator(".head .note").first.wait_for()
    assert "紙" in page.locator(".head").inner_text()
    assert violations(page) == []
    page.get_by_text("職員を呼びました").first.wait_for()
    card.at_machines(machines, "直して用紙を入れる")
    page.wait_for_selector("[data-screen=TAKE]", timeout=card.PAPER_MS)
    kiosk.press_main(page)

    card.at_machines(machines, "いま紙づまりにする")
    begin(page, hand, AOI)
    card.walk(page, hand, number, until="PRINT")
    page.locator(".head .note").first.wait_for(timeout=card.PAPER_MS)
    card.at_machines(machines, "印刷を取り消す")
    page.wait_for_selector(".screen--end", timeout=card.PAPER_MS)
    told = page.locator("main").inner_text()
    assert "200円" in told
    assert "返" in told
    assert is_wiped(books) == "FAILED"
    (request_id,) = newest(books, "request_id")
    assert books(
        "SELECT r.state, p.stage FROM certificates_request r"
        " JOIN kiosk_payment p ON p.request_id = r.request_id WHERE r.request_id = %s",
        request_id,
    ) == [("VOID", "REFUND_DUE")]
    card.at_machines(machines, "直して用紙を入れる")


def test_who_moved_away_gets_the_former_towns_certificate(open_page, hand, town, books):
    """At the machine, where nothing else is offered, and on the public page as a signed file."""
    leaver = books(
        "SELECT person_id FROM register_current WHERE status = 'MOVED_OUT' AND person_id = ANY(%s)",
        [one["person_id"] for one in card.people_of(town)],
    )[0][0]
    number = next(one["card_no"] for one in card.people_of(town) if one["person_id"] == leaver)
    page = open_page(WIDE)
    kiosk.start(page, "PLAIN", "ja")
    card.walk(page, hand, number, until="KIND")
    assert kiosk.screen_of(page) == "KIND"
    assert [one.get_attribute("value") for one in page.locator(".bar").all()] == ["tax"]
    card.walk(page, hand, number)
    kiosk.press_main(page)

    page.goto("/tax/")
    page.locator("form.begin button").click()
    page.wait_for_selector("[data-screen=ACCEPT]")
    card.walk(page, hand, number, until="PRINT")
    page.locator("form[data-download] button").wait_for(timeout=card.PAPER_MS)
    with page.expect_download() as got:
        page.locator("form[data-download] button").click()
    pdf = got.value.path().read_bytes()
    assert pdf.startswith(b"%PDF")
    assert not any(ch in got.value.suggested_filename for ch in "瀬戸航平里結衣")
    checked = page.context.new_page()
    checked.goto("/verify/")
    file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf}
    checked.locator("input[type=file]").set_input_files(file)
    checked.get_by_text("このファイルを確かめる").click()
    checked.get_by_text("この町が発行した証明書です").wait_for()
    changed = pdf.replace(b"/Title", b"/Titel", 1)
    checked.locator("input[type=file]").set_input_files({**file, "buffer": changed})
    checked.get_by_text("このファイルを確かめる").click()
    checked.get_by_text("確かめられませんでした").wait_for()
    page.locator(".actions .btn--main").click()
    page.wait_for_url("**/tax/**")
    (request_id,) = books(
        "SELECT request_id FROM kiosk_docket WHERE channel = 'WEB' ORDER BY ended_at DESC LIMIT 1"
    )[0]
    assert books(
        "SELECT state, kind FROM certificates_request WHERE request_id = %s", request_id
    ) == [("HANDED_OVER", "tax")]


def test_under_a_magnifier_the_pad_is_all_there(open_page, hand):
    """At 400 %: the card's own page can be scrolled to every key, and no key is small."""
    page = open_page(FOUR_TIMES)
    number = begin(page, hand, AOI)

    def look(page):
        assert kiosk.fits_sideways(page), kiosk.screen_of(page)

    card.walk(page, hand, number, until="PIN", look=look)
    pad = card.pad_of(page)
    pad.locator("#stage.pin").wait_for()
    assert pad.locator(":root").evaluate("one => one.scrollWidth <= one.clientWidth")
    for key in pad.locator("button").all():
        box = key.bounding_box()
        assert box["width"] >= kiosk.TARGET_MIN
        assert box["height"] >= kiosk.TARGET_MIN
    card.touch_pin(page)
    page.wait_for_selector("[data-screen=CARD_BACK]")
    assert card.walk(page, hand, number, until="PAY", look=look)[-1] == "PAY"


def test_at_the_end_of_it_all_the_books_agree(town):
    """Refused, left, jammed, given up, taken: every one of them stands in all four books."""
    told = balanced(town)
    assert told["channels"]
    assert [one["differences"] for one in told["channels"]] == [[] for _ in told["channels"]]
    assert sum(kind["asked"] for one in told["channels"] for kind in one["kinds"]) > 0
