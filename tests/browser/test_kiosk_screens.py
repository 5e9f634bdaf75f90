"""Every screen there is, fictional, against axe, against small fingers and against a magnifier."""

import pytest

from madoguchi.kiosk.views.scenes import SCENES
from tests.browser import kiosk
from tests.browser.axe import violations
from tests.browser.kiosk import TALL, WIDE

#: 1280 × 1024 enlarged four times is a window of this size in the page's own pixels.
FOUR_TIMES = {"width": 320, "height": 256}
#: Every mode and every language in each run; further pairs in the long one.
SHELVES = [
    ("PLAIN", "ja"),
    ("ELDER", "ja-easy"),
    ("PRACTICE", "en"),
    pytest.param("ELDER", "ja", marks=pytest.mark.full),
    pytest.param("PLAIN", "en", marks=pytest.mark.full),
]


@pytest.mark.parametrize(("mode", "language"), SHELVES)
def test_axe_finds_nothing_every_target_is_large_and_all_fits(open_page, town, mode, language):
    page = open_page(WIDE, bypass_csp=True)
    # No bridge stands beside this browser; its frame is not part of our page.
    kiosk.without_bridge(page, town)
    wrong = {}
    for name in SCENES:
        page.set_viewport_size(WIDE)
        page.goto(f"/kiosk/gallery/{mode}/{language}/{name}/")
        found = [*violations(page), *kiosk.small_targets(page)]
        for size in (WIDE, TALL, FOUR_TIMES):
            page.set_viewport_size(size)
            if not kiosk.fits_sideways(page):
                found.append(f"wider than {size['width']}")
        if found:
            wrong[name] = found
    assert wrong == {}


def test_leaving_is_as_easy_as_going_on(open_page, town):
    """No dark pattern: "stop" is a full button at the same place on every screen that has it."""
    page = open_page(WIDE)
    kiosk.without_bridge(page, town)
    without = set()
    for name in SCENES:
        page.goto(f"/kiosk/gallery/PLAIN/ja/{name}/")
        # Nothing is chosen for the resident that shows more of them than they asked for.
        shown = page.locator("input[type=radio][value=show]:checked").count()
        assert shown <= (name in ("items", "problem")), name
        leave = page.locator("[data-leave]")
        if not leave.count():
            without.add(name)
            continue
        box = leave.bounding_box()
        assert box["height"] >= 80, name
        assert box["x"] <= 120, name
        assert box["y"] >= WIDE["height"] * 0.85, name
    ends = ("print", "take", "refused", "failed", "left", "timed")
    assert [name for name in without if not name.startswith(ends)] == []
    assert len(without) < len(SCENES) / 2


def test_the_first_screen_and_the_public_page(open_page):
    page = open_page(WIDE, bypass_csp=True)
    for path in (
        "/kiosk/",
        "/kiosk/?language=ja-easy",
        "/kiosk/?language=en",
        "/tax/",
        "/tax/?language=ja-easy",
        "/tax/?language=en",
    ):
        page.goto(path)
        assert violations(page) == []
        assert kiosk.fits_sideways(page)


def test_speech_says_the_screen_and_repeats(open_page):
    """The browser's own voice, on the machine itself: a voice over the network stays silent."""
    page = open_page(WIDE)
    page.add_init_script("""
      window.said = [];
      const voice = { localService: true, lang: "ja-JP" };
      Object.defineProperty(window, "speechSynthesis", { value: {
        speak: (one) => window.said.push([one.lang, one.text]), cancel: () => {},
        getVoices: () => [voice], addEventListener: () => {} } });
      window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    """)
    page.goto("/kiosk/gallery/ELDER/ja/kind/")
    said = page.evaluate("window.said")
    assert said[0] == ["ja-JP", "どの証明書が いりますか"]
    assert ["ja-JP", "住民票の写し"] in said
    page.locator("[data-voice]").click()
    assert len(page.evaluate("window.said")) == 2 * len(said)
    page.goto("/kiosk/gallery/PLAIN/ja/kind/")
    assert page.evaluate("window.said") == []
