"""Hand-over: nothing goes with a gap, one pair of hands, and a slip of the same day comes back."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.accounts.testing import kaede, nagi, signed_in, tsuru
from madoguchi.advice.api import Advice, Visitor
from madoguchi.cards.actions import boxes, handing
from madoguchi.cards.actions.handing import Told
from madoguchi.cards.actions.judging import judge
from madoguchi.cards.domain.boxes import Line
from madoguchi.cards.domain.card import CardKind, CardState, Printed
from madoguchi.cards.domain.handover import (
    Certificate,
    Handed,
    OldCard,
    Step,
    check_hand_over,
    check_undo,
    read_steps,
)
from madoguchi.cards.models import Card, CardEvent, HandOver
from madoguchi.cards.tests.test_boxes import (
    ADDRESS,
    KAEDE,
    NAGI,
    NOW,
    TODAY,
    TSURU,
    birth_of,
    live,
    name_of,
)
from madoguchi.infra import clock, unit
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.protection.testing import protect

FINE = Handed(
    visitor=Visitor.SELF, face_seen=True, pin_set=True, old_card=OldCard.NONE,
    certificates=(Certificate.AUTH,), fee_paid=False, holder_present=False,
)  # fmt: skip
CASE = {"visitor": "self", "documents": ["driving_licence"], "papers": ["issue_notice"]}


def shelved(place=0, kind=CardKind.NEW, at=NOW, **given):
    """Bring one card of one living person as far as the shelf, its setup done."""
    live(place, **given)
    number, born = f"A1B-{place:06d}", given.get("birth_sort", birth_of(place))
    line = Line(
        notice_no=number, application_no="", kind=kind,
        printed=Printed(name=name_of(place), birth_on=born, address=ADDRESS.format(place + 1),
                        made_on=date(2026, 11, 1), expires_on=date(2036, 5, 5)),
    )  # fmt: skip
    unit.run(boxes.open_box, box_no=f"B-{place}", received_on=TODAY, counted_in=1, lines=[line],
             actor=KAEDE, now=at)  # fmt: skip
    card_id = unit.run(boxes.scan, box_no=f"B-{place}", text=number, actor=KAEDE, now=at).card_id
    Card.objects.filter(card_id=card_id).update(setup_outcome="DONE")
    with transaction.atomic():
        judge([Card.objects.get(card_id=card_id)], actor=KAEDE, now=at)
    card = Card.objects.get(card_id=card_id)
    assert card.state == "SET_UP"
    return card


def give(card, case=None, actor=KAEDE, now=NOW, version=None, handed=None, **changed):
    what = handed or Handed(**{**{k: getattr(FINE, k) for k in FINE.__slots__}, **changed})
    return unit.run(
        handing.hand_over, card_id=card.card_id, version=version or card.version,
        told=Told(case={**CASE, **(case or {})}, handed=what, steps={Step.PIN: 90}), actor=actor,
        now=now,
    )  # fmt: skip


def codes(refused):
    return {one.code for one in refused.value.problems}


# -- the rules, without tables ------------------------------------------------------------------


@settings(deadline=None)
@given(
    visitor=st.sampled_from(Visitor), face=st.booleans(), pin=st.booleans(),
    old=st.sampled_from([None, *OldCard]), sign=st.booleans(), paid=st.booleans(),
    present=st.booleans(), state=st.sampled_from(CardState), kind=st.sampled_from(CardKind),
    age=st.integers(0, 100), fee=st.sampled_from([None, 0, 1000]),
    undecided=st.sets(st.sampled_from(["documents", "papers"])), against=st.booleans(),
)  # fmt: skip
def test_h1_nothing_goes_with_a_gap_and_each_gap_is_named(
    visitor, face, pin, old, sign, paid, present, state, kind, age, fee, undecided, against
):
    found = check_hand_over(
        Handed(visitor=visitor, face_seen=face, pin_set=pin, old_card=old,
               certificates=(Certificate.SIGN,) if sign else (), fee_paid=paid,
               holder_present=present),
        state=state, kind=kind, age=age,
        advice=Advice(accepted=not against, undecided=tuple(undecided), fee_yen=fee,
                      problems=(Problem(code="IDENTITY_A"),) if against else ()),
    )  # fmt: skip
    gaps = (state is not CardState.SET_UP) + against + len(undecided) + (not pin)
    gaps += (visitor is Visitor.SELF or present) and not face
    gaps += old is None or (kind is CardKind.RENEWAL and old is OldCard.NONE)
    gaps += age < 15 and sign
    gaps += bool(fee) and not paid
    assert len(found) == gaps


@pytest.mark.parametrize(("state", "days"), list(itertools.product(CardState, [None, 0, 1])))
def test_h4_only_the_same_day_undoes(state, days):
    on = None if days is None else TODAY - timedelta(days=days)
    fine = state is CardState.HANDED_OVER and days == 0
    assert (check_undo(state=state, handed_over_on=on, today=TODAY) == ()) == fine


@given(st.text())
def test_times_from_a_browser_are_read_or_left(text):
    for step, seconds in read_steps(text).items():
        assert isinstance(step, Step)
        assert 0 <= seconds <= 3600


def test_times_are_seconds_by_step():
    assert read_steps("IDENTITY:40 PIN:95 NAME:3 OUT:-2 OUT:99999 PIN") == {
        Step.IDENTITY: 40, Step.PIN: 95,
    }  # fmt: skip


# -- on the real tables -------------------------------------------------------------------------


def test_a_card_goes_to_its_holder_and_its_place_is_free(db):
    card = shelved()
    give(card)
    card.refresh_from_db()
    assert (card.state, card.handed_over_on) == ("HANDED_OVER", TODAY)
    row = HandOver.objects.get()
    assert (row.documents, row.certificates) == (["driving_licence"], ["AUTH"])
    assert CardEvent.objects.filter(card=card, verb="HANDED_OVER").count() == 1
    assert shelved(1).shelf == card.shelf


def test_h1_all_that_stands_against_it_is_said_at_once(db):
    card = shelved(kind=CardKind.RENEWAL)
    with pytest.raises(Refused) as refused:
        give(card, case={"documents": [], "papers": []}, face_seen=False, pin_set=False)
    assert codes(refused) >= {
        "IDENTITY_A_OR_BB", "ISSUE_NOTICE_MISSING", "CURRENT_CARD_MISSING",
        "HANDOVER_FACE_NOT_SEEN", "HANDOVER_PIN_NOT_SET", "HANDOVER_OLD_CARD_STAYS",
    }  # fmt: skip
    card.refresh_from_db()
    assert card.state == "SET_UP"
    assert not HandOver.objects.exists()


def test_h1_what_nobody_told_is_no_yes(db):
    card = shelved()
    with pytest.raises(Refused) as refused:
        give(card, case={"documents": None, "papers": None})
    assert codes(refused) == {"HANDOVER_UNDECIDED"}


def test_h2_the_register_is_asked_at_this_moment(db):
    card = shelved()
    protect(card.person_id)
    with pytest.raises(Refused) as refused:
        give(card)
    assert "CARD_FAULT_UNSURE" in codes(refused)
    assert "CARD_FAULT_PROTECTED" not in codes(refused)
    with pytest.raises(Refused) as refused:
        give(card, actor=NAGI)
    assert "CARD_FAULT_PROTECTED" in codes(refused)
    assert not HandOver.objects.exists()


def test_h3_a_card_is_in_one_pair_of_hands(db):
    card = shelved()
    give(card)
    with pytest.raises(Refused) as refused:
        give(card)
    assert codes(refused) == {"CARD_CHANGED_MEANWHILE"}
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.create(
            hand_over_id="x", card=card, at=NOW, staff_id="x", visitor="self", old_card="NONE",
            fee_yen=0,
        )  # fmt: skip


def test_a_child_comes_with_a_parent_and_gets_no_signing_certificate(db):
    born = date(2015, 4, 2)
    card = shelved(birth_sort=born, birth=str(born))
    case = {
        "visitor": "statutory_agent", "visitor_documents": ["driving_licence"],
        "documents": ["passport"], "papers": ["issue_notice", "guardianship_proof"],
        "holder_present": True,
    }  # fmt: skip
    parent = {"visitor": Visitor.STATUTORY_AGENT, "holder_present": True}
    with pytest.raises(Refused) as refused:
        give(card, case=case, certificates=(Certificate.SIGN,), **parent)
    assert codes(refused) == {"HANDOVER_SIGN_UNDER_15"}
    give(card, case=case, **parent)


def test_a_proxy_is_a_reason_and_papers_not_a_busy_day(db):
    card = shelved()
    case = {"visitor": "proxy", "visitor_documents": ["driving_licence", "passport"],
            "documents": ["passport", "driving_licence"], "reason": "busy",
            "papers": ["issue_notice", "letter_of_proxy", "reason_proof", "sealed_pin_request"]}  # fmt: skip
    proxy = {"visitor": Visitor.PROXY, "face_seen": False}
    with pytest.raises(Refused):
        give(card, case=case, **proxy)
    give(card, case={**case, "reason": "hospital"}, **proxy)
    assert HandOver.objects.get().visitor == "proxy"


def test_h4_a_slip_of_the_same_day_comes_back_to_a_free_place(db):
    card = shelved()
    give(card)
    other = shelved(1)
    card.refresh_from_db()

    def undo(why="別の人のカードだった", now=NOW):
        return unit.run(handing.undo_hand_over, card_id=card.card_id, why=why,
                        version=card.version, actor=KAEDE, now=now)  # fmt: skip

    with pytest.raises(Refused) as refused:
        undo(why=" ", now=NOW + timedelta(days=1))
    assert codes(refused) == {"HANDOVER_TOO_LATE_TO_UNDO", "HANDOVER_UNDO_WHY"}
    place = undo()
    card.refresh_from_db()
    assert (card.state, card.shelf, card.handed_over_on) == ("SET_UP", place, None)
    assert place != other.shelf
    give(card)
    assert HandOver.objects.filter(undone_at__isnull=True).count() == 1


def test_a_second_officer_first_where_the_table_says_so(db):
    card = shelved()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_second_officer_rule (action, rule, valid_from, reason, set_by,"
            " set_at) VALUES ('HAND_OVER_CARD', 'BEFORE', %s, 'test', 'nagi', %s)",
            [TODAY - timedelta(days=365 * 3), NOW - timedelta(days=365 * 3)],
        )
    with pytest.raises(Refused) as refused:
        give(card)
    assert codes(refused) == {"HANDOVER_SECOND_FIRST"}
    unit.run(handing.ask_second, card_id=card.card_id, version=card.version, actor=KAEDE, now=NOW)
    with pytest.raises(Refused):
        give(card)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_approval SET state = 'APPROVED', decided_by = 'nagi',"
                       " decided_at = now() WHERE action = 'HAND_OVER_CARD'")  # fmt: skip
    give(card)


def test_nobody_asks_a_second_where_none_is_wanted(db):
    card = shelved()
    with pytest.raises(Refused) as refused:
        unit.run(handing.ask_second, card_id=card.card_id, version=card.version, actor=KAEDE,
                 now=NOW)  # fmt: skip
    assert codes(refused) == {"HANDOVER_SECOND_NOT_WANTED"}


def test_without_the_right_nothing(db):
    card = shelved()
    with pytest.raises(Refused) as refused:
        give(card, actor=TSURU)
    assert codes(refused) == {"CARD_RIGHT_MISSING"}


# -- the pages ----------------------------------------------------------------------------------


@pytest.fixture
def desk(client, db, settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    return signed_in(client, kaede())


def text(answer):
    return answer.content.decode()


def ticks(card, **given):
    return {
        "version": card.version, "visitor": "self", "documents": ["driving_licence"],
        "papers": ["issue_notice"], "face_seen": "on", "old_card": "NONE", "pin_set": "on",
        "certificates": ["AUTH"], "steps": "IDENTITY:40 PIN:90", **given,
    }  # fmt: skip


def test_scan_tick_give_and_take_back_on_the_page(desk):
    card = shelved(at=clock.now())
    found = desk.post("/cards/hand-over/", {"number": card.notice_no.lower()})
    assert found.url == f"/cards/one/{card.card_id}/hand-over/"
    shown = text(desk.get(found.url))
    assert card.shelf in shown
    assert "本人の書類：Aを1点 または Bを2点" in shown
    assert desk.post(found.url, ticks(card)).status_code == 302
    shown = text(desk.get(found.url))
    assert "交付しました" in shown
    assert "運転免許証" in shown
    card.refresh_from_db()
    desk.post(f"{found.url}undo/", {"version": card.version, "why": "押しまちがい"})
    card.refresh_from_db()
    assert card.state == "SET_UP"


@pytest.mark.parametrize("path", ["hand-over/", "one/x/hand-over/"])
def test_another_section_sees_nothing(client, db, path):
    assert signed_in(client, tsuru()).get(f"/cards/{path}").status_code == 403


@pytest.mark.parametrize("path", ["", "second/", "undo/"])
def test_another_section_presses_nothing(client, db, path):
    assert signed_in(client, tsuru()).post(f"/cards/one/x/hand-over/{path}").status_code == 403


def test_what_is_not_there_is_not_there(desk):
    assert desk.get("/cards/one/none/hand-over/").status_code == 404
    assert desk.post("/cards/one/none/hand-over/undo/", {"version": "1"}).status_code == 404
    shown = desk.post("/cards/hand-over/", {"number": "A1B-999999"})
    assert "ここで預かっていません" in text(shown)


@pytest.mark.parametrize("number", ["", "98765", "<script>", "123456789018"])
def test_what_is_no_number_is_refused_and_not_repeated(desk, number):
    shown = desk.post("/cards/hand-over/", {"number": number})
    assert shown.status_code == 422
    assert not number or number not in text(shown)


def test_every_gap_is_on_the_page_and_the_ticks_stay(desk):
    card = shelved(at=clock.now())
    shown = desk.post(f"/cards/one/{card.card_id}/hand-over/",
                      ticks(card, face_seen="", pin_set="", papers=[], documents=["pension_book"]))  # fmt: skip
    assert shown.status_code == 422
    assert text(shown).count('class="cause"') == 4
    assert 'value="pension_book"' in text(shown)
    card.refresh_from_db()
    assert card.state == "SET_UP"


@pytest.mark.parametrize("version", ["", "x", "-1", "1" * 12])
def test_a_bad_version_changes_nothing(desk, version):
    card = shelved(at=clock.now())
    shown = desk.post(f"/cards/one/{card.card_id}/hand-over/undo/", {"version": version})
    assert shown.status_code == 422


def test_a_protected_persons_card_tells_a_clerk_nothing(desk, client):
    card = shelved(at=clock.now())
    protect(card.person_id)
    url = f"/cards/one/{card.card_id}/hand-over/"
    for shown in (text(desk.get(url)), text(desk.post(url, ticks(card)))):
        assert "浜" not in shown
        assert "支援" not in shown
        assert "この人に要るもの" not in shown
    card.refresh_from_db()
    assert card.state != "HANDED_OVER"
    assert "支援措置の対象" in text(signed_in(client, nagi()).get(url))
