"""The card line's own tables, read once: what goes on a trip, what a notice says (持ち物・案内の表)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from madoguchi.cards.domain.kit import KitRow, read_kit
from madoguchi.cards.domain.notices import NoticeBook, read_notices
from madoguchi.infra.town_tables import read_table

FOLDER = Path(__file__).resolve().parents[1] / "tables"


@lru_cache(maxsize=4)
def kit_rows(folder: str = "") -> tuple[KitRow, ...]:
    """Return the table of what goes along on a trip (持ち物の表)."""
    return read_kit(read_table("kit", ours=FOLDER, own=folder))


@lru_cache(maxsize=4)
def notice_book(folder: str = "") -> NoticeBook:
    """Return the table of what a notice says of place and time (案内の表)."""
    return read_notices(read_table("notice", ours=FOLDER, own=folder))
