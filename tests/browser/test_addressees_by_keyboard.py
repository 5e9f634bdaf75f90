"""A month's list worked off without a mouse: one key a row, taken back, typed, written back."""

import pytest

from tests.browser.axe import violations


@pytest.fixture
def clerk(desk_of):
    return desk_of("kaede", bypass_csp=True)


def heading(page):
    return page.locator("h1").inner_text()


def press(page, key):
    with page.expect_navigation():
        page.keyboard.press(key)


def test_one_key_a_row_and_back(clerk):
    clerk.goto("/addressees/")
    # A family that moved in by another test has put a newer list, with nothing to decide, on top.
    clerk.locator("td a", has_text="行を確かめる").first.focus()
    press(clerk, "Enter")
    assert violations(clerk) == []
    first = heading(clerk)
    assert "この人はだれですか" in first
    # What differs is told by weight and line, not by colour alone.
    marked = clerk.locator("tbody .differs").first
    assert marked.evaluate("one => getComputedStyle(one).fontWeight") == "700"
    press(clerk, "0")
    assert heading(clerk) != first
    press(clerk, "z")
    assert heading(clerk) == first
    keys = 0
    while "確かめる行はありません" not in heading(clerk):
        press(clerk, "1")
        keys += 1
    assert 0 < keys <= 10
    press(clerk, "Enter")
    assert violations(clerk) == []
    typed = clerk.locator("input[name=task]").count()
    assert typed > 0
    press(clerk, "Enter")
    assert clerk.locator("input[name=task]").count() == 0
    with clerk.expect_navigation():
        clerk.locator("button[name=write_back_id]").click()
    assert clerk.locator("input[name=task]").count() == typed
    # The town is another test's too.
    clerk.goto(clerk.url.replace("/work/", "/review/"))
    for _ in range(keys):
        with clerk.expect_navigation():
            clerk.locator("button[name=choice_id]").first.click()
    assert heading(clerk) == first
