"""The words of the resident's page of moves in three languages (文言)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString

from madoguchi.kernel.language import Language
from madoguchi.web.tongues import language_of, marked_html, marked_plain, sentences, town_in

FOLDER = Path(__file__).resolve().parents[1] / "texts"


def texts(language: Language) -> Mapping[str, str]:
    """Return every sentence of the residents' pages: before coming, drafting, booking (文言)."""
    return _all(language)


@cache
def _all(language: Language) -> Mapping[str, str]:
    return {
        key: text
        for name in ("before", "draft", "visit")
        for key, text in sentences(FOLDER, name, language).items()
    }


def optional(key: str, language: Language) -> SafeString | None:
    """Return a sentence where the page has one of that name (文)."""
    return html(key, language) if key in texts(language) else None


def html(key: str, language: Language, **facts: object) -> SafeString:
    """Return a sentence as HTML, readings above their words (文)."""
    return marked_html(texts(language)[key].format_map(facts))


def plain(key: str, language: Language, **facts: object) -> str:
    """Return a sentence without readings: for titles and names of parts (文)."""
    return marked_plain(texts(language)[key].format_map(facts))


def around(request: HttpRequest) -> dict[str, Any]:
    """Return what stands around the matter of a resident's page (共通の部分)."""
    language = language_of(request)
    return {
        "language": language, "lang": language.tag,
        "languages": [(one, html("language", one)) for one in Language],
        "phone": settings.MADOGUCHI_OFFICE_PHONE, **town_in(language),
    }  # fmt: skip
