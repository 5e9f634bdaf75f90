"""Addresses: keys for finding a part of one, and the split at prefecture and town (住所).

As with names, the stored address is never changed; a key is for searching only.
"""

import re
import unicodedata
from dataclasses import dataclass

from madoguchi.kernel.names import fold_kanji

PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県",
    "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県",
    "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県",
    "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip

# Cities with wards inside the address (政令指定都市).
_CITIES_WITH_WARDS = (
    "札幌", "仙台", "さいたま", "千葉", "横浜", "川崎", "相模原", "新潟", "静岡", "浜松", "名古屋", "京都",
    "大阪", "堺", "神戸", "岡山", "広島", "北九州", "福岡", "熊本",
)  # fmt: skip

# Towns whose name holds 市, 区, 町, 村 or 郡 before its end, so that "up to the first" is wrong.
_AWKWARD_CITIES = (
    "四日市", "廿日市", "野々市", "八日市場", "市川", "市原", "余市", "大和郡山", "郡山", "郡上", "蒲郡",
    "小郡", "町田", "大町", "十日町", "村山", "東村山", "武蔵村山", "羽村", "村上", "田村", "大村", "中村",
)  # fmt: skip
_AWKWARD_TOWNS = (
    "余市町",
    "大町町",
    "玉村町",
    "村田町",
    "上市町",
    "下市町",
    "市川町",
    "市貝町",
    "大町",
)

_PREFECTURE = re.compile("|".join(PREFECTURES))
_MUNICIPALITY = re.compile(
    rf"(?:{'|'.join(_CITIES_WITH_WARDS)})市(?:中村|[^市区町村]{{1,4}})区"
    rf"|(?:{'|'.join(_AWKWARD_CITIES)})市"
    # A city may go on with 郡, as in 鈴鹿市郡山町; only 余市郡 and 高市郡 hold 市 themselves.
    rf"|(?:余市|高市|[^市郡]{{1,5}})郡(?:{'|'.join(_AWKWARD_TOWNS)}|[^町村]{{1,7}}[町村])"
    r"|[^市区町村]{1,7}[市区町村]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressParts:
    """An address cut at prefecture and municipality; a part not written is empty (住所の分割).

    The three parts joined are the address exactly as it was given.
    """

    prefecture: str
    municipality: str
    rest: str


def split_address(text: str) -> AddressParts:
    """Cut an address behind its prefecture and its city, ward, town or village (住所の分割)."""
    found = _PREFECTURE.match(text)
    prefecture = found.group() if found else ""
    rest = text[len(prefecture) :]
    town = _MUNICIPALITY.match(rest)
    municipality = town.group() if town else ""
    return AddressParts(
        prefecture=prefecture, municipality=municipality, rest=rest[len(municipality) :]
    )


def fold_address(text: str) -> str:
    """Return the key of an address or a part of one, for partial search (住所の検索キー).

    Widths, 大字 and 字, 丁目, 番地, 番, 号, の, ノ and dashes, ヶ, ケ and が count as the same;
    numerals of either kind before 丁目, 番地, 番 and 号 too.
    """
    plain = unicodedata.normalize("NFKC", text).replace("大字", "").replace("字", "")
    plain = _KANJI_NUMBER.sub(_write_digits, plain)
    plain = _BETWEEN_NUMBERS.sub("-", plain)
    plain = _AFTER_NUMBER.sub("-", plain)
    plain = re.sub("-+", "-", plain)
    # A dash counts only between two numbers; elsewhere the name key drops it.
    numbers_apart = re.split("(?<=[0-9])-(?=[0-9])", plain)
    return "-".join(fold_kanji(piece.translate(_GA)) for piece in numbers_apart)


_NUMBER_UNIT = r"(?:丁目|番地|番(?![町丁])|号)"
_NUMERALS = "[〇一二三四五六七八九十百千]+"
_KANJI_NUMBER = re.compile(rf"{_NUMERALS}(?={_NUMBER_UNIT})|(?<=番地[のノ之]){_NUMERALS}")
_BETWEEN_NUMBERS = re.compile(r"(?<=[0-9])\s*[\s\-‐‑‒–—―−─ーのノ之]\s*(?=[0-9])")
_AFTER_NUMBER = re.compile(r"(?<=[0-9])\s*(?:丁目|番地|番(?![町丁])|号室|号棟|号)\s*[のノ之]?\s*")
_GA = str.maketrans("ヶがガゖ", "ケケケケ")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def _write_digits(found: re.Match[str]) -> str:
    """二十三 is 23, and 一二八三 is 1283."""
    written = found.group()
    if not any(unit in written for unit in _UNITS):
        return "".join(str(_DIGITS[character]) for character in written)
    total, ahead = 0, 0
    for character in written:
        if character in _UNITS:
            total += (ahead or 1) * _UNITS[character]
            ahead = 0
        else:
            ahead = ahead * 10 + _DIGITS[character]
    return str(total + ahead)
