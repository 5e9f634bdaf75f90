"""Pages for residents in three languages: whose words, and the readings above them (ことば)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from madoguchi.kernel.language import Language
from madoguchi.kernel.ruby import pieces, without_ruby


@cache
def sentences(folder: Path, name: str, language: Language) -> Mapping[str, str]:
    """Return every sentence of one page in a language, by its key (文言)."""
    return tomllib.loads((folder / f"{name}.{language}.toml").read_text(encoding="utf-8"))


def marked_html(marked: str) -> SafeString:
    """Return a marked text as HTML, the reading above each word that carries one (ふりがな)."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<ruby>{}<rt>{}</rt></ruby>", base, reading) if reading else base,)
            for base, reading in pieces(marked)
        ),
    )


def marked_plain(marked: str) -> str:
    """Return a marked text without readings: for titles and names to machines (文)."""
    return without_ruby(marked)


def language_of(request: HttpRequest) -> Language:
    """Return the language a resident has chosen, Japanese before any choice (選ばれたことば)."""
    given = request.POST.get("language") or request.GET.get("language")
    return Language(given) if given in set(Language) else Language.JAPANESE


def town_in(language: Language) -> dict[str, str]:
    """Return the town and the place as this language's readers know them (町の名)."""
    names = {
        Language.JAPANESE: settings.MADOGUCHI_TOWN_NAME,
        Language.EASY_JAPANESE: settings.MADOGUCHI_TOWN_KANA,
        Language.ENGLISH: settings.MADOGUCHI_TOWN_ENGLISH,
    }
    return {"town": names[language], "place": settings.MADOGUCHI_PLACE}
