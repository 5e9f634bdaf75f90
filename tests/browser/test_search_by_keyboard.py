"""Searching without a mouse, while typing; and the import page with its report."""

import pytest

from madoguchi.town.api import NAMED

HAND_MS = 70


@pytest.fixture
def clerk(desk_of):
    page = desk_of("kaede")
    page.goto("/register/search/")
    return page


def test_results_come_while_typing_and_enter_opens(clerk):
    clerk.keyboard.type("うんの", delay=HAND_MS)
    clerk.wait_for_selector("[data-hits] tbody tr")
    assert "海野" in clerk.locator("[data-hits]").inner_text()
    assert clerk.locator("#q").input_value() == "うんの"
    clerk.keyboard.press("ArrowDown")
    assert clerk.evaluate("document.activeElement.matches('[data-hits] tbody th a')")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url(f"**/person/{NAMED['aoi'].person_id}/")


def test_j_and_k_walk_the_list_and_k_leads_back_to_the_box(clerk):
    clerk.keyboard.type("古仁屋", delay=HAND_MS)
    clerk.wait_for_selector("[data-hits] tbody tr:nth-child(3)")
    clerk.keyboard.press("ArrowDown")
    here = (
        "[...document.querySelectorAll('[data-hits] tbody th a')].indexOf(document.activeElement)"
    )
    assert clerk.evaluate(here) == 0
    for key, place in (("j", 1), ("j", 2), ("k", 1), ("k", 0)):
        clerk.wait_for_timeout(HAND_MS)
        clerk.keyboard.press(key)
        assert clerk.evaluate(here) == place, key
    clerk.keyboard.press("ArrowUp")
    assert clerk.evaluate("document.activeElement.id") == "q"


def test_what_was_typed_stays_and_is_a_letter_in_the_box(clerk):
    clerk.keyboard.type("jk", delay=HAND_MS)
    assert clerk.locator("#q").input_value() == "jk"


def test_an_import_is_tried_first_and_reported(desk_of, tmp_path):
    file = tmp_path / "register.csv"
    file.write_text("宛名番号,氏名\n1,浜　葵\n", encoding="utf-8")
    page = desk_of("kai")
    page.goto("/register/import/")
    page.set_input_files("input[name=register]", file)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=登録していません", timeout=20_000)
    assert "「世帯番号」の列がありません。" in page.locator("#main").inner_text()
