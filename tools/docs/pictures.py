"""Pictures of every screen, drawn by walking a town of its own (画面の絵).

No list of pages is kept: from the first screens on every link is followed, and each page says by its help
which screen it is. The first page of a screen that shows more than an empty table is the one kept.
Same town, same seed, so the pictures change only where a screen does.
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

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "madoguchi/web/static/web/help"
SIZE = {"width": 1280, "height": 800}
PORT = 18031
PAGES_MAX = 700
#: So many addresses of one shape are opened: two people are enough, the first may have nothing to show.
ONE_SHAPE_MAX = 4
#: Who walks, and from where besides the clerk's home; the later see what the earlier may not.
WALKERS = (
    ("nagi", ("/desk/", "/help/", "/register/search/?q=湊", "/kiosk/gallery/", "/_style")),
    ("kai", ("/desk/", "/staff/", "/second-officer/", "/audit/", "/tokens/", "/register/import/")),
    ("sango", ("/desk/", "/staff/", "/tokens/", "/audit/", "/csops/")),
)
#: A file or a way out: not a page to be drawn.
_NOT_A_PAGE = re.compile(
    r"\.(pdf|svg|xlsx|csv|ics|json)$|/(export|drawing|paper|sign-out|hall|kiosk/(?!desk|gallery))"
)


@contextmanager
def _town() -> Iterator[str]:
    """Start a town of 240 people as ``./run demo`` does."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-pictures-") as home:
        log = Path(home) / "demo.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "madoguchi", "demo", "--port", str(PORT), "--residents", "240"],
                cwd=ROOT, env={**os.environ, "MADOGUCHI_HOME": home}, stdout=out, stderr=out,
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
        if re.search(r"bridge: ready", said) and (town := re.search(r"http://127\.0\.0\.1:\d+/", said)):
            return town[0].rstrip("/")
        time.sleep(0.5)
    raise SystemExit(f"the town did not start:\n{log.read_text(errors='replace')[-2000:]}")


def draw() -> None:
    """Walk the town and keep one picture a screen."""
    from playwright.sync_api import sync_playwright

    from tests.chromium import ARGUMENTS, SHELL

    OUT.mkdir(parents=True, exist_ok=True)
    kept: dict[str, int] = {}
    with _town() as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
        for staff_id, starts in WALKERS:
            context = browser.new_context(viewport=SIZE, base_url=url, locale="ja-JP", reduced_motion="reduce")
            page = context.new_page()
            page.goto("/")
            _keep(page, kept)
            page.locator(f'form[action$="/demo/sign-in/{staff_id}/"] button').first.click()
            page.wait_for_load_state()
            _walk(page, starts, kept, url)
            context.close()
        browser.close()
    print(f"{len(kept)} screens drawn")


def _walk(page: Any, starts: tuple[str, ...], kept: dict[str, int], url: str) -> None:
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


def _look(page: Any, path: str, kept: dict[str, int]) -> list[str]:
    """Open a page, keep its picture if it is worth it, and return where it leads."""
    answer = page.goto(path, wait_until="load", timeout=20_000)
    if answer is None or answer.status != 200:
        return []
    _keep(page, kept)
    return list(page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"))


def _keep(page: Any, kept: dict[str, int]) -> None:
    """Keep the picture of the screen this page says it is, if it shows more than the one kept."""
    place = page.locator("[data-help]")
    if place.count() == 0:
        return
    room, screen = urlsplit(place.first.get_attribute("href")).path.strip("/").split("/")[1:3]
    name = f"{room}-{screen}"
    shown = len(page.locator("main").inner_text())
    if shown <= kept.get(name, -1) or (name in kept and kept[name] > 400):
        return
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").resize((1024, 640), Image.Resampling.LANCZOS).save(
        OUT / f"{name}.webp", quality=55, method=6
    )
    kept[name] = shown
