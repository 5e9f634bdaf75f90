"""The front door of the terminals (統合端末の窓口): what other rooms may call."""

from madoguchi.csops.actions.reserving import day_lock, give_back, note_use, reserve_terminal
from madoguchi.csops.actions.tables import open_terminals
from madoguchi.csops.domain.terminals import Day, Purpose, free_spans, pick_terminal
from madoguchi.csops.queries.days import days_of, load_of, terminals_at

__all__ = [
    "Day",
    "Purpose",
    "day_lock",
    "days_of",
    "free_spans",
    "give_back",
    "load_of",
    "note_use",
    "open_terminals",
    "pick_terminal",
    "reserve_terminal",
    "terminals_at",
]
