"""Who certifies, and on which days (認証者)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Who certifies (発行自治体と認証者)."""

    municipality: str
    code: str
    mayor_title: str
    mayor_name: str
    seal_svg: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certifier:
    """Who certifies in the place of the mayor of the settings, for some days (認証者・職務代理者).

    ``office`` stands behind prefecture and town: 長, or 長職務代理者 for a deputy. The first and the
    last day count. Source: resident record standard 1.3.9; 地方自治法 152条.
    """

    office: str
    name: str
    valid_from: date
    valid_until: date | None
    source: str

    def certifies_on(self, day: date) -> bool:
        """Tell whether a paper of this day bears this name (その日の認証者)."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def read_certifiers(table: Mapping[str, Any]) -> tuple[Certifier, ...]:
    """Read the table of a file; one that leaves a doubt who certifies stops the start (認証者の表)."""
    rows = tuple(
        Certifier(
            office=row["office"], name=row["name"], valid_from=row["valid_from"],
            valid_until=row.get("valid_until"), source=row["source"],
        )
        for row in table["certifier"]
    )  # fmt: skip
    for one in rows:
        assert one.office.startswith("長") and one.name.strip(), f"certifiers: {one}"
        assert one.valid_until is None or one.valid_from <= one.valid_until, f"certifiers: {one}"
    for one, other in combinations(sorted(rows, key=lambda row: row.valid_from), 2):
        assert not one.certifies_on(other.valid_from), f"certifiers: {one} and {other} on one day"
    return rows


def certifier_on(rows: Iterable[Certifier], day: date) -> Certifier | None:
    """Return who certifies on a day in the mayor's place; None: the mayor does (認証者)."""
    return next((one for one in rows if one.certifies_on(day)), None)
