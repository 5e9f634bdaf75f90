"""What this visit needs, what stands against it, what must be said before (必要書類の確認).

Every problem at once. ``undecided`` names what was not told and still matters: a visit may be
accepted only as far as it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from madoguchi.advice.domain import deadlines_rules as limits
from madoguchi.advice.domain.checklist_case import Case
from madoguchi.advice.domain.documents import AGENT_ALONE, RuleBook, Visitor, VisitRow
from madoguchi.advice.domain.guard import CardNow, guard, refuse_full_lines
from madoguchi.advice.domain.identity import FIELD_OF, prove, rows_for
from madoguchi.kernel.outcome import Problem

#: From this age the holder comes alone; before it with a statutory agent.
SELF_FROM_AGE = 15
#: From this age nobody has parents as statutory agents.
ADULT_AGE = 18

_MISSING_PAPER: Mapping[str, str] = {
    "issue_notice": "ISSUE_NOTICE_MISSING",
    "current_card": "CURRENT_CARD_MISSING",
    "old_card_if_found": "CURRENT_CARD_MISSING",
    "guardianship_proof": "CARD_GUARDIANSHIP_PROOF_MISSING",
    "letter_of_proxy": "CARD_PROXY_LETTER_MISSING",
    "reason_proof": "CARD_REASON_PROOF_MISSING",
    "sealed_pin_request": "SEALED_PIN_REQUEST_MISSING",
    "sealed_inquiry": "SEALED_INQUIRY_MISSING",
    "face_photo": "FACE_PHOTO_MISSING",
    "police_receipt": "POLICE_RECEIPT_MISSING",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """One thing to bring or to be there (必要なもの)."""

    code: str
    whose: str
    source: str
    ways: tuple[str, ...] = ()  # of documents that prove who somebody is
    met: bool | None = None  # None: not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The whole answer (確認の結果)."""

    accepted: bool
    required: tuple[Needed, ...] = ()
    warnings: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    undecided: tuple[str, ...] = ()
    fee_yen: int | None = None


def advise(case: Case, book: RuleBook) -> Advice:
    """Say what a visit needs and all that stands against it (必要書類の判定)."""
    visit = book.visit(case.visit_kind)
    assert visit is not None, "the case was read with this book"
    card = _card(case, visit)
    as_visitor = _treated_as(case, visit, book)
    problems = [*_check_visitor(case, visit, book, as_visitor), *refuse_full_lines(card)]
    problems += _check_days(case, visit, book)
    warnings = [*guard(card, today=case.today), *_said_before(case, visit)]
    required: list[Needed] = []
    undecided: list[str] = []
    for row in rows_for(case, book, as_visitor=as_visitor):
        proof = prove(row, case=case, book=book)
        problems += proof.problems
        warnings += proof.warnings
        met = proof.met_by is not None if proof.told else None
        required.append(
            Needed(code="identity", whose=row.whose, source=row.source, ways=row.ways, met=met)
        )
        if not proof.told:
            undecided.append(FIELD_OF[row.whose])
    if visit.agent_needs_holder and case.visitor is Visitor.STATUTORY_AGENT and not _infant(case):
        required.append(
            Needed(
                code="holder_present", whose="holder", source=visit.source, met=case.holder_present
            )
        )
    papers, missing = _papers(case, book)
    required += papers
    problems += missing
    undecided += _undecided(case, visit, has_papers=bool(papers))
    return Advice(
        accepted=not problems,
        required=tuple(required),
        warnings=tuple(dict.fromkeys(warnings)),
        problems=tuple(dict.fromkeys(problems)),
        undecided=tuple(dict.fromkeys(undecided)),
        fee_yen=fee_of(case, book),
    )


def fee_of(case: Case, book: RuleBook) -> int | None:
    """Return what the new card costs, nought where it is free, None where unknown (手数料)."""
    rows = [row for row in book.fees if row.visit == case.visit_kind and row.days.hold(case.today)]
    if not rows:
        return 0
    why = case.reissue_reason or case.express_reason
    if why is None:
        return None
    for row in rows:
        if why in row.when:
            return row.card_yen + (row.sign_yen if case.wants_sign else 0)
    return 0


