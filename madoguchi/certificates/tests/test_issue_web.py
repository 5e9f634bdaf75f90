"""Pages: works, wrong role, somebody else's object, bad input, protected person."""

import io
import re

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.certificates import testing as t
from madoguchi.certificates.actions.making import paper_path
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.models import Letter, Request
from madoguchi.certificates.queries.requests import balance_of, find_request
from madoguchi.infra import clock
from madoguchi.protection.testing import protect
from madoguchi.web.testing import forget_tries

KIND = "resident_record_household"


@pytest.fixture
def kaede(client, people):
    return staff.signed_in(client, staff.kaede())


@pytest.fixture
def nagi(client, people):
    return staff.signed_in(client, staff.nagi())


def test_papers_of_the_practice_door_carry_the_word_for_sample(kaede, people):
    session = kaede.session
    session["practice"] = True
    session.save()
    assert "練習中" in text_of(kaede.get(reverse("certificates:new"), {"person": people.aoi}))
    press(kaede, people.aoi)
    assert Request.objects.get().sample
    assert not balance_of(clock.today(), actor=actor(staff.kaede())), "practice stands in no book"


def posted(person_id, **given):
    values = {
        "person": person_id, "applicant": "SELF", "photo": ["DRIVING_LICENCE"], "kind": KIND,
        "chosen": [person_id], "copies": "1", "purpose": "", "fee_free": "",
    }  # fmt: skip
    return values | given


def press(client, person_id, **given):
    return client.post(reverse("certificates:new"), posted(person_id, **given))


def text_of(response):
    return response.content.decode()


def actor(member):
    return staff.actor_for(member)


# --- the desk's one page ---------------------------------------------------------------------


def test_the_page_shows_the_person_and_chooses_what_is_usual(kaede, people):
    page = kaede.get(reverse("certificates:new"), {"person": people.aoi})
    said = text_of(page)
    assert page.status_code == 200
    assert "海野" in said
    assert re.search(r'value="SELF"[^>]*checked', said)
    # Which document was seen is never chosen beforehand.
    assert not re.search(r'name="photo"[^>]*checked', said)


def test_one_press_goes_from_the_page_to_the_request(kaede, people):
    answer = press(kaede, people.aoi)
    row = Request.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("certificates:request", args=[row.request_id])
    assert row.staff_id == "kaede"
    assert row.state == State.DRAWN


def test_all_problems_come_at_once_and_nothing_typed_is_lost(kaede, people):
    answer = press(kaede, people.ume, photo=[], kind=KIND, purpose="車の登録", copies="20")
    said = text_of(answer)
    assert answer.status_code == 422
    assert "RECORD_IS_REMOVED" in said
    assert "ID_NOT_ENOUGH" in said
    assert 'value="車の登録"' in said
    assert Request.objects.get().state == State.REFUSED


@pytest.mark.parametrize(
    "given",
    [{"kind": "passport"}, {"copies": "0"}, {"copies": "x"}, {"applicant": ""}, {"shown": ["<b>"]}],
)
def test_what_cannot_be_meant_is_said_beside_the_field(kaede, people, given):
    answer = press(kaede, people.aoi, **given)
    assert answer.status_code == 422
    assert 'class="wrong"' in text_of(answer)
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "path", ["new/?person={0}", "", "books/", "letters/", "history/?person={0}"]
)
@pytest.mark.parametrize("who", ["tsuru", "sango"])
def test_who_has_no_right_sees_no_page(client, people, path, who):
    staff.signed_in(client, getattr(staff, who)())
    assert client.get(f"/certificates/{path.format(people.aoi)}").status_code == 403


def test_a_stranger_is_asked_to_sign_in(client, people):
    assert client.get("/certificates/").status_code == 302


def test_a_protected_person_is_unknown_to_a_clerk(kaede, people):
    protect(people.rin)
    page = kaede.get(reverse("certificates:new"), {"person": people.rin})
    unknown = kaede.get(reverse("certificates:new"), {"person": "999999999999999"})
    assert (page.status_code, page.content) == (404, unknown.content)
    assert press(kaede, people.rin).status_code == 404


