"""The front door of the kiosk (キオスクの窓口): what other rooms may call."""

from madoguchi.kiosk.actions.balancing import balance_day
from madoguchi.kiosk.queries.board import open_calls, open_cases
from madoguchi.kiosk.queries.steps import steps_of_sessions

__all__ = ["balance_day", "open_calls", "open_cases", "steps_of_sessions"]
