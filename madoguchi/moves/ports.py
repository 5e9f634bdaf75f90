"""What the moves want from the world: files of the portal, messages of other towns (外部接続).

Asked by jobs and the command line only. A file stays where it is until what it says is kept here:
so a fault at any moment loses none, and one read twice is known by its bytes.
"""

from __future__ import annotations

from typing import Protocol

from madoguchi.kernel.outcome import Unavailable


class Inbox(Protocol):
    """A place where files come in (受信箱)."""

    def waiting(self) -> tuple[str, ...] | Unavailable:
        """Name the files that can be read now, oldest first (届いたファイル)."""
        ...

    def read(self, name: str) -> bytes | Unavailable:
        """Return a file, cut after one byte more than a message may have (読取り)."""
        ...

    def settle(self, name: str, *, sha256: str) -> Unavailable | None:
        """Let go of a file whose content is kept; one changed meanwhile stays (受取り済み)."""
        ...


class Portal(Inbox, Protocol):
    """マイナポータル: 転出届 and 来庁予定 as files (マイナポータル)."""


class TownPost(Inbox, Protocol):
    """Messages from and to other towns (町どうしの送受信)."""

    def send(self, *, to: str, name: str, data: bytes) -> Unavailable | None:
        """Hand a message over; the same name again is the same message (送信)."""
        ...
