"""One changed character, one wrong page, one moved line: nothing gets out (I2, I4)."""

import io
from dataclasses import replace

import pikepdf
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.certificates.documents.content import Unreadable
from madoguchi.certificates.documents.outlines import embedded_glyphs
from madoguchi.certificates.documents.readback import read_back, read_marks
from madoguchi.certificates.documents.reading import read_pdf
from madoguchi.certificates.documents.render import render_pdf
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.domain.sheets import Sheet
from madoguchi.certificates.tests.paper_samples import (
    KUZUHA,
    MINATO,
    NAGI,
    REN,
    TARO,
    YOSHIKO,
    paper,
    pdf_of,
    token_for,
)

FAMILY = paper(*MINATO)
SHEETS = plan_sheets(FAMILY)
TOKEN = token_for(FAMILY)
PDF = render_pdf(FAMILY, SHEETS, token=TOKEN)


def codes(pdf, *, sheets=SHEETS, kind=FAMILY.kind, token=TOKEN):
    return {problem.code for problem in read_back(pdf, sheets, kind=kind, token=token)}


def saved(opened):
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def edited(pdf, change, page=0):
    """The file with the content stream of one page changed."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        contents = opened.pages[page].Contents
        before = contents.read_bytes()
        after = change(before)
        assert after != before, "the test changed nothing"
        contents.write(after)
        return saved(opened)


def test_the_right_file_passes():
    assert codes(PDF) == set()


# --- pages -------------------------------------------------------------------------------


def test_i4_swapped_pages_are_caught():
    with pikepdf.open(io.BytesIO(PDF)) as opened:
        opened.pages.reverse()
        assert "PAGE_MIXED" in codes(saved(opened))


def test_i4_a_missing_page_is_caught():
    with pikepdf.open(io.BytesIO(PDF)) as opened:
        del opened.pages[1]
        assert "PAGE_MISSING" in codes(saved(opened))


def test_i4_a_page_too_many_is_caught():
    with pikepdf.open(io.BytesIO(PDF)) as opened:
        opened.pages.append(opened.pages[0])
        assert "PAGE_MIXED" in codes(saved(opened))


@pytest.mark.parametrize("place", [0, 1])
def test_i4_a_page_of_another_request_is_caught(place):
    """Tokushima 2023: page 2 of 3 was somebody else's."""
    other = pdf_of(replace(FAMILY, request_id="zyxwvutsrqponmlkjihgfedcba"))
    with pikepdf.open(io.BytesIO(PDF)) as ours, pikepdf.open(io.BytesIO(other)) as theirs:
        ours.pages[place] = theirs.pages[place]
        found = codes(saved(ours))
    assert {"PAGE_MIXED", "SUBJECT_DIFFERS"} <= found


def test_i4_a_page_of_another_copy_is_caught():
    other = pdf_of(replace(FAMILY, issue_no="20261123-465259-01-1-000124"))
    with pikepdf.open(io.BytesIO(PDF)) as ours, pikepdf.open(io.BytesIO(other)) as theirs:
        ours.pages[0] = theirs.pages[0]
        assert codes(saved(ours)) == {"PAGE_MIXED", "TEXT_DIFFERS"}


def test_i2_a_whole_file_of_another_household_is_caught():
    """Kawasaki 2023: the later request overwrote the earlier one's file."""
    other = replace(FAMILY, request_id="zyxwvutsrqponmlkjihgfedcba", persons=(NAGI, REN))
    assert {"PAGE_MISSING", "PAGE_MIXED", "SUBJECT_DIFFERS", "TOKEN_DIFFERS"} <= codes(
        pdf_of(other)
    )


def test_i2_the_same_marks_with_another_person_are_caught():
    other = replace(FAMILY, persons=(replace(TARO, person_id="somebody-else"), *MINATO[1:]))
    found = codes(pdf_of(other, token=TOKEN))
    assert found == {"SUBJECT_DIFFERS", "TEXT_DIFFERS"}


