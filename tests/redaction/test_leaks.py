"""Planted leaks: each way a secret has been known to survive, put into a good copy on purpose."""

import io
import zlib
from dataclasses import replace
from random import Random

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from madoguchi.dispatch.documents.redaction.file import burn, write_file
from madoguchi.dispatch.documents.redaction.reading import read_back
from madoguchi.dispatch.documents.redaction.sheet import DOTS, dots_of, lay_straight
from madoguchi.dispatch.documents.redaction.taking import take_scan
from madoguchi.dispatch.domain.redaction import Check
from madoguchi.infra.fonts import font_path
from madoguchi.kernel.fitting import Face
from madoguchi.town.birth_forms.drawing import draw_form
from madoguchi.town.birth_forms.scanning import through
from tests.redaction.judge import (
    PLAIN,
    as_file,
    birth,
    burn_out,
    codes,
    good,
    plain_scan,
    residue,
    scan,
)


def straight():
    picture, _ = lay_straight(take_scan(plain_scan().data), birth())
    return picture


def changed(change):
    """Return a good copy after somebody did something to it."""
    with pikepdf.open(io.BytesIO(good().pdf)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, static_id=False)
        return out.getvalue()


def add_text(pdf, mode=b"0", colour=b"0 g"):
    page = pdf.pages[0]
    page.obj["/Resources"]["/Font"] = pikepdf.Dictionary(
        F1=pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    text = b"BT " + colour + b" " + mode + b" Tr /F1 12 Tf 100 100 Td (4821) Tj ET"
    page.contents_add(pdf.make_stream(text))


def text_layer(pdf):
    add_text(pdf)


def invisible_text_layer(pdf):
    add_text(pdf, mode=b"3")


def white_on_white(pdf):
    add_text(pdf, colour=b"1 g")


def info_entry(pdf):
    pdf.docinfo["/Subject"] = "4821"


def xmp(pdf):
    with pdf.open_metadata() as meta:
        meta["dc:description"] = "4821"


def attachment(pdf):
    pdf.attachments["original.png"] = plain_scan().data


def second_page(pdf):
    pdf.add_blank_page()


def thumbnail(pdf):
    small = pdf.make_stream(b"\0" * 100)
    small["/Width"], small["/Height"] = 10, 10
    small["/ColorSpace"], small["/BitsPerComponent"] = pikepdf.Name.DeviceGray, 8
    pdf.pages[0].obj["/Thumb"] = small


def hidden_layer(pdf):
    group = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("original"))
    )
    pdf.Root["/OCProperties"] = pikepdf.Dictionary(
        OCGs=pikepdf.Array([group]),
        D=pikepdf.Dictionary(OFF=pikepdf.Array([group])),
    )
    image = pdf.make_stream(zlib.compress(straight().tobytes()))
    image["/Type"], image["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Image
    image["/Width"], image["/Height"] = straight().size
    image["/ColorSpace"], image["/BitsPerComponent"] = pikepdf.Name.DeviceGray, 8
    image["/Filter"], image["/OC"] = pikepdf.Name.FlateDecode, group
    pdf.pages[0].obj["/Resources"]["/XObject"]["/Im1"] = image
    pdf.pages[0].contents_add(pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im1 Do Q"), prepend=True)


def note_on_the_page(pdf):
    pdf.pages[0].obj["/Annots"] = pikepdf.Array(
        [pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9],
            Contents=pikepdf.String("4821"))]
    )  # fmt: skip


def soft_mask(pdf):
    image = pdf.pages[0].obj["/Resources"]["/XObject"]["/Im0"]
    mask = pdf.make_stream(b"\0")
    mask["/Width"] = mask["/Height"] = 1
    image["/SMask"] = mask


def object_nobody_shows(pdf):
    pdf.Root["/PieceInfo"] = pikepdf.Dictionary(X=pdf.make_stream(plain_scan().data))


STRUCTURE = [
    text_layer, invisible_text_layer, white_on_white, info_entry, xmp, attachment, second_page,
    thumbnail, hidden_layer, note_on_the_page, soft_mask, object_nobody_shows,
]  # fmt: skip


@pytest.mark.parametrize("leak", STRUCTURE, ids=lambda leak: leak.__name__)
def test_x2_what_is_added_to_the_file_is_found(leak):
    read = read_back(changed(leak), birth())
    assert not read.clean
    assert Check.FAILED in read.checks.values()


@pytest.mark.parametrize("leak", [text_layer, invisible_text_layer, white_on_white])
def test_text_is_called_text(leak):
    assert read_back(changed(leak), birth()).checks["text_layer"] == Check.FAILED


def locked(pdf):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="a", user=""))
    return out.getvalue()


