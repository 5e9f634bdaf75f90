"""転出証明書: who stands on it, its marks, its codes, and what is refused (転出証明書)."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

import pypdfium2 as pdfium
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.certificates import testing as t
from madoguchi.certificates.actions.making import paper_path
from madoguchi.certificates.actions.releasing import check_out, hand_over
from madoguchi.certificates.documents.move_out import is_signed_by, make_codes, names_key
from madoguchi.certificates.documents.readback import read_back
from madoguchi.certificates.documents.reading import read_pdf
from madoguchi.certificates.domain import move_out_code
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.kinds import Channel, Kind
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.domain.move_out import CODE_MM
from madoguchi.certificates.domain.move_out_code import gather, pack, part_texts
from madoguchi.certificates.forms import DrawForm
from madoguchi.certificates.models import Request
from madoguchi.certificates.queries.keys import paper_keys
from madoguchi.certificates.tests import paper_samples as p
from madoguchi.infra import clock, unit
from madoguchi.infra.qr import QUIET_ZONE_MODULES, qr_modules
from madoguchi.protection.testing import CHIEF, CLERK, protect
from madoguchi.register.api import filing, persons_of, seen
from madoguchi.register.testing import commands

KEY = p.TOKEN_KEY
FAMILY = ("father", "mother", "eldest", "middle", "baby")
NORMAL = frozenset({Evidence.DRIVING_LICENCE, Evidence.MOVE_OUT_NOTIFIED})
SPECIAL = frozenset({Evidence.DRIVING_LICENCE, Evidence.SPECIAL_MOVE_OUT})
THERE = "福岡県みどり市緑町5番6号"

# --- the codes -----------------------------------------------------------------------------

_people = st.lists(
    st.builds(
        lambda name, code: {"name": name, "birth": "昭和60年6月1日", "resident_code": code},
        p.names,
        st.from_regex(r"[0-9]{11}", fullmatch=True),
    ),
    min_size=1,
    max_size=9,
)


def texts_for(people, key=KEY):
    paper = p.leaving(p.TARO, packed=pack({"old_town": "せとうち町", "people": people}))
    return make_codes(paper, key=key)


@settings(max_examples=20, deadline=None)
@given(_people, st.randoms(use_true_random=False))
def test_codes_in_any_order_and_twice_say_what_was_packed(people, dice):
    texts = list(texts_for(people))
    scans = texts + [dice.choice(texts).lower() for _ in range(dice.randrange(3))]
    dice.shuffle(scans)
    found = gather(scans)
    assert not found.problems and not found.missing and found.texts == tuple(texts)
    assert found.whole.notice["people"] == people
    assert (found.whole.town_code, found.whole.issued_on) == ("465259", p.AT.date())
    assert names_key(found.whole, KEY.public_key()) and is_signed_by(found.whole, KEY.public_key())
    left = [one for one in texts if one != dice.choice(texts)]
    held = gather(left)
    assert held.whole is None or len(left) == len(texts)
    assert len(held.missing) == (len(texts) - len(left) if left else 0)


def test_a_paper_of_the_first_layout_is_still_read(monkeypatch):
    monkeypatch.setattr(move_out_code, "VERSION", 1)
    monkeypatch.setattr(move_out_code, "_OF_PERSON", move_out_code._OF_PERSON_1)
    texts = texts_for([{"name": "港　渚", "birth": "昭和60年6月1日"}])
    monkeypatch.undo()
    assert gather(texts).whole.notice["people"] == [{"name": "港　渚", "birth": "昭和60年6月1日"}]


def test_a_code_of_another_paper_is_named_and_left_out():
    ours, theirs = texts_for([{"name": "湊　渚"}] * 9), texts_for([{"name": "湊　波"}] * 9)
    mixed = gather((ours[0], *theirs, *ours[1:]))
    assert {one.code for one in mixed.problems} == {"MOVE_CODE_OF_ANOTHER"}
    assert mixed.whole.notice["people"][0]["name"] == "湊　渚"


@settings(max_examples=40, deadline=None)
@given(_people, st.data())
def test_a_changed_letter_is_never_a_signed_paper(people, data):
    texts = list(texts_for(people))
    at = data.draw(st.integers(0, len(texts) - 1))
    place = data.draw(st.integers(4, len(texts[at]) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    if letter == texts[at][place]:
        return
    texts[at] = texts[at][:place] + letter + texts[at][place + 1 :]
    assert gather(texts).whole is None


def test_what_somebody_made_up_is_whole_but_not_signed_by_us():
    other = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    whole = gather(texts_for([{"name": "湊　渚"}], key=other)).whole
    assert not names_key(whole, KEY.public_key()) and not is_signed_by(whole, KEY.public_key())
    ours = gather(texts_for([{"name": "湊　渚"}])).whole
    forged = part_texts(ours.signed + other.sign(ours.signed))
    found = gather(forged).whole
    assert names_key(found, KEY.public_key()) and not is_signed_by(found, KEY.public_key())


@pytest.mark.parametrize("wrong", ["", "MDG1ABC", "MDO1", "MDO1!!!!", "MDO1" + "A" * 5_000, "犬"])
def test_what_is_no_code_is_said_so(wrong):
    assert [one.code for one in gather([wrong]).problems] == ["MOVE_CODE_UNREADABLE"]


def test_a_bomb_does_not_unfold():
    packed = pack({"people": [{"name": "あ" * 400_000}]})
    assert gather(make_codes(p.leaving(p.TARO, packed=packed), key=KEY)).whole is None


# --- the page ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 5, 14])
def test_everybody_stands_once_and_the_page_is_read_back_with_its_codes(count):
    paper = p.leaving(*(p.person(n, name=f"湊　{'凪' * (n + 1)}") for n in range(count)))
    sheets = plan_sheets(paper)
    assert [one for sheet in sheets for one in sheet.persons] == list(range(count))
    pdf, codes, token = p.pdf_of(paper), p.codes_for(paper), p.token_for(paper)
    asked = {"kind": paper.kind, "token": token}
    assert read_back(pdf, sheets, codes=codes, **asked) == ()
    # One code exchanged for another paper's, and one too few, stop it.
    others = p.codes_for(p.leaving(p.YOSHIKO))
    wrong = read_back(pdf, sheets, codes=(*codes[:-1], others[0]), **asked)
    assert {one.code for one in wrong} == {"QR_DIFFERS"}
    assert read_back(pdf, sheets, codes=codes[:-1], **asked)[0].code == "QR_DIFFERS"


def test_the_codes_are_read_off_the_printed_page_as_a_picture():
    paper = p.leaving(*p.MINATO)
    document = pdfium.PdfDocument(p.pdf_of(paper))
    picture = document[len(document) - 1].render(scale=200 / 72, grayscale=True).to_pil()
    seen_ = {one.text for one in zxingcpp.read_barcodes(picture)}
    codes = set(p.codes_for(paper))
    assert len(codes) > 1 and codes <= seen_
    assert gather(random.Random(7).sample(sorted(codes), len(codes))).whole is not None
    for code in codes:
        module_mm = CODE_MM / (len(qr_modules(code)) + 2 * QUIET_ZONE_MODULES)
        assert module_mm >= 0.5, module_mm


def test_a_practice_paper_has_no_code_that_could_be_used():
    paper = p.leaving(p.TARO, sample=True)
    assert p.codes_for(paper) == () and not any(one.codes for one in plan_sheets(paper))


# --- who gets it ---------------------------------------------------------------------------


def leave(people, *who, in_days=5, to=THERE, reason="MOVE_OUT_DOMESTIC", filed=None):
    """File a 転出 of these people with the register."""
    today = clock.today()
    unit.run(
        filing.file_change, actor=t.FILER,
        command=commands.PlanMoveOut(
            filing=commands.Filing(
                effective=(today + timedelta(days=in_days)).isoformat(), filed_on=filed or today
            ),
            reason=filing.Reason(reason), to=to,
            person_ids=tuple(getattr(people, one) for one in who),
        ),
        passed=frozenset({"HEAD_LEAVES_TWO_OR_MORE", "HOUSEHOLD_WITHOUT_HEAD"}),
    )  # fmt: skip


def ask(person_id, **given_):
    values = {"kind": Kind.MOVE_OUT, "seen": NORMAL} | given_
    return t.ask(person_id, **values)


def codes_of(drawn):
    return [one.code for one in drawn.problems]


def finish(request_id, *, actor=CLERK):
    """Print a released paper, hand it over free of charge, and return its words and codes."""
    now = clock.now()
    pdf = unit.run(
        check_out, request_id=request_id, copy_no=1, path=paper_path(request_id, 1), actor=actor,
        now=now,
    )  # fmt: skip
    assert unit.run(hand_over, request_id=request_id, actor=actor, now=now, paid_yen=0)
    document = pdfium.PdfDocument(pdf)
    scanned = [
        one.text
        for page in document
        for one in zxingcpp.read_barcodes(page.render(scale=200 / 72, grayscale=True).to_pil())
    ]
    text = "".join(one.text for one in read_pdf(pdf).pages)
    return text, gather([one for one in scanned if one.startswith("MDO1")])


def test_the_whole_family_on_one_paper_free_of_charge_and_signed(people):
    leave(people, *FAMILY)
    text, found = finish(t.released(people.mother, kind=Kind.MOVE_OUT, seen=NORMAL))
    assert THERE in text and "特例" not in text and "再交付" not in text
    assert is_signed_by(found.whole, paper_keys().token_key.public_key())
    told = found.whole.notice["people"]
    rows = [seen.find_person(getattr(people, one), actor=CHIEF) for one in FAMILY]
    assert [one["name"] for one in told] == [one.name for one in rows]
    assert [one["resident_code"] for one in told] == [one.resident_code for one in rows]
    planned = (clock.today() + timedelta(days=5)).isoformat()
    assert found.whole.notice["planned_move_out_on"] == planned
    assert "individual_number" not in str(found.whole.notice)
    (request,) = Request.objects.all()
    assert (request.fee_yen, request.state) == (0, State.HANDED_OVER)


def test_only_who_leaves_stands_on_it_and_the_head_is_the_head_of_then(people):
    leave(people, "mother", "baby")
    text, found = finish(t.released(people.baby, kind=Kind.MOVE_OUT, seen=NORMAL))
    assert [one["name"] for one in found.whole.notice["people"]] == ["湊　渚", "湊　凪"]
    assert "湊　大海" in text and "湊　帆" not in text


def test_a_special_filing_marks_the_paper_and_nobody_forgets_to_say_which(people):
    leave(people, "aoi")
    without = ask(people.aoi, seen=frozenset({Evidence.DRIVING_LICENCE}))
    assert codes_of(without) == ["MOVE_OUT_FILING_MISSING"]
    text, _ = finish(t.released(people.aoi, kind=Kind.MOVE_OUT, seen=SPECIAL))
    assert "特例による転出の届出" in text


def test_must_not_a_paper_given_again_says_so_and_what_the_first_one_said(people):
    leave(people, "father", "mother", in_days=0)
    first, codes = finish(t.released(people.father, kind=Kind.MOVE_OUT, seen=NORMAL))
    unit.run(
        filing.file_change, actor=t.FILER,
        command=commands.ConfirmMoveOut(
            filing=commands.Filing(), person_ids=(people.father, people.mother),
            to="福岡県みどり市青町1番", moved_in_on=clock.today(),
        ),
    )  # fmt: skip
    again, codes_again = finish(t.released(people.father, kind=Kind.MOVE_OUT, seen=NORMAL))
    assert "再交付" in again and "再交付" not in first and "青町" not in again
    assert codes_again.whole.notice == codes.whole.notice


def test_every_reason_against_it(people):
    assert codes_of(ask(people.aoi)) == ["MOVE_OUT_NOT_FILED"]
    leave(people, "rin", reason="MOVE_OUT_ABROAD", to="フィリピン")
    assert codes_of(ask(people.rin)) == ["MOVE_OUT_ABROAD"]
    assert codes_of(ask(people.ume)) == ["PERSON_IS_DEAD", "MOVE_OUT_NOT_FILED"]
    leave(people, "haru")
    assert codes_of(ask(people.haru, kind=Kind.MOVE_OUT_LIKE)) == ["MOVE_OUT_WAS_FILED"]
    assert "KIND_NOT_OFFERED" in codes_of(ask(people.haru, channel=Channel.KIOSK))
    stranger = ask(people.haru, applicant=Applicant.THIRD_PARTY)
    assert "APPLICANT_NOT_FOR_KIND" in codes_of(stranger)


def test_who_was_removed_by_authority_gets_the_paper_like_it_and_no_other(people):
    unit.run(
        filing.file_change, actor=t.FILER,
        command=commands.RemovePersons(
            filing=commands.Filing(effective=date(2026, 3, 1).isoformat()),
            reason=filing.Reason.REMOVE_EX_OFFICIO, person_ids=(people.aoi,), to=THERE,
        ),
    )  # fmt: skip
    assert codes_of(ask(people.aoi)) == ["MOVE_OUT_BY_AUTHORITY"]
    seen_ = frozenset({Evidence.DRIVING_LICENCE})
    text, found = finish(t.released(people.aoi, kind=Kind.MOVE_OUT_LIKE, seen=seen_))
    assert "準ずる証明書" in text and "令和8年3月1日" in text and THERE in text
    assert found.whole.notice["planned_move_out_on"] == "2026-03-01"


def test_i6_a_filing_taken_back_stops_the_paper_already_made(people):
    leave(people, "aoi")
    drawn = ask(people.aoi)
    row = seen.find_person(people.aoi, actor=CHIEF)
    unit.run(
        filing.file_change, actor=t.FILER,
        command=commands.RevertChange(
            filing=commands.Filing(filed_on=clock.today()), targets={people.aoi: row.history_no}
        ),
    )  # fmt: skip
    assert t.make(drawn.request_id) is State.REFUSED
    assert codes_of(ask(people.aoi)) == ["MOVE_OUT_NOT_FILED"]


def test_of_a_protected_family_only_who_is_meant_asks_and_only_under_a_lift(people):
    leave(people, "mother", "baby")
    protect(people.mother)
    assert t.refused(people.mother, kind=Kind.MOVE_OUT, seen=NORMAL) == ("UNKNOWN_PERSON",)
    assert codes_of(ask(people.father, kind=Kind.RECORD_ITEMS)) == ["NOT_AVAILABLE_HERE"]
    relative = ask(people.mother, actor=CHIEF, applicant=Applicant.HOUSEHOLD)
    assert (relative.state, codes_of(relative)) == (State.REFUSED, ["UNLOCK_REQUESTER_REFUSED"])
    herself = ask(people.mother, actor=CHIEF)
    assert herself.state is State.LOCKED


# --- the page at the desk ------------------------------------------------------------------


@pytest.fixture
def desk(client, people):
    return staff.signed_in(client, staff.kaede())


def press(desk, person_id, **given_):
    values = {
        "person": person_id, "applicant": "SELF", "photo": ["DRIVING_LICENCE"], "kind": "move_out",
        "chosen": [person_id], "copies": "1", "purpose": "", "fee_free": "", "filing": "",
    } | given_  # fmt: skip
    return desk.post(reverse("certificates:new"), values)


def test_the_page_asks_by_which_filing_and_goes_on(desk, people):
    leave(people, "aoi")
    page = desk.get(reverse("certificates:new"), {"person": people.aoi, "kind": "move_out"})
    assert re.search(r'value="move_out"[^>]*checked', page.text)
    assert not re.search(r'name="filing"[^>]*checked', page.text)
    answer = press(desk, people.aoi)
    assert answer.status_code == 422 and "MOVE_OUT_FILING_MISSING" in answer.text
    answer = press(desk, people.aoi, filing="SPECIAL_MOVE_OUT")
    assert answer.status_code == 302
    kept = Request.objects.get(state=State.DRAWN)
    assert kept.evidence == ["DRIVING_LICENCE", "SPECIAL_MOVE_OUT"] and kept.fee_yen == 0


@pytest.mark.parametrize(
    ("kind", "kept"), [("move_out", {"MOVE_OUT_NOTIFIED"}), ("removed_record", set())]
)
def test_a_filing_pressed_before_the_kind_was_changed_is_not_kept(people, kind, kept):
    """Both papers say where somebody went; only one of them asks by which filing."""
    values = {"person": people.aoi, "applicant": "SELF", "photo": ["DRIVING_LICENCE"], "kind": kind,
              "chosen": [people.aoi], "copies": "1", "filing": "MOVE_OUT_NOTIFIED"}  # fmt: skip
    rows = persons_of([people.aoi]).values()
    form = DrawForm(values, people=rows, channel=Channel.DESK)
    assert form.is_valid(), form.errors
    assert form.command().seen == {"DRIVING_LICENCE"} | kept


def test_the_page_refuses_what_cannot_be_and_knows_nobody_held(desk, people):
    assert "MOVE_OUT_NOT_FILED" in press(desk, people.aoi, filing="MOVE_OUT_NOTIFIED").text
    assert press(desk, people.aoi, filing="DOG").status_code == 422
    leave(people, "mother")
    protect(people.mother)
    assert press(desk, people.mother, filing="MOVE_OUT_NOTIFIED").status_code == 404
    staff.signed_in(desk, staff.tsuru())
    assert press(desk, people.aoi).status_code == 403
