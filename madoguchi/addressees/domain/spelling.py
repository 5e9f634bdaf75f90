"""Keys that say whether two names are one, and those that only find them (氏名の照合キー).

Two keys a name. The *strict* one decides: forms of one letter count as the same, letters that
merely look alike or sound alike do not. The *loose* one, `kernel.names`, only raises candidates.
A letter the list could not write (○, ?, 〓, an unassigned code) is kept as `LOST`: it agrees with
nothing and contradicts nothing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from madoguchi.kernel.names import fold_kana, fold_kanji
from madoguchi.kernel.variants import letter_key

#: Stands for a letter that was lost on the way (外字).
LOST = "○"
_LOST_MARKS = frozenset("〇○◯●□■〓?_*\ufffd")
_IGNORED = frozenset("ー―－‐ｰ-−─━~～〜・･·.,'’‘`´、，．。｡\"")
_IGNORED_CATEGORIES = ("Zs", "Zl", "Zp", "Pd", "Cc", "Cf", "Mn", "Me")
_SMALL = str.maketrans("ァィゥェォヵヶッャュョヮ", "アイウエオカケツヤユヨワ")
_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_FIRST_KANJI = "\u2e80"
_REPEATED = re.compile("([^々ヽ])([々ヽ]+)")
_BRACKETS = re.compile(r"[(（\[［【].*?(?:[)）\]］】]|$)")
_COMMAS = re.compile("[,，、]")
#: What a reading may hold; anything else was not typed as one.
_READING = re.compile(r"[ァ-ヺーヽヾ・ぁ-ゖｦ-ﾟ゛゜\u3099\u309a\s\u3000,.\-=‐－A-Za-z]+")


class NameKeys(NamedTuple):
    """The keys of one name; a part that is not known is empty (氏名のキー)."""

    surname: str
    given: str
    whole: str
    loose_surname: str
    loose_given: str


class _Letters(dict[int, str]):
    """A table for `str.translate` that works out a letter when it first meets it."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    if character in _LOST_MARKS or unicodedata.category(character) in ("Co", "Cn"):
        return LOST
    if character in _IGNORED:
        return ""
    folded = []
    for part in unicodedata.normalize("NFKC", character):
        if part in _LOST_MARKS:
            folded.append(LOST)
        elif part >= _FIRST_KANJI:
            # A kana keeps its voicing: かず is not かす.
            folded.append("" if _is_mark(part) else letter_key(part))
        else:
            plain = unicodedata.normalize("NFKD", part)
            folded.extend(one for one in plain if one not in _IGNORED and not _is_mark(one))
    return "".join(folded).translate(_TO_KATAKANA).translate(_SMALL).upper().replace("〻", "々")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in _IGNORED_CATEGORIES


_LETTERS = _Letters()
_PARTS: dict[str, tuple[str, str]] = {}
_PARTS_MAX = 400_000


def strict_key(text: str) -> str:
    """Return the key that decides whether two names are written the same (照合キー)."""
    if "\u3099" in text or "\u309a" in text or "ﾞ" in text or "ﾟ" in text:
        text = unicodedata.normalize("NFKC", text)
    folded = text.translate(_LETTERS)
    if "々" in folded or "ヽ" in folded:
        folded = _REPEATED.sub(lambda found: found.group(1) * (1 + len(found.group(2))), folded)
    return folded


def split_name(text: str) -> tuple[str, ...]:
    """Cut a name at its spaces; what stands in brackets is another name (氏と名)."""
    if "(" in text or "（" in text or "[" in text or "［" in text or "【" in text:
        text = _BRACKETS.sub(" ", text)
    if "," in text or "，" in text or "、" in text:
        text = _COMMAS.sub(" ", text)
    return tuple(text.split())


def name_keys(text: str) -> NameKeys:
    """Return all keys of a name as it was written (氏名からキーへ)."""
    parts = split_name(text)
    if len(parts) < 2:
        whole, _ = _part("".join(parts))
        return NameKeys(surname="", given="", whole=whole, loose_surname="", loose_given="")
    return cut_keys(parts[0], "".join(parts[1:]))


def cut_keys(surname: str, given: str) -> NameKeys:
    """Return the keys of a name whose parts are known (氏と名からキーへ)."""
    strict_surname, loose_surname = _part(surname)
    strict_given, loose_given = _part(given)
    return NameKeys(
        surname=strict_surname,
        given=strict_given,
        whole=strict_surname + strict_given,
        loose_surname=loose_surname,
        loose_given=loose_given,
    )


def _part(text: str) -> tuple[str, str]:
    """Return the strict and the loose key of a part; names repeat, so they are kept."""
    found = _PARTS.get(text)
    if found is None:
        if len(_PARTS) > _PARTS_MAX:
            _PARTS.clear()
        strict = strict_key(text)
        found = _PARTS[text] = (strict, "" if LOST in strict else fold_kanji(text))
    return found


def kana_key(text: str) -> str:
    """Return the key of a reading without its space; empty where it is no reading (読みのキー)."""
    parts = split_name(text)
    return "".join([_kana_part(part) for part in parts])


_KANA_PARTS: dict[str, str] = {}


def _kana_part(text: str) -> str:
    found = _KANA_PARTS.get(text)
    if found is None:
        if len(_KANA_PARTS) > _PARTS_MAX:
            _KANA_PARTS.clear()
        found = _KANA_PARTS[text] = fold_kana(text) if _READING.fullmatch(text) else ""
    return found
