"""The dated rules that count on a day: envelope and days (決まりの照会)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from madoguchi.dispatch.domain.envelope import ASSUMED, Envelope
from madoguchi.dispatch.domain.renotices import RenoticeRule, rule_on
from madoguchi.dispatch.models import EnvelopeRow
from madoguchi.dispatch.models import RenoticeRule as RenoticeRow

#: The columns of an envelope in tenths of a millimetre, in the order of its fields.
ENVELOPE_COLUMNS = tuple(one.name.removesuffix("_mm") for one in fields(Envelope))


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedEnvelope:
    """An envelope, from which day it is used, and who says so (封筒の決まり)."""

    valid_from: date
    source: str
    envelope: Envelope


def envelope_on(day: date) -> Envelope:
    """Return the envelope in use on a day; before the first row, the assumed one (封筒)."""
    row = EnvelopeRow.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    return ASSUMED if row is None else _envelope_of(row)


def list_envelopes() -> tuple[DatedEnvelope, ...]:
    """List every envelope and its first day, the newest first (封筒の一覧)."""
    return tuple(
        DatedEnvelope(valid_from=row.valid_from, source=row.source, envelope=_envelope_of(row))
        for row in EnvelopeRow.objects.order_by("-valid_from")
    )


def _envelope_of(row: EnvelopeRow) -> Envelope:
    return Envelope(**{f"{name}_mm": getattr(row, name) / 10 for name in ENVELOPE_COLUMNS})


def list_renotice_rules() -> tuple[RenoticeRule, ...]:
    """List every rule of days, the newest first (再通知の決まりの一覧)."""
    return tuple(
        RenoticeRule(
            valid_from=row.valid_from,
            first_days=row.first_days,
            second_days=row.second_days,
            source=row.source,
        )
        for row in RenoticeRow.objects.order_by("-valid_from")
    )


def renotice_rule_on(day: date) -> RenoticeRule | None:
    """Return the rule of days that counts on a day (適用される決まり)."""
    return rule_on(list_renotice_rules(), day=day)
