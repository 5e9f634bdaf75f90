"""One person: household, what they can have now, how it came to be (住民の画面)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from madoguchi.audit.api import look
from madoguchi.desk.domain.tasks import TimeSpan, tasks_for
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.areas import area_of
from madoguchi.kernel.dates import RegisterDate, parse_day, parse_register_date
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import HouseholdRow, PersonRow, VersionRow, provisional_of, seen
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import word
from madoguchi.web.pages import page, wanted_fragment

PURPOSE = "窓口での応対"


@needs(Right.VIEW_PERSON)
@require_safe
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show a person; ``day`` and ``known`` show them as they were, as it was known."""
    actor = actor_of(request, PURPOSE)
    row = seen.find_person(person_id, actor=actor)
    if row is None:
        # Unknown and held from this clerk look the same, in words and in status.
        return errors.refusal(request, [Problem(code="UNKNOWN_PERSON")], status=404)
    past = _past(request, row, actor=actor)
    household = seen.find_household(row.household_no, actor=actor)
    shown = [person_id, *(one.person_id for one in _everybody(household))]
    look(actor=actor, screen="PERSON", subjects=sorted(set(shown)), detail=past.detail)
    if wanted_fragment(request) == "as-it-was":
        return page(request, "desk/person.html", {"past": past, "person": row})
    return page(
        request,
        "desk/person.html",
        {
            "person": row,
            "born": shown_as(row).born,
            "area_words": _area(row.postcode),
            "state_words": ""
            if row.status == "RESIDENT"
            else word(kind="resident_status", code=row.status),
            "household": household,
            "members": [shown_as(one) for one in _everybody(household)],
            "past": past,
            "tasks": _tasks(row, past.records, actor=actor),
            "is_held": _is_held(person_id, actor=actor),
            "may_see_issues": actor.may(Right.ISSUE_CERTIFICATE),
            "may_tell_looks": actor.may(Right.SEE_AUDIT),
            "may_file": actor.may(Right.FILE_CHANGE) and row.status.is_resident,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A person's row with its dates read, for the template (表示)."""

    row: PersonRow
    born: RegisterDate | str
    became_resident: RegisterDate | str
    address_since: RegisterDate | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a person, from its entry on: the page shows one at a time (住民票・除票)."""

    number: int
    first: date
    last: date
    history: tuple[VersionRow, ...]
    is_newest: bool

    def hold(self, day: date) -> date:
        """Keep a day within this record: what lies in another is not shown with it (2.2.1)."""
        day = day if self.number == 1 else max(day, self.first)
        return day if self.is_newest else min(day, self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The record as it was on a day, as it was known on another (ある日の記録)."""

    span: TimeSpan
    on: date
    known_on: date | None
    then: Shown | None
    records: tuple[Record, ...]
    record: Record
    offset: int
    is_now: bool

    @property
    def detail(self) -> dict[str, str]:
        """Say for the audit what was looked at beyond the present state."""
        if self.is_now:
            return {}
        return {
            "record": str(self.record.number),
            "on": self.on.isoformat(),
            "known_on": str(self.known_on or ""),
        }


def shown_as(row: PersonRow) -> Shown:
    """Read the dates of a row; words nobody can read are shown as written."""
    return Shown(
        row=row,
        born=_read(row.birth),
        became_resident=_read(row.became_resident),
        address_since=_read(row.address_since),
    )


def _read(text: str) -> RegisterDate | str:
    found = parse_register_date(text) if text else text
    return text if isinstance(found, Problem) else found


def _past(request: HttpRequest, row: PersonRow, *, actor: Actor) -> Past:
    today = clock.today()
    records = _records(seen.find_records(row.person_id, actor=actor), today=today)
    asked = request.GET.get("record", "")
    record = next((one for one in records if str(one.number) == asked), records[-1])
    span = TimeSpan(first=record.first, last=record.last)
    on = record.hold(_asked_day(request, span) or (today if record.is_newest else record.last))
    known_on = _day(request.GET.get("known", ""))
    known_at = (
        datetime.combine(known_on, time.max, tzinfo=clock.JAPAN) if known_on is not None else None
    )
    is_now = on == today and known_on is None and record.is_newest
    then = row if is_now else seen.find_person(row.person_id, actor=actor, on=on, known_at=known_at)
    return Past(
        span=span, on=on, known_on=known_on, then=None if then is None else shown_as(then),
        records=records, record=record, offset=span.offset(on), is_now=is_now,
    )  # fmt: skip


def _records(histories: tuple[tuple[VersionRow, ...], ...], *, today: date) -> tuple[Record, ...]:
    """Read each record's days and put its newest change first; the last record reaches today."""
    found = []
    for number, history in enumerate(histories, start=1):
        days = [one.effective_on for one in history]
        is_newest = number == len(histories)
        found.append(Record(
            number=number, first=min([*days, today]), history=history[::-1], is_newest=is_newest,
            last=max([*days, today]) if is_newest else max(days),
        ))  # fmt: skip
    return tuple(found)


def _asked_day(request: HttpRequest, span: TimeSpan) -> date | None:
    offset = request.GET.get("day", "")
    if offset.isascii() and offset.isdigit() and len(offset) < 7:
        return span.day(int(offset))
    return _day(request.GET.get("on", ""))


def _day(text: str) -> date | None:
    found = parse_day(text) if text else None
    return found if isinstance(found, date) else None


def _everybody(household: HouseholdRow | None) -> tuple[PersonRow, ...]:
    return () if household is None else household.members


def _area(postcode: str) -> str:
    area = area_of(postcode, on=clock.today())
    return word(kind="area", code=area) if area else ""


def _is_held(person_id: str, *, actor: Actor) -> bool:
    """Only somebody who may see held people gets here with one; for them the band is shown."""
    return bool(gate([person_id], actor=actor, use=Use.PRINT).blocked)


def _tasks(row: PersonRow, records: tuple[Record, ...], *, actor: Actor) -> tuple[Any, ...]:
    if not actor.may(Right.ISSUE_CERTIFICATE):
        return ()
    return tasks_for(
        person_id=row.person_id,
        is_resident=row.status.is_resident,
        closed=len(records) - 1 if row.status.is_resident else 0,
        has_draft=row.person_id in provisional_of([row.person_id]),
        certificate_url=reverse("certificates:new"),
        card_url=reverse("cards:application_new") if actor.may(Right.FILE_CHANGE) else "",
    )