# -- who comes ---------------------------------------------------------------------------


def _check_visitor(case: Case, visit: VisitRow, book: RuleBook, as_visitor: str) -> list[Problem]:
    found: list[Problem] = []
    if not visit.days.hold(case.today):
        found.append(Problem(code="VISIT_NOT_OFFERED_YET", where="visit_kind"))
    needs_agent = case.age < SELF_FROM_AGE or case.under_guardianship
    match case.visitor:
        case Visitor.SELF:
            if needs_agent:
                found.append(Problem(code="AGENT_NEEDED", where="visitor"))
        case Visitor.STATUTORY_AGENT:
            if case.age >= ADULT_AGE and not case.under_guardianship:
                found.append(Problem(code="NOT_A_STATUTORY_AGENT", where="visitor"))
            absent = visit.agent_needs_holder and case.holder_present is False
            if absent and not _infant(case) and as_visitor != AGENT_ALONE:
                found.append(Problem(code="HOLDER_MUST_BE_PRESENT", where="holder_present"))
        case Visitor.PROXY:
            found += _check_proxy(case, visit, book)
    return found


def _check_proxy(case: Case, visit: VisitRow, book: RuleBook) -> list[Problem]:
    if not visit.proxy:
        return [Problem(code="PROXY_NOT_ALLOWED", where="visitor")]
    row = book.reason(case.reason)
    if row is None:
        needs = visit.reason
        return [Problem(code="PROXY_REASON_MISSING", where="reason")] if needs else []
    found: list[Problem] = []
    if visit.reason and not row.accepted:
        found.append(Problem(code="PROXY_REASON_NOT_ACCEPTED", where="reason"))
    if row.only_in and case.visit_kind not in row.only_in:
        found.append(Problem(code="PROXY_REASON_NOT_HERE", where="reason"))
    if not row.age_from <= case.age <= row.age_until:
        found.append(Problem(code="PROXY_REASON_AGE_DIFFERS", where="age"))
    return found


def _treated_as(case: Case, visit: VisitRow, book: RuleBook) -> str:
    """Return whose rules hold: an agent without the holder shows the papers of a proxy."""
    row = book.reason(case.reason)
    alone = case.visitor is Visitor.STATUTORY_AGENT and case.holder_present is False
    if not alone or row is None or not visit.reason:
        return case.visitor
    fits = row.accepted and not row.only_in and row.age_from <= case.age <= row.age_until
    return AGENT_ALONE if fits else case.visitor


def _infant(case: Case) -> bool:
    return case.visit_kind == "express" and case.express_reason == "infant"


# -- what else to bring ------------------------------------------------------------------


def _papers(case: Case, book: RuleBook) -> tuple[list[Needed], list[Problem]]:
    required: list[Needed] = []
    missing: list[Problem] = []
    for row in book.papers:
        here = case.visit_kind in row.visits and case.visitor in row.visitors
        if not here or not row.days.hold(case.today) or not _applies(row.when, case):
            continue
        met = None if case.papers is None else row.code in case.papers
        required.append(Needed(code=row.code, whose="visit", source=row.source, met=met))
        if met is False:
            code = _MISSING_PAPER.get(row.code, "PAPER_MISSING")
            missing.append(Problem(code=code, where="papers"))
    sealed = any(one.code.startswith("sealed_") for one in required)
    if sealed and "envelope_opened" in (case.papers or ()):
        missing.append(Problem(code="ENVELOPE_OPENED", where="papers"))
    return required, missing


def _applies(when: str, case: Case) -> bool:
    same = case.same_household or case.reason == "same_household"
    return {
        "": True,
        "not_same_household": not same,
        "age_1_or_over": case.age >= 1,
        "lost": "lost" in (case.reissue_reason, case.express_reason),
        "damaged": case.reissue_reason not in (None, "lost"),
    }[when]


