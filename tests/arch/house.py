"""What the tests about the code share: where the rooms are and how to read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "madoguchi"
ROOMS = (
    "audit", "accounts", "protection", "register", "csops", "appointments", "addressees", "dispatch",
    "advice", "cards", "certificates", "residence", "visits", "moves", "kiosk", "desk", "insights",
    "journeys", "kit",
)  # fmt: skip


def product_files(folder: Path = PACKAGE) -> Iterator[Path]:
    """Every Python file of the product itself: no tests, no migrations."""
    for path in sorted(folder.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_texts() -> str:
    """All test code as one text: to see whether something is named by a test."""
    files = [*PACKAGE.glob("*/tests/**/*.py"), *(ROOT / "tests").rglob("*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


test_texts.__test__ = False
