"""The real printer, spoken to by IPP (印刷機・IPP)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from madoguchi.adapters.book import alone
from madoguchi.adapters.printer.client import Address, ask
from madoguchi.adapters.printer.coding import Answer, Attribute, Group, Operation, Tag, Value
from madoguchi.adapters.printer.states import stage_of, troubles_of
from madoguchi.infra.files import private_folder
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import (
    JobState,
    NoAnswer,
    PrinterState,
    PrinterTrouble,
)

#: Opaque, and short enough for every printer: some cut a longer name, and then never find it.
NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")
#: How many finished jobs are looked through for a name: newest first (RFC 8011 §4.2.6.2).
FINISHED_MAX = 200

_STATE = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs")
_JOB = (
    "job-id",
    "job-state",
    "job-state-reasons",
    "job-media-sheets-completed",
    "job-impressions-completed",
)


class IppPrinter:
    """A printer on the network (印刷機): one sheet a page, one job a paper, no banner."""

    def __init__(self, where: Address, *, terminal_no: str, seconds: float = 5.0) -> None:
        self._where = where
        self._terminal_no = terminal_no
        self._seconds = seconds

    def state(self) -> PrinterState | Unavailable:
        """See the port (状態)."""
        troubles = self._troubles()
        return troubles if isinstance(troubles, Unavailable) else PrinterState(troubles=troubles)

    def print(self, *, name: str, pdf: bytes) -> str | Unavailable:
        """See the port (印刷の依頼)."""
        assert NAME.fullmatch(name), "a job's name is opaque"
        # Two workers with one name must not both look before either sends.
        with alone(private_folder("printers") / f"{self._terminal_no}.lock"):
            earlier = self._sent_before(name)
            return self._send(name, pdf) if earlier is None else earlier

    def job(self, reference: str) -> JobState | Unavailable:
        """See the port (印刷の状態)."""
        if not _is_ours(reference):
            return Unavailable(reason=NoAnswer.FORGOTTEN)
        troubles = self._troubles()
        if isinstance(troubles, Unavailable):
            return troubles
        answer = self._ask(Operation.GET_JOB_ATTRIBUTES, _job_id(reference), _keywords(*_JOB))
        if isinstance(answer, Unavailable):
            return answer
        jobs = answer.of(Group.JOB)
        return _job_state(jobs[0], troubles) if jobs else Unavailable(reason=NoAnswer.GARBLED)

    def cancel(self, reference: str) -> Unavailable | None:
        """See the port (印刷の取消し)."""
        if not _is_ours(reference):
            return Unavailable(reason=NoAnswer.FORGOTTEN)
        answer = self._ask(Operation.CANCEL_JOB, _job_id(reference))
        if isinstance(answer, Unavailable) and answer.reason == NoAnswer.REFUSED:
            return None  # it is over already: ``job`` tells how
        return answer if isinstance(answer, Unavailable) else None

    def _ask(self, operation: Operation, *about: Attribute) -> Answer | Unavailable:
        return ask(self._where, operation, about=about, seconds=self._seconds)

    def _troubles(self) -> frozenset[PrinterTrouble] | Unavailable:
        answer = self._ask(Operation.GET_PRINTER_ATTRIBUTES, _keywords(*_STATE))
        if isinstance(answer, Unavailable):
            return answer
        for told in answer.of(Group.PRINTER):
            condition = _number(told, "printer-state")
            if condition is not None:
                accepting = told.get("printer-is-accepting-jobs", (True,))
                return troubles_of(
                    condition=condition,
                    reasons=_words(told, "printer-state-reasons"),
                    accepting=accepting != (False,),
                )
        return Unavailable(reason=NoAnswer.GARBLED)

    def _sent_before(self, name: str) -> str | Unavailable | None:
        for which in ("not-completed", "completed"):
            answer = self._ask(
                Operation.GET_JOBS,
                Attribute(tag=Tag.INTEGER, name="limit", values=(FINISHED_MAX,)),
                _keywords("job-id", "job-name"),
                Attribute(tag=Tag.KEYWORD, name="which-jobs", values=(which,)),
            )
            if isinstance(answer, Unavailable):
                # Nothing was sent to be printed; what the question itself met is no matter.
                return Unavailable(reason=NoAnswer.NOT_REACHED)
            for told in answer.of(Group.JOB):
                if told.get("job-name") == (name,) and (number := _number(told, "job-id")):
                    return str(number)
        return None

    def _send(self, name: str, pdf: bytes) -> str | Unavailable:
        answer = ask(
            self._where,
            Operation.PRINT_JOB,
            about=(
                Attribute(tag=Tag.NAME, name="job-name", values=(name,)),
                # A printer that cannot do all of it prints all the same: paper is looked at.
                Attribute(tag=Tag.BOOLEAN, name="ipp-attribute-fidelity", values=(False,)),
                Attribute(tag=Tag.MIME_TYPE, name="document-format", values=("application/pdf",)),
            ),
            job=(
                Attribute(tag=Tag.INTEGER, name="copies", values=(1,)),
                Attribute(tag=Tag.NAME, name="job-sheets", values=("none",)),
                Attribute(tag=Tag.KEYWORD, name="media", values=("iso_a4_210x297mm",)),
                Attribute(tag=Tag.KEYWORD, name="print-scaling", values=("none",)),
                Attribute(tag=Tag.KEYWORD, name="sides", values=("one-sided",)),
            ),
            document=pdf,
            seconds=self._seconds,
        )
        if isinstance(answer, Unavailable):
            return answer
        for told in answer.of(Group.JOB):
            if number := _number(told, "job-id"):
                return str(number)
        return Unavailable(reason=NoAnswer.GARBLED)


def _job_state(
    told: Mapping[str, tuple[Value, ...]], troubles: frozenset[PrinterTrouble]
) -> JobState | Unavailable:
    stage = stage_of(
        condition=_number(told, "job-state") or 0,
        reasons=_words(told, "job-state-reasons"),
        troubles=troubles,
    )
    if stage is None:
        return Unavailable(reason=NoAnswer.GARBLED)
    # One-sided always, so that an impression is a sheet.
    sheets = _number(told, "job-media-sheets-completed")
    if sheets is None:
        sheets = _number(told, "job-impressions-completed")
    return JobState(
        stage=stage,
        sheets_done=max(0, sheets or 0),
        troubles=troubles,
        counts=sheets is not None and sheets >= 0,
    )


def _keywords(*names: str) -> Attribute:
    return Attribute(tag=Tag.KEYWORD, name="requested-attributes", values=names)


def _is_ours(reference: str) -> bool:
    """Tell whether IPP gave this reference: another machine may have stood here before."""
    return re.fullmatch(r"[0-9]{1,9}", reference) is not None


def _job_id(reference: str) -> Attribute:
    return Attribute(tag=Tag.INTEGER, name="job-id", values=(int(reference),))


def _number(told: Mapping[str, tuple[Value, ...]], name: str) -> int | None:
    values = told.get(name, ())
    if len(values) == 1 and isinstance(values[0], int) and not isinstance(values[0], bool):
        return values[0]
    return None


def _words(told: Mapping[str, tuple[Value, ...]], name: str) -> tuple[str, ...]:
    return tuple(value for value in told.get(name, ()) if isinstance(value, str))
