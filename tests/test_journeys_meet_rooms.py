"""Months of the product's own records: cards, visits and kiosk sessions as journeys (自前の記録).

P7 a log out of our own facts holds no id of anybody, and a month is counted once · J5 what of it
stands in a map says so.
"""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import assume, given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.appointments.models import Booking, Ticket
from madoguchi.cards.models import Card, CardEvent
from madoguchi.dispatch.models import Batch, Letter, Slip
from madoguchi.infra import clock, facts
from madoguchi.journeys.domain.flow import directly_follows
from madoguchi.journeys.domain.maps import Field
from madoguchi.journeys.domain.origins import Origin, months_open
from madoguchi.journeys.models import ReleaseRow
from madoguchi.journeys.queries.maps import find_version
from madoguchi.journeys.queries.observed import log_of_month
from madoguchi.journeys.queries.screens import _told, screens_of_month
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.models import Payment, Session
from madoguchi.moves.models import Filing, MoveCase, Task
from madoguchi.register.testing import at as moment
from madoguchi.visits.domain.matters import Ends
from madoguchi.visits.models import Matter, Visit

pytestmark = pytest.mark.django_db
NOON = moment("2026-11-28T12:00")
JULY = (date(2026, 7, 1), date(2026, 7, 31))
RIN = "000000000000031"


def at(name, *args):
    return reverse(f"journeys:{name}", args=args)


@pytest.fixture
def kaede(client):
    with clock.frozen(NOON):
        yield staff.signed_in(client, staff.kaede())


def card(number, *verbs, day="2026-07-01"):
    began = moment(f"{day}T09:00")
    one = Card.objects.create(card_id=f"card{number}", person_id=RIN, kind="NEW", state="ARRIVED",
                              changed_at=began)  # fmt: skip
    for place, verb in enumerate(verbs):
        CardEvent.objects.create(card=one, at=began + timedelta(days=place), staff_id="kaede",
                                 verb=verb, state_after="ARRIVED")  # fmt: skip


def visit(number, *kinds, minutes=10):
    began = moment("2026-10-05T09:00") + timedelta(minutes=number)
    ended = began + timedelta(minutes=minutes)
    one = Visit.objects.create(visit_id=f"visit{number}", place="A", on=began.date(), staff_id=f"s{number}",
                               extended=False, person_id=RIN, started_at=began, ended_at=ended)  # fmt: skip
    for place, kind in enumerate(kinds):
        Matter.objects.create(
            matter_id=f"m{number}-{place}", visit=one, kind=kind, planned=10, outcome="FINISHED",
            ends=next(iter(Ends)).value,
            started_at=began + timedelta(minutes=place + 1), ended_at=ended, minutes=5,
        )  # fmt: skip


def session(number, *, end="DONE", paid=True, mode="PLAIN"):
    began = moment("2026-10-05T09:00") + timedelta(minutes=10 * number)
    one = Session.objects.create(
        session_id=f"s{number}", terminal_no="K1", channel="KIOSK", mode=mode, language="ja",
        step="TAKE", end=end, opened_at=began, step_since=began, touched_at=began,
        proven_at=None if mode == "PRACTICE" else began + timedelta(minutes=1),
        ended_at=began + timedelta(minutes=4),
    )  # fmt: skip
    if paid:
        Payment.objects.create(
            payment_id=f"p{number}", session_id=one.session_id, request_id=f"r{number}",
            terminal_no="K1", method=Method.COIN_BOX.value, yen=200, stage="PAID", asked_at=began,
            paid_at=began + timedelta(minutes=3), confirmed_by="RESIDENT",
        )  # fmt: skip


def test_p7_a_log_of_cards_holds_no_id_of_anybody():
    for number in range(6):
        card(number, "SCANNED", "SETUP", "ANNOUNCED", "HANDED_OVER")
    card(7, "SCANNED", day="2026-06-30")
    log = log_of_month(Origin.CARDS, first_on=JULY[0], last_on=JULY[1])
    assert log.case_ids == ("1", "2", "3", "4", "5", "6")
    assert set(log.activities) == {"SCANNED", "SETUP", "ANNOUNCED", "HANDED_OVER"}
    assert set(log.lanes) == {"BACK", "CS", "POST", "FRONT"} and log.areas == ("",)
    assert RIN not in str(vars(log)) and "card0" not in str(vars(log))


