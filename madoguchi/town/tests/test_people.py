"""Everybody the tests and the tour rely on is there, in every town of 200 or more."""

from datetime import date, timedelta

import pytest

from madoguchi.kernel import dates
from madoguchi.town import oddities
from madoguchi.town.api import MINATO_FAMILY, NAMED, generate_town
from madoguchi.town.tests.reading import Files


def person(town, key):
    return town.people[NAMED[key].person_id]


def test_named_people_keep_their_numbers_and_names(town):
    for key, one in NAMED.items():
        row = person(town, key)
        assert (row["氏名"], row["氏名_フリガナ"]) == (one.name, one.kana)
        assert row["世帯番号"] == one.household_no
        assert row["住民状態"] == ("死亡" if key == "ume" else "現住")
        assert key == "rin" or not row["支援措置"]


def test_named_people_are_in_the_smallest_town_too(tmp_path):
    generate_town(residents=12, seed=4, out=tmp_path)
    files = Files(tmp_path, "2026-11-23")
    assert {one.person_id for one in NAMED.values()} <= set(files.people)
    assert len(files.living()) == 12


def test_the_minato_are_five_who_moved_in_together(town):
    household = town.households[NAMED["minato_father"].household_no]
    assert [row["宛名番号"] for row in household] == [NAMED[key].person_id for key in MINATO_FAMILY]
    assert [row["続柄"] for row in household] == ["世帯主", "妻", "子", "子", "子"]
    assert len({row["住民となった年月日"] for row in household}) == 1


def test_rin_left_harus_household_and_is_held(town):
    versions = town.versions[NAMED["rin"].person_id]
    assert versions[0]["世帯番号"] == NAMED["haru"].household_no
    assert versions[0]["住所"] == person(town, "haru")["住所"]
    now = person(town, "rin")
    assert now["支援措置"] == "支援措置"
    assert now["世帯番号"] != NAMED["haru"].household_no
    assert now["住所"] != person(town, "haru")["住所"]
    assert len(town.households[NAMED["haru"].household_no]) == 1


def test_ume_died_a_week_ago_and_her_daughter_is_head(town):
    last = town.latest[NAMED["ume"].person_id]
    week_ago = date.fromisoformat(town.as_of) - timedelta(days=7)
    assert (last["異動事由"], last["異動年月日"]) == ("死亡", week_ago.isoformat())
    daughter = town.versions[NAMED["ume_daughter"].person_id]
    assert [one["続柄"] for one in daughter][-2:] == ["子", "世帯主"]


def test_sora_is_foreign_with_a_long_name(town):
    row = person(town, "sora")
    assert row["国籍・地域"] == "フィリピン"
    assert len(row["氏名"]) > 40


def test_every_odd_name_is_there(town):
    names = {row["氏名"] for row in town.living()}
    for name, _ in (
        *oddities.IVS_NAMES,
        *oddities.PLANE_2_NAMES,
        *oddities.VARIANT_NAMES,
        oddities.LOST_NAME,
        oddities.LONG_NAME,
    ):
        assert name in names
    assert any(oddities.LOST_CHARACTER in name for name in names)
    assert any(len(row["方書"]) > 60 for row in town.living())


def test_ivs_names_use_selectors_the_mj_font_has():
    """Collections differ: below U+E0102 a selector would be Adobe-Japan1's."""
    for name, _ in oddities.IVS_NAMES:
        selectors = [c for c in name if 0xE0100 <= ord(c) <= 0xE01EF]
        assert selectors and all(ord(c) >= 0xE0102 for c in selectors)
    assert all(any(ord(c) > 0xFFFF for c in name) for name, _ in oddities.PLANE_2_NAMES)


def test_all_fourteen_unclear_dates_and_an_impossible_one_are_there(town):
    births = {row["生年月日"] for row in town.register}
    assert set(oddities.UNCLEAR_BIRTHS) <= births
    forms = {dates.parse_register_date(text).form for text in oddities.UNCLEAR_BIRTHS}
    assert forms == dates.UNCLEAR_FORMS
    assert oddities.IMPOSSIBLE_BIRTH in births
    assert dates.parse_register_date(oddities.IMPOSSIBLE_BIRTH).form is dates.DateForm.IMPOSSIBLE
    living = {row["生年月日"] for row in town.living()}
    assert set(oddities.UNCLEAR_BIRTHS[: oddities.LIVING_UNCLEAR]) <= living


@pytest.mark.parametrize("state", ["現住", "転出予定", "転出", "死亡", "消除"])
def test_every_state_is_there(town, state):
    assert any(row["住民状態"] == state for row in town.register)


@pytest.mark.parametrize("measure", ["支援措置", "仮支援措置"])
def test_protection_is_there(town, measure):
    assert any(row["支援措置"] == measure for row in town.living())


def test_twins_and_same_names_are_there(town):
    twins = same = 0
    for members in town.households.values():
        children = [row for row in members if row["続柄"] == "子"]
        births = [row["生年月日"] for row in children]
        twins += len(births) - len(set(births))
        heads = {row["氏名"] for row in members if row["続柄"] == "世帯主"}
        same += sum(row["氏名"] in heads for row in children)
    assert twins and same


def test_foreign_residents_of_several_kinds_are_there(town):
    foreign = [row for row in town.living() if row["国籍・地域"]]
    assert len({row["国籍・地域"] for row in foreign}) >= 4
    assert len({row["在留資格"] for row in foreign}) >= 4
    assert any(row["通称"] for row in foreign)
    assert any(row["氏名"].isascii() for row in foreign)
    assert any(not row["氏名"].isascii() for row in foreign)


@pytest.mark.parametrize(
    "reason",
    ["改製", "国内転入", "国外転入等", "出生", "転居", "世帯主変更", "世帯分離", "職権修正", "旧氏の記載",
     "通称の記載", "異動の取消し（修正）", "死亡", "国内転出", "職権消除"],
)  # fmt: skip
def test_history_knows_many_reasons(town, reason):
    written = {row["異動事由"] for row in (*town.events, *town.latest.values())}
    assert reason in written


def test_a_former_surname_is_there(town):
    assert any(row["旧氏"] and row["旧氏_フリガナ"] for row in town.living())


def test_a_name_changed_by_marriage_is_found_in_the_past(town):
    changed = [
        versions
        for versions in town.versions.values()
        if len({one["氏名"] for one in versions}) > 1
    ]
    assert changed
    for versions in changed:
        assert versions[0]["続柄"].endswith("（未届）")
