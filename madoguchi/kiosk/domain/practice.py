"""The fictional household of 体験: no register, no number, no card (体験の家族)."""

from __future__ import annotations

from madoguchi.kiosk.domain.choices import KindShown, Part

#: Shown on the screen for everybody to type; it opens nothing.
PRACTICE_PIN = "1234"
FAMILY = (
    ("", "見本　太郎", "ミホン　タロウ"),
    ("", "見本　花子", "ミホン　ハナコ"),
    ("", "見本　うみ", "ミホン　ウミ"),
)
_EVERYBODY = (Part.SELF, Part.WHOLE, Part.SOME)
_ITEMS = ("HOUSEHOLDER", "DOMICILE", "RESIDENT_CODE")


def practice_kinds(*, years: tuple[str, ...]) -> tuple[KindShown, ...]:
    """Return the kinds of 体験, at the fees of the store (体験で選べるもの)."""
    return (
        KindShown(
            kind="resident_record_household", title="住民票", fee_yen=200, parts=_EVERYBODY,
            items=_ITEMS,
        ),
        KindShown(
            kind="seal_registration", title="印鑑登録証明書", fee_yen=200, parts=(Part.SELF,), items=()
        ),
        KindShown(
            kind="tax", title="課税証明書", fee_yen=200, parts=(Part.SELF,), items=(), years=years
        ),
    )  # fmt: skip
