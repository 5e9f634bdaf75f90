"""Families that move in, for tests (試験用の転入): never imported by production."""

from __future__ import annotations

from datetime import date
from typing import Any

from madoguchi.moves.domain.case import Card
from madoguchi.moves.domain.filing import Arrival, Arriving, Evidence, MoveIn, Notifier, Said, Told
from madoguchi.register.testing import resident_code

TODAY = date(2026, 11, 27)
#: The Minato family: parents, a pupil, a small child, the head's mother.
FAMILY = (
    ("港　渚", "ミナト　ナギサ", "昭和60年6月1日", "MALE", "世帯主"),
    ("港　波", "ミナト　ナミ", "昭和62年2月3日", "FEMALE", "妻"),
    ("港　岬", "ミナト　ミサキ", "平成28年8月9日", "FEMALE", "子"),
    ("港　汀", "ミナト　ミギワ", "令和5年1月2日", "MALE", "子"),
    ("港　磯", "ミナト　イソ", "昭和28年5月5日", "FEMALE", "母"),
)


def told(**given: Any) -> Told:
    """Return a filing in which everything was shown (届出のようす)."""
    values: dict[str, Any] = {
        "filed_on": TODAY, "notifier": Notifier.SELF, "identity_seen": True, "signed": True,
    } | given  # fmt: skip
    return Told(**values)


def arriving(at: int, *, evidence: Evidence = Evidence.NOTICE, **given: Any) -> Arriving:
    """Return one of the family, by their place in it (転入する人)."""
    name, kana, birth, sex, relationship = FAMILY[at]
    values = {
        "name": name, "name_kana": kana, "birth": birth, "sex": sex, "relationship": relationship,
        "honseki": "福岡県みどり市緑町1番地", "hittosha": "港　渚", "nationality_group": "JAPANESE",
        "resident_code": resident_code(500 + at),
    } | given.pop("values", {})  # fmt: skip
    items = {item: Said(value=value, evidence=evidence) for item, value in values.items()}
    return Arriving(no=str(at + 1), items=items, **({"card": Card.PRESENT} | given))


def move_in(*places: int, **given: Any) -> MoveIn:
    """Return a 転入届 of the family, or of some of it, that nothing stands against (転入届)."""
    people = tuple(arriving(at) for at in (places or range(len(FAMILY))))
    values: dict[str, Any] = {
        "arrival": Arrival.SPECIAL, "told": told(), "moved_on": "令和8年11月20日",
        "postcode": "894-1508", "address": "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地",
        "previous_address": "福岡県みどり市緑町5番6号", "planned_out_on": date(2026, 11, 18),
        "people": people, "card_and_pin_shown": True,
    }  # fmt: skip
    return MoveIn(**(values | given))
