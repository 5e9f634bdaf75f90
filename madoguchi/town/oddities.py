"""People and names that try a register, placed by hand in every town of 200 or more (特異例).

Each kind stands here once, under a reserved number, so that a test can ask for it. What is
invented is invented: no name here is taken from anybody.
"""

from __future__ import annotations

from datetime import date

from madoguchi.kernel import dates
from madoguchi.kernel.outcome import Problem
from madoguchi.town import days
from madoguchi.town.drafts import Foreign, Household, Member
from madoguchi.town.past import die
from madoguchi.town.places import KAKEROMA, MAIN
from madoguchi.town.settling import FROM_ABROAD, MOVED_IN
from madoguchi.town.stage import (
    TOWN_DOMICILE,
    Scene,
    Stage,
    alone,
    home,
    household_at,
    native,
    someone,
)
from madoguchi.town.stories import STORY_SCENES

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


def _long(stage: Stage) -> Household:
    """A name and an address longer than their boxes (文字超過)."""
    member = someone(115, LONG_NAME, female=False, born=stage.ago(52, 5, 15))
    native(member, TOWN_DOMICILE)
    where = home("古仁屋", "２７８９番地の１０の２３", LONG_BUILDING)
    return household_at(115, where, member, since=stage.ago(22, 4, 1))


def _lost(stage: Stage) -> Household:
    """A name with a character the old system alone could write (外字)."""
    return alone(116, "小名瀬", LOST_NAME, female=True, age=83)(stage)


def _impossible(stage: Stage) -> Household:
    """A birth date that no calendar has, as the family register says it (暦上日以外)."""
    household = alone(117, "古志", ("平　トミ", "タイラ　トミ"), female=True, age=96)(stage)
    _date_birth(household.members[0], IMPOSSIBLE_BIRTH)
    return household


def _date_birth(member: Member, text: str) -> None:
    """Write a birth date as the family register has it; ages count from where it sorts."""
    found = dates.parse_register_date(text)
    assert not isinstance(found, Problem), text
    day = found.sort_on
    if day == dates.UNKNOWN_SORTS_ON:
        day = date(1918, 3, 1)
    member.born_text = text
    member.born = member.came = day.toordinal()


def _from_abroad(
    seat: int, name: tuple[str, str], *, female: bool, age: int, foreign: Foreign, origin: str
) -> Scene:
    """Place a resident from abroad (外国人住民)."""

    def scene(stage: Stage) -> Household:
        member = someone(seat, name, female=female, born=stage.ago(age, 9, 13))
        years = 1 + seat % 3
        member.came = stage.ago(years, 4, 15)
        abroad = origin == foreign.nationality
        member.how, member.origin = FROM_ABROAD if abroad else MOVED_IN, origin
        stay = days.text(stage.today + 300 + seat) if foreign.stay_until else ""
        member.foreign = foreign._replace(stay_until=stay)
        where = home("古仁屋", f"{days.WIDE[seat]}番地", "職員住宅１０３号")
        return household_at(seat, where, member, since=member.came)

    return scene


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
        household = alone(seat, "薩川" if place < LIVING_UNCLEAR else "伊須", name,
                           female=place % 3 != 1, age=90)(stage)  # fmt: skip
        member = household.members[0]
        _date_birth(member, UNCLEAR_BIRTHS[place])
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
        (MAIN, alone(first + i, town, name, female=i % 2 == 1, age=46 + 9 * i))
        for i, (name, town) in enumerate(zip(names, towns.split(), strict=True))
    )


_STAY = Foreign("ベトナム", "技能実習", "until", "", "")

#: Every kind once; a town below the size takes none of them.
ODD_SCENES: tuple[tuple[str, Scene], ...] = (
    *STORY_SCENES,
    (MAIN, _long),
    (MAIN, _lost),
    (MAIN, _impossible),
    (MAIN, _from_abroad(121, ("NGUYEN THI HOA", "グエン　ティ　ホア"), female=True, age=23,
                        foreign=_STAY, origin="ベトナム")),
    (MAIN, _from_abroad(122, ("金　明浩", "キム　ミョンホ"), female=False, age=66,
                        foreign=Foreign("韓国", "特別永住者", "", "金本　明", "カネモト　アキラ"),
                        origin="大阪府東大阪市足代１丁目２番３号")),
    (MAIN, _from_abroad(123, ("MILLER EMILY ROSE", "ミラー　エミリー　ローズ"), female=True, age=25,
                        foreign=Foreign("米国", "教育", "until", "", ""), origin="米国")),
    *_row(131, IVS_NAMES, "清水 手安 節子"),
    *_row(136, PLANE_2_NAMES, "久根津 伊須 花天"),
    *_row(141, VARIANT_NAMES, "嘉徳 蘇刈 嘉鉄 阿室釜 網野子"),
    *((KAKEROMA if i < LIVING_UNCLEAR else MAIN, _unclear(i)) for i in range(len(UNCLEAR_BIRTHS))),
)  # fmt: skip
