"""The front door of dispatch: letters into the queue, copies without their secret (発送)."""

from madoguchi.dispatch.actions import redaction, town_parcels
from madoguchi.dispatch.actions.queueing import close_matter, enqueue
from madoguchi.dispatch.documents.redaction.making import redact
from madoguchi.dispatch.documents.typesetting import typeset
from madoguchi.dispatch.domain.handed import Handed, HandedReason
from madoguchi.dispatch.domain.sender import Office
from madoguchi.dispatch.queries.lists import count_waiting
from madoguchi.dispatch.queries.office import office
from madoguchi.dispatch.queries.redaction import find_template

__all__ = [
    "Handed",
    "HandedReason",
    "Office",
    "close_matter",
    "count_waiting",
    "enqueue",
    "find_template",
    "office",
    "redact",
    "redaction",
    "town_parcels",
    "typeset",
]
