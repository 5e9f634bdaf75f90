"""Taking applications at the desk and on trips, and keeping closed envelopes (申請の受付)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from madoguchi.advice.api import age_on, answer_checklist
from madoguchi.audit.api import record
from madoguchi.cards.domain import applications as rules
from madoguchi.cards.domain.applications import ApplicationState, Given
from madoguchi.cards.domain.card import read_application_no
from madoguchi.cards.domain.people import Person
from madoguchi.cards.domain.pin_sheets import SheetState, check_step, read_label
from madoguchi.cards.domain.rights import HELD, LINE, must
from madoguchi.cards.models import Application, PinSheet, PinSheetStep, Trip
from madoguchi.cards.queries.people import people_of
from madoguchi.infra import clock, facts, locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

WHERE_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An application as it is told at the desk: the case of its visit and what is given (申出)."""

    case: Mapping[str, Any]
    given: Given
    application_no: str


def plan_trip(*, on: date, where: str, note: str = "", actor: Actor, now: datetime) -> str:
    """Write down a day on which applications are taken somewhere else (出張の予定)."""
    must(actor, LINE)
    found = [
        *rules.check_trip(on=on, today=clock.day_of(now)),
        *check_free_text(where, limit=WHERE_LENGTH_MAX, where="where"),
        *check_free_text(note, limit=200, where="note"),
    ]
    if not where.strip():
        found.append(Problem(code="TRIP_WHERE_MISSING", where="where"))
    if found:
        raise Refused(found)
    trip = Trip.objects.create(
        trip_id=new_id(), on=on, where=where.strip(), note=note.strip(),
        made_by=actor.staff_id, made_at=now,
    )  # fmt: skip
    record(actor=actor, action="CARD_TRIP_PLANNED", subjects=(), detail={"trip": trip.trip_id})
    return trip.trip_id


def join_trip(*, trip_id: str, person_id: str, actor: Actor, now: datetime) -> str:
    """Put somebody on the list of a trip, one person being enough (出張の予定に加える)."""
    locks.take([(LockKind.PERSON, person_id)])
    must(actor, LINE)
    trip = Trip.objects.filter(trip_id=trip_id).first()
    _refuse_if(rules.check_person(_person(person_id, actor=actor, now=now)))
    if trip is None or trip.on < clock.day_of(now):
        raise Refused(Problem(code="TRIP_IS_OVER"))
    row = Application(
        application_id=new_id(), person_id=person_id, trip=trip,
        state=ApplicationState.PLANNED.value, planned_by=actor.staff_id, changed_at=now,
    )  # fmt: skip
    _write_once(row)
    _tell("CARD_APPLICATION_PLANNED", row, actor=actor)
    return row.application_id


def take_application(
    *, person_id: str, told: Told, application_id: str = "", actor: Actor, now: datetime
) -> str:
    """Take an application: documents, photograph, envelope, and how the card comes (申請の受付).

    ``application_id`` names the one planned for a trip. Nothing is kept of the photograph but
    that somebody looked, nothing of the secret but the label of its closed envelope.
    """
    locks.take([(LockKind.PERSON, person_id)])
    must(actor, LINE)
    person = _person(person_id, actor=actor, now=now)
    number = read_application_no(told.application_no, where="application_no")
    label = read_label(told.given.sheet_label, where="sheet_label")
    found = [one for one in (number, label) if isinstance(one, Problem)]
    found += rules.check_person(person)
    if person is not None:
        found += _check_told(told, person=person, now=now)
    if found or person is None or isinstance(number, Problem) or isinstance(label, Problem):
        raise Refused(tuple(dict.fromkeys(found)))
    row = _row(person_id, application_id)
    _refuse_if(rules.check_move(ApplicationState(row.state), ApplicationState.TAKEN))
    row.application_no, row.state = number, ApplicationState.TAKEN.value
    row.visit_kind, row.visitor = str(told.case["visit_kind"]), str(told.case["visitor"])
    row.delivery = told.given.delivery.value
    shown = told.case.get("documents") if told.given.delivery.is_by_mail else ()
    row.documents = sorted(shown or ())
    row.taken_at, row.taken_by, row.changed_at = now, actor.staff_id, now
    _write_once(row)
    if label:
        _keep_sheet(row, label, actor=actor, now=now)
    _tell("CARD_APPLICATION_TAKEN", row, actor=actor, kind=row.visit_kind)
    facts.note("card_application_taken", at=now, kind=row.visit_kind, delivery=row.delivery,
               by="trip" if row.trip_id else "desk")  # fmt: skip
    return row.application_id


def send_application(
    *, application_id: str, application_no: str, version: int, actor: Actor, now: datetime
) -> None:
    """Note that the application went to J-LIS under its number (申請書の送付)."""
    row = _found(application_id, version=version, actor=actor, now=now)
    number = read_application_no(application_no, where="application_no")
    if isinstance(number, Problem):
        raise Refused(number)
    number = number or row.application_no
    if not number:
        raise Refused(Problem(code="APPLICATION_NO_MISSING", where="application_no"))
    _refuse_if(rules.check_move(ApplicationState(row.state), ApplicationState.SENT))
    row.application_no, row.state = number, ApplicationState.SENT.value
    row.sent_on, row.sent_by = clock.day_of(now), actor.staff_id
    _keep(row, now=now)
    _tell("CARD_APPLICATION_SENT", row, actor=actor)
    facts.note("card_application_sent", at=now, kind=row.visit_kind)


