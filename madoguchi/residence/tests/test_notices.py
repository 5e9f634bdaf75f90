"""After a removal: who is told how, what hangs in public and how long, never whoever is held alone."""

from datetime import date, timedelta

import pypdfium2 as pdfium
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.accounts.api import approve, pending_approvals
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.dispatch import testing as post
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import protect
from madoguchi.register.api import filing as register
from madoguchi.register.api import persons_of
from madoguchi.register.testing import clerk
from madoguchi.residence.actions import notices as acts
from madoguchi.residence.domain.notices import (
    MAY,
    Ground,
    Posting,
    Step,
    Told,
    check_days,
    check_posting,
    next_step,
)
from madoguchi.residence.models import NoticeRow
from madoguchi.residence.queries.notices import count_untold, list_untold, notice_book
from madoguchi.residence.tests.checks import (
    NAGISA,
    NAMI,
    at,
    later,
    opened,
    taken_off,
)

BOOK = notice_book()
GONE_ON = date(2026, 10, 6)
TO = {"postcode": "810-0001", "address": "福岡県みどり市緑町5番6号"}

# -- the rules -------------------------------------------------------------------------------------


def hangs(**more):
    given_ = {"notice_id": "n", "ground": Ground.UNKNOWN, "made_on": GONE_ON, "hangs_days": 14,
              "place": "役場の掲示場"} | more  # fmt: skip
    return Posting(**given_)


def step(*letters, posting=None, days=0, approved=False, held=False):
    told = Told(removed_on=GONE_ON, letters=letters, posting=posting)
    today = GONE_ON + timedelta(days=days)
    return next_step(told, book=BOOK, today=today, approved=approved, held=held)


OUT = ("POSTED", GONE_ON)


@pytest.mark.parametrize(
    ("letters", "days", "wanted", "due"),
    [((), 0, Step.CHOOSE, 7), ((("QUEUED", None),), 0, Step.LETTER_WAITS, 7),
     ((("PRINTED", None),), 0, Step.LETTER_WAITS, 7), ((("HELD", None),), 0, Step.LETTER_HELD, 7),
     ((("CANCELLED", None),), 0, Step.CHOOSE, 7), ((OUT,), 30, Step.LETTER_OUT, 30),
     ((OUT,), 31, Step.DONE, None), ((("DELIVERED", GONE_ON),), 0, Step.DONE, None),
     ((OUT, ("RETURNED", GONE_ON)), 40, Step.POST_INSTEAD, 7),
     ((("DELIVERED", None), ("CANCELLED", None)), 40, Step.CHOOSE, 7)],
)  # fmt: skip
def test_r9_the_worst_letter_says_what_comes_next(letters, days, wanted, due):
    found = step(*letters, days=days)
    assert found.step is wanted
    assert found.due == (GONE_ON + timedelta(days=due) if due else None)


def test_r9_a_paper_hangs_through_its_last_day_and_comes_down_the_next():
    up = hangs(put_up_on=GONE_ON, put_up_by="nagi")
    assert up.last_day == GONE_ON + timedelta(days=14)
    assert step(posting=up, days=14).step is Step.UP
    assert step(posting=up, days=15).step is Step.TAKE_DOWN
    assert step(posting=up, days=15).due == GONE_ON + timedelta(days=15)
    down = hangs(put_up_on=GONE_ON, put_up_by="n", taken_down_on=GONE_ON, taken_down_by="n")
    assert step(posting=down, held=True).step is Step.DONE


@given(
    st.lists(st.tuples(st.sampled_from(["QUEUED", "PRINTED", "POSTED", "RETURNED", "HELD",
                                        "DELIVERED", "CANCELLED", "SUPERSEDED"]),
                       st.just(GONE_ON)), max_size=3),
    st.sampled_from([None, hangs(), hangs(put_up_on=GONE_ON, put_up_by="n")]),
    st.integers(0, 60), st.booleans(),
)  # fmt: skip
def test_r10_nobody_held_is_put_up_or_stays_up_without_a_second_officer(letters, posting, days, ok):
    found = step(*letters, posting=posting, days=days, approved=ok, held=True).step
    if not ok:
        assert found not in (Step.PUT_UP, Step.UP)
    if posting is not None and posting.put_up_on and not ok:
        assert found is Step.TAKE_DOWN
    # Whatever state it is in, something can be pressed, is waited for, or it is over.
    pressed = {one for steps in MAY.values() for one in steps}
    assert found in pressed | {Step.LETTER_WAITS, Step.LETTER_OUT, Step.DONE}


