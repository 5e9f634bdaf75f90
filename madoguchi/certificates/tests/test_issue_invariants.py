"""The invariants of the room's README, each broken on purpose."""

import io
import re
import threading
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pypdfium2 as pdfium
import pytest
from django.db import connection, connections

from madoguchi.certificates import testing as t
from madoguchi.certificates.actions import making
from madoguchi.certificates.actions.making import clear_papers, paper_path
from madoguchi.certificates.actions.releasing import (
    check_out,
    close_case,
    hand_over,
    sweep,
    void,
)
from madoguchi.certificates.actions.stops import lift_stop, stop_kind
from madoguchi.certificates.domain.asking import Evidence
from madoguchi.certificates.domain.issue import Compared, Disposal, State
from madoguchi.certificates.domain.kinds import Channel, Kind, Omit
from madoguchi.certificates.models import Copy, Request
from madoguchi.certificates.queries.requests import (
    balance_of,
    find_overdue,
    find_request,
    list_cases,
)
from madoguchi.infra import clock, locks, unit
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.protection.testing import CHIEF, CLERK, SENIOR, blind_gate, protect, unlock
from madoguchi.register.api import filing
from madoguchi.register.testing import Reason, commands, keep, make_stays, resident_code


def state_of(request_id):
    return find_request(request_id).state


def why(request_id):
    return find_request(request_id).problems


def printed(request_id, *, actor=CLERK, copy_no=1, now=None):
    return unit.run(
        check_out, request_id=request_id, copy_no=copy_no, path=paper_path(request_id, copy_no),
        actor=actor, now=now or clock.now(),
    )  # fmt: skip


def words_of(request_id):
    with pdfium.PdfDocument(paper_path(request_id, 1).read_bytes()) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(text.split())


def handed(request_id, *, actor=CLERK, yen=300):
    return unit.run(hand_over, request_id=request_id, actor=actor, now=clock.now(), paid_yen=yen)


def stopped():
    actor = CHIEF.for_purpose("文字の確認")
    chief = replace(actor, rights=actor.rights | {Right.STOP_SWITCH})
    stop_id = unit.run(
        stop_kind, kind=Kind.RESIDENT_RECORD_HOUSEHOLD, channel=None, reason="文字の確認",
        actor=chief, now=clock.now(),
    )  # fmt: skip
    return lambda: unit.run(lift_stop, stop_id=stop_id, actor=chief, now=clock.now())


# --- I1 ------------------------------------------------------------------------------------


def test_i1_an_id_says_nothing_and_comes_once(people):
    found = [t.ask(people.aoi).request_id for _ in range(20)]
    assert len(set(found)) == 20
    assert all(re.fullmatch(r"[a-z2-7]{26}", one) for one in found)
    # Ids made at one moment have nothing in common: they are not made of the time.
    assert len({one[:4] for one in found}) == 20


def test_i1_the_file_is_named_by_the_request_and_nothing_else(people):
    request_id = t.released(people.aoi, copies=2)
    names = sorted(path.name for path in paper_path(request_id, 1).parent.iterdir())
    assert names == [f"{request_id}-1.pdf", f"{request_id}-2.pdf"]


def test_i1_a_taken_name_is_never_written_over(people):
    drawn = t.ask(people.aoi)
    path = paper_path(drawn.request_id, 1)
    path.write_bytes(b"somebody else's work")
    assert t.make(drawn.request_id) is State.FAILED
    assert path.read_bytes() == b"somebody else's work"
    assert why(drawn.request_id) == ("PDF_UNREADABLE",)


# --- I2 ------------------------------------------------------------------------------------


def test_i2_nobody_outside_the_household_gets_on_the_paper(people):
    assert t.refused(people.aoi, chosen_ids=(people.aoi, people.haru)) == ("NOT_IN_HOUSEHOLD",)


def test_i2_a_swapped_file_is_found_on_the_finished_file(people):
    """Yokohama 2023: the next process took another request's print image."""
    other = t.released(people.namesake)
    drawn = t.ask(people.aoi)
    paper_path(drawn.request_id, 1).write_bytes(paper_path(other, 1).read_bytes())
    assert t.make(drawn.request_id) is State.FAILED
    assert find_request(drawn.request_id).compared == Compared.DIFFERENT
    assert not Copy.objects.get(request_id=drawn.request_id).sha256


