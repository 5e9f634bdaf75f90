"""Letters a filing calls for: to the address that was left, to a silent town, to nobody held (手紙)."""

import re
from datetime import timedelta

import pypdfium2 as pdfium
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.dispatch import testing as post
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Refused
from madoguchi.moves.actions import filing
from madoguchi.moves.domain.filing import NOTIFIED, Kind, Notifier
from madoguchi.moves.domain.letters import MoveLetter, letters_for
from madoguchi.moves.domain.messages import MessageKind
from madoguchi.moves.models import Filing, Letter, PostMessage
from madoguchi.moves.testing import TODAY, move_in, told
from madoguchi.moves.tests.post import Line, message
from madoguchi.protection.testing import protect
from madoguchi.register.api import filing as register
from madoguchi.register.testing import at as moment

AGENT = told(notifier=Notifier.AGENT, proxy_letter=True)
OLD, NEW = "福岡県みどり市緑町5番6号", "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地"


@given(st.sampled_from(Kind), st.sampled_from(("", *Notifier)), st.booleans(), st.booleans())
def test_m16_who_did_not_come_is_told_and_only_a_silent_town_is_asked(kind, notifier, gone, silent):
    found = letters_for(kind, notifier=notifier, is_reverted=gone, silent=silent)
    told_ = kind in NOTIFIED and notifier == "AGENT" and not gone
    asked = kind is Kind.MOVE_OUT and silent and not gone
    assert (MoveLetter.RECEIPT in found, MoveLetter.NO_NOTICE in found) == (told_, asked)


@pytest.fixture
def desk(client, db):
    with clock.frozen(moment("2026-11-27T16:00")):
        yield staff.signed_in(client, staff.kaede())


TO = {"postcode": "810-0001", "address": OLD}
TOWN_HALL = {"postcode": "810-8620", "address": "福岡県みどり市", "name": "みどり市役所　住民担当"}


def write(desk, filing_id, letter, **to):
    return desk.post(reverse("moves:filing_letter", args=[filing_id]), {"letter": letter} | to)


def page(desk, filing_id):
    return desk.get(reverse("moves:filing", args=[filing_id])).text


def text_of(printed):
    document = pdfium.PdfDocument(printed.pdf)
    texts = [one.get_textpage().get_text_bounded().replace("\r\n", "") for one in document]
    return "".join(texts)


def moved_out(counter, *person_ids, in_days=4):
    left = TODAY + timedelta(days=in_days)
    command = register.PlanMoveOut(
        filing=register.Filing(effective=left.isoformat(), filed_on=TODAY),
        reason=register.Reason.MOVE_OUT_DOMESTIC, person_ids=person_ids, to="福岡県みどり市",
    )  # fmt: skip
    return counter.do(filing.file_other, kind=Kind.MOVE_OUT, command=command, told=told())


def test_who_moved_in_by_an_agent_is_told_at_the_address_they_left(counter, desk):
    moved = counter.do(filing.file_move_in, move=move_in(0, 1, told=AGENT))
    shown = page(desk, moved.filing_id)
    assert "受理通知（前の住所へ）" in shown and OLD in shown
    refused = write(desk, moved.filing_id, "RECEIPT", address=OLD)
    assert refused.status_code == 422 and "LETTER_HANDED_POSTCODE" in refused.text
    assert write(desk, moved.filing_id, "RECEIPT", **TO).status_code == 302
    assert "発送待ちへ入れました" in page(desk, moved.filing_id)
    printed = post.printed(post.batched())
    text = text_of(printed)
    assert printed.letters == 1 and "渚" in text and "波" not in text
    assert OLD.removeprefix("福岡県みどり市") in text and "古仁屋船津" not in text
    assert "転入届" in text and "あなたと、ほか1人" in text
    for action in ("MOVE_LETTER_WRITTEN", "DISPATCH_QUEUED"):
        (entry,) = list_entries(wanted=EntryFilter(action=action)).entries
        assert "渚" not in str(entry.note) and "みどり市" not in str(entry.note)


