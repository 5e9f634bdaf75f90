"""Factories for tests of this room and the rooms above (テスト用)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from unittest import mock

from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor, Right
from madoguchi.protection import models
from madoguchi.protection.actions.blocks import set_block
from madoguchi.protection.actions.endings import grant_end, propose_end
from madoguchi.protection.actions.measures import confirm_measure, confirm_system, set_measure
from madoguchi.protection.actions.unlocks import grant_unlock, propose_unlock
from madoguchi.protection.domain.errands import DEFAULT_CHANNELS
from madoguchi.protection.domain.gate import Use
from madoguchi.protection.domain.measures import Category, Measure, MeasureState, Scope, year_from
from madoguchi.protection.queries import gate
from madoguchi.protection.queries.errands import list_errands_of
from madoguchi.protection.queries.measures import measures_by_id

_DESK = frozenset({Right.SEARCH, Right.VIEW_PERSON, Right.VIEW_HISTORY, Right.ISSUE_CERTIFICATE})
_SENIOR = _DESK | {Right.APPROVE, Right.SEE_PROTECTED, Right.SET_PROTECTION}


def _actor(staff_id: str, name: str, rights: frozenset[Right]) -> Actor:
    return Actor(
        staff_id=staff_id, name=name, rights=rights, place="本庁", terminal="01", purpose="テスト"
    )


CLERK = _actor("kaede", "川畑 かえで", _DESK)
SENIOR = _actor("nagi", "森 なぎ", _SENIOR)
CHIEF = _actor("kai", "碇山 かい", _SENIOR | {Right.LIFT_PROTECTION})
OTHER = _actor("tsuru", "泉 つる", frozenset())


def a_measure(
    *,
    applicant_id: str = "rin",
    together_ids: Iterable[str] = (),
    state: MeasureState = MeasureState.FULL,
    begins_on: date = date(2026, 4, 1),
    version: int = 1,
) -> Measure:
    """Return a measure as a value, nothing stored (支援措置)."""
    has_period = state in (MeasureState.FULL, MeasureState.ENDED)
    return Measure(
        measure_id="m-1",
        case_no=1,
        state=state,
        version=version,
        applicant_id=applicant_id,
        together_ids=frozenset(together_ids),
        category=Category.PARTNER_VIOLENCE,
        scope=frozenset(Scope),
        accepted_on=begins_on,
        from_town="",
        period=year_from(begins_on) if has_period else None,
    )


def protect(
    person_id: str,
    *,
    by: Actor = SENIOR,
    together: Iterable[str] = (),
    state: MeasureState = MeasureState.ACCEPTED,
    begins_on: date | None = None,
) -> str:
    """Store a measure for a person and bring it to this state; return the measure id (保護する).

    Runs units of its own: call it outside any. A person id of any kind will do.
    """
    ensure_channels()
    day = begins_on or clock.today()
    measure_id = unit.run(
        set_measure, actor=by, applicant_id=person_id, together_ids=together, accepted_on=day
    )
    if state is MeasureState.ACCEPTED:
        return measure_id
    confirm_everywhere(measure_id, by=by)
    if state is MeasureState.PROVISIONAL:
        return measure_id
    unit.run(
        confirm_measure,
        actor=by,
        measure_id=measure_id,
        version=version_of(measure_id),
        begins_on=day,
        ground="AGENCY_OPINION",
    )
    if state is MeasureState.ENDED:
        end(measure_id, by=by)
    return measure_id


def block_input(person_id: str, *, by: Actor = SENIOR, level: str = "ERROR") -> str:
    """Stop every change of a person, as the office does while it asks (異動入力の抑止).

    Inside a unit of the test's own; returns the block id.
    """
    return set_block(
        actor=by, subject_kind="PERSON", subject_id=person_id, process="INPUT", level=level,
        reason="照会中", starts_on=clock.today(),
    )  # fmt: skip


@contextmanager
def blind_gate() -> Iterator[None]:
    """Let every look of the gate fail, as when its tables cannot be read (ゲートの故障)."""
    with mock.patch.object(gate, "_look", side_effect=RuntimeError):
        yield


def ensure_channels() -> None:
    """Put back the systems the migration filled in: a test with real commits empties them."""
    models.Channel.objects.bulk_create(
        (
            models.Channel(
                code=code,
                position=position,
                asks_gate=asks_gate,
                only_for=only_for,
                valid_from=date(2020, 1, 1),
            )
            for position, (code, asks_gate, only_for) in enumerate(DEFAULT_CHANNELS, start=1)
        ),
        ignore_conflicts=True,
    )


def confirm_everywhere(measure_id: str, *, by: Actor = SENIOR) -> None:
    """Confirm every system of every open errand of a measure (全連携先の確認)."""
    for errand in list_errands_of(measure_id, actor=by):
        for channel in errand.waiting:
            unit.run(confirm_system, actor=by, errand_id=errand.errand_id, channel=channel)


def end(measure_id: str, *, by: Actor = SENIOR, second: Actor = CHIEF) -> None:
    """End a measure with two officers (終了)."""
    pair = [(measure_id, version_of(measure_id))]
    unit.run(propose_end, pair, actor=by, reason="REQUEST", words="本人の求め")
    unit.run(grant_end, pair, actor=second)


def unlock(
    request_id: str,
    *,
    kind: str = "JUMINHYO",
    use: Use = Use.PRINT,
    person_ids: Iterable[str],
    by: Actor = SENIOR,
    second: Actor = CHIEF,
) -> str:
    """Propose and grant an unlock; return its id (一時解除)."""
    unlock_id = unit.run(
        propose_unlock,
        actor=by,
        request_id=request_id,
        kind=kind,
        use=use,
        person_ids=person_ids,
        requester="SELF",
        reason="本人を対面で確認した",
    )
    unit.run(grant_unlock, actor=second, unlock_id=unlock_id)
    return unlock_id


def version_of(measure_id: str) -> int:
    """Return the live version of a measure (版)."""
    (measure,) = measures_by_id([measure_id])
    return measure.version
