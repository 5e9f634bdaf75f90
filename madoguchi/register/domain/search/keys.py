"""What is stored about a person so that a search finds them (検索キー).

Source of the rules: resident record standard 2.1.2, 2.1.3; the folding itself is the kernel's.

A person has one row. Texts in it are framed by ``|`` so that LIKE can tell a whole name from
a part of one: ``|山田 太郎|山田太郎|`` holds the name with its space and without. ``tokens``
are 32-bit hashes for one inverted index. Two unlike tokens may share a hash, so whoever asks
by tokens also checks the texts.

The index is asked in the order in which results are shown. Pieces of names and addresses
(grams) therefore carry the bucket of the person: living before removed, then kana. The first
full bucket fills the page, and a hundred thousand rows that share a letter are never sorted.
Only whole names carry none.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from zlib import crc32

from madoguchi.kernel.names import fold_kana, fold_kanji, grams, sort_kana
from madoguchi.register.domain.search.spelling import (
    FRAME,
    Spelling,
    kanas_in,
    names_in,
    places_before,
    places_in,
)


@unique
class Token(StrEnum):
    """What a token stands for (見出しの種別); past ones are the capital letters."""

    NAME_GRAM = "n"
    FULL = "f"
    SURNAME = "s"
    GIVEN = "g"
    KANA_GRAM = "k"
    KANA_FULL = "p"
    KANA_SURNAME = "q"
    KANA_GIVEN = "r"
    PLACE_GRAM = "a"
    PLACE_WORD = "w"
    BORN = "b"


#: What too many people share to be sorted when it is asked for.
BUCKETED = frozenset(Token) - {Token.FULL, Token.KANA_FULL}

# Where the buckets begin. The first are small and the later ones larger: what very many share
# fills a page from the first few hundred, what few share is looked for in all of them.
_LIVING_STARTS = (
    "アオ", "アサ", "アリ", "イ", "イシ", "イマ", "ウ", "オ", "カ", "キ", "サ", "シ", "タ", "ナ", "ハ", "フ",
    "マ", "ミ", "ヤ",
)  # fmt: skip
_REMOVED_STARTS = ("アリ", "イ", "オ", "サ", "ナ", "マ")
_STARTS = (_LIVING_STARTS, _REMOVED_STARTS)
BUCKETS = tuple(
    f"{rank}{chr(ord('a') + place)}"
    for rank, starts in enumerate(_STARTS)
    for place in range(len(starts) + 1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchKeys:
    """The row a person is found by (検索用の行)."""

    rank: int
    sort_key: str
    born: date | None
    name: str
    surname: str
    initial: str
    kana_surname: str
    names: str
    kanas: str
    places: str
    past_names: str
    past_kanas: str
    past_places: str
    tokens: tuple[int, ...]


def keys_of(now: Spelling, *, past: Iterable[Spelling], is_resident: bool) -> SearchKeys:
    """Work out the row a person is found by (検索キーの作成)."""
    rank = 0 if is_resident else 1
    sort_key = sort_key_of(now)
    bucket = bucket_of(rank, sort_key)
    names, kanas, places = names_in(now), kanas_in(now), places_in(now)
    old = list(past)
    past_names = tuple(_others(names, old, names_in))
    past_kanas = tuple(_others(kanas, old, kanas_in))
    past_places = tuple(_others(places, [now], places_before)) + tuple(
        _others(
            (*places, *places_before(now)), old, lambda one: (*places_in(one), *places_before(one))
        )
    )
    tokens: set[int] = set()
    _add_name_tokens(tokens, names, bucket, past=False)
    _add_kana_tokens(tokens, kanas, bucket, past=False)
    _add_place_tokens(tokens, places, bucket, past=False)
    if now.born is not None:
        base = _base(_letter(Token.BORN, past=False) + bucket)
        for whole_year in (True, False):
            tokens.add(crc32(born_piece(now.born, whole_year=whole_year).encode(), base))
    if past_names or past_kanas or past_places:
        _add_name_tokens(tokens, past_names, bucket, past=True)
        _add_kana_tokens(tokens, past_kanas, bucket, past=True)
        _add_place_tokens(tokens, past_places, bucket, past=True)
    surname = names[0].partition(" ")[0] if names else ""
    full = names[0].replace(" ", "") if names else ""
    return SearchKeys(
        rank=rank,
        sort_key=sort_key,
        born=now.born,
        name=full,
        surname=surname,
        initial=full[:1],
        kana_surname=kanas[0].partition(" ")[0] if kanas else "",
        names=_framed(names),
        kanas=_framed_kana(kanas),
        places=_framed_places(places),
        past_names=_framed(past_names),
        past_kanas=_framed_kana(past_kanas),
        past_places=_framed_places(past_places),
        # Inline, as _signed() says it: forty tokens a person.
        tokens=tuple([one - ((one & 0x8000_0000) << 1) for one in tokens]),
    )


# -- order -----------------------------------------------------------------------------


def sort_key_of(now: Spelling) -> str:
    """Return what results are sorted by: the reading in dictionary order (並び順のキー).

    Voicing and size do not count, as in a dictionary; ワ stays ワ here, whatever it is found
    by. Whoever has no reading follows after, by the letters of the name.
    """
    return primary(now.name_kana or now.alias_kana or "") or fold_kanji(now.name or now.alias)


@lru_cache(maxsize=100_000)
def primary(reading: str) -> str:
    """Return a reading with voicing, size and long marks dropped, spaces kept (五十音順)."""
    plain = unicodedata.normalize("NFD", sort_kana(reading))
    return plain.translate(_PRIMARY)


def bucket_of(rank: int, sort_key: str) -> str:
    """Return the bucket of a person: living or removed, and where in the alphabet (区分)."""
    before = (len(_LIVING_STARTS) + 1) * rank
    return BUCKETS[before + bisect_right(_STARTS[rank], sort_key)]


_PRIMARY = str.maketrans("ァィゥェォヵヶッャュョヮ", "アイウエオカケツヤユヨワ", "\u3099\u309aー・")


# -- tokens ----------------------------------------------------------------------------


def token(kind: Token, text: str, *, past: bool, bucket: str = "") -> int:
    """Return the number under which a piece stands in the index (見出しの番号)."""
    assert (kind in BUCKETED) is bool(bucket), kind
    return _signed(crc32(text.encode(), _base(_letter(kind, past=past) + bucket)))


def _letter(kind: Token, *, past: bool) -> str:
    return _PAST_LETTERS[kind] if past else _LETTERS[kind]


_LETTERS: Mapping[Token, str] = MappingProxyType({kind: kind.value for kind in Token})
_PAST_LETTERS: Mapping[Token, str] = MappingProxyType({kind: kind.value.upper() for kind in Token})


@lru_cache(maxsize=1_024)
def _base(start: str) -> int:
    """Return the sum of what all tokens of a kind and bucket begin with; it is gone on from."""
    return crc32(start.encode())


def _signed(number: int) -> int:
    """PostgreSQL's integers have a sign."""
    return number - ((number & 0x8000_0000) << 1)


