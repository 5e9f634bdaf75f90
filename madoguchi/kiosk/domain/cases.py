"""Cases: what does not add up, until a person decides (調査の要るもの)."""

from __future__ import annotations

from enum import StrEnum

from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text
from madoguchi.kiosk.domain.books import What


class Decision(StrEnum):
    """What a person found and decided (判断)."""

    EXPLAINED = "EXPLAINED"  # 理由がわかった
    CORRECTED = "CORRECTED"  # 直した
    SHREDDED = "SHREDDED"  # 紙を裁断した
    RECOVERED = "RECOVERED"  # 紙を回収した
    NOT_RECOVERED = "NOT_RECOVERED"  # 紙を回収できなかった


#: A lost page must have its end written down, like any void paper (I12).
_OF_PAPER = frozenset({Decision.SHREDDED, Decision.RECOVERED, Decision.NOT_RECOVERED})


def stops_channel(what: What) -> bool:
    """Tell whether a case of this sort stops its channel until it is decided (経路の停止).

    Books that disagree do. A page lost in a jam does not: everybody knows why it is missing.
    """
    return what is not What.PAPER


def decisions_for(what: What) -> tuple[Decision, ...]:
    """List what can be decided in such a case (選べる判断)."""
    return tuple(one for one in Decision if (one in _OF_PAPER) is (what is What.PAPER))


def check_decision(*, what: What, decision: Decision, note: str) -> tuple[Problem, ...]:
    """Return everything that stands against deciding a case so (判断の確認)."""
    found = list(check_free_text(note, where="note"))
    if decision not in decisions_for(what):
        found.append(Problem(code="KIOSK_DECISION_UNFIT", where="decision"))
    if not note.strip():
        found.append(Problem(code="KIOSK_DECISION_NEEDS_WORDS", where="note"))
    return tuple(found)
