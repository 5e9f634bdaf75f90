"""The one catalogue of sentences: codes inside, words at the rim (文言集).

Every ``catalogue/<room>.toml`` holds ``[CODE]`` tables with ``cause`` and ``remedy``, and
``[labels.<kind>]`` tables that give stored codes their words. ``english/<room>.toml`` says the same
for a page that is drawn in English (``english.py``); what it lacks is said in Japanese.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation

from madoguchi.kernel import wareki
from madoguchi.kernel.outcome import Problem
from madoguchi.web.periods import period_in_english

FOLDER = Path(__file__).parent / "catalogue"
ENGLISH_FOLDER = Path(__file__).parent / "english"
ENGLISH = "en"
_LINE = re.compile(r"line ([0-9]+),? ?")


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
    facts = problem.facts
    if is_english():
        entry = english_catalogue().entries.get(problem.code, entry)
        facts = {name: period_in_english(str(fact)) for name, fact in facts.items()}
    return Message(
        code=problem.code,
        cause=entry.cause.format_map(facts),
        remedy=entry.remedy.format_map(facts),
        where=problem.where,
    )


def place_words(where: str) -> str:
    """Say a place in a file: line 3, 棚 is 3行目 棚 in Japanese; any other place stays (場所の言い方)."""
    return where if is_english() else _LINE.sub(r"\1行目 ", where).strip()


def render_placed(problems: Iterable[Problem]) -> tuple[Message, ...]:
    """Put every problem into words, and its place in the file too (ファイルの不備の説明)."""
    return tuple(
        replace(one, where=place_words(one.where) if one.where else None)
        for one in render_all(problems)
    )


def period_words(text: str) -> str:
    """Say a fiscal year or a month: 令和6年度, fiscal 2024 (年度・月)."""
    return period_in_english(text) if is_english() else text


def month_words(first: date) -> str:
    """Say a month: 令和9年1月, Jan 2027 (月)."""
    return period_words(wareki.format_long(first).partition("月")[0] + "月")


def listed(words: Iterable[str], sign: str = "、") -> str:
    """Say several words one after another, with this sign between them in Japanese (並べた言葉)."""
    return (", " if is_english() else sign).join(words)


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
