"""Tables of rules as files: the town's own in the place of ours (町の表)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_table(name: str, *, ours: Path, own: str) -> Mapping[str, Any]:
    """Read one table from the town's folder ``own`` where it lies there, else from ours (表を読む)."""
    of_town = Path(own) / f"{name}.toml"
    path = of_town if own and of_town.is_file() else ours / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
