"""Tables of this room (個人番号カードの表)."""

from madoguchi.cards.models.applications import Application, PinSheet, PinSheetStep, Trip
from madoguchi.cards.models.certificates import Certificate
from madoguchi.cards.models.disposal import Disposal, DisposalLine
from madoguchi.cards.models.ledger import Layout, LedgerRow
from madoguchi.cards.models.line import Box, BoxLine, Card, CardEvent, Fault, HandOver, Shelf

__all__ = [
    "Application",
    "Box",
    "BoxLine",
    "Card",
    "CardEvent",
    "Certificate",
    "Disposal",
    "DisposalLine",
    "Fault",
    "HandOver",
    "Layout",
    "LedgerRow",
    "PinSheet",
    "PinSheetStep",
    "Shelf",
    "Trip",
]
