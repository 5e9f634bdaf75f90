"""Japanese addresses cut into town, part of the town, lot and building (住所の解析).

Offline and by rule: the names come with the `Gazetteer` of the municipality, made from the postal
list. Island name first, 番地の, half-width, a building glued on, names of before a merger. What
was not written stays empty and contradicts nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from madoguchi.kernel.addresses import split_address
from madoguchi.kernel.variants import letter_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """The names of one municipality, folded (地名表): its own, its towns, islands, former names."""

    municipality: str = ""
    #: Longest first, so that 古仁屋瀬久井東 is not 古仁屋.
    towns: tuple[str, ...] = ()
    islands: tuple[str, ...] = ()
    #: Municipalities that became this one (合併前の町村).
    former: tuple[str, ...] = ()
    #: Everything the address of a resident may begin with before the town, longest first.
    beginnings: tuple[str, ...] = ()


NOWHERE = Gazetteer()


class AddressKeys(NamedTuple):
    """The keys of an address; a part that was not written is empty (住所のキー)."""

    municipality: str = ""
    town: str = ""
    #: 小字, or what else stands between the town and the lot.
    part: str = ""
    lot: tuple[str, ...] = ()
    building: str = ""


UNWRITTEN = AddressKeys()

_NUMERALS = "〇一二三四五六七八九十百千"
_UNIT = r"(?:丁目|番地|番(?![町丁])|号)"
_KANJI_NUMBER = re.compile(rf"[{_NUMERALS}]+(?={_UNIT})|(?<=番地[のノ之])[{_NUMERALS}]+")
_JOINT = r"(?:丁目|番地|番|号|[のノ之\-])"
_LOT = re.compile(
    rf"(?P<before>\D*?)(?P<lot>\d+(?:(?: ?{_JOINT}){{1,3}} ?\d+)*)(?:{_JOINT}{{0,3}})(?P<after>.*)"
)
_NUMBER = re.compile(r"\d+")
_POSTCODE = re.compile(r"^〒? ?(?:\d{3}-\d{4}|(?<=〒)\d{7})(?!\d) ?|^〒 ?\d{7} ?")
_DISTRICT = re.compile("[^市区町村]{1,6}郡")
_GA = str.maketrans("ヶがガゖ", "ケケケケ")
_DASHES = frozenset("‐‑‒–—―−─━ー－ｰ-~～〜")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}


class _Letters(dict[int, str]):
    """A table for `str.translate` that works out a letter when it first meets it."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    if character in _DASHES:
        return "-"
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Mn", "Cf", "Cc"):
        return ""
    plain = unicodedata.normalize("NFKC", character)
    return "".join("-" if one in _DASHES else letter_key(one) for one in plain).translate(_GA)


_LETTERS = _Letters()


def make_gazetteer(
    *,
    municipality: str,
    towns: Iterable[str],
    prefecture: str = "",
    district: str = "",
    islands: Iterable[str] = (),
    former: Iterable[str] = (),
) -> Gazetteer:
    """Fold the names of a municipality for the parser (地名表を作る)."""
    folded = {_fold_town(one) for one in towns} - {""}
    # 古仁屋瀬久井東 is a part of 古仁屋, with or without 字 between.
    whole = {one for one in folded if not any(one != it and one.startswith(it) for it in folded)}
    own = [_tight(one) for one in (municipality, *former)]
    before = (_tight(prefecture + district), _tight(district), _tight(prefecture), "")
    beginnings = {start + name for start in before for name in own if name}
    return Gazetteer(
        municipality=_tight(municipality),
        towns=tuple(sorted(whole, key=lambda one: (-len(one), one))),
        islands=tuple(sorted({_tight(one) for one in islands}, key=len, reverse=True)),
        former=tuple(own[1:]),
        beginnings=tuple(sorted(beginnings, key=lambda one: (-len(one), one))),
    )