# --- text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TARO, replace(TARO, name="湊　太朗")),
        (TARO, replace(TARO, name="湊太　郎")),
        (TARO, replace(TARO, birth_date="昭和64年1月8日")),
        (YOSHIKO, replace(YOSHIKO, name="湊　吉子")),
        (YOSHIKO, replace(YOSHIKO, former_surname="葛城")),
        (YOSHIKO, replace(YOSHIKO, former_surname="葛\U000e0103城")),
        (KUZUHA, replace(KUZUHA, name="湊　葛葉")),
        (REN, replace(REN, name="渡邉　蓮")),
        (REN, replace(REN, former_address="")),
    ],
)
def test_one_changed_character_is_caught(before, after):
    persons = tuple(after if one is before else one for one in MINATO)
    wrong = replace(FAMILY, persons=persons, householder=FAMILY.householder)
    found = read_back(pdf_of(wrong, token=TOKEN), SHEETS, kind=FAMILY.kind, token=TOKEN)
    assert [problem.code for problem in found] == ["TEXT_DIFFERS"]
    # The report names the field and never the value.
    number = MINATO.index(before) + 1
    assert found[0].where.startswith(f"1頁 {number}人目 ")


def test_two_persons_who_changed_places_are_caught():
    first, second, *others = MINATO
    mixed = (
        replace(first, name=second.name),
        replace(second, name=first.name),
        *others,
    )
    assert "TEXT_DIFFERS" in codes(pdf_of(replace(FAMILY, persons=mixed), token=TOKEN))


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_no_other_plan_agrees_with_the_file(data):
    """Change one character of one run of the plan: the file must not match it any more."""
    sheet_place = data.draw(st.integers(0, len(SHEETS) - 1))
    sheet = SHEETS[sheet_place]
    run_place = data.draw(st.integers(0, len(sheet.runs) - 1))
    run = sheet.runs[run_place]
    at = data.draw(st.integers(0, len(run.text) - 1))
    char = data.draw(st.sampled_from("湊9A　邉\U000e0102"))
    if run.text[at] == char:
        return
    text = run.text[:at] + char + run.text[at + 1 :]
    runs = (*sheet.runs[:run_place], replace(run, text=text), *sheet.runs[run_place + 1 :])
    changed: Sheet = replace(sheet, runs=runs)
    sheets = tuple(changed if one is sheet else one for one in SHEETS)
    assert codes(PDF, sheets=sheets)


# --- what is drawn -----------------------------------------------------------------------


def test_a_moved_name_is_caught():
    x_mm = next(run.x_mm for run in SHEETS[0].runs if run.where == "1人目 氏名")
    point = x_mm * 72 / 25.4
    near = f"q 1 0 0 -1 {point:.3f}"[:-1].encode()

    def move(raw):
        return raw.replace(near, b"q 1 0 0 -1 9" + near.split(b" ")[-1], 1)

    assert codes(edited(PDF, move)) & {"TEXT_DIFFERS", "PDF_UNREADABLE"}


def test_white_text_is_caught():
    white = edited(PDF, lambda raw: raw.replace(b"/c0 cs 0 scn", b"/c0 cs 1 scn", 40))
    assert "TEXT_DIFFERS" in codes(white)


def test_invisible_text_is_caught():
    assert codes(edited(PDF, lambda raw: raw.replace(b"BT 0 Tr", b"BT 3 Tr", 1))) == {
        "PDF_UNREADABLE"
    }


def test_text_drawn_over_the_page_is_caught():
    def add(raw):
        first = raw.index(b"/Span<</MCID")
        end = raw.index(b"EMC", first) + 3
        return raw + b"\n" + raw[first:end]

    assert "TEXT_DIFFERS" in codes(edited(PDF, add))


@pytest.mark.parametrize(
    "extra",
    [b"\n/x1 Do\n", b"\nBI /W 1 /H 1 /CS /G /BPC 8 ID \0 EI\n", b"\n/g0 gs\n", b"\n\xff\xfe\n"],
)
def test_anything_our_renderer_never_writes_is_refused(extra):
    assert codes(edited(PDF, lambda raw: raw + extra)) == {"PDF_UNREADABLE"}


def test_an_annotation_over_the_text_is_refused():
    with pikepdf.open(io.BytesIO(PDF)) as opened:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.FreeText,
            Rect=[100, 100, 200, 200],
            Contents="別人",
        )
        opened.pages[0].Annots = opened.make_indirect(pikepdf.Array([note]))
        assert codes(saved(opened)) == {"PDF_UNREADABLE"}


