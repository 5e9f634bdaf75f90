"""The tray of fictional cards in front of the emulated reader (見本のカード置き場)."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

from madoguchi.bridge.emulator.drawer import CardLabel, list_cards, opened
from madoguchi.bridge.readers import TrayReaders
from madoguchi.bridge.trouble import Trouble, problem
from madoguchi.kernel.outcome import Problem, Refused


class Tray:
    """Which fictional card lies on the reader now (見本のカード置き場)."""

    def __init__(self, *, folder: Path, readers: TrayReaders) -> None:
        self._folder = folder
        self._readers = readers
        self._turn = threading.Lock()
        self._laid: str | None = None
        self._open = ExitStack()

    def cards(self) -> list[CardLabel]:
        """Return every card of the drawer (カードの一覧)."""
        return list_cards(self._folder)

    @property
    def laid(self) -> str | None:
        """The number of the card on the reader (置かれたカード)."""
        return self._laid

    def place(self, card_no: str) -> Problem | None:
        """Put a card on the reader, in the place of any other (置く)."""
        with self._turn:
            # Only a number from the list becomes a path.
            if card_no not in {card.card_no for card in self.cards()}:
                return problem(Trouble.NO_CARD)
            self._take()
            try:
                card = self._open.enter_context(opened(self._folder / "cards" / card_no))
            except Refused as stopped:
                return stopped.problems[0]
            self._readers.place(card)
            self._laid = card_no
            return None

    def take(self) -> None:
        """Take the card off the reader (取る)."""
        with self._turn:
            self._take()

    def _take(self) -> None:
        self._readers.take()
        self._open.close()
        self._laid = None
