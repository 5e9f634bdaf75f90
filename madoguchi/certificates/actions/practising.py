"""Papers to practise with: of nobody, without a number, read from no table (体験用の証明書)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from madoguchi.certificates.documents.imprint import drawn_imprint, imprint_size_mm
from madoguchi.certificates.documents.render import render_pdf
from madoguchi.certificates.domain.frame import CHECK_WORDS
from madoguchi.certificates.domain.kinds import Kind, Omit
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.domain.practice import practice_paper
from madoguchi.certificates.domain.self_service import Portion
from madoguchi.certificates.domain.words import year_words
from madoguchi.certificates.queries.town import town
from madoguchi.infra import clock


def sample_paper(
    kind: str, *, part: str = "SELF", items: Iterable[str] = (), year: str = ""
) -> bytes:
    """Return a paper of the practice household as PDF, marked 見本 (体験用の証明書).

    It carries neither signature nor QR code: nothing about it could pass for a paper.
    """
    today = clock.today()
    paper = practice_paper(
        Kind(kind),
        portion=Portion(part),
        items=frozenset(Omit(one) for one in items),
        year_words=year_words(int(year) if year else today.year),
        on=today,
        town=town(),
        imprint=drawn_imprint,
        size_mm=imprint_size_mm,
    )
    sheets = tuple(
        replace(
            sheet, qr=None, runs=tuple(run for run in sheet.runs if run.text not in CHECK_WORDS)
        )
        for sheet in plan_sheets(paper)
    )
    return render_pdf(paper, sheets, token="-")  # noqa: S106  no token