@pytest.mark.parametrize("key", ["/OpenAction", "/AA", "/OCProperties"])
def test_a_file_that_acts_by_itself_is_refused(key):
    with pikepdf.open(io.BytesIO(PDF)) as opened:
        opened.Root[key] = pikepdf.Dictionary()
        assert codes(saved(opened)) == {"PDF_UNREADABLE"}


def test_another_outline_under_the_same_text_is_caught():
    """The text layer is right and the page shows another character."""
    with pikepdf.open(io.BytesIO(PDF)) as opened:
        for font in opened.pages[0].Resources.Font.values():
            if "Mincho" not in str(font.BaseFont):
                continue
            stream = font.DescendantFonts[0].FontDescriptor.FontFile2
            raw = stream.read_bytes()
            glyphs = embedded_glyphs(raw)
            texts = font.ToUnicode.read_bytes()
            code = int(texts[: texts.index(b"> <6E4A>")][-4:], 16)  # 湊
            one = glyphs.outline(code)
            place = raw.index(one)
            stream.write(raw[: place + 40] + bytes([raw[place + 40] ^ 1]) + raw[place + 41 :])
        assert "GLYPH_DIFFERS" in codes(saved(opened))


def test_a_text_layer_that_lies_is_caught():
    """The page shows the right character, and says another to whoever copies or searches."""
    with pikepdf.open(io.BytesIO(PDF)) as opened:
        for font in opened.pages[0].Resources.Font.values():
            raw = font.ToUnicode.read_bytes()
            font.ToUnicode.write(raw.replace(b"<90CE>", b"<6717>"))  # 郎 says 朗
        assert {"TEXT_DIFFERS", "GLYPH_DIFFERS"} <= codes(saved(opened))


def test_the_qr_code_of_another_paper_is_caught():
    other = token_for(replace(FAMILY, issue_no="20261123-465259-01-1-000999"))
    wrong = pdf_of(FAMILY, token=other)
    with pikepdf.open(io.BytesIO(wrong)) as opened:
        opened.docinfo["/Keywords"] = TOKEN
        assert codes(saved(opened)) == {"QR_DIFFERS"}
    assert "TOKEN_DIFFERS" in codes(wrong)


def test_another_title_is_caught():
    assert "TEXT_DIFFERS" in codes(PDF, kind=Kind.REMOVED_RECORD)


# --- damage ------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 10, 1_000, 20_000, len(PDF) // 2, len(PDF) - 600])
def test_i3_a_truncated_file_is_refused(length):
    assert codes(PDF[:length])


@given(st.integers(min_value=0, max_value=len(PDF) - 1), st.integers(min_value=1, max_value=255))
@settings(max_examples=40, deadline=None)
def test_a_damaged_byte_never_crashes_the_reader(place, flip):
    damaged = bytearray(PDF)
    damaged[place] ^= flip
    # A flip in unused bytes may leave the pages as they are; what counts is that every
    # answer is an answer. The signature looks after each byte.
    assert isinstance(read_back(bytes(damaged), SHEETS, kind=FAMILY.kind, token=TOKEN), tuple)


@pytest.mark.parametrize("rubbish", [b"", b"%PDF-1.7", b"hello", b"\0" * 1_000])
def test_rubbish_is_unreadable(rubbish):
    with pytest.raises(Unreadable):
        read_pdf(rubbish)
    assert codes(rubbish) == {"PDF_UNREADABLE"}


def test_two_readers_agree_about_a_selector_pdfium_drops():
    """See `_bare`: this is the one difference we know of, and why there are two readers."""
    both = paper(replace(TARO, former_address="東京都葛飾区立石1番地"), KUZUHA)
    pdf = pdf_of(both)
    assert read_back(pdf, plan_sheets(both), kind=both.kind, token=token_for(both)) == ()
    assert "葛\U000e0103葉" in read_pdf(pdf).pages[0].text
    document = pdfium.PdfDocument(pdf)
    page = document[0].get_textpage()
    assert "葛葉" in page.get_text_range().replace("\r\n", "")
    page.close()
    document.close()


def test_marks_are_read_from_the_page_alone():
    for page, sheet in zip(read_pdf(PDF).pages, SHEETS, strict=True):
        assert read_marks(page) == sheet.marks
