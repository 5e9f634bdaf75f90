import io
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pypdfium2 as pdfium
import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from PIL import Image

from madoguchi.certificates.documents.glyphs import check_glyphs
from madoguchi.certificates.documents.readback import read_back, read_qr
from madoguchi.certificates.documents.reading import read_pdf
from madoguchi.certificates.documents.render import render_pdf, render_png
from madoguchi.certificates.documents.seal import DEMO_COLUMNS, seal_svg
from madoguchi.certificates.domain.definitions import document_title_of
from madoguchi.certificates.domain.frame import SEAL_MM
from madoguchi.certificates.domain.kinds import Kind, Omit
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.domain.sheets import Face
from madoguchi.certificates.tests.paper_samples import (
    KUZUHA,
    SAMPLES,
    SORA,
    TARO,
    YOSHIKO,
    codes_for,
    paper,
    papers,
    pdf_of,
    person,
    token_for,
    town_seal,
)
from madoguchi.infra.fonts import (
    glyph_svg,
    missing_in,
    mj_number,
    shaped_glyph,
)
from madoguchi.infra.qr import qr_modules, qr_svg
from madoguchi.kernel.fitting import _EM, width_em


def said(pdf):
    """The text of a file by an independent reader, without layout."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return "".join(done.stdout.decode().split())


@pytest.mark.parametrize("name", SAMPLES)
def test_every_form_reads_back_as_planned(name):
    sample = SAMPLES[name]
    sheets = plan_sheets(sample)
    token = token_for(sample)
    assert check_glyphs(sheets) == ()
    codes = codes_for(sample)
    pdf = render_pdf(sample, sheets, token=token, codes=codes)
    wanted = {"token": token, "imprint": sample.imprint, "codes": codes}
    assert read_back(pdf, sheets, kind=sample.kind, **wanted) == ()


@given(papers((Kind.RESIDENT_RECORD_HOUSEHOLD, Kind.RESIDENT_RECORD_INDIVIDUAL, Kind.RECORD_ITEMS)))
@settings(max_examples=25, deadline=None)
def test_any_names_read_back_as_planned(given_paper):
    sheets = plan_sheets(given_paper)
    assert check_glyphs(sheets) == ()
    token = token_for(given_paper)
    pdf = render_pdf(given_paper, sheets, token=token)
    assert read_back(pdf, sheets, kind=given_paper.kind, token=token) == ()


@pytest.mark.parametrize("item", sorted(Omit))
def test_an_omitted_item_is_nowhere_in_the_file(item):
    marks = {
        Omit.HOUSEHOLDER: ["縁故者"],
        Omit.DOMICILE: ["本籍印", "筆頭印"],
        Omit.RESIDENT_CODE: ["77777777771"],
        Omit.INDIVIDUAL_NUMBER: ["888888888881"],
        Omit.NATIONALITY: ["国籍印"],
        Omit.RESIDENCE_CLASS: ["区分印"],
        Omit.RESIDENCE_STATUS: ["資格印"],
        Omit.RESIDENCE_PERIOD: ["期間印"],
        Omit.RESIDENCE_EXPIRY: ["満了印"],
        Omit.CARD_NUMBER: ["番号印"],
        Omit.ALIAS: ["通称印", "つうしょうしるし"],
        Omit.BUILDING: ["方書印"],
        Omit.FURIGANA: ["ふりがなしるし"],
        Omit.FORMER_SURNAME: ["旧氏印", "きゅううじしるし"],
        Omit.BIRTH_DATE: ["誕生印"],
        Omit.SEX: ["性別印"],
        Omit.RESIDENT_SINCE: ["住民印"],
        Omit.ADDRESS_SINCE: ["住所印"],
        Omit.FILED_ON: ["届出印"],
        Omit.FORMER_ADDRESS: ["転入印"],
        Omit.REMARKS: ["統合印"],
    }
    native = person(
        1,
        relationship="縁故者",
        domicile="本籍印",
        domicile_head="筆頭印",
        resident_code="77777777771",
        individual_number="888888888881",
        furigana="ふりがなしるし",
        former_surname="旧氏印",
        former_surname_furigana="きゅううじしるし",
        birth_date="誕生印",
        sex="性別印",
        resident_since="住民印",
        address_since="住所印",
        filed_on="届出印",
        former_address="転入印",
        remarks=("統合印",),
    )
    foreign = person(
        2,
        foreign=type(SORA.foreign)(
            nationality="国籍印",
            residence_class="区分印",
            status="資格印",
            period="期間印",
            expires_on="満了印",
            card_no="番号印",
            alias="通称印",
            alias_furigana="つうしょうしるし",
        ),
        relationship="縁故者",
        domicile="",
        resident_code="",
        individual_number="",
    )
    given_paper = paper(
        native,
        foreign,
        kind=Kind.RECORD_ITEMS,
        omitted=frozenset({item}),
        building="方書印",
        householder="縁故者",
    )
    pdf = pdf_of(given_paper)
    text, read = said(pdf), "".join(page.text for page in read_pdf(pdf).pages)
    for other, secrets in marks.items():
        for secret in secrets:
            assert (secret in text) == (other is not item), secret
            assert (secret in read) == (other is not item), secret


def test_registered_variants_survive_in_the_file():
    pdf = pdf_of(paper(YOSHIKO, KUZUHA, omitted=frozenset()))
    text = said(pdf)
    for name in ("𠮷子", "葛\U000e0102城", "葛\U000e0103葉", "葛飾区"):
        assert name in text


def test_the_file_says_what_it_is_and_of_whom_it_says_nothing():
    for sample in SAMPLES.values():
        with pikepdf.open(io.BytesIO(pdf_of(sample))) as opened:
            info = {key: str(value) for key, value in opened.docinfo.items()}
            metadata = opened.open_metadata()
            assert metadata.pdfa_status == "2A"
            assert info["/Title"] == document_title_of(sample.kind)
            assert info["/Keywords"] == token_for(sample)
            assert "/Author" not in info
            raw = opened.Root.Metadata.read_bytes().decode()
            assert "<pdfuaid:part>1" in raw
            for one in sample.persons:
                for part in re.split(r"\s+", one.name):
                    assert part not in raw and part not in " ".join(info.values())


def test_a_sample_is_marked_as_one():
    assert said(pdf_of(SAMPLES["foreign"])).startswith("見本")
    assert "見本" not in said(pdf_of(SAMPLES["one"]))


def test_i8_what_was_drawn_before_leaves_no_trace():
    first = pdf_of(SAMPLES["one"])
    pdf_of(SAMPLES["foreign"])
    assert pdf_of(SAMPLES["one"]) == first


def test_i1_papers_drawn_at_the_same_time_never_mix():
    """Kawasaki 2023: two requests within a second, and one got the other's file."""
    crowd = [
        paper(
            person(number, name=f"湊　第{number}子"),
            TARO,
            request_id=f"{'abcdefghij'[number % 10] * 20}{'klmnop'[number % 6] * 6}",
            issue_no=f"20261123-465259-01-1-{number:06d}",
        )
        for number in range(100, 130)
    ]
    with ThreadPoolExecutor(max_workers=6) as workers:
        made = list(workers.map(pdf_of, crowd))
    for given_paper, pdf in zip(crowd, made, strict=True):
        sheets = plan_sheets(given_paper)
        token = token_for(given_paper)
        assert read_back(pdf, sheets, kind=given_paper.kind, token=token) == ()
    neighbour = crowd[1]
    found = read_back(
        made[0], plan_sheets(neighbour), kind=neighbour.kind, token=token_for(neighbour)
    )
    assert {"PAGE_MIXED", "SUBJECT_DIFFERS", "TEXT_DIFFERS", "TOKEN_DIFFERS"} <= {
        problem.code for problem in found
    }


