"""Fictional moments for the gallery: every screen there is, with nobody behind it (画面帳の場面)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from madoguchi.kernel.language import Language
from madoguchi.kiosk.domain.choices import Choices, ForKind, KindShown, MemberShown, Part, Shown
from madoguchi.kiosk.domain.closing import ended
from madoguchi.kiosk.domain.devices import PrinterTrouble
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.screens import screen_of
from madoguchi.kiosk.domain.showing import Asked, Screen, ShopSeen, Sight
from madoguchi.kiosk.domain.steps import End, Mode, Step
from madoguchi.kiosk.domain.wording import line

_EVERYBODY = (Part.SELF, Part.WHOLE, Part.SOME)
OFFER = Shown(
    kinds=(
        KindShown(
            kind="resident_record_household", title="住民票", fee_yen=200, parts=_EVERYBODY,
            items=("HOUSEHOLDER", "DOMICILE", "RESIDENT_CODE"),
        ),
        KindShown(
            kind="record_items", title="住民票記載事項証明書", fee_yen=200, parts=_EVERYBODY,
            items=("HOUSEHOLDER", "DOMICILE"),
        ),
        KindShown(
            kind="seal_registration", title="印鑑登録証明書", fee_yen=200, parts=(Part.SELF,), items=()
        ),
        KindShown(
            kind="tax", title="課税証明書", fee_yen=200, parts=(Part.SELF,), items=(),
            years=("令和8年度", "令和7年度", "令和6年度"),
        ),
    ),
    members=(
        MemberShown(name="見本　太郎", kana="ミホン　タロウ"),
        MemberShown(name="見本　花子", kana="ミホン　ハナコ"),
        MemberShown(name="見本　うみ", kana="ミホン　ウミ"),
    ),
)  # fmt: skip
CHOSEN = Choices(
    kind="resident_record_household",
    copies=2,
    by_kind={
        "resident_record_household": ForKind(
            part=Part.SOME, member_nos=(0, 2), items=("HOUSEHOLDER",)
        )
    },
)
SHOP = ShopSeen(place="みなと店（海の町1丁目）", opens="6:30", closes="23:00", fee_yen=200)

#: Name of a scene: its step, and what differs from the plain moment.
_SCENES: Mapping[str, tuple[Step, Mapping[str, object]]] = {
    "accept": (Step.ACCEPT, {}),
    "card": (Step.CARD, {}),
    "town": (Step.TOWN, {}),
    "pin": (Step.PIN, {}),
    "pin-wrong": (Step.PIN, {"wrong": True}),
    "card-back": (Step.CARD_BACK, {}),
    "kind": (Step.KIND, {"choices": Choices()}),
    "kind-again": (Step.KIND, {}),
    "part": (Step.PART, {}),
    "members": (Step.PART, {"asked": Asked(part="SOME")}),
    "items": (Step.ITEMS, {}),
    "year": (Step.ITEMS, {"choices": Choices(kind="tax")}),
    "copies": (Step.COPIES, {}),
    "confirm": (Step.CONFIRM, {}),
    "pay": (Step.PAY, {}),
    "pay-coins": (Step.PAY, {"pay_method": Method.COIN_BOX}),
    "pay-cashless": (Step.PAY, {"pay_method": Method.CASHLESS}),
    "print-made": (Step.PRINT, {}),
    "print": (Step.PRINT, {"paper_ready": True, "sheets_done": 1, "sheets_all": 4}),
    "print-stuck": (Step.PRINT, {"trouble": PrinterTrouble.PAPER_OUT}),
    "take": (Step.TAKE, {"sheets_all": 2, "shop": SHOP}),
    "take-island": (Step.TAKE, {"sheets_all": 1, "shop": replace(SHOP, place="")}),
    "problem": (Step.ITEMS, {"problems": (line("problem.OTHER"),)}),
}
_ENDS: Mapping[str, tuple[End, PrinterTrouble | None, int, bool]] = {
    "refused": (End.REFUSED, None, 0, False),
    "failed": (End.FAILED, PrinterTrouble.PAPER_JAM, 400, True),
    "left": (End.LEFT, None, 0, False),
    "timed-out": (End.TIMED_OUT, None, 0, False),
}
SCENES = (*_SCENES, *_ENDS)


def scene(name: str, *, mode: Mode, language: Language, town: str) -> tuple[str, Screen]:
    """Return the step and the screen of one fictional moment (場面)."""
    if name in _ENDS:
        end, trouble, back_yen, printed = _ENDS[name]
        return Step.TAKE, ended(end, trouble=trouble, back_yen=back_yen, printed=printed)
    step, differs = _SCENES[name]
    sight = Sight(
        step=step,
        mode=mode,
        language=language,
        town=town,
        offer=OFFER,
        choices=CHOSEN,
        fee_yen=400,
        copies=2,
        pay_methods=tuple(Method),
        pin="1234",
    )
    return step, screen_of(replace(sight, **differs))  # type: ignore[arg-type]
