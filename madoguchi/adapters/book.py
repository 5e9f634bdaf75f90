"""The small books of by-hand adapters and emulators, shared by all processes (帳面)."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep every other process and thread out while the block runs (排他)."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # Each opening has a lock of its own, so threads of one process exclude each other too.
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def kept(path: Path) -> Iterator[dict[str, Any]]:
    """Open a book, and write it back whole if the block changed it (帳面を開く).

    A block that fails changes nothing; a power cut leaves the old book or the new one.
    """
    with alone(path.with_suffix(".lock")):
        before = path.read_text(encoding="utf-8") if path.exists() else "{}"
        book: dict[str, Any] = json.loads(before)
        yield book
        after = json.dumps(book, ensure_ascii=False, sort_keys=True)
        if after != before:
            draft = path.with_suffix(".draft")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
