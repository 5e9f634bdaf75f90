"""Plan the pages of a paper: blocks, head, certification, marks (証明書の割付け)."""

from madoguchi.certificates.domain.body import Body
from madoguchi.certificates.domain.definition import Definition, Removed, Spread
from madoguchi.certificates.domain.definitions import definition_of
from madoguchi.certificates.domain.frame import page_frame
from madoguchi.certificates.domain.kinds import Omit
from madoguchi.certificates.domain.paper import PERSONS_MAX, Paper, subject_hash_of
from madoguchi.certificates.domain.sheets import Marks, Sheet
from madoguchi.kernel.outcome import Problem


def plan_sheets(paper: Paper) -> tuple[Sheet, ...]:
    """Lay a paper on pages, each person once and in order (割付け).

    The caller has asked `check_paper` before; a paper that is none is our mistake.
    """
    assert not check_paper(paper), [problem.code for problem in check_paper(paper)]
    definition = definition_of(paper.kind)
    bodies = definition.bodies(paper)
    subject = subject_hash_of(paper)
    return tuple(
        _sheet(
            paper,
            definition,
            body,
            Marks(
                issue_no=paper.issue_no,
                request_id=paper.request_id,
                subject_hash=subject,
                number=number,
                of=len(bodies),
            ),
        )
        for number, body in enumerate(bodies, start=1)
    )


def _sheet(paper: Paper, definition: Definition, body: Body, marks: Marks) -> Sheet:
    around = page_frame(paper, definition, marks)
    return Sheet(
        marks=marks,
        runs=(*around.head, *body.runs, *around.foot),
        rules=(*around.rules, *body.rules),
        frames=(*around.frames, *body.frames),
        persons=body.persons,
        seal=around.seal,
        qr=around.qr,
        imprint=body.imprint,
        codes=body.codes,
        problems=(*around.problems, *body.problems),
    )


def check_paper(paper: Paper) -> tuple[Problem, ...]:
    """Return every reason why this cannot be a paper at all (証明書の前提)."""
    found: list[Problem] = []
    if not paper.persons:
        found.append(Problem(code="PAPER_WITHOUT_PERSON"))
    if len(paper.persons) > PERSONS_MAX:
        found.append(Problem(code="PAPER_TOO_MANY_PERSONS", facts={"max": str(PERSONS_MAX)}))
    if len({person.person_id for person in paper.persons}) != len(paper.persons):
        found.append(Problem(code="PAPER_PERSON_TWICE"))
    definition = definition_of(paper.kind)
    if definition.spread is Spread.ASKED and len(paper.persons) > 1:
        found.append(Problem(code="PAPER_ONE_PERSON_ONLY"))
    # SPEC1 5.x: 除票 and current records never stand on one paper.
    removed = {person.removal is not None for person in paper.persons}
    wanted = {definition.removed is Removed.ONLY}
    if removed and removed != wanted and (not definition.may_print_removed or len(removed) > 1):
        found.append(Problem(code="PAPER_MIXES_REMOVED"))
    for number, person in enumerate(paper.persons, start=1):
        if not person.name.strip():
            found.append(Problem(code="PAPER_FIELD_EMPTY", where=f"{number}人目 氏名"))
        if not person.birth_date.strip() and paper.shows(Omit.BIRTH_DATE):
            found.append(Problem(code="PAPER_FIELD_EMPTY", where=f"{number}人目 生年月日"))
    found.extend(
        Problem(code="PAPER_FIELD_EMPTY", where=name)
        for name in ("issue_no", "request_id", "address", "mayor_title", "mayor_name")
        if not getattr(paper, name).strip()
    )
    return tuple(found)
