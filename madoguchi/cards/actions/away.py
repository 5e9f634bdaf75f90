"""What a trip without a line takes along of this room, and brings home to it (持ち出しと持ち帰り).

A payload is what the laptop wrote down: codes of the tables and ticks, no PIN and no photograph.
The actions it leads to are those of the counter, with all their checks, asked at home.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings

from madoguchi.advice.api import Visitor, answer_checklist
from madoguchi.cards.actions import applying, handing
from madoguchi.cards.domain.applications import (
    ApplicationState,
    Delivery,
    Given,
    MailCondition,
    PhotoRule,
    check_application,
)
from madoguchi.cards.domain.card import CardKind, CardState
from madoguchi.cards.domain.handover import (
    VISIT_OF,
    Certificate,
    Handed,
    OldCard,
    check_hand_over,
)
from madoguchi.cards.models import Application, Card
from madoguchi.cards.queries.boxes import CardRow, rows_of
from madoguchi.cards.queries.handover import advise_on
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused

OLD_CARDS = tuple(one.value for one in OldCard)
CERTIFICATES = tuple(one.value for one in Certificate)
DELIVERIES = tuple(one.value for one in Delivery)
PHOTO_RULES = tuple(one.value for one in PhotoRule)
MAIL_CONDITIONS = tuple(one.value for one in MailCondition)


def visit_of(kind: str) -> str:
    """Return which row of the table of visits a kind of card is handed over by (来庁の種類)."""
    return VISIT_OF[CardKind(kind)]


def cards_ready(person_ids: Collection[str], *, actor: Actor) -> tuple[CardRow, ...]:
    """List the cards of these people that lie ready and that nothing stops (持っていくカード)."""
    found = Card.objects.filter(person_id__in=person_ids, state=CardState.SET_UP.value)
    return tuple(one for one in rows_of(list(found), actor=actor) if one.is_right)


def planned_of(person_ids: Collection[str]) -> tuple[tuple[str, str], ...]:
    """List the applications planned for these people: (application, person) (予定の申請)."""
    found = Application.objects.filter(
        person_id__in=person_ids, state=ApplicationState.PLANNED.value
    )
    return tuple(found.order_by("application_id").values_list("application_id", "person_id"))


def version_of(card_id: str) -> int | None:
    """Return at which version a card is, or None where it is unknown (版)."""
    return Card.objects.filter(card_id=card_id).values_list("version", flat=True).first()


def hand_over(
    *, card_id: str, version: int, payload: Mapping[str, Any], actor: Actor, now: datetime
) -> str:
    """Register at home that a card was given away on the trip (交付の持ち帰り)."""
    told = _told_hand_over(payload)
    return handing.hand_over(card_id=card_id, version=version, told=told, actor=actor, now=now)


def take_application(
    *, person_id: str, payload: Mapping[str, Any], actor: Actor, now: datetime
) -> str:
    """Register at home an application that was taken on the trip (申請の持ち帰り)."""
    told, application_id = _told_application(payload)
    return applying.take_application(
        person_id=person_id, told=told, application_id=application_id, actor=actor, now=now
    )


def check_hand_over_away(
    payload: Mapping[str, Any], *, kind: str, age: int | None, today: date
) -> tuple[Problem, ...]:
    """Say on the laptop what the tables have against a hand-over; no database is asked (交付の確認)."""
    told = _told_hand_over(payload)
    years = age if age is not None else payload.get("age")
    if not isinstance(years, int):
        return (Problem(code="HANDOVER_AGE_UNKNOWN", where="age"),)
    advice = advise_on(CardKind(kind), told.case, age=years, today=today)
    return check_hand_over(
        told.handed, state=CardState.SET_UP, kind=CardKind(kind), advice=advice, age=years
    )


def check_application_away(
    payload: Mapping[str, Any], *, age: int | None, today: date
) -> tuple[Problem, ...]:
    """Say on the laptop what the tables have against taking an application (申請の確認)."""
    told, _ = _told_application(payload)
    years = age if age is not None else payload.get("age")
    case = {**told.case, "age": years, "papers": [*told.case["papers"], "face_photo"]}
    advice = answer_checklist(case, today=today, folder=settings.MADOGUCHI_CARD_RULES)
    return check_application(
        told.given, advice=advice, age=years if isinstance(years, int) else 0, is_held=False
    )


def _told_hand_over(payload: Mapping[str, Any]) -> handing.Told:
    try:
        visitor = Visitor(payload["visitor"])
        case: dict[str, Any] = {
            "visitor": visitor.value, "documents": _words(payload["documents"]),
            "papers": _words(payload["papers"]),
            "wants_sign": Certificate.SIGN.value in payload["certificates"],
            "age": payload.get("age"),
        }  # fmt: skip
        if visitor is not Visitor.SELF:
            case["visitor_documents"] = _words(payload["visitor_documents"])
        if visitor is Visitor.STATUTORY_AGENT:
            case["holder_present"] = payload["holder_present"] is True
        if visitor is Visitor.PROXY and payload.get("reason"):
            case["reason"] = str(payload["reason"])
        handed = Handed(
            visitor=visitor, face_seen=payload["face_seen"] is True,
            pin_set=payload["pin_set"] is True,
            old_card=OldCard(payload["old_card"]) if payload["old_card"] else None,
            certificates=[Certificate(code) for code in payload["certificates"]],
            fee_paid=payload["fee_paid"] is True,
            holder_present=payload["holder_present"] is True,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise Refused(Problem(code="BAD_INPUT")) from None
    return handing.Told(case=case, handed=handed, steps={})


def _told_application(payload: Mapping[str, Any]) -> tuple[applying.Told, str]:
    try:
        case: dict[str, Any] = {
            "visit_kind": "application", "visitor": Visitor(payload["visitor"]).value,
            "age": payload.get("age"), "documents": _words(payload["documents"]),
            "papers": _words(payload["papers"]),
            "has_licence_function": payload["has_licence"] is True,
        }  # fmt: skip
        if case["visitor"] != Visitor.SELF.value:
            case["visitor_documents"] = _words(payload["visitor_documents"])
        if case["visitor"] == Visitor.STATUTORY_AGENT.value:
            case["holder_present"] = payload["holder_present"] is True
        given = Given(
            delivery=Delivery(payload["delivery"]),
            photo=tuple(PhotoRule(code) for code in payload["photo"]),
            conditions=tuple(MailCondition(code) for code in payload["conditions"]),
            sheet_label=str(payload["sheet_label"]), sheet_closed=payload["sheet_closed"] is True,
            knows_lost_licence=payload["knows_lost_licence"] is True,
        )  # fmt: skip
        number, planned = str(payload["application_no"]), str(payload["application_id"])
    except (ValueError, KeyError, TypeError):
        raise Refused(Problem(code="BAD_INPUT")) from None
    return applying.Told(case=case, given=given, application_no=number), planned


def _words(given: object) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise TypeError("a list of codes")
    return given
