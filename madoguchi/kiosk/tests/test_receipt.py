"""The receipt says the sum and what it was for, and nobody's name."""

import pypdfium2 as pdfium

from madoguchi.kiosk.documents.receipt import Receipt, receipt_pdf


def receipt(**differs):
    values = {
        "number": "A1B2C3D4E5F6",
        "at": "令和8年11月27日 9:41",
        "yen": "1,200",
        "kind": "住民票の写し",
        "copies": 6,
        "method": "料金箱（現金）",
        "place": "本庁",
        "terminal": "K1",
        "town": "せとうち町",
        "sample": False,
        "shop": ("コンビニでも、同じようにとれます", "近くでは みなと店"),
    }
    return Receipt(**(values | differs))


def words_of(pdf):
    pages = pdfium.PdfDocument(pdf)
    assert len(pages) == 1
    return "".join(pages[0].get_textpage().get_text_bounded().split())


def test_it_says_what_was_paid_for():
    words = words_of(receipt_pdf(receipt()))
    for said in (
        "領収書",
        "A1B2C3D4E5F6",
        "1,200円",
        "住民票の写し",
        "6部",
        "料金箱（現金）",
        "K1",
    ):
        assert said in words
    assert "みなと店" in words
    assert "架空の町" not in words


def test_the_fictional_town_says_so_and_a_town_without_stores_shows_none():
    words = words_of(receipt_pdf(receipt(sample=True, shop=())))
    assert "架空の町の見本です" in words
    assert "コンビニ" not in words
