"""Hands and heads of people, by published operators (操作の時間).

Keystroke-Level Model: S. K. Card, T. P. Moran, A. Newell, "The keystroke-level model for user
performance time with interactive systems", Communications of the ACM 23(7), 1980, 396-410.
``K`` is that of an average non-secretary typist. A tap on a touch panel is taken as pointing
and one press (P + B; B after D. Kieras, "Using the keystroke-level model", 1993), which is slow
for a large target and fair for an unpractised hand.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

K_SECONDS = 0.28
P_SECONDS = 1.10
B_SECONDS = 0.10
H_SECONDS = 0.40
M_SECONDS = 1.35


@dataclass
class Tally:
    """What one person did, and how long the system let them wait."""

    keys: int = 0
    taps: int = 0
    homings: int = 0
    thoughts: int = 0
    screens: int = 0
    system_seconds: float = 0.0

    @property
    def operator_seconds(self) -> float:
        """The person's own time by the model."""
        return (
            self.keys * K_SECONDS
            + self.taps * (P_SECONDS + B_SECONDS)
            + self.homings * H_SECONDS
            + self.thoughts * M_SECONDS
        )

    @property
    def seconds(self) -> float:
        """Person and system together."""
        return self.operator_seconds + self.system_seconds

    def told(self) -> str:
        """Return the whole sum in one line, to be added up again by whoever doubts it."""
        return (
            f"{self.screens} screens, {self.keys} keys × {K_SECONDS} s + {self.taps} taps × "
            f"{P_SECONDS + B_SECONDS:.2f} s + {self.homings} homings × {H_SECONDS} s + "
            f"{self.thoughts} decisions × {M_SECONDS} s + {self.system_seconds:.2f} s of waiting "
            f"= {self.seconds:.1f} s"
        )


class Person:
    """Somebody at a page: does one thing at a time and waits for what it brings."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.tally = Tally()

    def think(self) -> None:
        """Decide what to do next (M)."""
        self.tally.thoughts += 1

    def press(self, key: str, *, until: str | Callable[[], Any], screen: bool = False) -> None:
        """Press one key and wait for what must then be there."""
        self.tally.keys += 1
        self._do(lambda: self.page.keyboard.press(key), until, screen=screen)

    def type(self, letters: str, *, strokes: int, until: str | Callable[[], Any]) -> None:
        """Type a word; ``strokes`` counts what the keyboard takes for it, conversion included."""
        self.tally.keys += strokes
        self._do(lambda: self.page.keyboard.type(letters), until)

    def tap(
        self,
        selector: str,
        *,
        until: str | Callable[[], Any],
        screen: bool = False,
        within: Any = None,
    ) -> None:
        """Touch one place on the panel, or on a page framed in it, and wait."""
        self.move((within or self.page).locator(selector).first.click, until=until, screen=screen)

    def move(
        self, act: Callable[[], Any], *, until: str | Callable[[], Any], screen: bool = False
    ) -> None:
        """Put something in its place, such as a card on a reader; it counts as a tap does."""
        self.tally.taps += 1
        self._do(act, until, screen=screen)

    def wait(self, *, until: str | Callable[[], Any], screen: bool = False) -> None:
        """Do nothing until something is there."""
        self._do(lambda: None, until, screen=screen)

    def _do(
        self, act: Callable[[], Any], until: str | Callable[[], Any], *, screen: bool = False
    ) -> None:
        began = time.perf_counter()
        act()
        if callable(until):
            until()
        else:
            self.page.wait_for_selector(until)
        self.tally.system_seconds += time.perf_counter() - began
        self.tally.screens += screen
