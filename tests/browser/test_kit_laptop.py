"""The island laptop as it is used: words, seal, open, a certificate, home; accessible and by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import press_in

ROOT = Path(__file__).resolve().parents[2]
WORD = "なみ おと しま あさ かぜ"
NARROW = {"width": 320, "height": 640}


def madoguchi(home, *words, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "madoguchi", "kit", *words], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**{k: v for k, v in os.environ.items() if k != "MADOGUCHI_DATABASE_URL"},
             "MADOGUCHI_HOME": str(home)}, **more,
    )  # fmt: skip


def answer_of(home, *words):
    said, _ = madoguchi(home, *words, "--json").communicate(timeout=120)
    return json.loads(said)


@pytest.fixture
def look():
    """Return a function that looks at a page: axe, both widths, nothing to scroll sideways."""

    def at(page):
        assert violations(page) == [], page.url
        wide = page.viewport_size
        page.set_viewport_size(NARROW)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        page.set_viewport_size(wide)

    return at


def test_a_day_on_the_island_from_the_word_to_the_books(open_page, town, look, tmp_path):
    desk = open_page(bypass_csp=True)
    press_in(desk, "nagi")
    desk.goto("/kit/word/")
    for box in ("#id_word", "#id_again"):
        desk.fill(box, WORD)
    desk.keyboard.press("Enter")
    desk.wait_for_selector("text=決めてあります")
    file = tmp_path / "yoro.kit"
    sealed = answer_of(town.home, "seal", "--area", "与路島", "--until", "23:59", "--officer", "nagi",
                       "--numbers", "3", "--out", str(file))  # fmt: skip
    assert sealed["problems"] == [] and sealed["papers"] > 0
    served = madoguchi(tmp_path / "laptop", "open", str(file), "--port", "0")
    try:
        served.stdin.write(sealed["word"] + "\n")
        served.stdin.flush()
        page = open_page(bypass_csp=True)
        _walk(page, served.stdout.readline().strip(), look)
    finally:
        served.terminate()
        served.communicate()
    merged = answer_of(town.home, "merge", str(file))
    assert (merged["conflicts"], merged["lost"], merged["doubled"]) == (0, 0, 0)
    desk.goto(f"/kit/{sealed['trip']}/")
    numbers = desk.locator("section[aria-labelledby=numbers]").inner_text().split()
    assert (
        numbers[numbers.index("渡した") + 1] == "1" and numbers[numbers.index("返した") + 1] == "2"
    )
    look(desk)


def _walk(page, address, look):
    page.goto(address)
    look(page)
    page.locator("label.choice").first.click()
    page.fill("#id_word", WORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=だれが来ましたか")
    look(page)
    page.locator("tbody a").first.click()
    look(page)
    page.locator('a[href*="/certificate/"]').first.click()
    look(page)
    page.locator("label.choice", has_text="運転免許証").click()
    page.locator("main .btn--main").click()
    page.wait_for_selector("text=紙を開いて印刷する")
    look(page)
    file = page.locator('a[href*="/file/"]').get_attribute("href")
    paper = page.evaluate("path => fetch(path).then(one => one.headers.get('content-type'))", file)
    assert paper == "application/pdf"
    page.locator("main label.choice").first.click()
    page.locator("main .btn--main").click()
    page.wait_for_selector("text=証明書の交付を残しました")