def test_a_household_with_a_protected_member_hears_only_the_neutral_words(kaede, people):
    protect(people.mother)
    page = text_of(kaede.get(reverse("certificates:new"), {"person": people.father}))
    assert "湊　渚" not in page
    assert people.mother not in page
    answer = press(kaede, people.father, chosen=[people.father], photo=[])
    assert answer.status_code == 422
    assert "NOT_AVAILABLE_HERE" in text_of(answer)
    assert "ID_NOT_ENOUGH" not in text_of(answer)


def test_the_look_is_recorded_before_the_page_leaves(kaede, people):
    kaede.get(reverse("certificates:new"), {"person": people.father})
    with connection.cursor() as cursor:
        cursor.execute("SELECT subjects FROM audit_entry WHERE action = 'CERTIFICATE_NEW'")
        ((subjects,),) = cursor.fetchall()
    assert people.baby in subjects


# --- preview -----------------------------------------------------------------------------------


def previewed(client, person_id, **given):
    return client.post(
        reverse("certificates:preview"), posted(person_id, **given),
        headers={"HX-Request": "true", "HX-Target": "paper"},
    )  # fmt: skip


def test_the_preview_is_a_picture_of_the_paper_and_the_fee(kaede, people):
    said = text_of(previewed(kaede, people.aoi, copies="3"))
    assert said.count("data:image/webp;base64,") == 1
    assert "900円" in said
    assert "<html" not in said


def test_the_preview_stays_light(kaede, people):
    answer = previewed(kaede, people.father, chosen=[])
    assert text_of(answer).count("data:image/webp;base64,") == 2
    assert len(answer.content) < 45 * 1024


def test_the_preview_of_a_held_household_shows_nobody(nagi, people):
    protect(people.rin)
    said = text_of(previewed(nagi, people.rin))
    assert "data:image" not in said
    assert "印刷の前の見本は" in said


def test_an_overflowing_name_is_shown_and_can_be_accepted(kaede, people):
    said = text_of(previewed(kaede, people.sora))
    assert "data:image" in said


# --- the request's own page ----------------------------------------------------------------------


def test_the_page_follows_the_request_to_the_hand_over(kaede, people):
    press(kaede, people.aoi)
    request_id = Request.objects.get().request_id
    page = reverse("certificates:request", args=[request_id])
    assert "読み返し、申請した人のものか" in text_of(kaede.get(page))
    t.make(request_id, actor=actor(staff.kaede()))
    assert "印刷する" in text_of(kaede.get(page))
    paper = kaede.get(reverse("certificates:paper", args=[request_id, 1]))
    assert paper["Content-Type"] == "application/pdf"
    number = find_request(request_id).issued[0].issue_no
    assert paper["Content-Disposition"] == f'inline; filename="juminhyo-{number}.pdf"'
    assert paper.content == paper_path(request_id, 1).read_bytes()
    assert "300円を受け取り、渡しました" in text_of(kaede.get(page))
    kaede.post(reverse("certificates:hand_over", args=[request_id]), {"paid_yen": "300"})
    assert find_request(request_id).state is State.HANDED_OVER
    assert "交付しました" in text_of(kaede.get(page))


def test_nothing_is_handed_over_before_it_was_printed_nor_for_another_sum(kaede, people):
    request_id = t.released(people.aoi, actor=actor(staff.kaede()))
    give = reverse("certificates:hand_over", args=[request_id])
    assert "NOT_PRINTED_YET" in text_of(kaede.post(give, {"paid_yen": "300"}))
    kaede.get(reverse("certificates:paper", args=[request_id, 1]))
    assert "FEE_DIFFERS" in text_of(kaede.post(give, {"paid_yen": "200"}))
    assert kaede.post(give, {"paid_yen": "-1"}).status_code == 422
    assert find_request(request_id).state is State.RELEASED


def test_a_late_request_is_closed_by_whoever_looks(kaede, people):
    from datetime import timedelta

    from madoguchi.infra import clock

    drawn = t.ask(people.aoi, now=clock.now() - timedelta(seconds=90))
    said = text_of(kaede.get(reverse("certificates:request", args=[drawn.request_id])))
    assert "作れませんでした" in said
    assert find_request(drawn.request_id).state is State.FAILED


