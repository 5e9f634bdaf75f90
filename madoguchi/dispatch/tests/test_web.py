"""Pages: works, wrong role, somebody else's object, bad input, protected person."""

import re

import pytest
from django.urls import reverse

from madoguchi.accounts.testing import kaede, nagi, signed_in, tsuru
from madoguchi.dispatch import models
from madoguchi.dispatch.testing import NAGI, about, batched, posted, printed, queue
from madoguchi.infra import clock
from madoguchi.protection.testing import protect

_TOKEN = re.compile(r'"\w{64}"')


@pytest.fixture
def clerk(client, town):
    return signed_in(client, kaede())


def url(name, *args):
    return reverse(f"dispatch:{name}", args=args)


def test_the_whole_way_by_pages(clerk):
    queue(1)
    queue(2)
    assert about(1) in clerk.get(url("waiting")).content.decode()
    answer = clerk.post(url("make_batch"), {"mail_class": "ORDINARY"})
    batch = models.Batch.objects.get()
    assert answer.url == url("batch", batch.batch_id)
    assert "手紙を印刷する" in clerk.get(answer.url).content.decode()
    paper = clerk.post(url("print", batch.batch_id), {"form": "LETTERS"})
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    assert clerk.post(url("print", batch.batch_id), {"form": "LABELS"}).content[:4] == b"%PDF"
    answer = clerk.post(url("post", batch.batch_id))
    slip = models.Slip.objects.get()
    assert answer.url == url("slip", slip.slip_id)
    assert "受領印をもらった" in clerk.get(answer.url).content.decode()
    assert clerk.get(url("slip_paper", slip.slip_id)).content[:4] == b"%PDF"
    clerk.post(url("slip_step", slip.slip_id), {"do": "in"})
    data = {
        "scanned": about(1),
        "reason": "UNKNOWN_THERE",
        "returned_on": clock.today().isoformat(),
    }
    assert clerk.post(url("returned"), data).status_code == 302
    assert about(1) in clerk.get(url("returned")).content.decode()
    letter = models.Letter.objects.get(about_no=about(1))
    assert clerk.post(url("letter", letter.letter_id), {"do": "undo_return"}).status_code == 302
    assert clerk.get(url("renotices")).status_code == 200


def test_pages_without_the_right(client, town):
    signed_in(client, tsuru())
    for name in ("waiting", "returned", "renotices", "parcels"):
        assert client.get(url(name)).status_code == 403
    assert client.post(url("make_batch"), {"mail_class": "ORDINARY"}).status_code == 403


def test_what_is_not_there(clerk):
    assert clerk.get(url("batch", "x" * 26)).status_code == 404
    assert clerk.get(url("slip", "x" * 26)).status_code == 404
    assert clerk.get(url("slip_paper", "x" * 26)).status_code == 404
    assert clerk.get(url("parcel", "x" * 26)).status_code == 404
    assert clerk.get(url("transmittal", "x" * 26)).status_code == 404
    assert clerk.post(url("post", "x" * 26)).status_code == 404
    assert clerk.post(url("letter", "x" * 26), {"do": "cancel"}).status_code == 422


def test_bad_input(clerk):
    assert clerk.post(url("make_batch"), {"mail_class": "PIGEON"}).status_code == 422
    answer = clerk.post(url("returned"), {"scanned": "", "reason": "?", "returned_on": "いつか"})
    assert answer.status_code == 422
    assert clerk.post(url("returned"), {"scanned": "NO-SUCH", "reason": "OTHER",
                                        "returned_on": "R8.11.27"}).status_code == 422  # fmt: skip
    one = queue(1)
    assert clerk.post(url("letter", one), {"do": "explode"}).status_code == 422
    assert clerk.post(url("parcels"), {"direction": "OUT"}).status_code == 422
    assert clerk.post(url("renotices")).status_code == 422
    batch = batched()
    assert clerk.post(url("post", batch)).status_code == 422  # not printed yet


def test_a_protected_person_is_nowhere_for_a_clerk(client, clerk, town):
    one = queue(1)
    queue(2)
    protect(town[0])
    assert about(1) not in clerk.get(url("waiting")).content.decode()
    batch = batched()
    printed(batch)
    slip = posted(batch).slip_id
    for page in (url("waiting"), url("batch", batch), url("slip", slip), url("returned")):
        text = clerk.get(page).content.decode()
        assert about(1) not in text and one not in text
    unknown = clerk.post(url("letter", "x" * 26), {"do": "cancel"}).content.decode()
    held = clerk.post(url("letter", one), {"do": "cancel"}).content.decode()
    assert _TOKEN.sub("", held).splitlines() == _TOKEN.sub("", unknown).splitlines()
    signed_in(client, nagi())
    assert about(1) in client.get(url("waiting")).content.decode()
    assert models.Letter.objects.get(letter_id=one).state == "HELD"


def test_in_the_pile_it_is_told_by_number_and_one_neutral_sentence(clerk, town):
    queue(1)
    queue(2)
    batch = batched()
    printed(batch)
    protect(town[0])
    answer = clerk.post(url("post", batch), follow=True).content.decode()
    assert f"1番 {about(1)}: この手紙は、いまは出せません。" in answer
    assert "支援" not in answer.replace("支援措置</a>", "")


def test_a_parcel_by_pages(client, clerk):
    data = {"direction": "OUT", "other_town": "あまみ市", "enclosed": ["SECRET_ENVELOPE"],
            "secret_sealed": "on"}  # fmt: skip
    answer = clerk.post(url("parcels"), data)
    parcel = models.Parcel.objects.get()
    assert answer.url == url("parcel", parcel.parcel_id)
    page = url("parcel", parcel.parcel_id)
    assert "戸籍" in clerk.get(page).content.decode()
    step = url("parcel_step", parcel.parcel_id)
    number = "405548424886"
    assert clerk.post(step, {"state": "SENT", "tracking_no": number}).status_code == 422
    for code in ("BIRTH_NOTICE_TAKEN", "COPY_MADE", "SECRET_PART_REMOVED", "HANDED_TO_CARD_DESK",
                 "ENVELOPE_SEALED", "TRANSMITTAL_ENCLOSED"):  # fmt: skip
        assert clerk.post(url("parcel_check", parcel.parcel_id), {"code": code}).status_code == 302
    assert clerk.post(step, {"state": "SENT", "tracking_no": "1"}).status_code == 422
    assert clerk.post(step, {"state": "SENT", "tracking_no": number}).status_code == 302
    assert clerk.post(step, {"state": "?"}).status_code == 422
    assert clerk.get(url("transmittal", parcel.parcel_id)).content[:4] == b"%PDF"
    assert number in clerk.get(page).content.decode()
    assert NAGI.staff_id not in clerk.get(page).content.decode()
