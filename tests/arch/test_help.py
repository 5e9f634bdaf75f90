"""Every screen of the desk says how it is used, with a picture (SPEC1 10.5, W6): none is forgotten, none is stale."""

import re
from functools import cache

import pytest

from madoguchi.web import manual
from madoguchi.web.messages import label
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


def test_every_picture_is_of_a_screen_and_every_screen_has_one():
    drawn = {path.stem for path in manual.PICTURES.glob("*.webp")}
    named = {f"{one.room}-{one.screen}" for one in manual.helps().values()}
    assert drawn <= named
    assert named - drawn == set(NO_PICTURE)
    assert sum(path.stat().st_size for path in manual.PICTURES.glob("*.webp")) < 3_000_000