def test_a_paper_that_changed_is_not_given_out(kaede, people):
    request_id = t.released(people.aoi, actor=actor(staff.kaede()))
    paper_path(request_id, 1).write_bytes(b"%PDF-1.7 other")
    answer = kaede.get(reverse("certificates:paper", args=[request_id, 1]))
    assert answer.status_code == 422
    assert b"%PDF" not in answer.content
    assert find_request(request_id).state is State.VOID


def test_a_paper_is_thrown_away_with_its_reason(kaede, people):
    request_id = t.released(people.aoi, actor=actor(staff.kaede()))
    url = reverse("certificates:void", args=[request_id])
    assert kaede.post(url, {"disposal": "NEVER_PRINTED", "note_text": ""}).status_code == 422
    assert kaede.post(url, {"disposal": "SHREDDED", "note_text": "x"}).status_code == 422
    kaede.post(url, {"disposal": "NEVER_PRINTED", "note_text": "押し間違い"})
    assert find_request(request_id).state is State.VOID


@pytest.mark.parametrize("name", ["request", "hand_over", "void", "unlock", "continue", "case"])
def test_an_unknown_request_is_not_found(nagi, people, name):
    url = reverse(f"certificates:{name}", args=["a" * 26])
    ask = nagi.get if name in ("request", "case") else nagi.post
    assert ask(url, {"disposal": "SHREDDED", "note_text": "x", "paid_yen": "0"}).status_code == 404


def test_a_protected_request_does_not_exist_for_a_clerk(client, people):
    protect(people.rin)
    waiting = t.ask(people.rin, actor=actor(staff.nagi()))
    staff.signed_in(client, staff.kaede())
    for name in ("request", "hand_over", "void"):
        url = reverse(f"certificates:{name}", args=[waiting.request_id])
        answer = client.get(url) if name == "request" else client.post(url, {"paid_yen": "0"})
        assert answer.status_code == 404
    listed = text_of(client.get(reverse("certificates:waiting")))
    assert waiting.request_id not in listed


def test_a_protected_person_goes_by_the_second_officer(client, people):
    protect(people.rin)
    nagi, kai = staff.nagi(), staff.kai()
    staff.signed_in(client, nagi)
    assert "情報は守られています" in text_of(
        client.get(reverse("certificates:new"), {"person": people.rin})
    )
    press(client, people.rin)
    request_id = Request.objects.get().request_id
    page = reverse("certificates:request", args=[request_id])
    assert "二人目にたのむ" in text_of(client.get(page))
    ask = reverse("certificates:unlock", args=[request_id])
    assert client.post(ask, {"reason": ""}).status_code == 422
    refused = client.post(ask, {"reason": "本人を確認", "is_perpetrator": "on"})
    assert "UNLOCK_REQUESTER_REFUSED" in text_of(refused)
    client.post(ask, {"reason": "本人を対面で確認した"})
    assert "確かめています" in text_of(client.get(page))
    go_on = reverse("certificates:continue", args=[request_id])
    assert "UNLOCK_NOT_GRANTED" in text_of(client.post(go_on))
    grant(client, kai, request_id)
    staff.signed_in(client, nagi)
    client.post(go_on)
    assert find_request(request_id).state is State.DRAWN
    assert t.make(request_id, actor=actor(nagi)) is State.RELEASED


def grant(client, member, request_id):
    staff.signed_in(client, member)
    queue = text_of(client.get(reverse("protection:second")))
    assert request_id in queue
    (url,) = re.findall(r'action="(/protection/second/unlocks/[^"]+/grant)"', queue)
    client.post(url)


# --- lists ------------------------------------------------------------------------------------------


def test_the_waiting_list_has_a_fixed_number_of_queries(kaede, people):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert kaede.get(reverse("certificates:waiting")).status_code == 200
        return len(queries)

    t.ask(people.aoi)
    first = asked()
    for one in (people.father, people.haru, people.aoi):
        t.ask(one)
    assert asked() == first


