"""Cards destroyed before a witness: on a ground found that day, by two people, all or none."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.appointments import testing as appointments
from madoguchi.appointments.api import Errand, Kind
from madoguchi.cards.actions import boxes, disposing
from madoguchi.cards.actions.disposing import drop_disposal, start_disposal, witness_disposal
from madoguchi.cards.actions.judging import judge
from madoguchi.cards.domain.boxes import Line
from madoguchi.cards.domain.card import CardState, Printed
from madoguchi.cards.domain.disposal import Ground, Means, check_witness, ground_of
from madoguchi.cards.domain.faults import FaultCode
from madoguchi.cards.models import Card, CardEvent, Disposal, DisposalLine, Fault
from madoguchi.cards.queries.disposal import list_candidates, list_disposals
from madoguchi.cards.queries.ledger import LedgerFilter, list_cards
from madoguchi.dispatch import testing as letters
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import protect
from madoguchi.register.testing import ADDRESS, clerk, keep, make_version, resident_code
from madoguchi.web import messages

NOW = datetime(2026, 11, 27, 9, tzinfo=clock.JAPAN)
TODAY = NOW.date()
KAEDE = clerk(Right.FILE_CHANGE)
HARU = clerk(Right.FILE_CHANGE, staff_id="second")
NAGI = clerk(Right.FILE_CHANGE, Right.SEE_PROTECTED, staff_id="nagi")
TSURU = clerk(Right.SEARCH, staff_id="tsuru")
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


# -- the rule -----------------------------------------------------------------------------------


@given(
    st.sampled_from(CardState), st.sets(st.sampled_from(FaultCode)), st.none() | DAYS,
    st.none() | DAYS, st.booleans(), DAYS,
)  # fmt: skip
def test_a_card_goes_only_on_a_ground_and_never_while_it_is_put_by(
    state, faults, hold, kept, expected, today
):
    """L12: no state but a kept or returned card's, no hold that still runs, nobody expected."""
    ground = ground_of(state=state, faults=faults, hold_until=hold, today=today, kept_until=kept,
                       is_expected=expected)  # fmt: skip
    if ground is None:
        return
    assert state.is_kept or state is CardState.RETURNED
    if ground is Ground.NOT_FETCHED:
        assert kept is not None and kept < today and not expected and state.is_kept
    elif state.is_kept:
        assert f"CARD_FAULT_{ground.value}" in faults
    if hold is not None and hold >= today:
        assert FaultCode.EXPIRED in faults


def test_everything_that_is_wrong_with_a_witness_is_said_at_once():
    found = check_witness(made_by="a", witness="a", is_done=True, listed=3, counted=2)
    assert [one.code for one in found] == [
        "CARD_DISPOSAL_DONE", "CARD_WITNESS_IS_MAKER", "CARD_DISPOSAL_COUNT",
    ]  # fmt: skip
    assert check_witness(made_by="a", witness="b", is_done=False, listed=3, counted=3) == ()


# -- on the tables --------------------------------------------------------------------------------


@pytest.fixture
def shelf(db):
    """Four cards in the cabinet: the first two have run out, the third is right."""
    with clock.frozen(NOW):
        lines = []
        for place in range(4):
            born = date(1960, 1, 1) + timedelta(days=place)
            keep(make_version(
                make_addressee_no(place + 1), name=f"浜　甲{place}", name_kana="ハマ　コウ",
                birth_sort=born, birth=str(born), household_no=f"{place:015}",
                resident_code=resident_code(place + 1),
            ))  # fmt: skip
            ends = TODAY + timedelta(days=-1 if place != 2 else 999)
            lines.append(Line(notice_no=number(place), printed=Printed(
                name=f"浜　甲{place}", birth_on=born, address=ADDRESS, expires_on=ends,
            )))  # fmt: skip
        unit.run(boxes.open_box, box_no="B1", received_on=TODAY, counted_in=4, lines=lines,
                 actor=KAEDE, now=NOW)  # fmt: skip
        for place in range(4):
            unit.run(boxes.scan, box_no="B1", text=number(place), actor=KAEDE, now=NOW)
        yield


def number(place):
    return f"A1B-{place:06}"


def ids(*places):
    wanted = [number(place) for place in places]
    return list(Card.objects.filter(notice_no__in=wanted).values_list("card_id", flat=True))


def start(*places, actor=KAEDE):
    return unit.run(
        start_disposal, card_ids=ids(*places), means=Means.SHREDDED, actor=actor, now=NOW
    )


def witness(disposal_id, counted, actor=HARU):
    unit.run(witness_disposal, disposal_id=disposal_id, counted=counted, actor=actor, now=NOW)


def refused(action, *args, **given):
    with pytest.raises(Refused) as refusal:
        action(*args, **given)
    messages.render_all(refusal.value.problems)
    return [one.code for one in refusal.value.problems]


def candidates(actor=KAEDE):
    return {one.card.notice_no: one.ground for one in list_candidates(actor=actor, today=TODAY)}