def test_the_seal_is_small_black_outlines_and_says_that_the_town_is_fictional():
    drawn = town_seal().decode()
    assert SEAL_MM <= 25
    assert "<text" not in drawn and "<image" not in drawn
    assert set(re.findall(r'(?:stroke|fill)="([^"]+)"', drawn)) <= {"#000", "none"}
    assert "".join(DEMO_COLUMNS).startswith("架空の町")
    assert seal_svg(("別の町",)) != town_seal()
    document = pdfium.PdfDocument(pdf_of(SAMPLES["one"]))
    box = plan_sheets(SAMPLES["one"])[0].seal
    picture = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    dots = [round(edge * 200 / 25.4) for edge in (box.x_mm, box.y_mm)]
    side = round(box.width_mm * 200 / 25.4)
    ink = picture.crop((*dots, dots[0] + side, dots[1] + side)).histogram()
    assert 0.15 < sum(ink[:128]) / sum(ink) < 0.5
    document.close()


@pytest.mark.parametrize("dots_per_inch", [150, 200, 300])
def test_the_qr_code_is_read_at_printers_resolutions(dots_per_inch):
    for name in ("one", "five"):
        document = pdfium.PdfDocument(pdf_of(SAMPLES[name]))
        picture = document[len(document) - 1].render(scale=dots_per_inch / 72).to_pil()
        codes = zxingcpp.read_barcodes(picture)
        assert [code.text for code in codes] == [token_for(SAMPLES[name])]
        document.close()