def test_the_books_of_a_day_balance_on_the_page(kaede, people):
    t.refused(people.ume)
    t.released(people.aoi)
    said = text_of(kaede.get(reverse("certificates:books")))
    assert "途中があります" in said
    assert kaede.get(reverse("certificates:books"), {"day": "いつか"}).status_code == 422
    assert kaede.get(reverse("certificates:books"), {"day": "R8.11.1"}).status_code == 200


def test_a_failure_is_explained_on_its_page(kaede, people):
    drawn = t.ask(people.aoi)
    paper_path(drawn.request_id, 1).write_bytes(b"%PDF")
    t.make(drawn.request_id)
    url = reverse("certificates:case", args=[drawn.request_id])
    assert "CASE_NEEDS_WORDS" in text_of(kaede.post(url, {"compared": "UNREADABLE"}))
    assert kaede.post(url, {"compared": "x", "note_text": "y"}).status_code == 422
    kaede.post(url, {"compared": "UNREADABLE", "note_text": "ファイルが切れていた"})
    assert find_request(drawn.request_id).case_note == "ファイルが切れていた"


def test_a_persons_papers_are_listed_with_their_end(kaede, people):
    t.released(people.father, actor=actor(staff.kaede()))
    said = text_of(kaede.get(reverse("certificates:history"), {"person": people.baby}))
    assert "住民票の写し" in said
    protect(people.baby)
    assert kaede.get(reverse("certificates:history"), {"person": people.baby}).status_code == 404
    gone = text_of(kaede.get(reverse("certificates:history"), {"person": people.father}))
    assert "まだありません" in gone


def test_the_stop_switch_is_the_chiefs(client, people):
    staff.signed_in(client, staff.kaede())
    assert client.get(reverse("certificates:stops")).status_code == 403
    staff.signed_in(client, staff.kai())
    url = reverse("certificates:stops")
    given = {"kind": KIND, "channel": "", "reason": ""}
    assert client.post(url, given).status_code == 422
    client.post(url, given | {"reason": "文字の確認"})
    assert client.post(url, given | {"reason": "文字の確認"}).status_code == 422
    assert t.refused(people.aoi) == ("KIND_STOPPED",)
    (lift,) = re.findall(r'action="([^"]+/lift/)"', text_of(client.get(url)))
    client.post(lift)
    assert client.post(lift).status_code == 422
    assert t.refused(people.aoi) == ()


# --- post --------------------------------------------------------------------------------------------


def letter(client, **given):
    values = {
        "arrived_on": "R8.11.20", "applicant": "SELF", "about": "海野　葵 平成2年5月3日",
        "kind": KIND, "copies": "1", "photo": ["DRIVING_LICENCE"], "enclosed": ["FORM", "ENVELOPE"],
        "enclosed_yen": "450",
    }  # fmt: skip
    return client.post(reverse("certificates:receive_letter"), values | given)


def test_a_letter_goes_from_the_envelope_to_the_post(kaede, people):
    answer = letter(kaede)
    page = answer["Location"]
    said = text_of(kaede.get(page))
    assert "だれの証明かをさがす" in said
    assert "平成2年5月3日" in said
    assert "RegisterDate" not in said
    row = Letter.objects.get()
    draw = reverse("certificates:draw_letter", args=[row.letter_id])
    kaede.post(draw, {"person": people.aoi})
    request = find_request(Letter.objects.get().request_id)
    assert request.channel == "MAIL"
    post = reverse("certificates:post_letter", args=[row.letter_id])
    assert "NOT_RELEASED" in text_of(kaede.post(post))
    t.make(request.request_id, actor=actor(staff.kaede()))
    kaede.get(reverse("certificates:paper", args=[request.request_id, 1]))
    sent = kaede.post(post, follow=True)
    assert "おつり 150円" in text_of(sent)
    assert Letter.objects.get().state == "POSTED"
    assert find_request(request.request_id).state is State.HANDED_OVER


