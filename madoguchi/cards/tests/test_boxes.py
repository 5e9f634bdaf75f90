"""A box from arrival to disposal on the real tables: counts, places, wrong cards, who sees what."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from madoguchi.cards.actions import boxes, settling
from madoguchi.cards.domain.boxes import Disposal, Line
from madoguchi.cards.domain.card import CardKind, CardState, Printed
from madoguchi.cards.domain.faults import FaultCode
from madoguchi.cards.models import Box, Card, CardEvent, Fault
from madoguchi.cards.queries import boxes as seen
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import protect
from madoguchi.register.testing import (
    Reason,
    Status,
    clerk,
    keep,
    make_version,
    resident_code,
)
from madoguchi.web import messages

NOW = datetime(2026, 11, 27, 9, tzinfo=clock.JAPAN)
TODAY = NOW.date()
KAEDE = clerk()
NAGI = clerk(Right.FILE_CHANGE, Right.SEE_PROTECTED, staff_id="nagi")
TSURU = clerk(Right.SEARCH, staff_id="tsuru")
ADDRESS = "鹿児島県大島郡瀬戸内町大字古仁屋{}番地"


def person_no(place):
    return make_addressee_no(place + 1)


def name_of(place):
    return f"浜　{'甲乙丙丁戊己庚辛壬癸'[place % 10]}{place}"


def birth_of(place):
    return date(1960, 1, 1) + timedelta(days=37 * place)


def live(place, **given):
    """Enter one person of the town on the register."""
    values = {
        "name": name_of(place), "name_kana": f"ハマ　カナ{place}", "birth_sort": birth_of(place),
        "birth": str(birth_of(place)), "address": ADDRESS.format(place + 1),
        "household_no": f"{place:015}", "resident_code": resident_code(place + 1),
    }  # fmt: skip
    keep(make_version(person_no(place), **(values | given)))


def notice_no(place):
    return f"A1B-{place:06}"


def line_of(place, **printed):
    values = {
        "name": name_of(place), "kana": f"ハマ　カナ{place}", "birth_on": birth_of(place),
        "address": ADDRESS.format(place + 1), "made_on": date(2026, 11, 10),
        "expires_on": date(2036, 11, 10),
    }  # fmt: skip
    return Line(
        notice_no=notice_no(place), kind=CardKind.NEW, printed=Printed(**(values | printed))
    )


def open_box(lines, *, box_no="2026-031", counted_in=None, actor=KAEDE):
    return unit.run(
        boxes.open_box, box_no=box_no, received_on=TODAY, counted_in=counted_in or len(lines),
        lines=lines, actor=actor, now=NOW,
    )  # fmt: skip


def scan(text, *, box_no="2026-031", actor=KAEDE):
    return unit.run(boxes.scan, box_no=box_no, text=text, actor=actor, now=NOW)


def refused(action, *args, **given):
    with pytest.raises(Refused) as refusal:
        unit.run(action, *args, **given)
    messages.render_all(refusal.value.problems)
    return [one.code for one in refusal.value.problems]


def faults_of(number):
    found = Fault.objects.filter(card__notice_no=number, settled_at__isnull=True)
    return {FaultCode(code) for code in found.values_list("code", flat=True)}


def hold(person_ids):
    for person_id in person_ids:
        protect(person_id)


def card(number):
    return Card.objects.get(notice_no=number)


@pytest.fixture(autouse=True)
def today(db):
    with clock.frozen(NOW):
        yield


# -- from the box to the shelf ---------------------------------------------------------------


def test_l1_forty_cards_take_forty_scans_and_two_presses():
    """Opening is one press, each card one scan, closing one press: nothing else is needed."""
    presses = scans = 0
    for place in range(40):
        live(place)
    open_box([line_of(place) for place in range(40)])
    presses += 1
    for place in range(40):
        assert scan(notice_no(place)).is_right
        scans += 1
    unit.run(boxes.empty_box, box_no="2026-031", counted_out=40, actor=KAEDE, now=NOW)
    presses += 1
    assert (scans, presses) == (40, 2)
    kept = list(Card.objects.order_by("shelf_order"))
    assert [one.notice_no for one in kept] == [notice_no(place) for place in range(40)]
    assert kept[0].shelf == "A-1-01"
    assert [one.person_id for one in kept] == [person_no(place) for place in range(40)]
    assert {one.state for one in kept} == {"ARRIVED"}
    assert CardEvent.objects.filter(verb="SCANNED").count() == 40


@pytest.mark.parametrize(
    ("counted_in", "scanned", "counted_out"), [(3, 2, 2), (2, 2, 3), (3, 3, 2)]
)
def test_l1_a_box_stays_open_until_all_counts_are_one(counted_in, scanned, counted_out):
    for place in range(scanned):
        live(place)
    open_box([line_of(place) for place in range(scanned)], counted_in=counted_in)
    for place in range(scanned):
        scan(notice_no(place))
    codes = refused(
        boxes.empty_box, box_no="2026-031", counted_out=counted_out, actor=KAEDE, now=NOW
    )
    assert set(codes) <= {"CARD_BOX_SCANNED_DIFFERS", "CARD_BOX_OUT_DIFFERS"}
    assert Box.objects.get().emptied_at is None


def test_l1_the_table_itself_refuses_an_emptied_box_with_other_counts():
    open_box([line_of(0)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Box.objects.update(emptied_at=NOW, counted_out=2)


def test_a_listed_card_that_is_not_there_keeps_the_box_open_until_somebody_knows():
    live(0)
    open_box([line_of(0), line_of(1)], counted_in=1)
    scan(notice_no(0))
    given = {"box_no": "2026-031", "counted_out": 1, "actor": KAEDE, "now": NOW}
    assert refused(boxes.empty_box, **given) == ["CARD_BOX_NOT_SEEN"]
    unit.run(boxes.empty_box, **given, without_listed=True)
    assert Box.objects.get().emptied_at == NOW


def test_l2_the_same_card_is_never_two_rows():
    live(0)
    open_box([line_of(0)])
    scan(notice_no(0))
    assert refused(boxes.scan, box_no="2026-031", text="a1b000000", actor=KAEDE, now=NOW) == [
        "CARD_SCANNED_BEFORE"
    ]
    open_box([line_of(1)], box_no="2026-032")
    given = {"box_no": "2026-032", "text": notice_no(0), "actor": KAEDE, "now": NOW}
    assert refused(boxes.scan, **given) == ["CARD_IN_ANOTHER_BOX"]
    assert Card.objects.count() == 1


def test_a_scan_taken_back_frees_its_place_and_may_come_again():
    live(0)
    open_box([line_of(0)])
    first = scan(notice_no(0))
    unit.run(boxes.take_back_scan, box_no="2026-031", actor=KAEDE, now=NOW)
    assert (card(notice_no(0)).state, card(notice_no(0)).shelf) == ("RETURNED", "")
    again = scan(notice_no(0))
    assert (again.card_id, again.shelf) == (first.card_id, first.shelf)
    verbs = CardEvent.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["SCANNED", "SCAN_TAKEN_BACK", "SCANNED"]


def test_l3_two_cards_never_stand_in_one_place():
    live(0)
    live(1)
    open_box([line_of(0), line_of(1)])
    scan(notice_no(0))
    scan(notice_no(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.filter(notice_no=notice_no(1)).update(shelf="A-1-01")


def test_l4_the_history_only_grows():
    live(0)
    open_box([line_of(0)])
    scan(notice_no(0))
    with pytest.raises(IntegrityError), transaction.atomic():
        CardEvent.objects.update(verb="OTHER")


def test_a_full_cabinet_says_so(monkeypatch):
    monkeypatch.setattr(boxes, "shelves_on", lambda _: ())
    open_box([line_of(0)])
    given = {"box_no": "2026-031", "text": notice_no(0), "actor": KAEDE, "now": NOW}
    assert refused(boxes.scan, **given) == ["CARD_CABINET_FULL"]


def test_an_emptied_box_is_disposed_of_once():
    live(0)
    open_box([line_of(0)])
    given = {
        "box_no": "2026-031",
        "how": Disposal.SHREDDED,
        "on": TODAY,
        "actor": KAEDE,
        "now": NOW,
    }
    assert refused(boxes.dispose_of_box, **given) == ["CARD_BOX_NOT_EMPTY"]
    scan(notice_no(0))
    unit.run(boxes.empty_box, box_no="2026-031", counted_out=1, actor=KAEDE, now=NOW)
    unit.run(boxes.dispose_of_box, **given)
    box = Box.objects.get()
    assert (box.disposed_on, box.disposed_how, box.disposed_by) == (TODAY, "SHREDDED", "KAEDE")
    assert refused(boxes.dispose_of_box, **given) == ["CARD_BOX_GONE"]


def test_whoever_may_not_handle_cards_handles_none():
    open_box([line_of(0)])
    for action, given in (
        (boxes.open_box, {"box_no": "B", "received_on": TODAY, "counted_in": 1}),
        (boxes.scan, {"box_no": "2026-031", "text": notice_no(0)}),
        (boxes.take_back_scan, {"box_no": "2026-031"}),
        (boxes.empty_box, {"box_no": "2026-031", "counted_out": 0}),
        (settling.judge_kept, {}),
    ):
        assert refused(action, **given, actor=TSURU, now=NOW) == ["CARD_RIGHT_MISSING"]


def test_all_that_is_wrong_with_a_new_box_at_once():
    given = {"box_no": "箱", "received_on": TODAY + timedelta(days=1), "counted_in": 0}
    assert refused(boxes.open_box, **given, actor=KAEDE, now=NOW) == [
        "CARD_BOX_NO_UNREADABLE", "CARD_BOX_AHEAD", "CARD_BOX_COUNT",
    ]  # fmt: skip


# -- wrong cards -----------------------------------------------------------------------------


def test_l5_every_planted_fault_is_found_and_no_right_card_is_stopped():
    """1,000 cards, some hundred planted faults of every kind the records can tell."""
    plant = {
        0: ("MOVED", {"address": ADDRESS.format(9_000)}, {}),
        1: ("DIED", {"status": "DEAD", "removed_sort": date(2026, 11, 20)}, {}),
        2: ("MOVED_OUT", {"status": "MOVED_OUT", "removed_sort": date(2026, 11, 20)}, {}),
        3: ("NAME_CHANGED", {}, {}),
        4: ("PROTECTED", {}, {}),
        5: ("EXPIRED", {}, {"expires_on": date(2026, 11, 26)}),
        6: ("TWO_CARDS", {}, {}),
        7: ("WRONG_BOX", {}, {}),
        8: ("NOT_LISTED", {}, {}),
        9: ("MOVING_OUT", {"status": "MOVE_OUT_PLANNED", "removed_sort": date(2026, 12, 20)}, {}),
    }
    count, lines, other, planted = 1_000, [], [], {}
    for place in range(count):
        what, lives, printed = plant[place // 10 % 10] if place % 10 == 0 else ("", {}, {})
        if lives.get("status"):
            lives = {**lives, "status": Status(lives["status"])}
        live(place, **lives)
        if what:
            planted[notice_no(place)] = what
        if what == "NAME_CHANGED":
            _rename(place)
        if what == "TWO_CARDS":
            line = line_of(place)
            lines.append(Line(notice_no=f"Z9Z-{place:06}", kind=line.kind, printed=line.printed))
            planted[f"Z9Z-{place:06}"] = what
        if what == "WRONG_BOX":
            other.append(line_of(place, **printed))
        elif what != "NOT_LISTED":
            lines.append(line_of(place, **printed))
    hold(
        [person_no(place) for place in range(count) if planted.get(notice_no(place)) == "PROTECTED"]
    )
    open_box(other, box_no="OTHER")
    numbers = [line.notice_no for line in lines]
    numbers += [line.notice_no for line in other]
    numbers += [number for number, what in planted.items() if what == "NOT_LISTED"]
    found = _judge_at_once(lines, numbers)
    missed = {
        number: what
        for number, what in planted.items()
        # Nobody's card without a list: that it is not listed is told, and so is that.
        if FaultCode[what] not in found.get(number, set())
    }
    false_alarms = set(found) - set(planted)
    assert missed == {}
    assert len(planted) == 110
    assert false_alarms == set()


def _judge_at_once(lines, numbers):
    """Put the cards on the table as scans do, and look at all of them in one go."""
    open_box(lines, counted_in=len(numbers))
    box = Box.objects.get(box_no="2026-031")
    by_number = {one.notice_no: one for one in lines}
    columns = ("printed_name", "printed_kana", "printed_birth", "printed_address", "made_on")
    listed = {one.notice_no: one for one in boxes.BoxLine.objects.all()}
    for place, number in enumerate(numbers):
        row = listed.get(number)
        values = {name: getattr(row, name) for name in (*columns, "expires_on")} if row else {}
        Card.objects.create(
            card_id=f"{place:026}", notice_no=number, kind="NEW", state="ARRIVED", box=box,
            changed_at=NOW, **values,
        )  # fmt: skip
    assert by_number
    unit.run_long(settling.judge_kept, actor=NAGI, now=NOW)
    found = {}
    for number, code in Fault.objects.values_list("card__notice_no", "code"):
        found.setdefault(number, set()).add(FaultCode(code))
    return found


def _rename(place):
    keep(
        make_version(
            person_no(place), history_no=2, reason=Reason.AMEND_EX_OFFICIO,
            name=f"潮　改{place}", name_kana=f"ウシオ　カイ{place}", birth_sort=birth_of(place),
            birth=str(birth_of(place)), address=ADDRESS.format(place + 1),
            household_no=f"{place:015}", resident_code=resident_code(place + 1),
            effective_on=date(2026, 11, 15),
        )
    )  # fmt: skip


def test_l6_what_was_right_when_it_came_is_looked_at_again_before_a_letter():
    live(0)
    open_box([line_of(0)])
    assert scan(notice_no(0)).is_right
    hold([person_no(0)])
    assert unit.run(settling.judge_kept, actor=KAEDE, now=NOW) == (1, 1)
    assert faults_of(notice_no(0)) == {FaultCode.PROTECTED}
    assert card(notice_no(0)).state == CardState.WRONG.value


def test_an_accepted_reason_holds_until_the_record_changes():
    live(0, address=ADDRESS.format(77))
    open_box([line_of(0)])
    assert not scan(notice_no(0)).is_right
    given = {
        "card_id": card(notice_no(0)).card_id,
        "code": FaultCode.MOVED,
        "actor": KAEDE,
        "now": NOW,
    }
    version = card(notice_no(0)).version
    assert refused(settling.accept_fault, **given, reason=" ", version=version) == [
        "CARD_REASON_MISSING"
    ]
    unit.run(settling.accept_fault, **given, reason="電話で確かめた", version=version)
    assert card(notice_no(0)).state == "ARRIVED"
    unit.run(settling.judge_kept, actor=KAEDE, now=NOW)
    assert faults_of(notice_no(0)) == set()
    keep(
        make_version(
            person_no(0), history_no=2, name=name_of(0), birth_sort=birth_of(0), birth="x",
            address=ADDRESS.format(78), household_no=f"{0:015}", resident_code=resident_code(1),
        )
    )  # fmt: skip
    unit.run(settling.judge_kept, actor=KAEDE, now=NOW)
    assert faults_of(notice_no(0)) == {FaultCode.MOVED}


def test_what_cannot_be_accepted_stays():
    open_box([line_of(0)])
    scan(notice_no(0))
    one = card(notice_no(0))
    given = {"card_id": one.card_id, "version": one.version, "actor": KAEDE, "now": NOW}
    assert refused(settling.accept_fault, **given, code=FaultCode.NOBODY, reason="x") == [
        "CARD_FAULT_NOT_ACCEPTABLE"
    ]


def test_two_clerks_at_one_card_do_not_overwrite_each_other():
    live(0, address=ADDRESS.format(77))
    open_box([line_of(0)])
    scan(notice_no(0))
    one = card(notice_no(0))
    given = {"card_id": one.card_id, "version": one.version, "actor": KAEDE, "now": NOW}
    unit.run(settling.accept_fault, **given, code=FaultCode.MOVED, reason="確認済み")
    assert refused(settling.note_fault, **given, code=FaultCode.FACE) == ["CARD_CHANGED_MEANWHILE"]


def test_without_a_list_the_name_is_typed_and_finds_the_holder():
    live(0)
    open_box([], counted_in=1)
    scan(notice_no(0))
    assert faults_of(notice_no(0)) == {FaultCode.NOBODY}
    one = card(notice_no(0))
    printed = Printed(name=name_of(0), birth_on=birth_of(0))
    unit.run(
        settling.write_printed, card_id=one.card_id, printed=printed, version=one.version,
        actor=KAEDE, now=NOW,
    )  # fmt: skip
    assert card(notice_no(0)).person_id == person_no(0)
    assert card(notice_no(0)).state == "ARRIVED"


# -- L7: who may not know of held people ------------------------------------------------------


def test_l7_a_held_persons_card_reads_like_one_nobody_is_settled_for():
    live(0)
    live(1)
    twin = {"name": name_of(1), "birth_sort": birth_of(1), "birth": str(birth_of(1))}
    keep(
        make_version(
            person_no(50), resident_code=resident_code(51), household_no=f"{50:015}", **twin
        )
    )
    hold([person_no(0)])
    open_box([line_of(0), line_of(1)])
    scan(notice_no(0))
    scan(notice_no(1))
    rin, unsure = sorted(seen.last_scans("2026-031", actor=KAEDE), key=lambda row: row.notice_no)
    for row in (rin, unsure):
        assert (row.name, row.kana, row.birth_on, row.person_id) == ("", "", None, "")
        assert row.faults == (FaultCode.UNSURE,)
        assert row.state is CardState.WRONG
    shown = seen.find_by_notice(notice_no(0), actor=NAGI)
    assert shown.name == name_of(0)
    assert shown.faults == (FaultCode.PROTECTED,)
    for number in (notice_no(0), notice_no(1)):
        one = card(number)
        for code in (FaultCode.PROTECTED, FaultCode.MOVED, FaultCode.UNSURE):
            codes = refused(
                settling.accept_fault, card_id=one.card_id, code=code, reason="x",
                version=one.version, actor=KAEDE, now=NOW,
            )  # fmt: skip
            expected = {
                FaultCode.PROTECTED: "CARD_RIGHT_MISSING",
                FaultCode.MOVED: "CARD_FAULT_NOT_OPEN",
                FaultCode.UNSURE: "CARD_FAULT_NOT_ACCEPTABLE",
            }
            assert codes == [expected[code]]


def test_l7_a_held_person_cannot_be_chosen_by_whom_they_are_hidden_from():
    live(0)
    hold([person_no(0)])
    open_box([line_of(0)])
    scan(notice_no(0))
    one = card(notice_no(0))
    given = {"card_id": one.card_id, "version": one.version, "now": NOW}
    held = refused(settling.decide_holder, **given, person_id=person_no(0), actor=KAEDE)
    unknown = refused(settling.decide_holder, **given, person_id=person_no(9), actor=KAEDE)
    assert held == unknown == ["CARD_HOLDER_DOES_NOT_FIT"]
    unit.run(settling.decide_holder, **given, person_id=person_no(0), actor=NAGI)
