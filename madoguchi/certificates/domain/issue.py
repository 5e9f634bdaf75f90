"""The states of a request and what must hold before a paper is drawn (交付の可否)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.definition import Removed
from madoguchi.certificates.domain.definitions import definition_of
from madoguchi.certificates.domain.kinds import Channel, Kind, Omit
from madoguchi.kernel.outcome import Problem

COPIES_MAX = 20
_DEVICE = re.compile(r"[0-9A-Za-z]{1,8}")
#: A paper drawn and not released by then is void: it never becomes "the next file" (I3).
RELEASE_WITHIN = timedelta(seconds=60)


class State(StrEnum):
    """Where a request stands (交付申請の状態); arrows in the room's README."""

    LOCKED = "LOCKED"  # 解除待ち: a protected person; waits for a second officer
    DRAWN = "DRAWN"  # 作成中
    RELEASED = "RELEASED"  # 出力可
    HANDED_OVER = "HANDED_OVER"  # 交付済
    REFUSED = "REFUSED"  # 交付せず
    FAILED = "FAILED"  # 作成失敗: never left the machine, and somebody must look why
    VOID = "VOID"  # 廃棄: was released, and could have been printed


OPEN_STATES = frozenset({State.LOCKED, State.DRAWN, State.RELEASED})
#: Which step may follow which; everything else is a mistake in the program.
STEPS: Mapping[State, frozenset[State]] = {
    State.LOCKED: frozenset({State.LOCKED, State.DRAWN, State.REFUSED}),
    # VOID: whoever asked at a machine went away before the paper was made.
    State.DRAWN: frozenset({State.RELEASED, State.REFUSED, State.FAILED, State.VOID}),
    State.RELEASED: frozenset({State.HANDED_OVER, State.VOID}),
    State.HANDED_OVER: frozenset({State.VOID}),
    State.REFUSED: frozenset(),
    State.FAILED: frozenset(),
    State.VOID: frozenset(),
}


class FeeFree(StrEnum):
    """Why no fee is taken (手数料の免除)."""

    OFFICIAL_USE = "OFFICIAL_USE"  # 公用
    BY_LAW = "BY_LAW"  # 法令による無料
    WELFARE = "WELFARE"  # 生活保護
    DISASTER = "DISASTER"  # り災


class Disposal(StrEnum):
    """What became of a wrong or unwanted paper (処分)."""

    NEVER_PRINTED = "NEVER_PRINTED"  # 未出力
    SHREDDED = "SHREDDED"  # 裁断
    RECOVERED = "RECOVERED"  # 回収
    NOT_RECOVERED = "NOT_RECOVERED"  # 未回収


class Compared(StrEnum):
    """Whether the paper's subject was the request's, after a failure (対象者の照合結果)."""

    NO_FILE = "NO_FILE"  # nothing was made
    UNREADABLE = "UNREADABLE"  # 読取り不能: nobody can say by machine
    SAME = "SAME"  # 一致
    DIFFERENT = "DIFFERENT"  # 不一致: the case everything here exists for


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the register says of a person, as far as issuing depends on it (住民の状態)."""

    person_id: str
    is_removed: bool  # 除票: died, moved out, removed
    is_dead: bool
    has_draft: bool  # 仮登録中 (E7)


def check_subjects(
    *, kind: Kind, asked: Standing, printed: Iterable[Standing]
) -> tuple[Problem, ...]:
    """Return every reason why these people's record cannot stand on this kind (対象者の確認)."""
    found: list[Problem] = []
    people = tuple(printed)
    match definition_of(kind).removed:
        case Removed.ONLY:
            if not asked.is_removed:
                found.append(Problem(code="NOT_REMOVED_YET"))
        case Removed.GONE_TOO:
            if any(one.is_dead for one in people):
                found.append(Problem(code="PERSON_IS_DEAD"))
        case Removed.NEVER:
            if any(one.is_removed for one in people):
                found.append(Problem(code="RECORD_IS_REMOVED"))
    if any(one.has_draft for one in (asked, *people)):
        found.append(Problem(code="CHANGE_WAITS_FOR_APPROVAL"))
    if not people:
        found.append(Problem(code="PAPER_WITHOUT_PERSON"))
    return tuple(found)


def check_copies(copies: int) -> tuple[Problem, ...]:
    """Return why this number of copies cannot be (部数)."""
    if 1 <= copies <= COPIES_MAX:
        return ()
    return (Problem(code="COPIES_OUT_OF_RANGE", facts={"max": str(COPIES_MAX)}),)


def issue_number(*, on: date, town_code: str, terminal: str, printer: str, serial: int) -> str:
    """Compose 発行番号 from date, municipality, terminal, printer and serial (SPEC1 5.5).

    A terminal that has no plain name prints as 00: the standard lets an unknown device be blank.
    """
    assert serial >= 1, serial
    return f"{on:%Y%m%d}-{town_code}-{device_no(terminal)}-{printer}-{serial:05d}"


def device_no(terminal: str) -> str:
    """Return a terminal's name as it stands in a number: a few plain characters (端末番号)."""
    return terminal if _DEVICE.fullmatch(terminal) else "00"


def is_overdue(*, drawn_at: datetime, now: datetime) -> bool:
    """Tell whether a paper drawn then should have been released by now (I3)."""
    return now - drawn_at > RELEASE_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawCommand:
    """What the clerk pressed (交付申請の内容)."""

    asked_person_id: str
    kind: Kind
    channel: Channel
    applicant: Applicant
    seen: frozenset[Evidence]
    asked_for: frozenset[Omit]
    left_out: frozenset[Omit] = frozenset()  # only 記載事項証明書 may leave more out
    chosen_ids: tuple[str, ...] = ()  # 世帯一部: empty means the whole household
    year: str = ""  # 賦課年度, for kinds that are of a year
    record: int = 0  # 除票: which of the person's records, from 1; 0 the newest
    copies: int = 1
    purpose: str = ""
    official_use: bool = False
    sample: bool = False
    fee_free: FeeFree | None = None
    accepts_alerts: bool = False  # A5 seen and accepted by the clerk
    #: At a machine: the day the town took the card's certificate in (翌日から使える).
    card_registered_on: date | None = None
    request_id: str = ""  # an earlier request that waited for an unlock


def mark_of(history_no: int, status: str) -> str:
    """Return what one person's record was when it was read: version and standing (版の控え)."""
    return f"{history_no} {status}"
