"""Private files, made once and never overwritten (書類の置き場)."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings


def private_folder(*names: str) -> Path:
    """Return a folder inside the data folder that only this account may enter."""
    folder = Path(settings.MADOGUCHI_HOME)
    for name in names:
        assert name not in ("", ".", "..") and "/" not in name, name
        folder = folder / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def create_exclusively(path: Path, data: bytes) -> None:
    """Write a new file to disk for good; raise ``FileExistsError`` if the name is taken.

    Two workers that believe they make the same paper must not overwrite each other
    (invariant I1), so the name is claimed by the operating system, not looked up.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
