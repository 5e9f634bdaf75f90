"""Tell people that they were taken off the register: a letter, or a posting in public (通知・公示).

Nobody who is held is posted, or written to, before the gate was asked in the same unit; a posting
about them wants a second officer besides, for whom no table can change it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings

from madoguchi.accounts.api import request_approval
from madoguchi.audit.api import record
from madoguchi.dispatch import api as dispatch
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.residence.actions.cases import check_leaves, short_no
from madoguchi.residence.domain.notices import (
    Ground,
    Step,
    Way,
    check_days,
    check_do,
    check_posting,
)
from madoguchi.residence.models import Case, NoticeRow
from madoguchi.residence.queries.cases import CHECK, CaseRow, find_case
from madoguchi.residence.queries.notices import GUARDED, Telling, notice_book, tellings_of

LETTER = "REMOVAL_NOTICE"


def send_notice(
    *, case_id: str, postcode: str, address: str, building: str, phone: str, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Queue a letter to each of them where they are known to be now (通知を発送待ちに入れる)."""
    row, telling = _taken(case_id, actor, now)
    _refuse(check_do("letter", telling.next.step), check_leaves(row, actor=actor))
    _close_held(telling, actor=actor, now=now)
    to = dispatch.Handed(
        reason=dispatch.HandedReason.WHEREABOUTS, postcode=postcode, address=address,
        building=building,
    )  # fmt: skip
    content: dict[str, object] = {
        "on": telling.told.removed_on.isoformat(), "phone": phone,
        "note": list(notice_book(settings.MADOGUCHI_CARD_RULES).appeal),
    }  # fmt: skip
    before = NoticeRow.objects.filter(case_id=case_id, way=Way.LETTER.value).count()
    for place, person_id in enumerate(row.people, start=before + 1):
        about_no = f"{case_id[-10:].upper()}-{place}"
        dispatch.enqueue(
            kind=LETTER, person_id=person_id, about_no=about_no, content=content, handed=to,
            actor=actor, now=now,
        )  # fmt: skip
        NoticeRow.objects.create(
            notice_id=new_id(), case_id=case_id, way=Way.LETTER.value, made_on=day_of(now),
            made_by=actor.staff_id, about_no=about_no, person_id=person_id,
        )  # fmt: skip
    _tell("RESIDENCE_NOTICE_QUEUED", row, actor, letters=str(len(row.people)))


def begin_posting(*, case_id: str, ground: Ground, actor: Actor, now: datetime) -> str:
    """Begin a posting by the rule of today; of somebody held a second officer is asked (公示の準備)."""
    row, telling = _taken(case_id, actor, now)
    today, book = day_of(now), notice_book(settings.MADOGUCHI_CARD_RULES)
    _refuse(
        check_do("posting", telling.next.step),
        check_posting(telling.told, ground, book=book, today=today),
    )
    rule = book.posting_on(today)
    assert rule is not None, "a posting without a rule was refused"
    _close_held(telling, actor=actor, now=now)
    notice = NoticeRow.objects.create(
        notice_id=new_id(), case_id=case_id, way=Way.POSTING.value, made_on=today,
        made_by=actor.staff_id, ground=ground.value, hangs_days=rule.hangs_days, place=rule.place,
    )  # fmt: skip
    if telling.held:
        _ask(notice.notice_id, row, actor)
    _tell("RESIDENCE_POSTING_BEGUN", row, actor, ground=ground.value)
    return notice.notice_id


def ask_second(*, case_id: str, actor: Actor, now: datetime) -> None:
    """Ask a second officer: somebody became held after the posting was begun (承認を頼む)."""
    row, telling = _taken(case_id, actor, now)
    if telling.next.step is not Step.SECOND or telling.told.posting is None:
        raise Refused(Problem(code="RESIDENCE_NOTICE_STEP"))
    _ask(telling.told.posting.notice_id, row, actor)
    _tell("RESIDENCE_POSTING_ASKED", row, actor)


