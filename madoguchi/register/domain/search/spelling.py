"""The texts a search looks into, folded (検索する表記): names, readings, addresses."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from madoguchi.kernel.addresses import fold_address, split_address
from madoguchi.kernel.names import fold_kana, fold_kanji

#: Stands between texts that are kept in one column; no folded text holds it.
FRAME = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """The texts of one version of a person that a search looks into (氏名・住所の表記)."""

    name: str
    name_kana: str = ""
    former_surname: str = ""
    former_surname_kana: str = ""
    alias: str = ""
    alias_kana: str = ""
    name_alphabet: str = ""
    address: str = ""
    building: str = ""
    previous_address: str = ""
    born: date | None = None


def names_in(one: Spelling) -> tuple[str, ...]:
    """Return the names as written, folded, with a space between their parts (氏名の表記).

    The registered name comes first. A former surname is joined to the given name, as its
    bearer would write it.
    """
    names = [_spaced(one.name), _spaced(one.alias), _spaced(one.name_alphabet)]
    if one.former_surname:
        given = names[0].partition(" ")[2]
        names.append(f"{fold_word(one.former_surname)} {given}".strip())
    return tuple(dict.fromkeys(name for name in names if name))


def kanas_in(one: Spelling) -> tuple[str, ...]:
    """Return the readings, folded, with a space between their parts (氏名の読み)."""
    kanas = [_spaced_kana(one.name_kana), _spaced_kana(one.alias_kana)]
    if one.former_surname_kana:
        given = kanas[0].partition(" ")[2]
        kanas.append(f"{fold_reading(one.former_surname_kana)} {given}".strip())
    return tuple(dict.fromkeys(kana for kana in kanas if kana))


def places_in(one: Spelling) -> tuple[str, ...]:
    """Return where the person is registered, folded, without prefecture and town (住所).

    Everybody in the register lives in the town, so its name would find everybody.
    """
    return tuple(
        dict.fromkeys(
            place for place in (_place(_in_town(one.address)), _place(one.building)) if place
        )
    )


def places_before(one: Spelling) -> tuple[str, ...]:
    """Return where the person came from, folded, with its town (転入前住所)."""
    place = _place(one.previous_address)
    return (place,) if place else ()


def _in_town(address: str) -> str:
    return split_address(address).rest or address


@lru_cache(maxsize=20_000)
def _place(text: str) -> str:
    """Return ``key|word|word``: the folded address, and the place names it is made of."""
    if not text:
        return ""
    parts = split_address(text)
    named = [parts.municipality, *_PLACE_NAMES.split(unicodedata.normalize("NFKC", parts.rest))]
    words = dict.fromkeys(_fold_place_name(word) for word in named)
    kept = [word for word in words if word and not word[0].isdigit()]
    return FRAME.join((place_key(text), *kept))


def place_key(text: str) -> str:
    """Return the key of an address; the prefecture is left out, as people leave it out."""
    key = fold_address(text[len(split_address(text).prefecture) :])
    return key.replace(FRAME, "")


@lru_cache(maxsize=20_000)
def _fold_place_name(word: str) -> str:
    return fold_address(word)


_PLACE_NAMES = re.compile(r"大字|字|[0-9].*|[\s・]+")


# Folding is most of the work of a large load, and the same words come again and again.
@lru_cache(maxsize=100_000)
def fold_word(text: str) -> str:
    """Return the key of a name or a part of one; the frame's own sign is left out (氏名)."""
    return fold_kanji(text).replace(FRAME, "")


@lru_cache(maxsize=100_000)
def fold_reading(text: str) -> str:
    """Return the key of a reading or a part of one (読み)."""
    return fold_kana(text).replace(FRAME, "")


def _spaced(name: str) -> str:
    return " ".join(filter(None, map(fold_word, name.split())))


def _spaced_kana(reading: str) -> str:
    return " ".join(filter(None, map(fold_reading, reading.split())))
