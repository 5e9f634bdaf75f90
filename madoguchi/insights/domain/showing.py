"""Figures as they are printed (表示の値): rounded so that the printed digits add up too."""

from __future__ import annotations

from decimal import Decimal

from madoguchi.insights.domain.counting import to_digits
from madoguchi.insights.domain.effect import Change, Effect


def printed_change(change: Change) -> dict[str, Decimal]:
    """Return a split in hundredths of a point (増減の表示).

    The share and the use are rounded; the volume is what is left of the two.
    """
    points, use = to_digits(change.points, 2), to_digits(change.from_use, 2)
    return {"points": points, "use": use, "volume": points - use}


def printed_effect(effect: Effect) -> dict[str, int]:
    """Return the yen of an effect (効果の表示): what is measured is rounded, the rest is reckoned of that."""
    saved, cashable = int(to_digits(effect.yen_saved, 0)), int(to_digits(effect.cashable_yen, 0))
    fixed, fees = int(to_digits(effect.inputs.fixed_yen, 0)), int(to_digits(effect.fees_yen, 0))
    spared = int(to_digits(effect.resident_yen, 0))
    return {
        "yen_saved": saved,
        "cashable_yen": cashable,
        "not_cashable_yen": saved - cashable,
        "fixed_yen": fixed,
        "fees_yen": fees,
        "net_yen": saved - fixed - fees,
        "cash_net_yen": cashable - fixed - fees,
        "resident_yen": spared,
        "society_net_yen": saved - fixed - fees + spared,
    }
