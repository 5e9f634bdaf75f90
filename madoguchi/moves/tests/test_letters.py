"""Letters a filing calls for: to the address that was left, to a silent town, to nobody held (手紙)."""

from datetime import timedelta

import pypdfium2 as pdfium
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import clock
from madoguchi.moves.actions import filing
from madoguchi.moves.domain.filing import NOTIFIED, Kind, Notifier
from madoguchi.moves.domain.letters import MoveLetter, letters_for
from madoguchi.moves.models import Letter
from madoguchi.moves.testing import TODAY, move_in, told
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


def write(desk, filing_id, letter):
    return desk.post(reverse("moves:filing_letter", args=[filing_id]), {"letter": letter})


def text_of(answer):
    assert answer.headers["Content-Type"] == "application/pdf", answer.text
    pages = pdfium.PdfDocument(answer.content)
    assert len(pages) == 1 and answer.headers["Cache-Control"] == "no-store"
    return pages[0].get_textpage().get_text_bounded().replace("\r\n", "")


def test_who_moved_in_by_an_agent_is_told_at_the_address_they_left(counter, desk):
    moved = counter.do(filing.file_move_in, move=move_in(0, told=AGENT))
    assert (
        "受理通知（前の住所へ）を作る"
        in desk.get(reverse("moves:filing", args=[moved.filing_id])).text
    )
    text = text_of(write(desk, moved.filing_id, "RECEIPT"))
    assert OLD in text and NEW not in text and "渚" in text and "転入届" in text
    (entry,) = list_entries(wanted=EntryFilter(action="MOVE_LETTER_WRITTEN")).entries
    assert "渚" not in str(entry.note)


def test_who_moved_within_the_town_is_told_where_they_lived_before(counter, desk):
    people = tuple(counter.move_in(0, 1).person_ids.values())
    command = register.ChangeAddress(
        filing=register.Filing(effective=TODAY.isoformat(), filed_on=TODAY), person_ids=people,
        postcode="894-2101", address="鹿児島県大島郡瀬戸内町大字諸鈍1番地", building="",
    )  # fmt: skip
    moved = counter.do(filing.file_other, kind=Kind.CHANGE_ADDRESS, command=command, told=AGENT)
    text = text_of(write(desk, moved.filing_id, "RECEIPT"))
    assert NEW in text and "諸鈍" not in text and "波" in text


def test_a_silent_town_is_asked_by_the_names_it_is_silent_about(counter, desk):
    family = counter.move_in().person_ids
    left = TODAY + timedelta(days=4)
    command = register.PlanMoveOut(
        filing=register.Filing(effective=left.isoformat(), filed_on=TODAY),
        reason=register.Reason.MOVE_OUT_DOMESTIC, person_ids=(family["5"],), to="福岡県みどり市",
    )  # fmt: skip
    gone = counter.do(filing.file_other, kind=Kind.MOVE_OUT, command=command, told=told())
    assert "MOVE_LETTER_NOT_DUE" in write(desk, gone.filing_id, "NO_NOTICE").text
    with clock.frozen(moment("2027-01-05T10:00")):
        staff.signed_in(desk, staff.kaede())
        assert "まだ" in desk.get("/moves/unanswered/").text
        text = text_of(write(desk, gone.filing_id, "NO_NOTICE"))
        assert "福岡県みどり市" in text and "磯" in text and "令和8年12月1日" in text
        assert "R9.1.5" in desk.get("/moves/unanswered/").text


def test_m16_no_letter_of_somebody_held_goes_where_they_fled_from(counter, desk):
    moved = counter.do(filing.file_move_in, move=move_in(0, 1, told=AGENT))
    protect(moved.person_ids["2"])
    assert write(desk, moved.filing_id, "RECEIPT").status_code == 404
    staff.signed_in(desk, staff.nagi())
    answer = write(desk, moved.filing_id, "RECEIPT")
    assert answer.status_code == 422 and "MOVE_LETTER_HELD" in answer.text
    assert not Letter.objects.exists()


def test_a_letter_nobody_needs_bad_input_unknown_and_the_wrong_role(counter, desk):
    moved = counter.move_in(0)
    for letter, code in (("RECEIPT", "MOVE_LETTER_NOT_DUE"), ("DOG", "BAD_INPUT")):
        answer = write(desk, moved.filing_id, letter)
        assert answer.status_code == 422 and code in answer.text
    assert write(desk, "x", "RECEIPT").status_code == 404
    staff.signed_in(desk, staff.tsuru())
    assert write(desk, moved.filing_id, "RECEIPT").status_code == 403


def test_that_a_letter_was_written_is_never_changed(counter, desk):
    moved = counter.do(filing.file_move_in, move=move_in(0, told=AGENT))
    write(desk, moved.filing_id, "RECEIPT")
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(written_by="x")
