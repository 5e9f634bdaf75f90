"""The drawer of fictional cards (架空のカードの引出し): list them, open one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from madoguchi.bridge.emulator.card import EmulatedCard
from madoguchi.bridge.emulator.guard import refuse_production
from madoguchi.bridge.emulator.memory import LastingMemory
from madoguchi.bridge.emulator.profile import read_shape


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLabel:
    """What is written on a fictional card, its PIN too (架空のカードの表示)."""

    card_no: str
    label: str
    person_id: str
    state: str
    pin: str


def list_cards(folder: Path) -> list[CardLabel]:
    """Return the cards of a folder made by make-cards (カードの一覧)."""
    found = []
    for path in sorted((folder / "cards").glob("*/card.json")):
        told = json.loads(path.read_text("utf-8"))
        found.append(
            CardLabel(
                card_no=told["card_no"],
                label=told["label"],
                person_id=told["person_id"],
                state=told["state"],
                pin=told["pins"]["利用者証明用"],
            )
        )
    return found


@contextmanager
def opened(folder: Path) -> Iterator[EmulatedCard]:
    """Take one card out of its folder; refused in production and while it lies elsewhere."""
    refuse_production(os.environ)
    memory = LastingMemory(folder)
    try:
        yield EmulatedCard(shape=read_shape(folder), memory=memory)
    finally:
        memory.close()
