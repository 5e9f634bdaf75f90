"""The bars the post office sorts by (カスタマバーコード).

Source: 日本郵便「郵便番号・バーコードマニュアル」, 6 バーコード (format, bars, check digit) and 9
バーコードに必要な文字情報の抜き出し法 (what of an address goes in). Its examples are the tests.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

#: A bar is 1 long, 2 half up, 3 half down, 4 short (timing).
_BARS: Mapping[str, str] = {
    "1": "114", "2": "132", "3": "312", "4": "123", "5": "141",
    "6": "321", "7": "213", "8": "231", "9": "411", "0": "144",
    "-": "414", "CC1": "324", "CC2": "342", "CC3": "234", "CC4": "432",
    "CC5": "243", "CC6": "423", "CC7": "441", "CC8": "111",
}  # fmt: skip
_START, _STOP = "13", "31"
#: In the order of their check values: 0-9, "-", CC1-CC8.
_BY_VALUE = (*"0123456789", "-", *(f"CC{number}" for number in range(1, 9)))
_VALUE = {symbol: value for value, symbol in enumerate(_BY_VALUE)}
_MODULUS = len(_BY_VALUE)

ADDRESS_SYMBOLS = 13
BAR_COUNT = len(_START) + (7 + ADDRESS_SYMBOLS + 1) * 3 + len(_STOP)

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−─━－"), "-")
_DROPPED = re.compile(r"[&/・.]")
_KANJI = "〇一二三四五六七八九十百千廿"
_COUNTED = re.compile(rf"([{_KANJI}]+)(?=丁目|丁|番地|番|号|地割|線|の|ノ)")
_FLOOR = re.compile(r"(?<=[0-9])F(?![A-Z])")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def address_part(text: str) -> str:
    """Return what of the address behind the area's name goes into the bars (住所表示番号)."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).upper()
    plain = re.sub(r"(?<=[0-9])ー(?=[0-9])", "-", plain)
    plain = _DROPPED.sub("", plain)
    plain = _COUNTED.sub(lambda found: _number(found[1]), plain)
    # A floor is its number; the letter would be read as a house of that name.
    plain = _FLOOR.sub("-", plain)
    kept = [
        run if run.isdigit() or (run.isascii() and run.isalpha() and len(run) == 1) else "-"
        for run in re.findall(r"[0-9]+|[A-Z]+|[^0-9A-Z]+", plain)
    ]
    joined = re.sub("-+", "-", "".join(kept)).strip("-")
    return re.sub("-?([A-Z])-?", r"\1", joined)


def symbols_of(postcode: str, part: str) -> tuple[str, ...] | None:
    """Return the 21 symbols, check digit last; None where the manual wants no bars (符号).

    A postcode ending in 00 stands for "not listed above" and gets none.
    """
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", postcode))
    if len(digits) != 7 or digits.endswith("00"):
        return None
    symbols: list[str] = []
    for character in part:
        symbols += _letter(character) if character.isalpha() else [character]
    # A letter cut in half leaves its control code, as the manual says.
    symbols = symbols[:ADDRESS_SYMBOLS]
    symbols += ["CC4"] * (ADDRESS_SYMBOLS - len(symbols))
    whole = [*digits, *symbols]
    total = sum(_VALUE[symbol] for symbol in whole)
    return (*whole, _BY_VALUE[-total % _MODULUS])


def bars_of(postcode: str, part: str) -> str:
    """Return the 67 bars as 1 to 4, or "" where there are none (バー)."""
    symbols = symbols_of(postcode, part)
    if symbols is None:
        return ""
    return _START + "".join(_BARS[symbol] for symbol in symbols) + _STOP


def _letter(character: str) -> list[str]:
    control, rest = divmod(ord(character) - ord("A"), 10)
    return [f"CC{control + 1}", str(rest)]


def _number(written: str) -> str:
    """二十一 is 21, 一二 is 12."""
    written = written.replace("廿", "二十")
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
