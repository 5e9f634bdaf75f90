"""Errands: a change of protection that every system has to be told of (連絡と設定)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem

# The systems a new town starts with, in order: code, whether they ask our gate at the last
# moment, and the one kind of errand they are for. A town adds rows of its own with their
# days; nobody removes one.
DEFAULT_CHANNELS = (
    ("REGISTER", True, ""),
    ("CERTIFICATES", True, ""),
    ("KIOSK", True, ""),
    ("CONVENIENCE_STORE", False, ""),
    ("CS", False, ""),
    ("FUHYO", False, ""),
    ("TAX", False, ""),
    ("WELFARE", False, ""),
    ("NEW_TOWN", False, "CARRY_OVER"),
)

#: What counts where the table of settings has no row of the day.
DEFAULT_SETTINGS = {"UNLOCK_MINUTES": 15, "PROPOSAL_MINUTES": 120, "BLOCK_OPEN_MINUTES": 15}


@unique
class ErrandKind(StrEnum):
    """What has to be done in every system (用件)."""

    SET = "SET"  # 設定
    EXTEND = "EXTEND"  # 延長
    CARRY_OVER = "CARRY_OVER"  # 転出に伴う引継ぎ
    CLEAR = "CLEAR"  # 解除


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A system that must know who is protected (連携先).

    ``asks_gate``: it asks our gate at the last moment, so it knows as soon as we do; the
    others are set by hand and confirmed by name.
    """

    code: str
    asks_gate: bool
    only_for: ErrandKind | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandStep:
    """One system of one errand (連携先ごとの確認)."""

    channel: str
    asks_gate: bool
    confirmed_at: datetime | None
    confirmed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One errand: a town's request or a change of our own (用件)."""

    errand_id: str
    kind: ErrandKind
    from_town: str
    reference_no: str
    received_at: datetime
    received_by: str
    measure_id: str | None
    steps: tuple[ErrandStep, ...]

    @property
    def waiting(self) -> tuple[str, ...]:
        """The systems that have not confirmed yet (未確認の連携先)."""
        return tuple(step.channel for step in self.steps if step.confirmed_at is None)

    @property
    def done(self) -> bool:
        """Done only when it belongs to a measure and every system confirmed (Izumo, 2021)."""
        return self.measure_id is not None and bool(self.steps) and not self.waiting


def channels_for(
    channels: Iterable[Channel], *, kind: ErrandKind, day: date
) -> tuple[Channel, ...]:
    """Return the systems that an errand of this kind must reach on this day (連携先)."""
    return tuple(
        channel
        for channel in channels
        if channel.only_for in (None, kind)
        and channel.valid_from <= day
        and (channel.valid_to is None or day <= channel.valid_to)
    )


def check_step(errand: Errand, *, channel: str) -> tuple[Problem, ...]:
    """Return why this system cannot be confirmed for this errand now (確認)."""
    if errand.measure_id is None:
        return (Problem(code="ERRAND_WITHOUT_MEASURE"),)
    if channel not in errand.waiting:
        return (Problem(code="ERRAND_STEP_NOT_WAITING", where="channel"),)
    return ()
