"""Scan the codes of a 転出証明書 one by one, until the paper is whole (紙の読取りの画面).

Nothing of it is kept before it is: what was scanned travels in the page itself.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from madoguchi.kernel.outcome import Problem
from madoguchi.moves.forms import OpenForm
from madoguchi.moves.queries.papers import NOT_VERIFIED, PaperRead, is_code, read_paper


def scanned(given: dict[str, Any]) -> PaperRead:
    """Return what this scan makes together with those before it (読取りの途中)."""
    texts = [*given["pieces"].split(), *([given["code"]] if is_code(given["code"]) else [])]
    return read_paper(texts, folder=settings.MADOGUCHI_CARD_RULES) if texts else PaperRead()


def stopping(paper: PaperRead, *, accepted: bool) -> tuple[Problem, ...]:
    """Return what stands against opening a case of a paper now (受付の前の確認)."""
    if paper.problems or paper.expected is None or paper.is_verified or accepted:
        return paper.problems
    return (Problem(code=NOT_VERIFIED, where="accepted"),)


def going_on(form: OpenForm, paper: PaperRead) -> OpenForm:
    """Return the form for the next scan: its box empty, what was scanned kept (次の読取り)."""
    given = form.cleaned_data
    kept = {name: given[name] for name in ("arrival", "count", "protected")}
    return OpenForm(initial={**kept, "pieces": " ".join(paper.texts)})
