"""The imprint on a seal certificate is the registered one, or the paper does not leave (I2)."""

import io
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from madoguchi.certificates.documents.imprint import (
    check_imprint,
    drawn_imprint,
    imprint_size_mm,
    imprint_svg,
)
from madoguchi.certificates.documents.readback import read_back
from madoguchi.certificates.documents.render import render_pdf
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.domain.sheets import Box
from madoguchi.certificates.tests.paper_samples import SAMPLES, token_for

SURNAMES = (
    "湊",
    "潮",
    "海野",
    "海老",
    "磯",
    "岬",
    "浜田",
    "渡邉",
    "長谷川",
    "小笠原",
    "佐々木",
    "榊",
    "見本",
    "渡邊",
    "大田",
    "太田",
)
SEAL = SAMPLES["seal"]


def png(draw, size=(160, 160), mode="1", **given):
    picture = Image.new(mode, size, 1 if mode == "1" else 255)
    draw(ImageDraw.Draw(picture))
    out = io.BytesIO()
    picture.save(out, format="PNG", **given)
    return out.getvalue()


def ring(pen):
    pen.ellipse((4, 4, 155, 155), outline=0, width=8)


def codes_of(drawn, wanted):
    sheets = plan_sheets(SEAL)
    token = token_for(SEAL)
    pdf = render_pdf(replace(SEAL, imprint=drawn), sheets, token=token)
    return [one.code for one in read_back(pdf, sheets, kind=SEAL.kind, token=token, imprint=wanted)]


@pytest.mark.parametrize("name", SURNAMES)
def test_i2_every_seal_reads_back_as_itself_and_as_no_other(name):
    mine = drawn_imprint(name)
    assert codes_of(mine, mine) == []
    for other in SURNAMES:
        if other != name:
            assert codes_of(drawn_imprint(other), mine) == ["IMPRINT_DIFFERS"]


def test_i2_a_missing_imprint_is_found():
    sheets = plan_sheets(SEAL)
    token = token_for(SEAL)
    bare = tuple(replace(sheet, imprint=None) for sheet in sheets)
    pdf = render_pdf(SEAL, bare, token=token)
    found = read_back(pdf, sheets, kind=SEAL.kind, token=token, imprint=SEAL.imprint)
    assert [one.code for one in found] == ["IMPRINT_DIFFERS"]
    aside = tuple(
        replace(sheet, imprint=Box(x_mm=150, y_mm=120, width_mm=13.5, height_mm=13.5))
        for sheet in sheets
    )
    pdf = render_pdf(SEAL, aside, token=token)
    found = read_back(pdf, sheets, kind=SEAL.kind, token=token, imprint=SEAL.imprint)
    assert [one.code for one in found] == ["IMPRINT_DIFFERS"]


@given(st.integers(24, 600), st.integers(24, 600), st.integers(0, 2**32))
@settings(max_examples=12, deadline=None)
def test_i2_any_picture_at_any_size_reads_back_as_itself(width, height, seed):
    """A scan is full of single dots; none of them may make a right paper a failed one."""

    chance = random.Random(seed)

    def draw(pen):
        for _ in range(width * height // 9):
            pen.point((chance.randrange(width), chance.randrange(height)), fill=0)

    noisy = png(draw, size=(width, height))
    sample = replace(SEAL, imprint=noisy, imprint_mm=imprint_size_mm(noisy))
    sheets = plan_sheets(sample)
    token = token_for(sample)
    pdf = render_pdf(sample, sheets, token=token)
    assert read_back(pdf, sheets, kind=SEAL.kind, token=token, imprint=noisy) == ()


@given(st.lists(st.tuples(*[st.integers(0, 47)] * 4), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_the_drawing_has_exactly_the_black_dots(boxes):
    def draw(pen):
        for left, top, right, bottom in boxes:
            pen.rectangle(
                (min(left, right), min(top, bottom), max(left, right), max(top, bottom)), fill=0
            )

    given_png = png(draw, size=(48, 48))
    path = imprint_svg(given_png).decode().partition(' d="')[2].partition('"')[0]
    again = Image.new("1", (48, 48), 1)
    for part in path.removesuffix("z").split("z"):
        place, _, rest = part.removeprefix("M").partition("h")
        x, y = map(int, place.split())
        width, _, rest = rest.partition("v")
        height = rest.partition("h")[0]
        again.paste(0, (x, y, x + int(width), y + int(height)))
    assert again.tobytes() == Image.open(io.BytesIO(given_png)).convert("1").tobytes()


def test_what_cannot_be_an_imprint_is_told():
    def codes(data):
        return [one.code for one in check_imprint(data)]

    assert codes(png(ring)) == []
    assert codes(png(ring, mode="L")) == []
    assert codes(png(lambda pen: None)) == ["IMPRINT_EMPTY"]
    assert codes(png(ring, size=(20, 20))) == ["IMPRINT_SIZE"]
    assert codes(png(ring, size=(601, 200))) == ["IMPRINT_SIZE"]
    assert codes(b"GIF89a") == ["IMPRINT_UNREADABLE"]
    assert codes(png(ring)[:100]) == ["IMPRINT_UNREADABLE"]
    assert codes(b"x" * (64 * 1024 + 1)) == ["IMPRINT_TOO_LARGE"]


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None)
def test_rubbish_is_told_and_never_crashes(data):
    assert check_imprint(data)


def test_a_seal_is_printed_as_large_as_it_is_and_never_larger_than_it_may_be():
    assert imprint_size_mm(png(ring, dpi=(300, 300))) == pytest.approx((13.547, 13.547), abs=0.02)
    assert max(imprint_size_mm(png(ring, size=(600, 300), dpi=(300, 300)))) == 25.0
    assert max(imprint_size_mm(png(ring, size=(40, 40), dpi=(600, 600)))) == 8.0
