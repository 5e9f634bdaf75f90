"""From a finished paper to the counter, or to the shredder (出力許可・交付・廃棄)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import connection

from madoguchi.certificates.actions.drawing import blocks_of
from madoguchi.certificates.actions.reading import live_marks, must
from madoguchi.certificates.actions.storing import close, note, tell
from madoguchi.certificates.domain.definitions import definition_of
from madoguchi.certificates.domain.issue import Compared, Disposal, State, is_overdue
from madoguchi.certificates.domain.kinds import MACHINES, Channel, Kind
from madoguchi.certificates.models import Copy, Request
from madoguchi.certificates.queries.ledgers import live_ledger_mark
from madoguchi.certificates.queries.rules import is_stopped
from madoguchi.infra import locks
from madoguchi.infra.clock import JAPAN
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.protection.api import Use, gate, hidden_from
from madoguchi.register.api import provisional_of

#: Person, household, and everybody of it: asked for once, the same for ever.
Known = tuple[str, str, tuple[str, ...]]


def release(
    *,
    request_id: str,
    sums: Mapping[str, tuple[str, int]],
    actor: Actor,
    now: datetime,
    known: Known | None = None,
) -> State:
    """Let a read-back paper out, after a last look at gate, register and stop switch (I2, I6).

    Whatever changed since the drawing refuses the paper; it is never "near enough". ``known``
    saves a look-up where the caller has just read the request.
    """
    request = _take(request_id, known=known)
    if request.state != State.DRAWN:
        tell("CERTIFICATE_RELEASE_REPEATED", request, actor=actor)
        return State(request.state)
    problem = _last_look(request, actor=actor, now=now)
    if problem is None and is_overdue(drawn_at=request.drawn_at, now=now):
        problem = Problem(code="NOT_RELEASED_IN_TIME")
    if problem is not None:
        return close(request, State.REFUSED, problems=(problem,), actor=actor, now=now,
                     disposal=Disposal.NEVER_PRINTED)  # fmt: skip
    _keep_released(request_id, sums, now=now)
    request.state, request.released_at = State.RELEASED, now
    note("CERTIFICATE_RELEASED", request, actor=actor, now=now)
    return State.RELEASED


def fail(
    *,
    request_id: str,
    problems: tuple[Problem, ...],
    compared: Compared,
    actor: Actor,
    now: datetime,
) -> State:
    """Close a request whose paper could not be made right; nothing has left the machine (I3).

    ``compared`` says whether the paper's subject was the request's. The case stays in the
    day's books until a person has looked at it (I10).
    """
    request = _take(request_id)
    if request.state != State.DRAWN:
        tell("CERTIFICATE_RELEASE_REPEATED", request, actor=actor)
        return State(request.state)
    request.compared = compared
    return close(request, State.FAILED, problems=problems, actor=actor, now=now,
                 disposal=Disposal.NEVER_PRINTED)  # fmt: skip


def check_out(
    *, request_id: str, copy_no: int, path: Path, actor: Actor, now: datetime
) -> bytes | Problem:
    """Return the bytes to print, when they are still exactly what was released (出力).

    The file is compared with its sum, and gate, register and stop switch are asked once
    more. Whatever is wrong makes a paper that was never printed void; one that was printed
    before is only not printed again, and waits for the clerk to say what became of it.
    """
    must(actor, Right.ISSUE_CERTIFICATE)
    request = _take(request_id)
    _must_be_theirs(request, actor=actor)
    copy = Copy.objects.filter(request_id=request_id, copy_no=copy_no).first()
    if request.state != State.RELEASED or copy is None:
        raise Refused(Problem(code="NOT_RELEASED"))
    problem = _last_look(request, actor=actor, now=now)
    data = b""
    if problem is None:
        data = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(data).hexdigest() != copy.sha256:
            problem = Problem(code="FILE_CHANGED")
    if problem is None:
        if copy.printed_at is None:
            copy.printed_at = now
            copy.save(update_fields=["printed_at"])
        if request.printed_at is None:
            request.printed_at = now
            request.save(update_fields=["printed_at"])
        note("CERTIFICATE_PRINTED", request, actor=actor, now=now,
             detail={"issue_no": copy.issue_no})  # fmt: skip
        return data
    if request.printed_at is None:
        close(request, State.VOID, problems=(problem,), actor=actor, now=now,
              disposal=Disposal.NEVER_PRINTED)  # fmt: skip
    else:
        tell("CERTIFICATE_PRINT_REFUSED", request, actor=actor, detail={"problem": problem.code})
    return problem


def hand_over(*, request_id: str, actor: Actor, now: datetime, paid_yen: int) -> State:
    """Note that the paper was given and the fee taken (交付)."""
    must(actor, Right.ISSUE_CERTIFICATE)
    request = _take(request_id)
    _must_be_theirs(request, actor=actor)
    if request.state != State.RELEASED:
        raise Refused(Problem(code="NOT_RELEASED"))
    if Copy.objects.filter(request_id=request_id, printed_at__isnull=True).exists():
        raise Refused(Problem(code="NOT_PRINTED_YET"))
    if paid_yen != request.fee_yen:
        raise Refused(
            Problem(code="FEE_DIFFERS", where="paid_yen", facts={"fee": f"{request.fee_yen:,}"})
        )
    problem = _gate_problem(request, actor=actor)
    if problem is not None:
        raise Refused(problem)
    return close(request, State.HANDED_OVER, problems=(), actor=actor, now=now)


def void(
    *, request_id: str, actor: Actor, now: datetime, disposal: Disposal, note_text: str
) -> State:
    """Take a paper out of use and say what became of it (廃棄; 処分情報, I12).

    A request that still waits for a second officer is taken back: there is no paper yet.
    """
    must(actor, Right.ISSUE_CERTIFICATE)
    problems = check_free_text(note_text, where="note_text")
    if not note_text.strip():
        problems += (Problem(code="VOID_NEEDS_REASON", where="note_text"),)
    if problems:
        raise Refused(problems)
    request = _take(request_id)
    _must_be_theirs(request, actor=actor)
    if request.state == State.LOCKED:
        taken_back = (Problem(code="REQUEST_TAKEN_BACK"),)
        return close(request, State.REFUSED, problems=taken_back, actor=actor, now=now,
                     note_text=note_text)  # fmt: skip
    called_off = request.state == State.DRAWN and request.channel in MACHINES
    if request.state not in (State.RELEASED, State.HANDED_OVER) and not called_off:
        raise Refused(Problem(code="NOTHING_TO_VOID"))
    if disposal is Disposal.NEVER_PRINTED and request.printed_at is not None:
        raise Refused(Problem(code="WAS_PRINTED", where="disposal"))
    return close(request, State.VOID, problems=(), actor=actor, now=now, disposal=disposal,
                 note_text=note_text)  # fmt: skip


def end_away(
    *, request_id: str, actor: Actor, now: datetime, paid_yen: int = 0,
    disposal: Disposal | None = None, looked: bool = False,
) -> None:  # fmt: skip
    """Bring home the end of a paper of a trip: given and paid, or not used (島の日の交付・廃棄).

    It has left already. So the last look, late, does not hold it back: it says that the town's
    record is another by now, and an officer who has looked at both lets it stand, or voids it.
    """
    must(actor, Right.ISSUE_CERTIFICATE)
    request = _take(request_id)
    if request.state != State.RELEASED:
        raise Refused(Problem(code="NOT_RELEASED"))
    if disposal is not None:
        if disposal is Disposal.NEVER_PRINTED:
            request.printed_at = None
            request.save(update_fields=["printed_at"])
            Copy.objects.filter(request_id=request_id).update(printed_at=None)
        close(request, State.VOID, problems=(), actor=actor, now=now, disposal=disposal)
        return
    if paid_yen != request.fee_yen:
        raise Refused(
            Problem(code="FEE_DIFFERS", where="paid_yen", facts={"fee": f"{request.fee_yen:,}"})
        )
    problem = None if looked else _last_look(request, actor=actor, now=request.drawn_at)
    if problem is not None:
        # At the desk such a paper is made anew; here it is in somebody's hands.
        changed = problem.code == "RECORD_CHANGED_MEANWHILE"
        raise Refused(Problem(code="AWAY_RECORD_CHANGED") if changed else problem)
    close(request, State.HANDED_OVER, problems=(), actor=actor, now=now)


def close_case(
    *, request_id: str, actor: Actor, now: datetime, compared: Compared, note_text: str
) -> None:
    """Say what was wrong with a failed paper and whose it was (失敗の調査結果, I10).

    Adachi 2023: three errors were each answered "asked again and printed fine". Here a
    failure stays in the books until somebody has written down what it was.
    """
    must(actor, Right.ISSUE_CERTIFICATE)
    problems = check_free_text(note_text, where="note_text")
    if not note_text.strip():
        problems += (Problem(code="CASE_NEEDS_WORDS", where="note_text"),)
    if problems:
        raise Refused(problems)
    request = _take(request_id)
    if request.state != State.FAILED or request.case_closed_at is not None:
        raise Refused(Problem(code="NO_OPEN_CASE"))
    request.compared, request.case_note = compared, note_text
    request.case_closed_by, request.case_closed_at = actor.staff_id, now
    request.save(update_fields=["compared", "case_note", "case_closed_by", "case_closed_at"])
    note("CERTIFICATE_CASE_CLOSED", request, actor=actor, now=now, detail={"compared": compared})


def sweep(*, request_ids: tuple[str, ...], actor: Actor, now: datetime) -> int:
    """Close what can never rightly leave any more (I3); the next file is never a way out.

    Drawn and not released in time: failed. Released yesterday and never printed: void, for
    a paper is printed the day it is dated.
    """
    count = 0
    for request_id in sorted(request_ids):
        request = Request.objects.select_for_update().get(request_id=request_id)
        if request.state == State.DRAWN and is_overdue(drawn_at=request.drawn_at, now=now):
            request.compared = Compared.NO_FILE
            close(request, State.FAILED, problems=(Problem(code="NOT_RELEASED_IN_TIME"),),
                  actor=actor, now=now, disposal=Disposal.NEVER_PRINTED)  # fmt: skip
            count += 1
        elif _is_yesterdays(request, now=now) and request.printed_at is None:
            close(request, State.VOID, problems=(Problem(code="DATED_ANOTHER_DAY"),),
                  actor=actor, now=now, disposal=Disposal.NEVER_PRINTED)  # fmt: skip
            count += 1
        tell("CERTIFICATE_SWEPT", request, actor=actor)
    return count


def _is_yesterdays(request: Request, *, now: datetime) -> bool:
    drawn_on = request.drawn_at.astimezone(JAPAN).date()
    return request.state == State.RELEASED and drawn_on < now.astimezone(JAPAN).date()


def _keep_released(request_id: str, sums: Mapping[str, tuple[str, int]], *, now: datetime) -> None:
    """Write the sum of each finished file beside its number, and that the paper may leave."""
    with connection.cursor() as cursor:
        # Not waiting for the disk here loses nothing: no paper leaves before check_out, whose
        # own commit waits, and writes what went before it too. A release that a crash takes
        # with it is made again from the same file, or closed (I3, I7).
        cursor.execute("SELECT set_config('synchronous_commit', 'off', true)")
        cursor.execute(
            "WITH written AS ("
            " UPDATE certificates_copy c SET sha256 = t.sha256, pages = t.pages"
            " FROM unnest(%s::text[], %s::text[], %s::int[]) AS t(issue_no, sha256, pages)"
            " WHERE c.request_id = %s AND c.issue_no = t.issue_no RETURNING 1)"
            " UPDATE certificates_request r SET state = 'RELEASED', released_at = %s"
            " WHERE request_id = %s AND copies = %s AND (SELECT count(*) FROM written) = copies",
            [
                list(sums),
                [sha256 for sha256, _ in sums.values()],
                [pages for _, pages in sums.values()],
                request_id,
                now,
                request_id,
                len(sums),
            ],
        )
        assert cursor.rowcount == 1, "files and numbers belong together"


def known_of(request: Request) -> Known:
    """Return what never changes of a request and must be locked with it (確保する範囲)."""
    return (request.asked_person_id, request.household_no, tuple(request.versions))


def _take(request_id: str, *, known: Known | None = None) -> Request:
    """Lock people, household and request in their order, then read the request again.

    The same locks as a change of the record and as a protective measure: neither can come
    between the last look and the commit.
    """
    if known is None:
        row = Request.objects.filter(request_id=request_id).first()
        if row is None:
            raise Refused(Problem(code="REQUEST_UNKNOWN"))
        known = known_of(row)
    asked, household_no, members = known
    locks.take(
        [
            *((LockKind.PERSON, one) for one in {asked, *members}),
            (LockKind.HOUSEHOLD, household_no),
            (LockKind.CERTIFICATE, request_id),
        ]
    )
    return Request.objects.get(request_id=request_id)


def _must_be_theirs(request: Request, *, actor: Actor) -> None:
    """A protected person's paper is the errand of the officer who drew it, from end to end."""
    mine = request.staff_id == actor.staff_id
    if mine or not (request.pass_id or request.state == State.LOCKED):
        return
    code = "REQUEST_UNKNOWN" if hidden_from(actor) else "REQUEST_OF_ANOTHER"
    raise Refused(Problem(code=code))


