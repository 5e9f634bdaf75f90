"""The hand at a running agent's tray (見本のカードの出し入れ), for the command line and tests."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

from madoguchi.bridge.proof import is_loopback
from madoguchi.bridge.trouble import Trouble, refuse

SECONDS_MAX = 10.0


class TrayHand:
    """Puts fictional cards on and off, as the page of the tray does (手)."""

    def __init__(self, agent: str) -> None:
        if not is_loopback(agent):
            raise refuse(Trouble.NOT_LOOPBACK)
        self._agent = agent
        try:
            with urllib.request.urlopen(f"{agent}/tray", timeout=SECONDS_MAX) as answer:  # noqa: S310
                page = answer.read().decode("utf-8")
        except OSError:
            raise refuse(Trouble.NO_AGENT) from None
        found = re.search(r'data-page="([\w-]+)"', page)
        if found is None:
            raise refuse(Trouble.NO_AGENT)
        self._token = found.group(1)

    def cards(self) -> list[dict[str, Any]]:
        """Return the cards of the drawer (カードの一覧)."""
        return list(self._ask("cards")["cards"])

    def place(self, card_no: str) -> None:
        """Put a card on the reader (置く)."""
        self._ask("place", card=card_no)

    def take(self) -> None:
        """Take the card off the reader (取る)."""
        self._ask("take")

    def _ask(self, step: str, **told: str) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310
            f"{self._agent}/tray/{step}",
            data=json.dumps(told).encode(),
            headers={"Origin": self._agent, "X-Bridge-Page": self._token},
        )
        with urllib.request.urlopen(request, timeout=SECONDS_MAX) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
        if "problem" in found:
            raise refuse(Trouble(found["problem"]))
        return found
