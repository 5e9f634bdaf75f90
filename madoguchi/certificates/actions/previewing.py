"""The paper as it will print, before anything is asked for in earnest (プレビュー)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from madoguchi.certificates.actions.drawing import find_faults
from madoguchi.certificates.actions.reading import paper_of, read_case
from madoguchi.certificates.documents.pictures import light_picture
from madoguchi.certificates.documents.render import render_png
from madoguchi.certificates.domain.issue import DrawCommand
from madoguchi.certificates.domain.layout import check_paper, plan_sheets
from madoguchi.certificates.domain.town import Town
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import seen

#: Enough to read a name on the screen, and small enough to be sent with every change.
DOTS_PER_INCH = 96
PAGES_SHOWN_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Pictures of the pages, and what would be said on printing (プレビュー)."""

    pages: tuple[bytes, ...] = ()
    page_count: int = 0
    faults: tuple[Problem, ...] = ()
    alerts: tuple[Problem, ...] = ()
    #: Whom the pictures show: to be recorded before they leave.
    shown_ids: tuple[str, ...] = ()


def preview(command: DrawCommand, *, actor: Actor, on: date, town: Town) -> Preview:
    """Draw the paper of this choice, marked 見本, without QR code or signature.

    It shows nobody who is held, not even to those who may see them: their paper is shown
    when a second officer has let it through.
    """
    before = seen.find_person(command.asked_person_id, actor=actor)
    if before is None:
        return Preview()
    case = read_case(command, household_no=before.household_no, actor=actor)
    if gate(case.households, actor=actor, use=Use.PRINT, households=case.households).blocked:
        return Preview()
    if not case.printed:
        return Preview()
    if case.ledger_problems:
        return Preview(faults=case.ledger_problems)
    paper = paper_of(replace(command, sample=True), case, request_id="-", on=on, town=town)
    paper = replace(paper, issue_no="-")
    faults, alerts = find_faults(paper)
    if check_paper(paper):
        return Preview(faults=faults)
    planned = plan_sheets(paper)
    sheets = tuple(replace(sheet, qr=None, codes=()) for sheet in planned[:PAGES_SHOWN_MAX])
    return Preview(
        pages=tuple(
            light_picture(one)
            for one in render_png(paper, sheets, token="-", dots_per_inch=DOTS_PER_INCH)  # noqa: S106
        ),
        page_count=len(planned),
        faults=faults,
        alerts=alerts,
        shown_ids=tuple(case.everybody),
    )