def test_nobody_is_told_of_a_removal_that_was_taken_back_and_what_hangs_comes_down():
    told = Told(removed_on=GONE_ON)
    asked = {"book": BOOK, "today": GONE_ON, "approved": False, "held": False}
    assert next_step(told, moot=True, **asked).step is Step.DONE
    waits = Told(removed_on=GONE_ON, posting=hangs())
    assert next_step(waits, moot=True, **asked).step is Step.DONE
    up = Told(removed_on=GONE_ON, posting=hangs(put_up_on=GONE_ON, put_up_by="n"))
    found = next_step(up, moot=True, **asked)
    assert (found.step, found.due) == (Step.TAKE_DOWN, GONE_ON)


def test_what_a_posting_wants_is_told_at_once():
    returned = Told(removed_on=GONE_ON, letters=(("RETURNED", GONE_ON),))
    nothing = Told(removed_on=GONE_ON)
    for told, ground, fine in ((returned, Ground.RETURNED, True), (returned, Ground.UNKNOWN, False),
                               (nothing, Ground.RETURNED, False), (nothing, Ground.HARD, True)):  # fmt: skip
        assert (check_posting(told, ground, book=BOOK, today=GONE_ON) == ()) == fine
    before = date(1999, 12, 31)
    assert [one.code for one in check_posting(nothing, Ground.RETURNED, book=BOOK, today=before)] == [
        "RESIDENCE_GROUND_WRONG", "RESIDENCE_NO_POSTING_RULE",
    ]  # fmt: skip


@pytest.mark.parametrize(("up", "down", "fine"), [(0, None, True), (-1, None, False),
                         (6, None, False), (None, 2, True), (None, 1, False), (None, 6, False)])  # fmt: skip
def test_the_days_of_a_posting_lie_between_its_making_and_today(up, down, fine):
    def day(ahead):
        return None if ahead is None else GONE_ON + timedelta(days=ahead)

    posting = hangs(
        put_up_on=None if down is None else day(2), put_up_by="" if down is None else "n"
    )
    assert (check_days(posting, put_up=day(up), down=day(down), today=day(5)) == ()) == fine


# -- the pages -------------------------------------------------------------------------------------


@pytest.fixture
def removed(nagi):
    case_id = taken_off(staff.actor_for(staff.nagi()), staff.actor_for(staff.kai()))
    with later(35):
        yield case_id


def tell(client, case_id, do, **typed):
    return client.post(at("tell", case_id), {"do": do} | typed)


def text_of(pdf):
    document = pdfium.PdfDocument(pdf)
    return "".join(one.get_textpage().get_text_bounded() for one in document).replace("\r\n", "")


def mailed():
    """Print and post everything that waits in the post room."""
    batch = post.batched()
    printed = post.printed(batch)
    post.posted(batch)
    return printed


def test_r9_each_of_them_gets_a_letter_where_they_are_known_to_be(nagi, removed):
    shown = nagi.get(at("case", removed)).text
    assert "まだ知らせていません" in shown
    assert "港" in nagi.get(at("untold")).text
    assert tell(nagi, removed, "letter", **TO).status_code == 302
    printed = mailed()
    text = text_of(printed.pdf)
    assert printed.letters == 2 and "住民票の消除について（通知）" in text
    assert "みどり市緑町" in text and "審査請求" in text and "渚" in text and "波" in text
    assert "手紙を差し出しました" in nagi.get(at("case", removed)).text
    with later(35 + 31):
        assert "知らせました" in nagi.get(at("case", removed)).text
        assert list_untold(actor=staff.actor_for(staff.nagi()), today=clock.today()) == ()


