"""The key that seals the chain, and the file of anchors beside it (封緘鍵・錨)."""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from madoguchi.audit.domain import read_anchor
from madoguchi.infra import files
from madoguchi.kernel.ids import new_id

_KEY_BYTES = 32


def signing_key() -> bytes:
    """Return the chain's key: MADOGUCHI_AUDIT_KEY(_FILE), else made once in the data folder.

    In production the file belongs on another disk than the database: who can change rows
    must not be able to seal them anew.
    """
    return _key(settings.MADOGUCHI_AUDIT_KEY, str(settings.MADOGUCHI_HOME))


@lru_cache(maxsize=8)
def _key(given: str, _home: str) -> bytes:
    if given:
        return given.encode()
    path = files.private_folder("audit") / "chain.key"
    if not path.exists():
        # Under another name first: nobody may ever read a key that is half written.
        draft = path.with_name(f"chain.key.{new_id()}")
        files.create_exclusively(draft, secrets.token_hex(_KEY_BYTES).encode())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()


def anchor_path(start: str) -> Path:
    """Return the file that keeps this chain's anchors (錨のファイル)."""
    return files.private_folder("audit") / f"anchors-{start[:16]}.txt"


def read_anchors(start: str) -> dict[int, str]:
    """Read every anchor of this chain that bears our seal: place -> hash (錨)."""
    try:
        lines = anchor_path(start).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    found = (read_anchor(line, key=signing_key()) for line in lines)
    return dict(anchor for anchor in found if anchor is not None)


def other_chains(start: str) -> tuple[str, ...]:
    """Name the chains with anchors here besides this one; in production there are none."""
    mine = anchor_path(start).name
    names = sorted(path.name for path in files.private_folder("audit").glob("anchors-*.txt"))
    return tuple(
        name.removeprefix("anchors-").removesuffix(".txt") for name in names if name != mine
    )