def test_bookings_and_letters_are_logs_of_their_own():
    made = moment("2026-07-03T09:00")
    for number, state in enumerate(["DONE"] * 5 + ["NO_SHOW", "EXPIRED", "HELD"]):
        Booking.objects.create(
            booking_id=f"b{number}", booking_no=f"B{number}", place="本庁", lane=number,
            on=date(2026, 7, 10), begins=540, ends=560, state=state, channel="PHONE",
            hold_until=made, made_by="kaede", made_at=made, state_at=made + timedelta(days=7),
        )  # fmt: skip
    log = log_of_month(Origin.BOOKINGS, first_on=JULY[0], last_on=JULY[1])
    edges = {one.pair: one.count for one in directly_follows(log)}
    assert edges == {("BOOKED_PHONE", "DONE"): 5, ("BOOKED_PHONE", "NO_SHOW"): 1}
    pile = Batch.objects.create(batch_id="b", batch_no="B-1", mail_class="ORDINARY", state="POSTED",
                                made_by="kaede", made_at=made, printed_at=made)  # fmt: skip
    slip = Slip.objects.create(slip_id="s", slip_no="S-1", batch=pile, mail_class="ORDINARY",
                               posted_on=date(2026, 7, 4), made_by="kaede", made_at=made)  # fmt: skip
    for number in range(3):
        Letter.objects.create(
            batch=pile, slip=slip, printed_mark="m",
            letter_id=f"l{number}", kind="ISSUE_NOTICE", mail_class="ORDINARY", person_id=RIN,
            about_no=f"n{number}", content={}, state="RETURNED" if number == 0 else "POSTED",
            queued_by="kaede", queued_at=made, printed_at=made + timedelta(hours=1),
            posted_on=date(2026, 7, 4), returned_on=date(2026, 7, 9) if number == 0 else None,
            return_reason="UNKNOWN_THERE" if number == 0 else "",
        )  # fmt: skip
    log = log_of_month(Origin.LETTERS, first_on=JULY[0], last_on=JULY[1])
    edges = {one.pair: one.count for one in directly_follows(log)}
    assert edges == {("QUEUED", "PRINTED"): 3, ("PRINTED", "POSTED"): 3, ("POSTED", "RETURNED"): 1}


def test_moves_are_a_log_without_protected_people():
    opened = moment("2026-07-03T09:00")
    for number in range(7):
        filing = "" if number == 6 else f"f{number}"
        if filing:
            Filing.objects.create(filing_id=filing, kind="MOVE_IN", register_filing_id=f"r{number}",
                                  filed_on=date(2026, 7, 3), place="本庁", staff_id="kaede",
                                  filed_at=opened + timedelta(minutes=25))  # fmt: skip
            Task.objects.create(task_id=f"t{number}", filing_id=filing, code="SCHOOL", section="SCHOOL",
                                face_to_face=False, state="OPEN" if number == 5 else "DONE",
                                done_at=None if number == 5 else opened + timedelta(days=2))  # fmt: skip
        MoveCase.objects.create(case_id=f"m{number}", place="本庁", opened_by="kaede", data={},
                                opened_at=opened, closed_at=opened + timedelta(minutes=25),
                                filing_id=filing, is_protected=number == 0)  # fmt: skip
    log = log_of_month(Origin.MOVES, first_on=JULY[0], last_on=JULY[1])
    edges = {one.pair: (one.count, one.median_min) for one in directly_follows(log)}
    assert edges["OPENED", "FILED"] == (5, 25.0)  # one of six is protected
    assert edges["FILED", "TASKS_DONE"][0] == 4  # one still has a task
    assert edges["OPENED", "GIVEN_UP"][0] == 1


def left(step, how, times, *, seconds=10, mode="PLAIN", when="2026-10-05T09:00"):
    for number in range(times):
        facts.note("kiosk_step_left", at=moment(when), step=step, how=how, mode=mode,
                   seconds=seconds + number)  # fmt: skip


def test_screens_are_told_one_by_one_and_small_numbers_not(kaede):
    left("PIN", "next", 20)
    left("PIN", "leave", 2)
    left("PIN", "timeout", 6)
    left("PIN", "next", 50, mode="PRACTICE")
    left("PIN", "next", 50, when="2026-09-30T23:59")
    left("ACCEPT", "next", 4)
    (screen,) = screens_of_month(date(2026, 10, 1), date(2026, 10, 31), k=5)
    assert (screen.step, screen.times) == ("PIN", 28)
    # Two who gave up would be what is left of the whole: another way is hidden with them.
    assert dict(screen.ways) == {"next": 20, "back": 0, "leave": None, "timeout": None, "call": 0}
    assert screen.median_seconds == pytest.approx(16.5, abs=3)
    page = kaede.get(at("screens"), {"month": "2026-10-01"}).text
    assert "暗証番号" in page and "同意" not in page and page.count("伏せる</span>") == 2
    assert "この月にはありません" in kaede.get(at("screens"), {"month": "2026-08-01"}).text
    assert kaede.get(at("screens"), {"month": "soon"}).status_code == 200


