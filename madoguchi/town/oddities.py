"""People and names that try a register, placed by hand in every town of 200 or more (特異例).

Each kind stands here once, under a reserved number, so that a test can ask for it. What is
invented is invented: no name here is taken from anybody.
"""

from __future__ import annotations

from madoguchi.town import days, numbers
from madoguchi.town.cast import Scene, Stage, home, household_at, moved_in, native
from madoguchi.town.columns import FORMER, FORMER_KANA
from madoguchi.town.drafts import (
    HEAD,
    LEAVING,
    MOVED_OUT,
    STRUCK,
    Change,
    Foreign,
    Headship,
    Household,
    Member,
)
from madoguchi.town.past import MEASURE, PROVISIONAL, die
from madoguchi.town.places import KAKEROMA, MAIN
from madoguchi.town.settling import FROM_ABROAD, MOVED_IN

#: A character the old system had and nobody can name any more: it came over as the geta mark.
LOST_CHARACTER = "〓"
IMPOSSIBLE_BIRTH = "昭和5年2月29日"

# Selectors of the Moji_Joho collection, which the MJ font has; E0100 and E0101 would be another's.
IVS_NAMES = (
    ("葛\U000e0102城　誠", "カツラギ　マコト"),
    ("辻\U000e0102　美穂", "ツジ　ミホ"),
    ("渡邉\U000e0110　清", "ワタナベ　キヨシ"),
)
PLANE_2_NAMES = (
    ("𠮷田　洋一", "ヨシダ　ヨウイチ"),
    ("𡈽屋　久美子", "ツチヤ　クミコ"),
    ("𣘺本　修", "ハシモト　オサム"),
)
VARIANT_NAMES = (
    ("髙橋　直美", "タカハシ　ナオミ"),
    ("宮﨑　隆", "ミヤザキ　タカシ"),
    ("濵田　節子", "ハマダ　セツコ"),
    ("田邊　昭", "タナベ　アキラ"),
    ("齋藤　德子", "サイトウ　トクコ"),
)
LOST_NAME = (f"{LOST_CHARACTER}本　ハナ", "カジモト　ハナ")
LONG_NAME = (
    "瀬戸内大和之海原　八百万之助左衛門太郎兵衛",
    "セトウチヤマトノウナバラ　ヤオヨロズノスケザエモンタロウヒョウエ",
)
LONG_BUILDING = (
    "瀬戸内町営大島海峡マリンビューグランドレジデンス古仁屋港第三期弐号棟北館管理組合法人"
    "あかとんぼの里内サービス付高齢者向け住宅潮騒のさと１２０３号室"
)

#: One birth date in each of the fourteen unclear forms; the first three belong to the living.
UNCLEAR_BIRTHS = (
    "昭和10年頃", "昭和8年5月日不詳", "昭和12年月日不詳",
    "明治40年5月頃", "明治41年5月3日頃", "推定大正2年5月3日", "推定大正3年5月", "大正4年春",
    "大正5年10月上旬", "大正6年2月中旬頃", "年月日不詳", "大正8年5月3日から5日頃までの間",
    "推定大正9年5月3日から5日頃までの間", "大正10年5月3日頃から5日頃までの間",
)  # fmt: skip
LIVING_UNCLEAR = 3
# Where each of them sorts, roughly: only ages are reckoned from it.
_UNCLEAR_YEARS = (
    1935,
    1933,
    1937,
    1907,
    1908,
    1913,
    1914,
    1915,
    1916,
    1917,
    1918,
    1919,
    1920,
    1921,
)

_DOMICILE = "鹿児島県大島郡瀬戸内町古仁屋１番地"
_FIRST_SEAT = 101


def _alone(seat: int, town: str, name: tuple[str, str], *, female: bool, age: int) -> Scene:
    """Place somebody who has always lived here, alone (単身)."""

    def scene(stage: Stage) -> Household:
        member = _member(seat, name, female=female, born=stage.ago(age, 1 + seat % 12, 9))
        native(member, _DOMICILE)
        lot = f"{days.WIDE[seat]}番地{days.WIDE[seat % 9 + 1]}"
        since = min(stage.ago(25, 4, 1), days.years_before(stage.as_of, age - 20, 6, 1))
        return household_at(seat, home(town, lot), member, since=since)

    return scene


def _member(
    seat: int, name: tuple[str, str], *, female: bool, born: int, relation: str = HEAD
) -> Member:
    return Member(
        name=name[0],
        kana=name[1],
        female=female,
        born=born,
        relation=relation,
        serial=numbers.named_serial(seat),
    )


