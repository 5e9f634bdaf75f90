"""Ask another town for a paper 転出証明書: by a message where it takes them, else by a letter (請求).

Whoever is asked for is not registered here, as a rule. Where the register knows somebody of that
name and day of birth and the gate holds them, the letter is about that person: so it is held with
all others about them, and no clerk is told why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.audit.api import record
from madoguchi.dispatch import api as dispatch
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.actions.receiving import NOBODY
from madoguchi.moves.actions.sending import queue
from madoguchi.moves.domain.messages import MessageKind, check_body
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.models import CertificateRequest
from madoguchi.moves.queries.post import town_names
from madoguchi.moves.queries.post_cases import known_people
from madoguchi.protection.api import Use, gate

LETTER = "CERTIFICATE_REQUEST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose certificate is asked for, as told at the counter (だれの転出証明書か)."""

    town: str
    name: str
    birth: date
    previous_address: str
    new_address: str
    moved_in_on: date
    deadline: date | None


def request_by_message(*, code: str, asked: Asked, actor: Actor, now: datetime) -> str:
    """Ask by a message (転出証明書の請求). In ``unit.run``."""
    _must(actor)
    body = {
        "name": asked.name, "birth": asked.birth.isoformat(),
        "previous_address": asked.previous_address, "moved_in_on": asked.moved_in_on.isoformat(),
        "deadline": asked.deadline.isoformat() if asked.deadline else "",
    }  # fmt: skip
    problems = check_body(MessageKind.CERTIFICATE_REQUEST, body)
    if code not in town_names(now=now):
        problems += (Problem(code="MOVE_POST_NO_SUCH_TOWN", where="old_town"),)
    if problems:
        raise Refused(problems)
    request_id = new_id()
    # The gate is asked about whoever it is here, once it is sealed.
    known = known_people(MessageKind.CERTIFICATE_REQUEST, body)
    message_id = queue(MessageKind.CERTIFICATE_REQUEST, town=code, body=body, about=request_id,
                       person_ids=known, now=now)  # fmt: skip
    return _keep(request_id, asked, actor=actor, now=now, message_id=message_id)


def request_by_letter(
    *, to: dispatch.Handed, asked: Asked, phone: str, actor: Actor, now: datetime
) -> str:  # fmt: skip
    """Ask by a letter of the post room: a batch, printed, posted, and it may come back (請求の手紙).

    In ``unit.run``.
    """
    _must(actor)
    request_id = new_id()
    content: Mapping[str, object] = {
        "town": asked.town, "name": asked.name, "birth": asked.birth.isoformat(),
        "previous_address": asked.previous_address, "new_address": asked.new_address,
        "moved_in_on": asked.moved_in_on.isoformat(), "phone": phone,
    }  # fmt: skip
    known = known_people(MessageKind.CERTIFICATE_REQUEST, content)
    held = gate(known, actor=NOBODY, use=Use.MAIL).blocked if known else frozenset()
    dispatch.enqueue(
        kind=LETTER, person_id=min(held, default=""), about_no=number_of(request_id),
        content=content, handed=to, actor=actor, now=now,
    )  # fmt: skip
    return _keep(request_id, asked, actor=actor, now=now)


def settle_request(*, request_id: str, actor: Actor, now: datetime) -> None:
    """Say that the certificate is here, or is not wanted any more (請求の終わり). In ``unit.run``."""
    _must(actor)
    found = CertificateRequest.objects.select_for_update().filter(
        request_id=request_id, done_on__isnull=True
    )
    row = found.first()
    if row is None:
        raise Refused(Problem(code="MOVE_REQUEST_UNKNOWN"))
    row.done_on, row.done_by = day_of(now), actor.staff_id
    row.save(update_fields=["done_on", "done_by"])
    if not row.message_id:
        dispatch.close_matter(about_no=row.number, actor=actor, now=now)
    record(actor=actor, action="MOVE_REQUEST_SETTLED", subjects=[], detail={"request": request_id})


def number_of(request_id: str) -> str:
    """Return the number on slip and letter (請求の番号)."""
    return f"T-{request_id[-8:].upper()}"


def _must(actor: Actor) -> None:
    if not actor.may(FILE):
        raise Refused(Problem(code="NOT_ALLOWED"))


def _keep(
    request_id: str, asked: Asked, *, actor: Actor, now: datetime, message_id: str = ""
) -> str:  # fmt: skip
    CertificateRequest.objects.create(
        request_id=request_id, number=number_of(request_id), town=asked.town,
        message_id=message_id, asked_on=day_of(now), asked_by=actor.staff_id,
        deadline=asked.deadline,
    )  # fmt: skip
    detail = {"request": request_id, "message": message_id}
    record(actor=actor, action="MOVE_POST_REQUESTED", subjects=[], detail=detail)
    return request_id
