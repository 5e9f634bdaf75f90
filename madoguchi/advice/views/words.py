"""The words of the resident's pages in three languages, and what stands around them (文言)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString

from madoguchi.kernel.language import Language
from madoguchi.web.tongues import (
    language_of,
    marked_html,
    marked_plain,
    sentences,
    town_in,
)

FOLDER = Path(__file__).resolve().parents[1] / "texts"


def texts(name: str, language: Language) -> Mapping[str, str]:
    """Return every sentence of a page, with those that all pages share (文言)."""
    return {**sentences(FOLDER, "around", language), **sentences(FOLDER, name, language)}


def html(name: str, key: str, language: Language, **facts: object) -> SafeString:
    """Return a sentence as HTML, readings above their words (文)."""
    return marked_html(texts(name, language)[key].format_map(facts))


def plain(name: str, key: str, language: Language, **facts: object) -> str:
    """Return a sentence without readings: for titles and names of parts (文)."""
    return marked_plain(texts(name, language)[key].format_map(facts))


def around(request: HttpRequest, name: str) -> dict[str, Any]:
    """Return what every resident's page shows around its own matter (共通の部分)."""
    language = language_of(request)
    return {
        "texts": name, "language": language, "lang": language.tag,
        "languages": [(one, html(name, "language", one)) for one in Language],
        "phone": settings.MADOGUCHI_OFFICE_PHONE, **town_in(language),
    }  # fmt: skip
