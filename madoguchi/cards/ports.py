"""What the card line wants from the terminal, in its own words (統合端末の外部接続).

The national terminal is closed to other software, so the way of every day is a person beside
it: the page of ``views/setup.py`` asks them for the answer with one key. These protocols say
what a program would need instead; ``adapters/csterminal`` fills them by working the screens.
Used by adapters and entry only; answers are evidence (``domain/terminal.py``).
``Unavailable`` carries a ``NoAnswer`` and is never "not done": after a press it may be done.
"""

from __future__ import annotations

from typing import Protocol

from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.cards.domain.terminal import Shown, Written
from madoguchi.kernel.outcome import Unavailable


class PreIssueSetup(Protocol):
    """A terminal at which cards are set up before they are announced (交付前設定の端末)."""

    def sign_on(self) -> Unavailable | None:
        """Let the operator in; None: the terminal is ours (端末へのログイン)."""
        ...

    def begin(self, notice_no: str) -> Shown | SetupOutcome | Unavailable:
        """Read the card that lies on the reader, and say what is shown of it (カードの読取り).

        A ``SetupOutcome`` is what the terminal says against it. Nothing is changed by asking.
        """
        ...

    def set_up(self, notice_no: str) -> SetupOutcome | Unavailable:
        """Set up the card that was begun; after ``Unavailable`` it may be done (設定)."""
        ...

    def look_up(self, notice_no: str) -> Written | Unavailable:
        """Say what the terminal's own list has of a card (結果の照会)."""
        ...

    def sign_off(self) -> None:
        """Leave the terminal to the next one (ログオフ)."""
        ...


class CardFeed(Protocol):
    """Whoever puts cards on the reader: at a real terminal a person, always (カードを置く手)."""

    def lay(self, *, notice_no: str, shelf: str) -> Unavailable | None:
        """Put this card on the reader, and come back when it lies there (カードを置く)."""
        ...
