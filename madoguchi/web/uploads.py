"""Uploads that show a secret stay in memory: no temporary file, ever (秘密の画像の受取り)."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler

#: More than this is cut off here and refused by whoever reads it.
KEPT_MAX = 64 * 1024 * 1024 + 1


class SecretUpload(MemoryFileUploadHandler):
    """Keep files for the pages named in the settings in memory whatever their size (秘密の受取り)."""

    kept = 0

    def handle_raw_input(self, *_given: Any, **_named: Any) -> None:
        """Answer only for the pages whose uploads are secret."""
        path = self.request.path if self.request is not None else ""
        self.activated = re.match(settings.MADOGUCHI_UPLOADS_IN_MEMORY, path) is not None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep a piece; what is beyond the limit is dropped, so that memory stays bounded."""
        if not self.activated:
            return raw_data
        room = max(0, KEPT_MAX - self.kept)
        self.kept += min(len(raw_data), room)
        return super().receive_data_chunk(raw_data[:room], start)
