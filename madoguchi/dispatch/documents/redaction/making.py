"""From a scan to a copy without its secret, or to the reasons why not (写しの作成)."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date

from PIL import Image

from madoguchi.dispatch.documents.redaction.file import burn, write_file
from madoguchi.dispatch.documents.redaction.reading import read_back
from madoguchi.dispatch.documents.redaction.sheet import lay_straight
from madoguchi.dispatch.documents.redaction.taking import take_scan
from madoguchi.dispatch.domain.redaction import ReadBack, Template, check_in_force
from madoguchi.kernel.outcome import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A finished copy with its proof; no file where it is not clean (消去の結果)."""

    template: str
    sha256_in: str
    sha256_out: str
    pdf: bytes
    picture_png: bytes
    read: ReadBack
    margin_mm: float


def redact(data: bytes, *, template: Template, on: date) -> Redacted:
    """Burn the secret out of a scan and read the copy back (暗証番号欄の消去).

    Never raises for a bad scan: the answer says why, and then holds neither file nor picture.
    """
    sha256_in = hashlib.sha256(data).hexdigest()
    pdf, picture, margin = b"", None, 0.0
    refused = check_in_force(template, on=on)
    if refused:
        read = ReadBack(problems=refused)
    else:
        try:
            straight, found = lay_straight(take_scan(data), template)
            margin = found.margin_left_mm(template)
            picture = burn(straight, template)
            pdf = write_file(picture)
            read = read_back(pdf, template)
        except Refused as refusal:
            read = ReadBack(problems=refusal.problems)
    if not read.clean or picture is None:
        return Redacted(
            template=template.name, sha256_in=sha256_in, sha256_out="", pdf=b"",
            picture_png=b"", read=read, margin_mm=0.0,
        )  # fmt: skip
    return Redacted(
        template=template.name,
        sha256_in=sha256_in,
        sha256_out=hashlib.sha256(pdf).hexdigest(),
        pdf=pdf,
        picture_png=_png(picture),
        read=read,
        margin_mm=round(margin, 2),
    )


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, format="PNG", compress_level=1)
    return out.getvalue()
