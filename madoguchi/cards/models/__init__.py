"""Tables of this room (個人番号カードの表)."""

from madoguchi.cards.models.certificates import Certificate
from madoguchi.cards.models.disposal import Disposal, DisposalLine
from madoguchi.cards.models.ledger import Layout, LedgerRow
from madoguchi.cards.models.line import Box, BoxLine, Card, CardEvent, Fault, Shelf

__all__ = [
    "Box",
    "BoxLine",
    "Card",
    "CardEvent",
    "Certificate",
    "Disposal",
    "DisposalLine",
    "Fault",
    "Layout",
    "LedgerRow",
    "Shelf",
]
