"""The published golden sets: dates, addresses and names as people write them."""

import csv
import hashlib
from pathlib import Path

import pytest

from madoguchi.addressees.domain.births import read_birth
from madoguchi.addressees.domain.keys import KEYS_VERSION, Row, keys_of
from madoguchi.addressees.domain.places import read_address
from madoguchi.addressees.domain.spelling import LOST, name_keys
from madoguchi.addressees.queries.gazetteer import gazetteer


def golden(name):
    with (Path(__file__).parent / f"golden_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", golden("dates"), ids=lambda row: row["written"] or "empty")
def test_a_date_is_read_or_left_unread(row):
    on = read_birth(row["written"]).on
    assert (on.isoformat() if on else "") == row["day"]


@pytest.mark.parametrize("row", golden("addresses"), ids=lambda row: row["written"] or "empty")
def test_an_address_is_cut(row):
    found = read_address(row["written"], gazetteer())
    assert (found.municipality, found.town, found.part, "-".join(found.lot)) == (
        row["municipality"], row["town"], row["part"], row["lot"],
    )  # fmt: skip


@pytest.mark.parametrize("row", golden("names"), ids=lambda row: f"{row['one']} {row['other']}")
def test_two_names_are_one_or_not(row):
    one, other = name_keys(row["one"]).whole, name_keys(row["other"]).whole
    assert (one == other and LOST not in one) == (row["same"] == "yes")


def test_no_key_changes_without_its_version():
    # Keys are kept in the database by their version. Where a rule changes, raise KEYS_VERSION in
    # the same commit and write the new sum here.
    rows = [Row(row_id="", name=one["written"], birth=one["written"]) for one in golden("dates")]
    rows += [Row(row_id="", name="", address=one["written"]) for one in golden("addresses")]
    rows += [Row(row_id="", name=one["one"], kana="ｳﾝﾉ アオイ", others=((one["other"], ""),))
             for one in golden("names")]  # fmt: skip
    made = [tuple(one) for row in rows for one in keys_of(row, gazetteer())]
    found = hashlib.sha256(repr(made).encode()).hexdigest()[:16]
    assert (KEYS_VERSION, found) == (2, "006b1ca31fe4c60e")


def test_an_unclear_date_keeps_what_it_says():
    assert read_birth("昭和10年月日不詳")[:2] == (1935, 0)
    assert read_birth("昭和10年5月日不詳")[:3] == (1935, 5, 0)


def test_a_town_of_its_own_tables(tmp_path):
    table = """prefecture = "鹿児島県"\ndistrict = "大島郡"\nmunicipality = "瀬戸内町"\ncode = "46525"
postcodes = [["8941500", "8942699"]]\nislands = []\nformer = ["山の町"]\n"""
    (tmp_path / "places.toml").write_text(table, encoding="utf-8")
    ours, own = gazetteer(), gazetteer(str(tmp_path))
    assert read_address("山の町古仁屋5", own).municipality == "瀬戸内町"
    assert read_address("山の町古仁屋5", ours).municipality == "山の町"