@lru_cache(maxsize=300_000)
def read_address(text: str, gazetteer: Gazetteer = NOWHERE) -> AddressKeys:
    """Cut an address into its keys (住所の解析)."""
    plain = text.translate(_LETTERS).strip()
    if not plain:
        return UNWRITTEN
    plain = _KANJI_NUMBER.sub(_write_digits, plain)
    municipality, rest = _municipality(plain, gazetteer)
    found = _LOT.fullmatch(rest)
    before, lot, after = (
        (found["before"], found["lot"], found["after"]) if found else (rest, "", "")
    )
    town, part = _town(before, gazetteer)
    numbers = tuple(number.lstrip("0") or "0" for number in _NUMBER.findall(lot))
    return AddressKeys(
        municipality=municipality,
        town=town,
        part=part,
        lot=numbers,
        building=after.replace(" ", "").strip("-"),
    )


def _municipality(plain: str, gazetteer: Gazetteer) -> tuple[str, str]:
    """Take off postcode, prefecture, district and municipality, whichever were written."""
    if plain.startswith(gazetteer.beginnings or ("\0",)):
        for start in gazetteer.beginnings:
            if plain.startswith(start):
                return gazetteer.municipality, _without_island(plain[len(start) :], gazetteer)
    plain = _POSTCODE.sub("", plain)
    spaced = plain.replace(" ", "") if " " in plain[:12] else plain
    if spaced.startswith(gazetteer.beginnings or ("\0",)) and spaced != plain:
        return _municipality(spaced, gazetteer)
    if _begins_with_town(plain, gazetteer):
        return "", plain
    parts = split_address(spaced)
    name = parts.municipality
    if not name or _NUMBER.search(name):
        return "", _without_island(parts.rest if parts.prefecture else plain, gazetteer)
    district = _DISTRICT.match(name)
    return name[district.end() :] if district else name, parts.rest


def _begins_with_town(text: str, gazetteer: Gazetteer) -> bool:
    return _without_island(text, gazetteer) != text or text.startswith(gazetteer.towns or ("\0",))


def _without_island(text: str, gazetteer: Gazetteer) -> str:
    tight = text.lstrip(" ")
    for island in gazetteer.islands:
        rest = tight.removeprefix(island).lstrip(" ")
        if rest and rest != tight and not rest[0].isdigit():
            return rest
    return text


def _town(before: str, gazetteer: Gazetteer) -> tuple[str, str]:
    """Cut the words before the lot into the town and its part (大字と小字)."""
    tight = _without_island(before, gazetteer).replace(" ", "").strip("-")
    tight = tight.removeprefix("大字")
    if tight.startswith(gazetteer.towns or ("\0",)):
        name = next(one for one in gazetteer.towns if tight.startswith(one))
        if f"{name}島" in gazetteer.islands:  # 与路島5番地 is 与路5番地
            tight = tight.replace(f"{name}島", name, 1)
        return name, tight.removeprefix(name).removeprefix("小字").removeprefix("字")
    town, marker, part = tight.partition("小字") if "小字" in tight else tight.partition("字")
    if marker and not town:  # 字 alone before a name: the name is all there is
        return part, ""
    return town, part


def _fold_town(text: str) -> str:
    """A town of the postal list without the part of it that stands behind 字."""
    return _tight(text).removeprefix("大字").partition("字")[0]


def _tight(text: str) -> str:
    return text.translate(_LETTERS).replace(" ", "")


def _write_digits(found: re.Match[str]) -> str:
    """二十三 is 23, and 一二八三 is 1283."""
    written = found.group()
    if not any(unit in written for unit in _UNITS):
        return "".join(str(_DIGITS[one]) for one in written)
    total = ahead = 0
    for one in written:
        if one in _UNITS:
            total += (ahead or 1) * _UNITS[one]
            ahead = 0
        else:
            ahead = ahead * 10 + _DIGITS[one]
    return str(total + ahead)
