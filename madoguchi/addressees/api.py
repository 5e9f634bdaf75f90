"""The front door of the addressees (送付先情報の窓口): what other rooms may call."""

from madoguchi.addressees.actions.following import follow_move
from madoguchi.addressees.domain.columns import guess_columns
from madoguchi.addressees.queries.entries import count_waiting
from madoguchi.addressees.queries.gazetteer import gazetteer

__all__ = ["count_waiting", "follow_move", "gazetteer", "guess_columns"]
