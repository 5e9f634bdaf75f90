"""Who asks, what was seen of them, and by which article they may (請求者・本人確認)."""

from __future__ import annotations

from enum import StrEnum

from madoguchi.certificates.domain.kinds import Asker
from madoguchi.kernel.outcome import Problem


class Applicant(StrEnum):
    """Who stands at the counter (来庁者)."""

    SELF = "SELF"  # 本人
    HOUSEHOLD = "HOUSEHOLD"  # 同一世帯
    STATUTORY_AGENT = "STATUTORY_AGENT"  # 法定代理人
    PROXY = "PROXY"  # 任意代理人
    PUBLIC_BODY = "PUBLIC_BODY"  # 公用
    THIRD_PARTY = "THIRD_PARTY"  # 第三者


class Evidence(StrEnum):
    """A document or paper seen at the counter (本人確認書類ほか)."""

    MY_NUMBER_CARD = "MY_NUMBER_CARD"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    PASSPORT = "PASSPORT"
    RESIDENCE_CARD = "RESIDENCE_CARD"
    DISABILITY_CERTIFICATE = "DISABILITY_CERTIFICATE"
    HEALTH_INSURANCE_ELIGIBILITY = "HEALTH_INSURANCE_ELIGIBILITY"
    PENSION_BOOK = "PENSION_BOOK"
    STUDENT_ID = "STUDENT_ID"
    EMPLOYEE_ID = "EMPLOYEE_ID"
    BANKBOOK = "BANKBOOK"
    LETTER_OF_PROXY = "LETTER_OF_PROXY"
    GUARDIANSHIP_PROOF = "GUARDIANSHIP_PROOF"
    OFFICIAL_REQUEST = "OFFICIAL_REQUEST"
    REASON_PROOF = "REASON_PROOF"
    SEAL_CARD = "SEAL_CARD"  # 印鑑登録証
    QUESTIONS_ANSWERED = "QUESTIONS_ANSWERED"
    MOVE_OUT_NOTIFIED = "MOVE_OUT_NOTIFIED"  # 転出の届出
    SPECIAL_MOVE_OUT = "SPECIAL_MOVE_OUT"  # カードによる転出の届出 (法24条の2)
    CARD_PROOF = "CARD_PROOF"  # 利用者証明用電子証明書 and its PIN; a machine sees nothing else


#: One of these is enough: issued by an authority, with a photo (A書類; assumed list).
PHOTO_DOCUMENTS = frozenset(
    {
        Evidence.MY_NUMBER_CARD,
        Evidence.DRIVING_LICENCE,
        Evidence.PASSPORT,
        Evidence.RESIDENCE_CARD,
        Evidence.DISABILITY_CERTIFICATE,
    }
)
#: Two of these, or one with questions only the person can answer (B書類; assumed list).
OTHER_DOCUMENTS = frozenset(
    {
        Evidence.HEALTH_INSURANCE_ELIGIBILITY,
        Evidence.PENSION_BOOK,
        Evidence.STUDENT_ID,
        Evidence.EMPLOYEE_ID,
        Evidence.BANKBOOK,
    }
)

_PAPER_OF: dict[Applicant, tuple[Evidence, str]] = {
    Applicant.STATUTORY_AGENT: (Evidence.GUARDIANSHIP_PROOF, "GUARDIANSHIP_PROOF_MISSING"),
    Applicant.PROXY: (Evidence.LETTER_OF_PROXY, "LETTER_OF_PROXY_MISSING"),
    Applicant.PUBLIC_BODY: (Evidence.OFFICIAL_REQUEST, "OFFICIAL_REQUEST_MISSING"),
    Applicant.THIRD_PARTY: (Evidence.REASON_PROOF, "REASON_PROOF_MISSING"),
}


def asker_of(applicant: Applicant) -> Asker:
    """Return the article of law by which this visitor may ask (請求者の区分)."""
    match applicant:
        case Applicant.PUBLIC_BODY:
            return Asker.PUBLIC_BODY
        case Applicant.THIRD_PARTY:
            return Asker.THIRD_PARTY
        case _:
            return Asker.SELF_OR_HOUSEHOLD


def check_identity(*, applicant: Applicant, seen: frozenset[Evidence]) -> tuple[Problem, ...]:
    """Return every document still missing for this visitor (本人確認).

    One document with a photo, or two without, or one without and questions answered.
    More evidence never adds a problem.
    """
    found: list[Problem] = []
    others = len(seen & OTHER_DOCUMENTS) + (Evidence.QUESTIONS_ANSWERED in seen)
    named = bool(seen & OTHER_DOCUMENTS)
    by_office = applicant is Applicant.PUBLIC_BODY and Evidence.EMPLOYEE_ID in seen
    by_card = applicant is Applicant.SELF and Evidence.CARD_PROOF in seen
    if not (seen & PHOTO_DOCUMENTS or by_office or by_card or (named and others >= 2)):
        found.append(Problem(code="ID_NOT_ENOUGH"))
    if applicant in _PAPER_OF:
        paper, code = _PAPER_OF[applicant]
        if paper not in seen:
            found.append(Problem(code=code))
    return tuple(found)