def _twins(stage: Stage) -> Household:
    """Twins with the same birth date and no other difference in the family (双子)."""
    came, born = stage.ago(15, 6, 1), stage.ago(9, 3, 3)
    father = _member(
        101, ("前田　健一", "マエダ　ケンイチ"), female=False, born=stage.ago(44, 5, 1)
    )
    mother = _member(
        102, ("前田　彩", "マエダ　アヤ"), female=True, born=stage.ago(41, 8, 2), relation="妻"
    )
    twins = [
        _member(103, ("前田　蒼", "マエダ　アオイ"), female=False, born=born, relation="子"),
        _member(104, ("前田　碧", "マエダ　アオ"), female=False, born=born, relation="子"),
    ]
    for member in (father, mother):
        moved_in(
            member,
            came,
            "福岡県福岡市早良区西新２丁目３番４号",
            domicile=_DOMICILE,
            holder=father.name,
        )
    for child in twins:
        native(child, _DOMICILE, father.name)
    return household_at(101, home("篠川", "１２番地"), father, mother, *twins, since=came)


def _same_name(stage: Stage) -> Household:
    """A father and a son who write and read their name alike (同名の親子)."""
    name = ("川畑　勇", "カワバタ　イサム")
    father = native(_member(105, name, female=False, born=stage.ago(88, 1, 7)), _DOMICILE)
    son = native(
        _member(106, name, female=False, born=stage.ago(60, 1, 7), relation="子"), _DOMICILE
    )
    return household_at(105, home("久慈", "５６番地"), father, son, since=stage.ago(45, 4, 1))


