"""Every screen of the desk says how it is used, with a picture (SPEC1 10.5, W6): none is forgotten, none is stale."""

import re
from functools import cache

import pytest

from madoguchi.web import manual
from madoguchi.web.english import JAPANESE, words_of
from madoguchi.web.messages import catalogue, english_catalogue, label
from tests.arch.house import PACKAGE

BASE = "web/base.html"
#: Screens no picture of which is kept, each with its reason.
_SECRET = "shows, or asks for, what lets somebody in"
_STATION = "a station of one case, which the demo's town does not have on its first day"
NO_PICTURE = {
    "accounts-confirm_passkey": _SECRET,
    "accounts-passkey_add": _SECRET,
    "accounts-passkey_remove": _SECRET,
    "accounts-recovery_codes": _SECRET,
    "accounts-recovery_codes_new": _SECRET,
    "accounts-second_factor": _SECRET,
    "accounts-set_up": _SECRET,
    "accounts-totp_add": _SECRET,
    "accounts-totp_remove": _SECRET,
    "cards-application": _STATION,
    "cards-hand_over": _STATION,
    "certificates-case": _STATION,
    "certificates-letter": _STATION,
    "dispatch-parcel": _STATION,
    "dispatch-slip": _STATION,
    "kiosk_office-case": _STATION,
    "kiosk_office-count": _STATION,
    "kit-trip": _STATION,
    "moves-filing": _STATION,
    "moves-whose": _STATION,
    "register-import_state": _STATION,
}


@cache
def parents():
    """Template → the one it extends."""
    found = {}
    for path in PACKAGE.glob("*/templates/**/*.html"):
        said = re.search(r'{% extends "([^"]+)"', path.read_text("utf-8"))
        found[path.as_posix().split("/templates/")[1]] = said[1] if said else None
    return found


def screens():
    """Every template that is a page of the desk itself: it stands on the base, nothing stands on it."""
    below = set(parents().values())

    def on_base(name):
        while name is not None and name != BASE:
            name = parents().get(name)
        return name == BASE

    return {name for name in parents() if name not in below and on_base(name)}


def test_every_screen_of_the_desk_has_help_and_no_help_is_of_nothing():
    assert len(screens()) > 100
    assert screens() == set(manual.helps())


@pytest.mark.parametrize("screen", sorted(manual.helps()))
def test_the_help_is_short_and_says_what_cannot_be_undone(screen):
    one = manual.helps()[screen]
    assert 1 <= len(one.steps) <= 4
    for line in (one.what, *one.steps, one.care):
        assert 5 <= len(line) <= 110, line
        assert line.endswith(("。", "）")), line
    assert label(kind="help_room", code=one.room) != one.room


@pytest.mark.parametrize("folder", ["", "english"])
def test_every_picture_is_of_a_screen_and_every_screen_has_one(folder):
    pictures = list((manual.PICTURES / folder).glob("*.webp"))
    drawn = {path.stem for path in pictures}
    named = {f"{one.room}-{one.screen}" for one in manual.helps().values()}
    assert drawn <= named
    assert named - drawn == set(NO_PICTURE)
    assert sum(path.stat().st_size for path in pictures) < 3_000_000


# -- in English ----------------------------------------------------------------------------


@pytest.mark.parametrize("room", sorted({one.room for one in manual.helps().values()}))
def test_every_sentence_of_the_help_has_its_english_and_no_english_is_of_another(room):
    """The English stands beside the Japanese it was written from: a sentence changed since is missing here."""
    own = {one.screen: sentences(one) for one in manual.helps().values() if one.room == room}
    assert {screen: list(said) for screen, said in manual.words_of(room).items()} == own


@pytest.mark.parametrize("screen", sorted(manual.helps()))
def test_the_english_help_is_short_whole_and_english(screen):
    one = manual.read(english=True)[screen]
    for line in (one.what, *one.steps, one.care):
        assert 5 <= len(line) <= 250, line
        assert line.endswith((".", "?", "!", ")")), line
    for line in sentences(one):
        assert not JAPANESE.search(QUOTED_JAPANESE.sub("", line)), line
        assert '"' not in line, line


@pytest.mark.parametrize("screen", sorted(manual.helps()))
def test_the_english_help_names_keys_and_buttons_as_the_english_page_does(screen):
    own, turned = manual.helps()[screen], manual.read(english=True)[screen]
    wrong = []
    for japanese, english in zip(sentences(own), sentences(turned), strict=True):
        wrong += [key for key in KEY.findall(japanese) if not re.search(rf"\b{key}\b", english)]
        for name in re.findall("「([^」]+)」", japanese):
            known = names_of(own.room, name)
            if known and not any(one.casefold() in english.casefold() for one in known):
                wrong.append(f"{name}: {sorted(known)} not in “{english}”")
    assert wrong == []


#: What is not English in an English help: the mark on practice papers, the number nobody may write, an example.
QUOTED_JAPANESE = re.compile("見本|個人番号|やまだ")
#: A key that is named in a Japanese sentence: a letter, a digit of its own, or one with a name.
KEY = re.compile(r"(?<![A-Za-z0-9.\-])([A-Z]|Enter|Esc|F1)(?![A-Za-z0-9.\-])")


def sentences(one):
    """All of a help, in order."""
    return [one.title, one.what, *one.steps, one.care]


@cache
def names_of(room, name):
    """What the English pages of a room call a button, a heading or a code that is 「name」 in Japanese."""
    room = "kiosk" if room == "kiosk_office" else room
    found = {
        bare(english) for japanese, english in words_of(room).items() if bare(japanese) == name
    }
    if not found:
        turned = english_catalogue().labels
        found = {
            turned[key]
            for key, word in catalogue().labels.items()
            if word == name and key in turned
        }
    return found


def bare(piece):
    """A piece of a template without what is drawn into it."""
    return re.sub(r"{%.*?%}|{{.*?}}", "", piece).strip(" :")