def test_i2_a_row_that_names_another_subject_is_not_drawn(people):
    drawn = t.ask(people.aoi)
    Request.objects.filter(request_id=drawn.request_id).update(subject_ids=[people.haru])
    assert t.make(drawn.request_id) is State.FAILED
    assert why(drawn.request_id) == ("SUBJECT_DIFFERS",)


def test_i2_the_file_is_compared_once_more_when_it_is_printed(people):
    """Kawasaki 2023: the later of two files overwrote the earlier."""
    mine, other = t.released(people.aoi), t.released(people.namesake)
    paper_path(mine, 1).unlink()
    paper_path(mine, 1).write_bytes(paper_path(other, 1).read_bytes())
    assert printed(mine) == Problem(code="FILE_CHANGED")
    assert state_of(mine) is State.VOID
    assert isinstance(printed(other), bytes)


# --- I3 ------------------------------------------------------------------------------------


def test_i3_a_late_paper_is_refused_even_when_it_is_finished(people):
    drawn = t.ask(people.aoi, now=clock.now() - timedelta(seconds=90))
    assert t.make(drawn.request_id) is State.REFUSED
    assert why(drawn.request_id) == ("NOT_RELEASED_IN_TIME",)


def test_i3_what_nobody_made_is_closed_and_never_turns_up(people):
    drawn = t.ask(people.aoi)
    later = clock.now() + timedelta(seconds=61)
    assert find_overdue(now=later) == (drawn.request_id,)
    unit.run(sweep, request_ids=(drawn.request_id,), actor=CLERK, now=later)
    assert state_of(drawn.request_id) is State.FAILED
    assert t.make(drawn.request_id) is State.FAILED
    assert not paper_path(drawn.request_id, 1).exists()


