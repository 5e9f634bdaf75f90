"""From the office to the island and home on the real tables: sealed, cut, merged, settled, void."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.cards.models import Application, Card
from madoguchi.cards.tests.test_applications import ALL_PHOTO, LICENCE_AND_INSURANCE
from madoguchi.cards.tests.test_boxes import NOW, live, name_of, person_no
from madoguchi.cards.tests.test_handover import shelved
from madoguchi.infra import clock, unit
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Refused
from madoguchi.kit.actions import merging
from madoguchi.kit.actions.merging import merge
from madoguchi.kit.actions.preparing import ask_release, set_word
from madoguchi.kit.actions.sealing import seal
from madoguchi.kit.actions.settling import do_after_all, leave_town, revoke
from madoguchi.kit.documents.bundle_file import open_with_word
from madoguchi.kit.documents.journal import Journal, journal_of
from madoguchi.kit.documents.laptop import Laptop as LaptopOpen
from madoguchi.kit.documents.officer_words import stretch_word
from madoguchi.kit.domain.operations import Kind, Operation
from madoguchi.kit.models import OfficerWord, OperationRow, Trip
from madoguchi.protection.actions.unlocks import grant_unlock
from madoguchi.protection.api import list_waiting
from madoguchi.protection.models import Measure
from madoguchi.protection.testing import protect
from madoguchi.residence.actions.cases import open_case
from madoguchi.residence.api import away as checks
from madoguchi.residence.domain.case import Trigger
from madoguchi.residence.models import VisitRow

WORD = "なみ おと しま あさ かぜ"
SALT, DIGEST = stretch_word(WORD)
YORO = {"postcode": "894-2601"}
UNTIL = NOW + timedelta(hours=9)
GIVEN = {
    "visitor": "self", "documents": ["driving_licence"], "visitor_documents": [],
    "papers": ["issue_notice"], "age": None, "reason": "", "face_seen": True, "pin_set": True,
    "old_card": "NONE", "certificates": ["AUTH"], "fee_paid": False, "holder_present": False,
}  # fmt: skip
APPLIED = {
    "visitor": "self", "documents": LICENCE_AND_INSURANCE, "visitor_documents": [], "papers": [],
    "age": None, "holder_present": False, "has_licence": False, "delivery": "COUNTER",
    "photo": [one.value for one in ALL_PHOTO], "conditions": [], "sheet_label": "",
    "sheet_closed": False, "knows_lost_licence": False, "application_no": "", "application_id": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def today(db):
    with clock.frozen(NOW):
        yield


@pytest.fixture
def nagi():
    return staff.actor_for(staff.nagi())


class Laptop:
    """A kit that was opened: what is done with it is written as the laptop writes it."""

    def __init__(self, path, word):
        self.path, self.opened = path, open_with_word(path, word)
        self.bundle = self.opened.bundle
        self.last: dict[str, str] = {}

    def do(
        self, kind, *, subject="", person="", base=None, payload=None, at=NOW, op_id="", officer=""
    ):
        with Journal(
            journal_of(self.path), key=self.opened.key, trip_id=self.bundle.trip_id
        ) as journal:
            one = Operation(
                op_id=op_id or new_id(), number=len(journal.operations), kind=kind, at=at,
                subject=subject, person_id=person, base=base,
                after=self.last.get(subject, "") if base is not None else "",
                payload=payload or {}, officer=officer,
            )  # fmt: skip
            journal.add(one)
        self.last[subject] = one.op_id
        return one.op_id

    def hand_over(self, card, **given):
        brought = next(one for one in self.bundle.cards if one.card_id == card.card_id)
        return self.do(Kind.CARD_HANDED_OVER, subject=card.card_id, person=card.person_id,
                       base=brought.version, payload=GIVEN | given)  # fmt: skip


def out(tmp_path, actor, **given):
    values = {"area": "YORO", "until": UNTIL, "out": tmp_path / "yoro.kit", "officers": [actor],
              "actor": actor, "now": NOW} | given  # fmt: skip
    for one in values["officers"]:
        OfficerWord.objects.get_or_create(
            staff_id=one.staff_id, defaults={"salt": SALT, "digest": DIGEST, "set_at": NOW}
        )
    sealed = unit.run_long(seal, **values)
    return Laptop(values["out"], sealed.word), sealed


def home(laptop, actor, **given):
    return merge(laptop.path, actor=actor, now=NOW + timedelta(hours=10), **given).tally


def test_k5_only_the_people_of_that_island_come_along_and_nobody_who_is_held(tmp_path, nagi):
    for place in range(4):
        live(place, **(YORO if place else {"postcode": "894-1508"}))
    protect(person_no(2))
    laptop, sealed = out(tmp_path, nagi)
    assert {one.person_id for one in laptop.bundle.residents} == {person_no(1), person_no(3)}
    assert sealed.residents == 2 and Trip.objects.get().person_ids == [person_no(1), person_no(3)]
    (told,) = [one.note for one in list_entries(wanted=EntryFilter()).entries if one.note.action == "KIT_SEALED"]  # fmt: skip
    assert set(told.subjects) == {person_no(1), person_no(3)}


def test_nobody_to_take_along_and_nobody_who_may_are_refused(tmp_path, nagi):
    live(0, postcode="894-1508")
    for given, code in (({}, "KIT_NOBODY"), ({"officers": [staff.actor_for(staff.tsuru())]}, "NOT_ALLOWED")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            out(tmp_path, nagi, **given)
        assert refused.value.problems[0].code == code
    assert not Trip.objects.exists()


def test_k1_a_day_on_the_island_comes_home_through_the_rooms_own_actions(tmp_path, nagi):
    card = shelved(0, **YORO)
    live(1, **YORO)
    case_id = unit.run(
        open_case, household_no=f"{1:015}", person_ids=[person_no(1)], trigger=Trigger.FAMILY,
        actor=nagi, now=NOW,
    )  # fmt: skip
    laptop, sealed = out(tmp_path, nagi)
    assert (sealed.cards, sealed.cases) == (1, 1)
    laptop.do(Kind.LOOKED, person=person_no(1))
    laptop.hand_over(card)
    laptop.do(Kind.APPLICATION_TAKEN, subject=person_no(1), person=person_no(1), payload=APPLIED)
    laptop.do(Kind.VISIT_NOTED, subject=case_id, base=0,
              payload={"on": NOW.date().isoformat(), "officers": ["森", "碇山"], "seen": "SAME"})  # fmt: skip
    rehearsed = home(laptop, nagi, dry_run=True)
    assert (rehearsed.applied, OperationRow.objects.count()) == (4, 0)
    done = home(laptop, nagi)
    assert (done.operations, done.applied, done.conflicts) == (4, 4, 0) and done.adds_up
    card.refresh_from_db()
    # The day and the hands are those of the island, not of the merge.
    assert (card.state, card.handed_over_on, card.handed_over_by) == ("HANDED_OVER", NOW.date(), "nagi")  # fmt: skip
    assert Application.objects.get().state == "TAKEN" and VisitRow.objects.get().seen == "SAME"
    looked = [one.note for one in list_entries(wanted=EntryFilter()).entries if one.note.action == "KIT_LOOKED"]  # fmt: skip
    assert [one.subjects for one in looked] == [(person_no(1),)]
    again = home(laptop, nagi)
    assert (again.applied, again.already, again.adds_up) == (0, 4, True)
    assert Application.objects.count() == VisitRow.objects.count() == 1


def test_what_the_town_did_meanwhile_is_a_conflict_with_both_sides_kept(tmp_path, nagi):
    card = shelved(0, **YORO)
    laptop, _ = out(tmp_path, nagi)
    op_id = laptop.hand_over(card)
    Card.objects.filter(card_id=card.card_id).update(version=card.version + 1)
    done = home(laptop, nagi)
    assert (done.applied, done.conflicts, done.adds_up) == (0, 1, True)
    row = OperationRow.objects.get()
    assert (row.codes, row.base, row.town_version) == (["KIT_CHANGED_MEANWHILE"], card.version, card.version + 1)  # fmt: skip
    card.refresh_from_db()
    assert card.state == "SET_UP" and row.payload == GIVEN
    unit.run(do_after_all, op_id=op_id, actor=nagi, now=NOW)
    card.refresh_from_db()
    assert card.state == "HANDED_OVER" and OperationRow.objects.get().outcome == "APPLIED"
    with pytest.raises(Refused) as refused:
        unit.run(leave_town, op_id=op_id, actor=nagi, now=NOW)
    assert refused.value.problems[0].code == "KIT_SETTLED_ALREADY"


def test_what_a_room_refuses_is_a_conflict_with_its_reasons_and_nothing_half_done(tmp_path, nagi):
    card = shelved(0, **YORO)
    laptop, _ = out(tmp_path, nagi)
    laptop.hand_over(card, pin_set=False, face_seen=False)
    laptop.do(Kind.APPLICATION_TAKEN, subject=person_no(0), person=person_no(0), payload={"x": 1})
    assert home(laptop, nagi).conflicts == 2
    first, second = OperationRow.objects.order_by("number")
    assert {"HANDOVER_PIN_NOT_SET", "HANDOVER_FACE_NOT_SEEN"} <= set(first.codes)
    assert second.codes == ["BAD_INPUT"]
    card.refresh_from_db()
    assert card.state == "SET_UP" and not Application.objects.exists()
    assert home(laptop, nagi).already == 2


@pytest.mark.parametrize("hours", [-24, 10, 24 * 30])
def test_a_day_on_which_nobody_was_out_gets_into_no_record_by_itself(tmp_path, nagi, hours):
    card = shelved(0, **YORO)
    laptop, _ = out(tmp_path, nagi)
    laptop.do(Kind.CARD_HANDED_OVER, subject=card.card_id, person=card.person_id,
              base=card.version, payload=GIVEN, at=NOW + timedelta(hours=hours))  # fmt: skip
    assert home(laptop, nagi).conflicts == 1
    assert OperationRow.objects.get().codes == ["KIT_OUTSIDE_HOURS"]
    card.refresh_from_db()
    assert card.state == "SET_UP"
    unit.run(do_after_all, op_id=OperationRow.objects.get().op_id, actor=nagi, now=NOW)
    card.refresh_from_db()
    assert (card.state, card.handed_over_on) == ("HANDED_OVER", NOW.date())


def test_k1_cut_merges_on_the_real_tables_lose_and_double_nothing(tmp_path, nagi, monkeypatch):
    """Thirty operations; the merge dies at random operations and is run again."""
    cards = [shelved(place, **YORO) for place in range(6)]
    laptop, _ = out(tmp_path, nagi)
    dice = random.Random(11)
    handed = dice.sample(cards, 4)
    for number in range(26):
        laptop.do(Kind.LOOKED, person=person_no(number % 6))
        if number % 7 == 3:
            laptop.hand_over(handed[number // 7])
    real, dies_in = merging.bring_one, [0]

    def dies(*args, **given):
        found = real(*args, **given)
        dies_in[0] -= 1
        if dies_in[0] < 0:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(merging, "bring_one", dies)
    cuts = 0
    while True:
        dies_in[0] = dice.randrange(1, 9)
        try:
            done = home(laptop, nagi)
            break
        except KeyboardInterrupt:
            cuts += 1
    assert cuts >= 3 and done.operations == 30 and done.adds_up
    assert OperationRow.objects.count() == 30
    assert Card.objects.filter(state="HANDED_OVER").count() == 4
    told = [one.note.action for one in list_entries(wanted=EntryFilter(), limit=200).entries]
    assert told.count("KIT_LOOKED") == 26 and told.count("CARD_HANDED_OVER") == 4


def test_two_copies_of_one_laptop_take_no_name_twice(tmp_path, nagi):
    live(0, **YORO)
    laptop, _ = out(tmp_path, nagi)
    laptop.do(Kind.LOOKED, person=person_no(0), op_id="a" * 26)
    assert home(laptop, nagi).applied == 1
    journal_of(laptop.path).unlink()
    laptop.do(Kind.LOOKED, person=person_no(0), op_id="a" * 26, at=NOW + timedelta(minutes=1))
    done = home(laptop, nagi)
    assert (done.conflicts, done.lost, done.doubled) == (1, 0, 0)
    assert OperationRow.objects.get().at == NOW


def test_k6_a_void_kit_is_refused_whole_and_nobody_has_its_key_any_more(tmp_path, nagi):
    card = shelved(0, **YORO)
    laptop, sealed = out(tmp_path, nagi)
    laptop.hand_over(card)
    unit.run(revoke, trip_id=sealed.trip_id, why="船に置き忘れた", actor=nagi, now=NOW)
    with pytest.raises(Refused) as refused:
        home(laptop, nagi)
    assert refused.value.problems[0].code == "KIT_REVOKED"
    assert not OperationRow.objects.exists() and bytes(Trip.objects.get().wrapped_key) == b""
    for why, code in (("", "KIT_WHY_MISSING"), ("また", "KIT_REVOKED")):
        with pytest.raises(Refused) as refused:
            unit.run(revoke, trip_id=sealed.trip_id, why=why, actor=nagi, now=NOW)
        assert code in {one.code for one in refused.value.problems}


# -- pages -----------------------------------------------------------------------------------------


@pytest.fixture
def conflict(client, tmp_path, nagi):
    card = shelved(0, **YORO)
    laptop, sealed = out(tmp_path, nagi)
    op_id = laptop.hand_over(card)
    Card.objects.filter(card_id=card.card_id).update(version=card.version + 1)
    home(laptop, nagi)
    return staff.signed_in(client, staff.kaede()), sealed.trip_id, op_id


def at(name, *args):
    return reverse(f"kit:{name}", args=args)


def test_a_conflict_is_shown_side_by_side_and_settled_with_one_press(conflict):
    client, trip_id, op_id = conflict
    assert "与路島" in (page := client.get(at("trips")).text) and "未決" in page
    page = client.get(at("trip", trip_id)).text
    assert (
        name_of(0) in page
        and "島にいる間に、町の記録が変わりました" in page
        and "島でしたこと" in page
    )
    told = [one.note for one in list_entries(wanted=EntryFilter()).entries if one.note.action == "KIT_TRIP"]  # fmt: skip
    assert told[0].subjects == (person_no(0),)
    assert client.post(at("settle", trip_id), {"op_id": op_id, "how": "do"}).status_code == 302
    assert Card.objects.get().state == "HANDED_OVER"
    assert "食い違い 1件" not in client.get(at("trip", trip_id)).text


def test_the_towns_record_may_stay(conflict):
    client, trip_id, op_id = conflict
    assert client.post(at("settle", trip_id), {"op_id": op_id, "how": "leave"}).status_code == 302
    assert OperationRow.objects.get().outcome == "DROPPED" and Card.objects.get().state == "SET_UP"


def test_a_lost_laptop_is_made_void_and_told_whom_it_held(conflict):
    client, trip_id, _ = conflict
    assert client.post(at("revoke", trip_id), {"why": ""}).status_code == 422
    assert client.post(at("revoke", trip_id), {"why": "船に置き忘れた"}).status_code == 302
    page = client.get(at("trip", trip_id)).text
    assert "無効にしました" in page and name_of(0) in page and "1枚" in page


@pytest.mark.parametrize("name", ["trips", "trip", "settle", "revoke"])
def test_another_section_sees_nothing(conflict, name):
    client, trip_id, op_id = conflict
    staff.signed_in(client, staff.tsuru())
    ask = client.post if name in ("settle", "revoke") else client.get
    answer = ask(at(name, *([] if name == "trips" else [trip_id])), {"op_id": op_id, "how": "do", "why": "x"})  # fmt: skip
    assert answer.status_code == 403 and name_of(0) not in answer.text
    assert Card.objects.get().state == "SET_UP"


def test_bad_input_and_what_is_not_there(conflict):
    client, trip_id, _ = conflict
    for given, code in (({"how": "dance"}, "BAD_INPUT"), ({"how": "do", "op_id": "x"}, "KIT_OPERATION_UNKNOWN")):  # fmt: skip
        answer = client.post(at("settle", trip_id), given)
        assert answer.status_code == 422 and code in answer.text
    for name in ("trip", "settle", "revoke"):
        ask = client.get if name == "trip" else client.post
        assert ask(at(name, "z" * 26), {"how": "do", "why": "x"}).status_code in (404, 422)


def test_k7_who_is_protected_since_is_on_no_page_of_a_trip_for_others(conflict):
    client, trip_id, op_id = conflict
    protect(person_no(0))
    assert name_of(0) not in client.get(at("trip", trip_id)).text
    assert "未決" not in client.get(at("trips")).text
    answer = client.post(at("settle", trip_id), {"op_id": op_id, "how": "do"})
    assert answer.status_code == 422 and "KIT_OPERATION_UNKNOWN" in answer.text
    client.post(at("revoke", trip_id), {"why": "なくした"})
    page = client.get(at("trip", trip_id)).text
    assert name_of(0) not in page and "0人" in page


# -- who goes, and whom two officers release -----------------------------------------------------


def refused(call, *args, **given):
    with pytest.raises(Refused) as said:
        call(*args, **given)
    return [one.code for one in said.value.problems]


def test_k12_nobody_goes_without_a_word_they_set_themselves_and_one_word_is_for_one_kit(
    tmp_path, nagi
):
    live(0, **YORO)
    kaede = staff.actor_for(staff.kaede())
    given = {"area": "YORO", "until": UNTIL, "officers": [nagi], "actor": kaede, "now": NOW}
    seal_now = lambda name: unit.run_long(seal, out=tmp_path / name, **given)  # noqa: E731  one call
    assert refused(seal_now, "a.kit") == ["KIT_OFFICER_WORD_MISSING"]
    for word, again, code in (
        ("みじかい", "みじかい", "KIT_OFFICER_WORD_LENGTH"), ("a" * 12, "a" * 12, "KIT_OFFICER_WORD_EASY"),
        ("nagi no himitsu desu", "nagi no himitsu desu", "KIT_OFFICER_WORD_EASY"),
        (WORD, "ちがうことばをならべる", "KIT_OFFICER_WORD_TWICE"),
    ):  # fmt: skip
        assert refused(unit.run, set_word, word=word, again=again, actor=nagi, now=NOW) == [code]
    unit.run(set_word, word=WORD, again=WORD, actor=nagi, now=NOW)
    assert WORD not in str(list(OfficerWord.objects.values()))
    with clock.frozen(NOW + timedelta(hours=25)):
        assert refused(
            unit.run_long,
            seal,
            out=tmp_path / "b.kit",
            **given | {"now": NOW + timedelta(hours=25)},
        ) == ["KIT_OFFICER_WORD_MISSING"]
    seal_now("c.kit")
    assert refused(seal_now, "d.kit") == ["KIT_OFFICER_WORD_MISSING"]


def test_k12_who_seals_for_themselves_alone_is_known_by_the_kits_word_and_in_no_other_name(
    tmp_path, nagi
):
    live(0, **YORO)
    kaede = staff.actor_for(staff.kaede())
    given = {"area": "YORO", "until": UNTIL, "actor": nagi, "now": NOW}
    path = tmp_path / "own.kit"
    assert (
        refused(unit.run_long, seal, out=tmp_path / "two.kit", officers=[nagi, kaede], **given)
        == ["KIT_OFFICER_WORD_MISSING"] * 2
    )
    sealed = unit.run_long(seal, out=path, officers=[nagi], **given)
    opened = LaptopOpen(path, open_with_word(path, sealed.word))
    try:
        assert opened.officer_of("").staff_id == "nagi"
        assert refused(opened.sign_in, "nagi", "") == ["KIT_OFFICER_WORD_WRONG"]
    finally:
        opened.close()


def test_k12_an_operation_comes_home_in_the_name_of_who_did_it_and_a_strangers_not_at_all(
    tmp_path, nagi
):
    live(0, **YORO)
    kaede = staff.actor_for(staff.kaede())
    laptop, _ = out(tmp_path, nagi, officers=[nagi, kaede])
    for officer in ("nagi", "kaede", "kai"):
        laptop.do(Kind.LOOKED, person=person_no(0), officer=officer)
    done = home(laptop, nagi)
    assert (done.applied, done.conflicts) == (2, 1)
    looked = [one.note for one in list_entries(wanted=EntryFilter()).entries if one.note.action == "KIT_LOOKED"]  # fmt: skip
    assert {one.staff_id for one in looked} == {"nagi", "kaede"}
    assert OperationRow.objects.get(outcome="CONFLICT").codes == ["KIT_OFFICER_NOT_ALONG"]


def test_with_several_officers_comes_along_only_what_each_of_them_may_see(tmp_path, nagi):
    shelved(0, **YORO)
    case = {"household_no": f"{0:015}", "person_ids": [person_no(0)], "trigger": Trigger.FAMILY}
    unit.run(open_case, **case, actor=nagi, now=NOW)
    kaede = staff.actor_for(staff.kaede())
    laptop, _ = out(tmp_path, nagi, officers=[nagi, kaede])
    alone = checks.cases_of([person_no(0)], actor=kaede)
    assert len(laptop.bundle.cases) == len(alone) and len(laptop.bundle.cards) == 1


def release_asked(actor, people, **given):
    return unit.run(
        ask_release, **{"area": "YORO", "person_ids": people, "reason": "本人の希望", "actor": actor,
                        "now": NOW} | given
    )  # fmt: skip


def granted(actor):
    (waiting,) = list_waiting(actor=actor).unlocks
    unit.run(grant_unlock, actor=actor, unlock_id=waiting.unlock.unlock_id)


@pytest.fixture
def kai():
    return staff.actor_for(staff.kai())


@pytest.fixture
def island(nagi):
    for place in range(3):
        live(place, **YORO)
    protect(person_no(1))


def ids_of(laptop):
    return {one.person_id: one.held for one in laptop.bundle.residents}


def test_k13_who_is_held_comes_along_once_when_two_officers_released_them_for_this_trip(
    tmp_path, nagi, kai, island
):
    trip_id = release_asked(nagi, [person_no(1)])
    # One officer is not two.
    assert refused(out, tmp_path, nagi, release=trip_id) == ["UNLOCK_NOT_GRANTED"]
    assert refused(granted, nagi) == ["SECOND_OFFICER_IS_FIRST"]
    granted(kai)
    # Not another area's, not another officer's trip, not another trip at all.
    assert refused(out, tmp_path, nagi, release=new_id()) == ["KIT_RELEASE_UNKNOWN"]
    assert refused(out, tmp_path, kai, release=trip_id) == ["UNLOCK_OF_ANOTHER"]
    laptop, sealed = out(tmp_path, nagi, release=trip_id)
    assert sealed.trip_id == trip_id
    assert ids_of(laptop) == {person_no(0): False, person_no(1): True, person_no(2): False}
    assert refused(out, tmp_path, nagi, release=trip_id) == ["KIT_RELEASE_UNKNOWN"]
    # Without it, as ever: nobody who is held, and nothing that tells.
    plain, _ = out(tmp_path, nagi, out=tmp_path / "plain.kit")
    assert ids_of(plain) == {person_no(0): False, person_no(2): False}
    told = {
        one.note.action: one.note for one in list_entries(wanted=EntryFilter(), limit=200).entries
    }
    assert told["KIT_RELEASE_ASKED"].subjects == (person_no(1),)
    assert {"PROTECTION_UNLOCK_PROPOSED", "PROTECTION_UNLOCK_GRANTED", "PROTECTION_UNLOCK_USED"} <= set(told)  # fmt: skip


def test_k13_a_release_is_for_minutes_for_its_area_and_for_who_was_named(
    tmp_path, nagi, kai, island
):
    protect(person_no(2))
    trip_id = release_asked(nagi, [person_no(1)])
    granted(kai)
    assert refused(out, tmp_path, nagi, release=trip_id, area="UKE") == ["KIT_RELEASE_UNKNOWN"]
    with clock.frozen(NOW + timedelta(hours=1)):
        assert refused(out, tmp_path, nagi, release=trip_id) == ["UNLOCK_EXPIRED"]
    laptop, _ = out(tmp_path, nagi, release=trip_id)
    assert person_no(1) in ids_of(laptop) and person_no(2) not in ids_of(laptop)
    # What was looked at is not what stands now: nothing opens.
    again = release_asked(nagi, [person_no(2)])
    granted(kai)
    Measure.objects.filter(members__person_id=person_no(2)).update(version=F("version") + 1)
    assert refused(out, tmp_path, nagi, release=again, out=tmp_path / "b.kit") == ["STALE_STATE"]


def test_k13_only_somebody_held_there_can_be_asked_for_and_only_by_who_may_know(nagi, island):
    for people in ([], [person_no(0)], [person_no(1), person_no(0)]):
        assert refused(release_asked, nagi, people) == ["KIT_RELEASE_WHOM"]
    kaede = staff.actor_for(staff.kaede())
    assert refused(release_asked, kaede, [person_no(1)]) == ["KIT_RELEASE_WHOM"]


def test_k13_on_the_laptop_who_is_held_is_there_for_no_other_eyes(tmp_path, nagi, kai, island):
    kaede = staff.actor_for(staff.kaede())
    trip_id = release_asked(nagi, [person_no(1)])
    granted(kai)
    laptop, _ = out(tmp_path, nagi, officers=[nagi, kaede], release=trip_id)
    opened = LaptopOpen(laptop.path, laptop.opened)
    try:
        eyes = {one: opened.officer_of(opened.sign_in(one, WORD)) for one in ("nagi", "kaede")}
        assert opened.resident(person_no(1), officer=eyes["nagi"]) is not None
        assert opened.resident(person_no(1), officer=eyes["kaede"]) is None
        assert len(opened.search("", officer=eyes["nagi"])) == 3
        assert len(opened.search("", officer=eyes["kaede"])) == 2
    finally:
        opened.close()


def test_the_page_of_ones_word(client, db):
    staff.signed_in(client, staff.kaede())
    assert "決めてあります" not in client.get(at("word")).text
    assert client.post(at("word"), {"word": "x", "again": "x"}).status_code == 422
    assert client.post(at("word"), {}).status_code == 422
    assert client.post(at("word"), {"word": WORD, "again": WORD}).status_code == 302
    page = client.get(at("word")).text
    assert "決めてあります" in page and "--officer kaede" in page and WORD not in page
    assert OfficerWord.objects.get().staff_id == "kaede"
    staff.signed_in(client, staff.tsuru())
    assert client.get(at("word")).status_code == 403


def test_the_page_of_a_release(client, island):
    staff.signed_in(client, staff.nagi())
    page = client.get(at("release", "YORO")).text
    assert name_of(1) in page and name_of(0) not in page
    assert client.post(at("release", "YORO"), {"reason": ""}).status_code == 422
    wrong = client.post(at("release", "YORO"), {"person_ids": [person_no(0)], "reason": "x"})
    assert wrong.status_code == 422
    answer = client.post(
        at("release", "YORO"), {"person_ids": [person_no(1)], "reason": "本人の希望"}
    )
    assert answer.status_code == 200 and "--released" in answer.text
    assert client.get(at("release", "MOON")).status_code == 404
    assert "持ち出すとき" in client.get(at("trips")).text
    staff.signed_in(client, staff.kai())
    assert "島の日の持ち出し" in client.get(reverse("protection:second")).text
    for member in (staff.kaede(), staff.tsuru()):
        staff.signed_in(client, member)
        answer = client.get(at("release", "YORO"))
        assert answer.status_code == 403 and name_of(1) not in answer.text
    staff.signed_in(client, staff.kaede())
    assert "持ち出すとき" not in client.get(at("trips")).text