def test_the_qr_code_is_what_another_writer_makes():
    text = token_for(SAMPLES["five"])
    ours = qr_modules(text)
    masks = [
        segno.make(text, mode="alphanumeric", error="m", boost_error=False, micro=False, mask=mask)
        for mask in range(8)
    ]
    theirs = [
        tuple(bytes(0 if dark else 255 for dark in row) for row in code.matrix) for code in masks
    ]
    assert ours in theirs
    assert qr_svg(text).count("M") > 100


def test_a_qr_of_the_largest_household_still_fits():
    crowd = paper(*(person(number) for number in range(24)))
    sheets = plan_sheets(crowd)
    document = pdfium.PdfDocument(pdf_of(crowd))
    assert read_qr(document[len(sheets) - 1], sheets[-1].qr) == token_for(crowd)
    document.close()


def test_the_preview_shows_the_pages():
    sample = SAMPLES["five"]
    pages = render_png(sample, plan_sheets(sample), token=token_for(sample))
    assert len(pages) == 2
    for page in pages:
        picture = Image.open(io.BytesIO(page))
        assert abs(picture.width / picture.height - 210 / 297) < 0.01
        assert picture.convert("L").getextrema()[0] < 50


# --- glyphs ------------------------------------------------------------------------------


def test_a5_an_unknown_selector_is_told_and_not_printed_silently():
    odd = paper(person(1, name="葛\U000e0100城　花"), TARO)
    (problem, head) = check_glyphs(plan_sheets(paper(odd.persons[0], omitted=frozenset())))
    assert {problem.where, head.where} == {"1人目 氏名", "世帯主"}
    assert problem.code == "GLYPH_MISSING"
    assert problem.facts["char"] == "U+845B U+E0100"


@pytest.mark.parametrize(
    "bad",
    ["\U0002c029", "\ue000", "\u00ad", "\u202e", "\n", "\t", "\u200b", "邉\U000e01ef", "a\ufe0f"],
)
def test_a5_what_the_font_lacks_or_hides_is_told(bad):
    name = f"湊{bad}太"
    assert missing_in(name) != ()
    (problem,) = check_glyphs(plan_sheets(paper(person(1, name=name))))
    assert problem.where == "1人目 氏名"


@pytest.mark.parametrize("good", ["湊　太郎", "葛\U000e0102", "か\u3099", "SORA-O'NEILL", "髙﨑𠮷"])
def test_what_the_font_holds_is_let_through(good):
    assert missing_in(good) == ()


def test_mj_numbers_come_from_the_font():
    assert mj_number("葛") == "MJ022336"
    assert mj_number("葛\U000e0102") == "MJ022335"
    assert mj_number("葛\U000e0103") == "MJ022336"
    assert mj_number("邉\U000e0110") == "MJ060248"
    assert mj_number("葛\U000e0100") is None
    assert mj_number("A") is None


def test_a_glyph_is_shown_on_screen_as_the_register_has_it():
    base, variant = glyph_svg("葛"), glyph_svg("葛\U000e0102")
    assert base is not None and variant is not None and base != variant
    assert glyph_svg("葛\U000e0103") == base
    assert glyph_svg("葛\U000e0100") is None
    assert glyph_svg("二人") is None


def test_no_text_is_planned_narrower_than_it_prints():
    from fontTools.ttLib import TTFont

    from madoguchi.infra.fonts import font_path

    with TTFont(font_path(Face.MINCHO), lazy=True) as font:
        advances, em = font["hmtx"], font["head"].unitsPerEm
        for code, glyph in font.getBestCmap().items():
            char = chr(code)
            if char in _EM:
                assert abs(width_em(char) - advances[glyph][0] / em) < 1e-9
            elif char.isprintable() and not missing_in(char):
                assert width_em(char) >= advances[glyph][0] / em, hex(code)
    assert shaped_glyph("湊") is not None