def _last_look(request: Request, *, actor: Actor, now: datetime) -> Problem | None:
    if is_stopped(kind=Kind(request.kind), channel=Channel(request.channel)):
        return Problem(code="KIND_STOPPED")
    if request.drawn_at.astimezone(JAPAN).date() != now.astimezone(JAPAN).date():
        return Problem(code="DATED_ANOTHER_DAY")
    live = live_marks(
        household_no=request.household_no,
        also=(request.asked_person_id, *request.subject_ids),
    )
    if live != request.versions:
        return Problem(code="RECORD_CHANGED_MEANWHILE")
    if (
        live_ledger_mark(
            definition_of(Kind(request.kind)).ledger,
            person_id=request.asked_person_id,
            year=request.year,
        )
        != request.ledger_mark
    ):
        return Problem(code="LEDGER_CHANGED_MEANWHILE")
    if provisional_of(list(live)):
        return Problem(code="CHANGE_WAITS_FOR_APPROVAL")
    return _gate_problem(request, actor=actor)


def _gate_problem(request: Request, *, actor: Actor) -> Problem | None:
    """Ask the gate for everybody of the household, printed or not, as things stand now."""
    everybody = {request.asked_person_id, *request.subject_ids, *request.versions}
    answer = gate(
        everybody,
        actor=actor,
        use=Use.MAIL if request.channel == Channel.MAIL else Use.PRINT,
        households=dict.fromkeys(everybody, request.household_no),
        request_id=request.request_id,
        kind=request.kind,
        pass_id=request.pass_id,
    )
    if not answer.blocked:
        return None
    blocks = blocks_of(answer)
    return blocks[0] if blocks and not hidden_from(actor) else Problem(code="NOT_AVAILABLE_HERE")
