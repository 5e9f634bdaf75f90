"""Where on the form a problem is, in its words (不備の場所)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from madoguchi.kernel.outcome import Problem
from madoguchi.web.messages import catalogue, english_catalogue, is_english


def placed(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems that name their field as the form does; other places are left out (場所)."""
    words = (english_catalogue() if is_english() else catalogue()).labels
    return [replace(one, where=words.get(("move_item", one.where or ""))) for one in problems]
