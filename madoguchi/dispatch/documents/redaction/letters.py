"""A reader of letters, where this machine has one (文字認識)."""

from __future__ import annotations

import io
import re
import shutil
import subprocess

from PIL import Image

from madoguchi.dispatch.domain.redaction import Check

_SECONDS_MAX = 60
_DIGITS = re.compile(r"[0-9０-９]{2,}")


def read_digits(picture: Image.Image) -> Check:
    """Let tesseract read blank paper: digits there fail, no tesseract is "not available" (確認)."""
    program = shutil.which("tesseract")
    if program is None:
        return Check.NOT_AVAILABLE
    out = io.BytesIO()
    picture.save(out, format="PNG")
    try:
        done = subprocess.run(
            [program, "stdin", "stdout", "--psm", "11", "-c", "tessedit_char_whitelist=0123456789"],
            input=out.getvalue(), capture_output=True, timeout=_SECONDS_MAX, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return Check.FAILED  # it is there and gave no answer: nothing is proved
    read = re.sub(r"\s", "", done.stdout.decode("utf-8", "replace"))
    return Check.FAILED if _DIGITS.search(read) else Check.PASSED