@given(
    st.dictionaries(
        st.sampled_from(["next", "back", "leave", "timeout", "call"]), st.integers(0, 12)
    )
)
def test_p1_no_way_of_a_screen_is_got_back_by_subtraction(counts):
    whole = sum(counts.values())
    assume(whole >= 5)
    told = _told(counts, 5)
    hidden = [way for way, number in told.items() if number is None]
    assert all(number == counts[way] for way, number in told.items() if number is not None)
    assert not [way for way, n in told.items() if n is not None and 0 < n < 5]
    if hidden:
        assert len(hidden) > 1 and sum(counts[way] for way in hidden) >= 5


def test_who_sees_no_screens(client):
    staff.signed_in(client, staff.tsuru())
    assert client.get(at("screens")).status_code == 403


def test_a_month_of_nothing_is_no_log():
    assert log_of_month(Origin.KIOSK, first_on=JULY[0], last_on=JULY[1]) is None


def test_visits_and_sessions_are_logs_of_their_own():
    for number in range(5):
        visit(number, "COLLECT", "QUESTION")
        session(number)
    session(9, mode="PRACTICE", paid=False)
    days = {"first_on": date(2026, 10, 1), "last_on": date(2026, 10, 31)}
    visits, kiosk = log_of_month(Origin.VISITS, **days), log_of_month(Origin.KIOSK, **days)
    assert visits.activities == ("BEGAN", "COLLECT", "QUESTION", "ENDED")
    assert kiosk.activities == ("OPENED", "PROVEN", "PAID", "DONE")
    assert len(kiosk.case_ids) == 5  # practice is no journey


def test_a_visit_with_a_number_has_its_wait_too():
    taken = moment("2026-10-05T08:50")
    for number in range(5):
        visit(number, "COLLECT")
        Ticket.objects.create(
            ticket_id=f"t{number}", place="A", on=taken.date(), number=number + 1, kind="COLLECT",
            stage="DONE", outcome="FINISHED", issued_at=taken, called_at=taken + timedelta(minutes=8),
            started_at=taken + timedelta(minutes=10), ended_at=taken + timedelta(minutes=20),
        )  # fmt: skip
        Visit.objects.filter(visit_id=f"visit{number}").update(ticket_id=f"t{number}")
    log = log_of_month(Origin.VISITS, first_on=date(2026, 10, 1), last_on=date(2026, 10, 31))
    waits = {one.pair: one.median_min for one in directly_follows(log)}
    assert waits["TICKET", "CALLED"] == 8.0
    assert log.activities[:3] == ("TICKET", "CALLED", "BEGAN")


def test_p7_a_month_leaves_once_and_is_never_counted_again(kaede):
    for number in range(6):
        card(number, "SCANNED", "SETUP", "ANNOUNCED", "HANDED_OVER")
    given = {"of": "CARDS", "month": "2026-07-01"}
    assert kaede.post(at("release"), given).status_code == 302
    drawing = kaede.get(at("month", "CARDS", "2026-07-01"))
    assert drawing["Content-Type"] == "image/svg+xml"
    assert "箱から登録" in drawing.text and "6件" in drawing.text and RIN not in drawing.text
    # Somebody's card turns up late: counted again, the difference would be that one.
    card(8, "SCANNED", "SETUP", "ANNOUNCED", "HANDED_OVER")
    again = kaede.post(at("release"), given)
    assert again.status_code == 422 and "JOURNEY_RELEASED_ALREADY" in again.text
    assert kaede.get(at("month", "CARDS", "2026-07-01")).text == drawing.text
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseRow.objects.all().delete()
    assert "図を開く" in kaede.get(at("observed"), {"of": "CARDS"}).text


@pytest.mark.parametrize(
    ("month", "code"),
    [("2026-07-01", "JOURNEY_CASES_FEW"), ("2026-10-01", "JOURNEY_MONTH_NOT_OVER"),
     ("2026-07-02", "JOURNEY_MONTH_NOT_OVER"), ("soon", "JOURNEY_MONTH_NOT_OVER")],
)  # fmt: skip
def test_few_cases_and_other_days_than_a_month_are_refused(kaede, month, code):
    for number in range(4):
        card(number, "SCANNED", "SETUP")
    answer = kaede.post(at("release"), {"of": "CARDS", "month": month})
    assert answer.status_code == 422 and code in answer.text
    assert not ReleaseRow.objects.exists()


def test_what_never_left_is_not_there(kaede):
    for args in (("CARDS", "2026-07-01"), ("NOBODY", "2026-07-01"), ("CARDS", "x")):
        assert kaede.get(at("month", *args)).status_code == 404


def test_without_the_right_no_month_is_seen_or_let_out(client):
    staff.signed_in(client, staff.tsuru())
    assert client.get(at("observed")).status_code == 403
    assert client.get(at("month", "CARDS", "2026-07-01")).status_code == 403
    assert client.post(at("release"), {"of": "CARDS", "month": "2026-07-01"}).status_code == 403


