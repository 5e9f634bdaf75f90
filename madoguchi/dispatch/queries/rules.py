"""The dated rules that count on a day: envelope and days (決まりの照会)."""

from __future__ import annotations

from datetime import date

from madoguchi.dispatch.domain.envelope import ASSUMED, Envelope
from madoguchi.dispatch.domain.renotices import RenoticeRule, rule_on
from madoguchi.dispatch.models import EnvelopeRow
from madoguchi.dispatch.models import RenoticeRule as RenoticeRow


def envelope_on(day: date) -> Envelope:
    """Return the envelope in use on a day; before the first row, the assumed one (封筒)."""
    row = EnvelopeRow.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    if row is None:
        return ASSUMED
    return Envelope(
        inner_width_mm=row.inner_width / 10,
        inner_height_mm=row.inner_height / 10,
        window_left_mm=row.window_left / 10,
        window_top_mm=row.window_top / 10,
        window_width_mm=row.window_width / 10,
        window_height_mm=row.window_height / 10,
        first_fold_mm=row.first_fold / 10,
        second_fold_mm=row.second_fold / 10,
    )


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
