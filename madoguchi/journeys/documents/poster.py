"""The survey on paper (アンケートの紙): a code to scan, and three faces to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from madoguchi.dispatch.api import typeset

_FOLDER = Path(__file__).parent / "templates"


def draw_poster(code: str, *, said: Sequence[Mapping[str, str]], town: str) -> bytes:
    """Draw one page of A4: the question in each language, and a slip for each (紙の描画)."""
    return typeset("survey.typ", {"code": code, "said": list(said), "town": town}, folder=_FOLDER)
