"""交付前設定 by hand: shelf order, one press a card, the register asked anew, the last one undone."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.accounts.testing import kaede, nagi, signed_in, tsuru
from madoguchi.cards.actions import announcing, boxes, setup
from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.cards.models import Card, CardEvent, Fault
from madoguchi.cards.queries.setup import setup_list, setup_order
from madoguchi.cards.tests.test_applications import NAMI
from madoguchi.cards.tests.test_boxes import (
    ADDRESS,
    KAEDE,
    NAGI,
    NOW,
    TODAY,
    TSURU,
    birth_of,
    name_of,
)
from madoguchi.cards.tests.test_handover import codes, shelved
from madoguchi.infra import clock, unit
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import protect
from madoguchi.register.testing import Status, keep, make_version, resident_code

REAL = tuple(one for one in SetupOutcome if one is not SetupOutcome.NONE)


def arrived(place=0, at=NOW):
    """Bring one card as far as the shelf, before the terminal."""
    card = shelved(place, at=at)
    Card.objects.filter(card_id=card.card_id).update(state="ARRIVED", setup_outcome="")
    card.refresh_from_db()
    return card


def note(card, outcome=SetupOutcome.DONE, actor=KAEDE, now=NOW, version=None, seconds=40):
    state = unit.run(
        setup.note_setup, card_id=card.card_id, outcome=outcome, version=version or card.version,
        terminal="CS1", seconds=seconds, actor=actor, now=now,
    )  # fmt: skip
    card.refresh_from_db()
    return state


def undo(actor=KAEDE, now=NOW):
    return unit.run(setup.undo_setup, actor=actor, now=now)


def listed(actor=KAEDE):
    return setup_list(actor=actor, today=TODAY)


def test_cards_come_in_shelf_order_and_one_press_is_one_card(db):
    cards = [arrived(place) for place in range(4)]
    seen = []
    while (found := listed()).next is not None:
        seen.append(found.next.notice_no)
        assert found.waiting + found.done_today == 4
        note(Card.objects.get(card_id=found.next.card_id))
    assert seen == [one.notice_no for one in cards]
    assert set(Card.objects.values_list("state", flat=True)) == {"SET_UP"}


@pytest.mark.parametrize("outcome", REAL)
def test_each_outcome_leaves_the_card_where_it_belongs(db, outcome):
    card = arrived()
    note(card, outcome)
    expected = "WRONG" if outcome.is_fault else {"DONE": "SET_UP", "LATER": "ARRIVED"}[outcome]
    assert (card.state, card.setup_outcome) == (expected, outcome.value)
    assert Fault.objects.filter(card=card, settled_at__isnull=True).count() == outcome.is_fault
    assert undo() == card.notice_no
    card.refresh_from_db()
    assert (card.state, card.setup_outcome) == ("ARRIVED", "")


def test_s1_whom_the_register_says_otherwise_of_is_not_set_up(db):
    card = arrived()
    protect(card.person_id)
    for actor, code in ((KAEDE, "CARD_FAULT_UNSURE"), (NAGI, "CARD_FAULT_PROTECTED")):
        with pytest.raises(Refused) as refused:
            note(card, actor=actor)
        assert code in codes(refused)
    assert listed().next is None
    assert listed().waiting == 0


@settings(max_examples=12,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(presses=st.lists(st.sampled_from([*REAL, None]), max_size=10))
def test_s2_whatever_is_pressed_no_card_is_lost_or_done_twice(db, presses):
    block = transaction.atomic()
    block._from_testcase = True  # so that a unit inside counts as the outermost
    with block:
        for place in range(3):
            arrived(place)
        mine = []
        for step, press in enumerate(presses):
            found = listed()
            if press is None:
                if mine:
                    assert undo() == mine.pop()
                continue
            if found.next is None:
                continue
            card = Card.objects.get(card_id=found.next.card_id)
            note(card, press, now=NOW.replace(minute=step))
            mine = [one for one in mine if one != card.notice_no] + [card.notice_no]
        done = set(Card.objects.filter(state="SET_UP").values_list("notice_no", flat=True))
        wrong = set(Card.objects.filter(state="WRONG").values_list("notice_no", flat=True))
        assert len(done) + len(wrong) + listed().waiting == 3
        transaction.set_rollback(True)


def test_s2_what_is_put_off_comes_after_all_others(db):
    first, second = arrived(0), arrived(1)
    note(first, SetupOutcome.LATER)
    assert listed().next.notice_no == second.notice_no
    note(second)
    assert listed().next.notice_no == first.notice_no


def test_s3_only_ones_own_last_press_and_none_that_was_announced(db):
    card = arrived()
    note(card)
    with pytest.raises(Refused) as refused:
        undo(NAMI)
    assert codes(refused) == {"CARD_SETUP_NOTHING_TO_UNDO"}
    unit.run(announcing.announce, actor=KAEDE, now=NOW)
    with pytest.raises(Refused):
        undo()
    card.refresh_from_db()
    assert card.state == "SET_UP"


def test_two_clerks_at_one_card_do_not_set_it_up_twice(db):
    card = arrived()
    before = card.version
    note(card)
    with pytest.raises(Refused) as refused:
        note(card, actor=NAMI, version=before)
    assert codes(refused) == {"CARD_CHANGED_MEANWHILE"}
    with pytest.raises(Refused) as refused:
        note(card, actor=NAMI)
    assert codes(refused) == {"CARD_STATE_FORBIDS"}


def test_without_the_right_nothing(db):
    with pytest.raises(Refused) as refused:
        note(arrived(), actor=TSURU)
    assert codes(refused) == {"CARD_RIGHT_MISSING"}


def test_the_list_asks_the_same_number_of_questions_however_long(db, django_assert_num_queries):
    for size in (1, 6):
        for place in range(Card.objects.count(), size):
            arrived(place)
        with django_assert_num_queries(4):
            assert listed().waiting == size


def test_a_box_becomes_letters_without_a_number_typed_twice(db):
    """Scan, set up, announce: 40 scans, 40 keys and one press for 40 cards are counted here by 3."""
    for place in range(3):
        arrived(place)
    presses = 0
    while (found := listed()).next is not None:
        note(Card.objects.get(card_id=found.next.card_id))
        presses += 1
    assert unit.run(announcing.announce, actor=KAEDE, now=NOW) == presses == 3
    assert boxes.Card.objects.filter(state="SET_UP").count() == 3


# -- the page -----------------------------------------------------------------------------------


@pytest.fixture
def desk(client, db, settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    return signed_in(client, kaede())


def text(answer):
    return answer.content.decode()


def test_one_key_a_card_and_the_last_is_undone(desk):
    card = arrived(at=clock.now())
    shown = text(desk.get("/cards/setup/?terminal=CS1"))
    assert card.notice_no in shown
    assert card.shelf in shown
    given = {"card": card.card_id, "version": card.version, "outcome": "DONE", "terminal": "CS1",
             "seconds": "31"}  # fmt: skip
    done = desk.post("/cards/setup/note/", given)
    assert done.url.endswith("?terminal=CS1")
    card.refresh_from_db()
    assert (card.state, card.setup_terminal) == ("SET_UP", "CS1")
    assert "設定を待つカードはありません" in text(desk.get(done.url))
    desk.post("/cards/setup/undo/")
    card.refresh_from_db()
    assert card.state == "ARRIVED"


def test_another_section_neither_sees_nor_presses(client, db):
    other = signed_in(client, tsuru())
    assert other.get("/cards/setup/").status_code == 403
    assert other.post("/cards/setup/note/").status_code == 403
    assert other.post("/cards/setup/undo/").status_code == 403


@pytest.mark.parametrize(
    "given", [{}, {"outcome": "NONE"}, {"outcome": "DONE", "version": "x"}, {"outcome": "9"}]
)
def test_bad_input_changes_nothing(desk, given):
    card = arrived(at=clock.now())
    shown = desk.post("/cards/setup/note/", {"card": card.card_id, **given})
    assert shown.status_code == 422
    card.refresh_from_db()
    assert card.state == "ARRIVED"


def test_a_card_that_is_not_there(desk):
    given = {"card": "none", "version": "1", "outcome": "DONE"}
    shown = desk.post("/cards/setup/note/", given)
    assert shown.status_code == 422


def test_a_protected_persons_card_is_no_card_for_a_clerk(desk, client):
    card = arrived(at=clock.now())
    protect(card.person_id)
    shown = text(desk.get("/cards/setup/"))
    assert card.notice_no not in shown
    assert "のこり 0枚" in shown
    assert card.notice_no not in text(signed_in(client, nagi()).get("/cards/setup/"))


# -- before a robot ------------------------------------------------------------------------------


def look_before(card, actor=KAEDE, version=None):
    return unit.run(
        setup.look_before_setup, card_id=card.card_id, version=version or card.version,
        actor=actor, now=NOW,
    )  # fmt: skip


def test_before_a_robot_touches_it_the_register_is_asked_and_what_it_says_is_kept(db):
    good, dead = arrived(0), arrived(1)
    assert look_before(good) == ()
    good.refresh_from_db()
    assert good.state == "ARRIVED"
    keep(
        make_version(
            dead.person_id, history_no=2, status=Status.DEAD, name=name_of(1),
            birth_sort=birth_of(1), birth="x", address=ADDRESS.format(2), household_no=f"{1:015}",
            resident_code=resident_code(2),
        )
    )  # fmt: skip
    assert {one.code for one in look_before(dead)} == {"CARD_FAULT_DIED"}
    dead.refresh_from_db()
    assert dead.state == "WRONG"
    assert [one.notice_no for one in setup_order(actor=KAEDE)] == [good.notice_no]


def test_before_a_robot_touches_it_nothing_of_another_clerk_is_passed_over(db):
    card = arrived()
    note(card, SetupOutcome.LATER, actor=NAMI)
    for version, code in ((card.version - 1, "CARD_CHANGED_MEANWHILE"), (card.version, None)):
        if code is None:
            assert look_before(card) == ()
            continue
        with pytest.raises(Refused) as refused:
            look_before(card, version=version)
        assert codes(refused) == {code}
    with pytest.raises(Refused) as refused:
        look_before(card, actor=TSURU)
    assert codes(refused) == {"CARD_RIGHT_MISSING"}
    with pytest.raises(Refused) as refused:
        unit.run(setup.look_before_setup, card_id="none", version=1, actor=KAEDE, now=NOW)
    assert codes(refused) == {"CARD_UNKNOWN"}


def test_a_held_persons_card_is_not_in_the_robots_order_and_shows_nothing(db):
    card = arrived()
    protect(card.person_id)
    assert setup_order(actor=KAEDE) == ()
    assert {one.code for one in look_before(card)} == {"CARD_FAULT_UNSURE"}


def test_the_robots_order_is_the_pages_order(db):
    cards = [arrived(place) for place in range(3)]
    note(cards[0], SetupOutcome.LATER)
    order = [one.notice_no for one in setup_order(actor=KAEDE)]
    assert order == [cards[1].notice_no, cards[2].notice_no, cards[0].notice_no]
    assert listed().next.notice_no == order[0]


def test_who_pressed_by_hand_is_noted_as_by_hand(desk):
    card = arrived(at=clock.now())
    desk.post("/cards/setup/note/", {"card": card.card_id, "version": card.version,
                                     "outcome": "DONE"})  # fmt: skip
    event = CardEvent.objects.get(card=card, verb="SETUP")
    assert event.detail["how"] == "BY_HAND"
