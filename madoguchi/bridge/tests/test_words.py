"""The bridge's own sentences: every code and every word of its pages, in three languages."""

import re
from pathlib import Path

import pytest

from madoguchi.bridge.trouble import LANGUAGES, Trouble, words

STATIC = Path(__file__).resolve().parents[1] / "static"
SAID = set(re.findall(r'say\("(\w+)"', "".join(p.read_text() for p in STATIC.glob("*.js"))))
SAID |= {"left", "last"}  # one or the other, by how many tries are left


@pytest.mark.parametrize("key", sorted(words()))
def test_it_is_said_in_every_language(key):
    row = words()[key]
    assert tuple(row) == LANGUAGES
    # Column names and states of the list of people are Japanese in every language.
    assert row["en"].isascii() or key in ("PEOPLE_COLUMNS", "PEOPLE_STATE")
    facts = {name: set(re.findall(r"\{(\w+)\}", text)) for name, text in row.items()}
    assert facts["ja"] == facts["ja-easy"] == facts["en"]


@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_trouble_says_what_and_what_to_do(trouble):
    row = words()[trouble]
    assert row["ja"].endswith("。")
    assert row["ja-easy"].endswith("。")
    assert row["en"].endswith((".", "?"))


def test_kanji_in_easy_japanese_carry_their_reading():
    for key, row in words().items():
        bare = re.sub(r"\{[^{}|]+\|[ぁ-ゖー]+\}", "", row["ja-easy"])
        assert not re.findall("[一-鿿]", bare), key


def test_no_word_is_missing_and_none_is_idle():
    assert len(SAID) > 20
    assert {key for key in words() if key.islower()} == SAID
    assert {key for key in words() if not key.islower()} == set(Trouble)
