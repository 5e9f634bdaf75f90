"""Households with a story that tries a register, placed by hand (特異な世帯).

Each kind stands here once, under a reserved number, so that a test can ask for it.
"""

from __future__ import annotations

from madoguchi.town import days, numbers
from madoguchi.town.columns import (
    ADDRESS_SINCE,
    ALIAS,
    ALIAS_KANA,
    DOMICILE,
    FORMER,
    FORMER_KANA,
    HEAD_NAME,
    HOUSEHOLD,
    KANA,
    NAME,
    REGISTER_HEAD,
    RELATION,
    set_home,
)
from madoguchi.town.drafts import (
    HEAD,
    LEAVING,
    MOVED_OUT,
    STRUCK,
    Change,
    Foreign,
    Headship,
    Household,
)
from madoguchi.town.past import MEASURE, PROVISIONAL, die
from madoguchi.town.places import KAKEROMA, MAIN
from madoguchi.town.settling import FROM_ABROAD
from madoguchi.town.stage import (
    TOWN_DOMICILE,
    Scene,
    Stage,
    home,
    household_at,
    moved_in,
    native,
    someone,
)


def _twins(stage: Stage) -> Household:
    """Twins with the same birth date and no other difference in the family (双子)."""
    came, born = stage.ago(15, 6, 1), stage.ago(9, 3, 3)
    father = someone(
        101, ("前田　健一", "マエダ　ケンイチ"), female=False, born=stage.ago(44, 5, 1)
    )
    mother = someone(
        102, ("前田　彩", "マエダ　アヤ"), female=True, born=stage.ago(41, 8, 2), relation="妻"
    )
    twins = [
        someone(103, ("前田　蒼", "マエダ　アオイ"), female=False, born=born, relation="子"),
        someone(104, ("前田　碧", "マエダ　アオ"), female=False, born=born, relation="子"),
    ]
    for member in (father, mother):
        moved_in(
            member,
            came,
            "福岡県福岡市早良区西新２丁目３番４号",
            domicile=TOWN_DOMICILE,
            holder=father.name,
        )
    for child in twins:
        native(child, TOWN_DOMICILE, father.name)
    return household_at(101, home("篠川", "１２番地"), father, mother, *twins, since=came)


def _same_name(stage: Stage) -> Household:
    """A father and a son who write and read their name alike (同名の親子)."""
    name = ("川畑　勇", "カワバタ　イサム")
    father = native(someone(105, name, female=False, born=stage.ago(88, 1, 7)), TOWN_DOMICILE)
    son = native(
        someone(106, name, female=False, born=stage.ago(60, 1, 7), relation="子"), TOWN_DOMICILE
    )
    return household_at(105, home("久慈", "５６番地"), father, son, since=stage.ago(45, 4, 1))


def _protected(stage: Stage) -> Household:
    """A mother and a child under protection (支援措置)."""
    came = stage.ago(1, 9, 10)
    mother = someone(107, ("久保　千尋", "クボ　チヒロ"), female=True, born=stage.ago(39, 6, 6))
    child = someone(
        108, ("久保　陽葵", "クボ　ヒマリ"), female=True, born=stage.ago(10, 7, 7), relation="子"
    )
    for member in (mother, child):
        member.hold = MEASURE
        moved_in(
            member, came, "宮崎県宮崎市橘通西１丁目２番３号",
            domicile="宮崎県宮崎市橘通西一丁目２番", holder=mother.name,
        )  # fmt: skip
    return household_at(107, home("勝浦", "７８番地"), mother, child, since=came)


def _provisional(stage: Stage) -> Household:
    """Somebody who has asked for protection and waits for the answer (仮支援措置)."""
    member = someone(109, ("泉　早紀", "イズミ　サキ"), female=True, born=stage.ago(31, 2, 2))
    member.hold = PROVISIONAL
    came = stage.ago(4, 4, 4)
    moved_in(
        member, came, "沖縄県那覇市久茂地１丁目１番１号", domicile="沖縄県那覇市久茂地一丁目１番"
    )
    return household_at(109, home("網野子", "９番地"), member, since=came)


def _leaving(stage: Stage) -> Household:
    """Somebody who has filed to move out next week (転出予定)."""
    member = someone(110, ("瀬戸　航平", "セト　コウヘイ"), female=False, born=stage.ago(27, 3, 21))
    came = stage.ago(3, 4, 1)
    moved_in(
        member,
        came,
        "鹿児島県鹿児島市伊敷４丁目５番６号",
        domicile="鹿児島県鹿児島市伊敷四丁目５番",
    )
    member.left, member.left_how, member.state = stage.today + 9, "国内転出", LEAVING
    member.gone_to = "福岡県福岡市博多区博多駅前２丁目９番１号"
    return household_at(110, home("油井", "３３番地"), member, since=came)


