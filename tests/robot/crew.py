"""A shelf of cards and a robot with real commits: ``python -m tests.robot.crew COUNT``; for the bench."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from madoguchi.entry import bootstrap

bootstrap.set_up()

from madoguchi.cards.models import Card  # noqa: E402  set up first
from tests.robot import town  # noqa: E402  set up first


def work(count: int) -> dict[str, object]:
    """Set half of them up on screens that are opened, half on screens that change in place."""
    town.shelve(count)
    found: dict[str, object] = {}
    browser = town.a_browser()
    listed = set()
    try:
        for name, in_place in (("opened", False), ("in_place", True)):
            with (
                tempfile.TemporaryDirectory() as folder,
                town.terminal(Path(folder), in_place=in_place) as running,
            ):
                began = time.monotonic()
                run = town.run_robot(browser, running, cards_max=count // 2)
                assert run.problems == (), run
                found[name] = [one.seconds for one in run.done]
                found[f"{name}_run"] = time.monotonic() - began
                listed |= set(town.listed(running))
    finally:
        browser.close()
    done = set(Card.objects.filter(setup_outcome="DONE").values_list("notice_no", flat=True))
    return {**found, "done": len(done), "differ": len(done ^ listed)}


if __name__ == "__main__":
    print(json.dumps(work(int(sys.argv[1]))))