def test_the_home_counts_what_is_due_by_today_for_whoever_may_know(nagi, removed):
    assert "住民票を消したあと" not in nagi.get("/desk/").text
    with later(35 + BOOK.within_days):
        staff.signed_in(nagi, staff.nagi())
        assert "期限が来た1件" in nagi.get("/desk/").text
        assert count_untold(actor=clerk(), today=clock.today()) == 0


def test_r9_a_letter_that_came_back_leads_to_a_posting_with_its_days(nagi, removed):
    tell(nagi, removed, "letter", **TO)
    mailed()
    post.came_back(NoticeRow.objects.order_by("about_no").first().about_no)
    assert "手紙が戻りました" in nagi.get(at("untold")).text
    assert tell(nagi, removed, "posting", ground="UNKNOWN").status_code == 422
    assert tell(nagi, removed, "posting", ground="RETURNED").status_code == 302
    paper = nagi.post(at("posting", removed))
    assert paper.headers["Content-Type"] == "application/pdf", paper.text
    text = text_of(paper.content)
    assert "同条第4項により公示する" in text and "渚" in text and "14日間" in text
    assert tell(nagi, removed, "put_up", on="2026-10-06").status_code == 302
    assert "10月20日" in text_of(nagi.post(at("posting", removed)).content)
    row = NoticeRow.objects.get(way="POSTING")
    assert (row.put_up_on, row.put_up_by) == (date(2026, 10, 6), staff.nagi().staff_id)
    with later(50):  # 21 October: the day after the last
        assert "掲示を外します" in nagi.get(at("untold")).text
        assert tell(nagi, removed, "take_down", on="2026-10-21").status_code == 302
        assert "知らせました" in nagi.get(at("case", removed)).text
    said = {one.note.action for one in list_entries(wanted=EntryFilter()).entries}
    assert {"RESIDENCE_POSTING_UP", "RESIDENCE_POSTING_DOWN"} <= said


def test_a_posting_given_up_before_it_hangs_makes_room_for_a_letter(nagi, removed):
    tell(nagi, removed, "posting", ground="UNKNOWN")
    assert "RESIDENCE_NOTICE_STEP" in tell(nagi, removed, "letter", **TO).text
    assert tell(nagi, removed, "give_up").status_code == 302
    assert tell(nagi, removed, "letter", **TO).status_code == 302


def test_r10_whoever_is_held_gets_no_letter_and_is_posted_by_two_without_an_address(nagi, removed):
    protect(NAMI)
    assert "RESIDENCE_NO_PAPER" in tell(nagi, removed, "letter", **TO).text
    assert tell(nagi, removed, "posting", ground="UNKNOWN").status_code == 302
    for answer in (
        nagi.post(at("posting", removed)),
        tell(nagi, removed, "put_up", on="2026-10-06"),
    ):
        assert answer.status_code == 422 and "RESIDENCE_POSTING_SECOND" in answer.text
    # Who may not see protected people is not even told that somebody asks.
    plain = clerk(Right.APPROVE, Right.CHECK_RESIDENCE)
    assert not [one for one in pending_approvals(plain) if one.action == "RESIDENCE_POSTING"]
    kai = staff.actor_for(staff.kai())
    (asked,) = [one for one in pending_approvals(kai) if one.action == "RESIDENCE_POSTING"]
    unit.run(approve, actor=kai, approval_id=asked.approval_id)
    text = text_of(nagi.post(at("posting", removed)).content)
    assert "渚" in text and "記載しない" in text and "番地" not in text
    assert tell(nagi, removed, "put_up", on="2026-10-06").status_code == 302


def test_r10_whoever_becomes_held_while_it_hangs_comes_down_the_same_day(nagi, removed):
    tell(nagi, removed, "posting", ground="UNKNOWN")
    tell(nagi, removed, "put_up", on="2026-10-06")
    protect(NAGISA)
    assert "すぐに外してください" in nagi.get(at("case", removed)).text
    assert nagi.post(at("posting", removed)).status_code == 422
    assert tell(nagi, removed, "take_down", on="2026-10-06").status_code == 302


