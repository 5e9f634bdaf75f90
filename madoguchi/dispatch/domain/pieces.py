"""One letter as it is drawn (印刷する手紙)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from madoguchi.dispatch.domain.layout import AddressPlan
from madoguchi.dispatch.domain.letters import LetterKind, Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A letter with the name and address read for this printing (印刷する手紙)."""

    letter_id: str
    about_no: str
    kind: LetterKind
    content: Mapping[str, object] = field(hash=False)
    recipient: Recipient
    plan: AddressPlan
    mark: str
