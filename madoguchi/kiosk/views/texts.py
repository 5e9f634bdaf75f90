"""The kiosk's sentences in three languages, read once (キオスクの文言)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from madoguchi.kernel.ruby import pieces, without_ruby
from madoguchi.kiosk.domain.steps import Language
from madoguchi.kiosk.domain.wording import Line

FOLDER = Path(__file__).resolve().parents[1] / "texts"


class UnknownTextError(KeyError):
    """A screen asks for a sentence nobody wrote: a bug, found by the first test that meets it."""


@cache
def texts(language: Language) -> Mapping[str, str]:
    """Return every sentence of a language by its key (文言)."""
    tables = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{room}.{key}": text for room, table in tables.items() for key, text in table.items()}


def marked(wanted: Line, language: Language) -> str:
    """Return a sentence with its facts filled in and its ruby still marked (文)."""
    try:
        text = texts(language)[wanted.key]
    except KeyError:
        raise UnknownTextError(f"{language}: {wanted.key}") from None
    facts = {
        name: marked(fact, language) if isinstance(fact, Line) else fact
        for name, fact in wanted.facts.items()
    }
    return text.format_map(facts)


def html(wanted: Line, language: Language) -> SafeString:
    """Return a sentence as HTML, ruby above what carries a reading (文)."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<ruby>{}<rt>{}</rt></ruby>", base, reading) if reading else base,)
            for base, reading in pieces(marked(wanted, language))
        ),
    )


def plain(wanted: Line, language: Language) -> str:
    """Return a sentence without ruby: for the voice, for titles and labels (読み上げの文)."""
    return without_ruby(marked(wanted, language))


def lang_of(language: Language) -> str:
    """Return the language tag of HTML and of the voice (言語の札)."""
    return "en" if language is Language.ENGLISH else "ja"