def test_r10_whoever_becomes_held_before_it_hangs_waits_for_two(nagi, removed):
    tell(nagi, removed, "posting", ground="UNKNOWN")
    protect(NAGISA)
    assert "RESIDENCE_POSTING_SECOND" in tell(nagi, removed, "put_up", on="2026-10-06").text
    assert tell(nagi, removed, "second").status_code == 302
    kai = staff.actor_for(staff.kai())
    assert [one for one in pending_approvals(kai) if one.action == "RESIDENCE_POSTING"]
    # A clerk who has the right and may not see held people knows of nothing.
    checker = clerk(Right.CHECK_RESIDENCE)
    assert list_untold(actor=checker, today=clock.today()) == ()
    with pytest.raises(Refused) as refusal:
        unit.run(acts.give_up, case_id=removed, actor=checker, now=clock.now())
    assert [one.code for one in refusal.value.problems] == ["RESIDENCE_UNKNOWN"]


def test_a_removal_taken_back_in_the_register_leaves_the_list(nagi, removed):
    versions = {key: row.history_no for key, row in persons_of([NAGISA, NAMI]).items()}
    desk = staff.actor_for(staff.nagi())
    unit.run(
        register.file_change, actor=desk, passed=frozenset(),
        command=register.RevertChange(
            filing=register.Filing(filed_on=clock.today()), targets=versions
        ),
    )  # fmt: skip
    assert list_untold(actor=desk, today=clock.today()) == ()
    assert "RESIDENCE_NOTICE_STEP" in tell(nagi, removed, "letter", **TO).text


def test_r6_the_desk_without_the_right_tells_nobody(nagi, removed):
    for member in (staff.kaede(), staff.tsuru()):
        staff.signed_in(nagi, member)
        assert nagi.get(at("untold")).status_code == 403
        assert tell(nagi, removed, "give_up").status_code == 403
        assert nagi.post(at("posting", removed)).status_code == 403


@pytest.mark.parametrize("name", ["tell", "posting"])
def test_a_removal_nobody_knows_is_not_there(nagi, name):
    assert nagi.post(reverse(f"residence:{name}", args=["x"]), {"do": "give_up"}).status_code == 404


@pytest.mark.parametrize(
    ("do", "typed", "code"),
    [("dance", {}, "BAD_INPUT"), ("letter", {"postcode": "1", "address": "x"}, "LETTER_HANDED_POSTCODE"),
     ("letter", {}, "FIELD_REQUIRED"), ("posting", {"ground": "DOG"}, "FIELD_CHOICE"),
     ("put_up", {"on": "2026-10-06"}, "RESIDENCE_NOTICE_STEP"),
     ("take_down", {"on": "soon"}, "DATE_UNREADABLE"), ("second", {}, "RESIDENCE_NOTICE_STEP")],
)  # fmt: skip
def test_bad_input_is_said_and_nothing_is_kept(nagi, removed, do, typed, code):
    answer = tell(nagi, removed, do, **typed)
    assert answer.status_code == 422 and code in answer.text
    assert not NoticeRow.objects.exists()


def test_a_table_of_a_town_from_before_keeps_its_days_and_takes_the_notices_from_ours(tmp_path):
    (tmp_path / "residence.toml").write_text(
        '[notice]\nwithin_days = 3\nsettles_days = 9\nappeal = ["x"]'
    )
    found = notice_book(str(tmp_path))
    assert (found.within_days, found.postings) == (3, BOOK.postings)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "residence.toml").write_text("[clock]\ndays = 40")
    assert notice_book(str(tmp_path / "old")) == BOOK


def test_of_an_open_check_nobody_is_told(nagi):
    case_id = opened(nagi)
    assert "RESIDENCE_NOTICE_STEP" in tell(nagi, case_id, "posting", ground="UNKNOWN").text
    assert nagi.post(at("posting", case_id)).status_code == 422


def test_the_table_keeps_one_posting_a_case_and_no_day_without_a_name(nagi, removed):
    tell(nagi, removed, "posting", ground="UNKNOWN")
    row = NoticeRow.objects.get()
    for values in ({"put_up_on": date(2026, 10, 6)}, {"hangs_days": None}, {"ground": ""},
                   {"taken_down_on": date(2026, 10, 6), "taken_down_by": "n"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            NoticeRow.objects.filter(notice_id=row.notice_id).update(**values)
    row.notice_id = "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
