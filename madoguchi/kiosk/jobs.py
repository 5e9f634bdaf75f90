"""Work of this room that the queue does: the sweep, the till, the day's books (後でする仕事).

Each line is its own unit: one session that is busy, or one printer that is silent, keeps
nobody else waiting. Everything may run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError
from procrastinate.contrib.django import app

from madoguchi.infra import clock, unit
from madoguchi.infra.clock import JAPAN
from madoguchi.infra.queue import job
from madoguchi.infra.unit import Busy
from madoguchi.infra.wiring import adapter_of
from madoguchi.kernel.outcome import Refused, Unavailable
from madoguchi.kiosk.actions.balancing import KEEPER, balance
from madoguchi.kiosk.actions.pressing import leave
from madoguchi.kiosk.actions.printing import give_up_print, note_print
from madoguchi.kiosk.actions.proving import forget_challenges
from madoguchi.kiosk.actions.settling import note_job_cancelled, note_settled, settle_docket
from madoguchi.kiosk.actions.undoing import SETTLE_JOB
from madoguchi.kiosk.actions.visiting import forget_visits
from madoguchi.kiosk.domain.devices import NoAnswer
from madoguchi.kiosk.domain.payments import Stage
from madoguchi.kiosk.domain.steps import End
from madoguchi.kiosk.ports import Printer, Printers, Tills
from madoguchi.kiosk.queries import sweeping
from madoguchi.kiosk.queries.books import CHANNELS, days_to_close
from madoguchi.kiosk.queries.sweeping import DuePayment, JobRow
from madoguchi.kiosk.queries.tables import is_over

SWEEP = "kiosk.sweep"
BALANCE = "kiosk.balance"
log = logging.getLogger("madoguchi.kiosk.jobs")
Row = TypeVar("Row")


@job(name=SWEEP, queue="kiosk")
def sweep(**_more: Any) -> None:
    """End what is over, ask printers and tills what became of it, close books left open.

    What breaks on one line is told at the end: it must not keep anybody's refund waiting.
    """
    now = clock.now()

    def over(session_id: str) -> None:
        _try(leave, session_id=session_id, how=End.TIMED_OUT, now=now)

    def stalled(session_id: str) -> None:
        _try(give_up_print, session_id=session_id, now=now)

    def left_open(request_id: str) -> None:
        _try(settle_docket, request_id=request_id, now=now)

    broken = [
        *_each(sweeping.overdue_sessions(now=now), over),
        *_each(sweeping.unprinted_sessions(now=now), over),
        *_each(sweeping.live_jobs(now=now), _follow),
        *_each(sweeping.stalled_sessions(now=now), stalled),
        *_each(sweeping.jobs_to_cancel(), _cancel),
        *_each(sweeping.payments_due(), _settle),
        *_each(sweeping.dockets_left_open(), left_open),
    ]
    if broken:
        raise RowsLeftError(", ".join(broken))


@job(name=SETTLE_JOB, queue="kiosk")
def settle(*, payment_id: str, **_more: Any) -> None:
    """Tell the till at once what the sweep would tell it within the minute."""
    found = sweeping.find_due(payment_id)
    if found is not None and found.stage in (Stage.CANCEL_DUE, Stage.REFUND_DUE):
        _settle(found)


@job(name=BALANCE, queue="kiosk")
def close_days(**_more: Any) -> None:
    """Compare the books of every day that is over and not yet closed; forget what is old."""
    now = clock.now()
    today = now.astimezone(JAPAN).date()
    for channel in CHANNELS:
        for day in days_to_close(channel, until=today):
            if is_over(channel, day=day, now=now):
                _try(balance, day=day, channel=channel, actor=KEEPER, now=now)
    forget_visits(on=today)
    forget_challenges(now=now)


app.periodic(cron="* * * * *")(app.tasks[SWEEP])
app.periodic(cron="*/10 * * * *")(app.tasks[BALANCE])


class RowsLeftError(Exception):
    """Some lines of a sweep broke, and all others were seen to: a bug, or a machine exchanged."""


def _each(rows: Iterable[Row], see_to: Callable[[Row], None]) -> list[str]:
    """See to every row; return the kinds of what broke."""
    broken = []
    for row in rows:
        try:
            see_to(row)
        except (OperationalError, InterfaceError):
            raise  # the database is gone: so is every other row
        except Exception as error:  # noqa: BLE001  told by the caller, when all are seen to
            broken.append(type(error).__name__)
    return broken


def _follow(row: JobRow) -> None:
    """Ask the printer about a copy nobody watches; without a reference there is nothing to ask."""
    state: Any = Unavailable(reason="")
    if row.reference:
        state = _printer_at(row.terminal_no).job(row.reference)
    _try(note_print, session_id=row.session_id, job_id=row.job_id, state=state, now=clock.now())


def _cancel(row: JobRow) -> None:
    answer = _printer_at(row.terminal_no).cancel(row.reference)
    # A printer that was switched off has forgotten the job: there is nothing left to cancel.
    if not isinstance(answer, Unavailable) or answer.reason == NoAnswer.FORGOTTEN:
        _try(note_job_cancelled, job_id=row.job_id, now=clock.now())


def _settle(payment: DuePayment) -> None:
    """Ask the till to stop, or to give back; paid in the last moment, it gives back as well."""
    till = adapter_of(Tills).of(payment.terminal_no)
    if till is None:
        log.warning("no till stands at %s, a payment waits for a clerk", payment.terminal_no)
        return
    # Asked twice for one id a till answers the same: so an answer that was lost is found again.
    reference = payment.reference or till.ask(payment_id=payment.payment_id, yen=payment.yen)
    if isinstance(reference, Unavailable):
        return
    told = till.cancel(reference) if payment.stage is Stage.CANCEL_DUE else till.refund(reference)
    if not isinstance(told, Unavailable):
        _try(note_settled, payment_id=payment.payment_id, stage=told, reference=reference,
             now=clock.now())  # fmt: skip


def _printer_at(terminal_no: str) -> Printer:
    return adapter_of(Printers).of(terminal_no)


def _try(action: Callable[..., object], **given: Any) -> None:
    """Run one action in a unit of its own; what is busy or over is left to the next round."""
    try:
        unit.run(action, **given)
    except (Busy, Refused) as error:
        log.info("%s is left to the next round: %s", getattr(action, "__name__", ""), error)
