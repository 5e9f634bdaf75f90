"""Let a month leave as a drawing, once (月の報告を出す)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from madoguchi.audit.api import record
from madoguchi.infra import locks
from madoguchi.infra.clock import day_of
from madoguchi.infra.locks import LockKind
from madoguchi.journeys.actions.maps import EDIT
from madoguchi.journeys.domain.figures import plain_figures
from madoguchi.journeys.domain.origins import READINGS, Origin, months_open
from madoguchi.journeys.domain.privacy import Report, report_of
from madoguchi.journeys.models import ReleaseRow
from madoguchi.journeys.queries.maps import rules
from madoguchi.journeys.queries.observed import log_of_month
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused


def release_month(
    *, origin: Origin, first_on: date, draw: Callable[[Report], str], actor: Actor, now: datetime
) -> None:
    """Count a month, hide what is small, and keep the drawing: it is never counted again (月を出す).

    Counted again later, after somebody undid something, it would tell of that one.
    """
    if not actor.may(EDIT):
        raise Refused(Problem(code="NOT_ALLOWED"))
    locks.take([(LockKind.NUMBERING, f"journey release {origin.value} {first_on}")])
    days = next((one for one in months_open(origin, today=day_of(now)) if one[0] == first_on), None)
    if days is None:
        raise Refused(Problem(code="JOURNEY_MONTH_NOT_OVER"))
    if ReleaseRow.objects.filter(source=origin.value, first_on=first_on).exists():
        facts = {"first": days[0].isoformat(), "last": days[1].isoformat()}
        raise Refused(Problem(code="JOURNEY_RELEASED_ALREADY", facts=facts))
    town = rules()
    log = log_of_month(origin, first_on=days[0], last_on=days[1])
    if log is None or len(log.case_ids) < town.k:
        raise Refused(Problem(code="JOURNEY_CASES_FEW", facts={"k": f"{town.k}"}))
    report = report_of(log, rules=replace(town, ends=READINGS[origin].ends))
    ReleaseRow.objects.create(
        source=origin.value, first_on=days[0], last_on=days[1], cases=report.cases,
        drawing=draw(report),
        figures=plain_figures(report), made_by=actor.staff_id, made_on=day_of(now),
    )  # fmt: skip
    detail = {"source": origin.value, "month": first_on.isoformat()}
    record(actor=actor, action="JOURNEY_RELEASED", subjects=[], detail=detail)
