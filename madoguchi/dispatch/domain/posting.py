"""What the post office wants on the slip, and its numbers (差出票・引受番号)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from madoguchi.dispatch.domain.letters import WITH_RECEIPT, MailClass
from madoguchi.kernel.outcome import Problem

#: Numbers of 11 to 13 characters; of 12 digits the last is the first eleven modulo 7 (7DR).
#: *Assumed* from the numbers of 書留 in use; another form is one line here.
_RECEIPT = re.compile(r"[0-9]{11,12}|[A-Z]{2}[0-9]{9}[A-Z]{2}")


def fold_receipt(text: str) -> str:
    """Write a number as it is kept: no spaces, no dashes, half width (引受番号の正規化)."""
    return re.sub(r"[\s\-‐‑–—ー]", "", unicodedata.normalize("NFKC", text)).upper()


def is_receipt(number: str) -> bool:
    """Tell whether this can be a number of the post office (引受番号の検査)."""
    if not _RECEIPT.fullmatch(number):
        return False
    return len(number) != 12 or int(number[:11]) % 7 == int(number[11])


def check_receipts(
    mail_class: MailClass, receipts: Mapping[str, str], *, wanted: Sequence[str]
) -> tuple[Problem, ...]:
    """Return everything wrong with the numbers of a pile, letter by letter (引受番号の確認)."""
    if mail_class not in WITH_RECEIPT:
        return ()
    found: list[Problem] = []
    seen: set[str] = set()
    for position, letter_id in enumerate(wanted, start=1):
        number = receipts.get(letter_id, "")
        facts = {"position": str(position)}
        if not number:
            found.append(Problem(code="RECEIPT_MISSING", where=f"receipt-{letter_id}", facts=facts))
        elif not is_receipt(number):
            found.append(Problem(code="RECEIPT_WRONG", where=f"receipt-{letter_id}", facts=facts))
        elif number in seen:
            found.append(Problem(code="RECEIPT_TWICE", where=f"receipt-{letter_id}", facts=facts))
        seen.add(number)
    return tuple(found)
