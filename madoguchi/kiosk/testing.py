"""A resident with a card at a machine, for tests (試験用の利用)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from madoguchi.cards.testing import ISSUER, certify
from madoguchi.certificates import testing as papers
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem, Refused, Unavailable
from madoguchi.kiosk.actions import paying, pressing, printing, proving
from madoguchi.kiosk.actions.terminals import register_terminal
from madoguchi.kiosk.domain.devices import (
    JobStage,
    JobState,
    PaymentStage,
    PrinterTrouble,
    ProvenCertificate,
)
from madoguchi.kiosk.domain.payments import Method, methods_at
from madoguchi.kiosk.domain.steps import End, Mode, Step
from madoguchi.kiosk.models import Hours, PrintJob
from madoguchi.kiosk.queries.sessions import SessionRow, find_session
from madoguchi.protection.testing import CHIEF

OFFICER = Actor(
    staff_id="sango", name="叶 さんご", rights=frozenset({Right.MANAGE_STAFF}), place="本庁",
    terminal="01", purpose="端末の登録",
)  # fmt: skip
BOSS = papers.with_rights(CHIEF, Right.STOP_SWITCH)
TERMINAL = "K1"
#: These have no card until a test gives them one.
WITHOUT_CARD = frozenset({"baby", "mother", "sora"})
#: Serial of the card of each named person.
SERIALS = {key: str(number) for number, key in enumerate(papers.PEOPLE, start=1001)}


def terminal(
    terminal_no: str = TERMINAL,
    *,
    channel: str = "KIOSK",
    methods: tuple[Method, ...] | None = None,
) -> str:
    """Register a machine and return its word (端末)."""
    keep_hours()
    return unit.run(
        register_terminal, terminal_no=terminal_no, name="庁舎ホール", place="本庁",
        channel=channel, methods=methods_at(channel) if methods is None else methods,
        actor=OFFICER, now=clock.now(),
    )  # fmt: skip


def keep_hours() -> None:
    """Open every channel round the clock, so that a test may run at night (利用時間)."""
    for channel in ("KIOSK", "WEB"):
        Hours.objects.update_or_create(
            channel=channel, weekday=None, valid_from=date(2020, 4, 1),
            defaults={"opens": time(0, 0), "closes": time.max},
        )  # fmt: skip


def card(serial: str, person_id: str, **special: Any) -> None:
    """Give somebody a card whose certificate the town knows (カードの登録)."""
    today = clock.today()
    known: dict[str, Any] = {
        "registered_on": today - timedelta(days=400),
        "valid_from": today - timedelta(days=400),
        "valid_until": today + timedelta(days=400),
    }
    certify(person_id, serial=serial, **(known | special))


def begin(
    *, mode: Mode = Mode.PLAIN, terminal_no: str = TERMINAL, now: datetime | None = None
) -> SessionRow:
    """Open a session and come to PIN (利用の開始)."""
    at = now or clock.now()
    row = unit.run(
        pressing.open_session, terminal_no=terminal_no, mode=mode, language=Language.JAPANESE,
        now=at,
    )  # fmt: skip
    for press in (pressing.accept, pressing.place_card, pressing.choose_town):
        row = unit.run(press, session_id=row.session_id, now=at)
    assert row.step is Step.PIN
    return row


def proof_of(key: str) -> ProvenCertificate:
    """Return the proof by the card of a named person, or by any other serial (証明)."""
    return ProvenCertificate(issuer=ISSUER, serial=SERIALS.get(key, key))


def prove(
    session_id: str,
    serial: str,
    *,
    now: datetime | None = None,
    proof: ProvenCertificate | tuple[Problem, ...] | Unavailable | None = None,
) -> SessionRow:
    """Prove a card at PIN (本人の確認)."""
    at = now or clock.now()
    challenge = unit.run(proving.new_challenge, session_id=session_id, now=at)
    return unit.run(
        proving.bind_holder, session_id=session_id, nonce=challenge.nonce,
        proof=proof_of(serial) if proof is None else proof, now=at,
    )  # fmt: skip


def chosen(
    serial: str,
    *,
    mode: Mode = Mode.PLAIN,
    terminal_no: str = TERMINAL,
    kind: str = "resident_record_household",
    part: str = "SELF",
    copies: int = 1,
    now: datetime | None = None,
) -> SessionRow:
    """Come to CONFIRM with a card (選択の終わり)."""
    at = now or clock.now()
    row = begin(mode=mode, terminal_no=terminal_no, now=at)
    if mode is Mode.PRACTICE:
        row = unit.run(proving.prove_practice, session_id=row.session_id, now=at)
    else:
        row = prove(row.session_id, serial, now=at)
    assert row.step is Step.CARD_BACK, (row.end, row.problems)
    row = unit.run(pressing.note_card_back, session_id=row.session_id, now=at)
    answers: dict[Step, dict[str, object]] = {
        Step.KIND: {"kind": kind},
        Step.PART: {"part": part, "member_nos": []},
        Step.ITEMS: {"items": []},
        Step.COPIES: {"copies": copies},
    }
    while row.step is not Step.CONFIRM:
        row = unit.run(pressing.choose, session_id=row.session_id, step=row.step,
                       values=answers[row.step], now=at)  # fmt: skip
    return row


def confirmed(serial: str, **given: Any) -> SessionRow:
    """Come to PAY: the paper is drawn (確認)."""
    row = chosen(serial, **given)
    row = unit.run(paying.confirm, session_id=row.session_id, now=given.get("now") or clock.now())
    assert row.step is Step.PAY, (row.end, row.problems)
    return row


def paid(serial: str, *, method: Method = Method.COIN_BOX, **given: Any) -> SessionRow:
    """Come to PRINT: the paper is made, the fee is in the box (支払い)."""
    row = confirmed(serial, **given)
    make(row)
    return pay(row, method=method)


def make(row: SessionRow) -> None:
    """Do what the worker does with the paper of a session (作成と照合)."""
    papers.make(row.request_id, actor=BOSS)


def pay(row: SessionRow, *, method: Method = Method.COIN_BOX) -> SessionRow:
    """Pay what is due (支払い)."""
    at = clock.now()
    asked = unit.run(paying.start_payment, session_id=row.session_id, method=method, now=at)
    return note(asked, reference="T-1" if method is Method.CASHLESS else "")


def note(
    row: SessionRow, stage: PaymentStage = PaymentStage.PAID, *, reference: str = ""
) -> SessionRow:
    """Say of the payment that is asked for where it stands (支払いの知らせ)."""
    return unit.run(
        paying.note_payment, session_id=row.session_id, stage=stage, now=clock.now(),
        payment_id=row.payment.payment_id if row.payment is not None else "", reference=reference,
    )  # fmt: skip


def print_copy(
    row: SessionRow,
    stage: JobStage = JobStage.DONE,
    *,
    sheets: int | None = None,
    troubles: frozenset[PrinterTrouble] = frozenset(),
    now: datetime | None = None,
) -> SessionRow:
    """Send the next copy to a printer that tells this of it (印刷)."""
    at = now or clock.now()
    found = unit.run(printing.start_print, session_id=row.session_id, now=at)
    if not found.pdf:
        return found.session
    job = next(one for one in found.session.prints if one.job_id == found.job_id)
    state = JobState(
        stage=stage, sheets_done=job.sheets if sheets is None else sheets, troubles=troubles
    )
    return unit.run(
        printing.note_print, session_id=row.session_id, job_id=found.job_id, state=state, now=at,
        reference=f"ipp-{found.job_id[:4]}",
    )  # fmt: skip


def taken(serial: str, **given: Any) -> SessionRow:
    """Come to TAKE: every copy is out (受け取り)."""
    row = paid(serial, **given)
    while row.step is Step.PRINT and row.end is None:
        row = print_copy(row)
    assert row.step is Step.TAKE, (row.end, row.problems)
    return row


def done(serial: str, **given: Any) -> SessionRow:
    """Take a paper and go (受け取って帰る)."""
    row = taken(serial, **given)
    return unit.run(pressing.leave, session_id=row.session_id, how=End.LEFT, now=clock.now())


def miscount(sheets: int) -> None:
    """Let the printer have counted wrongly (印刷機の数え違い)."""
    PrintJob.objects.filter(stage=str(JobStage.DONE)).update(sheets_done=sheets)


def again(row: SessionRow) -> SessionRow:
    """Read a session again (利用の照会)."""
    found = find_session(row.session_id)
    assert found is not None
    return found


def refused(action: Any, **given: Any) -> tuple[str, ...]:
    """Press and return the codes of why not; () where it went through (不可の理由)."""
    try:
        unit.run(action, **given)
    except Refused as refusal:
        return tuple(one.code for one in refusal.problems)
    return ()
