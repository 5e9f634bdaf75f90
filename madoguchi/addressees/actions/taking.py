"""Take a list in: tried first, then kept with a decision for every row (リストの取込み)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.db import IntegrityError, transaction

from madoguchi.addressees.actions.keying import keep_keys
from madoguchi.addressees.documents.lists import open_list
from madoguchi.addressees.domain.columns import Column, Columns, check_columns, guess_columns
from madoguchi.addressees.domain.deciding import Decision
from madoguchi.addressees.domain.keys import Row
from madoguchi.addressees.domain.matching import VERSION, Finding, Matched, match
from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.reading import Reader, shared_number
from madoguchi.addressees.domain.rights import must
from madoguchi.addressees.domain.worklist import Means, State, persons_behind
from madoguchi.addressees.models import Entry, List
from madoguchi.addressees.queries.book import open_register
from madoguchi.addressees.queries.people import hidden
from madoguchi.addressees.queries.review import as_kept
from madoguchi.addressees.queries.weights import weights_now
from madoguchi.addressees.queries.worklist import settled_by
from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused

#: Numbers the register itself knows; cards and notices are other rooms'.
_OURS = Columns(places={Column.PERSON: 0, Column.RESIDENT_CODE: 1}, width=2)
_STATES = {
    Decision.AUTO: (State.LINKED, Means.RULE),
    Decision.REVIEW: (State.REVIEW, Means.NONE),
    Decision.NONE: (State.NOBODY, Means.RULE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What taking a list in would do, as this actor may be told (試行の結果)."""

    headings: tuple[str, ...]
    columns: Columns
    rows: int = 0
    auto: int = 0
    review: int = 0
    none: int = 0
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    warnings: tuple[Problem, ...] = ()
    warning_count: int = 0


@dataclass(slots=True, kw_only=True)
class _Read:
    headings: tuple[str, ...] = ()
    columns: Columns = field(default_factory=lambda: Columns(places={}, width=0))
    number: Column | None = None
    rows: list[Row] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    reader: Reader | None = None
    problems: list[Problem] = field(default_factory=list)


def try_list(
    file: BinaryIO,
    *,
    chosen: Mapping[Column, int] | None,
    actor: Actor,
    gazetteer: Gazetteer,
) -> Tried:
    """Read and decide without keeping anything (試す)."""
    must(actor)
    read = _read(file, chosen)
    if read.problems or read.reader is None:
        return _tried(read, None, actor=actor)
    return _tried(read, _match(read, gazetteer), actor=actor)


def headings_of(file: BinaryIO) -> tuple[str, ...]:
    """Return the headings of a list, none where it cannot be opened (見出し)."""
    file.seek(0)
    opened = open_list(file)
    if isinstance(opened, Problem):
        return ()
    opened.close()
    return tuple(opened.headings)


