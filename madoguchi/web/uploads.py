"""How large an upload may be, and those that must never touch a disk (送信の大きさと置き場)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler
from django.urls import Resolver404, resolve

#: Routes whose uploads carry a secret. A file is otherwise spooled to the disk above 2 MiB.
ROUTES = frozenset({"dispatch:redact"})
#: What is kept of a file: one byte more than any reader takes, so that it can say "too large".
BYTES_KEPT = 64 * 1024 * 1024 + 1

#: What a whole form with its files may weigh: the largest file any reader takes, and a rim.
BODY_MAX = BYTES_KEPT + 1024 * 1024
#: The register of a whole city comes in one form; its reader has a limit of its own.
BODY_MAX_OF = {"register:start_import": 4 * 1024**3}


class Measured(FileUploadHandler):
    """Refuses a form that is too large before a byte of its files is kept (大きすぎる送信)."""

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002 - Django passes it
        META: dict[str, str],  # noqa: ARG002, N803 - Django's name
        content_length: int,
        boundary: str,  # noqa: ARG002 - Django passes it
        encoding: str | None = None,  # noqa: ARG002 - Django passes it
    ) -> None:
        """Look at what the browser says it sends; the server reads no further than that."""
        assert self.request is not None
        if content_length > BODY_MAX_OF.get(_route_of(self.request.path_info), BODY_MAX):
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django passes it
        """Hand the bytes on to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing."""


def _route_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


class MemoryOnly(MemoryFileUploadHandler):
    """Keeps a whole upload in memory, whatever its size, on the named routes (記憶だけで受ける)."""

    def handle_raw_input(self, *_given: Any, **_named: Any) -> None:
        """Take the upload if its route is one of ours; else leave it to the next handler."""
        assert self.request is not None
        self.activated = _route_of(self.request.path_info) in ROUTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep what fits and drop the rest: memory has an end too."""
        if self.activated and start >= BYTES_KEPT:
            return None
        return super().receive_data_chunk(raw_data, start)
