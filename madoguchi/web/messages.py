"""The one catalogue of sentences: codes inside, words at the rim (文言集).

Every ``catalogue/<room>.toml`` holds ``[CODE]`` tables with ``cause`` and ``remedy``, and
``[labels.<kind>]`` tables that give stored codes their words. ``english/<room>.toml`` says the same
for a page that is drawn in English (``english.py``); what it lacks is said in Japanese.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation

from madoguchi.kernel.outcome import Problem

FOLDER = Path(__file__).parent / "catalogue"
ENGLISH_FOLDER = Path(__file__).parent / "english"
ENGLISH = "en"


class CatalogueError(AssertionError):
    """The catalogue contradicts itself or lacks a sentence: a bug, so nothing starts."""


class UnknownCodeError(KeyError):
    """A code has no sentences: a bug, found by the first test that meets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The two sentences of a code, with {facts} still to be filled in."""

    cause: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A problem in words: what is so, and what to do (不備の説明)."""

    code: str
    cause: str
    remedy: str
    where: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All sentences and labels of all rooms."""

    entries: Mapping[str, Entry]
    labels: Mapping[tuple[str, str], str]


@cache
def catalogue() -> Catalogue:
    """Return all sentences, read once (文言集)."""
    return read(sorted(FOLDER.glob("*.toml")))


@cache
def english_catalogue() -> Catalogue:
    """Return the English of the sentences and labels, read once (英語の文言集)."""
    return read(sorted(ENGLISH_FOLDER.glob("*.toml")))


def is_english() -> bool:
    """Tell whether the page in hand is drawn in English (表示のことば)."""
    # A command that asks no database loads no settings either; it speaks Japanese.
    return settings.configured and translation.get_language() == ENGLISH


def read(files: Iterable[Path]) -> Catalogue:
    """Read these files into one catalogue; anything doubled or half-written raises."""
    entries: dict[str, Entry] = {}
    labels: dict[tuple[str, str], str] = {}
    for file in files:
        for key, value in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key == "words":
                continue  # pieces of pages: ``english.py`` reads them
            if key == "labels":
                _take_labels(labels, value, file=file)
            elif key in entries:
                raise CatalogueError(f"{file.name}: {key} is already in another file")
            else:
                entries[key] = _entry(key, value, file=file)
    return Catalogue(entries=entries, labels=labels)


def render(problem: Problem) -> Message:
    """Put a problem into words (不備の説明); a code without sentences raises ``UnknownCodeError``."""
    try:
        entry = catalogue().entries[problem.code]
    except KeyError:
        raise UnknownCodeError(problem.code) from None
    if is_english():
        entry = english_catalogue().entries.get(problem.code, entry)
    return Message(
        code=problem.code,
        cause=entry.cause.format_map(problem.facts),
        remedy=entry.remedy.format_map(problem.facts),
        where=problem.where,
    )


def render_all(problems: Iterable[Problem]) -> tuple[Message, ...]:
    """Put every problem into words, in the order given."""
    return tuple(render(problem) for problem in problems)


def label(*, kind: str, code: str) -> str:
    """Return the word for a stored code, such as kind ``right``, code ``SEARCH`` (表示名)."""
    try:
        return catalogue().labels[kind, code]
    except KeyError:
        raise UnknownCodeError(f"labels.{kind}.{code}") from None


def word(*, kind: str, code: str) -> str:
    """Return the word for a stored code in the language of the page in hand (画面の表示名)."""
    if is_english() and (found := english_catalogue().labels.get((kind, code))):
        return found
    return label(kind=kind, code=code)


def word_or_code(*, kind: str, code: str) -> str:
    """Return the word for a stored code; one that no table names is shown as it is (表示名か符号)."""
    return word(kind=kind, code=code) if (kind, code) in catalogue().labels else code


def _entry(code: str, table: object, *, file: Path) -> Entry:
    if code != code.upper():
        raise CatalogueError(f"{file.name}: {code} must be upper case")
    if not isinstance(table, dict) or set(table) != {"cause", "remedy"}:
        raise CatalogueError(f"{file.name}: {code} needs cause and remedy, nothing else")
    if not all(isinstance(text, str) and text.strip() for text in table.values()):
        raise CatalogueError(f"{file.name}: {code} has an empty sentence")
    return Entry(cause=table["cause"], remedy=table["remedy"])


def _take_labels(labels: dict[tuple[str, str], str], tables: object, *, file: Path) -> None:
    if not isinstance(tables, dict):
        raise CatalogueError(f"{file.name}: labels must be tables")
    for kind, words in tables.items():
        if not isinstance(words, dict):
            raise CatalogueError(f"{file.name}: labels.{kind} must be a table")
        for code, word in words.items():
            if (kind, code) in labels:
                raise CatalogueError(f"{file.name}: labels.{kind}.{code} is already elsewhere")
            if not isinstance(word, str) or not word.strip():
                raise CatalogueError(f"{file.name}: labels.{kind}.{code} is empty")
            labels[kind, code] = word
