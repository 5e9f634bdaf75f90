"""Decisions: one made-up town, one row at a time, and in any company."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.addressees.domain.columns import Column, Columns
from madoguchi.addressees.domain.deciding import Decision, Policy, Veto
from madoguchi.addressees.domain.keys import Row
from madoguchi.addressees.domain.levels import (
    BirthLevel,
    Item,
    Standing,
    is_protected,
    standing_of,
)
from madoguchi.addressees.domain.matching import VERSION, match, open_book
from madoguchi.addressees.domain.reading import shared_number
from madoguchi.addressees.domain.sides import build_side
from madoguchi.addressees.queries.gazetteer import gazetteer

AOI = Row(row_id="1", name="海野　葵", kana="ウンノ　アオイ", birth="1990-04-12",
          address="鹿児島県大島郡瀬戸内町古仁屋字高丘４５番地６", number="99628033990")  # fmt: skip
KOHEI = Row(row_id="2", name="湊　航平", kana="ミナト　コウヘイ", birth="1988-07-20",
            address="鹿児島県大島郡瀬戸内町阿木名６７８番地")  # fmt: skip
NAO = Row(row_id="3", name="湊　奈緒", kana="ミナト　ナオ", birth="1989-02-03",
          address="鹿児島県大島郡瀬戸内町阿木名６７８番地")  # fmt: skip
TWIN = Row(row_id="4", name="湊　陸", kana="ミナト　リク", birth="2016-05-05",
           address="鹿児島県大島郡瀬戸内町阿木名６７８番地")  # fmt: skip
OTHER_TWIN = TWIN._replace(row_id="5", name="湊　海", kana="ミナト　カイ")
SAITO = Row(row_id="6", name="齋藤　さくら", kana="サイトウ　サクラ", birth="1970-01-31",
            address="鹿児島県大島郡瀬戸内町諸鈍１６３１番地")  # fmt: skip
_SURNAMES = (
    "川畑",
    "前田",
    "山下",
    "久保",
    "徳永",
    "森田",
    "栄",
    "平",
    "福山",
    "吉田",
    "池田",
    "清水",
)
_GIVENS = (
    "清",
    "正雄",
    "和子",
    "洋子",
    "健一",
    "美咲",
    "大輔",
    "由美",
    "恵子",
    "誠",
    "翔太",
    "陽菜",
)
_TOWNS = ("古仁屋", "阿木名", "清水", "手安", "篠川", "諸鈍", "西阿室", "嘉鉄")


def crowd(count=1200):
    dice = random.Random(4)
    for number in range(100, 100 + count):
        yield Row(
            row_id=str(number),
            name=f"{dice.choice(_SURNAMES)}　{dice.choice(_GIVENS)}",
            birth=f"{dice.randint(1935, 2020)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
            address=f"瀬戸内町{dice.choice(_TOWNS)}{dice.randint(1, 2500)}番地",
        )


CROWD = list(crowd())
REGISTER = [AOI, KOHEI, NAO, TWIN, OTHER_TWIN, SAITO, *CROWD]
BOOK = open_book(build_side(REGISTER, gazetteer()))


def look_up(*rows, book=BOOK, **policy):
    side = build_side(rows, gazetteer(), vocabulary=book.side.vocabulary)
    return list(match(side, book, policy=Policy(**policy)).findings())


def listed(row, **changes):
    return row._replace(**{"row_id": "B", "number": "", "others": (), **changes})


def one(row, **changes):
    (found,) = look_up(listed(row, **changes))
    return found


WRITTEN = [
    {"name": "海野葵"},
    {"name": "海野 葵", "kana": ""},
    {"kana": "ｳﾝﾉ ｱｵｲ"},
    {"kana": "うんのあおい"},
    {"birth": "H2.4.12"},
    {"birth": "平成二年四月十二日"},
    {"address": "古仁屋高丘45-6 コーポ潮騒102"},
    {"address": "大島郡瀬戸内町大字古仁屋字高丘四十五番地の六"},
    {"address": "古仁屋45-6"},
    {"address": "古仁屋字高丘45"},
    {"address": ""},
]


@pytest.mark.parametrize("changes", WRITTEN, ids=str)
def test_another_way_of_writing_changes_nothing(changes):
    found = one(AOI, **changes)
    assert (found.decision, found.candidates[0].register_id) == (Decision.AUTO, "1")


ASKED = [
    (AOI, {"birth": "1990-04-13"}, Veto.BIRTH_NOT_SAME),
    (AOI, {"birth": "1990-12-04"}, Veto.BIRTH_NOT_SAME),
    (AOI, {"birth": "不明"}, Veto.BIRTH_NOT_SAME),
    (AOI, {"birth": "平成2年月日不詳"}, Veto.BIRTH_NOT_SAME),
    (AOI, {"name": "山本　葵"}, Veto.SURNAME_NOT_SAME),
    (AOI, {"name": "海野　碧"}, Veto.GIVEN_NOT_SAME),
    (AOI, {"name": "海野　○"}, Veto.GIVEN_NOT_SAME),
    (AOI, {"kana": "ヤマシタ　ヒロミ"}, Veto.KANA_CONTRADICTS),
    (AOI, {"address": "鹿児島県鹿児島市鴨池1-2-3"}, Veto.NAMESAKE_POSSIBLE),
    (AOI, {"address": "瀬戸内町古仁屋字高丘99"}, Veto.NAMESAKE_POSSIBLE),
    (AOI, {"number": "11111111111"}, Veto.NUMBER_CONTRADICTS),
    (AOI, {"is_protected": True}, Veto.PROTECTED),
    (TWIN, {"name": "湊　空", "kana": ""}, Veto.GIVEN_NOT_SAME),
    (SAITO, {"name": "斉藤　さくら", "address": "瀬戸内町諸鈍5"}, Veto.SURNAME_NOT_SAME),
]


@pytest.mark.parametrize(("row", "changes", "veto"), ASKED, ids=str)
def test_a_contradiction_goes_to_a_person_whatever_the_score(row, changes, veto):
    found = one(row, **changes)
    assert found.decision is Decision.REVIEW
    assert veto in found.vetoes


def test_a_lost_or_exchanged_letter_of_the_surname_is_borne_out_by_the_address():
    for name in ("○野　葵", "海〓葵"):
        assert one(AOI, name=name).decision is Decision.AUTO
    assert one(SAITO, name="斉藤　さくら").decision is Decision.AUTO
    assert one(AOI, name="○野　葵", address="瀬戸内町手安1").decision is Decision.REVIEW


def test_a_letter_lost_on_both_sides_is_not_the_same_letter():
    for name, decided in (("海野　○", Decision.REVIEW), ("○野　葵", Decision.AUTO)):
        book = open_book(build_side([AOI._replace(name=name), *CROWD], gazetteer()))
        found = look_up(listed(AOI, name=name), book=book)[0]
        assert found.decision is decided
        # Borne out by the address only, never by the lost letter.
        moved = look_up(listed(AOI, name=name, address="瀬戸内町手安1"), book=book)[0]
        assert moved.decision is Decision.REVIEW
        assert {Veto.GIVEN_NOT_SAME, Veto.SURNAME_NOT_SAME} & set(moved.vetoes)


def test_a_lost_letter_in_a_name_nobody_can_cut_is_not_the_same_either():
    book = open_book(build_side([AOI._replace(name="海野○"), *CROWD], gazetteer()))
    found = look_up(listed(AOI, name="海野○"), book=book)[0]
    assert found.decision is Decision.REVIEW and Veto.GIVEN_NOT_SAME in found.vetoes


SLIPS = [
    ("1956-04-05", BirthLevel.SAME),
    ("1956-04-06", BirthLevel.ONE_SLIP),
    ("1965-04-05", BirthLevel.ONE_SLIP),  # two neighbours swapped
    ("1956-05-04", BirthLevel.ONE_SLIP),  # day for month
    ("1956-03-31", BirthLevel.DIFFERS),
    ("1956-04-15", BirthLevel.ONE_SLIP),
    ("2019-04-05", BirthLevel.ONE_SLIP),  # 平成31 for 昭和31
    ("1984-04-05", BirthLevel.TWO_SLIPS),  # 28 years: father and son
    ("1957-04-06", BirthLevel.TWO_SLIPS),
    ("1943-11-20", BirthLevel.DIFFERS),
    ("昭和31年月日不詳", BirthLevel.UNCLEAR),
    ("昭和32年月日不詳", BirthLevel.DIFFERS),
    ("不明", BirthLevel.UNKNOWN),
]


@pytest.mark.parametrize(("written", "level"), SLIPS)
def test_a_slip_of_the_hand_is_told_from_another_day(written, level):
    person = AOI._replace(birth="1956-04-05")
    book = open_book(build_side([person, *CROWD], gazetteer()))
    found = look_up(listed(person, birth=written), book=book)[0]
    assert found.candidates[0].levels[Item.BIRTH] == level


def test_the_day_before_is_one_slip_over_the_end_of_a_month_too():
    person = AOI._replace(birth="1956-05-01")
    book = open_book(build_side([person, *CROWD], gazetteer()))
    found = look_up(listed(person, birth="1956-04-30"), book=book)[0]
    assert found.candidates[0].levels[Item.BIRTH] == BirthLevel.ONE_SLIP


def test_a_number_comes_first_and_name_and_birth_are_checked_still():
    moved = {"address": "鹿児島県鹿児島市鴨池1-2-3", "number": AOI.number}
    assert one(AOI, **moved).decision is Decision.AUTO
    assert one(AOI, name="山本　碧", birth="1950-01-01", **moved).decision is Decision.REVIEW


def test_s5_a_running_number_of_a_list_is_nobodys_number():
    plain = Columns(places={Column.ID: 0, Column.NAME: 1}, width=2)
    assert shared_number(plain, plain) is None
    told = Columns(places={Column.PERSON: 0, Column.NAME: 1}, width=2)
    assert shared_number(plain, told) is Column.PERSON


def test_a_household_that_moved_together_bears_itself_out():
    earlier = "瀬戸内町手安12"
    rows = [listed(one, address=earlier, row_id=f"B{one.row_id}") for one in (KOHEI, NAO)]
    assert [found.decision for found in look_up(*rows)] == [Decision.AUTO] * 2
    assert [found.decision for found in look_up(rows[0])] == [Decision.REVIEW]


def test_one_written_address_for_many_homes_bears_nothing_out():
    office = "瀬戸内町古仁屋1"
    rows = [listed(one, address=office, row_id=f"B{one.row_id}") for one in (KOHEI, NAO, SAITO)]
    assert {found.decision for found in look_up(*rows)} == {Decision.REVIEW}


def test_a_wider_bound_lets_rare_names_through_and_common_ones_not():
    moved = listed(AOI, address="瀬戸内町手安12")
    assert look_up(moved, namesakes_max=1e-4)[0].decision is Decision.AUTO
    many = [
        AOI,
        *(AOI._replace(row_id=f"n{n}", birth=f"19{50 + n}-01-01", address="") for n in range(9)),
    ]
    crowded = open_book(build_side([*many, *CROWD], gazetteer()))
    found = look_up(moved, book=crowded, namesakes_max=1e-4)[0]
    assert Veto.NAMESAKE_POSSIBLE in found.vetoes


def test_two_rows_for_one_person_are_doubted_unless_they_agree_in_everything():
    same = [listed(AOI, row_id="B1"), listed(AOI, row_id="B2", birth="H2.4.12")]
    assert [found.decision for found in look_up(*same)] == [Decision.AUTO] * 2
    bare = [listed(AOI, row_id="B1"), listed(AOI, row_id="B2", address="")]
    assert [found.decision for found in look_up(*bare)] == [Decision.AUTO, Decision.REVIEW]


def test_a_rival_within_the_margin_goes_to_a_person():
    double = AOI._replace(row_id="1b", number="", address="瀬戸内町手安12番地")
    book = open_book(build_side([*REGISTER, double], gazetteer()))
    (found,) = look_up(listed(AOI, address=""), book=book)
    assert (found.decision, found.vetoes) == (Decision.REVIEW, (Veto.RIVAL_NEAR,))
    assert {one.register_id for one in found.candidates[:2]} == {"1", "1b"}
    assert look_up(listed(AOI), book=book)[0].decision is Decision.AUTO


def test_thin_evidence_goes_to_a_person():
    enough = one(AOI).bits
    assert look_up(listed(AOI), auto_bits=enough - 1)[0].decision is Decision.AUTO
    (found,) = look_up(listed(AOI), auto_bits=enough + 1)
    assert (found.decision, found.vetoes) == (Decision.REVIEW, (Veto.EVIDENCE_THIN,))


# -- 通称 and 旧氏 ---------------------------------------------------------------------------

MARIA = Row(row_id="7", name="ＳＡＮＴＯＳ　ＭＡＲＩＡ", birth="1992-06-15",
            address="鹿児島県大島郡瀬戸内町手安３２番地", others=(("山田　マリア", "ヤマダ　マリア"),))  # fmt: skip
MARRIED = AOI._replace(others=(("", ""), ("磯部　葵", "イソベ　アオイ")))
NAMED = open_book(build_side([MARIA, MARRIED, KOHEI, *CROWD], gazetteer()))


@pytest.mark.parametrize(
    ("row", "name", "name_no"),
    [
        (MARIA, "SANTOS MARIA", 0),
        (MARIA, "山田マリア", 1),
        (AOI, "海野葵", 0),
        (AOI, "磯部　葵", 2),
    ],
)
def test_a_person_is_found_by_each_of_their_names_and_is_no_rival_of_theirs(row, name, name_no):
    (found,) = look_up(listed(row, name=name, kana=""), book=NAMED)
    assert found.decision is Decision.AUTO
    assert [(one.register_id, one.name_no) for one in found.candidates] == [(row.row_id, name_no)]


def test_a_name_of_before_beside_the_reading_of_now_contradicts():
    (found,) = look_up(listed(AOI, name="磯部　葵"), book=NAMED)
    assert found.vetoes == (Veto.KANA_CONTRADICTS,)


def test_two_names_of_one_person_do_not_bear_each_other_out():
    rows = [listed(MARRIED, row_id=f"B{n}", name=name, kana="", address="瀬戸内町手安12")
            for n, name in enumerate(("海野　葵", "磯部　葵"))]  # fmt: skip
    for found in look_up(*rows, book=NAMED):
        assert found.decision is Decision.REVIEW
        assert Veto.NAMESAKE_POSSIBLE in found.vetoes
    (one, other) = look_up(*rows, book=NAMED, namesakes_max=1e-3)
    assert one.vetoes == other.vetoes == (Veto.CLAIMED_TWICE,)


def test_somebody_elses_alias_is_a_namesake():
    moved = listed(KOHEI, address="瀬戸内町手安12")
    alone = look_up(moved, book=NAMED, namesakes_max=5e-5)[0]
    assert alone.decision is Decision.AUTO
    others = [MARIA._replace(row_id="8", birth="1970-01-01", others=((KOHEI.name, ""),))]
    crowded = open_book(build_side([MARIA, KOHEI, *others, *CROWD], gazetteer()))
    assert Veto.NAMESAKE_POSSIBLE in look_up(moved, book=crowded, namesakes_max=5e-5)[0].vetoes


STANDINGS = [standing for standing in Standing if standing is not Standing.RESIDENT]


@pytest.mark.parametrize("standing", STANDINGS)
def test_s3_who_is_gone_or_dead_always_goes_to_a_person(standing):
    book = open_book(build_side([AOI._replace(standing=standing), *CROWD], gazetteer()))
    assert look_up(listed(AOI), book=book)[0].decision is Decision.REVIEW


def test_s3_who_is_protected_always_goes_to_a_person():
    book = open_book(build_side([AOI._replace(is_protected=True), *CROWD], gazetteer()))
    (found,) = look_up(listed(AOI, number=AOI.number), book=book)
    assert found.decision is Decision.REVIEW
    assert found.vetoes == (Veto.PROTECTED,)


def test_a_word_nobody_knows_is_never_a_resident_nor_unprotected():
    assert standing_of("??") is Standing.UNREAD
    assert standing_of(" 現住 ") is Standing.RESIDENT
    assert [is_protected(word) for word in ("", "0", "0.0", "no", "false", "なし")] == [False] * 6
    assert [is_protected(word) for word in ("1", "支援措置", "仮支援措置", "?", "yes")] == [
        True
    ] * 5


def test_s4_an_empty_row_is_not_none():
    found = one(AOI, name="", kana="", birth="", address="")
    assert found.decision is Decision.REVIEW
    assert Veto.NAME_MISSING in found.vetoes


def test_somebody_else_is_not_found():
    found = one(AOI, name="遠井　某", kana="トオイ　ナニガシ", birth="1931-09-09", address="")
    assert (found.decision, found.vetoes) == (Decision.NONE, ())


def test_reasons_add_up():
    found = one(KOHEI)
    best = found.candidates[0]
    assert abs(sum(best.item_bits.values()) - best.bits - 10.2) < 0.5  # log2 of 1,206 rows
    assert found.margin >= Policy().margin_bits


def test_another_name_reads_otherwise_and_that_counts_once():
    married = one(AOI, name="山本　葵", kana="ヤマモト　アオイ").candidates[0]
    assert married.levels[Item.KANA] == 3 and married.item_bits[Item.KANA] == 0
    other = one(AOI, kana="ヤマモト　ヒロミ").candidates[0]
    assert other.item_bits[Item.KANA] < 0


def test_the_version_names_keys_rules_and_weights():
    assert VERSION == "keys-2.rules-1.hand-1"


# -- any rows in any order -----------------------------------------------------------------

_PEOPLE = st.sampled_from([AOI, KOHEI, NAO, TWIN, OTHER_TWIN, SAITO, *CROWD[:40]])
_TEXT = st.text(alphabet="海野葵湊 ○0123456789HS.-年月日", max_size=12)


@st.composite
def rows(draw):
    row = draw(_PEOPLE)
    changed = {
        field: draw(_TEXT)
        for field in draw(st.sets(st.sampled_from(["name", "kana", "birth", "address"])))
    }
    return row._replace(
        number=draw(st.sampled_from(["", AOI.number, "5"])),
        is_protected=draw(st.sampled_from([False, False, False, True])),
        standing=draw(st.sampled_from([*[Standing.RESIDENT] * 4, *Standing])),
        **changed,
    )


@settings(max_examples=60, deadline=None)
@given(batch=st.lists(rows(), min_size=1, max_size=12), dice=st.randoms(use_true_random=False))
def test_s2_the_order_of_rows_does_not_matter(batch, dice):
    batch = [row._replace(row_id=f"B{n}") for n, row in enumerate(batch)]
    turned_batch, turned_register = list(batch), list(REGISTER)
    dice.shuffle(turned_batch)
    dice.shuffle(turned_register)
    turned = open_book(build_side(turned_register, gazetteer()))
    found = {one.row_id: one for one in look_up(*batch)}
    again = {one.row_id: one for one in look_up(*turned_batch, book=turned)}
    assert found == again


@settings(max_examples=100, deadline=None)
@given(batch=st.lists(rows(), min_size=1, max_size=12))
def test_s1_the_vetoes_hold_in_any_company(batch):
    register = {row.row_id: row for row in REGISTER}
    found = look_up(*(row._replace(row_id=f"B{n}") for n, row in enumerate(batch)))
    for row, one in zip(batch, found, strict=True):
        if one.decision is not Decision.AUTO:
            continue
        person = register[one.candidates[0].register_id]
        mine, theirs = (build_side([each], gazetteer()) for each in (row, person))
        assert mine.births[0] == theirs.births[0] > 0
        assert not row.is_protected and row.standing is Standing.RESIDENT
        assert mine.codes["given"][0] in (theirs.codes["given"][0], 0)
        assert not (row.number and person.number and row.number != person.number)