def test_months_never_overlap_and_cards_wait_for_ninety_days():
    months = months_open(Origin.CARDS, today=date(2026, 11, 28))
    assert months[0] == JULY and len(months) == 6
    assert all(later[0] == earlier[1] + timedelta(days=1)
               for later, earlier in pairwise(months))  # fmt: skip
    assert months_open(Origin.KIOSK, today=date(2026, 12, 1))[0][0] == date(2026, 10, 1)
    assert months_open(Origin.KIOSK, today=date(2026, 12, 2))[0][0] == date(2026, 11, 1)


def queue_of(number, *, on, waited):
    """Somebody takes a number and is called after some minutes."""
    began = moment(f"{on}T09:00") + timedelta(minutes=3 * number)
    ticket = Ticket.objects.create(
        ticket_id=f"{on}-{number}", place="本庁", on=date.fromisoformat(on), number=number,
        kind="OTHER", issued_at=began, called_at=began + timedelta(minutes=waited), stage="DONE",
    )  # fmt: skip
    Visit.objects.create(
        visit_id=f"{on}-{number}", place="本庁", on=ticket.on, staff_id=f"s{on}{number}",
        extended=False, person_id=RIN, ticket_id=ticket.ticket_id,
        started_at=began + timedelta(minutes=waited),
        ended_at=began + timedelta(minutes=waited + 8),
    )  # fmt: skip


def test_j5_a_wait_that_was_counted_stands_in_the_map_and_says_what_it_is_of(kaede):
    for number in range(6):
        queue_of(number, on="2026-09-07", waited=20 + number)
        queue_of(number, on="2026-10-05", waited=4)
    cell = at("cell", "islands", "queue", "WAIT_MIN")
    assert "記録からの流れへ" in kaede.get(cell).text  # nothing left yet
    kaede.post(at("release"), {"of": "VISITS", "month": "2026-09-01"})
    page = kaede.get(cell).text
    key = re.search(r'value="(VISITS\|2026-09-01\|TICKET\|CALLED)"', page).group(1)
    observe = at("observe", "islands", "queue", "WAIT_MIN")
    assert kaede.post(observe, {"figure": key}).status_code == 302
    one = find_version("islands").map.step("queue").cells[Field.WAIT_MIN]
    assert (one.value, one.evidence, one.basis.count, one.basis.p90_min) == (23, "OBSERVED", 6, 25)
    page = kaede.get(at("map", "islands")).text
    assert "来庁 2026年9月 番号札をとる → 呼ばれる 6回、9割が25分以内" in page
    assert "新しい月の記録" not in page
    # A reform, and a month after it.
    kaede.post(at("version", "islands"), {"name": "改革後"})
    kaede.post(at("release"), {"of": "VISITS", "month": "2026-10-01"})
    page = kaede.get(at("map", "islands")).text
    assert "新しい月の記録" in page and "2026年10月" in page
    assert kaede.post(at("renew", "islands")).status_code == 302
    assert find_version("islands").map.step("queue").number(Field.WAIT_MIN) == 4
    assert find_version("islands", 1).map.step("queue").number(Field.WAIT_MIN) == 23
    assert "−19分" in kaede.get(at("compare", "islands"), {"before": 1, "after": 2}).text
    again = kaede.post(at("renew", "islands"))
    assert again.status_code == 422 and "JOURNEY_NOTHING_NEWER" in again.text


def test_j5_what_never_left_is_put_nowhere(kaede, client):
    for number in range(6):
        queue_of(number, on="2026-09-07", waited=20)
    kaede.post(at("release"), {"of": "VISITS", "month": "2026-09-01"})
    for field, figure, code in (
        ("WAIT_MIN", "VISITS|2026-10-01|TICKET|CALLED", 422), ("WAIT_MIN", "", 422),
        ("COST_YEN", "VISITS|2026-09-01|TICKET|CALLED", 422),
        ("NOTHING", "VISITS|2026-09-01|TICKET|CALLED", 404),
    ):  # fmt: skip
        answer = kaede.post(at("observe", "islands", "queue", field), {"figure": figure})
        assert answer.status_code == code
    assert kaede.post(at("observe", "islands", "nowhere", "WAIT_MIN")).status_code == 404
    assert kaede.post(at("renew", "nowhere")).status_code == 404
    staff.signed_in(client, staff.tsuru())
    for page in (at("observe", "islands", "queue", "WAIT_MIN"), at("renew", "islands")):
        assert client.post(page, {"figure": "x"}).status_code == 403
    assert find_version("islands").map.step("queue").number(Field.WAIT_MIN) == 15
