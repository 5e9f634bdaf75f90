"""From the terminal to the hand, as a clerk does it: keys, one press, ticks; and a booking by phone."""

import pytest

from madoguchi.town.api import NAMED
from tests.browser.axe import violations
from tests.browser.conftest import PHONE

NUMBER = "DM1-000001"


@pytest.fixture
def clerk(desk_of):
    return desk_of("kaede", bypass_csp=True)


def test_set_up_announced_and_handed_over(clerk):
    name = NAMED["aoi"].name.split("\u3000")[0]
    clerk.goto("/cards/setup/")
    assert NUMBER in clerk.locator(".scanned").inner_text()
    assert violations(clerk) == []
    with clerk.expect_navigation():
        clerk.keyboard.press("1")
    assert NUMBER not in clerk.locator("main").inner_text()
    clerk.goto("/cards/notices/")
    with clerk.expect_navigation():
        clerk.keyboard.press("Enter")
    assert "発送待ちに入れました" in clerk.locator("main").inner_text()
    clerk.goto("/cards/hand-over/")
    clerk.keyboard.type(NUMBER.replace("-", "").lower())
    with clerk.expect_navigation():
        clerk.keyboard.press("Enter")
    assert name in clerk.locator(".scanned").inner_text()
    assert violations(clerk) == []
    # Nothing goes with a gap, and what was ticked stays.
    clerk.locator("input[name=documents][value=driving_licence]").check()
    clerk.locator("input[name=old_card][value=NONE]").check()
    with clerk.expect_navigation():
        clerk.locator("button[data-main]").click()
    assert "確かめてください" in clerk.locator(".problems").inner_text()
    assert clerk.locator("input[name=documents][value=driving_licence]").is_checked()
    for box in clerk.locator("input[name=papers]").all():
        box.check()
    clerk.locator("#id_face_seen").check()
    clerk.locator("#id_pin_set").check()
    with clerk.expect_navigation():
        clerk.locator("button[data-main]").click()
    assert "交付しました" in clerk.locator(".scanned").inner_text()
    assert violations(clerk) == []
    # A slip of the day comes back: the town is another test's too.
    clerk.locator("#id_why").fill("ためし")
    with clerk.expect_navigation():
        clerk.get_by_role("button", name="交付を取り消す").click()
    assert "棚" in clerk.locator(".scanned").inner_text()


def test_a_resident_books_on_a_phone(open_page):
    page = open_page(PHONE, bypass_csp=True)
    page.goto("/booking/")
    page.locator("input[name=notice_no]").fill("DM1-000002")
    page.locator("input[name=birth]").fill("1900-01-01")
    with page.expect_navigation():
        page.locator("main form button").last.click()
    assert violations(page) == []
    assert page.locator("input[name=notice_no]").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
