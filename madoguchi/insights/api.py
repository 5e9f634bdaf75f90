"""The front door of the figures (効果の見える化の窓口): what other rooms may call."""

from madoguchi.insights.documents.tables import Board, read_board
from madoguchi.insights.domain.counting import to_digits
from madoguchi.insights.domain.effect import Change, Inputs, Year, break_even, changes_of
from madoguchi.insights.domain.showing import printed_change, printed_effect

__all__ = [
    "Board",
    "Change",
    "Inputs",
    "Year",
    "break_even",
    "changes_of",
    "printed_change",
    "printed_effect",
    "read_board",
    "to_digits",
]
