"""Keep who shares the work, and what they told of their time (共同利用の記録)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.csops.actions.work import must_run, refuse_if
from madoguchi.csops.domain.windows import Plan, Stretch
from madoguchi.csops.models import Neighbour, Proposed
from madoguchi.csops.queries.sharing import TOWNS_MAX
from madoguchi.infra import facts
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

_NAME_MAX = 60


def keep_neighbour(
    *, name: str, population: int | None, uses: int | None, actor: Actor, now: datetime
) -> None:
    """Keep a town that takes part, anew or with other figures (参加団体の登録)."""
    must_run(actor)
    name = name.strip()
    problems = list(check_free_text(name, limit=_NAME_MAX, where="name"))
    new = not Neighbour.objects.filter(name=name).exists()
    if new and Neighbour.objects.count() >= TOWNS_MAX:
        problems.append(Problem(code="CS_TOO_MANY_TOWNS", facts={"most": str(TOWNS_MAX)}))
    refuse_if(problems)
    Neighbour.objects.update_or_create(name=name, defaults={"population": population, "uses": uses})
    _tell("CS_NEIGHBOUR_KEPT", actor=actor, now=now, towns=1)


def drop_neighbour(*, name: str, actor: Actor, now: datetime) -> None:
    """Take a town out, with all it told (参加団体の取消し)."""
    must_run(actor)
    gone, _ = Neighbour.objects.filter(name=name).delete()
    if not gone:
        raise Refused(Problem(code="CS_NEIGHBOUR_UNKNOWN"))
    _tell("CS_NEIGHBOUR_DROPPED", actor=actor, now=now, towns=1)


def take_calendar(
    *, town: str, kind: str, spans: Sequence[Stretch], whole: Stretch, actor: Actor, now: datetime
) -> None:
    """Keep the spans of a town's calendar, in the place of what it told for that time (申し出の取込み)."""
    must_run(actor)
    if not Neighbour.objects.filter(name=town).exists():
        raise Refused(Problem(code="CS_NEIGHBOUR_UNKNOWN", where="town"))
    _replace(town, {kind: spans}, whole)
    _tell("CS_PROPOSAL_TAKEN", actor=actor, now=now, towns=1)


def take_plan(*, plan: Plan, actor: Actor, now: datetime) -> None:
    """Keep the towns of a plan and what they told for its time (計画の取込み)."""
    must_run(actor)
    names = {one.name for one in plan.towns}
    there = set(Neighbour.objects.values_list("name", flat=True))
    if len(names | there) > TOWNS_MAX:
        raise Refused(Problem(code="CS_TOO_MANY_TOWNS", facts={"most": str(TOWNS_MAX)}))
    for town in plan.towns:
        Neighbour.objects.get_or_create(name=town.name)
        _replace(town.name, {"PEAK": town.peaks, "QUIET": town.quiet}, plan.whole)
    _tell("CS_PROPOSAL_TAKEN", actor=actor, now=now, towns=len(plan.towns))


def _replace(town: str, spans: Mapping[str, Sequence[Stretch]], whole: Stretch) -> None:
    """What was told before and reaches into that time goes: the new file tells it whole."""
    for kind, several in spans.items():
        Proposed.objects.filter(
            town_id=town, kind=kind, begins_at__lt=whole.ends.replace(tzinfo=JAPAN),
            ends_at__gt=whole.begins.replace(tzinfo=JAPAN),
        ).delete()  # fmt: skip
        Proposed.objects.bulk_create(
            Proposed(
                town_id=town, kind=kind, begins_at=one.begins.replace(tzinfo=JAPAN),
                ends_at=one.ends.replace(tzinfo=JAPAN),
            )
            for one in several
        )  # fmt: skip


def _tell(action: str, *, actor: Actor, now: datetime, towns: int) -> None:
    record(actor=actor, action=action, subjects=(), detail={"towns": towns})
    facts.note(action.lower(), at=now, towns=towns)
