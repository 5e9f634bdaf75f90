"""The same comparison handed to Splink, for work beyond one machine (Splinkでの照合).

A municipality is the lawful unit and one process decides it; so many towns run side by side. Where
one register is too large for a process, Splink's Spark backend makes the pairs and their levels
from the same keys, by the same passes, levels and weights, each written once here in its SQL. What
comes back is weighed and decided by our own rules: the vetoes never leave this room.

Splink and pyspark belong to the optional group ``spark``; nothing here imports them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.comparing import ERA_STEPS, KANA_SLIPS_MAX, Compared
from madoguchi.addressees.domain.keys import Keys, Row
from madoguchi.addressees.domain.levels import Address, BirthLevel, Item, Kana, Name, Number
from madoguchi.addressees.domain.linkage import FieldWeights
from madoguchi.addressees.domain.sides import PASSES, Side, parts_of
from madoguchi.addressees.domain.spelling import LOST
from madoguchi.addressees.domain.weights import BY_HAND

#: The levels of each item (項目ごとの段階).
LEVELS = {
    Item.SURNAME: Name, Item.GIVEN: Name, Item.BIRTH: BirthLevel, Item.KANA: Kana,
    Item.ADDRESS: Address, Item.NUMBER: Number,
}  # fmt: skip


def settings(weights: Sequence[FieldWeights] = BY_HAND) -> dict[str, Any]:
    """Return what Splink is told (Splinkの設定): passes as blocking rules, levels with m and u."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "place",
        "blocking_rules_to_generate_predictions": [
            f"l.p{number} = r.p{number}" for number in range(len(PASSES))
        ],
        "comparisons": [
            {"output_column_name": item.name.lower(), "comparison_levels": _levels(item, weights)}
            for item in Item
        ],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": False,
    }


def records(side: Side, keyed: Iterable[tuple[Row, Keys]]) -> Iterator[dict[str, Any]]:
    """Yield the keys of a side as Splink reads them; unknown is null and meets nothing (Splinkの行)."""
    codes = [_pass_codes(side, number) for number in range(len(PASSES))]
    for place, (row, made) in enumerate(keyed):
        cut = parts_of(made.whole, side.vocabulary) if made.whole and not made.surname else {}
        keys = made._replace(**cut)  # type: ignore[arg-type]  # texts of the name alone
        lot = keys.lot.split("-") if keys.lot else []
        birth = f"{keys.year:04}{keys.month:02}{keys.day:02}" if keys.day else ""
        texts = keys._asdict() | {
            "lot_first": lot[0] if lot else "", "lot_two": "-".join(lot[:2]),
            "birth": birth, "number": row.number,
        }  # fmt: skip
        yield {
            "place": place, "lost": LOST in keys.whole, "lot_count": len(lot),
            **{name: texts[name] or None for name in _TEXTS},
            **{name: texts[name] or None for name in ("year", "month", "day")},
            **{f"p{number}": column[place] or None for number, column in enumerate(codes)},
        }  # fmt: skip


def compared(rows: Sequence[Mapping[str, Any]]) -> Compared:
    """Turn Splink's pairs back into pairs and levels (Splinkの結果); each pair comes once.

    ``left`` and ``right`` are the places of the list's row and of the register's.
    """
    levels = np.zeros((len(rows), len(Item)), dtype=np.int8)
    for item in Item:
        by_gamma = {gamma: level for level, gamma in _gammas(item).items()}
        name = f"gamma_{item.name.lower()}"
        levels[:, item] = [by_gamma[int(row[name])] for row in rows]
    left, right = (
        np.array([row[name] for row in rows], dtype=np.int64) for name in ("left", "right")
    )
    order = np.lexsort((right, left))
    return Compared(left=left[order], right=right[order], levels=levels[order])


# -- the levels in Spark's SQL, in the order they are tried ----------------------------------

_WHOLE = "(coalesce(whole_l = whole_r, false) AND NOT lost_l AND NOT lost_r)"
_UNEXACT = "(birth_l IS NULL OR birth_r IS NULL)"


def _agree(column: str) -> str:
    """Same, or not known on one side."""
    return f"({column}_l IS NULL OR {column}_r IS NULL OR {column}_l = {column}_r)"


def _both(column: str) -> str:
    return f"({column}_l IS NOT NULL AND {column}_r IS NOT NULL)"


def _name(part: str) -> list[tuple[int, str]]:
    l, r = f"{part}_l", f"{part}_r"  # noqa: E741  left and right, as Splink names its columns
    letters = f"substr({l}, i, 1) = substr({r}, i, 1)"
    lost = " OR ".join(f"substr({one}, i, 1) = '{LOST}'" for one in (l, r))
    gone = (
        f"(length({l}) = length({r}) AND instr(concat({l}, {r}), '{LOST}') > 0"
        f" AND forall(sequence(1, length({l})), i -> {letters} OR {lost}))"
    )
    swapped = f"concat(substr({l}, 1, i - 1), substr({l}, i + 1, 1), substr({l}, i, 1), substr({l}, i + 2))"
    return [
        (Name.UNKNOWN, f"NOT {_WHOLE} AND ({l} IS NULL OR {r} IS NULL OR {gone})"),
        (Name.SAME, f"{_WHOLE} OR {l} = {r}"),
        (Name.VARIANT, f"loose_{part}_l = loose_{part}_r"),
        (Name.ONE_LETTER,
         f"greatest(length({l}), length({r})) >= 2 AND (levenshtein({l}, {r}) <= 1"
         f" OR (length({l}) = length({r})"
         f" AND exists(sequence(1, length({l}) - 1), i -> {swapped} = {r})))"),
        (Name.DIFFERS, "ELSE"),
    ]  # fmt: skip


