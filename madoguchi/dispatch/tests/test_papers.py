"""The finished pages, looked at by machines that did not draw them."""

from datetime import date

import pypdfium2 as pdfium
import zxingcpp

from madoguchi.dispatch.documents.drawing import Form, draw
from madoguchi.dispatch.documents.keeping import keep_pages
from madoguchi.dispatch.documents.readback import page_texts, wrong_pages
from madoguchi.dispatch.documents.slips import SlipLine, draw_slip, draw_transmittal
from madoguchi.dispatch.domain.contents import BRING_MAX, LINE_MAX
from madoguchi.dispatch.domain.envelope import ASSUMED
from madoguchi.dispatch.domain.layout import plan_address
from madoguchi.dispatch.domain.letters import LetterKind, Recipient
from madoguchi.dispatch.domain.pieces import Piece
from madoguchi.dispatch.domain.sender import Office
from madoguchi.dispatch.testing import CONTENT

OFFICE = Office(town="せとうち町", section="町民生活課", postcode="894-1592",
                address="せとうち町大字古仁屋1番地", phone="0997-00-0000")  # fmt: skip
DAY = date(2026, 11, 27)


def piece(number, name="海野　葵", building="", **content):
    to = Recipient(name=name, postcode="894-1508", building=building, status="RESIDENT",
                   address=f"鹿児島県大島郡せとうち町大字古仁屋{number}番地")  # fmt: skip
    plan = plan_address(to, ASSUMED, behind_area=f"{number}番地")
    return Piece(letter_id=str(number), about_no=f"A1B-{number:06d}", kind=LetterKind.ISSUE_NOTICE,
                 content={**CONTENT, **content}, recipient=to, plan=plan, mark="m")  # fmt: skip


def made(*pieces, form=Form.LETTERS):
    return draw(pieces, form=form, office=OFFICE, envelope=ASSUMED, today=DAY)


def codes_on(pdf, page):
    picture = pdfium.PdfDocument(pdf)[page].render(scale=200 / 72).to_pil()
    return {one.text for one in zxingcpp.read_barcodes(picture)}


def test_scanner_and_telephone_read_what_was_meant():
    pdf = made(piece(7)).pdf
    assert codes_on(pdf, 0) == {"A1B-000007", CONTENT["book_url"]}
    assert codes_on(pdf, 1) == set()
    labels = made(piece(7), piece(8), form=Form.LABELS).pdf
    assert codes_on(labels, 0) == {"A1B-000007", "A1B-000008"}


def test_the_longest_name_of_the_town_stands_on_its_label():
    name = "DELA CRUZ SORA MARIA CONCEPCION ESPERANZA VILLANUEVA"
    pieces = [piece(number, name, "海の見えるハイツ 第二 203号室") for number in range(1, 13)]
    labels = made(*pieces, form=Form.LABELS)
    assert labels.wrong == frozenset()
    assert codes_on(labels.pdf, 0) == {one.about_no for one in pieces}


def test_a_page_of_somebody_else_is_found():
    one, other = piece(1), piece(2)
    pdf = made(one, other).pdf
    assert wrong_pages(pdf, [[one], [one], [other], [other]]) == frozenset()
    assert wrong_pages(pdf, [[other], [other], [one], [one]]) == {"1", "2"}
    assert wrong_pages(pdf, [[one], [one], [other]]) == {"1", "2"}
    assert wrong_pages(keep_pages(pdf, {0, 1, 3}), [[one], [one], [other]]) == {"2"}


def test_the_longest_content_stays_on_its_page():
    long = made(piece(1, bring=["あ" * LINE_MAX] * BRING_MAX, hours=["い" * LINE_MAX] * 3))
    texts = page_texts(long.pdf)
    assert len(texts) == 2 and long.wrong == frozenset()
    assert texts[0].count("あ" * LINE_MAX) == BRING_MAX


def test_slip_and_transmittal_say_their_lines():
    lines = [SlipLine(name="海野　葵", receipt="405548424886", about="A1B-000001")] * 40
    texts = page_texts(
        draw_slip(lines, slip_no="2026-0001", on=DAY, office=OFFICE, mail_class="簡易書留")
    )
    assert sum(text.count("405548424886") for text in texts) == 40
    (text,) = page_texts(draw_transmittal(
        ["出生届の写し"], parcel_no="2026-0001", other_town="あまみ市", about_no="26-001",
        tracking_no="405548424886", on=DAY, office=OFFICE,
    ))  # fmt: skip
    assert "あまみ市御中" in text and "405548424886" in text
