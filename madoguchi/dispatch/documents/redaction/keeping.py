"""Finished copies until they are taken: in the private folder, for an hour (写しの置き場)."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from datetime import datetime
from pathlib import Path

import pikepdf
from PIL import Image

from madoguchi.dispatch.domain.receipts import Receipt
from madoguchi.infra.files import create_exclusively, private_folder

_ID = re.compile(r"[a-z2-7]{26}")


def keep(receipt: Receipt, pdf: bytes) -> None:
    """Put a finished copy aside; its receipt is written last, so half a copy is none (保管)."""
    assert pdf, "only a clean copy is kept"
    create_exclusively(_path(receipt.receipt_id, "pdf"), pdf)
    values = dataclasses.asdict(receipt) | {"made_at": receipt.made_at.isoformat()}
    create_exclusively(_path(receipt.receipt_id, "json"), json.dumps(values).encode())


def find(receipt_id: str, *, now: datetime) -> tuple[Receipt, bytes] | None:
    """Return a copy that waits, or nothing when it was taken or waited too long (照会)."""
    if not _ID.fullmatch(receipt_id):
        return None
    try:
        values = json.loads(_path(receipt_id, "json").read_bytes())
        pdf = _path(receipt_id, "pdf").read_bytes()
    except FileNotFoundError:
        return None
    values["made_at"] = datetime.fromisoformat(values["made_at"])
    receipt = Receipt(**values)
    return None if receipt.is_over(now) else (receipt, pdf)


def drop(receipt_id: str) -> None:
    """Remove a copy that was taken or is not wanted (消去)."""
    if _ID.fullmatch(receipt_id):
        for kind in ("json", "pdf"):
            _path(receipt_id, kind).unlink(missing_ok=True)


def sweep(*, now: datetime) -> int:
    """Remove every copy that waited too long, or was left half kept; return how many (掃除)."""
    folder = private_folder("redactions")
    gone = 0
    for path in folder.glob("*.pdf"):
        found = find(path.stem, now=now) if path.with_suffix(".json").exists() else None
        # A copy without a receipt is being written this very moment, or never will be.
        young = now.timestamp() - path.stat().st_mtime < 60
        if found is None and not (young and not path.with_suffix(".json").exists()):
            drop(path.stem)
            gone += 1
    return gone


def picture_of(pdf: bytes) -> bytes:
    """Return the copy's picture for the screen, smaller (画面用の画像)."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        image = opened.pages[0].obj["/Resources"]["/XObject"]["/Im0"]
        size = (int(image["/Width"]), int(image["/Height"]))
        picture = Image.frombytes("L", size, image.read_bytes())
    out = io.BytesIO()
    picture.reduce(2).save(out, format="PNG")
    return out.getvalue()


def _path(receipt_id: str, kind: str) -> Path:
    return private_folder("redactions") / f"{receipt_id}.{kind}"
