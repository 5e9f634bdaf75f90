"""Take pages out of a finished file (頁の抜取り)."""

from __future__ import annotations

import io
from collections.abc import Collection

import pikepdf


def keep_pages(pdf: bytes, pages: Collection[int]) -> bytes:
    """Return the file with these pages only; nothing of the others stays inside (頁の抜取り)."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for number in reversed(range(len(document.pages))):
            if number not in pages:
                del document.pages[number]
        out = io.BytesIO()
        # What no page needs any more is not written: an address must not lie in a stray object.
        document.save(out)
    return out.getvalue()
