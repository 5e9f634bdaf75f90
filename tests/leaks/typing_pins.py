"""A resident at home, in a process of its own: ``python -m tests.leaks.typing_pins URL``, secrets on stdin.

Apart, because a browser's driver keeps an event loop in its thread and Django then asks no database.
"""

import sys

from playwright.sync_api import sync_playwright

from tests.chromium import ARGUMENTS, CHROMIUM


def main():
    digits, letters = sys.stdin.read().split()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(base_url=sys.argv[1])
        for language in ("ja", "ja-easy", "en"):
            page.goto(f"/prepare/pins/?language={language}")
            page.locator("#try-digits").press_sequentially(digits)
            page.locator("#try-letters").press_sequentially(letters)
            page.keyboard.press("Enter")
            # By chance a secret is one of those the page advises against; it was read all the same.
            said = page.locator("[data-says=good]:visible, [data-says=guessed]:visible")
            said.last.wait_for(timeout=10_000)
            page.locator('a[href^="/booking/"]').click()
        browser.close()


if __name__ == "__main__":
    main()
