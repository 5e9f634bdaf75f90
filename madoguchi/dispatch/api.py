"""The front door of dispatch: put a letter into the queue, see what waits (発送)."""

from madoguchi.dispatch.actions.queueing import enqueue
from madoguchi.dispatch.queries.lists import count_waiting

__all__ = [
    "count_waiting",
    "enqueue",
]
