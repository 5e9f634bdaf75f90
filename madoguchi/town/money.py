"""Seal registrations and town tax of people who do not exist (印鑑登録・町民税).

Both follow from age alone: enough for a certificate and a list, no picture of anybody's means.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from madoguchi.town import days
from madoguchi.town.drafts import DEAD, Member

SEAL_COLUMNS = (
    "宛名番号",
    "印鑑登録番号",
    "登録氏名",
    "登録年月日",
    "登録状態",
    "廃止年月日",
    "廃止事由",
    "印影",
)
TAX_COLUMNS = (
    "宛名番号", "賦課年度", "課税区分", "給与収入金額", "公的年金等収入金額", "合計所得金額",
    "所得控除額", "課税標準額", "町民税所得割額", "町民税均等割額", "県民税所得割額",
    "県民税均等割額", "森林環境税額", "年税額",
)  # fmt: skip

_SEAL_AGE = 15
_TAX_AGE = 18
_RETIRED = 65
_ADULT = 20
# Share of people with a registered seal; the law allows one from 15.
_WITH_SEAL = 0.58
_WORKING = 0.82

# *assumed*: the rates and amounts in force in 令和6年度 and after, without local extras.
TOWN_RATE, PREFECTURE_RATE = 6, 4
TOWN_FLAT, PREFECTURE_FLAT, FOREST_FLAT = 3_000, 1_500, 1_000
BASIC_DEDUCTION = 430_000
NO_TAX_UP_TO = 380_000


def write_seal(
    out: list[str],
    member: Member,
    person: str,
    *,
    age: int,
    as_of: int,
    chance: Callable[[], float],
    imprint_of: Callable[[str], bytes] | None = None,
) -> None:
    """Add a seal registration, struck when the person died or left (印鑑登録)."""
    draw = chance()
    if age < _SEAL_AGE or draw > _WITH_SEAL:
        return
    end = as_of if member.lives_here else member.left
    start = max(member.came, member.born + int(_SEAL_AGE * days.YEAR) + 30)
    if start >= end:
        return
    on = start + int((end - start) * draw / _WITH_SEAL)
    # A picture is a thousand letters: only small towns have them (see the README).
    picture = "" if imprint_of is None else base64.b64encode(imprint_of(member.name)).decode()
    rest = f"登録,,,{picture}"
    if not member.lives_here:
        why = "死亡" if member.state == DEAD else "転出"
        rest = f"廃止,{days.text(member.left)},{why},"
    out.append(f"{person},{person[-8:-1]},{member.name},{days.text(on)},{rest}")


def write_tax(
    out: list[str],
    member: Member,
    person: str,
    *,
    age: int,
    as_of: int,
    chance: Callable[[], float],
) -> None:
    """Add this fiscal year's town tax of who lived here on its 1 January (町民税・県民税).

    Whoever left later in the year was assessed here all the same.
    """
    if age < _TAX_AGE:
        return
    # Drawn for residents alone, so that the people of a town stay who they were.
    draw = chance() if member.lives_here else int(person[-8:-1]) * 7_919 % 1_000 / 1_000
    if not _was_here(member, days.new_year(_fiscal_year(as_of))):
        return
    wage = pension = 0
    if age >= _RETIRED:
        pension = int(500 + 2_100 * draw * draw) * 1_000
        if draw > 0.8 and age < 76:  # some still work
            wage = int(900 * draw) * 1_000
    elif draw < _WORKING:
        wage = int(700 + 6_000 * draw * draw * draw) * 1_000
    out.append(f"{person},{_assess(wage, pension, age=age, as_of=as_of)}")


def _was_here(member: Member, day: int) -> bool:
    return member.came <= day and (member.lives_here or member.left > day)


def _fiscal_year(as_of: int) -> int:
    return days.year(as_of - 90)  # a fiscal year begins on 1 April


def _assess(wage: int, pension: int, *, age: int, as_of: int) -> str:
    """Return the columns of an assessment, by the plain rules only (税額の計算)."""
    income = max(0, wage - max(550_000, wage * 3 // 10)) + max(
        0, pension - (1_100_000 if age >= _RETIRED else 600_000)
    )
    deduction = BASIC_DEDUCTION + (wage + pension) * 12 // 100
    base = max(0, income - deduction) // 1_000 * 1_000
    town = prefecture = town_flat = prefecture_flat = forest = 0
    kind = "非課税"
    if income > NO_TAX_UP_TO:
        town_flat, prefecture_flat, forest = TOWN_FLAT, PREFECTURE_FLAT, FOREST_FLAT
        town = base * TOWN_RATE // 100 // 100 * 100
        prefecture = base * PREFECTURE_RATE // 100 // 100 * 100
        kind = "課税" if town else "均等割のみ"
    total = town + prefecture + town_flat + prefecture_flat + forest
    return (
        f"令和{_fiscal_year(as_of) - 2018}年度,{kind},{wage},{pension},{income},{deduction},{base},"
        f"{town},{town_flat},{prefecture},{prefecture_flat},{forest},{total}"
    )
