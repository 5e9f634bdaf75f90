"""Queue the letters a filing calls for, and end them when they are settled (届出の手紙)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.dispatch import api as dispatch
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.actions.sending import queue
from madoguchi.moves.domain.letters import MoveLetter, check_letter
from madoguchi.moves.domain.messages import TEXT_MAX, MessageKind
from madoguchi.moves.domain.post import PostState, Way
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.models import FilingPerson, Letter, PostMessage
from madoguchi.moves.queries.cases import FilingRow, find_filing
from madoguchi.moves.queries.letters import (
    about_no,
    asked_by_message,
    due_letters,
    silent_people,
)
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import PersonRow

#: The kind of letter in the words of the post room.
KINDS = {MoveLetter.RECEIPT: "MOVE_RECEIPT", MoveLetter.NO_NOTICE: "MOVE_INQUIRY"}


def queue_letters(
    *, filing_id: str, kind: MoveLetter, to: dispatch.Handed, filing_words: str, phone: str,
    actor: Actor, now: datetime,
) -> int:  # fmt: skip
    """Queue the letters of a kind, and return how many (手紙を発送待ちに入れる). In ``unit.run``.

    The gate is asked here, and again when they are printed and posted. A receipt goes where
    somebody fled from, perhaps: of whoever is held no letter is queued at all.
    """
    row = find_filing(filing_id, actor=actor)
    if row is None or not actor.may(FILE):
        raise Refused(Problem(code="MOVE_FILING_UNKNOWN"))
    silent = silent_people(row, actor=actor, today=day_of(now))
    problems = list(check_letter(kind, due_letters(row, silent=silent)))
    households = {one.person_id: one.household_no for one in row.people.values()}
    if gate(list(row.people), actor=actor, use=Use.MAIL, households=households).blocked:
        problems.append(Problem(code="MOVE_LETTER_HELD"))
    if problems:
        raise Refused(problems)
    people = _whom(row, kind, silent)
    for place, person in people:
        left_on = person.move_out_planned_on
        on = left_on if kind is MoveLetter.NO_NOTICE and left_on else row.filed_on
        content = {
            "filing": filing_words, "on": on.isoformat(), "phone": phone,
            "others": len(row.people) - 1 if kind is MoveLetter.RECEIPT else 0,
        }  # fmt: skip
        dispatch.enqueue(
            kind=KINDS[kind], person_id=person.person_id, about_no=about_no(filing_id, place),
            content=content, handed=to, actor=actor, now=now,
        )  # fmt: skip
    Letter.objects.create(
        filing_id=filing_id, kind=kind.value, written_on=day_of(now), written_by=actor.staff_id
    )
    detail = {"filing": filing_id, "kind": kind.value, "letters": len(people)}
    record(actor=actor, action="MOVE_LETTER_WRITTEN", subjects=sorted(row.people), detail=detail)
    return len(people)


def ask_by_message(*, filing_id: str, actor: Actor, now: datetime) -> str:
    """Ask the silent new town by a message, where it takes them (転入通知の照会). In ``unit.run``."""
    row = find_filing(filing_id, actor=actor)
    if row is None or not actor.may(FILE):
        raise Refused(Problem(code="MOVE_FILING_UNKNOWN"))
    silent = silent_people(row, actor=actor, today=day_of(now))
    problems = list(check_letter(MoveLetter.NO_NOTICE, due_letters(row, silent=silent)))
    town = asked_by_message(row, now=now)
    if town is None:
        problems.append(Problem(code="MOVE_POST_NO_SUCH_TOWN"))
    sent = PostMessage.objects.filter(
        way=Way.OUT.value, kind=MessageKind.MOVE_IN_INQUIRY.value, about=filing_id
    )
    if sent.exists():
        problems.append(Problem(code="MOVE_INQUIRY_SENT"))
    if problems or town is None:
        raise Refused(problems)
    people = [row.people[one] for one in sorted(silent)]
    first = people[0]
    left_on = first.move_out_planned_on or row.filed_on
    body = {
        "ref": filing_id, "left_on": left_on.isoformat(), "to": first.move_out_to[:TEXT_MAX],
        "people": [
            {"name": one.name or one.name_alphabet, "birth": str(one.birth),
             "resident_code": one.resident_code}
            for one in people
        ],
    }  # fmt: skip
    message_id = queue(
        MessageKind.MOVE_IN_INQUIRY,
        town=town,
        about=filing_id,
        body=body,
        person_ids=sorted(silent),
        now=now,
    )
    Letter.objects.create(
        filing_id=filing_id, kind=MoveLetter.NO_NOTICE.value, written_on=day_of(now),
        written_by=actor.staff_id,
    )  # fmt: skip
    detail = {"filing": filing_id, "message": message_id}
    record(actor=actor, action="MOVE_INQUIRED", subjects=sorted(silent), detail=detail)
    return message_id


def _whom(
    row: FilingRow, kind: MoveLetter, silent: frozenset[str]
) -> list[tuple[int, PersonRow]]:  # fmt: skip
    """A receipt is the family's, an inquiry asks about one person each; by place in the filing."""
    listed = list(enumerate(row.people.values(), start=1))
    if kind is MoveLetter.RECEIPT:
        return listed[:1]
    return [(place, one) for place, one in listed if one.person_id in silent]


def end_letters(*, filing_id: str, actor: Actor, now: datetime) -> None:
    """End whatever letters of a filing are open: it was taken back (手紙をやめる)."""
    if Letter.objects.filter(filing_id=filing_id).exists():
        for place in range(1, FilingPerson.objects.filter(filing_id=filing_id).count() + 1):
            dispatch.close_matter(about_no=about_no(filing_id, place), actor=actor, now=now)


def end_inquiries(*, person_ids: Iterable[str], actor: Actor, now: datetime) -> None:
    """End the inquiries about people whose new town has answered (照会の終わり)."""
    wanted = set(person_ids)
    unsent = PostMessage.objects.filter(
        way=Way.OUT.value, kind=MessageKind.MOVE_IN_INQUIRY.value,
        state__in=[PostState.WAITING.value, PostState.HELD.value],
        person_ids__contained_by=sorted(wanted),
    )  # fmt: skip
    unsent.update(state=PostState.DROPPED.value, done_at=now, done_by=actor.staff_id)
    asked = Letter.objects.filter(
        kind=MoveLetter.NO_NOTICE.value, filing__persons__person_id__in=wanted
    )
    for filing_id in asked.values_list("filing_id", flat=True).distinct():
        rows = FilingPerson.objects.filter(filing_id=filing_id).order_by("row_id")
        for place, person_id in enumerate(rows.values_list("person_id", flat=True), start=1):
            if person_id in wanted:
                dispatch.close_matter(about_no=about_no(filing_id, place), actor=actor, now=now)
