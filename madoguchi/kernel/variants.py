"""Variant forms of kanji, brought to one form for search keys only (異体字).

A stored name is never changed by this: a name is what its bearer was given. The tables of the
文字情報基盤 come with `jntajis` (CC BY-SA, used as a library); what they lack or leave apart is
added below.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from jntajis import MJShrinkSchemeCombo, mj_shrink_candidates

# The notices on the family register are read first: they pair old and new forms. The list of
# the Immigration Agency (告示582) comes last: it also offers mere look-alikes.
_SCHEMES = (
    MJShrinkSchemeCombo.MOJ_FAMILY_REGISTER_ACT_RELATED_NOTICE,
    MJShrinkSchemeCombo.JIS_INCORPORATION_UCS_UNIFICATION_RULE,
    MJShrinkSchemeCombo.INFERENCE_BY_READING_AND_GLYPH,
    MJShrinkSchemeCombo.MOJ_NOTICE_582,
)

# Source: resident record standard 2.1.2, examples of 異体字 to be found together.
STANDARD_GROUPS = ("辺邊邉", "浜濱濵", "藤䕨籐")

# *assumed* (ours): forms that desks treat as one name, which the tables above keep apart
# because both forms are in everyday use. The first of each row is the key.
ASSUMED_GROUPS = (
    "斎斉齋齊斊", "高髙", "崎﨑嵜碕", "島嶋嶌嶹", "竜龍", "滝瀧", "富冨", "峰峯", "館舘", "園薗", "野埜",
    "秋穐", "淵渕渊", "曽曾", "灯燈", "杯盃", "升舛", "刈苅", "柏栢", "湧涌", "駆駈", "舗鋪", "鉱砿",
    "穎頴", "檜桧", "梅楳", "祢禰", "籠篭", "遥遙", "凛凜", "晃晄", "麹麴", "噛嚙", "攪撹", "潅灌",
    "諫諌", "鶯鴬", "礪砺", "藪薮", "蛎蠣", "剥剝", "嘘噓", "叱𠮟", "巌巖", "亘亙", "鶴靏靍靎", "爾尓",
    "間閒", "旗籏", "角⻆",
)  # fmt: skip

_LEVEL_1 = range(0x889F, 0x9873)

# Where deciding differs from finding: 斎藤 is found as 斉藤, and is not 斉藤. The first of each row
# is the key.
_LETTERS_APART = ("斎齋", "斉齊", "斊", "間", "閒", "尓", "爾", "湧", "涌", "穣穰")
# What the notices say, and JIS: one letter in two forms. Neither guesses by look nor by reading.
_ONE_LETTER = (
    MJShrinkSchemeCombo.MOJ_FAMILY_REGISTER_ACT_RELATED_NOTICE,
    MJShrinkSchemeCombo.JIS_INCORPORATION_UCS_UNIFICATION_RULE,
)


@cache
def variant_key(character: str) -> str:
    """Return the form under which this character and its variants are found (検索用代表字)."""
    seen = [character]
    while seen[-1] not in _overlay():
        following = _next_form(seen[-1])
        if following in seen:
            # The tables lead round in a circle: any member will do, as long as it is the same.
            return min(seen[seen.index(following) :], key=lambda form: (_level(form), ord(form)))
        seen.append(following)
    return _overlay()[seen[-1]]


@cache
def letter_key(character: str) -> str:
    """Return the form that says whether two letters are one (同じ字かどうかの代表字).

    For deciding, not for finding: one step by the notices, never along a chain of them, and
    nothing by look or by reading. What `variant_key` joins beyond this is to be asked about.
    """
    form = _one_step(character)
    if _one_step(form) == character:  # the notices name the two after one another
        return min(form, character)
    return form


def _one_step(character: str) -> str:
    overlay = _letters()
    if character in overlay or _level(character) == 1:
        return overlay.get(character, character)
    for scheme in _ONE_LETTER:
        found = list(_shrunk(character, scheme))
        if found:
            form = min(found, key=lambda one: (_level(one), ord(one)))
            return overlay.get(form, form)
    old = _old_to_new().get(character, character)
    return overlay.get(old, old)


@cache
def _letters() -> dict[str, str]:
    return {**_overlay(), **dict(_pairs(_LETTERS_APART))}


def _next_form(character: str) -> str:
    """Return the form the tables shrink this one to, or itself (縮退)."""
    # 常用 forms stay: the tables also shrink 書 to 昼, 師 to 帥 and 玉 to 王.
    if _level(character) == 1:
        return character
    for scheme in _SCHEMES:
        found = list(_shrunk(character, scheme))
        if found:
            return min(found, key=_level)
    return _old_to_new().get(character, character)


def _shrunk(character: str, *schemes: MJShrinkSchemeCombo) -> Iterator[str]:
    for scheme in schemes:
        for form in mj_shrink_candidates(character, int(scheme)):
            plain = unicodedata.normalize("NFKC", form)
            if plain != character and len(plain) == 1:
                yield plain


@cache
def _old_to_new() -> dict[str, str]:
    """Turn round the pairs the tables give only from everyday form to old form: 頬 to 頰."""
    turned: dict[str, str] = {}
    for everyday in _level_1_characters():
        for old in _shrunk(everyday, _SCHEMES[0]):
            if _level(old) != 1:
                turned.setdefault(old, everyday)
    return turned


@cache
def _overlay() -> dict[str, str]:
    return dict(_pairs((*STANDARD_GROUPS, *ASSUMED_GROUPS)))


def _pairs(groups: Iterable[str]) -> Iterator[tuple[str, str]]:
    for group in groups:
        for form in group:
            yield form, group[0]


def _level_1_characters() -> Iterator[str]:
    for code in _LEVEL_1:
        try:
            yield code.to_bytes(2, "big").decode("shift_jis")
        except UnicodeDecodeError:
            continue


@cache
def _level(character: str) -> int:
    """Return 1 for JIS level 1, 2 for the rest of JIS X 0208, 3 for all others (水準)."""
    try:
        code = int.from_bytes(character.encode("shift_jis"), "big")
    except UnicodeEncodeError:
        return 3
    return 1 if code in _LEVEL_1 else 2
