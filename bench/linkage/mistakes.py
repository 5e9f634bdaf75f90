"""What becomes of a row in somebody else's list: `NOTES.md` in code (誤りのモデル).

Imports nothing of the matcher. Each function takes the dice and returns what was written.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bench.linkage.people import Home, Person, given_name, home, register_address, surname

#: One letter in several forms, as fonts and habits have them.
FORMS = (
    "髙高", "﨑崎嵜", "邉邊辺", "澤沢", "濵濱浜", "𠮷吉", "嶋島嶌", "齋斎", "國国", "眞真", "惠恵", "廣広", "德徳",
    "櫻桜", "龍竜", "瀧滝", "冨富", "峯峰", "舘館", "曾曽", "栁柳", "禮礼", "壽寿", "榮栄", "靜静", "彌弥", "圓円",
    "豐豊", "祐祐", "實実", "應応", "學学", "榮栄", "稻稲", "關関", "條条", "鐵鉄", "薗園", "淵渕", "濱浜",
)  # fmt: skip
_OTHERS = {one: row.replace(one, "") for row in FORMS for one in row}
#: Given names typed by ear or by look.
_LIKE = {
    "太": "大", "大": "太", "子": "佳", "美": "実", "実": "美", "一": "市", "郎": "朗", "朗": "郎", "代": "世",
    "香": "佳", "菜": "奈", "奈": "菜", "介": "助", "助": "介", "斗": "人", "人": "斗", "衣": "依", "和": "知",
    "雄": "夫", "夫": "雄", "江": "恵", "恵": "江", "枝": "江", "翔": "祥", "里": "理", "理": "里", "由": "有",
}  # fmt: skip
_LOST = "○〓?●□"
_HALF = dict(zip(
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー",
    "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ", strict=True,
))  # fmt: skip
_VOICED = dict(
    zip(
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボ",
        "カキクケコサシスセソタチツテトハヒフヘホ",
        strict=True,
    )
)
_ROUND = dict(zip("パピプペポ", "ハヒフヘホ", strict=True))
_HALF |= {voiced: f"{_HALF[plain]}ﾞ" for voiced, plain in _VOICED.items()}
_HALF |= {voiced: f"{_HALF[plain]}ﾟ" for voiced, plain in _ROUND.items()}
_KANA_SLIPS = (
    ("ズ", "ヅ"),
    ("ジ", "ヂ"),
    ("ョ", "ヨ"),
    ("ュ", "ユ"),
    ("ッ", "ツ"),
    ("オウ", "オオ"),
    ("ン", ""),
)
_ERAS = (("R", "令和", "令", 5, 2018, date(2019, 5, 1)), ("H", "平成", "平", 4, 1988, date(1989, 1, 8)),
         ("S", "昭和", "昭", 3, 1925, date(1926, 12, 25)), ("T", "大正", "大", 2, 1911, date(1912, 7, 30)),
         ("M", "明治", "明", 1, 1867, date(1868, 1, 25)))  # fmt: skip
_KANJI = "〇一二三四五六七八九"
_ELSEWHERE = (
    "鹿児島県鹿児島市鴨池",
    "鹿児島県奄美市名瀬",
    "兵庫県尼崎市東難波町",
    "大阪府大阪市大正区平尾",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often what happens; every number stands in NOTES.md."""

    other_form: float = 0.40
    selector: float = 0.02
    lost: float = 0.008
    no_space: float = 0.20
    married: float = 0.012
    married_women: float = 0.03
    given_slip: float = 0.005
    date_slip: float = 0.014
    date_missing: float = 0.003
    kana_missing: float = 0.15
    kana_half: float = 0.25
    kana_hiragana: float = 0.10
    kana_slip: float = 0.02
    lot_slip: float = 0.006
    address_missing: float = 0.01
    household_moved: float = 0.02
    absent: float = 0.10

    def times(self, factor: float) -> Rates:
        """The same with so many times the true mistakes; ways of writing stay."""
        slips = ("lost", "married", "married_women", "given_slip", "date_slip", "date_missing",
                 "kana_slip", "lot_slip", "address_missing", "household_moved")  # fmt: skip
        return replace(self, **{name: min(1.0, getattr(self, name) * factor) for name in slips})


def write_list(
    register: Sequence[Person], strangers: Sequence[Person], *, seed: int, rates: Rates
) -> list[dict[str, str]]:
    """Write the list of somebody else: each row with the truth beside it ("" for nobody)."""
    dice = random.Random(seed)
    earlier = {
        household: _earlier_home(dice)
        for household in {person.household for person in register}
        if dice.random() < rates.household_moved
    }
    rows = []
    for person in register:
        rows.append(written(dice, person, earlier.get(person.household), rates, truth=person.id))
    for person in strangers:
        rows.append(written(dice, person, None, rates, truth=""))
    dice.shuffle(rows)
    for number, row in enumerate(rows, start=1):
        row["id"] = f"B{number:06d}"
    return rows


