"""Inquiries and urgings by the post room: one pile, the gate last, and who was asked by what left."""

from datetime import date, timedelta

import pypdfium2 as pdfium
import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.dispatch import testing as post
from madoguchi.protection.testing import protect
from madoguchi.register.testing import keep, make_version, resident_code
from madoguchi.residence.domain.case import Facts, Letter, LetterKind, Pending, State
from madoguchi.residence.domain.rules import check_queue, due_letter
from madoguchi.residence.models import LetterRow
from madoguchi.residence.queries.cases import find_case, list_cases
from madoguchi.residence.tests.checks import BEGAN, GONE, NAMI, WENT, at, later, opened

TODAY = date(2026, 9, 1)
OTHER, AOI = "000000000000902", "000000000000021"


def queue(client, *cases):
    return client.post(at("letters"), {"case": list(cases)}, follow=True)


def facts(case_id):
    return find_case(case_id, actor=staff.actor_for(staff.nagi())).facts


def a_second_home(client):
    keep(make_version(AOI, name="浜　葵", household_no=OTHER, is_householder=True,
                      relationship="世帯主", resident_code=resident_code(21),
                      address="鹿児島県大島郡せとうち町大字古仁屋2番地"))  # fmt: skip
    answer = client.post(at("begin", OTHER), {"person": [AOI], "trigger": "OTHER_OFFICE"})
    return answer.url.split("/")[-2]


# -- the rules -------------------------------------------------------------------------------


def letter(kind, days):
    return Letter(kind=kind, drawn_on=TODAY, answer_by=TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ({}, LetterKind.INQUIRY),
        ({"letters": (letter(LetterKind.INQUIRY, 14),)}, None),
        ({"letters": (letter(LetterKind.INQUIRY, -1),)}, LetterKind.URGE),
        ({"letters": (letter(LetterKind.INQUIRY, -9), letter(LetterKind.URGE, -1))}, None),
        ({"pending": (Pending(kind=LetterKind.INQUIRY, about_no="x", state="HELD"),)}, None),
        ({"state": State.PROPOSED}, None),
    ],
)
def test_r11_what_is_offered_next(given, due):
    found = Facts(opened_on=TODAY, **given)
    assert due_letter(found, today=TODAY) is due
    # What is offered may be queued, and an urging that is not offered may not.
    assert due is None or not check_queue(found, due, today=TODAY)
    if due is LetterKind.INQUIRY:
        assert check_queue(found, LetterKind.URGE, today=TODAY)


# -- one pile --------------------------------------------------------------------------------


def test_r11_two_checks_one_press_one_pile_in_their_order(nagi):
    first = opened(nagi)
    with later(1):
        second = a_second_home(nagi)
        page = nagi.get(at("cases"))
        assert page.text.count('name="case"') == 2
        answer = queue(nagi, second, first)
        assert "2通を発送待ちに入れました" in answer.text
        assert facts(first).letters == () and len(facts(first).pending) == 1
        # Pressed twice, nothing goes twice.
        assert "選ばれていません" in queue(nagi, first, second).text
        batch = post.batched(actor=post.NAGI)
        made = post.printed(batch, actor=post.NAGI)
        pages = [one.get_textpage().get_text_bounded() for one in pdfium.PdfDocument(made.pdf)]
        assert ["渚" in one for one in pages] == [True, False] and "葵" in pages[1]
        assert all("照会" in one and "令和8年9月19日" in one for one in pages)
        assert "ほか1人" in pages[0] and "波" not in pages[0]
    with later(4):
        post.posted(batch, actor=post.NAGI)
        (asked,) = facts(first).letters
        assert (asked.kind, asked.drawn_on) == (LetterKind.INQUIRY, date(2026, 9, 5))
        # Printed were 17 days from the queue; posted late, nobody has less than fourteen.
        assert asked.answer_by == date(2026, 9, 19) and facts(first).pending == ()
    with later(18):
        assert "RESIDENCE_NO_LETTER_CHOSEN" in queue(nagi, first).text
    with later(19):
        assert "1通を発送待ちに" in queue(nagi, first).text
        assert facts(first).pending[0].kind is LetterKind.URGE


def test_r11_posted_late_the_last_day_moves(nagi):
    case_id = opened(nagi)
    queue(nagi, case_id)
    batch = post.batched(actor=post.NAGI)
    post.printed(batch, actor=post.NAGI)
    with later(10):
        post.posted(batch, actor=post.NAGI)
    assert facts(case_id).letters[0].answer_by == date(2026, 9, 25)


