"""The evening check: nothing accepted may still be without effect (夕方の点検)."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.audit import api as audit
from madoguchi.infra import clock, facts
from madoguchi.kernel.actor import Actor
from madoguchi.protection.queries.measures import count_held_wrongly, count_not_effective


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningCheck:
    """What the evening check found; both figures must be 0 (点検の結果)."""

    not_effective: int
    held_wrongly: int


def check_evening(*, actor: Actor) -> EveningCheck:
    """Count what is accepted and not in effect, and raise it where it is seen.

    The finding stands as a fact and in the audit log even when nobody looks; the list
    itself is on the first page of this room until it is empty.
    """
    found = EveningCheck(not_effective=count_not_effective(), held_wrongly=count_held_wrongly())
    audit.record_system(
        actor=actor,
        action="PROTECTION_EVENING_CHECKED",
        detail={"not_effective": found.not_effective, "held_wrongly": found.held_wrongly},
    )
    now = clock.now()
    facts.note(
        "protection_evening_checked",
        at=now,
        not_effective=found.not_effective,
        held_wrongly=found.held_wrongly,
    )
    if found.not_effective or found.held_wrongly:
        facts.note(
            "protection_alert_raised",
            at=now,
            not_effective=found.not_effective,
            held_wrongly=found.held_wrongly,
        )
    return found
