"""Pictures of every screen, drawn by walking a town of its own (画面の絵).

No list of pages is kept: from the first screens on every link is followed, and each page says by its help
which screen it is. The first page of a screen that shows more than an empty table is the one kept.
The town has the same people each time; days, hours and ids made by chance are those of the day it is drawn.
It is walked twice, with the desk in Japanese and in English.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Error

from madoguchi.web import english
from madoguchi.web.messages import ENGLISH

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "madoguchi/web/static/web/help"
SIZE = {"width": 1280, "height": 800}
PORT = 18031
PAGES_MAX = 700
#: One of the named people every town of the demo has.
SOMEBODY = "000000990000026"
#: So many addresses of one shape are opened: two people are enough, the first may have nothing to show.
ONE_SHAPE_MAX = 4
#: Somebody who is not signed in, and the clerk of the practice door.
STRANGER, LEARNER = "", "practice"
#: Screens with something on them that nobody should have a picture of.
SECRET = {"accounts-totp_add", "accounts-recovery_codes"}
#: Who walks, and from where besides what the browser tests look at; the later see what the earlier may not.
WALKERS = (
    (STRANGER, ("/", "/sign-in/")),
    (LEARNER, ("/desk/practice/",)),
    ("nagi", ("/desk/", "/help/", "/help/certificates/new/", "/kiosk/gallery/", "/_style", "/kit/",
              f"/certificates/history/?person={SOMEBODY}", f"/person/{SOMEBODY}/looks/", "/demo/machines/",
              "/kit/word/", "/kit/release/YORO/", "/residence/untold/",
              "/moves/letter/", "/bookings/find/?booking_no=x", "/journeys/surveys/")),
    ("kai", ("/desk/", "/dispatch/rules/", "/second-officer/", "/audit/", "/tokens/", "/register/import/", f"/person/{SOMEBODY}/looks/")),
    ("sango", ("/desk/", "/staff/", "/second-officer/", "/tokens/", "/audit/", "/kiosk/desk/machines/")),
)  # fmt: skip
#: What only a press leads to: who, from where, what is filled in, what is pressed one after another.
PRESSES: tuple[tuple[str, str, dict[str, str], tuple[str, ...]], ...] = (
    ("nagi", f"/certificates/new/?person={SOMEBODY}&kind=resident_record_household", {},
     ("[name=applicant]", "[name=photo]", "main [data-main]")),
    ("nagi", "/dispatch/", {}, ("main [data-main]",)),
    ("nagi", "/bookings/", {}, ("[data-key='1']", "[data-key='a']", "[data-key='v']")),
    ("nagi", "/visits/runs/?q=渡辺", {}, ("[name=household_no]", "[name=reason]", "main [data-main]", "main [data-main]", "main a[href$='/sheet/']")),
    ("nagi", "/cards/applications/", {"[name=on]": "2026-12-10", "[name=where]": "与路島の集会所"}, ("main [data-main]",)),
    ("nagi", "/cards/disposals/", {}, ("main input[type=checkbox]", "[name=means]", "main [data-main]")),
    ("nagi", "/insights/campaigns/new/", {"[name=name]": "スマホ教室", "[name=begins_on]": "2026-11-02",
                                          "[name=ends_on]": "2026-11-02", "[name=cost_yen]": "30000"}, ("main [data-main]",)),
    ("nagi", "/residence/household/000005990000028/", {},
     ("main [type=checkbox]", "main [type=radio]", "main [data-main]")),
    ("nagi", "/moves/", {"[name=count]": "2"}, ("[name=arrival][value=ABROAD]", "main [data-main]")),
    ("kai", "/audit/", {}, ("form[action$='/audit/verify/'] button",)),
    ("sango", "/audit/", {}, ("form[action$='/audit/verify/'] button",)),
)  # fmt: skip
#: A file or a way out: not a page to be drawn.
_NOT_A_PAGE = re.compile(
    r"\.(pdf|svg|xlsx|csv|ics|json)$|/(export|drawing|sign-out|hall|survey/|help|kiosk/(?!desk|gallery/$))"
)


class Kept(dict[str, int]):
    """The screens drawn so far, with how much each shows, and the folder they lie in (描いた絵)."""

    def __init__(self, out: Path) -> None:
        super().__init__()
        self.out = out


@contextmanager
def _town() -> Iterator[str]:
    """Start a town of 240 people as ``./run demo`` does."""
    kept = {key: value for key, value in os.environ.items() if key != "MADOGUCHI_DATABASE_URL"}
    with tempfile.TemporaryDirectory(prefix="madoguchi-pictures-") as home:
        log = Path(home) / "demo.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "madoguchi", "demo", "--port", str(PORT), "--residents", "240"],
                cwd=ROOT, env={**kept, "MADOGUCHI_HOME": home}, stdout=out, stderr=out,
            )  # fmt: skip
            try:
                yield _wait(process, log)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(60)


def _wait(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 400
    while time.monotonic() < until and process.poll() is None:
        said = log.read_text(errors="replace")
        if re.search(r"bridge: ready", said) and (
            town := re.search(r"http://127\.0\.0\.1:\d+/", said)
        ):
            return town[0].rstrip("/")
        time.sleep(0.5)
    raise SystemExit(f"the town did not start:\n{log.read_text(errors='replace')[-2000:]}")


def draw() -> None:
    """Walk a town in each language of the desk and keep one picture a screen."""
    for language, out in (("ja", OUT), (ENGLISH, OUT / "english")):
        print(f"{language}: {_draw(language, out)} screens drawn")


def _draw(language: str, out: Path) -> int:
    from playwright.sync_api import sync_playwright

    from tests.browser.test_accessible import CHIEF, STAFF
    from tests.chromium import ARGUMENTS, SHELL

    out.mkdir(parents=True, exist_ok=True)
    kept = Kept(out)
    with _town() as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
        for staff_id, starts in WALKERS:
            context = browser.new_context(
                viewport=SIZE, base_url=url, locale="ja-JP", reduced_motion="reduce"
            )
            context.add_cookies([{"name": english.COOKIE, "value": language, "url": url}])
            page = context.new_page()
            page.goto("/")
            _keep(page, kept)
            if staff_id != STRANGER:
                way = (
                    "[name=practice]"
                    if staff_id == LEARNER
                    else f"[action$='/demo/sign-in/{staff_id}/']"
                )
                page.locator(f"form:has({way}) button, form{way} button").first.click()
                page.wait_for_load_state()
            if staff_id in {STRANGER, LEARNER}:
                for path in starts:
                    _look(page, path, kept)
            else:
                _walk(page, (*starts, *STAFF, *CHIEF), kept, url)
            for _, path, given, presses in (one for one in PRESSES if one[0] == staff_id):
                _press(page, path, given, presses, kept)
            context.close()
        browser.close()
    return len(kept)


def _walk(page: Any, starts: tuple[str, ...], kept: Kept, url: str) -> None:
    """Follow every link, the ones met first first; one page a shape of address is enough."""
    queue, seen, shapes = deque(starts), set(starts), {}
    for _ in range(PAGES_MAX):
        if not queue:
            return
        path = queue.popleft()
        try:
            links = _look(page, path, kept)
        except Error as error:  # a file that downloads, or a page that leaves by itself
            print(f"  passed by {path}: {error.message.splitlines()[0]}", file=sys.stderr)
            continue
        for link in links:
            parts = urlsplit(link)
            to = parts.path + ("?" + parts.query if parts.query else "")
            shape = re.sub(r"[A-Za-z0-9-]*\d[A-Za-z0-9-]*|[a-z2-7]{26}", "#", parts.path)
            if not link.startswith(url) or to in seen or _NOT_A_PAGE.search(parts.path):
                continue
            seen.add(to)
            shapes[shape] = shapes.get(shape, 0) + 1
            if shapes[shape] <= ONE_SHAPE_MAX:
                queue.append(to)


def _look(page: Any, path: str, kept: Kept) -> list[str]:
    """Open a page, keep its picture if it is worth it, and return where it leads."""
    answer = page.goto(path, wait_until="load", timeout=20_000)
    if answer is None or answer.status not in {200, 422}:
        return []
    _keep(page, kept)
    return list(page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"))


def _press(
    page: Any, path: str, given: dict[str, str], presses: tuple[str, ...], kept: Kept
) -> None:
    """Fill in and press, keeping what comes up."""
    try:
        page.goto(path)
        for place, value in given.items():
            page.locator(place).first.fill(value)
        for place in presses:
            target = page.locator(place).first
            if target.get_attribute("type") in {"radio", "checkbox"}:
                target.check(force=True)
                page.wait_for_timeout(800)
                continue
            target.click(timeout=10_000)
            page.wait_for_load_state()
            page.wait_for_timeout(1_500)
            _keep(page, kept)
    except Error as error:
        print(f"  not pressed, {path}: {error.message.splitlines()[0]}", file=sys.stderr)


def _keep(page: Any, kept: Kept) -> None:
    """Keep the picture of the screen this page says it is, if it shows more than the one kept."""
    place = page.locator("[data-help]")
    if place.count() == 0:
        return
    name = str(place.first.get_attribute("data-help")).replace("/", "-")
    if name in SECRET:
        return
    shown = len(page.locator("main").inner_text())
    if shown <= kept.get(name, -1) or (name in kept and kept[name] > 400):
        return
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").resize((1024, 640), Image.Resampling.LANCZOS).save(
        kept.out / f"{name}.webp", quality=45, method=6
    )
    kept[name] = shown
