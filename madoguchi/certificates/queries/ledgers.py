"""The two ledgers beside the resident record: seals and tax (印鑑登録原票・課税台帳)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from madoguchi.certificates.domain.definition import Ledger
from madoguchi.certificates.domain.ledger_csv import AMOUNTS
from madoguchi.certificates.models import SealRegistration, TaxAssessment, TownRule


class RuleCode(StrEnum):
    """What a town may decide for itself (町の決まり)."""

    REFUSE_IF_UNPAID = "REFUSE_IF_UNPAID"  # 未納があれば所得・課税証明書も出さない
    NUMBERS_AT_MACHINES = "NUMBERS_AT_MACHINES"  # 機械でも個人番号を載せる


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRow:
    """A seal registration as it stands (印鑑登録)."""

    registered_name: str
    is_struck: bool
    imprint: bytes
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """An assessment as it stands (課税の内容); ``amounts`` are in the order of ``AMOUNTS``."""

    fiscal_year: int
    category: str
    amounts: tuple[int, ...]
    address: str
    unpaid: bool
    mark: str


def seal_of(person_id: str) -> SealRow | None:
    """Return the registered seal of a person, else the last one struck, else None (印鑑登録)."""
    found = SealRegistration.objects.filter(person_id=person_id).order_by(
        "state", "-registered_on", "-registration_no"
    )
    row = found.first()  # REGISTERED sorts before STRUCK
    if row is None:
        return None
    return SealRow(
        registered_name=row.registered_name,
        is_struck=row.state != "REGISTERED",
        imprint=bytes(row.imprint or b""),
        mark=f"{row.registration_no} {row.state} {row.version}",
    )


def tax_years_of(person_id: str) -> tuple[int, ...]:
    """List the years this town assessed a person for, newest first (課税のある年度)."""
    found = TaxAssessment.objects.filter(person_id=person_id).order_by("-fiscal_year")
    return tuple(found.values_list("fiscal_year", flat=True))


def tax_of(person_id: str, *, year: int) -> TaxRow | None:
    """Return the assessment of one year, or None (課税の内容)."""
    row = TaxAssessment.objects.filter(person_id=person_id, fiscal_year=year).first()
    if row is None:
        return None
    return TaxRow(
        fiscal_year=row.fiscal_year,
        category=row.category,
        amounts=tuple(getattr(row, name) for name in AMOUNTS),
        address=row.address,
        unpaid=row.unpaid,
        mark=f"{row.fiscal_year} {row.version}",
    )


def live_ledger_mark(ledger: Ledger, *, person_id: str, year: str) -> str:
    """Return the mark of the row as it stands now, and keep it so until the commit (I6).

    The lock makes an import that strikes a seal wait for the paper that is just leaving, or
    the paper see what the import did; nothing comes between.
    """
    if ledger not in (Ledger.SEAL, Ledger.TAX):
        return ""  # made from the record itself, whose marks are compared apart
    with connection.cursor() as cursor:
        if ledger is Ledger.SEAL:
            cursor.execute(
                "SELECT registration_no || ' ' || state || ' ' || version FROM certificates_seal"
                " WHERE person_id = %s ORDER BY state, registered_on DESC, registration_no DESC"
                " FOR SHARE",
                [person_id],
            )
        else:
            cursor.execute(
                "SELECT fiscal_year || ' ' || version FROM certificates_tax"
                " WHERE person_id = %s AND fiscal_year = %s FOR SHARE",
                [person_id, int(year)],
            )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def rule_stands(code: RuleCode) -> bool:
    """Tell whether the town has switched this rule on; without a row it is off (町の決まり)."""
    return TownRule.objects.filter(code=code, stands=True).exists()