def written(
    dice: random.Random, person: Person, earlier: Home | str | None, rates: Rates, *, truth: str
) -> dict[str, str]:
    """Write one person as a list does, mistakes and all."""
    last, first = person.surname, person.given
    last_kana = person.surname_kana
    age = (date(2026, 11, 23) - person.born).days // 365
    married = rates.married_women if person.female and 20 <= age < 60 else rates.married
    if dice.random() < married:
        last, last_kana = surname(dice)
    if dice.random() < rates.given_slip:
        first = _one_like(dice, first)
    last, first = _forms(dice, last, rates), _forms(dice, first, rates)
    if dice.random() < rates.lost:
        last, first = _lose(dice, last, first)
    gap = "" if dice.random() < rates.no_space else dice.choice("\u3000\u3000\u3000 ")
    if gap and dice.random() < 0.05:
        gap *= 2
    return {
        "id": "",
        "name": last + (gap if not last.isascii() else " ") + first,
        "kana": _kana(dice, last_kana, person.given_kana, rates),
        "birth_date": _date(dice, person.born, rates),
        "address": _address(dice, earlier or person.home, rates),
        "truth": truth,
    }


# -- names -----------------------------------------------------------------------------


def _forms(dice: random.Random, text: str, rates: Rates) -> str:
    out = []
    for letter in text:
        others = _OTHERS.get(letter)
        chosen = dice.choice(others) if others and dice.random() < rates.other_form else letter
        if chosen > "\u4e00" and dice.random() < rates.selector:
            chosen += chr(0xE0100 + dice.randint(0, 3))
        out.append(chosen)
    return "".join(out)


def _lose(dice: random.Random, last: str, first: str) -> tuple[str, str]:
    mark = dice.choice(_LOST)
    if dice.random() < 0.6:
        at = dice.randrange(len(last))
        return last[:at] + mark + last[at + 1 :], first
    at = dice.randrange(len(first))
    return last, first[:at] + mark + first[at + 1 :]


def _one_like(dice: random.Random, first: str) -> str:
    places = [at for at, letter in enumerate(first) if letter in _LIKE]
    if not places:
        return first
    at = dice.choice(places)
    return first[:at] + _LIKE[first[at]] + first[at + 1 :]


def _kana(dice: random.Random, last: str, first: str, rates: Rates) -> str:
    if dice.random() < rates.kana_missing:
        return ""
    text = f"{last}\u3000{first}"
    if dice.random() < rates.kana_slip:
        before, after = dice.choice(_KANA_SLIPS)
        text = text.replace(before, after, 1) if before in text else text + "ー"
    drawn = dice.random()
    if drawn < rates.kana_half:
        return "".join(_HALF.get(one, " " if one == "\u3000" else one) for one in text)
    if drawn < rates.kana_half + rates.kana_hiragana:
        return "".join(chr(ord(one) - 0x60) if "ァ" <= one <= "ヴ" else one for one in text)
    return text


# -- dates -----------------------------------------------------------------------------


def _date(dice: random.Random, born: date, rates: Rates) -> str:
    if dice.random() < rates.date_missing:
        return dice.choice(("", "不明", "昭和  年 月 日", "－"))
    if dice.random() < rates.date_slip:
        born = _slip(dice, born)
    letter, era, initial, number, zero, _ = next(row for row in _ERAS if born >= row[5])
    year = born.year - zero
    month, day = born.month, born.day
    first_year = "元" if year == 1 else str(year)
    return dice.choice((
        f"{era}{first_year}年{month}月{day}日",
        f"{era}{first_year}年{month}月{day}日",
        f"{letter}{year}.{month}.{day}",
        f"{letter}{year:02d}/{month:02d}/{day:02d}",
        f"{initial}{year}-{month}-{day}",
        born.isoformat(),
        f"{born.year}/{month}/{day}",
        f"{born:%Y%m%d}",
        f"{number}{year:02d}{month:02d}{day:02d}",
        f"{letter}{year:02d}{month:02d}{day:02d}",
        f"{era}{year:2d}年{month:2d}月{day:2d}日",
        f"{era}{_in_kanji(year)}年{_in_kanji(month)}月{_in_kanji(day)}日",
        f"{era}{first_year}年{month}月{day}日".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ))  # fmt: skip


