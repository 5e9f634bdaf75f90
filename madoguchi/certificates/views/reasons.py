"""Stored reasons in words: the facts of a problem are not kept, its code is (理由)."""

from __future__ import annotations

import re
from collections import defaultdict

from madoguchi.kernel.outcome import Problem
from madoguchi.web.messages import Message, catalogue

_EMPTY_BRACKETS = re.compile("（[^（）]*…[^（）]*）")


def reasons_of(codes: tuple[str, ...]) -> tuple[Problem, ...]:
    """Return the stored codes as problems whose facts are left open (理由)."""
    return tuple(Problem(code=code, facts=defaultdict(lambda: "…")) for code in codes)


def reason_of(code: str) -> str:
    """Say one stored reason in a sentence (理由)."""
    entry = catalogue().entries.get(code)
    if entry is None:
        return code
    return _EMPTY_BRACKETS.sub("", entry.cause.format_map(defaultdict(lambda: "…")))


__all__ = ["Message", "reason_of", "reasons_of"]
