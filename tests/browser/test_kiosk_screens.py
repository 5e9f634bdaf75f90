"""Every screen there is, fictional, against axe, against small fingers and against a magnifier."""

import pytest

from madoguchi.kiosk.views.scenes import SCENES
from tests.browser import kiosk
from tests.browser.kiosk import TALL, WIDE

#: 1280 × 1024 enlarged four times is a window of this size in the page's own pixels.
FOUR_TIMES = {"width": 320, "height": 256}
SHELVES = [
    ("PLAIN", "ja"),
    ("ELDER", "ja-easy"),
    ("PRACTICE", "en"),
    ("ELDER", "ja"),
    ("PLAIN", "en"),
]


@pytest.mark.parametrize(("mode", "language"), SHELVES)
def test_axe_finds_nothing_and_every_target_is_large(open_page, town, mode, language):
    page = open_page(WIDE, bypass_csp=True)
    # No bridge stands beside this browser; its frame is not part of our page.
    kiosk.without_bridge(page, town)
    wrong = {}
    for name in SCENES:
        page.goto(f"/kiosk/gallery/{mode}/{language}/{name}/")
        found = [*kiosk.violations(page), *kiosk.small_targets(page)]
        if found:
            wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize(("mode", "language"), SHELVES[:3])
@pytest.mark.parametrize("size", [FOUR_TIMES, TALL], ids=["400%", "tall"])
def test_nothing_is_wider_than_the_glass(open_page, town, mode, language, size):
    page = open_page(size)
    kiosk.without_bridge(page, town)
    wide = []
    for name in SCENES:
        page.goto(f"/kiosk/gallery/{mode}/{language}/{name}/")
        if not kiosk.fits_sideways(page):
            wide.append(name)
    assert wide == []


@pytest.mark.parametrize("name", [*SCENES])
def test_leaving_is_as_easy_as_going_on(open_page, town, name):
    """No dark pattern: "stop" is a full button at the same place on every screen that has it."""
    page = open_page(WIDE)
    kiosk.without_bridge(page, town)
    page.goto(f"/kiosk/gallery/PLAIN/ja/{name}/")
    leave = page.locator("[data-leave]")
    if not leave.count():
        assert name.startswith(("print", "take", "refused", "failed", "left", "timed"))
        return
    box = leave.bounding_box()
    assert box["height"] >= 80
    assert box["x"] <= 120
    assert box["y"] >= WIDE["height"] * 0.85
    # Nothing is chosen for the resident that shows more of them than they asked for.
    assert page.locator("input[type=radio][value=show]:checked").count() <= (
        name in ("items", "problem")
    )


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
        assert kiosk.violations(page) == []
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
