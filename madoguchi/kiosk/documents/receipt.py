"""The receipt, and the way to the store beneath it (領収書)."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import typst

_TEMPLATE = Path(__file__).with_name("receipt.typ")
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What stands on a receipt: the sum and what it was for, and nobody's name (領収書)."""

    number: str
    at: str
    yen: str
    kind: str
    copies: int
    method: str
    place: str
    terminal: str
    town: str
    sample: bool
    shop: tuple[str, ...]


def receipt_pdf(receipt: Receipt) -> bytes:
    """Draw a receipt as PDF; the same receipt gives the same page (領収書の作成)."""
    fonts = os.environ.get("MADOGUCHI_FONTS")
    make: Any = typst.compile
    with _one_at_a_time:
        made = make(
            str(_TEMPLATE),
            font_paths=[fonts] if fonts else [],
            sys_inputs={"receipt": json.dumps(asdict(receipt), ensure_ascii=False)},
            format="pdf",
        )
    assert isinstance(made, bytes)
    return made