def _headless(stage: Stage) -> Household:
    """A brother and a sister left when the householder died; nobody has been named (世帯主なし)."""
    father = native(
        someone(111, ("徳永　正", "トクナガ　タダシ"), female=False, born=stage.ago(77, 9, 9)),
        TOWN_DOMICILE,
    )
    children = [
        native(someone(seat, name, female=female, born=stage.ago(age, 4, 4), relation="子"),
               TOWN_DOMICILE, father.name)
        for seat, name, female, age in (
            (112, ("徳永　剛", "トクナガ　ツヨシ"), False, 48),
            (113, ("徳永　恵美", "トクナガ　エミ"), True, 45),
        )
    ]  # fmt: skip
    household = household_at(
        111, home("西古見", "２番地"), father, *children, since=stage.ago(50, 4, 1)
    )
    on = stage.today - 40
    die(father, on)
    household.heads.append(Headship(on, None, ()))
    return household


def _former_surname(stage: Stage) -> Household:
    """Somebody whose former surname stands beside the name (旧氏)."""
    member = someone(
        114, ("山下　香織", "ヤマシタ　カオリ"), female=True, born=stage.ago(43, 10, 10)
    )
    came = stage.ago(12, 8, 1)
    moved_in(
        member,
        came,
        "大阪府堺市堺区翁橋町１丁目１番１号",
        domicile=TOWN_DOMICILE,
        holder="山下　和也",
    )
    columns = ((FORMER, "豊"), (FORMER_KANA, "ユタカ"))
    member.changes.append(Change(stage.ago(5, 11, 5), "旧氏の記載", columns))
    return household_at(114, home("古仁屋", "２００番地"), member, since=came)


def _wanderer(stage: Stage) -> Household:
    """Somebody with many versions: moved in the town again and again (履歴の多い人)."""
    member = someone(118, ("昇　哲也", "ノボリ　テツヤ"), female=False, born=stage.ago(58, 2, 20))
    native(member, TOWN_DOMICILE)
    household = household_at(118, home("手安", "１番地"), member, since=stage.ago(24, 4, 1))
    for years, town in enumerate(
        (
            "清水",
            "嘉鉄",
            "蘇刈",
            "伊須",
            "阿木名",
            "節子",
            "嘉徳",
            "網野子",
            "勝浦",
            "篠川",
            "古仁屋",
        )
    ):
        on = stage.ago(18 - years, 5, 11)
        household.homes.append((on, home(town, f"{days.WIDE[years + 3]}番地")))
    return household


def _gone(stage: Stage) -> Household:
    """Somebody who moved out two years ago (転出)."""
    member = someone(119, ("里　結衣", "サト　ユイ"), female=True, born=stage.ago(26, 6, 30))
    native(member, TOWN_DOMICILE, "里　誠")
    member.left, member.left_how, member.state = stage.ago(2, 3, 28), "国内転出", MOVED_OUT
    member.gone_to = "兵庫県神戸市長田区大橋町３丁目４番５号"
    return household_at(119, home("阿鉄", "４番地"), member, since=stage.ago(22, 4, 1))


def _struck(stage: Stage) -> Household:
    """Somebody struck by authority after a residence check (職権消除)."""
    member = someone(120, ("盛　英吉", "サカリ　エイキチ"), female=False, born=stage.ago(79, 1, 19))
    native(member, TOWN_DOMICILE)
    member.left, member.left_how, member.state = stage.ago(1, 10, 20), "職権消除", STRUCK
    return household_at(120, home("管鈍", "８番地"), member, since=stage.ago(30, 4, 1))


def _mixed_couple(stage: Stage) -> Household:
    """A husband and a wife from abroad who goes by a 通称 (国際結婚)."""
    husband = someone(
        124, ("有村　直樹", "アリムラ　ナオキ"), female=False, born=stage.ago(50, 3, 9)
    )
    native(husband, TOWN_DOMICILE)
    wife = someone(
        125, ("LIN MEIHUA", "リン　メイファ"), female=True, born=stage.ago(45, 11, 1), relation="妻"
    )
    wife.came, wife.how, wife.origin = stage.ago(11, 7, 7), FROM_ABROAD, "中国"
    wife.foreign = Foreign("中国", "永住者", "", "", "")
    columns = ((ALIAS, "有村　美花"), (ALIAS_KANA, "アリムラ　ミカ"))
    wife.changes.append(Change(stage.ago(6, 2, 14), "通称の記載", columns))
    return household_at(124, home("西阿室", "１１番地"), husband, wife,
                        since=stage.ago(23, 1, 1), area=KAKEROMA)  # fmt: skip


