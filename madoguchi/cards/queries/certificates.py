"""Whose certificate is this (証明書の名義人)."""

from __future__ import annotations

from datetime import date

from madoguchi.cards.domain.certificates import (
    CertificateState,
    Holder,
    Purpose,
    fold_issuer,
)
from madoguchi.cards.models import Certificate


def holder_of(*, issuer: str, serial: str, on: date) -> Holder | None:
    """Return whose 利用者証明用 certificate this is, or None where the town knows of none (名義人).

    A 署名用 certificate proves nothing here, so it has no holder; one registered after ``on``
    was not known that day. Whether it counts on a day is the holder's to say.
    """
    known = fold_issuer(issuer)
    if known is None or not (serial.isascii() and serial.isdigit()):
        return None
    # Issuer and serial name one row; an order by id would lead the planner past their index.
    found = list(Certificate.objects.filter(issuer=known, serial=serial))
    row = found[0] if found else None
    if row is None or row.purpose != Purpose.AUTH.value or row.registered_on > on:
        return None
    return Holder(
        person_id=row.person_id,
        registered_on=row.registered_on,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        stopped=row.state != CertificateState.VALID.value,
    )