def test_who_moved_within_the_town_is_told_where_they_lived_before(counter, desk):
    people = tuple(counter.move_in(0, 1).person_ids.values())
    command = register.ChangeAddress(
        filing=register.Filing(effective=TODAY.isoformat(), filed_on=TODAY), person_ids=people,
        postcode="894-2101", address="鹿児島県大島郡瀬戸内町大字諸鈍1番地", building="",
    )  # fmt: skip
    moved = counter.do(filing.file_other, kind=Kind.CHANGE_ADDRESS, command=command, told=AGENT)
    # Nothing has to be typed: the register knows the address that was left, and its postcode.
    fields = dict(re.findall(r'name="(postcode|address|building)" value="([^"]*)"',
                             page(desk, moved.filing_id)))  # fmt: skip
    assert fields == {"postcode": "894-1508", "address": NEW, "building": ""}
    assert write(desk, moved.filing_id, "RECEIPT", **fields).status_code == 302
    text = text_of(post.printed(post.batched()))
    assert "船津23番地" in text and "諸鈍" not in text


def test_a_silent_town_is_asked_by_the_names_it_is_silent_about(counter, desk):
    family = counter.move_in().person_ids
    gone = moved_out(counter, family["4"], family["5"])
    early = write(desk, gone.filing_id, "NO_NOTICE", **TOWN_HALL)
    assert "MOVE_LETTER_NOT_DUE" in early.text
    with clock.frozen(moment("2027-01-05T10:00")):
        staff.signed_in(desk, staff.kaede())
        assert "まだ" in desk.get("/moves/unanswered/").text
        assert 'value="みどり市役所　住民担当"' in page(desk, gone.filing_id)
        assert write(desk, gone.filing_id, "NO_NOTICE", **TOWN_HALL).status_code == 302
        printed = post.printed(post.batched())
        text = text_of(printed)
        assert printed.letters == 2 and "みどり市役所　住民担当　御中" in text
        assert "磯" in text and "汀" in text and "令和8年12月1日" in text
        assert "R9.1.5" in desk.get("/moves/unanswered/").text


def test_a_silent_neighbour_is_asked_by_a_message_once_and_its_names_are_those_it_owes(
    counter, desk, tmp_path, settings
):
    line = Line(tmp_path, settings)
    family = counter.move_in().person_ids
    gone = moved_out(counter, family["4"], family["5"])
    ask = {"message": "1"}
    assert "MOVE_LETTER_NOT_DUE" in write(desk, gone.filing_id, "NO_NOTICE", **ask).text
    with clock.frozen(moment("2027-01-05T10:00")):
        staff.signed_in(desk, staff.kaede())
        assert "知らせで照会する" in page(desk, gone.filing_id)
        assert write(desk, gone.filing_id, "NO_NOTICE", **ask).status_code == 302
        assert "R9.1.5" in desk.get("/moves/unanswered/").text
        assert "MOVE_INQUIRY_SENT" in write(desk, gone.filing_id, "NO_NOTICE", **ask).text
        protect(family["5"])
    line.round(at=moment("2027-01-05T10:01"))
    assert [one for one in line.sent() if one["kind"] == "MOVE_IN_INQUIRY"] == []
    held = PostMessage.objects.get(kind="MOVE_IN_INQUIRY")
    assert held.state == "HELD" and len(held.body["people"]) == 2


def test_an_inquiry_that_came_shows_whom_it_asks_about(desk, tmp_path, settings):
    line = Line(tmp_path, settings)
    body = {"ref": "x", "left_on": "2026-08-01", "to": "瀬戸内町古仁屋1",
            "people": [{"name": "港　渚", "birth": "1985-06-01", "resident_code": ""}]}  # fmt: skip
    line.bring(message(1, kind=MessageKind.MOVE_IN_INQUIRY, body=body)[1])
    line.round()
    shown = desk.get(reverse("moves:post")).text
    assert "転入通知の照会" in shown and "渚" in shown and "R8.8.1" in shown
    take = reverse("moves:post_take", args=[PostMessage.objects.get().message_id])
    assert desk.post(take).status_code == 302
    assert PostMessage.objects.get().state == "DONE"


