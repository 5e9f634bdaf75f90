"""Staff seconds a card: from the box to the post, and at the hand-over, against the town's minutes.

A scripted browser does what a clerk does with the demo's two boxes: scans the waiting one, sets
up the other by hand, queues, prints and posts the letters, and hands one new and one renewed
card over. Operator times as in ``desk_seconds``. What is done at the national terminal, with
paper and envelopes, and in talking is no keystroke: it stands apart, with assumed seconds.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from bench.demo_town import running_town
from bench.desk_seconds import DESK
from bench.hands import Person, Tally
from bench.measure import promise
from tests.chromium import ARGUMENTS, CHROMIUM

#: The town's own figures (slides, section 2-(1)): minutes before, and at the hand-over.
TOWN_BEFORE_SECONDS, TOWN_HANDOVER_SECONDS = 20 * 60, 10 * 60
#: *Assumed*, no source: a card from the box to its place 6 s, at the terminal 90 s, a letter into
#: its envelope 12 s, and at the counter 150 s of talk, face, and the holder's own typing.
TO_THE_SHELF_SECONDS, TERMINAL_SECONDS, ENVELOPE_SECONDS, TALK_SECONDS = 6, 90, 12, 150
#: A large family's cards at a move take the town about half an hour; five is assumed.
FAMILY, TOWN_FAMILY_SECONDS = 5, 30 * 60
SCANNED = [f"DM1-{number:06d}" for number in range(40, 80)]
WAIT_MS = 120_000


def run(*, full: bool) -> dict[str, Any]:  # noqa: ARG001  the demo has these boxes once
    """Walk the whole line once and publish seconds a card."""
    from playwright.sync_api import sync_playwright

    home = Path(os.environ["MADOGUCHI_HOME"]) / "card-seconds"
    with running_town(residents=7971, home=home) as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(viewport=DESK, locale="ja-JP", base_url=url)
        page = context.new_page()
        page.goto("/")
        page.locator('form[action$="/demo/sign-in/kaede/"] button').first.click()
        page.wait_for_selector("h1")
        scan = _scan(page)
        setup, set_up = _set_up(page)
        letters, posted = _letters(page)
        given = {kind: _hand_over(page, kind) for kind in ("NEW", "RENEWAL")}
        family, steps = _family(page)
        browser.close()
    parts = [(scan, len(SCANNED)), (setup, set_up), (letters, posted)]
    before = sum(tally.seconds / count for tally, count in parts)
    away = TO_THE_SHELF_SECONDS + ENVELOPE_SECONDS
    new, renewed = given["NEW"], given["RENEWAL"]
    return {
        "promises": [
            promise("staff time a card before the hand-over, outside the terminal's screen",
                    before, "s", at_most=60),
            promise("staff time at the page, hand-over of a new card", new.seconds, "s",
                    at_most=300),
            promise("staff time at the page, hand-over of a renewed card", renewed.seconds, "s",
                    at_most=300),
            promise(f"staff time at the page, a family of {FAMILY} after a move", family.seconds,
                    "s", at_most=TOWN_FAMILY_SECONDS),
        ],
        "peers": [],
        "notes": [
            f"Scanning {len(SCANNED)} cards: {scan.told()}.",
            f"Setting up {set_up} cards by hand, without the terminal's own time: {setup.told()}.",
            f"Letters of {posted} cards, queued, printed and posted: {letters.told()}.",
            f"Hand-over of a new card: {new.told()}. Of a renewed one: {renewed.told()}.",
            f"Away from the screen, assumed and not in the promises: {TO_THE_SHELF_SECONDS} s to "
            f"the shelf, {TERMINAL_SECONDS} s at the terminal, {ENVELOPE_SECONDS} s an envelope, "
            f"{TALK_SECONDS} s of talk and typing at the counter. With them "
            f"{before + away + TERMINAL_SECONDS:.0f} s before (the town: {TOWN_BEFORE_SECONDS} s) "
            f"and {new.seconds + TALK_SECONDS:.0f} s at the hand-over (the town: "
            f"{TOWN_HANDOVER_SECONDS} s).",
            f"A family of {FAMILY} (the town: about 30 minutes for a large one, size assumed), all "
            f"cards here and every number known: {steps} steps of one run, {family.told()}. At "
            "the terminal and in talking it takes the minutes of the run's own table.",
        ],
    }  # fmt: skip


def _scan(page: Any) -> Tally:
    page.goto("/cards/boxes/DEMO-002/")
    page.wait_for_selector("#number")
    clerk = Person(page)
    clerk.tally.screens = 1
    for number in SCANNED:
        # The card under the scanner is one movement; the wedge types and ends with Enter.
        clerk.move(
            lambda number=number: page.keyboard.type(f"{number}\n"),
            until=f"#last >> text={number}",
        )
        clerk.think()  # which place
    return clerk.tally


def _set_up(page: Any) -> tuple[Tally, int]:
    page.goto("/cards/setup/")
    page.wait_for_selector("h1")
    clerk, done = Person(page), 0
    clerk.tally.screens = 1
    while page.locator(".scanned").count():
        clerk.think()  # what the terminal said
        done += 1
        clerk.press(
            "1", until=lambda done=done: page.wait_for_selector(f"text=きょう済んだ {done}枚")
        )
    return clerk.tally, done


def _letters(page: Any) -> tuple[Tally, int]:
    page.goto("/cards/notices/")
    page.wait_for_selector("button[data-main]")
    count = int(str(page.locator("#ready").inner_text()).split()[-1].rstrip("枚"))
    clerk = Person(page)
    clerk.tally.screens = 1
    clerk.think()
    clerk.press("Enter", until="text=発送待ちに入れました", screen=True)
    page.goto("/dispatch/")
    page.wait_for_selector("button[data-main]")
    clerk.tally.keys += 2  # g o
    clerk.think()
    clerk.press("Enter", until=lambda: page.wait_for_url("**/batches/**"), screen=True)
    batch = page.url
    for paper in ("LETTERS", "LABELS"):
        clerk.think()
        clerk.move(lambda paper=paper: _download(page, paper), until="body")
        page.goto(batch)
    clerk.think()
    clerk.tap(
        "button:has-text('差し出す')", until=lambda: page.wait_for_url("**/slips/**"), screen=True
    )
    return clerk.tally, count


def _download(page: Any, paper: str) -> None:
    with page.expect_download(timeout=WAIT_MS) as wanted:
        page.locator(f"button[value={paper}]").click()
    wanted.value.path()


def _hand_over(page: Any, kind: str) -> Tally:
    """Hand over the first card of a kind that is set up, as the ledger lists them."""
    page.goto("/cards/ledger/?state=SET_UP")
    words = {"NEW": "新規", "RENEWAL": "更新"}[kind]
    row = page.locator("table tbody tr", has=page.locator(f"td:text-is('{words}')")).first
    number = row.locator("a").first.inner_text()
    page.goto("/cards/hand-over/")
    page.wait_for_selector("#number")
    clerk = Person(page)
    clerk.tally.screens = 1
    clerk.think()  # the notice in hand
    clerk.move(lambda: page.keyboard.type(f"{number}\n"), until="form[data-steps]", screen=True)
    clerk.think()  # is it she? and what does this visit need
    clerk.tap("input[name=documents][value=driving_licence]",
              until="input[name=documents][value=driving_licence]:checked")  # fmt: skip
    for paper in ["issue_notice"] + (["current_card"] if kind == "RENEWAL" else []):
        clerk.tap(f"input[name=papers][value={paper}]", until=f"input[value={paper}]:checked")
    clerk.think()  # the face
    clerk.tap("#id_face_seen", until="#id_face_seen:checked")
    old = "RECOVERED" if kind == "RENEWAL" else "NONE"
    clerk.tap(f"input[name=old_card][value={old}]", until=f"input[value={old}]:checked")
    clerk.think()  # the terminal says that the PIN is set
    clerk.tap("#id_pin_set", until="#id_pin_set:checked")
    clerk.think()
    clerk.tap("button[data-main]", until="text=交付しました", screen=True)
    return clerk.tally


def _family(page: Any) -> tuple[Tally, int]:
    """Change the cards of a household of five after a move, as one run."""
    _go_to_a_family(page)
    clerk, steps = Person(page), 0
    day = str(page.locator("#id_filed_on").input_value())
    clerk.tally.screens = 1
    clerk.think()  # what happened
    clerk.press("1", until="input[name=reason]:checked")
    clerk.tap("#id_moved_in_on", until="#id_moved_in_on:focus")
    clerk.type(day, strokes=len(day), until="body")
    clerk.press("Enter", until="table.family", screen=True)
    for _ in range(FAMILY):
        clerk.think()  # who has brought which card
    clerk.tap("button[data-main]", until="ol.run li.now", screen=True)
    while page.locator("ol.run li.now").count():
        clerk.think()  # what this step is, and that it is done
        done = page.locator("ol.run li.done").count()
        steps += 1
        clerk.press(
            "1", until=lambda done=done: page.locator("ol.run li.done").nth(done).wait_for()
        )
    clerk.tap("form[action$='/close/'] button", until="body", screen=True)
    return clerk.tally, steps


def _go_to_a_family(page: Any) -> None:
    """Find a household of five by one surname of the town after another: no part of the time."""
    for surname in ("海野", "浜", "湊", "潮", "磯", "渚", "碇", "川畑"):
        page.goto(f"/visits/runs/?q={surname}")
        found = page.locator("button[name=household_no]").all()
        for number in {one.get_attribute("value") for one in found}:
            page.goto(f"/visits/runs/new/?household_no={number}")
            if page.locator("section[aria-labelledby=who] li").count() == FAMILY:
                return
    raise RuntimeError("no household of five was found by these names")
