"""Small papers that name nobody."""

from io import BytesIO

import pikepdf


def paper(sheets: int = 1) -> bytes:
    """A PDF of so many empty A4 pages, its page objects readable by grep."""
    document = pikepdf.new()
    for _ in range(sheets):
        document.add_blank_page(page_size=(595, 842))
    out = BytesIO()
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()