def test_i3_a_crash_while_drawing_leaves_nothing_to_hand_out(people, monkeypatch):
    drawn = t.ask(people.aoi)
    monkeypatch.setattr(making, "render_pdf", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        t.make(drawn.request_id)
    assert state_of(drawn.request_id) is State.DRAWN
    with pytest.raises(Refused):
        printed(drawn.request_id)
    monkeypatch.undo()
    assert t.make(drawn.request_id) is State.RELEASED


def test_i3_a_gate_that_cannot_look_lets_nobody_through(people):
    with blind_gate():
        assert t.refused(people.aoi) == ("NOT_AVAILABLE_HERE",)


@pytest.mark.django_db(transaction=True)
def test_i3_a_lock_that_is_not_had_stores_nothing():
    people = t.settle()
    held, done = threading.Event(), threading.Event()

    def hold():
        def action():
            locks.take([(LockKind.PERSON, people.aoi)])
            t.record_something()
            held.set()
            done.wait(10)

        unit.run(action)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    try:
        with pytest.raises(unit.Busy):
            t.ask(people.aoi)
    finally:
        done.set()
        thread.join()
    assert not Request.objects.exists()


# --- I4 ------------------------------------------------------------------------------------


def rewritten(path, change):
    with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    path.unlink()
    path.write_bytes(out.getvalue())


def two_pages(people):
    """The family of five takes two sheets; the file is made, nothing is released yet."""
    drawn = t.ask(people.father)
    stop_before_release(drawn.request_id)
    return drawn.request_id, paper_path(drawn.request_id, 1)


def stop_before_release(request_id):
    """A worker that dies after writing the file and before telling anybody."""

    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    kept, making.release = making.release, die
    try:
        with pytest.raises(Killed):
            t.make(request_id)
    finally:
        making.release = kept


def test_i4_every_page_names_request_place_and_subjects(people):
    request_id, path = two_pages(people)
    from madoguchi.certificates.documents.readback import read_marks
    from madoguchi.certificates.documents.reading import read_pdf

    marks = [read_marks(page) for page in read_pdf(path.read_bytes()).pages]
    assert [(one.request_id, one.number, one.of) for one in marks] == [
        (request_id, 1, 2), (request_id, 2, 2)
    ]  # fmt: skip
    assert len({one.subject_hash for one in marks}) == 1


def test_i4_a_lost_page_stops_the_paper(people):
    request_id, path = two_pages(people)
    rewritten(path, lambda pdf: pdf.pages.__delitem__(1))
    assert t.make(request_id) is State.FAILED


def test_i4_a_page_of_somebody_else_stops_the_paper(people):
    """Tokushima 2023: page 2 of 3 was another's."""
    other = t.released(people.haru)
    request_id, path = two_pages(people)
    theirs = pikepdf.open(io.BytesIO(paper_path(other, 1).read_bytes()))
    del theirs.pages[0]["/Annots"]

    def swap(pdf):
        pdf.pages[1] = theirs.pages[0]

    rewritten(path, swap)
    assert t.make(request_id) is State.FAILED
    assert find_request(request_id).compared == Compared.DIFFERENT


def test_i4_pages_in_another_order_stop_the_paper(people):
    request_id, path = two_pages(people)
    rewritten(path, lambda pdf: pdf.pages.reverse())
    assert t.make(request_id) is State.FAILED


# --- I5 ------------------------------------------------------------------------------------


def test_i5_a_change_between_drawing_and_release_refuses_the_paper(people):
    """Adachi 2023: a live change of the register met a request."""
    drawn = t.ask(people.aoi)
    t.move(people.aoi, building="2号室")
    assert t.make(drawn.request_id) is State.REFUSED
    assert why(drawn.request_id) == ("RECORD_CHANGED_MEANWHILE",)


def test_i5_a_change_of_a_member_who_is_not_printed_counts_too(people):
    drawn = t.ask(people.father, chosen_ids=(people.father,))
    t.move(people.baby)
    assert t.make(drawn.request_id) is State.REFUSED


def test_i5_a_change_after_the_release_is_seen_at_the_printer(people):
    request_id = t.released(people.aoi)
    t.move(people.aoi, building="2号室")
    assert printed(request_id) == Problem(code="RECORD_CHANGED_MEANWHILE")
    assert state_of(request_id) is State.VOID


def test_i5_the_frozen_content_cannot_be_changed_unseen(people):
    drawn = t.ask(people.aoi)
    row = Request.objects.get(request_id=drawn.request_id)
    row.content["paper"]["persons"][0]["name"] = "だれか"
    row.save()
    assert t.make(drawn.request_id) is State.FAILED
    assert why(drawn.request_id) == ("CONTENT_CHANGED",)


def test_i5_provisional_data_stops_drawing_and_release(people):
    drawn = t.ask(people.aoi)
    t.wait_for_approval(people.aoi)
    assert t.refused(people.aoi) == ("CHANGE_WAITS_FOR_APPROVAL",)
    assert t.make(drawn.request_id) is State.REFUSED


@pytest.fixture
def returned(people):
    """Somebody who left in 2015 and came back in 2020."""
    one = make_addressee_no(992)
    keep(*make_stays(one, resident_code=resident_code(992), household_no=make_household_no(992)))
    return one


def test_i5_a_paper_tells_of_one_record_and_of_no_earlier_stay(returned):
    """Who came back has a new record: where they lived before stands on its own removed one."""
    drawn = t.ask(returned, kind=Kind.RESIDENT_RECORD_INDIVIDUAL)
    assert t.make(drawn.request_id) is State.RELEASED
    text = words_of(drawn.request_id)
    assert "船津" in text
    assert not [word for word in ("阿木名7", "勝浦", "転居", "国内転出") if word in text]


def test_the_removed_record_of_an_earlier_stay_is_given_to_who_came_back(returned):
    drawn = t.ask(returned, kind=Kind.REMOVED_RECORD, record=1)
    assert t.make(drawn.request_id) is State.RELEASED
    text = words_of(drawn.request_id)
    assert "勝浦" in text and "転出" in text and "平成27年6月30日" in text
    assert "船津" not in text
    printed(drawn.request_id)
    assert state_of(drawn.request_id) is State.RELEASED


@pytest.mark.parametrize("record", [0, 2, 3, 99])
def test_a_record_that_is_not_closed_or_not_there_is_no_removed_one(returned, record):
    assert t.refused(returned, kind=Kind.REMOVED_RECORD, record=record) == ("NOT_REMOVED_YET",)


def test_i5_a_change_of_today_refuses_the_paper_of_an_earlier_stay_too(returned):
    """The gate asked for who lives there now: whoever moves meanwhile is asked anew."""
    drawn = t.ask(returned, kind=Kind.REMOVED_RECORD, record=1)
    t.move(returned, building="2号室")
    assert t.make(drawn.request_id) is State.REFUSED


def test_i6_protection_stops_the_paper_of_an_earlier_stay_too(returned):
    drawn = t.ask(returned, kind=Kind.REMOVED_RECORD, record=1)
    protect(returned)
    assert t.make(drawn.request_id) is State.REFUSED


def test_a_removed_record_names_who_headed_the_household_then(people):
    """Who heads it since is the matter of another record."""
    gone = commands.Filing(effective=clock.today().isoformat(), filed_on=clock.today())
    unit.run(
        filing.file_change, actor=t.FILER, passed=frozenset({"HEAD_LEAVES_TWO_OR_MORE"}),
        command=commands.RemovePersons(
            filing=gone, reason=Reason.DEATH, person_ids=(people.father, people.eldest)),
    )  # fmt: skip
    standings = {
        one: commands.Standing(relationship="世帯主" if one == people.mother else "子",
                               is_householder=one == people.mother)
        for one in (people.mother, people.middle, people.baby)
    }  # fmt: skip
    unit.run(
        filing.file_change, actor=t.FILER,
        command=commands.ChangeHousehold(filing=gone, reason=Reason.CHANGE_HOUSEHOLDER,
                                         standings=standings),
    )  # fmt: skip
    for one in (people.father, people.eldest):
        drawn = t.ask(one, kind=Kind.REMOVED_RECORD, asked_for=frozenset({Omit.HOUSEHOLDER}))
        assert t.make(drawn.request_id) is State.RELEASED
        assert "世帯主湊大海" in words_of(drawn.request_id)


def test_a_planned_move_out_is_on_no_paper_before_its_day(people):
    """5.1: what somebody said of next month stays hidden, on the household's paper and on theirs."""
    leaving = commands.Filing(effective=(clock.today() + timedelta(days=20)).isoformat(),
                              filed_on=clock.today())  # fmt: skip
    unit.run(
        filing.file_change, actor=t.FILER,
        command=commands.PlanMoveOut(filing=leaving, reason=Reason.MOVE_OUT_DOMESTIC,
                                     person_ids=(people.aoi,), to="東京都みどり市緑町5番6号"),
    )  # fmt: skip
    for kind in (Kind.RESIDENT_RECORD_HOUSEHOLD, Kind.RESIDENT_RECORD_INDIVIDUAL):
        drawn = t.ask(people.aoi, kind=kind)
        assert t.make(drawn.request_id) is State.RELEASED
        text = words_of(drawn.request_id)
        assert "海野" in text
        assert not [word for word in ("転出", "みどり市", "消除") if word in text], kind


def test_i5_the_content_is_gone_when_the_paper_is_out(people):
    request_id = t.released(people.aoi)
    printed(request_id)
    handed(request_id)
    assert Request.objects.get(request_id=request_id).content is None


# --- I6 ------------------------------------------------------------------------------------


def test_i6_protection_between_drawing_and_release(people):
    drawn = t.ask(people.aoi)
    protect(people.aoi)
    assert t.make(drawn.request_id) is State.REFUSED
    assert why(drawn.request_id) == ("NOT_AVAILABLE_HERE",)


def test_i6_protection_of_another_member_between_release_and_print(people):
    request_id = t.released(people.father)
    protect(people.mother)
    assert printed(request_id) == Problem(code="NOT_AVAILABLE_HERE")
    assert state_of(request_id) is State.VOID


def test_i6_protection_between_print_and_hand_over(people):
    request_id = t.released(people.aoi)
    printed(request_id)
    protect(people.aoi)
    with pytest.raises(Refused, match="NOT_AVAILABLE_HERE"):
        handed(request_id)
    unit.run(void, request_id=request_id, actor=CLERK, now=clock.now(),
             disposal=Disposal.SHREDDED, note_text="交付をやめた")  # fmt: skip
    assert state_of(request_id) is State.VOID


def test_i6_the_dead_have_no_current_record(people):
    assert t.refused(people.ume) == ("RECORD_IS_REMOVED",)
    assert t.refused(people.ume, kind=Kind.REMOVED_RECORD) == ()
    assert t.refused(people.daughter, kind=Kind.REMOVED_RECORD) == ("NOT_REMOVED_YET",)


def test_i6_a_paper_is_printed_the_day_it_is_dated(people):
    request_id = t.released(people.aoi)
    tomorrow = clock.now() + timedelta(days=1)
    assert printed(request_id, now=tomorrow) == Problem(code="DATED_ANOTHER_DAY")
    other = t.released(people.haru)
    assert other in find_overdue(now=tomorrow)
    unit.run(sweep, request_ids=(other,), actor=CLERK, now=tomorrow)
    assert state_of(other) is State.VOID


# --- I7 ------------------------------------------------------------------------------------


def test_i7_a_worker_killed_after_writing_leaves_the_same_bytes(people):
    drawn = t.ask(people.aoi)
    stop_before_release(drawn.request_id)
    before = paper_path(drawn.request_id, 1).read_bytes()
    assert t.make(drawn.request_id) is State.RELEASED
    assert paper_path(drawn.request_id, 1).read_bytes() == before


def test_i7_a_repeated_job_changes_nothing(people):
    request_id = t.released(people.aoi)
    before = paper_path(request_id, 1).read_bytes(), find_request(request_id)
    assert t.make(request_id) is State.RELEASED
    assert (paper_path(request_id, 1).read_bytes(), find_request(request_id)) == before


def test_i7_each_copy_has_its_own_number_and_none_is_skipped(people):
    numbers = [no for _ in range(4) for no in t.ask(people.aoi, copies=3).issue_nos]
    t.refused(people.ume)
    numbers += t.ask(people.aoi).issue_nos
    assert [int(one[-5:]) for one in numbers] == list(range(1, 14))


@pytest.mark.django_db(transaction=True)
def test_i7_two_workers_at_one_request_make_one_paper():
    people = t.settle()
    drawn = t.ask(people.aoi)
    states, start = [], threading.Barrier(3)

    def work():
        start.wait()
        states.append(t.make(drawn.request_id))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    start.wait()
    for one in threads:
        one.join()
    assert states == [State.RELEASED, State.RELEASED]
    assert isinstance(printed(drawn.request_id), bytes)


# --- I8 ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_i8_papers_made_side_by_side_do_not_mix():
    people = t.settle()
    who = [people.aoi, people.namesake, people.haru, people.father] * 2
    drawn = [t.ask(one).request_id for one in who]

    def work(some):
        for request_id in some:
            t.make(request_id)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(drawn[at::4],)) for at in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for person_id, request_id in zip(who, drawn, strict=True):
        row = find_request(request_id)
        assert row.state is State.RELEASED
        assert row.asked_person_id == person_id
        assert isinstance(printed(request_id), bytes)


