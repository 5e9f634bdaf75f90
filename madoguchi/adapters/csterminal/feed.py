"""Who lays cards on the reader (カードを置く手): a person at a real terminal, a call at ours."""

from __future__ import annotations

import sys
import urllib.error
import urllib.parse
import urllib.request
from typing import TextIO

from madoguchi.cards.domain.terminal import NoAnswer
from madoguchi.kernel.outcome import Unavailable

SECONDS_MAX = 10.0


class FeedByHand:
    """A person is asked for each card, and says when it lies there (手で置く)."""

    def __init__(self, *, ask: TextIO = sys.stderr, hear: TextIO = sys.stdin) -> None:
        self._ask, self._hear = ask, hear

    def lay(self, *, notice_no: str, shelf: str) -> Unavailable | None:
        """See the port (カードを置く)."""
        self._ask.write(f"棚 {shelf} の {notice_no} を読取り機に置いて、Enter（やめるときは q）: ")
        self._ask.flush()
        line = self._hear.readline()
        if not line or line.strip().lower() == "q":
            return Unavailable(reason=NoAnswer.NO_CARD)
        return None


class EmulatedFeed:
    """The hands page of the emulated terminal (模擬端末に置く): its cards are fictional."""

    def __init__(self, *, url: str) -> None:
        self._url = f"{url.rstrip('/')}/hands/lay"

    def lay(self, *, notice_no: str, shelf: str) -> Unavailable | None:  # noqa: ARG002  the port hands it to a person
        """See the port (カードを置く)."""
        data = urllib.parse.urlencode({"notice_no": notice_no}).encode()
        try:
            with urllib.request.urlopen(self._url, data, timeout=SECONDS_MAX):  # noqa: S310  loopback only, checked by the command
                return None
        except urllib.error.HTTPError:
            return Unavailable(reason=NoAnswer.NO_CARD)
        except OSError:
            return Unavailable(reason=NoAnswer.NOT_REACHED)