def _slip(dice: random.Random, born: date) -> date:
    for _ in range(50):
        kind = dice.randrange(5)
        try:
            if kind == 0:
                text = f"{born:%Y%m%d}"
                at = dice.randrange(2, 8)
                text = text[:at] + str(dice.randrange(10)) + text[at + 1 :]
                found = date(int(text[:4]), int(text[4:6]), int(text[6:]))
            elif kind == 1:
                found = date(born.year, born.day, born.month)
            elif kind == 2:
                text = f"{born:%Y%m%d}"
                at = dice.randrange(2, 7)
                text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
                found = date(int(text[:4]), int(text[4:6]), int(text[6:]))
            elif kind == 3:
                found = born.replace(year=born.year + dice.choice((-63, 63, 30, -30)))
            else:
                found = born + timedelta(days=dice.choice((-1, 1)))
        except ValueError:
            continue
        if found != born and date(1900, 1, 1) < found <= date(2026, 11, 23):
            return found
    return born + timedelta(days=1)


def _in_kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else _KANJI[tens]) + ("十" if tens else "") + (_KANJI[ones] if ones else "")
    )


# -- addresses -------------------------------------------------------------------------


def _earlier_home(dice: random.Random) -> Home | str:
    if dice.random() < 1 / 3:
        return f"{dice.choice(_ELSEWHERE)}{dice.randint(1, 9)}丁目{dice.randint(1, 40)}番{dice.randint(1, 30)}号"
    return home(dice)


def _address(dice: random.Random, place: Home | str, rates: Rates) -> str:
    if dice.random() < rates.address_missing:
        return ""
    if isinstance(place, str):
        return place
    if dice.random() < 0.25:
        return register_address(place)
    lot, branch = str(place.lot), str(place.branch) if place.branch else ""
    if dice.random() < rates.lot_slip:
        at = dice.randrange(len(lot))
        lot = lot[:at] + str(dice.randrange(1, 10)) + lot[at + 1 :]
    return _before(dice, place) + _lot(dice, lot, branch) + _building(dice, place)


def _before(dice: random.Random, place: Home) -> str:
    text = place.place.address
    if dice.random() < 0.5:
        text = text.replace("字", "", 1)
    town = text.removeprefix("鹿児島県大島郡瀬戸内町")
    if dice.random() < 0.1:
        town = f"大字{town}"
    if place.place.postcode >= "894-21" and dice.random() < 0.3:
        island = ("与路島" if place.place.postcode >= "894-26" else
                  "請島" if place.place.postcode >= "894-25" else "加計呂麻島")  # fmt: skip
        town = island + town
    drawn = dice.random()
    if drawn < 0.15:
        return town
    if drawn < 0.45:
        return dice.choice(("瀬戸内町", "大島郡瀬戸内町")) + town
    return f"鹿児島県大島郡瀬戸内町{dice.choice(('', '', ' '))}{town}"


def _lot(dice: random.Random, lot: str, branch: str) -> str:
    style = dice.randrange(8)
    if style == 0:
        text = f"{lot}番地の{branch}" if branch else f"{lot}番地"
    elif style == 1:
        text = f"{lot}の{branch}" if branch else lot
    elif style == 2:
        text = f"{_long_kanji(lot)}番地" + (f"{_long_kanji(branch)}" if branch else "")
        text = text if not branch else f"{_long_kanji(lot)}番地の{_long_kanji(branch)}"
    elif style == 3:
        text = f"{lot}番地{branch}"
    else:
        dash = dice.choice("-－ー‐")
        text = f"{lot}{dash}{branch}" if branch else lot
    wide = dice.random() < 0.4
    return text.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if wide else text


def _long_kanji(digits: str) -> str:
    number, out = int(digits), ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        count, number = divmod(number, unit)
        if count:
            out += ("" if count == 1 and name else _KANJI[count]) + name
    return out


def _building(dice: random.Random, place: Home) -> str:
    if not place.building or dice.random() < 0.3:
        return ""
    gap = dice.choice((" ", "\u3000", "")) if dice.random() < 0.3 else " "
    return f"{gap}{place.building}{place.room}{dice.choice(('号', '号室', ''))}"


def stranger(dice: random.Random, person: Person, number: int) -> Person:
    """Somebody who is in no register: the town's own kind of name, another home and birth date."""
    last, last_kana = surname(dice)
    born = person.born + timedelta(days=dice.randint(-9000, 9000))
    born = min(born, date(2026, 11, 1))
    first, first_kana = given_name(dice, female=person.female, born=born)
    return replace(
        person, id=f"X{number}", household=-number, surname=last, given=first,
        surname_kana=last_kana, given_kana=first_kana, born=born, home=home(dice),
    )  # fmt: skip
