"""Keys under which a name is found, however it is written (検索キー).

For searching only. A stored name is never changed, not even to NFC, and nothing here is ever
printed. The rules are those of the resident record standard 2.1.2 (あいまい検索).

A key cannot make ヂ equal to ジ and ジ equal to シ and keep ヂ apart from シ: what the rules
join in two steps is joined here. Rank the hits by `sort_kana`, which loosens nothing.
"""

import re
import unicodedata
from collections.abc import Callable

from madoguchi.kernel.variants import variant_key

# Raise this when a key changes, so that stored keys are made anew. A test watches over it.
KEYS_VERSION = 1

_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def strip_variations(text: str) -> str:
    """Remove the selectors that choose among the shapes of one character (異体字セレクタ)."""
    return _VARIATION_SELECTORS.sub("", text)


def fold_kana(text: str) -> str:
    """Return the key of a reading: 清濁, size, long marks, dashes and spaces count not (読み).

    The given name starts a word of its own: key it apart as well, or search it with
    `kana_needles`, since ウ is read オ only after another letter.
    """
    if _VOICED_U.search(text):
        text = _settle_voiced_u(text)
    folded = text.translate(_KANA)
    if "ヽ" in folded or "々" in folded:
        folded = _REPEATED.sub(_repeat, folded)
    if "ウ" in folded:
        folded = _LONG_O.sub(_lengthen, folded)
    return folded


def kana_needles(text: str) -> tuple[str, ...]:
    """Return the keys to look for *inside* stored keys; any one found is a hit (部分一致).

    タ after オノ is stored as オノオタ when it began with ウ, so ウタ is looked for as オタ too.
    """
    key = fold_kana(text)
    if not key.startswith("ウ"):
        return (key,) if key else ()
    return (key, fold_kana("オ" + key[1:]))


def sort_kana(text: str) -> str:
    """Return a reading in full-width katakana, to sort and to rank by (並び替え用の読み)."""
    plain = unicodedata.normalize("NFKC", text.translate(_SPACING_MARKS))
    return " ".join(plain.translate(_TO_KATAKANA).split())


def fold_kanji(text: str) -> str:
    """Return the key of a name as written: variants, widths and spaces count not (氏名).

    Nor do case, accents and the voicing of kana: José is JOSE, さくら is サクラ.
    """
    folded = text.translate(_KANJI)
    if "々" in folded or "ヽ" in folded:
        folded = _REPEATED.sub(_repeat, folded)
    return folded


def grams(text: str) -> tuple[str, ...]:
    """Return each character and each neighbouring pair of a key, once (1・2文字索引).

    Stored for an inverted index: two-kanji names are the usual search, and three-letter
    indexes cannot serve them.
    """
    return tuple(dict.fromkeys((*text, *map(str.__add__, text, text[1:]))))


# --- tables ------------------------------------------------------------------------------------

_SMALL = "ァィゥェォヵヶッャュョヮㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
_LARGE = "アイウエオカケツヤユヨワクシストヌハヒフヘホムラリルレロ"
_ENLARGED = str.maketrans(_SMALL, _LARGE)
_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_SPACING_MARKS = str.maketrans("゛゜ﾞﾟ", "\u3099\u309a\u3099\u309a")

# Letters the rules join, after voicing is dropped. ヰ and ヱ are *assumed*: old spellings.
_JOINED = str.maketrans("チツワヲヰヱ", "シスハオイエ")

_O_ROW = "オコソトノホモヨロ"
_LONG_O = re.compile(f"([{_O_ROW}])(ウ+)")
_REPEATED = re.compile("([^ヽ々])([ヽ々]+)")

# ヴァ = バ, ヴィ = ビ, ヴ = ブ; ヷ to ヺ are the same sounds. A small letter belongs to its ヴ,
# a large one starts a new sound: リヴ イトウ is not リヴィトウ. ヴュ and ヴョ are *assumed*.
_VOICED_U = re.compile("[ヴゔヷヸヹヺ\u3099゛ﾞ]")
_VOICED_SOUNDS = {
    "ヴァ": "ハ", "ヴィ": "ヒ", "ヴェ": "ヘ", "ヴォ": "ホ",
    "ヴャ": "ヒヤ", "ヴュ": "ヒユ", "ヴョ": "ヒヨ",
    "ヴ": "フ", "ヷ": "ハ", "ヸ": "ヒ", "ヹ": "ヘ", "ヺ": "ホ",
}  # fmt: skip
_VOICING_MARKS = "\u3099\u309a"
_VOICED_SOUND = re.compile("|".join(_VOICED_SOUNDS))

# What separates the parts of a name or stands for them, and is ignored: dashes of all kinds,
# the long mark, and (*assumed*) dots, commas and apostrophes.
_IGNORED = frozenset("ー―－‐ｰ-−─━~～〜・･·.,'’‘`´、，．。｡")
_IGNORED_CATEGORIES = ("Zs", "Zl", "Zp", "Pd", "Cc", "Cf", "Mn", "Me")


_FIRST_KANJI = "\u2e80"


class _FoldingTable(dict[int, str]):
    """A table for `str.translate` that works out a character when it first meets it."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        super().__init__()
        self._fold = fold

    def __missing__(self, code: int) -> str:
        folded = self[code] = self._fold(chr(code))
        return folded


def _fold_one_kana(character: str) -> str:
    return _fold_one_kanji(character).translate(_JOINED)


def _fold_one_kanji(character: str) -> str:
    """Return what one character adds to a key; nothing, if it is ignored."""
    if character in _IGNORED:
        return ""
    folded: list[str] = []
    for part in unicodedata.normalize("NFKD", character):
        if part in _IGNORED or unicodedata.category(part) in _IGNORED_CATEGORIES:
            continue
        folded.append(variant_key(part) if part >= _FIRST_KANJI else part)
    key = "".join(folded).translate(_TO_KATAKANA).translate(_ENLARGED)
    return key.upper().replace("〻", "々")


_KANA = _FoldingTable(_fold_one_kana)
_KANJI = _FoldingTable(_fold_one_kanji)


def _settle_voiced_u(text: str) -> str:
    """Write ヴ and its kin as the sounds they stand for, however they were put together."""
    plain = unicodedata.normalize("NFKC", text.translate(_SPACING_MARKS))
    # What is ignored must go first: it may stand between a letter and its mark.
    tight = "".join(c for c in plain if c in _VOICING_MARKS or _KANA[ord(c)])
    katakana = unicodedata.normalize("NFC", tight.translate(_TO_KATAKANA))
    return _VOICED_SOUND.sub(lambda found: _VOICED_SOUNDS[found.group()], katakana)


def _repeat(found: re.Match[str]) -> str:
    """佐々木 is 佐佐木, ミスヾ is ミスズ (*assumed*: the standard does not name these marks)."""
    return found.group(1) * (1 + len(found.group(2)))


def _lengthen(found: re.Match[str]) -> str:
    return found.group(1) + "オ" * len(found.group(2))