def let_posting_out(*, case_id: str, actor: Actor, now: datetime) -> tuple[CaseRow, Telling]:
    """Return what a posting says, where it may be drawn now (公示の紙を出せるか). In ``unit.run``."""
    row, telling = _taken(case_id, actor, now)
    if telling.next.step not in (Step.PUT_UP, Step.UP):
        second = telling.next.step is Step.SECOND
        raise Refused(
            Problem(code="RESIDENCE_POSTING_SECOND" if second else "RESIDENCE_NOTICE_STEP")
        )
    _tell("RESIDENCE_POSTING_DRAWN", row, actor)
    return row, telling


def put_up(*, case_id: str, on: date, actor: Actor, now: datetime) -> None:
    """Note that the paper hangs, and since when (掲示した)."""
    _step_posting(case_id, "put_up", on=on, actor=actor, now=now)


def take_down(*, case_id: str, on: date, actor: Actor, now: datetime) -> None:
    """Note that the paper was taken down, and when (掲示を外した)."""
    _step_posting(case_id, "take_down", on=on, actor=actor, now=now)


def give_up(*, case_id: str, actor: Actor, now: datetime) -> None:
    """Give a posting up before it hangs: an address became known (公示をやめる)."""
    row, telling = _taken(case_id, actor, now)
    _refuse(check_do("give_up", telling.next.step))
    _change(telling, given_up_on=day_of(now), given_up_by=actor.staff_id)
    _tell("RESIDENCE_POSTING_GIVEN_UP", row, actor)


#: What a press does that needs nothing typed.
PLAIN: dict[str, Callable[..., object]] = {"second": ask_second, "give_up": give_up}


def _step_posting(case_id: str, what: str, *, on: date, actor: Actor, now: datetime) -> None:
    row, telling = _taken(case_id, actor, now)
    posting = telling.told.posting
    if what == "put_up" and telling.next.step is Step.SECOND:
        raise Refused(Problem(code="RESIDENCE_POSTING_SECOND"))
    _refuse(check_do(what, telling.next.step))
    assert posting is not None, "the step says that there is one"
    is_up = what == "put_up"
    _refuse(check_days(posting, put_up=on if is_up else None, down=None if is_up else on,
                       today=day_of(now)))  # fmt: skip
    if is_up:
        _change(telling, put_up_on=on, put_up_by=actor.staff_id)
    else:
        _change(telling, taken_down_on=on, taken_down_by=actor.staff_id)
    _tell(f"RESIDENCE_POSTING_{'UP' if is_up else 'DOWN'}", row, actor, on=on.isoformat())


def _taken(case_id: str, actor: Actor, now: datetime) -> tuple[CaseRow, Telling]:
    """Return a removal and how far it is told, its row held; or refuse as one nobody knows."""
    if not actor.may(CHECK):
        raise Refused(Problem(code="NOT_ALLOWED"))
    Case.objects.select_for_update().filter(case_id=case_id).first()
    row = find_case(case_id, actor=actor)
    if row is None:
        raise Refused(Problem(code="RESIDENCE_UNKNOWN"))
    telling = tellings_of([row], actor=actor, today=day_of(now)).get(case_id)
    if telling is None:
        raise Refused(Problem(code="RESIDENCE_NOTICE_STEP"))
    return row, telling


def _close_held(telling: Telling, *, actor: Actor, now: datetime) -> None:
    """End the letters the post room holds: they are replaced by what comes now."""
    for one in telling.sent:
        if one.state == "HELD":
            dispatch.close_matter(about_no=one.about_no, actor=actor, now=now)


def _ask(notice_id: str, row: CaseRow, actor: Actor) -> None:
    request_approval(
        actor=actor, action=GUARDED, subject_ref=notice_id, reason=f"事案 {short_no(row.case_id)}"
    )


def _change(telling: Telling, **values: object) -> None:
    assert telling.told.posting is not None
    NoticeRow.objects.filter(notice_id=telling.told.posting.notice_id).update(**values)


def _refuse(*found: tuple[Problem, ...]) -> None:
    problems = [problem for one in found for problem in one]
    if problems:
        raise Refused(problems)


def _tell(action: str, row: CaseRow, actor: Actor, **more: str) -> None:
    detail = {"case": row.case_id, **more}
    record(actor=actor, action=action, subjects=sorted(row.people), detail=detail)
