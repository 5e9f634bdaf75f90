"""Which way files of the portal and messages of towns go, from the settings (送受信の道)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from madoguchi.adapters.townpost.emulator import EmulatedPost
from madoguchi.adapters.townpost.folder import FolderPost

EMULATED = "emulated"


def town_post_of(settings: Any) -> FolderPost:
    """Return the way of messages: a folder, or in the demonstration a line with faults (道)."""
    folder = Path(settings.MADOGUCHI_POST_FOLDER)
    if settings.MADOGUCHI_TOWN_POST == EMULATED:
        # Towns of one demonstration have their folders side by side, each under its code.
        return EmulatedPost(folder, others=lambda code: folder.parent / code)
    return FolderPost(folder)


def portal_of(settings: Any) -> FolderPost:
    """Return the way of the portal's files: a folder, also in the demonstration (道)."""
    folder = Path(settings.MADOGUCHI_PORTAL_FOLDER)
    if settings.MADOGUCHI_TOWN_POST == EMULATED:
        return EmulatedPost(folder, others=lambda code: folder.parent / code)
    return FolderPost(folder)
