"""How many sheets a file is, printed on one side (枚数)."""

from __future__ import annotations

from io import BytesIO

import pikepdf


def sheets_of(pdf: bytes) -> int:
    """Count the pages; 0 for what is no PDF at all (枚数)."""
    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            return len(document.pages)
    except pikepdf.PdfError:
        return 0