def test_i8_nothing_half_made_stays_and_closed_papers_are_cleared(people):
    open_one, closed_one = t.released(people.aoi), t.released(people.haru)
    printed(closed_one)
    handed(closed_one)
    folder = paper_path(open_one, 1).parent
    (folder / f".{open_one}-1.pdf.part").write_bytes(b"%PDF")
    (folder / "notes-of-nobody.pdf").write_bytes(b"%PDF")
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert clear_papers() == 3
    assert [path.name for path in folder.iterdir()] == [f"{open_one}-1.pdf"]


# --- I10 -----------------------------------------------------------------------------------


def test_i10_the_books_balance_and_a_failure_stays_until_explained(people):
    first = t.released(people.aoi)
    printed(first)
    handed(first)
    t.refused(people.ume)
    failed = t.ask(people.haru)
    paper_path(failed.request_id, 1).write_bytes(b"%PDF-1.7 cut")
    t.make(failed.request_id)
    thrown = t.released(people.aoi)
    unit.run(void, request_id=thrown, actor=CLERK, now=clock.now(),
             disposal=Disposal.NEVER_PRINTED, note_text="押し間違い")  # fmt: skip
    t.ask(people.father)
    (row,) = balance_of(clock.today(), actor=CLERK)
    assert (row.asked, row.handed_over, row.refused, row.failed, row.void, row.still_open) == (
        5, 1, 1, 1, 1, 1
    )  # fmt: skip
    assert row.balances
    assert row.yen == 300
    (case,) = list_cases(actor=CLERK)
    assert case.request_id == failed.request_id
    assert case.compared == Compared.UNREADABLE
    with pytest.raises(Refused, match="CASE_NEEDS_WORDS"):
        explain(failed.request_id, " ")
    explain(failed.request_id, "ファイルが途中で切れていた。紙は出ていない。")
    assert list_cases(actor=CLERK) == ()


