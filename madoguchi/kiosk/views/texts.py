"""The kiosk's sentences in three languages, read once (キオスクの文言)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString

from madoguchi.kernel.language import Language
from madoguchi.kiosk.domain.wording import Line
from madoguchi.web.tongues import marked_html, marked_plain

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
    return marked_html(marked(wanted, language))


def plain(wanted: Line, language: Language) -> str:
    """Return a sentence without ruby: for the voice, for titles and labels (読み上げの文)."""
    return marked_plain(marked(wanted, language))
