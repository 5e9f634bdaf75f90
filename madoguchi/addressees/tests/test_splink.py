"""What is handed to Splink says what our own comparison says; run on Spark by ``bench.linkage.spark``."""

import numpy as np
import pytest

from madoguchi.addressees.documents.splink import LEVELS, compared, records, settings
from madoguchi.addressees.domain.comparing import compare
from madoguchi.addressees.domain.keys import Row, keys_of
from madoguchi.addressees.domain.levels import Item
from madoguchi.addressees.domain.linkage import candidate_pairs
from madoguchi.addressees.domain.matching import conclude, match, open_book
from madoguchi.addressees.domain.sides import PASSES, side_of
from madoguchi.addressees.domain.weights import BY_HAND
from madoguchi.addressees.queries.gazetteer import gazetteer

AOI = Row(row_id="1", name="海野　葵", kana="ウンノ　アオイ", birth="1990-04-12",
          address="瀬戸内町古仁屋字高丘４５番地６", number="5")  # fmt: skip
REGISTER = [
    AOI,
    Row(
        row_id="2",
        name="海野　碧",
        kana="ウンノ　アオ",
        birth="1990-04-21",
        address="瀬戸内町手安5",
    ),
    Row(row_id="3", name="海野葵", birth="昭和10年月日不詳", address="瀬戸内町古仁屋45"),
    Row(row_id="4", name="SANTOS MARIA", birth="1992-06-15", others=(("山田　葵", ""),)),
]
LIST = [
    Row(
        row_id="B1", name="海野葵", kana="うんの あおい", birth="H2.4.12", address="古仁屋高丘45-6"
    ),
    Row(row_id="B2", name="○野 葵", birth="1990-04-13", address="手安5", number="5"),
    Row(row_id="B3", name="山田葵", birth="", address=""),
]


def keyed(rows):
    return [(row, one) for row in rows for one in keys_of(row, gazetteer())]


@pytest.fixture
def sides():
    register = side_of(keyed(REGISTER))
    return side_of(keyed(LIST), vocabulary=register.vocabulary), register


def test_every_level_is_told_once_with_its_own_bits():
    told = settings()["comparisons"]
    assert [one["output_column_name"] for one in told] == [item.name.lower() for item in Item]
    for item, one in zip(Item, told, strict=True):
        levels = {LEVELS[item][each["label_for_charts"]]: each for each in one["comparison_levels"]}
        assert set(levels) == set(LEVELS[item])
        assert len(levels) == len(one["comparison_levels"])
        assert one["comparison_levels"][0]["is_null_level"]
        assert one["comparison_levels"][-1]["sql_condition"] == "ELSE"
        for level, bits in enumerate(BY_HAND[item].bits()[1:], start=1):
            each = levels[LEVELS[item](level)]
            assert np.isclose(np.log2(each["m_probability"] / each["u_probability"]), bits)


def test_blocking_rules_meet_the_pairs_of_our_passes_whole_blocks(sides):
    batch, register = sides
    mine, theirs = list(records(batch, keyed(LIST))), list(records(register, keyed(REGISTER)))
    assert len(settings()["blocking_rules_to_generate_predictions"]) == len(PASSES)
    met = {
        (one["place"], other["place"])
        for one in mine
        for other in theirs
        for number in range(len(PASSES))
        if one[f"p{number}"] is not None and one[f"p{number}"] == other[f"p{number}"]
    }
    ours = candidate_pairs(batch.codes, open_book(register).indexes, PASSES, cap=10**9)
    assert met == set(zip(*(one.tolist() for one in ours), strict=True))
    assert met


def test_what_is_not_known_is_null_and_uncut_names_are_cut_as_ours(sides):
    batch, _ = sides
    first, second, third = records(batch, keyed(LIST))
    assert (first["surname"], first["given"], first["birth"]) == ("海野", "葵", "19900412")
    assert second["lost"] and not first["lost"]
    assert third["birth"] is third["town"] is third["year"] is third["number"] is None


def test_what_comes_back_is_decided_as_by_ourselves(sides):
    batch, register = sides
    book = open_book(register)
    left, right = candidate_pairs(batch.codes, book.indexes, PASSES, cap=10**9)
    found = compare(batch, register, left, right)
    order = {
        item: [each["label_for_charts"] for each in one["comparison_levels"][1:]]
        for item, one in zip(Item, settings()["comparisons"], strict=True)
    }

    def gamma(item, level):
        # Splink counts downward in the order levels are tried; unknown is -1.
        return len(order[item]) - 1 - order[item].index(LEVELS[item](level).name) if level else -1

    rows = [
        {"left": a, "right": b}
        | {f"gamma_{item.name.lower()}": gamma(item, int(levels[item])) for item in Item}
        for a, b, levels in zip(left.tolist(), right.tolist(), found.levels, strict=True)
    ]
    theirs = conclude(batch, book, compared(rows[::-1]))
    ours = match(batch, book)
    assert list(theirs.findings()) == list(ours.findings())
    assert {one.decision.value for one in ours.findings()} == {"auto", "review"}
