"""The common case at the desk, without a mouse: eight keys at most."""

import re

import pytest

from madoguchi.town.api import NAMED

KEYS_MAX = 8
#: Between two keys a hand needs longer than a scanner does.
HAND_MS = 70
#: A headless Chromium cannot print; what is asked to print says so instead.
PRINTING = "window.print = () => console.log(`PRINT ${document.contentType}`)"


class Keyboard:
    """Counts what a clerk presses, letter by letter."""

    def __init__(self, page):
        self.page = page
        self.pressed = []

    def press(self, key):
        self.pressed.append(key)
        self.page.keyboard.press(key)
        self.page.wait_for_timeout(HAND_MS)


@pytest.fixture
def clerk(desk_of):
    return at_aoi(desk_of("kaede", bypass_csp=True))


@pytest.fixture
def printing_clerk(desk_of, whole_chromium):
    """Before a browser that shows papers itself, as a clerk's does."""
    return at_aoi(desk_of("kaede", browser=whole_chromium, bypass_csp=True))


def at_aoi(page):
    page.add_init_script(PRINTING)
    page.goto(f"/person/{NAMED['aoi'].person_id}/")
    return page


def test_self_with_a_licence_takes_the_household_form(printing_clerk):
    """From the person page to the paper handed over and the fee in the books."""
    clerk, papers, said = printing_clerk, [], []
    clerk.on("response", lambda one: papers.append(one) if "/copies/" in one.url else None)
    clerk.on("console", lambda one: said.append(one.text))
    keys = Keyboard(clerk)
    keys.press("c")
    clerk.wait_for_selector("#paper img")
    keys.press("d")
    keys.press("Enter")
    clerk.wait_for_selector("a[data-print]")
    keys.press("Enter")
    clerk.wait_for_selector("button[form=give]")
    keys.press("Enter")
    clerk.wait_for_selector("text=交付しました")
    assert len(keys.pressed) <= KEYS_MAX, keys.pressed
    assert "PRINT application/pdf" in said
    assert papers[0].status == 200
    assert papers[0].headers["content-type"] == "application/pdf"
    assert re.search(r'filename="juminhyo-[\d-]+\.pdf"', papers[0].headers["content-disposition"])


def test_every_toggle_has_a_key_and_shows_that_it_is_on(clerk):
    clerk.goto(f"/certificates/new/?person={NAMED['minato_father'].person_id}")
    clerk.wait_for_selector("#paper img")
    for key, name, value in (
        ("2", "applicant", "HOUSEHOLD"), ("m", "photo", "MY_NUMBER_CARD"),
        ("i", "other", "HEALTH_INSURANCE_ELIGIBILITY"), ("8", "kind", "resident_record_individual"),
        ("j", "shown", "DOMICILE"),
    ):  # fmt: skip
        clerk.keyboard.press(key)
        clerk.wait_for_timeout(80)
        assert clerk.locator(f'input[name="{name}"][value="{value}"]').is_checked(), key


def test_the_paper_follows_what_is_chosen(clerk):
    clerk.goto(f"/certificates/new/?person={NAMED['minato_father'].person_id}")
    clerk.wait_for_selector("#paper img")
    assert clerk.locator("#paper img").count() == 2
    with clerk.expect_response("**/preview/"):
        clerk.keyboard.press("8")
    clerk.wait_for_function("document.querySelectorAll('#paper img').length === 1")
    with clerk.expect_response("**/preview/"):
        clerk.fill('input[name="copies"]', "3")
    clerk.wait_for_selector("#paper >> text=900円")


def test_pressing_without_a_document_says_so_and_keeps_everything(desk_of):
    clerk = desk_of("kaede")
    clerk.goto(f"/certificates/new/?person={NAMED['aoi'].person_id}")
    clerk.wait_for_selector("#paper img")
    clerk.fill('input[name="purpose"]', "車の登録")
    clerk.keyboard.press("Enter")
    summary = clerk.locator("[data-problems]")
    summary.wait_for()
    assert "本人確認書類が足りません" in summary.inner_text()
    assert clerk.evaluate("document.activeElement.matches('[data-problems]')")
    assert clerk.input_value('input[name="purpose"]') == "車の登録"
