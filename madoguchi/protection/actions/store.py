"""Keeping a new version of a measure, its step, and the table of held persons in step."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from madoguchi.audit import api as audit
from madoguchi.infra import clock, facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.protection import models
from madoguchi.protection.domain.measures import Measure, check_version


def refuse_if(problems: Iterable[Problem]) -> None:
    """Raise ``Refused`` with all of these, if there are any."""
    found = tuple(problems)
    if found:
        raise Refused(found)


def need(actor: Actor, *rights: Right) -> None:
    """Refuse an actor who lacks one of these rights (権限の確認)."""
    if not all(actor.may(right) for right in rights):
        raise Refused(Problem(code="PROTECTION_RIGHT_MISSING"))


def columns(measure: Measure) -> dict[str, object]:
    """Return what the table keeps of a measure."""
    return {
        "state": measure.state.value,
        "version": measure.version,
        "begins_on": measure.period.begins_on if measure.period else None,
        "ends_on": measure.period.ends_on if measure.period else None,
        "ground": measure.ground.value if measure.ground else "",
        "carried_over_on": measure.carried_over_on,
        "carried_to": measure.carried_to,
        "ended_on": measure.ended_on,
        "end_reason": measure.end_reason.value if measure.end_reason else "",
    }


def keep(old: Measure, new: Measure, *, step: str, actor: Actor, second_name: str = "") -> None:
    """Store the next version; refuse when another officer was faster (STALE_STATE)."""
    assert new.version == old.version + 1
    changed = models.Measure.objects.filter(measure_id=old.measure_id, version=old.version).update(
        **columns(new)
    )
    if not changed:
        refuse_if(check_version(old, seen=old.version - 1))
    note_step(new, step=step, actor=actor, second_name=second_name)
    refresh_held(new.person_ids)


def take_live(person_ids: Iterable[str]) -> None:
    """Hold the live measures of these persons until the commit (支援措置のロック).

    Read them in a later statement: whoever was just ending one has then finished.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM protection_measure m WHERE m.state <> 'ENDED' AND m.measure_id IN"
            " (SELECT p.measure_id FROM protection_member p WHERE p.person_id = ANY(%s::text[]))"
            " ORDER BY m.measure_id FOR NO KEY UPDATE",
            [sorted(set(person_ids))],
        )


def note_step(measure: Measure, *, step: str, actor: Actor, second_name: str = "") -> None:
    """Write down one step: in the measure's own history, for audit, and as a fact."""
    now = clock.now()
    models.Step.objects.create(
        measure_id=measure.measure_id,
        version=measure.version,
        name=step,
        state=measure.state.value,
        begins_on=measure.period.begins_on if measure.period else None,
        ends_on=measure.period.ends_on if measure.period else None,
        at=now,
        staff_id=actor.staff_id,
        staff_name=actor.name,
        second_name=second_name,
    )
    audit.record(
        actor=actor,
        action=f"PROTECTION_{step}",
        subjects=measure.person_ids,
        detail={
            "measure_id": measure.measure_id,
            "version": measure.version,
            "state": measure.state.value,
        },
    )
    facts.note(f"protection_{step.lower()}", at=now, persons=len(measure.person_ids))


def refresh_held(person_ids: Iterable[str]) -> None:
    """Bring the rows of held persons in line with the measures as they are now.

    The rows are locked first and looked at in a later statement: a measure accepted by
    another officer in the same second is then seen, and its hold is not swept away.
    """
    ids = sorted(set(person_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO protection_held (person_id, since)"
            " SELECT person_id, %s FROM unnest(%s::text[]) AS t(person_id) ORDER BY person_id"
            " ON CONFLICT (person_id) DO UPDATE SET since = protection_held.since",
            [clock.now(), ids],
        )
        cursor.execute(
            "DELETE FROM protection_held h WHERE h.person_id = ANY(%s::text[]) AND NOT EXISTS ("
            " SELECT FROM protection_member p JOIN protection_measure m"
            " ON m.measure_id = p.measure_id"
            " WHERE p.person_id = h.person_id AND m.state <> 'ENDED')",
            [ids],
        )
