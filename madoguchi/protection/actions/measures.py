"""Accept, confirm, extend, carry over, end (支援措置の受付から終了まで)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection

from madoguchi.infra import clock, locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.protection import models
from madoguchi.protection.actions import errands
from madoguchi.protection.actions.store import (
    columns,
    keep,
    need,
    note_step,
    refresh_held,
    refuse_if,
    take_live,
)
from madoguchi.protection.domain import measures as rules
from madoguchi.protection.domain.errands import ErrandKind
from madoguchi.protection.domain.measures import (
    Application,
    Category,
    Ground,
    Measure,
    MeasureState,
    Scope,
)
from madoguchi.protection.queries.measures import live_of, measures_by_id

ALL_SCOPES = tuple(Scope)


def set_measure(
    *,
    actor: Actor,
    applicant_id: str,
    accepted_on: date,
    together_ids: Iterable[str] = (),
    category: str = Category.PARTNER_VIOLENCE,
    scope: Iterable[str] = ALL_SCOPES,
    from_town: str = "",
    reference: str = "",
    errand_id: str = "",
) -> str:
    """Accept an application; from this commit all its persons are held (受付, arrow a).

    ``together_ids``: same-address persons protected along. ``errand_id``: the request of
    another town that this answers. Returns the measure id.
    """
    need(actor, Right.SET_PROTECTION, Right.SEE_PROTECTED)
    given = Application(
        applicant_id=applicant_id.strip(),
        together_ids=frozenset(together_ids),
        category=Category(category),
        scope=frozenset(Scope(one) for one in scope),
        accepted_on=accepted_on,
        from_town=from_town,
        reference=reference,
    )
    refuse_if(
        [
            *rules.check_application(given, today=clock.today()),
            *check_free_text(reference, limit=rules.REFERENCE_LENGTH_MAX, where="reference"),
        ]
    )
    persons = given.together_ids | {given.applicant_id}
    # A paper being drawn for one of them holds the same lock: it comes before or after.
    locks.take((LockKind.PERSON, person_id) for person_id in persons)
    # An application is never refused because somebody else was at the older measure.
    take_live(persons)
    for live in live_of(persons):
        # Whoever is about to end the older measure has not seen this application (Meguro).
        keep(live, rules.noted(live), step="APPLIED_ANEW", actor=actor)
    measure = rules.accepted(given, measure_id=new_id(), case_no=_next_case_no())
    _create(measure, reference=reference)
    refresh_held(measure.person_ids)
    note_step(measure, step="ACCEPTED", actor=actor)
    if errand_id:
        errands.attach_errand(actor=actor, errand_id=errand_id, measure_id=measure.measure_id)
    else:
        errands.open_errand(ErrandKind.SET, measure=measure, actor=actor)
    put_in_effect_when_all_confirmed(measure.measure_id, actor=actor)
    return measure.measure_id


def confirm_measure(
    *, actor: Actor, measure_id: str, version: int, begins_on: date, ground: str
) -> None:
    """Confirm that protection is needed; its year begins (支援措置の決定, arrow c)."""
    need(actor, Right.SET_PROTECTION, Right.SEE_PROTECTED)
    measure = find_live(measure_id, version=version)
    refuse_if(rules.check_confirm(measure, begins_on=begins_on, today=clock.today()))
    new = rules.confirmed(measure, begins_on=begins_on, ground=Ground(ground))
    keep(measure, new, step="CONFIRMED", actor=actor)


def extend_measure(*, actor: Actor, measure_id: str, version: int) -> date:
    """Extend by a year from the day after the old end (延長, arrow d); return the new end."""
    need(actor, Right.SET_PROTECTION, Right.SEE_PROTECTED)
    measure = find_live(measure_id, version=version)
    refuse_if(rules.check_extend(measure, today=clock.today()))
    new = rules.extended(measure)
    keep(measure, new, step="EXTENDED", actor=actor)
    errands.open_errand(ErrandKind.EXTEND, measure=new, actor=actor)
    assert new.period is not None
    return new.period.ends_on


def carry_over(
    person_ids: Iterable[str], *, actor: Actor, moved_on: date, to_town: str
) -> tuple[str, ...]:
    """Keep the hold over a move to another town, provisionally (転出, arrow e).

    Called by whoever files the 転出, in the same unit; needs no right of its own, since it
    only ever keeps a hold. When the applicant moves, the measure becomes provisional and an
    errand stands until the new town has been told; when a co-protected person moves, it is noted and stands.
    Returns the measures touched; the actor is told nothing else about them.
    """
    moved = frozenset(person_ids)
    touched = []
    for measure in live_of(moved):
        if measure.applicant_id in moved:
            new = rules.carried_over(measure, moved_on=moved_on, to_town=to_town)
            keep(measure, new, step="CARRIED_OVER", actor=actor)
            errands.open_errand(ErrandKind.CARRY_OVER, measure=new, actor=actor)
        else:
            keep(measure, rules.noted(measure), step="MEMBER_MOVED", actor=actor)
        touched.append(measure.measure_id)
    return tuple(touched)


def forward_measure(
    *, actor: Actor, measure_id: str, version: int, town_code: str, sent_on: date
) -> None:
    """Note that another town was told: former address, family register (転送)."""
    need(actor, Right.SET_PROTECTION, Right.SEE_PROTECTED)
    measure = find_live(measure_id, version=version)
    refuse_if(rules.check_end(measure))
    if sent_on > clock.today():
        raise Refused(Problem(code="PROTECTION_FUTURE", where="sent_on"))
    keep(measure, rules.noted(measure), step="FORWARDED", actor=actor)
    models.Forwarding.objects.create(
        measure_id=measure_id, town_code=town_code, sent_on=sent_on, sent_by=actor.staff_id
    )


def confirm_system(*, actor: Actor, errand_id: str, channel: str) -> None:
    """Note by name that a system has been set; the last one brings arrow b (確認)."""
    measure_id = errands.confirm_channel(actor=actor, errand_id=errand_id, channel=channel)
    if measure_id is not None:
        put_in_effect_when_all_confirmed(measure_id, actor=actor)


def put_in_effect_when_all_confirmed(measure_id: str, *, actor: Actor) -> None:
    """After a confirmation: if it was the last one, the measure is in effect (arrow b)."""
    (measure,) = measures_by_id([measure_id])
    if measure.state is not MeasureState.ACCEPTED:
        return
    unconfirmed = errands.unconfirmed_of(measure_id)
    if not rules.check_effect(measure, unconfirmed=unconfirmed):
        keep(measure, rules.in_effect(measure), step="IN_EFFECT", actor=actor)


def find_live(measure_id: str, *, version: int) -> Measure:
    """Load a measure as it stands and refuse unless it is the version that was seen."""
    (measure,) = find_all_live([(measure_id, version)])
    return measure


def find_all_live(pairs: Sequence[tuple[str, int]]) -> tuple[Measure, ...]:
    """Load measures as they stand now; refuse all if one is not the version that was seen."""
    found = {m.measure_id: m for m in measures_by_id(measure_id for measure_id, _ in pairs)}
    problems: list[Problem] = []
    for measure_id, version in pairs:
        if measure_id not in found:
            problems.append(Problem(code="PROTECTION_UNKNOWN"))
        else:
            problems += rules.check_version(found[measure_id], seen=version)
    refuse_if(problems)
    return tuple(found[measure_id] for measure_id, _ in pairs)


def _create(measure: Measure, *, reference: str) -> None:
    models.Measure.objects.create(
        measure_id=measure.measure_id,
        case_no=measure.case_no,
        applicant_id=measure.applicant_id,
        category=measure.category.value,
        scope=sorted(one.value for one in measure.scope),
        accepted_on=measure.accepted_on,
        from_town=measure.from_town,
        **columns(measure),
    )
    models.Member.objects.bulk_create(
        models.Member(measure_id=measure.measure_id, person_id=person_id)
        for person_id in sorted(measure.person_ids)
    )
    models.Perpetrator.objects.create(measure_id=measure.measure_id, reference=reference)


def _next_case_no() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('protection_case_no')")
        (number,) = cursor.fetchone()
    return int(number)
