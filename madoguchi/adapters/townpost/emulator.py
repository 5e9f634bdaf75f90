"""Two towns' line with its delays and faults, for demonstration and tests (送受信の模擬).

What is sent lies in the other town's folder after a while; now and then nothing answers, an
answer is lost after the work was done, a message comes twice. A message is never lost by itself:
``lose`` and ``damage`` make that happen. It refuses to exist outside the demonstration.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from madoguchi.adapters.book import kept
from madoguchi.adapters.townpost.folder import FolderPost, write_whole
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Unavailable

NOT_REACHED, CUT_OFF = "NOT_REACHED", "CUT_OFF"
#: *Assumed*: a message is seconds on its way in the demonstration, hours in a real exchange.
DELAY = timedelta(seconds=3)
#: One round of so many finds nobody, loses the answer, brings a message twice.
ONE_IN = 12


class EmulatedPost(FolderPost):
    """A line of which everything can be made to happen (送受信の模擬)."""

    def __init__(
        self, folder: Path, *, others: Callable[[str], Path], now: Callable[[], datetime] = clock.now,
        delay: timedelta = DELAY, one_in: int = ONE_IN, seed: int | None = None,
    ) -> None:  # fmt: skip
        if not settings.MADOGUCHI_DEMO:
            raise RuntimeError("the emulated exchange is for the demonstration only")
        super().__init__(folder)
        self._others, self._now, self._delay, self._one_in = others, now, delay, one_in
        self._dice = random.Random(seed)  # noqa: S311  faults of a play, no secret
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._book = folder / "line.json"

    def waiting(self) -> tuple[str, ...] | Unavailable:
        """See the port; what is still on its way is not there yet (届いたファイル)."""
        if self._happens():
            return Unavailable(reason=NOT_REACHED)
        found = super().waiting()
        if isinstance(found, Unavailable):
            return found
        with kept(self._book) as book:
            due = book.get("due", {})
            here = {name: at for name, at in due.items() if name in found}
            if here != due:
                book["due"] = here
        now = self._now()
        return tuple(
            one for one in found if one not in here or datetime.fromisoformat(here[one]) <= now
        )

    def send(self, *, to: str, name: str, data: bytes) -> Unavailable | None:
        """See the port (送信)."""
        if self._happens():
            return Unavailable(reason=NOT_REACHED)
        with kept(self._book) as book:
            faults = book.setdefault("faults", [])
            fault = faults.pop(0) if faults else ""
        if fault != "lose":
            if fault == "damage":
                data = data[: len(data) // 2]
            self._deliver(to, name, data)
            if fault == "twice" or self._happens():
                self._deliver(to, f"again-{name}", data)
        return Unavailable(reason=CUT_OFF) if self._happens() else None

    def make(self, *faults: str) -> None:
        """Let the next messages be lost, damaged or come twice: lose, damage, twice (不具合を起こす)."""
        with kept(self._book) as book:
            book.setdefault("faults", []).extend(faults)

    def _deliver(self, to: str, name: str, data: bytes) -> None:
        folder = self._others(to)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with kept(folder / "line.json") as book:
            book.setdefault("due", {})[name] = (self._now() + self._delay).isoformat()
        write_whole(folder / "in", name, data)

    def _happens(self) -> bool:
        return self._one_in > 0 and self._dice.randrange(self._one_in) == 0
