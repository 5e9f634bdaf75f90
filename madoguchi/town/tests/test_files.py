"""The files as a whole: columns, sizes, determinism."""

import base64
import csv
import re
from collections import Counter

from madoguchi.kernel.checkdigits import is_valid_individual_number
from madoguchi.town.api import REFERENCE_DAY, generate_town, share_out
from madoguchi.town.generate import RESIDENTS_WITH_IMPRINTS_MAX, cut
from madoguchi.town.rows import FILES
from madoguchi.town.tests.reading import LIVING, Files, area_of_row, rows_of

REGISTER_COLUMNS = [
    "宛名番号", "世帯番号", "氏名", "氏名_フリガナ", "旧氏", "旧氏_フリガナ", "通称", "通称_フリガナ",
    "生年月日", "性別", "続柄", "世帯主氏名", "郵便番号", "住所", "方書", "本籍", "筆頭者",
    "住民となった年月日", "住所を定めた年月日", "届出年月日", "転入前住所", "住民票コード",
    "国籍・地域", "在留資格", "在留期間満了日", "住民状態", "支援措置",
]  # fmt: skip


def test_columns_are_those_of_the_contract(town):
    with (town.folder / "register.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == REGISTER_COLUMNS
    with (town.folder / "events.csv").open(encoding="utf-8", newline="") as file:
        more = ["履歴番号", "異動事由", "異動年月日", "処理日時"]
        assert next(csv.reader(file)) == REGISTER_COLUMNS + more


def test_no_value_needs_quoting(town):
    for name, columns in FILES.items():
        text = (town.folder / name).read_text(encoding="utf-8")
        assert '"' not in text and "\r" not in text
        lines = text.splitlines()
        assert {line.count(",") for line in lines} == {len(columns) - 1}


def test_residents_are_exact_in_every_area(town):
    living = town.living()
    assert Counter(map(area_of_row, living)) == Counter(
        {area: count for area, count in share_out(len(living)).items() if count}
    )


def test_the_real_town_has_the_real_figures(tmp_path):
    made = generate_town(residents=7_971, seed=11, out=tmp_path / "town")
    assert made.residents == 7_971
    assert dict(made.areas) == {"本島": 6_896, "加計呂麻島": 957, "請島": 71, "与路島": 47}
    files = Files(tmp_path / "town", "2026-11-23")
    living = files.living()
    assert Counter(map(area_of_row, living)) == made.areas
    assert made.households == len({row["世帯番号"] for row in living})
    years = [
        int(re.match(r"\d{4}", row["生年月日"])[0]) for row in living if row["生年月日"][0] in "12"
    ]
    share_old = sum(2026 - year >= 66 for year in years) / len(years)
    share_young = sum(20 <= 2026 - year < 30 for year in years) / len(years)
    assert 0.36 < share_old < 0.42
    assert share_young < 0.06
    assert 1.6 < made.residents / made.households < 2.0
    # About twenty years of history: many have more than one version, and many have gone.
    assert len(files.events) > 0.5 * len(files.register)
    assert 0.1 < sum(row["住民状態"] not in LIVING for row in files.register) / 7_971 < 0.4


def test_same_seed_same_bytes_and_another_seed_other_people(tmp_path):
    for folder, seed in (("a", 5), ("b", 5), ("c", 6)):
        generate_town(residents=300, seed=seed, out=tmp_path / folder)
    for name in FILES:
        first, again, other = ((tmp_path / one / name).read_bytes() for one in "abc")
        assert first == again
        assert first != other


def test_two_workers_write_the_same_bytes(tmp_path):
    for folder, workers in (("one", 1), ("two", 2)):
        generate_town(residents=6_500, seed=9, out=tmp_path / folder, workers=workers)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_individual_numbers_stand_in_their_own_file_only(town):
    numbers = {row["宛名番号"]: row["個人番号"] for row in rows_of(town.folder / "numbers.csv")}
    assert set(numbers) == set(town.people)
    assert len(set(numbers.values())) == len(numbers)
    assert all(map(is_valid_individual_number, numbers.values()))
    assert all(number.startswith("999") for number in numbers.values())
    for name in FILES:
        if name != "numbers.csv":
            written = set(re.findall(r"\d{12,}", (town.folder / name).read_text(encoding="utf-8")))
            assert written.isdisjoint(numbers.values())


def test_seals_and_tax_are_of_people_in_the_register(town):
    for row in rows_of(town.folder / "seals.csv"):
        person = town.people[row["宛名番号"]]
        assert row["登録氏名"] == person["氏名"]
        assert (row["登録状態"] == "登録") == (person["住民状態"] in LIVING)
        assert row["登録年月日"] >= person["住民となった年月日"]
    gone = 0
    for row in rows_of(town.folder / "tax.csv"):
        person = town.people[row["宛名番号"]]
        new_year = f"{int(row['賦課年度'][2:-2]) + 2018}-01-01"
        assert person["住民となった年月日"] <= new_year
        gone += person["住民状態"] not in LIVING
        parts = (
            "町民税所得割額",
            "町民税均等割額",
            "県民税所得割額",
            "県民税均等割額",
            "森林環境税額",
        )
        assert int(row["年税額"]) == sum(int(row[part]) for part in parts)
        assert (row["課税区分"] == "非課税") == (int(row["年税額"]) == 0)
    # Somebody left during the year: the town assessed them, and certifies it.
    assert gone or len(town.people) < 1_000


def test_a_small_town_has_a_picture_for_every_seal_and_a_large_one_none(tmp_path):
    def draw(name):
        return f"seal of {name}".encode()

    generate_town(residents=300, seed=1, out=tmp_path / "a", imprint_of=draw)
    generate_town(residents=300, seed=1, out=tmp_path / "b")
    for row in rows_of(tmp_path / "a" / "seals.csv"):
        wanted = draw(row["登録氏名"]) if row["登録状態"] == "登録" else b""
        assert base64.b64decode(row["印影"]) == wanted
    assert {row["印影"] for row in rows_of(tmp_path / "b" / "seals.csv")} == {""}
    for name in FILES:
        if name != "seals.csv":
            assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    big = RESIDENTS_WITH_IMPRINTS_MAX + 1
    pieces = cut(big, seed=1, as_of=REFERENCE_DAY, imprint_of=draw)
    assert {piece.imprint_of for piece in pieces} == {None}
