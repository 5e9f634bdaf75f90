"""The resident's page in three languages: sentences, days, times (住民のページの文言)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.utils.safestring import SafeString

from madoguchi.kernel.language import Language
from madoguchi.web import times
from madoguchi.web.days import day_in
from madoguchi.web.tongues import marked_html, marked_plain, sentences

__all__ = ["day_in", "html", "plain", "ruby", "sentence_for", "texts"]
FOLDER = Path(__file__).resolve().parents[1] / "texts"


def texts(language: Language) -> Mapping[str, str]:
    """Return every sentence of a language by its key (文言)."""
    return {**times.texts(language), **sentences(FOLDER, "booking", language)}


def html(key: str, language: Language, **facts: object) -> SafeString:
    """Return a sentence as HTML, ruby above what carries a reading (文)."""
    return ruby(texts(language)[key].format_map(facts))


def plain(key: str, language: Language, **facts: object) -> str:
    """Return a sentence without ruby: for titles and the calendar file (文)."""
    return marked_plain(texts(language)[key].format_map(facts))


def ruby(marked: str) -> SafeString:
    """Return a marked text as HTML (ふりがな)."""
    return marked_html(marked)


def sentence_for(code: str, language: Language) -> SafeString:
    """Say a refusal in the resident's language; what a resident cannot mend says: call (断り)."""
    key = f"problem_{code.lower()}"
    return html(key if key in texts(language) else "problem_other", language)