def test_r11_a_pile_is_taken_apart_and_made_again(nagi):
    case_id = opened(nagi)
    queue(nagi, case_id)
    batch = post.batched(actor=post.NAGI)
    post.printed(batch, actor=post.NAGI)
    post.taken_apart(batch)
    assert facts(case_id).pending[0].state == "QUEUED"
    again = post.batched(actor=post.NAGI)
    assert post.printed(again, actor=post.NAGI).pdf.startswith(b"%PDF")


# -- who is held, whoever of them ------------------------------------------------------------


def test_r7_of_a_family_one_of_whom_is_held_nothing_is_queued(nagi):
    case_id = opened(nagi)
    protect(NAMI)
    queue(nagi, case_id)
    assert not LetterRow.objects.exists() and not post.kept()


@pytest.mark.parametrize("when", ["queued", "batched", "printed"])
def test_r7_one_of_them_becomes_held_and_the_letter_does_not_leave(nagi, when):
    """The letter goes to Nagisa and says "one more": Nami is asked about at each step all the same."""
    case_id = opened(nagi)
    second = a_second_home(nagi)
    queue(nagi, case_id, second)
    if when == "queued":
        protect(NAMI)
    batch = post.batched(actor=post.KAEDE)
    if when == "batched":
        protect(NAMI)
    made = post.printed(batch, actor=post.KAEDE)
    if when == "printed":
        protect(NAMI)
    else:
        text = "".join(
            one.get_textpage().get_text_bounded() for one in pdfium.PdfDocument(made.pdf)
        )
        assert "渚" not in text and "葵" in text
    post.posted(batch, actor=post.KAEDE)
    states = {one.about_no[:10]: one.state for one in post.kept()}
    assert states[case_id[-10:].upper()] == "HELD"
    assert states[second[-10:].upper()] == "POSTED"


def test_r1_a_letter_that_never_left_asked_nobody(nagi):
    """What a removal wants is not there while the urging lies in the post room."""
    case_id = opened(nagi)
    nagi.post(at("paper", case_id), {"paper": "INQUIRY"})
    for source in ("WATER", "LANDLORD"):
        nagi.post(at("evidence", case_id), GONE | {"source": source})
    with later(5):
        nagi.post(at("visit", case_id), WENT)
    with later(30):
        queue(nagi, case_id)
    with later(49):
        given = {"outcome": "REMOVE", "reason": "8月から不在"}
        assert "RESIDENCE_NOT_URGED" in nagi.post(at("propose", case_id), given).text


def test_a_letter_that_came_back_is_sent_anew_from_here_alone(nagi):
    """Sent again from the post room it would say an old last day; the check offers it, with its gate."""
    case_id = opened(nagi)
    queue(nagi, case_id)
    batch = post.batched(actor=post.NAGI)
    post.printed(batch, actor=post.NAGI)
    post.posted(batch, actor=post.NAGI)
    (sent,) = post.kept()
    post.came_back(sent.about_no)
    nagi.post(reverse("dispatch:letter", args=[sent.letter_id]), {"do": "send_again"})
    assert len(post.kept()) == 1


def test_what_has_not_left_ends_with_the_check(nagi):
    case_id = opened(nagi)
    queue(nagi, case_id)
    nagi.post(at("step", case_id), {"do": "end"})
    assert [one.state for one in post.kept()] == ["CANCELLED"]


# -- rights and input ------------------------------------------------------------------------


def test_without_the_right_there_is_no_such_page(client, db):
    assert (
        staff.signed_in(client, staff.kaede()).post(at("letters"), {"case": "x"}).status_code == 403
    )


@pytest.mark.parametrize("given", [{}, {"case": "x"}, {"case": ["\x00", "y" * 400]}])
def test_nothing_or_nonsense_ticked_queues_nothing(nagi, given):
    opened(nagi)
    assert nagi.post(at("letters"), given).status_code == 422
    assert not post.kept()


def test_the_record_says_that_and_never_what_was_found(nagi):
    case_id = opened(nagi)
    queue(nagi, case_id)
    (entry,) = list_entries(wanted=EntryFilter(action="RESIDENCE_LETTER_QUEUED")).entries
    assert "渚" not in str(entry) and case_id in str(entry)


def test_the_list_asks_the_post_room_once(nagi, django_assert_max_num_queries):
    opened(nagi)
    with later(1):
        second = a_second_home(nagi)
    queue(nagi, second)
    assert BEGAN.date() == TODAY
    actor = staff.actor_for(staff.nagi())
    with django_assert_max_num_queries(14):
        assert len(list_cases(actor=actor)) == 2