def test_an_answer_ends_the_question_and_a_filing_taken_back_its_letters(counter, desk):
    family = counter.move_in(told=AGENT).person_ids
    receipt = Filing.objects.get().filing_id
    write(desk, receipt, "RECEIPT", **TO)
    gone = moved_out(counter, family["4"], family["5"])
    with clock.frozen(moment("2027-01-05T10:00")):
        staff.signed_in(desk, staff.kaede())
        write(desk, gone.filing_id, "NO_NOTICE", **TOWN_HALL)
    answer = register.ConfirmMoveOut(
        filing=register.Filing(), person_ids=(family["4"],), to="福岡県みどり市緑町9番",
        moved_in_on=TODAY + timedelta(days=5),
    )  # fmt: skip
    counter.do(filing.file_other, kind=Kind.CONFIRM_MOVE_OUT, command=answer,
               told=told(), day=TODAY + timedelta(days=50))  # fmt: skip
    kinds = sorted(one.kind for one in post.waiting())
    assert kinds == ["MOVE_INQUIRY", "MOVE_RECEIPT"]
    for one in (gone.filing_id, receipt):
        with pytest.raises(Refused):  # newest first: the answer stands on the filing
            counter.do(
                filing.take_back, filing_id=one, ground="誤り", day=TODAY + timedelta(days=51)
            )
    confirmed = Filing.objects.get(kind="CONFIRM_MOVE_OUT").filing_id
    for one in (confirmed, gone.filing_id, receipt):
        counter.do(filing.take_back, filing_id=one, ground="誤り", day=TODAY + timedelta(days=51),
                   passed=("HEAD_LEAVES_TWO_OR_MORE",))  # fmt: skip
    assert post.waiting() == ()


def test_m16_no_letter_of_somebody_held_goes_where_they_fled_from(counter, desk):
    moved = counter.do(filing.file_move_in, move=move_in(0, 1, told=AGENT))
    protect(moved.person_ids["2"])
    assert write(desk, moved.filing_id, "RECEIPT", **TO).status_code == 404
    staff.signed_in(desk, staff.nagi())
    answer = write(desk, moved.filing_id, "RECEIPT", **TO)
    assert answer.status_code == 422 and "MOVE_LETTER_HELD" in answer.text
    assert not Letter.objects.exists()


@pytest.mark.parametrize("when", ["queued", "printed"])
def test_m16_who_is_held_meanwhile_gets_no_letter_either(counter, desk, when):
    moved = counter.do(filing.file_move_in, move=move_in(0, told=AGENT))
    write(desk, moved.filing_id, "RECEIPT", **TO)
    batch = post.batched()
    if when == "printed":
        post.printed(batch)
    protect(moved.person_ids["1"])
    if when == "printed":
        posted = post.posted(batch)
        assert posted.letters == 0 and len(posted.pulled) == 1
    else:
        with pytest.raises(Refused):
            post.printed(batch)


def test_a_letter_nobody_needs_bad_input_unknown_and_the_wrong_role(counter, desk):
    moved = counter.move_in(0)
    for letter, code in (("RECEIPT", "MOVE_LETTER_NOT_DUE"), ("DOG", "BAD_INPUT")):
        answer = write(desk, moved.filing_id, letter, **TO)
        assert answer.status_code == 422 and code in answer.text
    assert write(desk, "x", "RECEIPT", **TO).status_code == 404
    staff.signed_in(desk, staff.tsuru())
    assert write(desk, moved.filing_id, "RECEIPT", **TO).status_code == 403


def test_that_a_letter_was_written_is_never_changed(counter, desk):
    moved = counter.do(filing.file_move_in, move=move_in(0, told=AGENT))
    write(desk, moved.filing_id, "RECEIPT", **TO)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(written_by="x")
