"""Say whose paper a refused file was, as far as a machine can (対象者の照合)."""

from __future__ import annotations

from collections.abc import Sequence

from madoguchi.certificates.documents.content import Unreadable
from madoguchi.certificates.documents.readback import read_marks
from madoguchi.certificates.documents.reading import read_pdf
from madoguchi.certificates.domain.issue import Compared
from madoguchi.certificates.domain.sheets import Sheet


def compare_subject(pdf: bytes, sheets: Sequence[Sheet]) -> Compared:
    """Compare request and subject on every page of a file that was refused (I10).

    One page of somebody else is enough for DIFFERENT; SAME needs every page.
    """
    try:
        pages = read_pdf(pdf).pages
    except Unreadable:
        return Compared.UNREADABLE
    wanted = {(sheet.marks.request_id, sheet.marks.subject_hash) for sheet in sheets}
    found = [read_marks(page) for page in pages]
    if any(one and (one.request_id, one.subject_hash) not in wanted for one in found):
        return Compared.DIFFERENT
    if any(one is None for one in found) or len(pages) < len(sheets):
        return Compared.UNREADABLE
    return Compared.SAME
