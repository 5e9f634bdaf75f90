"""Four people at the counter of moves: a family of five, no moving out, a lost card, a mother in hiding."""

import json

import pytest

from madoguchi.infra import clock
from madoguchi.kernel.checkdigits import make_resident_code
from tests.browser.axe import violations
from tests.browser.conftest import DESK, PHONE

FAMILY = (
    ("港　渚", "ミナト　ナギサ", "昭和60年6月1日", "MALE", "世帯主"),
    ("港　波", "ミナト　ナミ", "昭和62年2月3日", "FEMALE", "妻"),
    ("港　岬", "ミナト　ミサキ", "平成28年8月9日", "FEMALE", "子"),
    ("港　汀", "ミナト　ミギワ", "令和5年1月2日", "MALE", "子"),
    ("港　磯", "ミナト　イソ", "昭和28年5月5日", "FEMALE", "母"),
)


@pytest.fixture
def notice(tmp_path):
    """The file of the old town, for people nobody has met before."""

    def write(serial, count):
        people = [
            {"name": name, "name_kana": kana, "birth": birth, "sex": sex, "has_card": True,
             "relationship": relationship, "honseki": "福岡県みどり市緑町1番地", "hittosha": "港　渚",
             "resident_code": make_resident_code(f"{serial + at:010d}")}
            for at, (name, kana, birth, sex, relationship) in enumerate(FAMILY[:count])
        ]  # fmt: skip
        path = tmp_path / f"{serial}.json"
        path.write_text(json.dumps({
            "schema": "madoguchi.move_out/1", "old_town": "みどり市", "people": people,
            "previous_address": "福岡県みどり市緑町5番6号", "planned_move_out_on": "",
        }), encoding="utf-8")  # fmt: skip
        return path

    return write


@pytest.fixture
def today():
    return clock.today().isoformat()


def tell(page, **typed):
    """Type what the old town could not know, and tick what was seen; return how much was typed."""
    for name, text in typed.items():
        page.fill(f"input[name={name}]", text)
    for name in ("identity_seen", "card_and_pin_shown", "signed"):
        page.check(f"input[name={name}]")
    return len(typed)


def test_a_family_of_five_moves_in_on_three_screens_with_one_signature(desk_of, notice, today):
    page = desk_of("kaede", DESK)
    page.goto("/moves/")
    page.set_input_files("input[name=notice]", notice(810_000, 5))
    page.get_by_role("button", name="始める").click()
    page.wait_for_url("**/moves/in/**")
    assert violations(page) == []
    # The new home once, and its day: nothing else is written, and one press files five people.
    typed = tell(page, moved_on=today, postcode="894-1508",
                 address="鹿児島県大島郡瀬戸内町大字古仁屋船津23番地")  # fmt: skip
    assert typed == 3
    assert page.locator("input[name=signed]").count() == 1
    assert page.locator("input[name=address]").count() == 1
    page.get_by_role("button", name="届け出る").click()
    page.wait_for_url("**/moves/filed/**")
    assert page.get_by_text("登録しました").is_visible()
    assert violations(page) == []
    page.get_by_role("link", name="家族のカードへ").click()
    page.wait_for_url("**/visits/runs/**")
    assert page.locator("select[name^=pin_]").count() == 5
    page.goto("/moves/tasks/?section=CHILDREN")
    assert page.get_by_text("児童手当の認定請求", exact=True).is_visible()
    assert violations(page) == []


def test_a_man_with_a_card_who_never_moved_out_knows_before_the_ferry(open_page):
    page = open_page(PHONE)
    page.goto("/prepare/move/")
    for words in (
        "ほかの市区町村から",
        "まだ届けていない",
        "1週間まで",
        "ある",
        "分かる",
        "1人",
        "引っ越す人みんな",
        "いない",
        "いない",
    ):
        page.locator(".picks a", has_text=words).first.click()
    assert page.get_by_text("先に、前の市区町村に転出を届けてください").is_visible()
    assert page.get_by_text("カードを持ってくるだけでは").is_visible()
    assert violations(page) == []