def explain(request_id, words):
    unit.run(close_case, request_id=request_id, actor=CLERK, now=clock.now(),
             compared=Compared.UNREADABLE, note_text=words)  # fmt: skip


def test_i10_practice_is_not_in_the_books(people):
    t.released(people.aoi, sample=True)
    assert balance_of(clock.today(), actor=CLERK) == ()


# --- I11 -----------------------------------------------------------------------------------


def test_i11_the_stop_switch_holds_at_every_step(people):
    at_drawing, at_printing = t.ask(people.aoi).request_id, t.released(people.haru)
    lift = stopped()
    assert t.refused(people.aoi) == ("KIND_STOPPED",)
    assert t.refused(people.aoi, kind=Kind.RESIDENT_RECORD_INDIVIDUAL) == ()
    assert t.make(at_drawing) is State.REFUSED
    assert printed(at_printing) == Problem(code="KIND_STOPPED")
    lift()
    assert t.refused(people.aoi) == ()


def test_i11_a_clerk_cannot_reach_the_switch(people):
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        unit.run(stop_kind, kind=Kind.TAX, channel=Channel.DESK, reason="x", actor=CLERK,
                 now=clock.now())  # fmt: skip


# --- I12 -----------------------------------------------------------------------------------


def test_i12_a_wrong_paper_has_its_end_written_down(people):
    request_id = t.released(people.aoi)
    printed(request_id)
    handed(request_id)
    with pytest.raises(Refused, match="VOID_NEEDS_REASON"):
        unit.run(void, request_id=request_id, actor=CLERK, now=clock.now(),
                 disposal=Disposal.RECOVERED, note_text="")  # fmt: skip
    with pytest.raises(Refused, match="WAS_PRINTED"):
        unit.run(void, request_id=request_id, actor=CLERK, now=clock.now(),
                 disposal=Disposal.NEVER_PRINTED, note_text="間違い")  # fmt: skip
    unit.run(void, request_id=request_id, actor=CLERK, now=clock.now(),
             disposal=Disposal.RECOVERED, note_text="通数の間違い")  # fmt: skip
    row = find_request(request_id)
    assert (row.state, row.disposal, row.closing_note) == (
        State.VOID, Disposal.RECOVERED, "通数の間違い"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT detail->>'disposal' FROM audit_entry WHERE action = 'CERTIFICATE_VOID'"
        )
        assert cursor.fetchall() == [("RECOVERED",)]


