"""``madoguchi dispatch``: a copy of a form without its secret part (消去した写し)."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.system_words import words_of

_CHECKS = ("text_layer", "metadata", "pixels", "ocr", "digits")
_BLANK: dict[str, Any] = {
    "clean": False,
    "checks": dict.fromkeys(_CHECKS, "not_done"),
    "template": None,
    "out": None,
    "receipt": None,
    "sha256_in": None,
    "sha256_out": None,
    "margin_mm": None,
    "input_removed": False,
    "ms": None,
}


def _redact_words(words: Words) -> None:
    words.add_argument("scan", type=Path, metavar="IN", help="PNG, JPEG, TIFF or PDF of one page")
    words.add_argument("out", type=Path, metavar="OUT", help="the copy, a PDF")
    words.add_argument(
        "--template", required=True, metavar="T",
        help="a form (birth), one printing of it (birth-2024), or a file of the town (*.toml)",
    )  # fmt: skip
    words.add_argument(
        "--remove-input", action="store_true", help="remove IN once the copy is made"
    )


def _redact(given: Given) -> Answer:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.dispatch import api
    from madoguchi.infra import clock, unit
    from madoguchi.kernel.ids import new_id

    with _no_copy_unless_whole(given.scan, given.out) as part:
        template = api.find_template(given.template, on=clock.today())
        data = given.scan.read_bytes()
        began = time.perf_counter()
        redacted = api.redact(data, template=template, on=clock.today())
        took = (time.perf_counter() - began) * 1_000
        actor = cli_actor("dispatch redact").for_purpose("届書の写しの作成")
        receipt_id = new_id()
        unit.run(
            api.redaction.note_redaction, redacted=redacted, receipt_id=receipt_id, actor=actor,
            now=clock.now(),
        )  # fmt: skip
        values = _BLANK | {
            "clean": redacted.read.clean,
            "checks": {name: str(redacted.read.checks[name]) for name in _CHECKS},
            "template": redacted.template,
            "receipt": receipt_id,
            "sha256_in": redacted.sha256_in,
            "ms": round(took, 1),
        }
        if not redacted.read.clean:
            return Answer(values=values, problems=redacted.read.problems, good=False)
        part.write_bytes(redacted.pdf)
        part.replace(given.out)
    values |= {
        "out": str(given.out), "sha256_out": redacted.sha256_out, "margin_mm": redacted.margin_mm,
    }  # fmt: skip
    if not given.remove_input:
        still = Problem(code="SCAN_STILL_THERE", facts={"file": str(given.scan)})
        return Answer(values=values, warnings=(still,))
    given.scan.unlink()
    unit.run(
        api.redaction.note_input_removed,
        receipt_id=receipt_id,
        sha256_in=redacted.sha256_in,
        actor=actor,
    )
    return Answer(values=values | {"input_removed": True})


@contextlib.contextmanager
def _no_copy_unless_whole(scan: Path, out: Path) -> Iterator[Path]:
    """Leave nothing under OUT unless it is a clean copy: not even one of an earlier call."""
    if out.exists() and (out.is_dir() or (scan.exists() and out.samefile(scan))):
        facts = {"file": str(out), "reason": "フォルダーか、読み取るファイルそのものです"}
        raise Refused(Problem(code="FILE_UNREADABLE", facts=facts))
    out.unlink(missing_ok=True)
    try:
        handle, name = tempfile.mkstemp(prefix=".madoguchi-", dir=out.parent)
    except OSError as error:
        facts = {"file": str(out), "reason": words_of(error)}
        raise Refused(Problem(code="FILE_UNREADABLE", facts=facts)) from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    if values["clean"]:
        yield f"{values['out']}  sha256 {values['sha256_out']}"
        yield f"控え {values['receipt']} (様式 {values['template']})"
    yield "・".join(f"{name} {check}" for name, check in values["checks"].items())


VERBS = (
    Verb(
        name="redact",
        help="burn the secret part out of a scanned form and prove it (暗証番号欄を消した写し)",
        schema="madoguchi.redact/1",
        run=_redact,
        arguments=_redact_words,
        show=_show,
        blank=_BLANK,
    ),
)
