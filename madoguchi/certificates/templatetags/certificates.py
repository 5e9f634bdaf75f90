"""Words and characters of problems inside a page of this room (画面の部品)."""

from __future__ import annotations

from django import template

from madoguchi.certificates.views.reasons import reason_of
from madoguchi.kernel.outcome import Problem
from madoguchi.web.messages import Message, render

register = template.Library()


@register.filter
def in_words(problem: Problem) -> Message:
    """Put one problem into words where it stands (不備の説明)."""
    return render(problem)


@register.filter
def characters(problem: Problem) -> list[str]:
    """Return the characters a problem names by code, to be shown large (字形)."""
    codes = problem.facts.get("char", "").split()
    return ["".join(chr(int(code.removeprefix("U+"), 16)) for code in codes)] if codes else []


@register.filter
def reason_words(code: str) -> str:
    """Say in words why a request came to nothing; a stored reason keeps no facts (理由)."""
    return reason_of(code)