# --- protection: one paper, one form, one use, two officers -----------------------------------


def test_a_protected_person_waits_for_a_second_officer_and_goes_on_with_the_same_request(people):
    protect(people.rin)
    first = t.ask(people.rin, actor=SENIOR)
    assert first.state is State.LOCKED
    unlock(first.request_id, kind=Kind.RESIDENT_RECORD_HOUSEHOLD.value, person_ids=[people.rin])
    again = t.ask(people.rin, actor=SENIOR, request_id=first.request_id)
    assert again.request_id == first.request_id
    assert t.make(first.request_id, actor=SENIOR) is State.RELEASED
    assert isinstance(printed(first.request_id, actor=SENIOR), bytes)
    # Used once: another paper waits anew.
    assert t.ask(people.rin, actor=SENIOR).state is State.LOCKED


def test_an_unlock_for_one_does_not_print_another(people):
    """Okayama 2024: unlocked for A, printed B."""
    protect(people.rin)
    protect(people.haru)
    mine = t.ask(people.rin, actor=SENIOR)
    unlock(mine.request_id, kind=Kind.RESIDENT_RECORD_HOUSEHOLD.value, person_ids=[people.rin])
    other = t.ask(people.haru, actor=SENIOR)
    assert other.state is State.LOCKED
    with pytest.raises(Refused, match="REQUEST_NOT_WAITING"):
        t.ask(people.haru, actor=SENIOR, request_id=mine.request_id)
    kind = Kind.RESIDENT_RECORD_INDIVIDUAL
    with pytest.raises(Refused, match="REQUEST_NOT_WAITING"):
        t.ask(people.rin, actor=SENIOR, request_id=mine.request_id, kind=kind)