def take_back_sending(*, application_id: str, version: int, actor: Actor, now: datetime) -> None:
    """Undo the note that it was sent, as long as no card came of it (送付の取消し)."""
    row = _found(application_id, version=version, actor=actor, now=now)
    _refuse_if(rules.check_move(ApplicationState(row.state), ApplicationState.TAKEN))
    row.state, row.sent_on, row.sent_by = ApplicationState.TAKEN.value, None, ""
    _keep(row, now=now)
    _tell("CARD_APPLICATION_NOT_SENT", row, actor=actor)


def withdraw_application(*, application_id: str, version: int, actor: Actor, now: datetime) -> None:
    """End an application; envelopes that are still here must first be given back (取下げ)."""
    row = _found(application_id, version=version, actor=actor, now=now)
    found = list(rules.check_move(ApplicationState(row.state), ApplicationState.WITHDRAWN))
    over = (SheetState.DESTROYED.value, SheetState.GIVEN_BACK.value)
    if PinSheet.objects.filter(application=row).exclude(state__in=over).exists():
        found.append(Problem(code="APPLICATION_SHEET_STILL_HERE"))
    _refuse_if(found)
    row.state = ApplicationState.WITHDRAWN.value
    _keep(row, now=now)
    _tell("CARD_APPLICATION_WITHDRAWN", row, actor=actor)


def move_sheet(*, sheet_id: str, to: SheetState, actor: Actor, now: datetime) -> None:
    """Write down where an envelope went; who destroys it is not who used it (封筒の受渡し)."""
    must(actor, LINE)
    sheet = (
        PinSheet.objects.select_for_update(of=("self",)).select_related("application")
        .filter(sheet_id=sheet_id).first()
    )  # fmt: skip
    if sheet is None or _person(sheet.application.person_id, actor=actor, now=now) is None:
        raise Refused(Problem(code="PIN_SHEET_UNKNOWN"))
    before = SheetState(sheet.state)
    last_by = PinSheetStep.objects.filter(sheet=sheet).latest("id").staff_id
    _refuse_if(check_step(before, to, staff_id=actor.staff_id, last_by=last_by))
    sheet.state, sheet.changed_at = to.value, now
    sheet.save(update_fields=["state", "changed_at"])
    witness = last_by if to is SheetState.DESTROYED else ""
    _step(sheet, actor=actor, now=now, witnessed_by=witness)
    record(actor=actor, action="CARD_PIN_SHEET_MOVED", subjects=(sheet.application.person_id,),
           detail={"sheet": sheet.label, "to": to.value})  # fmt: skip


# -- one application -------------------------------------------------------------------------


def _check_told(told: Told, *, person: Person, now: datetime) -> tuple[Problem, ...]:
    """Ask the tables about this visit; the age is the register's, unless it does not know it."""
    today = clock.day_of(now)
    age = told.case.get("age") if person.birth_on is None else age_on(today, person.birth_on)
    # The photograph is taken here; what is wrong with it says ``check_photo``.
    papers = [*(told.case.get("papers") or ()), "face_photo"]
    case = {**told.case, "age": age, "papers": papers}
    advice = answer_checklist(case, today=today, folder=settings.MADOGUCHI_CARD_RULES)
    return rules.check_application(
        told.given, advice=advice, age=age if isinstance(age, int) else 0, is_held=person.is_held
    )


def _person(person_id: str, *, actor: Actor, now: datetime) -> Person | None:
    """Return somebody as this clerk may know of them: held without the right is unknown."""
    person = people_of([person_id], today=clock.day_of(now)).get(person_id)
    return None if person is not None and person.is_held and not actor.may(HELD) else person


def _row(person_id: str, application_id: str) -> Application:
    if not application_id:
        return Application(
            application_id=new_id(), person_id=person_id, state=ApplicationState.PLANNED.value
        )
    row = Application.objects.filter(application_id=application_id, person_id=person_id).first()
    if row is None:
        raise Refused(Problem(code="APPLICATION_UNKNOWN"))
    row.version += 1
    return row


def _found(application_id: str, *, version: int, actor: Actor, now: datetime) -> Application:
    must(actor, LINE)
    row = (
        Application.objects.select_for_update(of=("self",))
        .filter(application_id=application_id).first()
    )  # fmt: skip
    if row is None or _person(row.person_id, actor=actor, now=now) is None:
        raise Refused(Problem(code="APPLICATION_UNKNOWN"))
    if row.version != version:
        raise Refused(Problem(code="APPLICATION_CHANGED_MEANWHILE"))
    return row


def _keep(row: Application, *, now: datetime) -> None:
    row.version += 1
    row.changed_at = now
    _write_once(row)


def _write_once(row: Application) -> None:
    """Save what the table may refuse: a second open application, a number used before."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if name == "cards_application_no_one":
            code, where = "APPLICATION_NO_USED", "application_no"
        elif name == "cards_application_open_one":
            code, where = "APPLICATION_OPEN_ALREADY", None
        else:
            raise
        raise Refused(Problem(code=code, where=where)) from error


def _keep_sheet(row: Application, label: str, *, actor: Actor, now: datetime) -> None:
    sheet = PinSheet(
        sheet_id=new_id(), label=label, application=row, state=SheetState.CLOSED.value,
        changed_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            sheet.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(Problem(code="PIN_SHEET_LABEL_USED", where="sheet_label")) from error
    _step(sheet, actor=actor, now=now)


def _step(sheet: PinSheet, *, actor: Actor, now: datetime, witnessed_by: str = "") -> None:
    PinSheetStep.objects.create(
        sheet=sheet, at=now, staff_id=actor.staff_id, state=sheet.state, witnessed_by=witnessed_by
    )


def _tell(action: str, row: Application, *, actor: Actor, **detail: str) -> None:
    record(actor=actor, action=action, subjects=(row.person_id,),
           detail={"application": row.application_id, **detail})  # fmt: skip


def _refuse_if(problems: Any) -> None:
    if problems:
        raise Refused(tuple(problems))
