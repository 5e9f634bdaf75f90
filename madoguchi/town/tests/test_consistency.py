"""What must hold of every household and every history, whatever the seed."""

from datetime import date
from itertools import pairwise

from madoguchi.kernel import checkdigits, dates
from madoguchi.town.oddities import UNCLEAR_BIRTHS
from madoguchi.town.rows import COLUMNS
from madoguchi.town.tests.reading import LIVING, area_of_row

HEADLESS = "000005990001113"
# Register standard 1.1.11: base terms, chained by の; what the town uses of them.
RELATIONSHIPS = {
    "世帯主", "夫", "妻", "妻（未届）", "子", "子の妻", "子の夫", "子の子", "父", "母", "弟", "妹",
    "縁故者", "同居人",
}  # fmt: skip


def born(row):
    found = dates.parse_register_date(row["生年月日"])
    assert isinstance(found, dates.RegisterDate), row
    return found.sort_on


def test_numbers_are_right_and_nobody_stands_twice(town):
    assert len(town.people) == len(town.register)
    codes = {row["住民票コード"] for row in town.register}
    assert len(codes) == len(town.register)
    for row in town.register:
        assert checkdigits.is_valid_addressee_no(row["宛名番号"])
        assert checkdigits.is_valid_household_no(row["世帯番号"])
        assert checkdigits.is_valid_resident_code(row["住民票コード"])


def test_households_have_one_head_one_address_and_one_area(town):
    for number, members in town.households.items():
        living = [member for member in members if member["住民状態"] in LIVING]
        heads = [member for member in living if member["続柄"] == "世帯主"]
        if number == HEADLESS:
            assert living and not heads
            assert {member["世帯主氏名"] for member in living} == {""}
        elif living:
            assert len(heads) == 1, living
            assert {member["世帯主氏名"] for member in living} == {heads[0]["氏名"]}
            assert len({(member["住所"], member["方書"]) for member in living}) == 1


def test_households_never_spread_over_areas(town):
    for members in town.households.values():
        assert len(set(map(area_of_row, members))) == 1, members


def test_relationships_follow_the_grammar(town):
    for row in (*town.register, *town.events):
        assert row["続柄"] in RELATIONSHIPS


def test_mothers_are_16_to_48_at_a_birth(town):
    checked = 0
    for members in town.households.values():
        living = [member for member in members if member["住民状態"] in LIVING]
        for child_is, mother_is in (("子", "妻"), ("子の子", "子の妻")):
            for mother in living:
                if mother["続柄"] != mother_is:
                    continue
                for child in living:
                    if child["続柄"] == child_is:
                        age = (born(child) - born(mother)).days / 365.25
                        assert 16 <= age <= 48, (mother, child)
                        checked += 1
    assert checked


def test_days_follow_each_other(town):
    unclear = set(UNCLEAR_BIRTHS)
    for row in (*town.register, *town.events):
        became, since = row["住民となった年月日"], row["住所を定めた年月日"]
        assert (
            date.fromisoformat(became)
            <= date.fromisoformat(since)
            <= date.fromisoformat(town.as_of)
        )
        assert became <= row["届出年月日"] <= town.as_of
        if row["生年月日"] not in unclear:
            assert born(row).isoformat() <= became


def test_address_since_is_resident_since_until_the_first_move(town):
    """住所を定めた年月日: never moved inside the town, so the day of becoming a resident."""
    for versions in town.versions.values():
        entered_lately = versions[0]["異動事由"] in ("国内転入", "国外転入等", "出生")
        moves = {"転居", "異動の取消し（修正）"}
        for version in versions:
            if version["異動事由"] in moves:
                entered_lately = False
            if entered_lately:
                assert version["住所を定めた年月日"] == version["住民となった年月日"], version
            if version["異動事由"] == "転居":
                assert version["住所を定めた年月日"] == version["異動年月日"]


def test_histories_have_no_gap_and_run_forward(town):
    conversion = f"{int(town.as_of[:4]) - 20}-04-01"
    for number, versions in town.versions.items():
        assert [int(one["履歴番号"]) for one in versions] == list(range(1, len(versions) + 1))
        assert versions[0]["異動事由"] in ("改製", "国内転入", "国外転入等", "出生")
        assert versions[0]["異動年月日"] >= conversion
        assert {one["住民票コード"] for one in versions} == {town.people[number]["住民票コード"]}
        for before, after in pairwise(versions):
            assert before["異動年月日"] <= after["異動年月日"], (before, after)
            assert before["処理日時"] < after["処理日時"], (before, after)
            assert any(before[name] != after[name] for name in COLUMNS), after
            assert before["住民状態"] == "現住"
        for one in versions:
            assert one["処理日時"][:10] <= town.as_of
            if one["住民状態"] != "転出予定":
                assert one["異動年月日"] <= one["処理日時"][:10]
            assert one["住所を定めた年月日"] <= max(one["異動年月日"], conversion)


def test_the_removed_have_a_removing_reason_as_their_last(town):
    expected = {
        "死亡": ("死亡",),
        "転出": ("国内転出", "国外転出"),
        "消除": ("職権消除",),
        "転出予定": ("国内転出",),
    }
    for row in town.register:
        last = town.latest[row["宛名番号"]]
        if row["住民状態"] == "現住":
            assert last["異動事由"] not in ("死亡", "国内転出", "国外転出", "職権消除")
        else:
            assert last["異動事由"] in expected[row["住民状態"]]
        assert bool(last["転出先"]) == (row["住民状態"] in ("転出", "転出予定"))
        if row["住民状態"] == "転出予定":
            assert last["異動年月日"] > town.as_of


def test_foreign_residents_have_their_own_items(town):
    for row in town.register:
        if row["国籍・地域"]:
            assert not row["本籍"] and not row["筆頭者"]
            assert row["在留資格"]
            for_ever = row["在留資格"] in ("永住者", "特別永住者")
            assert bool(row["在留期間満了日"]) != for_ever
        else:
            assert row["本籍"] and row["筆頭者"]
            assert not row["在留資格"] and not row["通称"]
