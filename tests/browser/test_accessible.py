"""Every page of the tour passes axe, fits its screen, and stays light."""

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import DESK, PHONE

PUBLIC = ["/", "/verify/", "/booking/", "/hall/", "/prepare/pins/", "/prepare/", "/prepare/move/",
          "/prepare/draft/",
          "/prepare/move/?language=ja-easy&came_from=town&moved_out=not_yet&moved_in=days_7&card=present&pin=known&people=4&comer=all&children=both&care=care",
          "/prepare/?language=ja-easy&visit_kind=renewal&who=proxy&reason=hospital&age=75&card_now=licence_4&channel=post"]  # fmt: skip
STAFF = [
    "/desk/",
    "/register/search/?q=湊",
    "/certificates/",
    "/protection/",
    "/approvals/",
    "/advice/",
    "/moves/",
    "/moves/ask/",
    "/moves/tasks/",
    "/moves/letter/",
    "/moves/post/",
    "/moves/patterns/",
    "/residence/",
    "/residence/untold/",
    "/advice/?visit_kind=renewal&who=self_adult&card_now=licence_4&channel=counter",
    "/cards/boxes/",
    "/cards/setup/",
    "/cards/notices/",
    "/cards/hand-over/",
    "/cards/applications/",
    "/cards/ledger/",
    "/cards/disposals/",
    "/bookings/",
    "/line/",
    "/terminals/",
    "/csops/",
    "/csops/assets/",
    "/csops/incidents/",
    "/csops/shared/?find=1&yen=1000000",
    "/csops/check/",
    "/visits/",
    "/visits/figures/",
    "/visits/runs/",
    "/visits/expiry/",
    "/dispatch/",
    "/dispatch/redact/",
    "/advice/deadlines/",
    "/addressees/",
    "/addressees/take-in/",
    "/addressees/stays/",
    "/addressees/weights/",
    "/insights/",
    "/insights/rows/",
    "/insights/campaigns/",
    "/insights/campaigns/new/",
    "/insights/errors/",
    "/insights/desk/",
    "/insights/desk/?variant=clerk_ill",
    "/journeys/",
    "/journeys/islands/",
    "/journeys/islands/queue/WAIT_MIN/",
    "/journeys/islands/compare/?before=1&after=1",
    "/journeys/observed/",
    "/journeys/surveys/",
    "/journeys/screens/",
    "/kit/",
    "/kit/word/",
    "/kit/release/YORO/",
    "/help/",
    "/help/certificates/new/",
]
CHIEF = [
    "/insights/tables/take-in/",
    "/dispatch/rules/",
    "/insights/inputs/",
    "/bookings/days/",
    "/bookings/weekly/",
    "/terminals/weekly/",
    "/certificates/fees/",
]
EVERYBODYS = [*(("nagi", path) for path in STAFF), *(("kai", path) for path in CHIEF)]
PAGE_BYTES_MAX = 100 * 1024


def check(page):
    """No axe violation, nothing wider than the screen."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_with_faults_is_seen_to_have_them(open_page):
    page = open_page()
    page.set_content("<html><body><main><img src='data:,'><input></main></body></html>")
    assert {one.split(":")[0] for one in violations(page)} >= {
        "html-has-lang",
        "image-alt",
        "label",
    }


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(open_page, path, size):
    page = open_page(size, bypass_csp=True)
    page.goto(path)
    check(page)


#: English words are longer: what is widest or fullest of each room, at 400 % of a screen of 1280.
FOUR_TIMES = {"width": 320, "height": 256}
IN_ENGLISH = (
    "/desk/", "/register/search/?q=湊", "/moves/ask/", "/cards/hand-over/",
    "/terminals/", "/visits/figures/", "/insights/",
    "/journeys/islands/",
)  # fmt: skip
#: What hides a part of its own words, but for what is hidden from the eye on purpose.
CUT = """[...document.querySelectorAll('main *')].filter(one => {
  const look = getComputedStyle(one);
  return ['hidden', 'clip'].includes(look.overflowX) && one.innerText && one.clientWidth > 4
    && one.scrollWidth > one.clientWidth + 1;
}).map(one => one.outerHTML.slice(0, 80))"""


def test_the_desk_in_english_at_400_percent_is_read_without_scrolling_sideways(
    open_page, signed_in_as, town
):
    page = open_page(FOUR_TIMES, storage_state=signed_in_as("nagi"))
    page.context.add_cookies([{"name": "desk_language", "value": "en", "url": town.url}])
    wrong = []
    for path in IN_ENGLISH:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en"
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > FOUR_TIMES["width"] or (cut := page.evaluate(CUT)):
            wrong.append((path, width, cut if width <= FOUR_TIMES["width"] else []))
    assert wrong == []


@pytest.mark.parametrize(("staff_id", "path"), EVERYBODYS)
def test_staff_pages_and_their_weight(open_page, signed_in_as, staff_id, path):
    page = open_page(bypass_csp=True, storage_state=signed_in_as(staff_id))
    received = []
    page.on("requestfinished", lambda request: received.append(request.sizes()["responseBodySize"]))
    answer = page.goto(path)
    page.wait_for_load_state("networkidle")
    assert answer.status == 200
    assert sum(received) <= PAGE_BYTES_MAX
    check(page)
