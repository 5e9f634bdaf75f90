"""Lists against a real register: taken in, decided, typed, written back, taken back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from madoguchi.addressees import testing as t
from madoguchi.addressees.actions import choosing, taking, writing
from madoguchi.addressees.domain.columns import guess_columns
from madoguchi.addressees.domain.levels import Address, Name
from madoguchi.addressees.domain.worklist import State, Why
from madoguchi.addressees.models import Choice, Entry, List
from madoguchi.addressees.queries import worklist
from madoguchi.addressees.queries.entries import (
    count_waiting,
    entries_of,
    find_list,
    last_choices,
)
from madoguchi.addressees.queries.gazetteer import gazetteer
from madoguchi.addressees.queries.review import queue_of
from madoguchi.addressees.queries.worklist import tasks_of
from madoguchi.infra import unit
from madoguchi.infra.clock import frozen
from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_household_no
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import protect
from madoguchi.register.testing import Status, keep, make_version, resident_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with frozen(t.NOW):
        yield


def states(list_id, actor=t.KAEDE):
    return {one.row_id: one.state for one in entries_of(list_id, actor=actor)}


def choose(entry, person, actor=t.KAEDE, at=t.NOW):
    return unit.run(
        choosing.choose, entry_id=entry.entry_id, person_id=person, actor=actor,
        gazetteer=gazetteer(), now=at,
    )  # fmt: skip


def codes(refusal):
    return [one.code for one in refusal.value.problems]


def tasks(list_id, actor=t.KAEDE, on=t.TODAY):
    return tasks_of(list_id, actor=actor, today=on, gazetteer=gazetteer())


def move(person_id, address, history_no=2):
    serial = int(person_id[8:14])
    kept = {"household_no": make_household_no(serial), "resident_code": resident_code(serial)}
    keep(make_version(person_id, history_no, name="海野　葵", name_kana="ウンノ　アオイ",
                      birth="1990-04-12", birth_sort=date(1990, 4, 12), address=address, **kept))  # fmt: skip


def write(list_id, chosen, actor=t.KAEDE):
    return unit.run(
        writing.write_back, list_id=list_id, seen=[(one.entry_id, one.after) for one in chosen],
        actor=actor, gazetteer=gazetteer(), today=t.TODAY, now=t.NOW,
    )  # fmt: skip


# -- taken in --------------------------------------------------------------------------------


def test_every_row_is_kept_as_written_with_what_was_decided():
    t.settle()
    list_id = t.a_list()
    assert states(list_id) == {
        "1": State.LINKED, "2": State.REVIEW, "3": State.LINKED, "4": State.REVIEW,
        "5": State.NOBODY,
    }  # fmt: skip
    one = t.entry_of(list_id, "1")
    assert (one.name, one.kana, one.birth) == ("海野葵", "ｳﾝﾉ ｱｵｲ", "H2.4.12")
    assert (one.person_id, one.means, one.sent_to) == (t.AOI, "RULE", "古仁屋高丘45-6")
    second = t.entry_of(list_id, "2")
    assert second.vetoes == ["BIRTH_NOT_SAME"]
    assert second.candidates[0]["person"] == t.KOHEI
    found = find_list(list_id, actor=t.KAEDE)
    assert (found.waiting, found.by_rule) == (2, 2)


def test_trying_keeps_nothing():
    t.settle()
    tried = taking.try_list(t.a_file(*t.ROWS), chosen=None, actor=t.KAEDE, gazetteer=gazetteer())
    assert (tried.rows, tried.auto, tried.review, tried.none) == (5, 2, 2, 1)
    assert not List.objects.exists()


def test_a_file_with_a_bad_row_is_not_half_kept():
    t.settle()
    with pytest.raises(Refused) as refusal:
        t.a_list(*t.ROWS, "1,湊 航平,,S63.7.20,,", name="")
    assert codes(refusal) == ["ADDRESSEES_ID_TWICE", "ADDRESSEES_LIST_WITHOUT_NAME"]
    assert not Entry.objects.exists()


def test_the_same_file_is_not_worked_off_twice_at_once():
    t.settle()
    first = t.a_list()
    with pytest.raises(Refused) as refusal:
        t.a_list()
    assert codes(refusal) == ["ADDRESSEES_LIST_TWICE"]
    unit.run(taking.close_list, list_id=first, actor=t.KAEDE, now=t.NOW)
    assert t.a_list() != first


def test_a_column_may_be_said_to_mean_something_else():
    t.settle()
    file = t.a_file("1,海野 葵,x,H2.4.12,古仁屋高丘45-6,", headings="a,b,c,d,e,f")
    chosen = guess_columns(["番号", "氏名", "_", "生年月日", "住所", "_"]).places
    tried = taking.try_list(file, chosen=chosen, actor=t.KAEDE, gazetteer=gazetteer())
    assert (tried.auto, tried.problem_count) == (1, 0)
    guessed = taking.try_list(file, chosen=None, actor=t.KAEDE, gazetteer=gazetteer())
    assert {one.code for one in guessed.problems} == {"ADDRESSEES_COLUMN_MISSING"}


def test_without_the_right_nothing_is_done():
    nobody = replace(t.KAEDE, rights=frozenset({Right.SEARCH}))
    with pytest.raises(Refused) as refusal:
        t.a_list(actor=nobody)
    assert codes(refusal) == ["ADDRESSEES_RIGHT_MISSING"]


# -- who is protected, gone or dead --------------------------------------------------------


def test_s7_a_protected_person_is_to_others_a_row_that_was_not_found():
    t.settle()
    protect(t.AOI)
    list_id = t.a_list()
    assert states(list_id)["1"] is State.NOBODY
    assert states(list_id, t.NAGI)["1"] is State.REVIEW
    mine, theirs = (
        next(one for one in entries_of(list_id, actor=actor) if one.row_id == row_id)
        for actor, row_id in ((t.KAEDE, "1"), (t.KAEDE, "5"))
    )
    told = [(one.state, one.means, one.person_id, one.candidates, one.vetoes, one.bits)
            for one in (mine, theirs)]  # fmt: skip
    assert told[0] == told[1]
    tried = taking.try_list(t.a_file(*t.ROWS), chosen=None, actor=t.KAEDE, gazetteer=gazetteer())
    assert (tried.auto, tried.review, tried.none) == (1, 2, 2)
    with pytest.raises(Refused) as refusal:
        choose(t.entry_of(list_id, "1"), t.AOI)
    assert codes(refusal) == ["ADDRESSEES_ROW_NOT_OPEN"]


def test_s7_who_is_protected_later_leaves_list_and_worklist_at_once():
    t.settle()
    list_id = t.a_list()
    move(t.AOI, "鹿児島県大島郡瀬戸内町手安９番地")
    assert [one.person_id for one in tasks(list_id)] == [t.AOI]
    seen = tasks(list_id)
    protect(t.AOI)
    assert tasks(list_id) == ()
    (held,) = tasks(list_id, t.NAGI)
    assert (held.why, held.after, held.is_typed) == ((Why.HELD,), "", False)
    with pytest.raises(Refused) as refusal:
        write(list_id, seen)
    assert codes(refusal) == ["ADDRESSEES_TASKS_CHANGED"]


def test_s7_who_may_not_see_one_of_two_alike_is_not_asked_to_choose_the_other():
    t.settle()
    keep(make_version(t.TWIN, name="海野　葵", name_kana="ウンノ　アオイ", birth="1990-04-12",
                      birth_sort=date(1990, 4, 12), address="鹿児島県大島郡瀬戸内町手安９番地",
                      household_no=make_household_no(9), resident_code=resident_code(9)))  # fmt: skip
    row = "1,海野葵,,H2.4.12,,"
    list_id = t.a_list(row)
    assert t.entry_of(list_id, "1").vetoes == ["RIVAL_NEAR"]
    assert states(list_id)["1"] is State.REVIEW and count_waiting(actor=t.KAEDE) == 1
    far = min(
        (t.AOI, t.TWIN), key=lambda one: one == t.entry_of(list_id, "1").candidates[0]["person"]
    )
    protect(far)
    assert states(list_id)["1"] is State.NOBODY and count_waiting(actor=t.KAEDE) == 0
    assert states(list_id, t.NAGI)["1"] is State.REVIEW and count_waiting(actor=t.NAGI) == 1
    tried = taking.try_list(t.a_file(row), chosen=None, actor=t.KAEDE, gazetteer=gazetteer())
    assert (tried.auto, tried.review, tried.none) == (0, 0, 1)
    with pytest.raises(Refused) as refusal:
        choose(t.entry_of(list_id, "1"), t.AOI)
    assert codes(refusal) == ["ADDRESSEES_ROW_NOT_OPEN"]


@pytest.mark.parametrize("status", [Status.MOVED_OUT, Status.DEAD, Status.REMOVED])
def test_s3_who_is_gone_or_dead_is_asked_about_and_never_typed(status):
    t.settle(**{t.AOI: status})
    list_id = t.a_list()
    assert states(list_id)["1"] is State.REVIEW
    choose(t.entry_of(list_id, "1"), t.AOI)
    (task,) = tasks(list_id)
    assert (task.why, task.is_typed) == ((Why.GONE,), False)


# -- decided by people ---------------------------------------------------------------------


def test_what_waits_is_counted_for_who_can_decide_it_in_open_lists_only():
    t.settle()
    list_id = t.a_list()
    assert count_waiting(actor=t.KAEDE) == 2
    choose(t.entry_of(list_id, "2"), t.KOHEI)
    assert (count_waiting(actor=t.KAEDE), count_waiting(actor=t.HINA)) == (1, 2)
    unit.run(taking.close_list, list_id=list_id, actor=t.KAEDE, now=t.NOW)
    assert count_waiting(actor=t.HINA) == 0


def test_another_birth_date_wants_a_second_person_who_agrees():
    t.settle()
    entry = t.entry_of(t.a_list(), "2")
    assert choose(entry, t.KOHEI) is State.SECOND
    with pytest.raises(Refused) as refusal:
        choose(entry, t.KOHEI)
    assert codes(refusal) == ["ADDRESSEES_SECOND_IS_FIRST"]
    assert choose(entry, t.KOHEI, t.HINA) is State.LINKED
    entry.refresh_from_db()
    assert (entry.person_id, entry.means) == (t.KOHEI, "TWO_PERSONS")


@pytest.mark.parametrize("other", ["", None])
def test_two_who_disagree_settle_nothing(other):
    t.settle()
    entry = t.entry_of(t.a_list(), "4")
    choose(entry, t.HAN)
    if other is None:
        entry.refresh_from_db()
        entry.candidates.append({**entry.candidates[0], "person": t.UME})
        entry.save()
        other = t.UME
    assert choose(entry, other, t.HINA) is State.REVIEW
    entry.refresh_from_db()
    assert (entry.person_id, entry.first_by) == ("", "")


def test_a_moved_person_needs_one_press_only():
    t.settle()
    list_id = t.a_list("1,海野 葵,,H2.4.12,手安99,")
    assert t.entry_of(list_id, "1").vetoes == ["NAMESAKE_POSSIBLE"]
    assert choose(t.entry_of(list_id, "1"), t.AOI) is State.LINKED


def shown(list_id, actor=t.KAEDE):
    return queue_of(list_id, actor=actor, gazetteer=gazetteer()).entry


def test_a_waiting_row_is_compared_with_the_register_of_this_moment():
    t.settle()
    list_id = t.a_list("1,海野 葵,,H2.4.12,手安99,")
    assert shown(list_id).candidates[0]["levels"]["ADDRESS"] == Address.DIFFERS
    move(t.AOI, "鹿児島県大島郡瀬戸内町手安９９番地")
    assert shown(list_id).candidates[0]["levels"]["ADDRESS"] == Address.SAME
    assert shown(list_id).vetoes == ()
    # Married since: the surname is another one now, and wants a second person.
    serial = {"household_no": make_household_no(1), "resident_code": resident_code(1)}
    keep(make_version(t.AOI, 3, name="浜　葵", name_kana="ハマ　アオイ", birth="1990-04-12",
                      birth_sort=date(1990, 4, 12), address="鹿児島県大島郡瀬戸内町手安９９番地",
                      **serial))  # fmt: skip
    assert choose(t.entry_of(list_id, "1"), t.AOI) is State.SECOND
    assert t.entry_of(list_id, "1").candidates[0]["levels"]["SURNAME"] == Name.DIFFERS


def test_s7_a_row_that_came_to_be_about_somebody_hidden_waits_for_others_and_stops_nobody():
    t.settle()
    list_id = t.a_list("1,海野 葵,,H2.4.12,手安99,", "2,湊 航平,,S63.7.20,手安99,")
    Entry.objects.filter(row_id="1").update(candidates=[
        {**one, "person": t.UME} for one in t.entry_of(list_id, "1").candidates
    ])  # fmt: skip
    protect(t.AOI)
    assert shown(list_id).row_id == "2"
    assert shown(list_id, t.NAGI).row_id == "1"
    with pytest.raises(Refused) as refusal:
        choose(t.entry_of(list_id, "1"), t.AOI)
    assert codes(refusal) == ["ADDRESSEES_ROW_NOT_OPEN"]


def test_only_a_candidate_can_be_chosen_and_only_while_open():
    t.settle()
    list_id = t.a_list()
    with pytest.raises(Refused) as refusal:
        choose(t.entry_of(list_id, "2"), t.UME)
    assert codes(refusal) == ["ADDRESSEES_NOT_A_CANDIDATE"]
    with pytest.raises(Refused) as refusal:
        choose(t.entry_of(list_id, "1"), t.AOI)
    assert codes(refusal) == ["ADDRESSEES_ROW_NOT_OPEN"]


def test_ones_own_last_ten_can_be_taken_back_newest_of_a_row_first():
    t.settle()
    list_id = t.a_list()
    entry = t.entry_of(list_id, "2")
    choose(entry, "")
    assert states(list_id)["2"] is State.NOBODY
    (mine,) = last_choices(list_id, actor=t.KAEDE)
    with pytest.raises(Refused):
        unit.run(choosing.undo, choice_id=mine.choice_id, actor=t.HINA, now=t.NOW)
    unit.run(choosing.undo, choice_id=mine.choice_id, actor=t.KAEDE, now=t.NOW)
    assert states(list_id)["2"] is State.REVIEW
    assert Choice.objects.get().undone_at == t.NOW
    with pytest.raises(Refused) as refusal:
        unit.run(choosing.undo, choice_id=mine.choice_id, actor=t.KAEDE, now=t.NOW)
    assert codes(refusal) == ["ADDRESSEES_NOTHING_TO_UNDO"]


def test_what_a_second_person_built_on_is_not_taken_back():
    t.settle()
    entry = t.entry_of(t.a_list(), "2")
    choose(entry, t.KOHEI)
    first = Choice.objects.get()
    choose(entry, t.KOHEI, t.HINA)
    with pytest.raises(Refused) as refusal:
        unit.run(choosing.undo, choice_id=first.choice_id, actor=t.KAEDE, now=t.NOW)
    assert codes(refusal) == ["ADDRESSEES_NOTHING_TO_UNDO"]


def test_a_decided_row_can_be_asked_about_again():
    t.settle()
    list_id = t.a_list()
    entry = t.entry_of(list_id, "1")
    unit.run(choosing.look_again, entry_id=entry.entry_id, actor=t.KAEDE, now=t.NOW)
    assert states(list_id)["1"] is State.REVIEW
    nobody = t.entry_of(list_id, "5")
    with pytest.raises(Refused) as refusal:
        unit.run(choosing.look_again, entry_id=nobody.entry_id, actor=t.KAEDE, now=t.NOW)
    assert codes(refusal) == ["ADDRESSEES_ROW_NOT_DECIDED"]


# -- typed and written back ----------------------------------------------------------------


def test_only_differences_are_typed_and_a_move_elsewhere_brings_one_by_itself():
    t.settle()
    list_id = t.a_list()
    assert tasks(list_id) == ()
    move(t.AOI, "鹿児島県大島郡瀬戸内町手安９番地")
    (task,) = tasks(list_id)
    assert (task.why, task.before) == ((Why.MOVED,), "古仁屋高丘45-6")
    assert task.after == "鹿児島県大島郡瀬戸内町手安９番地"


def test_what_is_settled_is_not_read_again_until_its_record_changes(monkeypatch):
    t.settle()
    list_id = t.a_list()
    read = []
    whole = worklist.read_entries
    monkeypatch.setattr(worklist, "read_entries",
                        lambda ids, actor: read.append(len(ids)) or whole(ids, actor=actor))  # fmt: skip
    assert (tasks(list_id), read) == ((), [0])
    move(t.AOI, "鹿児島県大島郡瀬戸内町手安９番地")
    assert ([one.person_id for one in tasks(list_id)], read) == ([t.AOI], [0, 1])
    write(list_id, tasks(list_id))
    assert (tasks(list_id), read[-1]) == ((), 0)


def test_what_was_written_for_a_stay_is_looked_at_again_when_the_stay_ends():
    t.settle()
    list_id = t.a_list()
    stay = unit.run(writing.note_stay, person_id=t.AOI, address="鹿児島県奄美市名瀬幸町25番8号",
                    since=t.TODAY, until=None, actor=t.KAEDE, now=t.NOW)  # fmt: skip
    write(list_id, tasks(list_id))
    assert tasks(list_id) == ()
    unit.run(writing.end_stay, stay_id=stay, actor=t.KAEDE, now=t.NOW)
    (task,) = tasks(list_id)
    assert (task.why, task.before) == ((Why.MOVED,), "鹿児島県奄美市名瀬幸町25番8号")


def test_a_write_back_is_what_was_seen_and_can_be_taken_back():
    t.settle()
    list_id = t.a_list()
    move(t.AOI, "鹿児島県大島郡瀬戸内町手安９番地")
    done = write(list_id, tasks(list_id))
    assert tasks(list_id) == ()
    entry = t.entry_of(list_id, "1")
    assert (entry.sent_to, entry.address) == ("鹿児島県大島郡瀬戸内町手安９番地", "古仁屋高丘45-6")
    unit.run(writing.undo_write_back, write_back_id=done, actor=t.KAEDE, now=t.NOW)
    assert [one.before for one in tasks(list_id)] == ["古仁屋高丘45-6"]
    with pytest.raises(Refused) as refusal:
        unit.run(writing.undo_write_back, write_back_id=done, actor=t.KAEDE, now=t.NOW)
    assert codes(refusal) == ["ADDRESSEES_NOTHING_TO_UNDO"]


def test_who_moved_once_more_stops_the_write_back():
    t.settle()
    list_id = t.a_list()
    move(t.AOI, "鹿児島県大島郡瀬戸内町手安９番地")
    seen = tasks(list_id)
    move(t.AOI, "鹿児島県大島郡瀬戸内町諸鈍２番地", 3)
    with pytest.raises(Refused) as refusal:
        write(list_id, seen)
    assert codes(refusal) == ["ADDRESSEES_TASKS_CHANGED"]
    first = write(list_id, tasks(list_id))
    move(t.AOI, "鹿児島県大島郡瀬戸内町篠川７番地", 4)
    write(list_id, tasks(list_id))
    with pytest.raises(Refused) as refusal:
        unit.run(writing.undo_write_back, write_back_id=first, actor=t.KAEDE, now=t.NOW)
    assert codes(refusal) == ["ADDRESSEES_WRITTEN_AGAIN"]


def test_a_stay_goes_before_the_registered_address_while_it_holds():
    t.settle()
    list_id = t.a_list()
    with pytest.raises(Refused) as refusal:
        unit.run(writing.note_stay, person_id=t.AOI, address=" ", since=t.TODAY,
                 until=t.TODAY - timedelta(days=1), actor=t.KAEDE, now=t.NOW)  # fmt: skip
    assert codes(refusal) == ["ADDRESSEES_STAY_WITHOUT_ADDRESS", "DAYS_REVERSED"]
    stay = unit.run(
        writing.note_stay, person_id=t.AOI, address="鹿児島県奄美市名瀬幸町25番8号", since=t.TODAY,
        until=date(2027, 3, 31), actor=t.KAEDE, now=t.NOW,
    )  # fmt: skip
    (task,) = tasks(list_id)
    assert (task.why, task.after) == ((Why.STAY,), "鹿児島県奄美市名瀬幸町25番8号")
    assert tasks(list_id, on=date(2027, 4, 1)) == ()
    unit.run(writing.end_stay, stay_id=stay, actor=t.KAEDE, now=t.NOW)
    assert tasks(list_id) == ()


def test_s7_a_stay_of_somebody_protected_is_that_of_an_unknown_number():
    t.settle()
    protect(t.AOI)
    for person_id in (t.AOI, "000000990099990"):
        with pytest.raises(Refused) as refusal:
            unit.run(writing.note_stay, person_id=person_id, address="名瀬", since=t.TODAY,
                     until=None, actor=t.KAEDE, now=t.NOW)  # fmt: skip
        assert codes(refusal) == ["PERSON_UNKNOWN"]