def test_what_is_missing_is_asked_back(kaede, people):
    page = letter(kaede, enclosed=["FORM"], enclosed_yen="0", photo=[])["Location"]
    said = text_of(kaede.get(page))
    for words in ("定額小為替", "本人確認書類の写し", "返信用の封筒と切手"):
        assert words in said
    row = Letter.objects.get()
    complete = reverse("certificates:complete_letter", args=[row.letter_id])
    assert kaede.post(complete, {"note": "", "added_yen": "0"}).status_code == 422
    kaede.post(complete, {"note": "小為替が届いた", "added_yen": "300"})
    assert Letter.objects.get().missing == ["ID_COPY", "ENVELOPE"]
    came = {
        "note": "写しと封筒が届いた",
        "added_yen": "0",
        "seen": ["PASSPORT"],
        "parts": ["ENVELOPE"],
    }
    kaede.post(complete, came)
    assert Letter.objects.get().state == "WAITING"
    # What came later counts when the paper is drawn.
    kaede.post(reverse("certificates:draw_letter", args=[row.letter_id]), {"person": people.aoi})
    assert find_request(Letter.objects.get().request_id).state is State.DRAWN


def test_a_letter_is_due_three_office_days_later(kaede, people):
    letter(kaede, arrived_on="2026-11-20")  # a Friday; the 23rd is a holiday
    assert str(Letter.objects.get().due_on) == "2026-11-26"


@pytest.mark.parametrize(
    "given",
    [{"arrived_on": "あした"}, {"arrived_on": "2099-01-01"}, {"about": ""}, {"enclosed_yen": "-5"},
     {"about": "1234 5678 9018"}],
)  # fmt: skip
def test_a_letter_that_makes_no_sense_is_not_taken_in(kaede, people, given):
    assert letter(kaede, **given).status_code == 422
    assert not Letter.objects.exists()


def test_a_letter_about_a_protected_person_hears_what_an_unknown_one_hears(kaede, people):
    protect(people.rin)
    letter(kaede, about="潮　凛")
    row = Letter.objects.get()
    page = text_of(kaede.get(reverse("certificates:letter", args=[row.letter_id])))
    assert people.rin not in page
    draw = reverse("certificates:draw_letter", args=[row.letter_id])
    held = kaede.post(draw, {"person": people.rin})
    unknown = kaede.post(draw, {"person": "999999999999999"})
    assert "UNKNOWN_PERSON" in text_of(held)
    assert held.status_code == unknown.status_code


def test_who_does_not_do_the_post_sees_no_letters(client, people):
    staff.signed_in(client, staff.sango())
    assert client.get(reverse("certificates:receive_letter")).status_code == 403
    staff.signed_in(client, staff.kaede())
    assert client.get(reverse("certificates:letter", args=["x"])).status_code == 404


# --- the public page -------------------------------------------------------------------------------


@pytest.fixture
def paper(people):
    return paper_path(t.released(people.aoi), 1).read_bytes()


def upload(client, data, name="a.pdf"):
    file = SimpleUploadedFile(name, data, content_type="application/pdf")
    return client.post(reverse("certificates:verify"), {"file": file})


def test_anybody_can_check_a_file_and_no_table_is_asked(client, paper):
    with CaptureQueriesContext(connection) as queries:
        answer = upload(client, paper)
    assert answer.status_code == 200
    assert "この町が発行した証明書です" in text_of(answer)
    assert "海野" not in text_of(answer)
    asked = [one["sql"] for one in queries if re.search(r"register_|certificates_", one["sql"])]
    assert asked == []


def test_an_edited_file_is_not_valid(client, paper):
    edited = bytearray(paper)
    edited[len(edited) // 3] ^= 1
    assert upload(client, bytes(edited)).status_code == 422


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"hello", b"%PDF" + bytes(500)])
def test_anything_else_is_not_valid_either(client, people, data):
    forget_tries()
    assert upload(client, data).status_code == 422


