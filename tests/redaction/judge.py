"""What the tests of redaction share: scans, the template, and a judge that knows the truth."""

from __future__ import annotations

import io
import math
from datetime import date
from functools import cache

from PIL import Image, ImageChops

from madoguchi.dispatch.documents.redaction.making import Redacted, redact
from madoguchi.dispatch.documents.redaction.templates import load_templates
from madoguchi.infra.fonts import font_path
from madoguchi.kernel.fitting import Face
from madoguchi.town.birth_forms.drawing import FRAME
from madoguchi.town.birth_forms.scanning import Scan, Way, make_scan

TODAY = date(2026, 11, 27)
PLAIN = Way(
    style="flatbed", dpi=150, scale=1.0, turn_degrees=0.0, shift_mm=(0.0, 0.0), rim_mm=0.0,
    dark_lid=False, noise=0, file_format="PNG", quality=90,
)  # fmt: skip


def birth():
    return load_templates()[0]


def fonts():
    return tuple(font_path(face) for face in Face)


def scan(seed: int, way: Way | None = None, **more) -> Scan:
    return make_scan(seed, fonts=fonts(), way=way, **more)


def burn_out(data: bytes) -> Redacted:
    return redact(data, template=birth(), on=TODAY)


@cache
def plain_scan() -> Scan:
    return scan(1, PLAIN)


@cache
def good() -> Redacted:
    done = burn_out(plain_scan().data)
    assert done.read.clean
    return done


def codes(done: Redacted) -> set[str]:
    return {one.code for one in done.read.problems}


def as_file(picture: Image.Image, kind: str = "PNG", **more) -> bytes:
    out = io.BytesIO()
    picture.save(out, format=kind, **more)
    return out.getvalue()


def residue(one: Scan, done: Redacted) -> str:
    """Judge a finished copy by the truth alone; empty: not one dot of the digits is in it.

    The twin of the scan has the same paper, pen, machine and grain, and nothing in the secret
    part. If the copies of both are equal dot for dot, the copy cannot tell the digits, whatever
    place they might have been moved to. And where the generator wrote them, all is black.
    """
    twin = burn_out(one.blank)
    if not twin.read.clean:
        return "the twin was refused"
    copy = Image.open(io.BytesIO(done.picture_png))
    other = Image.open(io.BytesIO(twin.picture_png))
    if copy.size != other.size or ImageChops.difference(copy, other).getbbox():
        return "the copy differs with the digits"
    # The file and not only the picture that is shown: its bytes know nothing either.
    if done.pdf != twin.pdf:
        return "the file differs with the digits"
    dots = copy.width / 210
    frame = [FRAME[0] - 1, FRAME[1] - 1, FRAME[2] + 1, FRAME[3] + 1]
    window = copy.crop(tuple(math.floor(mm * dots) for mm in frame))
    return "" if window.getextrema() == (0, 0) else "not black where the digits were written"