def _protected(stage: Stage) -> Household:
    """A mother and a child under protection (支援措置)."""
    came = stage.ago(1, 9, 10)
    mother = _member(107, ("久保　千尋", "クボ　チヒロ"), female=True, born=stage.ago(39, 6, 6))
    child = _member(
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
    member = _member(109, ("泉　早紀", "イズミ　サキ"), female=True, born=stage.ago(31, 2, 2))
    member.hold = PROVISIONAL
    came = stage.ago(4, 4, 4)
    moved_in(
        member, came, "沖縄県那覇市久茂地１丁目１番１号", domicile="沖縄県那覇市久茂地一丁目１番"
    )
    return household_at(109, home("網野子", "９番地"), member, since=came)


def _leaving(stage: Stage) -> Household:
    """Somebody who has filed to move out next week (転出予定)."""
    member = _member(110, ("瀬戸　航平", "セト　コウヘイ"), female=False, born=stage.ago(27, 3, 21))
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
        _member(111, ("徳永　正", "トクナガ　タダシ"), female=False, born=stage.ago(77, 9, 9)),
        _DOMICILE,
    )
    children = [
        native(_member(seat, name, female=female, born=stage.ago(age, 4, 4), relation="子"),
               _DOMICILE, father.name)
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
    member = _member(
        114, ("山下　香織", "ヤマシタ　カオリ"), female=True, born=stage.ago(43, 10, 10)
    )
    came = stage.ago(12, 8, 1)
    moved_in(
        member, came, "大阪府堺市堺区翁橋町１丁目１番１号", domicile=_DOMICILE, holder="山下　和也"
    )
    columns = ((FORMER, "豊"), (FORMER_KANA, "ユタカ"))
    member.changes.append(Change(stage.ago(5, 11, 5), "旧氏の記載", columns))
    return household_at(114, home("古仁屋", "２００番地"), member, since=came)


def _long(stage: Stage) -> Household:
    """A name and an address longer than their boxes (文字超過)."""
    member = _member(115, LONG_NAME, female=False, born=stage.ago(52, 5, 15))
    native(member, _DOMICILE)
    where = home("古仁屋", "２７８９番地の１０の２３", LONG_BUILDING)
    return household_at(115, where, member, since=stage.ago(22, 4, 1))


def _lost(stage: Stage) -> Household:
    """A name with a character the old system alone could write (外字)."""
    return _alone(116, "小名瀬", LOST_NAME, female=True, age=83)(stage)


def _impossible(stage: Stage) -> Household:
    """A birth date that no calendar has, as the family register says it (暦上日以外)."""
    household = _alone(117, "古志", ("平　トミ", "タイラ　トミ"), female=True, age=96)(stage)
    _date_birth(household.members[0], IMPOSSIBLE_BIRTH, 1930)
    return household


def _date_birth(member: Member, text: str, year: int) -> None:
    member.born_text = text
    member.born = member.came = days.first_of_march(year)


def _wanderer(stage: Stage) -> Household:
    """Somebody with many versions: moved in the town again and again (履歴の多い人)."""
    member = _member(118, ("昇　哲也", "ノボリ　テツヤ"), female=False, born=stage.ago(58, 2, 20))
    native(member, _DOMICILE)
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
    member = _member(119, ("里　結衣", "サト　ユイ"), female=True, born=stage.ago(26, 6, 30))
    native(member, _DOMICILE, "里　誠")
    member.left, member.left_how, member.state = stage.ago(2, 3, 28), "国内転出", MOVED_OUT
    member.gone_to = "兵庫県神戸市長田区大橋町３丁目４番５号"
    return household_at(119, home("阿鉄", "４番地"), member, since=stage.ago(22, 4, 1))


def _struck(stage: Stage) -> Household:
    """Somebody struck by authority after a residence check (職権消除)."""
    member = _member(120, ("盛　英吉", "サカリ　エイキチ"), female=False, born=stage.ago(79, 1, 19))
    native(member, _DOMICILE)
    member.left, member.left_how, member.state = stage.ago(1, 10, 20), "職権消除", STRUCK
    return household_at(120, home("管鈍", "８番地"), member, since=stage.ago(30, 4, 1))


def _from_abroad(
    seat: int, name: tuple[str, str], *, female: bool, age: int, foreign: Foreign, origin: str
) -> Scene:
    """Place a resident from abroad (外国人住民)."""

    def scene(stage: Stage) -> Household:
        member = _member(seat, name, female=female, born=stage.ago(age, 9, 13))
        years = 1 + seat % 3
        member.came = stage.ago(years, 4, 15)
        abroad = origin == foreign.nationality
        member.how, member.origin = FROM_ABROAD if abroad else MOVED_IN, origin
        stay = days.text(stage.today + 300 + seat) if foreign.stay_until else ""
        member.foreign = foreign._replace(stay_until=stay)
        where = home("古仁屋", f"{days.WIDE[seat]}番地", "職員住宅１０３号")
        return household_at(seat, where, member, since=member.came)

    return scene


def _mixed_couple(stage: Stage) -> Household:
    """A husband and a wife from abroad who goes by a 通称 (国際結婚)."""
    husband = _member(
        124, ("有村　直樹", "アリムラ　ナオキ"), female=False, born=stage.ago(50, 3, 9)
    )
    native(husband, _DOMICILE)
    wife = _member(
        125, ("LIN MEIHUA", "リン　メイファ"), female=True, born=stage.ago(45, 11, 1), relation="妻"
    )
    wife.came, wife.how, wife.origin = stage.ago(11, 7, 7), FROM_ABROAD, "中国"
    wife.foreign = Foreign("中国", "永住者", "", "有村　美花", "アリムラ　ミカ")
    return household_at(124, home("西阿室", "１１番地"), husband, wife,
                        since=stage.ago(23, 1, 1), area=KAKEROMA)  # fmt: skip


def _unclear(place: int) -> Scene:
    """Place somebody whose birth date is unclear, in one of the fourteen forms (年月日不詳)."""

    def scene(stage: Stage) -> Household:
        seat = 150 + place
        names = (
            ("元　マツ", "ハジメ　マツ"),
            ("栄　三郎", "サカエ　サブロウ"),
            ("武　カメ", "タケ　カメ"),
        )
        name = names[place % len(names)]
        household = _alone(seat, "薩川" if place < LIVING_UNCLEAR else "伊須", name,
                           female=place % 3 != 1, age=90)(stage)  # fmt: skip
        member = household.members[0]
        _date_birth(member, UNCLEAR_BIRTHS[place], _UNCLEAR_YEARS[place])
        if place >= LIVING_UNCLEAR:
            die(member, stage.ago(18 - place, 8, 1 + place))
        else:
            household.area = KAKEROMA
        return household

    return scene


def _row(
    first: int, names: tuple[tuple[str, str], ...], towns: str
) -> tuple[tuple[str, Scene], ...]:
    return tuple(
        (MAIN, _alone(first + i, town, name, female=i % 2 == 1, age=46 + 9 * i))
        for i, (name, town) in enumerate(zip(names, towns.split(), strict=True))
    )


_STAY = Foreign("ベトナム", "技能実習", "until", "", "")

#: Every kind once; a town below the size takes none of them.
ODD_SCENES: tuple[tuple[str, Scene], ...] = (
    (MAIN, _twins),
    (MAIN, _same_name),
    (MAIN, _protected),
    (MAIN, _provisional),
    (MAIN, _leaving),
    (MAIN, _headless),
    (MAIN, _former_surname),
    (MAIN, _long),
    (MAIN, _lost),
    (MAIN, _impossible),
    (MAIN, _wanderer),
    (MAIN, _gone),
    (MAIN, _struck),
    (MAIN, _from_abroad(121, ("NGUYEN THI HOA", "グエン　ティ　ホア"), female=True, age=23,
                        foreign=_STAY, origin="ベトナム")),
    (MAIN, _from_abroad(122, ("金　明浩", "キム　ミョンホ"), female=False, age=66,
                        foreign=Foreign("韓国", "特別永住者", "", "金本　明", "カネモト　アキラ"),
                        origin="大阪府東大阪市足代１丁目２番３号")),
    (MAIN, _from_abroad(123, ("MILLER EMILY ROSE", "ミラー　エミリー　ローズ"), female=True, age=25,
                        foreign=Foreign("米国", "教育", "until", "", ""), origin="米国")),
    (KAKEROMA, _mixed_couple),
    *_row(131, IVS_NAMES, "清水 手安 節子"),
    *_row(136, PLANE_2_NAMES, "久根津 伊須 花天"),
    *_row(141, VARIANT_NAMES, "嘉徳 蘇刈 嘉鉄 阿室釜 網野子"),
    *((KAKEROMA if i < LIVING_UNCLEAR else MAIN, _unclear(i)) for i in range(len(UNCLEAR_BIRTHS))),
)  # fmt: skip
