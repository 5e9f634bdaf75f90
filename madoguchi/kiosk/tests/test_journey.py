"""A resident from the start page to the paper, and what each press must keep."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from madoguchi.audit.api import list_entries
from madoguchi.certificates.api import stop_channel
from madoguchi.certificates.testing import Request, move
from madoguchi.infra import clock, facts, unit
from madoguchi.infra.models import Fact
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem, Unavailable
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.actions import helping, paying, pressing, printing, proving, terminals
from madoguchi.kiosk.domain.choices import Part
from madoguchi.kiosk.domain.devices import JobStage, JobState, PaymentStage, PrinterTrouble
from madoguchi.kiosk.domain.payments import Method, Stage
from madoguchi.kiosk.domain.steps import End, Mode, Step
from madoguchi.kiosk.models import Case, Docket, Hours, Payment, PrintJob, Session
from madoguchi.kiosk.queries.sessions import find_session
from madoguchi.kiosk.queries.terminals import find_terminal
from madoguchi.protection.testing import protect

pytestmark = pytest.mark.django_db


def leave(row, how=End.LEFT):
    return unit.run(pressing.leave, session_id=row.session_id, how=how, now=clock.now())


def wiped(session_id):
    """Nothing of the resident stands in the session any more."""
    kept = Session.objects.get(session_id=session_id)
    return (kept.person_id, kept.offer, kept.choices, kept.card_registered_on) == (
        "", None, {}, None,
    )  # fmt: skip


def state_of(row):
    return Request.objects.get(request_id=row.request_id).state


def outcome_of(row):
    return Docket.objects.get(request_id=row.request_id).outcome


# -- to the end ---------------------------------------------------------------------------


def test_k1_aoi_takes_her_paper_and_nothing_of_her_stays(people):
    row = k.taken("aoi")
    assert row.end is None
    assert state_of(row) == "HANDED_OVER"
    row = leave(row)
    assert (row.step, row.end) == (Step.TAKE, End.DONE)
    assert wiped(row.session_id)
    assert outcome_of(row) == "ISSUED"
    assert row.refund_yen == 0


def test_a_household_of_five_takes_two_copies_of_some_of_them(people):
    row = k.begin()
    row = k.prove(row.session_id, "father")
    assert [one.name for one in row.offer.members][:2] == ["湊　大海", "湊　渚"]
    row = unit.run(pressing.note_card_back, session_id=row.session_id, now=clock.now())
    for values in (
        {"kind": "resident_record_household"},
        {"part": "SOME", "member_nos": [0, 2]},
        {"items": ["HOUSEHOLDER"]},
        {"copies": 2},
    ):
        row = unit.run(pressing.choose, session_id=row.session_id, step=row.step, values=values,
                       now=clock.now())  # fmt: skip
    assert row.step is Step.CONFIRM
    assert row.choices.here.part is Part.SOME
    row = unit.run(paying.confirm, session_id=row.session_id, now=clock.now())
    assert (row.fee_yen, row.copies) == (400, 2)
    k.make(row)
    row = k.pay(row)
    row = k.print_copy(row)
    assert row.step is Step.PRINT, "the second copy is still to come"
    row = k.print_copy(row)
    assert row.step is Step.TAKE
    request = Request.objects.get(request_id=row.request_id)
    assert request.subject_ids == [people.father, people.eldest]
    assert request.asked_for == ["HOUSEHOLDER"]


def test_the_screens_come_in_the_stores_order(people):
    row = leave(k.taken("aoi"))
    steps = [
        one.values["step"]
        for one in facts.list_facts(
            name="kiosk_step_left", since=row.opened_at - timedelta(hours=1)
        )
    ]
    assert steps == [str(one) for one in Step if one is not Step.PART]


def test_k2_no_fact_and_no_record_names_the_resident(people):
    leave(k.taken("aoi"))
    told = "".join(str(one.values) for one in Fact.objects.filter(name__startswith="kiosk"))
    assert "海野" not in told
    assert people.aoi not in told
    assert "kiosk_step_left" in set(Fact.objects.values_list("name", flat=True))


# -- going back and double presses ---------------------------------------------------------


def test_going_back_loses_nothing(people):
    row = k.chosen("father", part="WHOLE", copies=3)
    for step in (Step.CONFIRM, Step.COPIES, Step.ITEMS, Step.PART):
        row = unit.run(pressing.go_back, session_id=row.session_id, step=step, now=clock.now())
    assert row.step is Step.KIND
    assert row.choices.copies == 3
    assert row.choices.here.part is Part.WHOLE
    assert k.refused(pressing.go_back, session_id=row.session_id, step=Step.KIND,
                     now=clock.now()) == ("KIOSK_NO_WAY_BACK",)  # fmt: skip


def test_another_kind_keeps_what_was_chosen_for_the_first(people):
    row = k.chosen("father", part="WHOLE")
    for step in (Step.CONFIRM, Step.COPIES, Step.ITEMS, Step.PART):
        row = unit.run(pressing.go_back, session_id=row.session_id, step=step, now=clock.now())
    row = unit.run(pressing.choose, session_id=row.session_id, step=Step.KIND,
                   values={"kind": "record_items"}, now=clock.now())  # fmt: skip
    assert row.choices.by_kind["resident_record_household"].part is Part.WHOLE


def test_the_card_must_be_taken_before_anything_is_chosen(people):
    row = k.begin()
    row = k.prove(row.session_id, "aoi")
    assert row.step is Step.CARD_BACK
    assert k.refused(
        pressing.choose, session_id=row.session_id, step=Step.KIND,
        values={"kind": "resident_record_household"}, now=clock.now(),
    ) == ("KIOSK_STEP_PASSED",)  # fmt: skip


def test_a_second_press_changes_nothing(people):
    row = k.begin()
    before = Session.objects.get()
    assert k.refused(pressing.accept, session_id=row.session_id, now=clock.now()) == (
        "KIOSK_STEP_PASSED",
    )
    assert Session.objects.get().step_since == before.step_since


def test_a_confirmed_paper_is_drawn_once(people):
    row = k.confirmed("aoi")
    assert k.refused(paying.confirm, session_id=row.session_id, now=clock.now()) == (
        "KIOSK_STEP_PASSED",
    )
    assert Request.objects.count() == 1


def test_back_from_paying_calls_the_paper_off_and_draws_a_new_one(people):
    row = k.confirmed("aoi")
    first = row.request_id
    unit.run(paying.start_payment, session_id=row.session_id, method=Method.COIN_BOX,
             now=clock.now())  # fmt: skip
    row = unit.run(pressing.go_back, session_id=row.session_id, step=Step.PAY, now=clock.now())
    assert (row.step, row.request_id, row.payment) == (Step.CONFIRM, "", None)
    assert Request.objects.get(request_id=first).state == "VOID"
    assert Docket.objects.get(request_id=first).outcome == "ABANDONED"
    assert Payment.objects.get().stage == "CANCELLED"
    row = unit.run(paying.confirm, session_id=row.session_id, now=clock.now())
    assert row.request_id not in ("", first)


def test_nobody_goes_back_after_paying(people):
    row = k.confirmed("aoi")
    Payment.objects.create(
        payment_id="p", session_id=row.session_id, request_id=row.request_id, terminal_no="K1",
        method="COIN_BOX", yen=200, stage="PAID", asked_at=clock.now(), paid_at=clock.now(),
    )  # fmt: skip
    assert k.refused(pressing.go_back, session_id=row.session_id, step=Step.PAY,
                     now=clock.now()) == ("KIOSK_PAID_ALREADY",)  # fmt: skip


def test_every_wrong_choice_is_told_at_once(people):
    row = k.begin()
    row = k.prove(row.session_id, "father")
    row = unit.run(pressing.note_card_back, session_id=row.session_id, now=clock.now())
    row = unit.run(pressing.choose, session_id=row.session_id, step=Step.KIND,
                   values={"kind": "resident_record_household"}, now=clock.now())  # fmt: skip
    assert k.refused(
        pressing.choose, session_id=row.session_id, step=Step.PART,
        values={"part": "SOME", "member_nos": [99, "2"]}, now=clock.now(),
    ) == ("KIOSK_MEMBER_UNKNOWN",)  # fmt: skip
    assert find_session(row.session_id).step is Step.PART


# -- who ------------------------------------------------------------------------------------


def refusals(people):
    """Every way not to get anything: key of the card, and what is special."""
    protect(people.rin)
    k.card("9001", people.baby)
    k.card("9002", people.mother, valid_until=clock.today() - timedelta(days=1))
    k.card("9003", people.sora, registered_on=clock.today())
    return {"unknown": "7777", "protected": "rin", "young": "9001", "over": "9002",
            "new": "9003", "dead": "ume"}  # fmt: skip


def test_k3_every_refusal_looks_the_same(people):
    """One sentence, one record, one set of steps: nobody can tell who is protected."""
    looks = {}
    for why, serial in refusals(people).items():
        row = k.begin()
        before = len(record_since(0))
        ended = k.prove(row.session_id, serial)
        shown = {
            name: getattr(ended, name)
            for name in ("step", "end", "offer", "problems", "trouble", "refund_yen", "hints",
                         "request_id", "payment", "prints")
        }  # fmt: skip
        looks[why] = (shown, record_since(before))
        assert wiped(ended.session_id)
    first = looks.pop("unknown")
    assert first[0]["problems"] == ("NOT_AVAILABLE_HERE",)
    assert first[0]["end"] is End.REFUSED
    assert [action for action, _, _ in first[1]] == [
        "KIOSK_CHALLENGED", "CERTIFICATE_NOT_OFFERED", "KIOSK_ENDED",
    ]  # fmt: skip
    for why, one in looks.items():
        assert one == first, why
    reasons = {tuple(one.reasons) for one in Session.objects.filter(end="REFUSED")}
    assert len(reasons) > 3, "the record knows why, and only the record"


def record_since(number):
    """What the record says after so many entries: action, names of details, whom."""
    found = list_entries(limit=1_000).entries[::-1][number:]
    return [(one.note.action, tuple(sorted(one.note.detail)), one.note.subjects) for one in found]


def test_a_measure_between_choosing_and_confirming_refuses_neutrally(people):
    row = k.chosen("aoi")
    protect(people.aoi)
    row = unit.run(paying.confirm, session_id=row.session_id, now=clock.now())
    assert (row.end, row.problems) == (End.REFUSED, ("NOT_AVAILABLE_HERE",))
    assert wiped(row.session_id)


def test_what_cannot_be_checked_is_the_machines_failure(people):
    row = k.begin()
    row = k.prove(row.session_id, "aoi", proof=Unavailable(reason="CRL_TOO_OLD"))
    assert (row.end, row.problems) == (End.FAILED, ("KIOSK_PROOF_UNAVAILABLE",))


def test_k4_a_challenge_works_once_and_for_two_minutes(people):
    row = k.begin()
    now = clock.now()
    old = unit.run(proving.new_challenge, session_id=row.session_id, now=now)
    new = unit.run(proving.new_challenge, session_id=row.session_id, now=now)
    given = {"session_id": row.session_id, "proof": k.proof_of("aoi")}
    assert k.refused(proving.bind_holder, nonce=old.nonce, now=now, **given) == (
        "KIOSK_CHALLENGE_OVER",
    )
    late = now + proving.CHALLENGE_LIVES
    assert k.refused(proving.bind_holder, nonce=new.nonce, now=late, **given) == (
        "KIOSK_CHALLENGE_OVER",
    )
    other = k.begin(terminal_no=extra_terminal())
    assert k.refused(
        proving.bind_holder, session_id=other.session_id, nonce=new.nonce, now=now,
        proof=k.proof_of("aoi"),
    ) == ("KIOSK_CHALLENGE_OVER",)  # fmt: skip
    row = unit.run(proving.bind_holder, nonce=new.nonce, now=now, **given)
    assert row.step is Step.CARD_BACK
    assert new.nonce not in str(list(Session.objects.values()))


def extra_terminal():
    k.terminal("K2")
    return "K2"


# -- leaving --------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [End.LEFT, End.TIMED_OUT])
@pytest.mark.parametrize("upto", ["begin", "chosen", "confirmed", "made", "paid"])
def test_k5_leaving_anywhere_leaves_nothing_half_done(people, how, upto):
    steps = {
        "begin": k.begin,
        "chosen": lambda: k.chosen("aoi"),
        "confirmed": lambda: k.confirmed("aoi"),
        "made": lambda: made(k.confirmed("aoi")),
        "paid": lambda: k.paid("aoi"),
    }
    row = leave(steps[upto](), how)
    assert row.end is how
    assert wiped(row.session_id)
    assert not Request.objects.exclude(state="VOID", disposal="NEVER_PRINTED").exists()
    assert not Docket.objects.exclude(outcome="ABANDONED").exists()
    stages = set(Payment.objects.values_list("stage", flat=True))
    assert stages <= {"CANCELLED", "REFUND_DUE"}
    assert row.refund_yen == (200 if upto == "paid" else 0)


def made(row):
    k.make(row)
    return row


def test_a_paper_that_is_printing_cannot_be_left(people):
    row = k.paid("aoi")
    row = k.print_copy(row, JobStage.PRINTING, sheets=0)
    assert k.refused(pressing.leave, session_id=row.session_id, how=End.LEFT, now=clock.now()) == (
        "KIOSK_STILL_PRINTING",
    )


def test_a_new_session_ends_the_one_before_it(people):
    first = k.confirmed("aoi")
    second = k.begin()
    assert find_session(first.session_id).end is End.TIMED_OUT
    assert state_of(first) == "VOID"
    assert Session.objects.get(terminal_no="K1", end="").session_id == second.session_id


def test_k6_the_database_refuses_an_ended_session_that_still_knows(people):
    row = leave(k.begin())
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(session_id=row.session_id).update(person_id=people.aoi)


# -- paying ---------------------------------------------------------------------------------


def test_two_presses_are_one_payment_and_another_method_takes_the_first_back(people):
    row = k.confirmed("aoi")
    for method in (Method.CASHLESS, Method.CASHLESS, Method.COIN_BOX):
        row = unit.run(paying.start_payment, session_id=row.session_id, method=method,
                       now=clock.now())  # fmt: skip
    assert sorted(Payment.objects.values_list("method", "stage")) == [
        ("CASHLESS", "CANCEL_DUE"), ("COIN_BOX", "WAITING"),
    ]  # fmt: skip


def test_only_the_methods_of_this_machine(people):
    k.terminal(methods=(Method.COIN_BOX,))
    row = k.confirmed("aoi")
    assert k.refused(paying.start_payment, session_id=row.session_id, method=Method.CASHLESS,
                     now=clock.now()) == ("KIOSK_METHOD_NOT_HERE",)  # fmt: skip


def test_no_money_is_asked_for_a_paper_that_could_not_be_made(people):
    row = k.confirmed("aoi")
    move(people.aoi, building="9号室")
    k.make(row)
    assert state_of(row) == "REFUSED"
    row = unit.run(paying.start_payment, session_id=row.session_id, method=Method.COIN_BOX,
                   now=clock.now())  # fmt: skip
    assert (row.end, row.problems) == (End.REFUSED, ("NOT_AVAILABLE_HERE",))
    assert outcome_of(row) == "REFUSED"
    assert not Payment.objects.exists()


@pytest.mark.parametrize("press", ["leave", "back"])
def test_a_paper_refused_meanwhile_keeps_nobody_at_the_machine(people, press):
    """Drawn and refused while the resident looks at the fee: leaving and going back still work."""
    row = k.confirmed("aoi")
    protect(people.aoi)
    k.make(row)
    assert state_of(row) == "REFUSED"
    if press == "leave":
        assert leave(row).end is End.LEFT
    else:
        back = unit.run(pressing.go_back, session_id=row.session_id, step=Step.PAY, now=clock.now())
        assert back.step is Step.CONFIRM
    docket = Docket.objects.get(request_id=row.request_id)
    assert docket.outcome == "REFUSED"
    assert docket.reasons == Request.objects.get(request_id=row.request_id).problems


def test_money_for_a_paper_refused_meanwhile_is_given_back(people):
    row = k.confirmed("aoi")
    row = unit.run(paying.start_payment, session_id=row.session_id, method=Method.COIN_BOX,
                   now=clock.now())  # fmt: skip
    protect(people.aoi)
    k.make(row)
    row = k.note(row)
    assert (row.end, row.refund_yen) == (End.REFUSED, 200)


def test_a_declined_card_may_be_tried_again(people):
    row = k.confirmed("aoi")
    for stage in (PaymentStage.CANCELLED, PaymentStage.PAID):
        row = unit.run(paying.start_payment, session_id=row.session_id, method=Method.CASHLESS,
                       now=clock.now())  # fmt: skip
        row = k.note(row, stage, reference="T-9")
    assert row.step is Step.PRINT
    assert sorted(Payment.objects.values_list("stage", flat=True)) == ["CANCELLED", "PAID"]


# -- printing -------------------------------------------------------------------------------


def test_a_paper_still_being_made_is_waited_for(people):
    row = k.pay(k.confirmed("aoi"))
    found = unit.run(printing.start_print, session_id=row.session_id, now=clock.now())
    assert (found.pdf, found.session.paper_ready) == (b"", False)
    k.make(row)
    found = unit.run(printing.start_print, session_id=row.session_id, now=clock.now())
    assert found.pdf.startswith(b"%PDF")
    again = unit.run(printing.start_print, session_id=row.session_id, now=clock.now())
    assert (again.job_id, again.pdf) == (found.job_id, found.pdf)
    assert PrintJob.objects.count() == 1


def test_paper_out_may_be_mended_in_time(people):
    row = k.paid("aoi")
    out = frozenset({PrinterTrouble.PAPER_OUT})
    row = k.print_copy(row, JobStage.HELD_UP, sheets=0, troubles=out)
    assert (row.step, row.trouble) == (Step.PRINT, "PAPER_OUT")
    row = note(row, JobStage.PRINTING, at=clock.now() + timedelta(seconds=60))
    assert row.trouble == ""
    row = note(row, JobStage.DONE, sheets=1, at=clock.now() + timedelta(seconds=170))
    assert row.step is Step.TAKE


def note(row, stage, *, sheets=0, troubles=frozenset(), at=None):
    return unit.run(
        printing.note_print, session_id=row.session_id, job_id=row.prints[-1].job_id,
        state=JobState(stage=stage, sheets_done=sheets, troubles=troubles), now=at or clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "sheets", "troubles", "disposal", "cases"),
    [
        (JobStage.HELD_UP, 0, {PrinterTrouble.PAPER_OUT}, "RECOVERED", 0),
        (JobStage.HELD_UP, 0, {PrinterTrouble.PAPER_JAM}, "NOT_RECOVERED", 1),
        (JobStage.HELD_UP, 1, {PrinterTrouble.PAPER_OUT}, "NOT_RECOVERED", 1),
        (JobStage.LOST, 0, set(), "RECOVERED", 0),
        (JobStage.LOST, 1, set(), "NOT_RECOVERED", 1),
    ],
)
def test_k7_a_paper_that_does_not_come_out_is_void_and_paid_back(
    people, stage, sheets, troubles, disposal, cases
):
    row = k.paid("aoi")
    row = k.print_copy(row, stage, sheets=sheets, troubles=frozenset(troubles))
    if row.end is None:
        later = clock.now() + timedelta(seconds=121)
        row = note(row, stage, sheets=sheets, troubles=frozenset(troubles), at=later)
    assert row.end is End.FAILED
    assert row.problems[0].startswith("KIOSK_PAPER" if troubles else "KIOSK_PRINT")
    assert row.refund_yen == 200
    request = Request.objects.get(request_id=row.request_id)
    assert (request.state, request.disposal) == ("VOID", disposal)
    assert outcome_of(row) == "FAILED"
    assert Case.objects.filter(what="PAPER").count() == cases
    assert wiped(row.session_id)


def test_a_silent_printer_is_given_up_and_somebody_looks(people):
    row = k.paid("aoi")
    row = k.print_copy(row, JobStage.PRINTING, sheets=0)
    row = unit.run(
        printing.note_print, session_id=row.session_id, job_id=row.prints[0].job_id,
        state=Unavailable(reason="CUT_OFF"), now=clock.now() + timedelta(seconds=181),
    )  # fmt: skip
    assert row.end is End.FAILED
    assert PrintJob.objects.get().cancel_due
    assert Case.objects.get().what == "PAPER"


def test_the_second_copy_lost_voids_both(people):
    row = k.print_copy(k.paid("aoi", copies=2))
    row = k.print_copy(row, JobStage.LOST, sheets=0)
    assert (row.end, row.refund_yen) == (End.FAILED, 400)
    case = Case.objects.get()
    assert (case.expected, case.found) == (2, 1)


def test_a_measure_while_printing_voids_the_paper_in_the_tray(people):
    row = k.paid("aoi")
    row = k.print_copy(row, JobStage.PRINTING, sheets=0)
    protect(people.aoi)
    row = note(row, JobStage.DONE, sheets=1)
    assert (row.end, row.problems) == (End.FAILED, ("KIOSK_NOT_HANDED_OVER",))
    assert row.refund_yen == 200
    assert state_of(row) == "VOID"
    assert Case.objects.count() == 1


def test_k8_a_stopped_kind_stops_at_the_very_next_press(people):
    ready, printing_row = k.chosen("aoi"), None
    other = extra_terminal()
    printing_row = k.paid("haru", terminal_no=other)
    unit.run(stop_channel, channel="KIOSK", reason="点検", actor=k.BOSS, now=clock.now())
    ready = unit.run(paying.confirm, session_id=ready.session_id, now=clock.now())
    assert ready.end is End.REFUSED
    found = unit.run(printing.start_print, session_id=printing_row.session_id, now=clock.now())
    assert (found.pdf, found.session.end) == (b"", End.FAILED)
    assert found.session.refund_yen == 200
    row = k.begin()
    assert k.prove(row.session_id, "namesake").end is End.REFUSED


# -- hours, machines, help --------------------------------------------------------------------


def test_closed_hours_let_nobody_begin_but_practise(people):
    Hours.objects.filter(channel="KIOSK").delete()
    given = {"terminal_no": "K1", "language": Language.JAPANESE, "now": clock.now()}
    assert k.refused(pressing.open_session, mode=Mode.PLAIN, **given) == ("KIOSK_CLOSED",)
    assert k.refused(pressing.open_session, mode=Mode.PRACTICE, **given) == ()


def test_a_stopped_machine_lets_nobody_begin(people):
    unit.run(terminals.stop_terminal, terminal_no="K1", reason="点検", actor=k.BOSS,
             now=clock.now())  # fmt: skip
    given = {"terminal_no": "K1", "mode": Mode.PLAIN, "language": Language.ENGLISH,
             "now": clock.now()}  # fmt: skip
    assert k.refused(pressing.open_session, **given) == ("KIOSK_TERMINAL_STOPPED",)
    unit.run(terminals.reopen_terminal, terminal_no="K1", actor=k.BOSS, now=clock.now())
    assert k.refused(pressing.open_session, **given) == ()


def test_a_machine_is_known_by_its_word_and_the_word_is_nowhere(people):
    word = k.terminal("K3")
    assert find_terminal(word).terminal_no == "K3"
    assert find_terminal(word + "x") is None
    assert word not in str(list(terminals.Terminal.objects.values()))


def test_the_bell_rings_once_and_is_answered(people):
    row = k.begin()
    for _ in range(2):
        unit.run(helping.call_staff, terminal_no="K1", session_id=row.session_id, now=clock.now())
    given = {"terminal_no": "K1", "actor": k.BOSS, "now": clock.now()}
    assert k.refused(helping.answer_call, **given) == ()
    assert k.refused(helping.answer_call, **given) == ("KIOSK_NO_CALL",)


def test_a_clerk_beside_slows_the_clock_and_answers_for_the_box(people):
    row = k.confirmed("aoi")
    wrong = (Problem(code="STAFF_CODE_WRONG"),)
    given = {"session_id": row.session_id, "now": clock.now()}
    assert k.refused(helping.staff_beside, shown=wrong, **given) == ("STAFF_CODE_WRONG",)
    row = unit.run(helping.staff_beside, shown="kaede", **given)
    assert (row.staff_beside, row.idle_seconds_max) == (True, 600)
    k.pay(row)
    assert Payment.objects.get().confirmed_by == "kaede"
    assert Payment.objects.get().stage == Stage.PAID


def test_hints_grow_fewer_with_visits_of_one_mode(people):
    seen = [leave(k.chosen("aoi")).hints for _ in range(5)]
    assert seen == [3, 2, 1, 0, 0]
    assert k.chosen("aoi", mode=Mode.ELDER).hints == 3


# -- practice and the web -----------------------------------------------------------------------


def test_k9_practice_touches_no_register_no_card_and_no_book(people):
    row = k.chosen("", mode=Mode.PRACTICE, part="WHOLE")
    row = unit.run(paying.confirm, session_id=row.session_id, now=clock.now())
    row = k.pay(row)
    row = unit.run(printing.note_print, session_id=row.session_id, job_id="",
                   state=JobState(stage=JobStage.DONE, sheets_done=0, troubles=frozenset()),
                   now=clock.now())  # fmt: skip
    row = leave(row)
    assert row.end is End.DONE
    for table in (Request, Docket, Payment, PrintJob):
        assert not table.objects.exists()


def test_a_real_session_cannot_pass_by_practice(people):
    row = k.begin()
    assert k.refused(proving.prove_practice, session_id=row.session_id, now=clock.now()) == (
        "KIOSK_NOT_PRACTICE",
    )
