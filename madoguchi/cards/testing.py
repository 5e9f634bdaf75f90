"""Certificates of named people for tests (試験用の電子証明書): never imported by production."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from madoguchi.cards.domain.certificates import CertificateState, Purpose
from madoguchi.cards.domain.csv import COLUMNS
from madoguchi.cards.models import Card, Certificate
from madoguchi.infra import clock
from madoguchi.kernel.ids import new_id
from madoguchi.register.testing import keep, make_version, resident_code

ISSUER = "CN=TEST User Authentication CA,OU=TEST,O=TEST,C=JP"


def enter(*person_ids: str) -> None:
    """Put people on the register with nothing but their numbers to tell them apart (住民)."""
    keep(
        *(
            make_version(person_id, resident_code=resident_code(place + 70_000))
            for place, person_id in enumerate(person_ids)
        )
    )


def certify(
    person_id: str,
    *,
    serial: str,
    issuer: str = ISSUER,
    registered_on: date = date(2026, 4, 1),
    valid_from: date = date(2026, 4, 1),
    valid_until: date = date(2031, 3, 31),
    state: CertificateState = CertificateState.VALID,
    purpose: Purpose = Purpose.AUTH,
) -> None:
    """Put one certificate of one person on the table (電子証明書の登録)."""
    Certificate.objects.create(
        person_id=person_id,
        issuer=issuer,
        serial=serial,
        purpose=purpose.value,
        valid_from=valid_from,
        valid_until=valid_until,
        registered_on=registered_on,
        state=state.value,
        changed_at=clock.now(),
    )


def hand_to(person_id: str, *, expires_on: date, on: date = date(2026, 4, 1)) -> None:
    """Put one card on the table that is in its holder's hands (交付したカード)."""
    Card.objects.create(
        card_id=new_id(), person_id=person_id, kind="NEW", state="HANDED_OVER", expires_on=expires_on,
        handed_over_on=on, changed_at=clock.now(),
    )  # fmt: skip


def row(person_id: str, serial: str, **given: str) -> dict[str, str]:
    """Return one row of card_certificates.csv by column name; ``given`` overrides (1行)."""
    whole = {
        "宛名番号": person_id,
        "発行者": ISSUER,
        "シリアル番号": serial,
        "種別": "利用者証明用",
        "有効開始日": "2026-04-01",
        "有効終了日": "2031-03-31",
        "登録日": "2026-04-02",
        "状態": "有効",
    }
    return whole | given


def as_bytes(
    rows: Iterable[Mapping[str, Any]],
    *,
    names: Iterable[str] = tuple(COLUMNS),
    encoding: str = "utf-8",
) -> bytes:
    """Write rows as the file a town hands in (card_certificates.csv)."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(names), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)