def test_the_paper_of_a_protected_person_is_not_another_clerks_to_print(people):
    protect(people.rin)
    first = t.ask(people.rin, actor=SENIOR)
    unlock(first.request_id, kind=Kind.RESIDENT_RECORD_HOUSEHOLD.value, person_ids=[people.rin])
    t.ask(people.rin, actor=SENIOR, request_id=first.request_id)
    t.make(first.request_id, actor=SENIOR)
    with pytest.raises(Refused, match="REQUEST_UNKNOWN"):
        printed(first.request_id, actor=CLERK)
    with pytest.raises(Refused, match="REQUEST_OF_ANOTHER"):
        printed(first.request_id, actor=CHIEF)
    assert state_of(first.request_id) is State.RELEASED


def test_a_new_measure_after_the_unlock_closes_the_paper_again(people):
    """Meguro 2025: what was examined is no longer how things stand."""
    protect(people.rin)
    first = t.ask(people.rin, actor=SENIOR)
    unlock(first.request_id, kind=Kind.RESIDENT_RECORD_HOUSEHOLD.value, person_ids=[people.rin])
    t.ask(people.rin, actor=SENIOR, request_id=first.request_id)
    protect(people.rin)
    assert t.make(first.request_id, actor=SENIOR) is State.REFUSED


def test_without_the_right_a_protected_person_does_not_exist(people):
    protect(people.rin)
    assert t.refused(people.rin) == t.refused("999999999999999") == ("UNKNOWN_PERSON",)
    protect(people.baby)
    assert t.refused(people.father) == ("NOT_AVAILABLE_HERE",)
    assert t.refused(people.father, seen=frozenset()) == ("NOT_AVAILABLE_HERE",)
    row = Request.objects.order_by("-drawn_at").first()
    assert row.subject_ids == [people.father]


def test_all_reasons_come_at_once(people):
    found = t.refused(
        people.ume, seen=frozenset({Evidence.BANKBOOK}), copies=99, purpose="1234 5678 9018"
    )
    assert found == (
        "RECORD_IS_REMOVED", "ID_NOT_ENOUGH", "COPIES_OUT_OF_RANGE", "TEXT_HAS_INDIVIDUAL_NUMBER"
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", ["〓本　ハナ", "葛\U000e01ef城　誠", "\ue000田　一", "\U0002c029　一"]
)
def test_a_lost_character_is_never_printed_as_something_else(people, name):
    """A5: 未登録外字. No clerk can accept it, whatever the alert box says."""
    from madoguchi.register.testing import keep, make_version, resident_code

    keep(make_version("000000000009990", name=name, household_no="000000000009999",
                      resident_code=resident_code(999)))  # fmt: skip
    assert t.refused("000000000009990") == ("GLYPH_MISSING",)
    assert t.refused("000000000009990", accepts_alerts=True) == ("GLYPH_MISSING",)


def test_a_text_that_is_cut_is_shown_to_the_clerk_first(people):
    from madoguchi.register.testing import keep, make_version, resident_code

    keep(make_version("000000000009990", name="長" * 220, household_no="000000000009999",
                      resident_code=resident_code(999)))  # fmt: skip
    assert t.refused("000000000009990") == ("OVERFLOW",)
    drawn = t.ask("000000000009990", accepts_alerts=True)
    assert [one.code for one in drawn.alerts] == ["OVERFLOW"]
    assert t.make(drawn.request_id) is State.RELEASED


def test_who_may_not_issue_makes_no_request(people):
    from madoguchi.protection.testing import OTHER

    assert t.refused(people.aoi, actor=OTHER) == ("NOT_ALLOWED",)
    assert not Request.objects.exists()