def _reverted(stage: Stage) -> Household:
    """Somebody whose move was filed by mistake and taken back (異動の取消し)."""
    member = someone(126, ("要　博", "カナメ　ヒロシ"), female=False, born=stage.ago(64, 8, 8))
    native(member, TOWN_DOMICILE)
    right, wrong = home("久根津", "７番地"), home("久慈", "７番地")
    since, moved, undone = stage.ago(33, 4, 1), stage.ago(4, 9, 1), stage.ago(4, 9, 15)
    for on, reason, where, day in (
        (moved, "転居", wrong, moved),
        (undone, "異動の取消し（修正）", right, since),
    ):
        columns = (*set_home(where), (ADDRESS_SINCE, days.text(day)))
        member.changes.append(Change(on, reason, columns))
    return household_at(126, right, member, since=since)


def _split_from(stage: Stage) -> Household:
    """A mother whose son made a household of his own in the same house (世帯分離の元)."""
    mother = someone(127, ("保　フミ", "タモツ　フミ"), female=True, born=stage.ago(86, 12, 1))
    native(mother, TOWN_DOMICILE)
    return household_at(127, home("篠川", "６６番地"), mother, since=stage.ago(60, 4, 1))


def _split_off(stage: Stage) -> Household:
    """The son: same house, another household since three years (世帯分離)."""
    son = someone(128, ("保　進", "タモツ　ススム"), female=False, born=stage.ago(57, 5, 30))
    native(son, TOWN_DOMICILE)
    where, on = home("篠川", "６６番地"), stage.ago(3, 4, 10)
    son.at_first = (
        (HOUSEHOLD, numbers.named_household_no(127)),
        (RELATION, "子"),
        (HEAD_NAME, "保　フミ"),
        (ADDRESS_SINCE, days.text(son.came)),
    )
    columns = (
        (HOUSEHOLD, numbers.named_household_no(128)),
        (RELATION, HEAD),
        (HEAD_NAME, son.name),
    )
    son.joined = on
    son.changes.append(Change(on, "世帯分離", columns))
    return household_at(128, where, son, since=son.came)


def _married(stage: Stage) -> Household:
    """A wife who moved in before the wedding, under the name she had (婚姻による氏の変更)."""
    husband = someone(129, ("叶　亮", "カノウ　リョウ"), female=False, born=stage.ago(46, 7, 1))
    wife = someone(
        130, ("叶　舞", "カノウ　マイ"), female=True, born=stage.ago(43, 1, 25), relation="妻"
    )
    native(husband, TOWN_DOMICILE)
    came, wedding = stage.ago(14, 6, 6), stage.ago(14, 11, 22)
    moved_in(
        wife, came, "鹿児島県奄美市名瀬１丁目２番３号", domicile=TOWN_DOMICILE, holder=husband.name
    )
    wife.at_first = (
        (NAME, "碇　舞"),
        (KANA, "イカリ　マイ"),
        (RELATION, "妻（未届）"),
        (DOMICILE, "鹿児島県奄美市名瀬一丁目２番"),
        (REGISTER_HEAD, "碇　信一"),
    )
    columns = (
        (NAME, wife.name),
        (KANA, wife.kana),
        (RELATION, "妻"),
        (DOMICILE, wife.domicile),
        (REGISTER_HEAD, wife.register_head),
    )
    wife.changes.append(Change(wedding, "職権修正", columns))
    return household_at(129, home("清水", "３２１番地"), husband, wife, since=stage.ago(21, 1, 1))


#: Each story once, by area.
STORY_SCENES: tuple[tuple[str, Scene], ...] = (
    (MAIN, _twins),
    (MAIN, _same_name),
    (MAIN, _protected),
    (MAIN, _provisional),
    (MAIN, _leaving),
    (MAIN, _headless),
    (MAIN, _former_surname),
    (MAIN, _wanderer),
    (MAIN, _gone),
    (MAIN, _struck),
    (MAIN, _reverted),
    (MAIN, _split_from),
    (MAIN, _split_off),
    (MAIN, _married),
    (KAKEROMA, _mixed_couple),
)
