"""How each screen of the desk is used: one text a screen, with its picture (画面ごとの使い方).

``help/<room>.toml`` has a table a template: ``title``, ``what`` it is for, ``steps``, ``care`` (what cannot be
undone). A page finds its own by the template it is drawn from, so no view has to name it. Pictures lie
in ``static/web/help`` and are drawn by ``./run docs --pictures``.

``help/english/<room>.toml`` has the English of each sentence beside the Japanese one it was written from, a
table a screen. So a Japanese sentence that is changed has no English any more, and a test says which.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import reverse

from madoguchi.web.messages import is_english

HERE = Path(__file__).parent
FOLDER = HERE / "help"
ENGLISH_FOLDER = FOLDER / "english"
PICTURES = HERE / "static/web/help"
_KEYS = {"title", "what", "steps", "care"}


class HelpError(AssertionError):
    """A help text lacks a part or has one too many: a bug, so the first page that asks fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """How one screen is used (使い方)."""

    room: str
    screen: str
    title: str
    what: str
    steps: tuple[str, ...]
    #: What cannot be undone, or what undoes it.
    care: str
    #: Whether it is said, and its picture drawn, in English.
    english: bool = False

    @property
    def url(self) -> str:
        """Where it is shown with its picture (ページ)."""
        return reverse("web:help", args=(self.room, self.screen))

    @property
    def picture(self) -> str | None:
        """The picture below ``static``, if one was drawn (絵)."""
        name = f"{'english/' if self.english else ''}{self.room}-{self.screen}.webp"
        return f"web/help/{name}" if (PICTURES / name).is_file() else None


def helps() -> Mapping[str, Help]:
    """Return all help in the language of the page, by the template of its screen (使い方の一覧)."""
    return read(english=is_english())


@cache
def read(*, english: bool) -> Mapping[str, Help]:
    """Return all help in Japanese or in English, read once (使い方の読込み)."""
    found: dict[str, Help] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        turned = words_of(file.stem) if english else {}
        for screen, one in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if set(one) != _KEYS:
                raise HelpError(f"{file.name}: {screen} has {sorted(one)}, not {sorted(_KEYS)}")
            words = turned.get(screen, {})
            title, what, *steps, care = [
                words.get(said, said)
                for said in (one["title"], one["what"], *one["steps"], one["care"])
            ]
            found[f"{file.stem}/{screen}.html"] = Help(
                room=file.stem, screen=screen, title=title, what=what, steps=tuple(steps), care=care,
                english=english,
            )  # fmt: skip
    return found


def words_of(room: str) -> Mapping[str, Mapping[str, str]]:
    """Return the English of a room's help: each Japanese sentence of a screen, and how it is said (英語の使い方)."""
    path = ENGLISH_FOLDER / f"{room}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def by_room(found: Mapping[str, Help]) -> list[tuple[str, list[Help]]]:
    """Return help room by room (部屋ごと)."""
    rooms: dict[str, list[Help]] = {}
    for one in found.values():
        rooms.setdefault(one.room, []).append(one)
    return list(rooms.items())
