"""With each visit of one mode the hints grow fewer (手がかりの減らし方)."""

from __future__ import annotations

from collections.abc import Mapping

from madoguchi.kiosk.domain.steps import Step

#: A visit of a mode sees less than the one before it, the fourth none (*assumed*).
ALL, MOST, FEW, NONE = 3, 2, 1, 0

#: Down to where a screen keeps its hint. What a resident must do with card and paper is told
#: longest; what a choice means is read once. Who it is is known after the PIN only.
_KEPT_DOWN_TO: Mapping[Step, int] = {
    Step.CARD_BACK: FEW,
    Step.PRINT: FEW,
    Step.TAKE: FEW,
    Step.KIND: MOST,
    Step.ITEMS: MOST,
}


def hints_after(visits: int) -> int:
    """Return how much help to show on the visit after so many: 3 all, 2, 1, 0 none (手がかり)."""
    assert visits >= 0, visits
    return max(NONE, ALL - visits)


def keeps_hint(step: Step, hints: int) -> bool:
    """Tell whether a screen still shows its hint to whoever is shown so much (手がかりの有無)."""
    return hints >= _KEPT_DOWN_TO.get(step, ALL)