BYTES = {
    "after_the_end": lambda pdf: pdf + b"4821",
    "comment": lambda pdf: pdf.replace(b"%PDF-1.4\n", b"%PDF-1.4\n%4821\n"),
    "earlier_revision": lambda pdf: write_file(straight()) + pdf,
    "later_revision": lambda pdf: pdf + pdf[pdf.rfind(b"xref\n0") :],
    "original_behind": lambda pdf: pdf + plain_scan().data,
    "locked": locked,
    "empty": lambda pdf: b"",
    "half": lambda pdf: pdf[: len(pdf) // 2],
    "no_pdf": lambda pdf: plain_scan().data,
}


@pytest.mark.parametrize("change", BYTES.values(), ids=BYTES)
def test_bytes_too_many_or_too_few_are_found(change):
    assert not read_back(change(good().pdf), birth()).clean


def test_an_incremental_update_with_the_original_is_found():
    """The burned page written over the old one, which stays in the file."""
    old = write_file(straight())
    with pikepdf.open(io.BytesIO(good().pdf)) as new:
        packed = new.pages[0].obj["/Resources"]["/XObject"]["/Im0"].read_raw_bytes()
    size = straight().size
    update = (
        b"4 0 obj\n<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n"
        % (*size, len(packed), packed)
    )
    table = b"xref\n4 1\n%010d 00000 n \ntrailer\n<</Size 6/Root 1 0 R/Prev %d>>\n" % (
        len(old), old.rfind(b"xref\n0"),
    )  # fmt: skip
    whole = old + update + table + b"startxref\n%d\n%%%%EOF\n" % (len(old) + len(update))
    with pikepdf.open(io.BytesIO(whole)) as pdf:  # a viewer shows the burned page
        shown = pdf.pages[0].obj["/Resources"]["/XObject"]["/Im0"].read_bytes()
    assert shown == Image.open(io.BytesIO(good().picture_png)).tobytes()
    read = read_back(whole, birth())
    assert read.checks["metadata"] == Check.FAILED and not read.clean


def burned_otherwise(paint):
    picture = burn(straight(), birth())
    paint(picture, dots_of(birth().boxes[0].burn))
    return write_file(picture)


def shifted_box(picture, box):
    old = straight().crop(box)
    picture.paste(old, box[:2])
    ImageDraw.Draw(picture).rectangle((box[0] + 60, box[1], box[2] + 60, box[3]), fill=0)


def half_seen_through(picture, box):
    old = straight().crop(box)
    picture.paste(old.point([tone // 3 for tone in range(256)]), box[:2])


def barely_seen_through(picture, box):
    old = straight().crop(box)
    picture.paste(old.point([tone // 200 for tone in range(256)]), box[:2])


def one_dot(picture, box):
    picture.putpixel((box[0], box[1]), 17)


def white_box(picture, box):
    ImageDraw.Draw(picture).rectangle(box, fill=255)


def not_burned(picture, box):
    picture.paste(straight().crop(box), box[:2])


@pytest.mark.parametrize(
    "paint",
    [shifted_box, half_seen_through, barely_seen_through, one_dot, white_box, not_burned],
    ids=lambda paint: paint.__name__,
)
def test_a_box_that_hides_too_little_is_found(paint):
    read = read_back(burned_otherwise(paint), birth())
    assert read.checks["pixels"] == Check.FAILED
    assert "COPY_BOX_NOT_SOLID" in {one.code for one in read.problems}


def test_a_sheet_moved_under_the_box_is_found():
    """Everything black where it should be, but the form lies 12 mm lower: digits above it."""
    down = round(12 * DOTS)
    moved = Image.new("L", straight().size, 255)
    moved.paste(straight(), (0, down))
    read = read_back(write_file(burn(moved, birth())), birth())
    assert "COPY_OUT_OF_PLACE" in {one.code for one in read.problems} and not read.clean


def with_digits(at_mm, *, size_mm=6.0, tone=60, text="4821", way=PLAIN):
    """A form on which somebody wrote digits beside the frame, as a scanner sees it."""
    sheet = draw_form(Random("outside"), secret=None, fonts=[font_path(Face.GOTHIC)])
    dots = 300 / 25.4
    font = ImageFont.truetype(str(font_path(Face.GOTHIC)), round(size_mm * dots))
    ImageDraw.Draw(sheet).text((at_mm[0] * dots, at_mm[1] * dots), text, fill=tone, font=font)
    return as_file(through(sheet, way, Random("machine")))


@pytest.mark.parametrize("tone", [0, 90, 160])
@pytest.mark.parametrize("at", [(120, 232.5), (120, 270.5), (106.5, 250), (170, 233), (188, 268)])
def test_digits_written_outside_the_box_refuse_the_copy(at, tone):
    done = burn_out(with_digits(at, size_mm=4.5, tone=tone))
    assert not done.read.clean and not done.pdf
    assert codes(done) & {"INK_OUTSIDE_BOX", "DIGITS_AROUND_BOX"}


@pytest.mark.parametrize("tone", [200, 225])
def test_a_ghost_of_digits_is_found_by_their_shape(tone):
    done = burn_out(with_digits((120, 271), size_mm=5, tone=tone))
    assert done.read.checks["digits"] == Check.FAILED


def test_the_sheet_for_these_is_taken_without_such_digits():
    assert burn_out(with_digits((40, 236), text="")).read.clean


def test_digits_that_run_over_the_frame_but_not_the_black_are_hidden():
    done = burn_out(with_digits((176, 250), size_mm=6, text="48"))
    assert done.read.clean


def test_the_judge_sees_a_digit_that_was_left():
    """The judge itself fails when it must: a copy whose box misses one cell."""
    one = scan(1, PLAIN)
    picture = burn(straight(), birth())
    cell = dots_of(birth().boxes[0].secret)
    picture.paste(straight().crop(cell), cell[:2])
    leaky = replace(good(), pdf=write_file(picture), picture_png=as_file(picture))
    assert residue(one, leaky)
    assert residue(one, good()) == ""
