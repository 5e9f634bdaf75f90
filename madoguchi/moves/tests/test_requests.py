"""The paper 転出証明書 is asked for: by a message, by a letter of the post room, never of the held."""

import pypdfium2 as pdfium
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.dispatch import testing as post
from madoguchi.infra import clock
from madoguchi.moves.models import CertificateRequest, PostMessage
from madoguchi.moves.testing import FAMILY
from madoguchi.moves.tests.post import NOW, Line
from madoguchi.protection.testing import protect

pytestmark = pytest.mark.django_db
URL = "/moves/letter/"
SENT = {"old_town": "みどり市", "moved_in_on": "2026-11-20", "send": "1", "asked": "on",
        "name": "港　渚", "birth": "S60.6.1", "previous_address": "福岡県みどり市緑町5番6号"}  # fmt: skip
HALL = {"old_town": "東京都新宿区", "previous_address": "東京都新宿区歌舞伎町一丁目1番1号",
        "new_address": "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地", "postcode": "160-8484",
        "office": "東京都新宿区歌舞伎町一丁目4番1号"}  # fmt: skip


@pytest.fixture
def line(tmp_path, settings):
    return Line(tmp_path, settings)


@pytest.fixture
def kaede(client, db):
    with clock.frozen(NOW):
        yield staff.signed_in(client, staff.kaede())


def text_of(pdf):
    document = pdfium.PdfDocument(pdf)
    return [one.get_textpage().get_text_bounded().replace("\r\n", "") for one in document]


def request_no():
    return CertificateRequest.objects.get().number


def state():
    return post.kept()[0].state


def test_a_neighbour_gets_a_message_and_the_resident_a_slip_with_its_number(kaede, line):
    assert "みどり市" in kaede.get(URL).text
    answer = kaede.post(URL, SENT)
    assert answer.status_code == 302 and not post.kept()
    assert "知らせにしました" in kaede.get(answer.url).text
    line.round()
    (sent,) = line.sent()
    assert (sent["kind"], sent["to"]) == ("CERTIFICATE_REQUEST", "401307")
    assert "送った" in kaede.get(URL).text
    (slip,) = text_of(kaede.post(reverse("moves:letter_slip", args=[_id()])).content)
    assert request_no() in slip and "12月4日" in slip and "渚" not in slip


def _id():
    return CertificateRequest.objects.get().request_id


def test_m21_another_town_gets_a_letter_that_is_printed_posted_and_names_nobody_after(kaede, line):
    assert kaede.post(URL, SENT | HALL).status_code == 302
    assert not PostMessage.objects.exists()
    batch = post.batched()
    (text,) = text_of(post.printed(batch).pdf)
    for words in ("転出証明書の交付について（依頼）", "新宿区歌舞伎町一丁目4番1号", "御中", "渚", "古仁屋",
                  "昭和60年6月1日", "令和8年11月20日", request_no(), "同封"):  # fmt: skip
        assert words in text, words
    posted = post.posted(batch)
    assert "渚" in str(post.kept()[0].content)
    post.handed_in(posted.slip_id)
    letter = post.kept()[0]
    assert letter.handed == {} and letter.content.keys() == {"town", "phone"}
    assert "渚" not in str(CertificateRequest.objects.values())
    request, slip = text_of(kaede.post(reverse("moves:letter_slip", args=[_id()])).content)
    assert "交付請求書" in request and request_no() in slip
    # It comes back: the list says so, and the way on is a new request.
    post.came_back(request_no())
    assert "手紙が戻った" in kaede.get(URL).text
    assert "もう一度" not in _returned_row(kaede)
    assert kaede.post(reverse("moves:letter_settle", args=[_id()])).status_code == 302
    assert "届いていない請求" not in kaede.get(URL).text


def _returned_row(client):
    page = client.get(reverse("dispatch:returned")).text
    return page[page.index(request_no()) :].split("</tr>")[0]


def test_m21_what_is_given_up_before_it_leaves_names_nobody_either(kaede, line):
    kaede.post(URL, SENT | HALL)
    assert kaede.post(reverse("moves:letter_settle", args=[_id()])).status_code == 302
    letter = post.kept()[0]
    assert (letter.state, letter.handed) == ("CANCELLED", {}) and "渚" not in str(letter.content)


def test_m21_of_whoever_is_held_here_no_letter_and_no_message_leaves_and_no_clerk_is_told(
    counter, kaede, line
):
    """Somebody of that name and day of birth lives here, and is protected."""
    family = counter.move_in(0).person_ids
    name, _, birth, *_ = FAMILY[0]
    protect(next(iter(family.values())))
    same = SENT | {"name": name, "birth": birth}
    assert kaede.post(URL, same | HALL).status_code == 302
    assert post.batched() == "" and state() == "HELD"
    assert kaede.post(URL, same).status_code == 302
    line.round()
    assert [one for one in line.sent() if one["kind"] == "CERTIFICATE_REQUEST"] == []
    assert "止めて" not in kaede.get(URL).text and kaede.get(URL).text.count("発送待ち") >= 2


@pytest.mark.parametrize(
    ("more", "code"),
    [({"asked": ""}, "MOVE_REQUEST_NOT_ASKED"), ({"name": ""}, "FIELD_REQUIRED"),
     ({"new_address": ""}, "BLANK_FORBIDDEN"), ({"office": ""}, "BLANK_FORBIDDEN"),
     ({"postcode": "1"}, "LETTER_HANDED_POSTCODE"), ({"birth": "soon"}, "DATE_UNREADABLE"),
     ({"name": "番号 123456789018"}, "TEXT_HAS_INDIVIDUAL_NUMBER"),
     ({"office": "あ" * 61}, "FIELD_TOO_LONG")],
)  # fmt: skip
def test_what_a_request_lacks_is_said_and_nothing_is_kept(kaede, line, more, code):
    answer = kaede.post(URL, SENT | HALL | more)
    assert answer.status_code == 422 and code in answer.text
    assert not CertificateRequest.objects.exists() and not post.kept()


@pytest.mark.parametrize("name", ["letter_slip", "letter_settle"])
def test_a_request_nobody_knows_and_a_wrong_role(kaede, line, name):
    assert kaede.post(reverse(f"moves:{name}", args=["x"])).status_code == 404
    staff.signed_in(kaede, staff.tsuru())
    assert kaede.post(reverse(f"moves:{name}", args=["x"])).status_code == 403


def test_the_longest_request_fits_its_page(kaede, line):
    kaede.post(URL, SENT | HALL | {"name": "渚" * 39 + "　", "old_town": "あ" * 40,
                                   "new_address": "汀" * 60, "previous_address": "潮" * 60})  # fmt: skip
    batch = post.batched()
    printed = post.printed(batch)
    assert printed.letters == 1 and len(pdfium.PdfDocument(printed.pdf)) == 1
    (text,) = text_of(printed.pdf)
    assert text.count("汀") == 60 and text.count("潮") == 60


def test_the_table_says_who_settled_a_request(kaede, line):
    kaede.post(URL, SENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateRequest.objects.update(done_on=NOW.date())
