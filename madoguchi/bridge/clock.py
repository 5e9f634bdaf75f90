"""The one place of the bridge that reads the clock (時計); as a guest it has its own."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """Return this moment in Japan, time zone included (現在時刻)."""
    return datetime.now(JAPAN)  # noqa: TID251  the bridge's clock itself
