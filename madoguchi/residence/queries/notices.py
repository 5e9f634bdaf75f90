"""What was done to tell people who were taken off the register, and what comes next (通知の照会)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from madoguchi.accounts.api import is_approved
from madoguchi.infra.town_tables import read_table
from madoguchi.kernel.actor import Actor
from madoguchi.protection.api import Use, gate
from madoguchi.residence.domain.case import Outcome, State
from madoguchi.residence.domain.notices import (
    Ground,
    Next,
    NoticeBook,
    Posting,
    Step,
    Told,
    Way,
    next_step,
    read_notices,
)
from madoguchi.residence.models import NoticeRow
from madoguchi.residence.queries.cases import (
    CHECK,
    FOLDER,
    CaseRow,
    InPost,
    letters_in_post,
    list_cases,
)

#: The line of the second officers' table that speaks of a posting about somebody held.
GUARDED = "RESIDENCE_POSTING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One letter of a notice as the post room knows it (出した通知)."""

    about_no: str
    person_id: str
    made_on: date
    state: str
    posted_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How far the people of a case have been told (通知の進み)."""

    told: Told
    sent: tuple[Sent, ...]
    next: Next
    held: bool
    approved: bool
    made_by: str = ""


@lru_cache(maxsize=4)
def notice_book(folder: str = "") -> NoticeBook:
    """Return the table of notices and postings (通知の表)."""
    ours = read_table("residence", ours=FOLDER, own="")
    # A table a town wrote before there were notices keeps its checks, and takes these from ours.
    return read_notices({**ours, **read_table("residence", ours=FOLDER, own=folder)})


def is_removal(row: CaseRow) -> bool:
    """Tell whether a case ended in a removal, so that somebody is to be told (通知が要るか)."""
    return row.facts.state is State.CLOSED and row.outcome == Outcome.REMOVE


def tellings_of(
    rows: Sequence[CaseRow], *, actor: Actor, today: date
) -> Mapping[str, Telling]:  # fmt: skip
    """Return how far each of these removals is told, by case (通知の進み).

    The gate is asked once for everybody; whatever goes wrong there, they count as held.
    """
    wanted = [one for one in rows if is_removal(one)]
    kept: dict[str, list[NoticeRow]] = {one.case_id: [] for one in wanted}
    for notice in NoticeRow.objects.filter(case__in=list(kept)).order_by("made_on", "notice_id"):
        kept[notice.case_id].append(notice)
    states = letters_in_post(
        [one.about_no for found in kept.values() for one in found if one.about_no]
    )
    held = _held(wanted, actor=actor)
    book = notice_book(settings.MADOGUCHI_CARD_RULES)
    return {
        one.case_id: _telling(
            one, kept[one.case_id], states, held=bool(held & one.people.keys()), book=book,
            today=today,
        )
        for one in wanted
    }  # fmt: skip


def list_untold(*, actor: Actor, today: date) -> tuple[tuple[CaseRow, Telling], ...]:
    """List the removals nobody has been told of wholly, the first due first (通知・公示の一覧)."""
    rows = list_cases(actor=actor, closed=True, removed=True)
    found = tellings_of(rows, actor=actor, today=today)
    waiting = [(one, found[one.case_id]) for one in rows]
    return tuple(
        sorted(
            ((row, telling) for row, telling in waiting if telling.next.step is not Step.DONE),
            key=lambda pair: (pair[1].next.due or date.max, pair[0].case_id),
        )
    )


def count_untold(*, actor: Actor, today: date) -> int:
    """Count the removals with something to do by today, for the clerk's home (今日までの通知)."""
    if not actor.may(CHECK):
        return 0
    waiting = (telling.next.due for _, telling in list_untold(actor=actor, today=today))
    return sum(1 for due in waiting if due is not None and due <= today)


def _held(rows: Sequence[CaseRow], *, actor: Actor) -> frozenset[str]:
    homes = {each: row.household_no for row in rows for each in row.people}
    if not homes:
        return frozenset()
    answer = gate(sorted(homes), actor=actor, use=Use.PRINT, households=homes)
    return frozenset(one for one in homes if one not in answer.open)


def _telling(
    row: CaseRow, kept: Collection[NoticeRow], states: InPost, *,
    held: bool, book: NoticeBook, today: date,
) -> Telling:  # fmt: skip
    assert row.closed_on is not None, "only what is over is told"
    hangs = [one for one in kept if one.way == Way.POSTING and one.given_up_on is None]
    posting = _posting(hangs[0]) if hangs else None
    # Of one person the newest letter counts.
    newest = {one.person_id: one for one in kept if one.way == Way.LETTER}
    sent = tuple(
        Sent(about_no=one.about_no, person_id=one.person_id, made_on=one.made_on,
             state=states.get(one.about_no, ("CANCELLED", None))[0],
             posted_on=states.get(one.about_no, ("CANCELLED", None))[1])
        for one in newest.values()
    )  # fmt: skip
    told = Told(
        removed_on=row.closed_on, letters=tuple((one.state, one.posted_on) for one in sent),
        posting=posting,
    )  # fmt: skip
    approved = bool(posting and held and is_approved(action=GUARDED, subject_ref=posting.notice_id))
    # Taken back, or they came back: then nobody has to be told that they are off the register.
    moot = all(one.status.value != "REMOVED" for one in row.people.values())
    next_ = next_step(told, book=book, today=today, approved=approved, held=held, moot=moot)
    return Telling(
        told=told, sent=sent, next=next_, held=held, approved=approved,
        made_by=hangs[0].made_by if hangs else "",
    )  # fmt: skip


def _posting(row: NoticeRow) -> Posting:
    assert row.hangs_days is not None
    return Posting(
        notice_id=row.notice_id, ground=Ground(row.ground), made_on=row.made_on,
        hangs_days=row.hangs_days, place=row.place, put_up_on=row.put_up_on,
        put_up_by=row.put_up_by, taken_down_on=row.taken_down_on, taken_down_by=row.taken_down_by,
    )  # fmt: skip
