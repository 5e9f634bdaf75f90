"""What is not known is refused: formats, locks, pages, other forms, sheets that lie oddly."""

import dataclasses
import io
from datetime import date

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from madoguchi.dispatch.documents.redaction import letters
from madoguchi.dispatch.documents.redaction.making import redact
from madoguchi.dispatch.documents.redaction.taking import take_scan
from madoguchi.dispatch.domain.redaction import Check
from tests.redaction.judge import (
    PLAIN,
    TODAY,
    as_file,
    birth,
    burn_out,
    codes,
    good,
    plain_scan,
    residue,
    scan,
)  # fmt: skip


def picture():
    return take_scan(plain_scan().data)


def pdf_of(pages=1, **saving):
    out = io.BytesIO()
    picture().save(out, format="PDF", save_all=True, append_images=[picture()] * (pages - 1))
    if saving:
        with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
            out = io.BytesIO()
            pdf.save(out, **saving)
    return out.getvalue()


def covered(box, tone=255):
    changed = picture()
    ImageDraw.Draw(changed).rectangle([one * 150 / 25.4 for one in box], fill=tone)
    return as_file(changed)


def bent():
    whole = picture()
    corners = (0, 0, 0, whole.height, whole.width, whole.height - 60, whole.width - 60, 0)
    return as_file(whole.transform(whole.size, Image.Transform.QUAD, corners, fillcolor=255))


def two_frames():
    return as_file(picture(), "TIFF", save_all=True, append_images=[picture()])


BAD = {
    "empty": (lambda: b"", "SCAN_FORMAT"),
    "text": (lambda: b"4821", "SCAN_FORMAT"),
    "gif": (lambda: as_file(picture(), "GIF"), "SCAN_FORMAT"),
    "cut_short": (lambda: plain_scan().data[:9_000], "SCAN_UNREADABLE"),
    "no_pdf_inside": (lambda: b"%PDF-1.4\nnothing", "SCAN_UNREADABLE"),
    "locked_pdf": (
        lambda: pdf_of(encryption=pikepdf.Encryption(owner="a", user="b")), "SCAN_ENCRYPTED",
    ),
    "locked_pdf_without_a_word": (
        lambda: pdf_of(encryption=pikepdf.Encryption(owner="a", user="")), "SCAN_ENCRYPTED",
    ),
    "two_pages": (lambda: pdf_of(pages=2), "SCAN_PAGES"),
    "two_frames": (two_frames, "SCAN_PAGES"),
    "tiny": (lambda: as_file(picture().resize((300, 424))), "SCAN_TOO_SMALL"),
    "coarse": (lambda: as_file(picture().resize((744, 1052))), "SCAN_RESOLUTION"),
    "huge": (lambda: as_file(Image.new("1", (12_000, 12_000), 1)), "SCAN_TOO_LARGE"),
    "blank": (lambda: as_file(Image.new("L", picture().size, 255)), "FORM_NOT_RECOGNISED"),
    "black": (lambda: as_file(Image.new("L", picture().size, 0)), "FORM_NOT_RECOGNISED"),
    "from_behind": (lambda: as_file(ImageOps.mirror(picture())), "FORM_NOT_RECOGNISED"),
    "one_mark_gone": (lambda: covered((5, 100, 19, 120)), "FORM_NOT_RECOGNISED"),
    "other_table": (lambda: covered((19, 39, 191, 222)), "FORM_NOT_RECOGNISED"),
    "frame_gone": (lambda: covered((112, 238, 190, 246)), "BOX_NOT_CERTAIN"),
    "photograph": (bent, "FORM_NOT_RECOGNISED"),
    "marks_only_half": (lambda: as_file(picture().crop((0, 0, 1240, 1560))), "FORM_NOT_RECOGNISED"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "code"), BAD.values(), ids=BAD)
def test_x3_what_is_not_certain_is_refused(make, code):
    done = burn_out(make())
    assert code in codes(done)
    assert not done.read.clean and not done.pdf and not done.picture_png and not done.sha256_out


def test_x3_a_template_not_in_force_is_refused():
    done = redact(plain_scan().data, template=birth(), on=date(2024, 12, 1))
    assert codes(done) == {"TEMPLATE_NOT_IN_FORCE"} and not done.pdf


def test_x3_another_printing_of_the_form_is_refused():
    """The same marks, and the secret printed 9 mm lower: the box would miss half of it."""
    box = birth().boxes[0]
    lower = {"top": box.secret.top - 9, "bottom": box.secret.bottom - 9}
    rules = tuple(
        dataclasses.replace(rule, top=rule.top - 9, bottom=rule.bottom - 9)
        if box.burn.holds(rule) else rule
        for rule in birth().rules
    )  # fmt: skip
    moved = dataclasses.replace(
        box, secret=dataclasses.replace(box.secret, **lower),
        burn=dataclasses.replace(box.burn, top=box.burn.top - 9, bottom=box.burn.bottom - 9),
        quiet=dataclasses.replace(box.quiet, top=box.quiet.top - 9, bottom=box.quiet.bottom - 9),
    )  # fmt: skip
    other = dataclasses.replace(birth(), rules=rules, boxes=(moved,))
    done = redact(plain_scan().data, template=other, on=TODAY)
    assert "BOX_NOT_CERTAIN" in codes(done) and not done.pdf


def test_x6_no_letter_reader_is_never_a_pass(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert letters.read_digits(Image.new("L", (50, 50), 255)) == Check.NOT_AVAILABLE
    for answer, expected in (("echo 4821", "failed"), ("echo", "passed"), ("exit 1", "failed")):
        program = tmp_path / "tesseract"
        program.write_text(f"#!/bin/sh\n{answer}\n")
        program.chmod(0o755)
        assert letters.read_digits(Image.new("L", (50, 50), 255)) == expected


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**6), turn=st.floats(-180, 180), scale=st.floats(0.85, 1.15),
    x=st.floats(-25, 25), y=st.floats(-25, 25), dpi=st.sampled_from([100, 150, 200, 300]),
)  # fmt: skip
def test_x1_any_way_of_lying_is_redacted_wholly_or_refused(seed, turn, scale, x, y, dpi):
    way = dataclasses.replace(
        PLAIN, turn_degrees=turn, scale=scale, shift_mm=(x, y), dpi=dpi, rim_mm=14.0
    )
    one = scan(seed, way)
    done = burn_out(one.data)
    if done.read.clean:
        assert residue(one, done) == ""
    else:
        assert codes(done) and not done.pdf and not done.picture_png


def test_a_good_scan_says_so():
    assert set(good().read.checks.values()) <= {Check.PASSED, Check.NOT_AVAILABLE}
    assert good().margin_mm > 3