def token_of(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return str(opened.docinfo["/Keywords"])


def test_a_code_needs_the_name_and_birth_date_printed_beside_it(client, paper):
    url, token = reverse("certificates:verify"), token_of(paper)
    alone = client.post(url, {"token": token})
    assert alone.status_code == 422
    assert "この町が発行した" not in text_of(alone)
    right = {"token": token, "name": "海野 葵", "birth_date": "平成2年5月3日"}
    assert "この町が発行した証明書です" in text_of(client.post(url, right))
    copied = client.post(url, right | {"name": "潮　晴"})
    assert "TOKEN_PERSON_DIFFERS" in text_of(copied)
    assert client.post(url, right | {"token": "MDG1AAAA"}).status_code == 422
    assert "NOTHING_TO_CHECK" in text_of(client.post(url, {}))


def test_somebody_who_guesses_is_slowed_down(client, people):
    forget_tries()
    answers = [client.post(reverse("certificates:verify"), {"token": "x"}) for _ in range(22)]
    assert "TOO_MANY_CHECKS" in text_of(answers[-1])
    assert "TOO_MANY_CHECKS" not in text_of(answers[5])


# --- glyphs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "status"), [
    ("9ad9", 200), ("845b-e0102", 200), ("845b-e01ef", 404), ("zz", 404), ("110000", 404),
    ("41-42-43-44-45", 404), ("e000", 404),
])  # fmt: skip
def test_a_character_is_shown_as_the_register_holds_it(client, db, code, status):
    answer = client.get(f"/glyph/{code}.svg")
    assert answer.status_code == status
    if status == 200:
        assert answer["Content-Type"] == "image/svg+xml"
        assert answer.content.startswith(b"<svg")


# --- seal and tax at the desk ------------------------------------------------------------------------


def test_a_seal_certificate_goes_from_the_page_to_the_paper(kaede, people):
    t.register_seal(people.aoi)
    answer = press(kaede, people.aoi, kind="seal_registration")
    assert answer.status_code == 422
    assert "印鑑登録証" in text_of(answer) and not Request.objects.exclude(state="REFUSED").exists()
    answer = press(kaede, people.aoi, kind="seal_registration", seal_card="on")
    request = Request.objects.get(state="DRAWN")
    assert answer.status_code == 302 and request.evidence == ["DRIVING_LICENCE", "SEAL_CARD"]
    t.make(request.request_id, actor=actor(staff.kaede()))
    paper = kaede.get(reverse("certificates:paper", args=[request.request_id, 1]))
    number = request.issued.get().issue_no
    assert paper["Content-Disposition"] == f'inline; filename="inkan-toroku-{number}.pdf"'


def test_the_page_offers_the_years_of_the_person_in_hand_and_no_other(kaede, people):
    t.assess(people.aoi, year=2025)
    t.assess(people.father, year=2024)
    page = text_of(kaede.get(reverse("certificates:new"), {"person": people.aoi, "kind": "tax"}))
    assert "令和7年度（令和6年分の所得）" in page and "令和6年度" not in page
    assert press(kaede, people.aoi, kind="tax", year="2024").status_code == 422
    # Items of the resident record that were ticked before have no place on this kind.
    assert press(kaede, people.aoi, kind="tax", year="2025", shown=["DOMICILE"]).status_code == 302
    assert Request.objects.get(state="DRAWN").asked_for == []


def test_the_preview_says_why_there_is_no_paper(kaede, people):
    answer = kaede.post(
        reverse("certificates:preview"), posted(people.aoi, kind="seal_registration")
    )
    assert "登録されていません" in text_of(answer)
    t.register_seal(people.aoi)
    answer = kaede.post(
        reverse("certificates:preview"), posted(people.aoi, kind="seal_registration")
    )
    assert "data:image/webp" in text_of(answer)


def test_a_protected_persons_ledgers_do_not_exist_for_who_may_not_know(kaede, people):
    t.register_seal(people.rin)
    t.assess(people.rin)
    protect(people.rin)
    for kind in ("seal_registration", "tax"):
        answer = press(kaede, people.rin, kind=kind, year="2026", seal_card="on")
        assert answer.status_code == 404
        assert kaede.get(reverse("certificates:new"), {"person": people.rin}).status_code == 404
    assert not Request.objects.exists()