def take_list(
    file: BinaryIO,
    *,
    name: str,
    chosen: Mapping[Column, int],
    actor: Actor,
    gazetteer: Gazetteer,
    now: datetime,
) -> str:
    """Keep a list with a decision for every row; all or nothing (取り込む)."""
    must(actor)
    read = _read(file, chosen)
    found = list(read.problems)
    if read.reader is not None:
        found += read.reader.found.problems
    if not name.strip():
        found.append(Problem(code="ADDRESSEES_LIST_WITHOUT_NAME", where="name"))
    if not found and not read.rows:
        found.append(Problem(code="CSV_EMPTY"))
    if found:
        raise Refused(found)
    keep_keys(gazetteer=gazetteer)
    matched = _match(read, gazetteer)
    file.seek(0)
    kept = List(
        list_id=new_id(), name=name.strip()[:60], rules_version=VERSION, rows=len(read.rows),
        number_kind=read.number or "", file_sum=hashlib.sha256(file.read()).hexdigest(),
        taken_by=actor.staff_id, taken_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
    except IntegrityError:
        raise Refused(Problem(code="ADDRESSEES_LIST_TWICE")) from None
    entries = [
        _entry(kept, row, line, finding, now=now)
        for row, line, finding in zip(read.rows, read.lines, matched.findings(), strict=True)
    ]
    settled = settled_by(entries, gazetteer)
    for one in entries:
        one.settled_no = settled.get(one.entry_id, 0)
    Entry.objects.bulk_create(entries, batch_size=1_000)
    counts = matched.counts()
    record(
        actor=actor, action="ADDRESSEES_LIST_TAKEN", subjects=[],
        detail={"list_id": kept.list_id, "rows": kept.rows, "rules": VERSION},
    )  # fmt: skip
    facts.note("addressees_list_taken", at=now, rows=kept.rows, **counts)
    return kept.list_id


def close_list(*, list_id: str, actor: Actor, now: datetime) -> None:
    """Close a list nobody needs any more; its rows stay (リストを閉じる)."""
    must(actor)
    closed = List.objects.filter(list_id=list_id, closed_at__isnull=True).update(closed_at=now)
    if not closed:
        raise Refused(Problem(code="ADDRESSEES_LIST_UNKNOWN"))
    record(actor=actor, action="ADDRESSEES_LIST_CLOSED", subjects=[], detail={"list_id": list_id})


def _read(file: BinaryIO, chosen: Mapping[Column, int] | None) -> _Read:
    file.seek(0)
    opened = open_list(file)
    if isinstance(opened, Problem):
        return _Read(problems=[opened])
    columns = guess_columns(opened.headings)
    if chosen is not None:
        columns = Columns(places=dict(chosen), width=len(opened.headings))
    read = _Read(headings=tuple(opened.headings), columns=columns)
    twice = [] if chosen is not None else check_columns(columns, opened.headings, file="リスト")
    read.problems = [*twice, *(_missing(columns) if chosen is not None else ())]
    if read.problems:
        opened.close()
        return read
    read.number = shared_number(_OURS, columns)
    reader = read.reader = Reader(file="リスト", columns=columns, number=read.number)
    for row in reader.read(opened.rows):
        read.rows.append(row)
        read.lines.append(reader.line)
    if opened.broken:
        reader.found.add([opened.broken])
    return read


def _missing(columns: Columns) -> tuple[Problem, ...]:
    return check_columns(columns, (), file="リスト")


def _match(read: _Read, gazetteer: Gazetteer) -> Matched:
    side, book = open_register(read.rows, number=read.number, gazetteer=gazetteer)
    return match(side, book, weights=weights_now())


def _tried(read: _Read, matched: Matched | None, *, actor: Actor) -> Tried:
    found = read.reader.found if read.reader else None
    problems = (*read.problems, *(found.problems if found else ()))
    told = Tried(
        headings=read.headings, columns=read.columns, rows=len(read.rows),
        problems=problems,
        problem_count=len(read.problems) + (found.problem_count if found else 0),
        warnings=tuple(found.warnings) if found else (),
        warning_count=found.warning_count if found else 0,
    )  # fmt: skip
    if matched is None:
        return told
    counts = _counts(matched, actor=actor)
    return Tried(
        headings=told.headings, columns=told.columns, rows=told.rows, problems=told.problems,
        problem_count=told.problem_count, warnings=told.warnings,
        warning_count=told.warning_count, auto=counts[Decision.AUTO],
        review=counts[Decision.REVIEW], none=counts[Decision.NONE],
    )  # fmt: skip


def _counts(matched: Matched, *, actor: Actor) -> dict[Decision, int]:
    """Count as the actor will see it: a row about somebody unseen was not found."""
    findings = list(matched.findings(candidates=2))
    behind = [_behind(one) for one in findings]
    unseen = hidden(frozenset().union(*behind), actor=actor)
    counts = dict.fromkeys(Decision, 0)
    for one, persons in zip(findings, behind, strict=True):
        is_unseen = not unseen.isdisjoint(persons)
        counts[Decision.NONE if is_unseen else one.decision] += 1
    return counts


def _behind(finding: Finding) -> frozenset[str]:
    nearest = [one.register_id for one in finding.candidates]
    linked = nearest[0] if finding.decision is Decision.AUTO else ""
    return persons_behind(
        state=_STATES[finding.decision][0], person_id=linked, nearest=nearest,
        vetoes=[str(one.name) for one in finding.vetoes],
    )  # fmt: skip


def _entry(kept: List, row: Row, line: int, finding: Finding, *, now: datetime) -> Entry:
    state, means = _STATES[finding.decision]
    person = finding.candidates[0].register_id if finding.decision is Decision.AUTO else ""
    shown = () if finding.decision is Decision.NONE else finding.candidates
    return Entry(
        entry_id=new_id(), listed=kept, line=line, row_id=row.row_id, name=row.name, kana=row.kana,
        birth=row.birth, address=row.address, number=row.number, notice_no=row.notice_no,
        sent_to=row.address, state=state.value, means=means.value, person_id=person,
        bits=round(finding.bits, 2), margin=round(finding.margin, 2),
        vetoes=[str(one.name) for one in finding.vetoes], changed_at=now,
        candidates=as_kept(shown), standing=row.standing, is_held=row.is_protected,
    )  # fmt: skip