def test_two_people_destroy_what_has_run_out(shelf):
    assert candidates() == dict.fromkeys([number(0), number(1), number(3)], Ground.EXPIRED)
    disposal = start(0, 1)
    assert set(candidates()) == {number(3)}
    witness(disposal, 2)
    gone = Card.objects.filter(notice_no__in=[number(0), number(1)])
    for card in gone:
        assert (card.state, card.shelf, card.ended_on) == ("DISCARDED", "", TODAY)
        assert (card.ended_by, card.witnessed_by) == (KAEDE.staff_id, "second")
        last = CardEvent.objects.filter(card=card).order_by("-id").first()
        assert (last.verb, last.detail["disposal"]) == ("DISCARDED", disposal)
    assert not Fault.objects.filter(card__in=gone, settled_at__isnull=True).exists()
    assert len(list_disposals(actor=HARU)) == 1


def test_l11_nobody_witnesses_their_own_list_and_the_table_says_so_too(shelf):
    disposal = start(0)
    assert refused(witness, disposal, 1, KAEDE) == ["CARD_WITNESS_IS_MAKER"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.update(witnessed_by=KAEDE.staff_id, witnessed_at=NOW, counted=1)
    assert Card.objects.get(notice_no=number(0)).state == "WRONG"


def test_a_count_that_differs_destroys_nothing(shelf):
    disposal = start(0, 1)
    assert refused(witness, disposal, 1) == ["CARD_DISPOSAL_COUNT"]
    assert not Card.objects.filter(state="DISCARDED").exists()


def test_a_card_that_may_not_go_stops_the_whole_list(shelf):
    assert refused(start, 0, 2) == ["CARD_MAY_NOT_GO"]
    assert refused(start) == ["CARD_DISPOSAL_NOTHING"]
    assert not DisposalLine.objects.exists()


def test_l12_what_changed_meanwhile_is_found_before_it_is_too_late(shelf):
    disposal = start(0, 1)
    Card.objects.filter(notice_no=number(1)).update(expires_on=TODAY + timedelta(days=9))
    assert refused(witness, disposal, 2) == ["CARD_MAY_NOT_GO"]
    assert not Card.objects.filter(state="DISCARDED").exists()


def test_a_card_stands_on_one_list_and_is_free_again_when_it_is_dropped(shelf):
    disposal = start(0)
    assert refused(start, 0) == ["CARD_MAY_NOT_GO"]
    with pytest.raises(IntegrityError), transaction.atomic():
        other = Disposal.objects.create(
            disposal_id="x" * 26, means="SHREDDED", made_by="a", made_at=NOW
        )
        DisposalLine.objects.create(disposal=other, card_id=ids(0)[0], ground="EXPIRED")
    unit.run(drop_disposal, disposal_id=disposal, actor=HARU, now=NOW)
    assert refused(witness, disposal, 1) == ["CARD_DISPOSAL_DONE"]
    again = start(0)
    witness(again, 1)
    done = {"disposal_id": again, "actor": HARU, "now": NOW}
    assert refused(unit.run, drop_disposal, **done) == ["CARD_DISPOSAL_DONE"]


def test_without_the_right_nothing_is_done(shelf):
    assert refused(start, 0, actor=TSURU) == ["CARD_RIGHT_MISSING"]
    disposal = start(0)
    assert refused(witness, disposal, 1, TSURU) == ["CARD_RIGHT_MISSING"]


def test_l7_a_held_persons_card_is_nobodys_to_destroy_who_may_not_know(shelf):
    protect(make_addressee_no(1))
    assert set(candidates()) == {number(1), number(3)}
    assert refused(start, 0) == ["CARD_MAY_NOT_GO"]
    assert set(candidates(NAGI)) == {number(0), number(1), number(3)}
    disposal = start(0, 1, actor=NAGI)
    assert list_disposals(actor=KAEDE) == ()
    assert refused(witness, disposal, 2, KAEDE) == ["CARD_DISPOSAL_UNKNOWN"]
    assert disposing.find_disposal(disposal, actor=NAGI) is not None


# -- the pages ------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, shelf, settings, tmp_path):
    from madoguchi.accounts.testing import kaede, signed_in

    settings.MADOGUCHI_HOME = tmp_path
    return signed_in(client, kaede())


def text(answer):
    return answer.content.decode()


def test_a_list_is_made_by_one_and_witnessed_by_another(desk, client):
    from madoguchi.accounts.testing import nagi, signed_in

    assert "有効期限切れ" in text(desk.get("/cards/disposals/"))
    made = desk.post("/cards/disposals/", {"card": ids(0, 1), "means": "PUNCHED"})
    assert "立会いを待っています" in text(desk.get(made.url))
    assert desk.post(f"{made.url}witness/", {"counted": "2"}).status_code == 422
    other = signed_in(client, nagi())
    wrong = other.post(f"{made.url}witness/", {"counted": "1"})
    assert "数えた枚数は 1枚" in text(wrong)
    assert other.post(f"{made.url}witness/", {"counted": "many"}).status_code == 422
    other.post(f"{made.url}witness/", {"counted": "2"})
    assert "廃棄済み" in text(other.get(made.url))
    assert Card.objects.filter(state="DISCARDED", witnessed_by="nagi").count() == 2


def test_another_section_sees_and_presses_nothing(client, shelf):
    from madoguchi.accounts.testing import signed_in, tsuru

    other = signed_in(client, tsuru())
    assert other.get("/cards/disposals/").status_code == 403
    for press in ("drop", "witness"):
        assert other.post(f"/cards/disposals/x/{press}/").status_code == 403


def test_unknown_lists_and_bad_input_are_refused_in_words(desk):
    assert desk.get("/cards/disposals/none/").status_code == 404
    assert desk.post("/cards/disposals/none/drop/").status_code == 404
    for sent in ({}, {"card": "x", "means": "BURNED"}, {"card": "x", "means": "SHREDDED"}):
        answer = desk.post("/cards/disposals/", sent)
        assert answer.status_code == 422
        assert 'class="cause"' in text(answer)


def test_a_list_with_a_held_persons_card_is_not_there_for_a_clerk(desk):
    protect(make_addressee_no(1))
    disposal = start(0, actor=NAGI)
    assert desk.get(f"/cards/disposals/{disposal}/").status_code == 404
    shown = text(desk.get("/cards/disposals/"))
    assert number(0) not in shown
    assert number(1) in shown


# -- nobody fetched it ------------------------------------------------------------------------------


def notified(place, on, kind="ISSUE_NOTICE"):
    card = Card.objects.get(notice_no=number(place))
    at = datetime(on.year, on.month, on.day, 9, tzinfo=clock.JAPAN)
    letters.mailed(about_no=card.notice_no, person_id=card.person_id, at=at, kind=kind)
    return card


def test_a_card_nobody_fetched_goes_when_its_time_is_over_and_not_a_day_before(shelf):
    """The town's rule as shipped: twelve months after the notice, three after a re-notice."""
    notified(2, date(2025, 11, 27))
    assert number(2) not in candidates()
    with clock.frozen(NOW + timedelta(days=1)):
        found = {
            one.card.notice_no: one.ground
            for one in list_candidates(actor=KAEDE, today=TODAY + timedelta(days=1))
        }
    assert found[number(2)] is Ground.NOT_FETCHED
    notified(2, date(2026, 9, 1), kind="RENOTICE")
    assert number(2) not in {
        one.card.notice_no for one in list_candidates(actor=KAEDE, today=TODAY + timedelta(days=1))
    }


def test_cards_that_are_waited_for_keep_no_overdue_one_off_the_list(shelf):
    """The first places of the shelf are announced and in time; the overdue one stands after them."""
    for place in (0, 1):
        Card.objects.filter(notice_no=number(place)).update(expires_on=date(2036, 1, 1))
    with clock.frozen(NOW), transaction.atomic():
        judge(list(Card.objects.all()), actor=KAEDE, now=NOW)
    notified(0, date(2026, 11, 1))
    notified(1, date(2026, 11, 1))
    notified(2, date(2025, 1, 6))
    (one,) = list_candidates(actor=KAEDE, today=TODAY, limit=1)
    assert (one.card.notice_no, one.ground) == (number(2), Ground.NOT_FETCHED)


def test_whoever_has_booked_is_expected_and_their_card_waits(shelf):
    card = notified(2, date(2025, 1, 6))
    assert candidates()[number(2)] is Ground.NOT_FETCHED
    appointments.made(
        540, on=date(2026, 12, 1), now=NOW,
        party=(Errand(kind=Kind.COLLECT, about_kind="card", about_no=card.card_id),),
    )  # fmt: skip
    assert number(2) not in candidates()
    assert refused(start, 2) == ["CARD_MAY_NOT_GO"]


def test_a_card_put_by_on_request_waits_and_one_never_announced_has_no_end(shelf):
    card = notified(2, date(2025, 1, 6))
    Card.objects.filter(card_id=card.card_id).update(hold_until=TODAY)
    assert number(2) not in candidates()
    Card.objects.filter(card_id=card.card_id).update(hold_until=None)
    disposal = start(2)
    witness(disposal, 1)
    assert Card.objects.get(card_id=card.card_id).state == "DISCARDED"


def test_the_ledger_finds_who_was_asked_long_ago_and_did_not_come(shelf):
    card = notified(2, date(2026, 8, 28))

    def asked(days, actor=KAEDE):
        wanted = LedgerFilter(noticed=days)
        return [one.notice_no for one in list_cards(wanted, actor=actor, today=TODAY).rows]

    assert asked(91) == [number(2)] and asked(92) == []
    notified(2, date(2026, 11, 20), kind="RENOTICE")
    assert asked(8) == []
    protect(card.person_id)
    assert asked(0) == [] and asked(0, NAGI) == [number(2)]
