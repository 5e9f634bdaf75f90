"""Staff seconds a review of a doubtful row of a list (送付先情報の確認), against 30 s.

A list of rows that a person must look at, each with three people of the town who come near, is
taken in through the page; then a scripted browser reviews one after another by one key each.
Operator times as in ``desk_seconds``. The clerk reads name, birth date and address of every
candidate beside the list's: a decision each (M), and one more for which key it is. One row in ten
is taken back and decided again, which is told apart.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.demo_town import running_town
from bench.desk_seconds import DESK
from bench.hands import Person, Tally
from bench.measure import median, promise
from madoguchi.addressees.documents.lists import open_list
from madoguchi.addressees.domain.births import read_birth
from madoguchi.addressees.domain.columns import guess_columns
from madoguchi.addressees.domain.deciding import Decision
from madoguchi.addressees.domain.keys import Row
from madoguchi.addressees.domain.matching import match, open_book
from madoguchi.addressees.domain.reading import Reader
from madoguchi.addressees.domain.sides import build_side
from madoguchi.addressees.queries.gazetteer import gazetteer
from madoguchi.kernel.outcome import Problem
from tests.chromium import ARGUMENTS, CHROMIUM

REVIEWS, REVIEWS_FULL = 20, 100
CANDIDATES = 3
#: Name, birth date and address of each candidate are read: so many decisions a candidate.
READ = 3
UNDO_EVERY = 10
HEADINGS = ("番号", "氏名", "生年月日")
RESIDENTS, SEED = 7971, 1
WAIT_MS = 120_000


def run(*, full: bool) -> dict[str, Any]:
    """Take the list in, review it, and publish seconds a review."""
    from playwright.sync_api import sync_playwright

    home = Path(os.environ["MADOGUCHI_HOME"]) / "review-seconds"
    wanted = REVIEWS_FULL if full else REVIEWS
    with running_town(residents=RESIDENTS, home=home) as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(viewport=DESK, locale="ja-JP", base_url=url, bypass_csp=True)
        page = context.new_page()
        page.goto("/")
        page.locator('form[action$="/demo/sign-in/kaede/"] button').first.click()
        page.wait_for_selector("h1")
        _take_in(page, _doubtful(home / "town", wanted))
        tallies, again, shown = _review(page)
        browser.close()
    return {
        "promises": [
            promise(f"staff time a review, {len(tallies)} rows of {CANDIDATES} candidates each",
                    median([one.seconds for one in tallies]), "s", at_most=30),
            promise("the slowest of them", max(one.seconds for one in tallies), "s", at_most=30),
            promise("rows reviewed with three candidates beside each other", shown, "",
                    at_least=wanted),
        ],
        "peers": [],
        "notes": [
            f"The review in the middle: {_middle(tallies).told()}.",
            f"Waiting alone, median: {median([one.system_seconds for one in tallies]):.2f} s: the "
            "press, the comparison with the register of that moment, and the next row drawn.",
            f"Every {UNDO_EVERY}th row was taken back with one key and decided again, read anew: "
            f"{median([one.seconds for one in again]):.1f} s, not in the promises.",
            "Operator times: Card, Moran, Newell 1980 (K 0.28, M 1.35); "
            f"{READ * CANDIDATES + 1} decisions a review are *assumed*. Asking somebody, a second "
            "person, and a look into papers are no keystroke and not in it.",
        ],
    }  # fmt: skip


def _middle(tallies: list[Tally]) -> Tally:
    return sorted(tallies, key=lambda one: one.seconds)[len(tallies) // 2]


def _doubtful(folder: Path, wanted: int) -> bytes:
    """Write so many people of the demo's town with a birth date a day off, who have look-alikes."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "madoguchi", "town", "generate", "--residents", str(RESIDENTS),
         "--seed", str(SEED), "--out", str(folder)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    with (folder / "register.csv").open("rb") as file:
        opened = open_list(file)
        assert not isinstance(opened, Problem)
        reader = Reader(file="register", columns=guess_columns(opened.headings), is_register=True)
        people = list(reader.read(opened.rows))
    rows = []
    for one in people:
        born = read_birth(one.birth).on
        if born and not one.is_protected and "\u3000" in one.name:
            off = (born + timedelta(days=1)).isoformat()
            rows.append(Row(row_id=one.row_id, name=one.name, birth=off))
    book = open_book(build_side(people, gazetteer()))
    held = {one.row_id for one in people if one.is_protected}
    found = match(build_side(rows, gazetteer(), vocabulary=book.side.vocabulary), book).findings()
    kept = [
        row
        for row, finding in zip(rows, found, strict=True)
        if finding.decision is Decision.REVIEW and len(finding.candidates) == CANDIDATES
        and held.isdisjoint(each.register_id for each in finding.candidates)
    ]  # fmt: skip
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    step = max(1, len(kept) // wanted)
    for number, row in enumerate(kept[::step][:wanted], start=1):
        writer.writerow((number, row.name, row.birth))
    return out.getvalue().encode()


def _take_in(page: Any, listed: bytes) -> None:
    """Take the list in through the page: no part of the time."""
    page.goto("/addressees/take-in/")
    page.fill("#id_name", "計測のリスト")
    page.set_input_files(
        "#id_listed", {"name": "list.csv", "mimeType": "text/csv", "buffer": listed}
    )
    page.click("button[value=check]")
    page.wait_for_selector("#columns", timeout=WAIT_MS)
    page.click("button[value=check]")
    page.wait_for_selector("button[value=load]", timeout=WAIT_MS)
    with page.expect_navigation(timeout=WAIT_MS):
        page.click("button[value=load]")
    page.goto(f"{page.url}review/")


def _review(page: Any) -> tuple[list[Tally], list[Tally], int]:
    """Decide row after row until none is left; the time of each, of those taken back, and how many
    had three candidates.
    """
    tallies: list[Tally] = []
    again: list[Tally] = []
    shown = 0
    while page.locator("table.compare").count():
        columns = page.locator("table.compare thead th").count() - 1
        shown += columns == CANDIDATES
        clerk = Person(page)
        clerk.tally.screens = 1
        key = "0" if len(tallies) % 4 == 3 else "1"
        _read_and_press(page, clerk, key, columns)
        tallies.append(clerk.tally)
        if len(tallies) % UNDO_EVERY == 0:
            clerk = Person(page)
            clerk.tally.screens = 2
            clerk.think()  # no, that was wrong
            _press(page, clerk, "z")
            _read_and_press(page, clerk, key, columns)
            again.append(clerk.tally)
    return tallies, again, shown


def _read_and_press(page: Any, clerk: Person, key: str, columns: int) -> None:
    for _ in range(READ * columns + 1):
        clerk.think()
    _press(page, clerk, key)


def _press(page: Any, clerk: Person, key: str) -> None:
    before = page.locator("h1").inner_text()
    clerk.press(
        key,
        until=lambda: page.wait_for_function(
            "before => document.querySelector('h1')?.innerText !== before"
            " && document.readyState === 'complete'",
            arg=before, timeout=WAIT_MS,
        ),
    )  # fmt: skip
