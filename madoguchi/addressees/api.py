"""The front door of the addressees (送付先情報の窓口): what other rooms may call."""

from madoguchi.addressees.actions.following import follow_move
from madoguchi.addressees.documents.reconciling import reconcile_files, write_decisions
from madoguchi.addressees.domain.columns import guess_columns
from madoguchi.addressees.domain.deciding import Policy
from madoguchi.addressees.domain.matching import VERSION
from madoguchi.addressees.domain.telling import say
from madoguchi.addressees.queries.entries import count_waiting
from madoguchi.addressees.queries.gazetteer import gazetteer

__all__ = [
    "VERSION",
    "Policy",
    "count_waiting",
    "follow_move",
    "gazetteer",
    "guess_columns",
    "reconcile_files",
    "say",
    "write_decisions",
]
