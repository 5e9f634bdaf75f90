"""The practice Monday: works, wrong role, outside practice, bad input, a protected person; and what is judged."""

import re

import pytest
from django.urls import resolve, reverse
from hypothesis import given
from hypothesis import strategies as some

from madoguchi.accounts.testing import kaede, nagi, sango, signed_in
from madoguchi.audit.api import record
from madoguchi.desk.domain.monday import Deed, End, Visitor, Want, judge
from madoguchi.desk.queries.monday import visitors, watched
from madoguchi.infra import unit
from madoguchi.kernel.actor import Actor
from madoguchi.web.english import COOKIE
from madoguchi.web.messages import label

URL = "/desk/practice/"
WANT = Want(action="A", about="p1", detail={"kind": "x"}, words="渡す")
GUEST = Visitor(code="V", at="9:00", who="v", says="", sheet=(), start="/desk/", wants=(WANT,),
                ends=frozenset({End.DONE}), why="")  # fmt: skip


def deed(action="A", about="p1", **detail):
    return Deed(action=action, subjects=frozenset({about}), detail={"kind": "x", **detail})


def test_what_was_done_as_wanted_is_right():
    found = judge(GUEST, deeds=[deed()], end=End.DONE, watched={"A"})
    assert (found.right, found.missed, found.wrong, found.is_clean) == (("渡す",), (), (), True)


@pytest.mark.parametrize(
    "done", [deed(about="p2"), deed(kind="y")], ids=["another person", "another kind"]
)
def test_the_same_deed_about_another_is_wrong_and_the_wanted_one_missing(done):
    found = judge(GUEST, deeds=[done], end=End.DONE, watched={"A"})
    assert (found.missed, found.wrong, found.is_clean) == (("渡す",), ("A",), False)


def test_a_wrong_end_is_told_though_all_was_done():
    assert not judge(GUEST, deeds=[deed()], end=End.REFUSED, watched={"A"}).is_clean


@given(
    some.lists(some.sampled_from([deed(), deed(about="p2"), deed(action="B"), deed(action="C")]))
)
def test_every_want_is_right_or_missed_and_only_watched_deeds_are_wrong(deeds):
    found = judge(GUEST, deeds=deeds, end=End.DONE, watched={"A", "B"})
    assert len(found.right) + len(found.missed) == 1
    assert set(found.wrong) <= {"A", "B"}
    assert found.is_clean == (bool(deeds) and all(one in (deed(), deed(action="C")) for one in deeds)
                              and deed() in deeds)  # fmt: skip


def test_every_visitor_begins_at_a_page_that_is_there_and_has_words_for_what_can_go_wrong():
    assert len(visitors()) >= 6
    for one in visitors():
        assert resolve(one.start.split("?")[0])
        assert one.ends
    assert all(label(kind="monday_wrong", code=action) for action in watched())


@pytest.fixture
def clerk(client, db):
    signed_in(client, kaede())
    session = client.session
    session["practice"] = True
    session.save()
    return client


def serve(action, person, staff_id="kaede", **detail):
    """Put on record what the desk would: the room that does it has its own tests."""
    actor = Actor(
        staff_id=staff_id, name="", rights=frozenset(), place="", terminal="", purpose="練習"
    )
    unit.run(record, actor=actor, action=action, subjects=[person] if person else [], detail=detail)


def press(client, **what):
    return client.post(URL, what, follow=True).text


def test_a_clerk_serves_one_and_reads_what_was_right(clerk):
    assert visitors()[0].says in clerk.get(URL).text
    serve(
        "CERTIFICATE_HANDED_OVER",
        "000000990000018",
        kind="resident_record_individual",
        applicant="SELF",
    )
    page = press(clerk, do="end", end="DONE")
    assert "よくできました" in page
    assert "していない" not in page
    assert visitors()[1].says in press(clerk, do="next")


def test_d6_what_was_done_before_or_by_another_does_not_count(clerk):
    serve(
        "CERTIFICATE_HANDED_OVER",
        "000000990000018",
        kind="resident_record_individual",
        applicant="SELF",
    )
    clerk.get(URL)
    serve("CERTIFICATE_HANDED_OVER", "000000990000018", staff_id="nagi",
          kind="resident_record_individual", applicant="SELF")  # fmt: skip
    assert "していない" in press(clerk, do="end", end="DONE")


def test_whoever_seeks_a_protected_person_gets_nothing_and_handing_it_out_is_wrong(clerk):
    clerk.get(URL)
    for _ in range(2):
        press(clerk, do="end", end="DONE")
        press(clerk, do="next")
    assert visitors()[2].code == "SEEKING"
    serve(
        "CERTIFICATE_HANDED_OVER",
        "000000990000077",
        kind="resident_record_individual",
        applicant="SELF",
    )
    page = press(clerk, do="end", end="DONE")
    assert label(kind="monday_wrong", code="CERTIFICATE_HANDED_OVER") in page
    assert page.count("badge--stop") == 2


def test_the_day_ends_with_all_of_it_and_begins_again(clerk):
    clerk.get(URL)
    for _ in visitors():
        press(clerk, do="end", end="REFUSED")
        page = press(clerk, do="next")
    assert f"{len(visitors())}人のうち 1人を" in page
    assert visitors()[0].says in press(clerk, do="again")


def test_the_whole_day_is_in_english_where_the_desk_is(clerk):
    clerk.cookies[COOKIE] = "en"
    for _ in visitors():
        for shown in (clerk.get(URL).text, press(clerk, do="end", end="DONE")):
            main = shown.split("<main")[1].split("</main>")[0]
            assert not re.search("[\u3040-\u30ff]", main), main  # kanji of names stay
        press(clerk, do="next")
    main = clerk.get(URL).text.split("<main")[1].split("</main>")[0]
    assert not re.search("[\u3040-\u30ff]", main), main


@pytest.mark.parametrize("what", [{}, {"do": "end"}, {"do": "end", "end": "SLEPT"}, {"do": "next"}])
def test_a_press_that_says_nothing_is_told_so(clerk, what):
    answer = clerk.post(URL, what)
    assert answer.status_code == 422
    assert "MONDAY_END_MISSING" in answer.text


def test_outside_practice_there_is_no_such_page(client, db):
    assert signed_in(client, nagi()).get(URL).status_code == 404


def test_whoever_serves_nobody_does_not_enter(client, db):
    assert signed_in(client, sango()).get(URL).status_code == 403


def test_the_practice_door_leads_here(client, db):
    answer = client.post(reverse("accounts:demo_sign_in", args=["kaede"]), {"practice": "1"})
    assert answer.headers["Location"] == URL
    assert re.search(rf'<a class="fiction" href="{URL}">', client.get("/desk/").text)
