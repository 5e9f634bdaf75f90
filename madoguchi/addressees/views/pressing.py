"""One press: an action in its unit, and every reason why not (押したとき)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings

from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.queries.gazetteer import gazetteer
from madoguchi.infra import unit
from madoguchi.infra.unit import Busy
from madoguchi.kernel.outcome import Problem, Refused

PURPOSE = "送付先情報の照合"


def press(action: Callable[..., Any], **given: Any) -> tuple[Any, tuple[Problem, ...]]:
    """Do it; return what came of it and the reasons against it (実行)."""
    try:
        return unit.run(action, **given), ()
    except Refused as refusal:
        return None, refusal.problems
    except Busy:
        return None, (Problem(code="BUSY"),)


def places() -> Gazetteer:
    """Return the town's names (地名表)."""
    return gazetteer(settings.MADOGUCHI_PLACES)
