"""What is written down about a copy without its secret (消去の記録)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from madoguchi.audit import api as audit
from madoguchi.dispatch.documents.redaction.making import Redacted
from madoguchi.dispatch.domain.receipts import Receipt
from madoguchi.kernel.actor import Actor


def note_redaction(
    *, redacted: Redacted, receipt_id: str, actor: Actor, now: datetime
) -> Receipt | None:
    """Record that a copy was made, or refused; return the receipt of a clean one (消去の記録).

    The record holds template, sums and outcome. No picture, no name, no digit is in it.
    """
    checks = {name: str(check) for name, check in redacted.read.checks.items()}
    codes = sorted({one.code for one in redacted.read.problems})
    detail: dict[str, Any] = {
        "receipt": receipt_id, "template": redacted.template, "sha256_in": redacted.sha256_in,
        "sha256_out": redacted.sha256_out, "checks": checks, "problems": codes,
    }  # fmt: skip
    if not redacted.read.clean:
        audit.record(actor=actor, action="REDACTION_REFUSED", subjects=[], detail=detail)
        return None
    audit.record(actor=actor, action="REDACTION_MADE", subjects=[], detail=detail)
    return Receipt(
        receipt_id=receipt_id, template=redacted.template, sha256_in=redacted.sha256_in,
        sha256_out=redacted.sha256_out, staff_id=actor.staff_id, made_at=now, checks=checks,
    )  # fmt: skip


def note_input_removed(*, receipt_id: str, sha256_in: str, actor: Actor) -> None:
    """Record that the scan itself was removed after its copy was made (元の画像の削除)."""
    detail = {"receipt": receipt_id, "sha256_in": sha256_in}
    audit.record(actor=actor, action="REDACTION_SCAN_REMOVED", subjects=[], detail=detail)
