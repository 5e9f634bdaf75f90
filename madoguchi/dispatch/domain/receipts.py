"""What is kept of a copy without its secret: never the picture (消去の控え)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Who made which copy when, by which template, and the sums of both files (消去の控え)."""

    receipt_id: str
    template: str
    sha256_in: str
    sha256_out: str
    staff_id: str
    made_at: datetime
    checks: Mapping[str, str]
