"""Uploads that must never touch a disk (ディスクに置かない送信)."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.urls import Resolver404, resolve

#: Routes whose uploads carry a secret. A file is otherwise spooled to the disk above 2 MiB.
ROUTES = frozenset({"dispatch:redact"})
#: What is kept of a file: one byte more than any reader takes, so that it can say "too large".
BYTES_KEPT = 64 * 1024 * 1024 + 1


class MemoryOnly(MemoryFileUploadHandler):
    """Keeps a whole upload in memory, whatever its size, on the named routes (記憶だけで受ける)."""

    def handle_raw_input(self, *_given: Any, **_named: Any) -> None:
        """Take the upload if its route is one of ours; else leave it to the next handler."""
        assert self.request is not None
        try:
            self.activated = resolve(self.request.path_info).view_name in ROUTES
        except Resolver404:
            self.activated = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep what fits and drop the rest: memory has an end too."""
        if self.activated and start >= BYTES_KEPT:
            return None
        return super().receive_data_chunk(raw_data, start)