def place_pieces(key: str) -> tuple[str, ...]:
    """Return the pieces of an address key: pairs of letters, and whole numbers (住所の索引)."""
    pieces: dict[str, None] = {}
    for run in _RUNS.findall(key):
        if run[0].isdigit():
            pieces["#" + run] = None
        else:
            pieces.update(dict.fromkeys(map(str.__add__, run, run[1:])))
    return tuple(pieces)


_RUNS = re.compile(r"[0-9]+|[^0-9\s|-]+")


def born_piece(day: date, *, whole_year: bool) -> str:
    """Return what stands for a year, or a month, in the index: 1955, 1955-01 (生年・生年月)."""
    return f"{day.year}" if whole_year else f"{day.year}-{day.month:02}"


# A set handed from one to the next, and pieces kept as bytes by the word: half the time of a
# load of a million people is spent below.


def _add_name_tokens(tokens: set[int], names: Iterable[str], bucket: str, *, past: bool) -> None:
    gram = _base(_letter(Token.NAME_GRAM, past=past) + bucket)
    given = _base(_letter(Token.GIVEN, past=past) + bucket)
    full = _base(_letter(Token.FULL, past=past))
    surname = _base(_letter(Token.SURNAME, past=past) + bucket)
    for one in names:
        first, *others = one.split(" ")
        tokens.add(crc32(one.replace(" ", "").encode(), full))
        tokens.add(crc32(first.encode(), surname))
        # A name of several words is found by each of them: NGUYEN THI HOA by THI and by HOA.
        tokens.update([crc32(word.encode(), given) for word in others])
        if len(others) > 1:
            tokens.add(crc32("".join(others).encode(), given))
        tokens.update([crc32(piece, gram) for piece in _gram_bytes(first)])
        for earlier, word in pairwise((first, *others)):
            tokens.update([crc32(piece, gram) for piece in _gram_bytes(word)])
            tokens.add(crc32((earlier[-1] + word[0]).encode(), gram))


