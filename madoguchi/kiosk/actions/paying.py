"""Confirm and pay (確認と支払い)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from madoguchi.certificates.api import self_service
from madoguchi.infra import facts
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk.actions.store import end, is_practice, machine_of, move, offer_of, take, touch
from madoguchi.kiosk.actions.undoing import OVER, close_as_it_ended, take_back
from madoguchi.kiosk.domain.books import Outcome
from madoguchi.kiosk.domain.choices import KindShown, check_complete, part_of, year_of
from madoguchi.kiosk.domain.devices import PaymentStage
from madoguchi.kiosk.domain.payments import Method, Stage, methods_at, told
from madoguchi.kiosk.domain.snapshot import choices_of, member_ids, shown_of
from madoguchi.kiosk.domain.steps import End, How, Step
from madoguchi.kiosk.models import Docket, Payment, Session, Terminal
from madoguchi.kiosk.queries.sessions import SessionRow, copies_max, row_of


def confirm(*, session_id: str, now: datetime) -> SessionRow:
    """Have the paper drawn: CONFIRM → PAY (or PRINT where nothing is due), or REFUSED (確認).

    The paper is made while the resident pays. What drawing finds against it is told as one
    neutral refusal; the request and its reasons stay in the certificates' own books.
    """
    session = take(session_id, Step.CONFIRM)
    choices, offer = choices_of(session.choices), shown_of(offer_of(session))
    problems = check_complete(choices, offer=offer, copies_max=copies_max(session.channel))
    shown = offer.kind(choices.kind)
    if problems or shown is None:
        raise Refused(problems)
    session.copies = choices.copies
    if is_practice(session):
        session.fee_yen = shown.fee_yen * choices.copies
        return row_of(move(session, Step.PAY, how=How.NEXT, now=now))
    actor = machine_of(session)
    drawn = self_service.draw(
        actor=actor, person_id=session.person_id, channel=session.channel, now=now,
        registered_on=session.card_registered_on, **_asked(session, shown),
    )  # fmt: skip
    if isinstance(drawn, self_service.NotDrawn):
        return _not_drawn(session, drawn, actor=actor, now=now)
    session.request_id = drawn.request_id
    session.fee_yen = self_service.progress_of(drawn.request_id).fee_yen
    _keep_docket(session, drawn.request_id, Outcome.OPEN, reasons=(), now=now)
    to = Step.PAY if session.fee_yen else Step.PRINT
    return row_of(move(session, to, how=How.NEXT, now=now, actor=actor))


def start_payment(*, session_id: str, method: Method, now: datetime) -> SessionRow:
    """Open the payment; for CASHLESS the caller then asks the till for ``payment.yen`` (支払い開始).

    Pressed twice it stays one payment. Another method takes the first one back. A paper that
    came to its end meanwhile ends the session before any money is asked for.
    """
    session = take(session_id, Step.PAY)
    if is_practice(session):
        return row_of(touch(session, now=now, what="KIOSK_PAYMENT_PRACTICE"))
    ended = _end_if_over(session, now=now)
    if ended is not None:
        return row_of(ended)
    methods = Terminal.objects.values_list("methods", flat=True).get(
        terminal_no=session.terminal_no
    )
    if str(method) not in methods or method not in methods_at(session.channel):
        raise Refused(Problem(code="KIOSK_METHOD_NOT_HERE", where="method"))
    waiting = Payment.objects.select_for_update().filter(
        request_id=session.request_id, stage=str(Stage.WAITING)
    )
    for payment in waiting:
        if payment.method == method:
            return row_of(touch(session, now=now, what="KIOSK_PAYMENT_ASKED_AGAIN"))
        take_back(payment, now=now)
    Payment.objects.create(
        payment_id=new_id(), session_id=session_id, request_id=session.request_id,
        terminal_no=session.terminal_no, method=str(method), yen=session.fee_yen,
        stage=str(Stage.WAITING), asked_at=now,
    )  # fmt: skip
    return row_of(touch(session, now=now, what="KIOSK_PAYMENT_ASKED"))


def note_payment(
    *, session_id: str, payment_id: str, stage: PaymentStage, now: datetime, reference: str = ""
) -> SessionRow:
    """Note what the till, or at a coin box the resident, says; PAID leads to PRINT (支払いの知らせ).

    A word about one payment is no word about another: the resident may have gone over to
    another way of paying while a till was asked, or in a second tab. A clerk who stands beside
    answers for the coin box in the resident's place.
    """
    session = take(session_id, Step.PAY)
    if is_practice(session):
        to = Step.PRINT if stage is PaymentStage.PAID else Step.PAY
        return row_of(move(session, to, how=How.NEXT, now=now))
    payment = (
        Payment.objects.select_for_update()
        .filter(payment_id=payment_id, request_id=session.request_id, stage=str(Stage.WAITING))
        .first()
    )
    if payment is None:
        raise Refused(Problem(code="KIOSK_NO_PAYMENT"))
    payment.reference = reference or payment.reference
    by_coin = session.staff_id or "RESIDENT"
    by = by_coin if payment.method == Method.COIN_BOX else "TILL"
    write_stage(payment, told(Stage.WAITING, by_till=stage), by=by, now=now)
    if payment.stage != Stage.PAID:
        return row_of(touch(session, now=now, what="KIOSK_PAYMENT_TOLD"))
    ended = _end_if_over(session, now=now)
    if ended is not None:
        return row_of(ended)
    return row_of(move(session, Step.PRINT, how=How.NEXT, now=now))


def write_stage(payment: Payment, stage: Stage, *, by: str, now: datetime) -> None:
    """Write where a payment stands, when it came there and by whom (支払いの状態)."""
    if stage == payment.stage:
        payment.save(update_fields=["reference"])
        return
    if payment.paid_at is None and stage in (Stage.PAID, Stage.REFUND_DUE):
        payment.paid_at, payment.confirmed_by = now, by
    if stage is Stage.REFUNDED:
        payment.refunded_at, payment.refunded_by = now, by
    payment.stage = str(stage)
    payment.save()
    facts.note("kiosk_payment_told", at=now, stage=str(stage), method=payment.method,
               yen=payment.yen, terminal=payment.terminal_no)  # fmt: skip


def _asked(session: Session, shown: KindShown) -> dict[str, Any]:
    choices = choices_of(session.choices)
    here = choices.here
    part = part_of(shown, here)
    return {
        "kind": choices.kind,
        "part": str(part),
        "chosen_ids": member_ids(offer_of(session), here.member_nos) if part == "SOME" else (),
        "items": here.items,
        "year": year_of(shown, here),
        "copies": choices.copies,
    }


def _not_drawn(
    session: Session, drawn: self_service.NotDrawn, *, actor: Actor, now: datetime
) -> SessionRow:
    codes = tuple(one.code for one in drawn.problems)
    if drawn.request_id:
        _keep_docket(session, drawn.request_id, Outcome.REFUSED, reasons=codes, now=now)
        session.request_id = drawn.request_id
    return row_of(
        end(session, End.REFUSED, how=How.NEXT, now=now, problems=("NOT_AVAILABLE_HERE",),
            reasons=codes, actor=actor)
    )  # fmt: skip


def _keep_docket(
    session: Session, request_id: str, outcome: Outcome, *, reasons: tuple[str, ...], now: datetime
) -> None:
    choices = choices_of(session.choices)
    Docket.objects.create(
        request_id=request_id, session_id=session.session_id, channel=session.channel,
        terminal_no=session.terminal_no, kind=choices.kind, copies=choices.copies,
        yen=session.fee_yen, outcome=str(outcome), reasons=list(dict.fromkeys(reasons))[:10],
        drawn_on=now.astimezone(JAPAN).date(),
        ended_at=None if outcome is Outcome.OPEN else now,
    )  # fmt: skip


def _end_if_over(session: Session, *, now: datetime) -> Session | None:
    """End the session where its paper came to its end by itself: nothing can be printed."""
    progress = self_service.progress_of(session.request_id)
    if progress.state not in OVER:
        return None
    return close_as_it_ended(session, progress, now=now)
