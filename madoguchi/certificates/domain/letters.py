"""A request that comes by post: what must lie in the envelope, and until when (郵送請求)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from madoguchi.certificates.domain.asking import Applicant, Evidence, check_identity
from madoguchi.certificates.domain.definitions import kinds_on
from madoguchi.certificates.domain.issue import check_copies
from madoguchi.certificates.domain.kinds import Channel, Kind, Omit
from madoguchi.kernel.outcome import Problem

#: Answer within this many office days (assumed; a town's own rule).
OFFICE_DAYS = 3


class LetterState(StrEnum):
    """Where a letter stands (郵送請求の状態)."""

    WAITING = "WAITING"  # 作成待ち: nothing is missing
    ASKED_BACK = "ASKED_BACK"  # 照会中: something is missing, the sender was asked
    DRAWN = "DRAWN"  # 作成済: its paper is made, not posted yet
    POSTED = "POSTED"  # 発送済
    RETURNED = "RETURNED"  # 返戻: sent back without a paper


OPEN_LETTER_STATES = frozenset({LetterState.WAITING, LetterState.ASKED_BACK, LetterState.DRAWN})


class Part(StrEnum):
    """What lies in the envelope (同封物)."""

    FORM = "FORM"  # 請求書
    FEE = "FEE"  # 定額小為替
    ID_COPY = "ID_COPY"  # 本人確認書類の写し
    ENVELOPE = "ENVELOPE"  # 返信用封筒・切手
    PAPERS = "PAPERS"  # 委任状・疎明資料など


_WANTS_PAPERS: Mapping[Applicant, Evidence] = {
    Applicant.STATUTORY_AGENT: Evidence.GUARDIANSHIP_PROOF,
    Applicant.PROXY: Evidence.LETTER_OF_PROXY,
    Applicant.PUBLIC_BODY: Evidence.OFFICIAL_REQUEST,
    Applicant.THIRD_PARTY: Evidence.REASON_PROOF,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCommand:
    """A letter as the clerk opens it (郵送請求の受付)."""

    arrived_on: date
    applicant: Applicant
    about: str
    kind: Kind
    asked_for: frozenset[Omit]
    copies: int
    seen: frozenset[Evidence]
    enclosed: frozenset[Part]
    enclosed_yen: int
    purpose: str = ""
    note: str = ""


def missing_parts(given: LetterCommand, *, fee_yen: int) -> tuple[Part, ...]:
    """Return what must be asked for before a paper can be made (不足しているもの).

    A public body pays nothing by 定額小為替; too much money is no reason to wait, the rest
    goes back with the paper.
    """
    found = []
    by_office = given.applicant is Applicant.PUBLIC_BODY
    if Part.FORM not in given.enclosed:
        found.append(Part.FORM)
    if not by_office and given.enclosed_yen < fee_yen:
        found.append(Part.FEE)
    identity = {
        problem.code for problem in check_identity(applicant=given.applicant, seen=given.seen)
    }
    if "ID_NOT_ENOUGH" in identity and not by_office:
        found.append(Part.ID_COPY)
    if Part.ENVELOPE not in given.enclosed:
        found.append(Part.ENVELOPE)
    wanted = _WANTS_PAPERS.get(given.applicant)
    if wanted is not None and wanted not in given.seen:
        found.append(Part.PAPERS)
    return tuple(found)


def check_letter(given: LetterCommand, *, today: date) -> tuple[Problem, ...]:
    """Return why this cannot be taken in as a letter at all (受付の確認)."""
    found: list[Problem] = []
    if given.arrived_on > today:
        found.append(Problem(code="LETTER_FROM_THE_FUTURE", where="arrived_on"))
    if not given.about.strip():
        found.append(Problem(code="LETTER_ABOUT_NOBODY", where="about"))
    if given.kind not in kinds_on(Channel.MAIL):
        found.append(Problem(code="KIND_NOT_OFFERED", where="kind"))
    if given.enclosed_yen < 0:
        found.append(Problem(code="MONEY_OUT_OF_RANGE", where="enclosed_yen"))
    found += check_copies(given.copies)
    return tuple(found)


def due_day(arrived_on: date, *, is_office_day: Callable[[date], bool]) -> date:
    """Return the last day to answer: the third office day after the arrival (処理期限)."""
    day = arrived_on
    left = OFFICE_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_office_day(day)
    return day
