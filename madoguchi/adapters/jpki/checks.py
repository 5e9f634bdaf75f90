"""What must not be set in a town's own program (設定の検査): asked before it starts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from madoguchi.adapters.jpki.anchors import AnchorsUnreadable, is_of_test, read_anchors
from madoguchi.kernel.outcome import Problem
from madoguchi.web.messages import render

TAG = "madoguchi"
_POLICY = re.compile(r"[0-2](\.[0-9]+)+")


@register(TAG)
def check_anchors(**_given: Any) -> list[CheckMessage]:
    """Refuse anchors that cannot be read, and test authorities outside the demo (起動時の検査)."""
    found: list[CheckMessage] = []
    path = path_of(settings.MADOGUCHI_JPKI_ANCHORS)
    try:
        # The demo names its folder before it has made the cards in it.
        waits = settings.MADOGUCHI_DEMO and path is not None and not path.exists()
        anchors = () if waits else read_anchors(path)
    except AnchorsUnreadable as error:
        problem = Problem(code="JPKI_ANCHOR_UNREADABLE", facts={"file": error.path.name})
        found.append(_error(problem, number=1))
        anchors = ()
    if not settings.MADOGUCHI_DEMO and any(is_of_test(one.subject) for one in anchors):
        found.append(_error(Problem(code="JPKI_TEST_ANCHOR"), number=2))
    if not _POLICY.fullmatch(settings.MADOGUCHI_JPKI_POLICY):
        found.append(_error(Problem(code="JPKI_POLICY_FORM"), number=3))
    return found


def path_of(text: str) -> Path | None:
    """Return a setting as a path; an empty one is none (設定の場所)."""
    return Path(text) if text else None


def _error(problem: Problem, *, number: int) -> Error:
    words = render(problem)
    return Error(words.cause, hint=words.remedy, id=f"madoguchi.jpki.E{number:03d}")
