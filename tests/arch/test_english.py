"""Every page of staff has its English, and every English fits the page it stands in."""

import string

import pytest

from madoguchi.web.messages import FOLDER, catalogue, english_catalogue
from tools.english import codes_missing, ill_fitting, missing, rooms, words_needed


@pytest.mark.parametrize("room", rooms())
def test_every_word_of_a_page_has_its_english(room):
    assert missing(room) == []


@pytest.mark.parametrize("room", rooms())
def test_an_english_piece_draws_what_the_japanese_draws(room):
    assert ill_fitting(room) == []


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_every_sentence_and_label_has_its_english(file):
    assert codes_missing(file) == {}


def test_no_english_is_left_over():
    from madoguchi.web.english import _words_in

    needed = {room: set(words_needed(room)) for room in rooms()}
    # The shell's words are every room's.
    needed["web"] = set().union(*needed.values())
    left = {room: sorted(set(_words_in(room)) - needed[room]) for room in rooms()}
    assert {room: words for room, words in left.items() if words} == {}


def test_an_english_sentence_uses_only_the_facts_the_japanese_has():
    wrong = []
    for code, entry in english_catalogue().entries.items():
        own = catalogue().entries[code]
        facts = _facts(own.cause) | _facts(own.remedy)
        if (_facts(entry.cause) | _facts(entry.remedy)) - facts:
            wrong.append(code)
    assert wrong == []


def _facts(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