def test_a_family_books_from_the_page_and_the_clerk_finds_it(open_page, desk_of, today):
    page = open_page(PHONE)
    page.goto("/prepare/move/")
    for words in (
        "ほかの市区町村から", "マイナポータルか窓口で", "1週間まで", "ある", "分かる", "4人",
        "引っ越す人みんな", "どちらもいる", "いない",
    ):  # fmt: skip
        page.locator(".picks a", has_text=words).first.click()
    page.get_by_role("link", name="来る日を予約する").click()
    page.fill("#moved_on", today)
    assert violations(page) == []
    page.get_by_role("button", name="来られる日を見る").click()
    page.locator(".offers a").first.click()
    assert violations(page) == []
    # The last time of the day: other tests book from the morning on.
    page.locator(".offers button").last.click()
    assert page.get_by_text("この日時でよいですか").is_visible()
    assert violations(page) == []
    page.get_by_role("button", name="予約する").click()
    number = page.locator(".number").inner_text()
    assert page.get_by_text("母子健康手帳").is_visible()
    assert violations(page) == []
    # Nothing is wider than the phone.
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    desk = desk_of("kaede", DESK)
    desk.goto("/moves/booked/")
    desk.fill("#find_no", number)
    desk.keyboard.press("Enter")
    row = desk.get_by_role("row", name=number)
    row.get_by_text("A", exact=True).wait_for()
    assert row.get_by_text("母子健康手帳").is_visible()
    assert violations(desk) == []
    # The booking itself says the same letter, and leads back here.
    desk.get_by_role("link", name=number).click()
    desk.get_by_role("link", name="場合と持ってくるものを見る").click()
    desk.get_by_role("row", name=number).wait_for()
    # By its number the family gives the time back.
    page.get_by_role("button", name="終わる").click()
    page.fill("#number", number.lower())
    page.get_by_role("button", name="予約を開く").click()
    page.get_by_role("link", name="予約を取り消す").click()
    page.get_by_role("button", name="取り消す").click()
    page.get_by_text("予約を取り消しました").wait_for()


def test_the_clerk_books_by_keyboard_from_what_the_caller_said(desk_of, today):
    page = desk_of("kaede", DESK)
    page.goto(
        "/moves/ask/?came_from=town&moved_out=not_yet&moved_in=days_7&card=present&pin=known"
        "&people=2&comer=all&children=none&care=none"
    )
    page.get_by_role("link", name="来る日を予約する").click()
    page.locator("#moved_on:focus").wait_for()
    page.keyboard.type(today)
    page.keyboard.press("Enter")
    # What comes first is said before there is a time to choose.
    page.get_by_text("先に伝える").wait_for()
    assert page.locator(".agenda").count() == 0
    assert violations(page) == []
    page.get_by_role("link", name="伝えた").click()
    page.locator(".agenda").wait_for()
    assert violations(page) == []
    page.keyboard.press("k")
    page.wait_for_url("**/moves/booked/?number=*")
    assert page.get_by_text("番号を伝えてください").is_visible()
    assert page.locator("tbody tr").get_by_text("B", exact=True).is_visible()
    assert violations(page) == []


def test_a_lost_card_ends_in_a_letter_to_the_old_town(desk_of):
    page = desk_of("kaede", DESK)
    page.goto(
        "/moves/ask/?came_from=town&moved_out=online&moved_in=days_7&card=lost&people=1&comer=all&children=none&care=none"
    )
    assert page.locator("h1").inner_text().startswith("C")
    page.get_by_role("link", name="請求書を作る").click()
    page.locator("input[name=old_town]").first.fill("みどり市")
    # By hand, and nothing is kept; or sent by us, with the slip to take home.
    assert _pdf(page, page.url, old_town="みどり市").startswith(b"%PDF")
    for name, text in REQUEST.items():
        page.locator(f"input[name={name}]").first.fill(text)
    page.get_by_role("button", name="請求を送る").click()
    assert page.get_by_text("支援措置のことを、まだ聞いていません").is_visible()
    page.check("input[name=asked]")
    page.get_by_role("button", name="請求を送る").click()
    page.wait_for_url("**/moves/letter/?sent=*")
    assert page.get_by_text("発送待ちに入れました").is_visible()
    slip = page.locator("#sent").get_attribute("action")
    assert _pdf(page, slip).startswith(b"%PDF")
    row = page.get_by_role("row", name="みどり市")
    assert row.get_by_text("発送待ち").is_visible() and row.get_by_text("港").count() == 0
    assert violations(page) == []


REQUEST = {
    "moved_in_on": "2026-11-20", "name": "潮　凛", "birth": "平成2年4月1日",
    "previous_address": "福岡県みどり市緑町5番6号", "postcode": "810-8620",
    "new_address": "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地", "office": "福岡県みどり市緑町1番1号",
}  # fmt: skip


def _pdf(page, to, **typed):
    token = page.locator("form input[name=csrfmiddlewaretoken]").first.input_value()
    form = {"csrfmiddlewaretoken": token, **typed}
    return page.request.post(to, form=form, headers={"Referer": page.url}).body()


def test_a_mother_in_hiding_is_filed_and_nobody_else_finds_her(desk_of, notice, today):
    page = desk_of("nagi", DESK)
    page.goto("/moves/")
    page.set_input_files("input[name=notice]", notice(820_000, 1))
    page.check("input[name=protected]")
    page.get_by_role("button", name="始める").click()
    page.wait_for_url("**/moves/in/**")
    page.select_option("select[name=shelter]", "PARTNER_VIOLENCE")
    tell(page, moved_on=today, postcode="894-1508", address="鹿児島県大島郡瀬戸内町大字諸鈍9番地")
    page.get_by_role("button", name="届け出る").click()
    page.wait_for_url("**/moves/filed/**")
    filed = page.url
    other = desk_of("kaede", DESK)
    assert other.request.get(filed).status == 404
    other.goto("/moves/tasks/")
    assert other.get_by_text("諸鈍9番地").count() == 0
