"""A desk for the tests of this room: a frozen day, and filing through the real door."""

import itertools
from dataclasses import replace

import pytest

from madoguchi.infra import clock, unit
from madoguchi.infra.wiring import adapter_of, provide
from madoguchi.kernel.outcome import Refused
from madoguchi.moves.actions import filing
from madoguchi.moves.ports import Portal, TownPost
from madoguchi.moves.queries import rulebook
from madoguchi.moves.testing import TODAY, move_in
from madoguchi.moves.tests.post import Line
from madoguchi.register.testing import at, clerk
from madoguchi.web import messages


class Counter:
    """Files moves as clerk Kaede, each a minute after the one before."""

    def __init__(self):
        self.actor = clerk()
        self.minutes = itertools.count()

    def do(self, action, *, day=TODAY, **given):
        minute = next(self.minutes)
        moment = at(f"{day}T{9 + minute // 60:02d}:{minute % 60:02d}")
        given.setdefault("actor", self.actor)
        with clock.frozen(moment):
            try:
                return unit.run(action, now=moment, **given)
            except Refused as refusal:
                # Every refusal in these tests can be said in words, with all its facts.
                messages.render_all(refusal.problems)
                raise

    def move_in(self, *places, day=TODAY, passed=(), actor=None, **given):
        more = {"actor": actor} if actor else {}
        move = move_in(*places, **given)
        if day != TODAY:
            move = replace(move, told=replace(move.told, filed_on=day))
        return self.do(filing.file_move_in, move=move, passed=passed, day=day, **more)


@pytest.fixture
def counter(db):
    """The counter with an empty register behind it."""
    return Counter()


@pytest.fixture
def refused():
    """Return the codes of what a press was refused with."""

    def codes(action, *args, **given):
        with pytest.raises(Refused) as refusal:
            action(*args, **given)
        return [one.code for one in refusal.value.problems]

    return codes


@pytest.fixture
def line(settings, tmp_path, wired):
    """The line to another town and to the portal: real folders, real files."""
    return Line(tmp_path, settings)


@pytest.fixture
def wired():
    """Put back afterwards what stood behind the ports."""
    kept = {one: adapter_of(one) for one in (Portal, TownPost)}
    yield
    for port, adapter in kept.items():
        provide(port, adapter)
    rulebook.town_keys_book.cache_clear()
    rulebook.open_rule.cache_clear()
