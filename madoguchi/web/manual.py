"""How each screen of the desk is used: one text a screen, with its picture (画面ごとの使い方).

``help/<room>.toml`` has a table a template: ``title``, ``what`` it is for, ``steps``, ``care`` (what cannot be
undone). A page finds its own by the template it is drawn from, so no view has to name it. Pictures lie
in ``static/web/help`` and are drawn by ``./run docs --pictures``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import reverse

HERE = Path(__file__).parent
FOLDER = HERE / "help"
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

    @property
    def url(self) -> str:
        """Where it is shown with its picture (ページ)."""
        return reverse("web:help", args=(self.room, self.screen))

    @property
    def picture(self) -> str | None:
        """The picture below ``static``, if one was drawn (絵)."""
        name = f"{self.room}-{self.screen}.webp"
        return f"web/help/{name}" if (PICTURES / name).is_file() else None


@cache
def helps() -> Mapping[str, Help]:
    """Return all help by the template of its screen, read once (使い方の一覧)."""
    found: dict[str, Help] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        for screen, one in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if set(one) != _KEYS:
                raise HelpError(f"{file.name}: {screen} has {sorted(one)}, not {sorted(_KEYS)}")
            found[f"{file.stem}/{screen}.html"] = Help(
                room=file.stem, screen=screen, title=one["title"], what=one["what"],
                steps=tuple(one["steps"]), care=one["care"],
            )  # fmt: skip
    return found


def by_room() -> list[tuple[str, list[Help]]]:
    """Return the help of every room (部屋ごと)."""
    rooms: dict[str, list[Help]] = {}
    for one in helps().values():
        rooms.setdefault(one.room, []).append(one)
    return list(rooms.items())
