"""Many who ask at the same moment, and how long each was at it: for our crew and for a peer's.

Nothing but the standard library, so that a Python of another's can run it too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: So many connections a process, as a server has a pool; the threads queue for them.
LINES = threading.Semaphore(12)


def ask_at_once(
    count: int, ask: Callable[[int], str], *, leave: Callable[[], None]
) -> dict[str, object]:
    """Let ``count`` ask from one common start; return how each ended, and after how many seconds."""
    gate = threading.Barrier(count)
    ends: list[tuple[str, float]] = []

    def one(number: int) -> None:
        gate.wait()
        began = time.monotonic()
        with LINES:
            try:
                end = ask(number)
            except Exception as error:  # noqa: BLE001  a contender that breaks is counted
                end = f"BROKEN {type(error).__name__}"
            finally:
                leave()
        ends.append((end, time.monotonic() - began))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"ends": [end for end, _ in ends], "seconds": [spent for _, spent in ends]}