def _birth() -> list[tuple[int, str]]:
    digit = "substr(birth_{0}, {1}, 1)".format
    apart = [f"{digit('l', at)} <> {digit('r', at)}" for at in range(1, 9)]
    count = "(" + " + ".join(f"CASE WHEN {one} THEN 1 ELSE 0 END" for one in apart) + ")"
    turned = " OR ".join(
        f"({apart[at - 1]} AND {apart[at]} AND {digit('l', at)} = {digit('r', at + 1)}"
        f" AND {digit('l', at + 1)} = {digit('r', at)})"
        for at in range(1, 8)
    )
    swapped = "(year_l = year_r AND month_l = day_r AND day_l = month_r)"
    steps = ", ".join(str(one) for one in ERA_STEPS)
    era = f"(month_l = month_r AND day_l = day_r AND abs(year_l - year_r) IN ({steps}))"
    days = "(abs(datediff(to_date(birth_l, 'yyyyMMdd'), to_date(birth_r, 'yyyyMMdd'))) = 1)"
    said = " OR ".join(_both(one) for one in ("year", "month", "day"))
    agree = " AND ".join(_agree(one) for one in ("year", "month", "day"))
    return [
        (BirthLevel.UNKNOWN, f"{_UNEXACT} AND NOT ({said})"),
        (BirthLevel.SAME, "birth_l = birth_r"),
        (BirthLevel.UNCLEAR, f"{_UNEXACT} AND {agree}"),
        (BirthLevel.ONE_SLIP,
         f"{count} = 1 OR ({count} = 2 AND ({turned})) OR {swapped} OR {era} OR {days}"),
        (BirthLevel.TWO_SLIPS, f"{_both('birth')} AND {count} = 2"),
        (BirthLevel.DIFFERS, "ELSE"),
    ]  # fmt: skip


def _address() -> list[tuple[int, str]]:
    here = f"town_l = town_r AND {_agree('municipality')}"
    fits = f"{here} AND {_both('lot')} AND {_agree('part')}"
    begins = (
        "lot_first_l = lot_first_r AND lot_count_l <> lot_count_r"
        " AND (least(lot_count_l, lot_count_r) < 2 OR lot_two_l = lot_two_r)"
    )
    return [
        (Address.UNKNOWN, "town_l IS NULL OR town_r IS NULL"),
        (Address.SAME, f"{fits} AND lot_l = lot_r"),
        (Address.PART, f"{fits} AND {begins}"),
        (Address.TOWN, f"{here} AND NOT {_both('lot')}"),
        (Address.OTHER_LOT, here),
        (Address.DIFFERS, "ELSE"),
    ]


# Two swapped letters and one slip more count three here and two in our own distance.
_KANA = (
    f"levenshtein(kana_l, kana_r) <= {KANA_SLIPS_MAX}"
    " AND levenshtein(kana_l, kana_r) * 3 <= greatest(length(kana_l), length(kana_r))"
)
_RULES: Mapping[Item, list[tuple[int, str]]] = {
    Item.SURNAME: _name("surname"),
    Item.GIVEN: _name("given"),
    Item.BIRTH: _birth(),
    Item.KANA: [
        (Kana.UNKNOWN, "kana_l IS NULL OR kana_r IS NULL"), (Kana.SAME, "kana_l = kana_r"),
        (Kana.NEAR, _KANA), (Kana.DIFFERS, "ELSE"),
    ],
    Item.ADDRESS: _address(),
    Item.NUMBER: [
        (Number.UNKNOWN, "number_l IS NULL OR number_r IS NULL"),
        (Number.SAME, "number_l = number_r"), (Number.DIFFERS, "ELSE"),
    ],
}  # fmt: skip
_TEXTS = (
    "whole", "surname", "given", "loose_surname", "loose_given", "kana", "municipality", "town",
    "part", "lot", "lot_first", "lot_two", "birth", "number",
)  # fmt: skip


def _pass_codes(side: Side, number: int) -> list[int]:
    one = PASSES[number]
    codes = linkage.combine(*(side.codes[name] for name in one.columns))
    numbers: list[int] = codes.view(np.int64).tolist()
    return numbers


def _gammas(item: Item) -> dict[int, int]:
    """Return how Splink numbers the levels: unknown is -1, the rest downward in their order."""
    told = [level for level, _ in _RULES[item] if level]
    return {0: -1} | {level: len(told) - 1 - place for place, level in enumerate(told)}


def _levels(item: Item, weights: Sequence[FieldWeights]) -> list[dict[str, Any]]:
    field = weights[item]
    found = []
    for level, sql in _RULES[item]:
        one: dict[str, Any] = {"sql_condition": sql, "label_for_charts": LEVELS[item](level).name}
        if level == 0:
            one["is_null_level"] = True
        else:
            # A field that is no witness of its own weighs its share: the same bits by another m.
            u = field.u[level]
            one |= {"m_probability": u * (field.m[level] / u) ** field.share, "u_probability": u}
        found.append(one)
    return found
