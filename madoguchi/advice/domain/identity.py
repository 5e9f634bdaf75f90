"""Whether the documents shown prove who somebody is (本人確認書類の判定)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from madoguchi.advice.domain.checklist_case import Case
from madoguchi.advice.domain.documents import (
    WAYS,
    DocumentRow,
    IdentityRow,
    Photo,
    RuleBook,
    Strength,
    Visitor,
    Whose,
)
from madoguchi.kernel.outcome import Problem

_MISSING: Mapping[tuple[str, ...], str] = {
    ("A", "BB"): "IDENTITY_A_OR_BB",
    ("AA", "AB", "BBBP"): "IDENTITY_AA_AB_BBBP",
    ("AA", "AB"): "IDENTITY_AA_AB",
    ("AA", "AB", "NBB"): "IDENTITY_AA_AB_NBB",
    ("A",): "IDENTITY_A",
}
FIELD_OF: Mapping[Whose, str] = {
    Whose.HOLDER: "documents",
    Whose.VISITOR: "visitor_documents",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the documents of one person come to (本人確認の結果)."""

    whose: Whose
    ways: tuple[str, ...]
    source: str
    met_by: str | None  # the way that is fulfilled
    told: bool  # False: nobody said which documents there are
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def prove(row: IdentityRow, *, case: Case, book: RuleBook) -> Proof:
    """Weigh one person's documents against one rule (書類の組合せの判定)."""
    field = FIELD_OF[row.whose]
    shown = case.documents if row.whose is Whose.HOLDER else case.visitor_documents
    if shown is None:
        return Proof(
            whose=row.whose, ways=row.ways, source=row.source, met_by=None, told=False,
            problems=(), warnings=(),
        )  # fmt: skip
    counted: list[DocumentRow] = []
    warnings: list[Problem] = []
    for code in shown:
        document, said = _weigh(code, row.whose, case=case, book=book)
        warnings += [Problem(code=one, where=f"{field}, {code}") for one in said]
        if document is not None:
            counted.append(document)
    met_by = next((way for way in row.ways if _fulfils(counted, way)), None)
    problems: tuple[Problem, ...] = ()
    if met_by is None:
        problems = (Problem(code=_MISSING.get(row.ways, "IDENTITY_NOT_ENOUGH"), where=field),)
    elif met_by == "BBBP" and not any(one.photo is Photo.YES for one in counted):
        warnings.append(Problem(code="DOCUMENT_PHOTO_TO_BE_SEEN", where=field))
    return Proof(
        whose=row.whose, ways=row.ways, source=row.source, met_by=met_by, told=True,
        problems=problems, warnings=tuple(warnings),
    )  # fmt: skip


def _fulfils(counted: list[DocumentRow], name: str) -> bool:
    """Tell whether documents fulfil one way; an A may always stand for a B."""
    way = WAYS[name]
    a = sum(one.strength is Strength.A for one in counted)
    b = sum(one.strength is Strength.B for one in counted)
    n = sum(one.strength is Strength.N for one in counted)
    photos = sum(one.photo is not Photo.NO for one in counted)
    return a >= way.a and a + b >= way.a + way.b and n >= way.n and photos >= way.photo


def _weigh(
    code: str, whose: Whose, *, case: Case, book: RuleBook
) -> tuple[DocumentRow | None, list[str]]:
    """Return the row of a document that counts here, or none and why not (一点の判定)."""
    row = book.document(code, case.today)
    if row is None:
        return None, ["DOCUMENT_NO_LONGER_COUNTS"]
    against: list[str] = []
    if whose is Whose.VISITOR and row.holder_only:
        against.append("PHOTO_CERTIFICATE_NOT_FOR_PROXY")
    elif row.only_for and case.reason not in row.only_for:
        against.append("PHOTO_CERTIFICATE_WANTS_REASON")
    if row.strength is Strength.N and case.visit_kind != "application":
        against.append("DOCUMENT_IS_NO_PROOF")
    holders = whose is Whose.HOLDER
    if holders and code == "my_number_card" and case.reissue_reason == "lost":
        against.append("DOCUMENT_IS_THE_LOST_CARD")
    if code in case.differing_documents:
        against.append("DOCUMENT_DIFFERS")
    said: list[str] = []
    if code in case.expired_documents or (holders and _is_expired_card(code, case)):
        if holders and case.visit_kind in row.expired_counts_in:
            said.append("DOCUMENT_EXPIRED_COUNTS")
        else:
            against.append("DOCUMENT_EXPIRED")
    return (None if against else row), against + said


def _is_expired_card(code: str, case: Case) -> bool:
    return code == "my_number_card" and case.card_expired


def rows_for(case: Case, book: RuleBook, *, as_visitor: str) -> tuple[IdentityRow, ...]:
    """Return the rules on documents that this visit falls under (あてはまる決まり)."""
    infant = case.visit_kind == "express" and case.express_reason == "infant"
    return tuple(
        row
        for row in book.identity
        if case.visit_kind in row.visits
        and as_visitor in row.visitors
        and row.days.hold(case.today)
        and not (infant and row.not_for_infants and case.visitor is Visitor.STATUTORY_AGENT)
    )
