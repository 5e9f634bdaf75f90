"""What stands against each step of a check, all at once (確認の決まり).

住基法34条: the town may look and ask. The fifty days, two visits a month apart and two officers
are the practice of towns with published rules, as a table of this town's own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text
from madoguchi.residence.domain.case import (
    Evidence,
    Facts,
    LetterKind,
    Lives,
    Outcome,
    RuleBook,
    Seen,
    Source,
    SourceRule,
    State,
    Visit,
)

REASON_MAX = 200


def read_rules(table: Mapping[str, Any]) -> RuleBook:
    """Make the table of a file as it is written (決まりの読取り)."""
    clock = table["clock"]
    return RuleBook(
        days=clock["days"], visits_max=clock["visits_max"],
        visits_apart_days=clock["visits_apart_days"], officers_min=clock["officers_min"],
        # A table a town wrote before letters went by the post room has no such days.
        answer_days=clock["answer_days"], post_days=clock.get("post_days", 0),
        sources_min=clock["sources_min"],
        sources={
            Source(row["code"]): SourceRule(section=row["section"], basis=row["basis"])
            for row in table["source"]
        },
    )  # fmt: skip


def due_on(facts: Facts, book: RuleBook) -> date:
    """Return the last day of a check (期限)."""
    return facts.opened_on + timedelta(days=book.days)


def check_open(facts: Facts) -> tuple[Problem, ...]:
    """Return why nothing more can be added to a case (事案が開いているか)."""
    return () if facts.state is State.OPEN else (Problem(code="RESIDENCE_NOT_OPEN"),)


def check_evidence(
    facts: Facts, found: Evidence, *, book: RuleBook, today: date
) -> tuple[Problem, ...]:
    """Return everything that is wrong with an answer (答えの確認)."""
    problems = list(check_open(facts))
    if found.source not in book.sources:
        problems.append(Problem(code="RESIDENCE_NO_GROUND", where="source"))
    ends = [one for one in (found.since, found.until, found.asked_on) if one is not None]
    if any(one > today for one in ends):
        problems.append(Problem(code="RESIDENCE_DAY_AHEAD", where="asked_on"))
    if found.since and found.until and found.until < found.since:
        problems.append(Problem(code="RESIDENCE_DAYS_REVERSED", where="until"))
    if found.lives is not Lives.UNCLEAR and found.since is None and found.until is None:
        problems.append(Problem(code="RESIDENCE_PERIOD_MISSING", where="since"))
    return tuple(problems)


def check_visit(facts: Facts, made: Visit, *, book: RuleBook, today: date) -> tuple[Problem, ...]:
    """Return everything that is wrong with a visit (訪問の確認)."""
    problems = list(check_open(facts))
    officers = {one for one in made.officers if one.strip()}
    if len(officers) < book.officers_min:
        told = {"least": str(book.officers_min)}
        problems.append(Problem(code="RESIDENCE_ALONE", where="officers", facts=told))
    if made.on > today or made.on < facts.opened_on:
        problems.append(Problem(code="RESIDENCE_VISIT_DAY", where="on"))
    if len(facts.visits) >= book.visits_max:
        told = {"most": str(book.visits_max)}
        problems.append(Problem(code="RESIDENCE_VISITS_OVER", where="on", facts=told))
    elif any(abs((made.on - one.on).days) < book.visits_apart_days for one in facts.visits):
        told = {"days": str(book.visits_apart_days)}
        problems.append(Problem(code="RESIDENCE_VISITS_NEAR", where="on", facts=told))
    for one in officers:
        problems += check_free_text(one, limit=40, where="officers")
    return tuple(problems)


def check_letter(facts: Facts, kind: LetterKind, *, today: date) -> tuple[Problem, ...]:
    """Return why a letter is not written yet: who is urged was asked before (手紙の確認)."""
    problems = list(check_open(facts))
    asked = facts.letter(LetterKind.INQUIRY)
    if kind is LetterKind.URGE and (asked is None or today <= asked.answer_by):
        problems.append(Problem(code="RESIDENCE_NOT_ASKED_YET", where="kind"))
    return tuple(problems)


def check_queue(facts: Facts, kind: LetterKind, *, today: date) -> tuple[Problem, ...]:
    """Return why a letter is not given to the post room: it may not be written, or lies there (発送の確認)."""
    waits = (Problem(code="RESIDENCE_LETTER_WAITS"),) if facts.pending else ()
    return (*check_letter(facts, kind, today=today), *waits)


def due_letter(facts: Facts, *, today: date) -> LetterKind | None:
    """Return the letter that comes next, as the page offers it: nobody has to send it (次の手紙)."""
    if facts.letter(LetterKind.URGE) is not None:
        return None
    kind = LetterKind.URGE if facts.letter(LetterKind.INQUIRY) else LetterKind.INQUIRY
    return None if check_queue(facts, kind, today=today) else kind


def check_proposal(
    facts: Facts, outcome: Outcome, *, reason: str, weighed: bool, book: RuleBook, today: date
) -> tuple[Problem, ...]:
    """Return everything that stands against putting a decision before a second person (決定の確認).

    ``weighed``: the proposer says that what speaks for living there was looked at.
    """
    problems = list(check_open(facts))
    if not reason.strip():
        problems.append(Problem(code="RESIDENCE_REASON_MISSING", where="reason"))
    problems += check_free_text(reason, limit=REASON_MAX, where="reason")
    if not facts.evidence and not facts.visits:
        problems.append(Problem(code="RESIDENCE_NOTHING_KNOWN", where="outcome"))
    if outcome is Outcome.REMOVE:
        problems += _check_removal(facts, weighed=weighed, book=book, today=today)
    return tuple(problems)


def speaks_for(facts: Facts) -> Collection[Evidence | Visit]:
    """Return what speaks for living there, never added up (住んでいると言うもの)."""
    said = [one for one in facts.evidence if one.lives is Lives.LIVES]
    seen = [one for one in facts.visits if one.seen in (Seen.SAME, Seen.DIFFERS)]
    return (*said, *seen)


def _check_removal(
    facts: Facts, *, weighed: bool, book: RuleBook, today: date
) -> list[Problem]:  # fmt: skip
    problems = []
    sources = {one.source for one in facts.evidence}
    if len(sources) < book.sources_min:
        told = {"least": str(book.sources_min)}
        problems.append(Problem(code="RESIDENCE_SOURCES_FEW", where="outcome", facts=told))
    if not facts.visits:
        problems.append(Problem(code="RESIDENCE_NOT_VISITED", where="outcome"))
    urged = facts.letter(LetterKind.URGE)
    if urged is None:
        problems.append(Problem(code="RESIDENCE_NOT_URGED", where="outcome"))
    elif today <= urged.answer_by:
        told = {"day": urged.answer_by.isoformat()}
        problems.append(Problem(code="RESIDENCE_URGE_RUNS", where="outcome", facts=told))
    if speaks_for(facts) and not weighed:
        problems.append(Problem(code="RESIDENCE_CONTRADICTED", where="weighed"))
    return problems