def _add_kana_tokens(tokens: set[int], kanas: Iterable[str], bucket: str, *, past: bool) -> None:
    gram = _base(_letter(Token.KANA_GRAM, past=past) + bucket)
    given = _base(_letter(Token.KANA_GIVEN, past=past) + bucket)
    full = _base(_letter(Token.KANA_FULL, past=past))
    surname = _base(_letter(Token.KANA_SURNAME, past=past) + bucket)
    for one in kanas:
        first, *others = one.split(" ")
        squashed = fold_kana(one)
        tokens.add(crc32(squashed.encode(), full))
        tokens.add(crc32(first.encode(), surname))
        tokens.update([crc32(word.encode(), given) for word in others])
        if len(others) > 1:
            tokens.add(crc32("".join(others).encode(), given))
        # ウ after an O reads オ in the whole name, yet not in the given name alone: both.
        tokens.update([crc32(piece, gram) for piece in _gram_bytes(first)])
        for earlier, word in pairwise((first, *others)):
            tokens.update([crc32(piece, gram) for piece in _gram_bytes(word)])
            tokens.add(crc32((earlier[-1] + word[0]).encode(), gram))
        if squashed != one.replace(" ", ""):
            tokens.update([crc32(piece.encode(), gram) for piece in grams(squashed)])


def _add_place_tokens(tokens: set[int], places: Iterable[str], bucket: str, *, past: bool) -> None:
    gram = _base(_letter(Token.PLACE_GRAM, past=past) + bucket)
    named = _base(_letter(Token.PLACE_WORD, past=past) + bucket)
    for one in places:
        pieces, words = _place_bytes(one)
        tokens.update([crc32(piece, gram) for piece in pieces])
        tokens.update([crc32(word, named) for word in words])


@lru_cache(maxsize=100_000)
def _gram_bytes(word: str) -> tuple[bytes, ...]:
    return tuple(piece.encode() for piece in grams(word))


@lru_cache(maxsize=20_000)
def _place_bytes(place: str) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    key, *words = place.split(FRAME)
    return tuple(piece.encode() for piece in place_pieces(key)), tuple(map(str.encode, words))


# -- texts ----------------------------------------------------------------------------


def _others(
    known: tuple[str, ...],
    old: Iterable[Spelling],
    texts: Callable[[Spelling], tuple[str, ...]],
) -> Iterator[str]:
    """Return what older versions said and the current one does not, each once."""
    seen = set(known)
    for one in old:
        for text in texts(one):
            if text not in seen:
                seen.add(text)
                yield text


def _framed(names: Iterable[str]) -> str:
    forms = dict.fromkeys(form for one in names for form in (one, one.replace(" ", "")))
    return f"|{FRAME.join(forms)}|" if forms else ""


def _framed_kana(kanas: Iterable[str]) -> str:
    forms = dict.fromkeys(form for one in kanas for form in (one, fold_kana(one)))
    return f"|{FRAME.join(forms)}|" if forms else ""


def _framed_places(places: Iterable[str]) -> str:
    keys = dict.fromkeys(form for one in places for form in one.split(FRAME))
    return f"|{FRAME.join(keys)}|" if keys else ""