def _undecided(case: Case, visit: VisitRow, *, has_papers: bool) -> list[str]:
    agent = case.visitor is Visitor.STATUTORY_AGENT and visit.agent_needs_holder
    open_fields = {
        "papers": has_papers and case.papers is None,
        "holder_present": agent and case.holder_present is None and not _infant(case),
        "pin": visit.needs_pin and case.pin is None,
        "annotation_lines_used": bool(visit.writes_lines) and case.annotation_lines_used is None,
        "reissue_reason": case.visit_kind == "reissue" and case.reissue_reason is None,
        "express_reason": case.visit_kind == "express" and case.express_reason is None,
    }
    return [name for name, is_open in open_fields.items() if is_open]


# -- what must be said, and days ---------------------------------------------------------


def _card(case: Case, visit: VisitRow) -> CardNow:
    why = case.reissue_reason
    if case.visit_kind == "express" and case.express_reason == "annotation_full":
        why = "annotation_full"
    return CardNow(
        visit_kind=case.visit_kind, makes_card=visit.makes_card, writes_lines=visit.writes_lines,
        channel=case.channel, has_licence=case.has_licence_function,
        lines_used=case.annotation_lines_used, reissue_reason=why, expired=case.card_expired,
    )  # fmt: skip


def _said_before(case: Case, visit: VisitRow) -> list[Problem]:
    forgotten = case.pin in ("forgotten", "locked")
    by_proxy = case.visitor is Visitor.PROXY
    said = {
        "FACE_ONLY_CANNOT": case.visit_kind == "face_only",
        "FACE_ONLY_INSURANCE_FIRST": case.visit_kind == "face_only",
        "SIGN_NOT_UNDER_15": visit.sets_pin and case.age < SELF_FROM_AGE,
        "SECOND_VISIT_BY_INQUIRY": by_proxy
        and (case.visit_kind == "pin_reset" or (visit.needs_pin and forgotten)),
        "PIN_RESET_FIRST": not by_proxy and visit.needs_pin and forgotten,
        "SIGN_LAPSES": visit.is_move or case.visit_kind == "address_change",
        "MAIL_CONDITIONS": case.visit_kind == "application",
        "AGENT_WRITES_PROXY": by_proxy and case.age < SELF_FROM_AGE,
    }
    return [Problem(code=code) for code, applies in said.items() if applies]


def _check_days(case: Case, visit: VisitRow, book: RuleBook) -> list[Problem]:
    found: list[Problem] = []
    if visit.is_move:
        last = limits.special_move_in_ends(
            planned_move_out_on=case.planned_move_out_on, moved_in_on=case.moved_in_on
        )
        # Filed in time, the card still waits for its own ninety days.
        filed = case.filed_on or case.today
        if last is not None and filed > last:
            found.append(Problem(code="MOVE_LIMIT_OVER", where="moved_in_on"))
    since = case.filed_on if case.visit_kind == "continued_use" else None
    if since is not None and case.today > limits.continued_use_ends(since):
        found.append(Problem(code="CONTINUED_USE_TOO_LATE", where="filed_on"))
    leaves = case.planned_move_out_on if case.visit_kind == "overseas_continue" else None
    if leaves is not None and case.today > limits.overseas_ends(leaves):
        found.append(Problem(code="OVERSEAS_TOO_LATE", where="planned_move_out_on"))
    if case.visit_kind == "express":
        found += _check_express(case, book)
    return found


def _check_express(case: Case, book: RuleBook) -> list[Problem]:
    row = book.express_case(case.express_reason)
    if row is None:
        return []
    if row.before_first_birthday:
        grown = case.age >= 1
        if case.birth_date is not None:
            grown = case.today > limits.infant_express_ends(case.birth_date)
        return [Problem(code="EXPRESS_NOT_AN_INFANT", where="age")] if grown else []
    late = (
        row.window_days
        and case.event_on is not None
        and case.today > limits.days_after(case.event_on, row.window_days)
    )
    return [Problem(code="EXPRESS_TOO_LATE", where="event_on")] if late else []
