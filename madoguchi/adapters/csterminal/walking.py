"""Working screens by a script, whatever shows them (手順の実行).

A screen that the script does not name stops the walk. What stands on a screen goes nowhere but
into the values that the script reads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from madoguchi.adapters.csterminal.script import Part, Script, Step, Value, Verb
from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.cards.domain.terminal import NoAnswer

LOOK_EVERY_SECONDS = 0.02


class Lost(Exception):
    """The walk cannot go on (止まった理由): ``line`` is where in the script it was."""

    def __init__(self, reason: NoAnswer, *, line: int = 0) -> None:
        self.reason, self.line = reason, line
        super().__init__(f"{reason} at line {line}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is seen just now (いま見えている画面)."""

    headings: tuple[str, ...]
    lines: frozenset[str]
    #: A small window stands before the screen; the headings are then its own.
    has_box: bool


class Screens(Protocol):
    """Something with screens (画面): a browser, or a table of a test."""

    def open(self, path: str) -> None:
        """Open an address of the terminal (開く)."""
        ...

    def look(self) -> Screen | None:
        """Return what is seen; None while a screen changes (見る)."""
        ...

    def fill(self, label: str, text: str) -> bool:
        """Type into the one field with this label; False: there is not just one (入れる)."""
        ...

    def press(self, label: str) -> bool:
        """Press the one button with these words; False: there is not just one (押す)."""
        ...

    def read(self, label: str) -> str | None:
        """Return what stands beside these words; None: they do not stand there once (読む)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """How a part of the script ended (手順の終わり)."""

    outcome: SetupOutcome | None = None
    read: Mapping[Value, str] = field(default_factory=dict)


def walk(
    script: Script, part: Part, screens: Screens, *, values: Mapping[Value, str],
    clock: Callable[[], float] = time.monotonic, rest: Callable[[float], None] = time.sleep,
) -> Walked:  # fmt: skip
    """Work one part; raises ``Lost`` where a screen is not the one the script names (実行)."""
    steps = script.parts.get(part, ())
    read: dict[Value, str] = {}
    awaited: list[Step] = []
    before = screens.look()
    for step in steps:
        if step.verb in (Verb.WHEN, Verb.EXPECT):
            awaited.append(step)
            if step.verb is Verb.EXPECT:
                met, before = _await(script, awaited, screens, before, clock=clock, rest=rest)
                awaited = []
                if met.outcome is not None:
                    return Walked(outcome=met.outcome)
        elif step.verb is Verb.READ:
            assert step.value is not None
            found = screens.read(step.label)
            if found is None:
                raise Lost(_why(script, screens), line=step.line)
            read[step.value] = found
        elif not _do(step, screens, values):
            raise Lost(_why(script, screens), line=step.line)
    if awaited:
        met, _ = _await(script, awaited, screens, before, clock=clock, rest=rest)
        return Walked(outcome=met.outcome, read=read)
    return Walked(read=read)


def _do(step: Step, screens: Screens, values: Mapping[Value, str]) -> bool:
    if step.verb is Verb.OPEN:
        screens.open(step.label)
        return True
    if step.verb is Verb.FILL:
        assert step.value is not None
        return screens.fill(step.label, values[step.value])
    return screens.press(step.label)


def _await(
    script: Script, awaited: Sequence[Step], screens: Screens, before: Screen | None, *,
    clock: Callable[[], float], rest: Callable[[float], None],
) -> tuple[Step, Screen]:  # fmt: skip
    """Wait for one of these screens; another one that stays is not the script's."""
    line = awaited[-1].line
    until = clock() + script.wait_seconds
    seen: Screen | None = None
    while clock() < until:
        screen = screens.look()
        if screen is not None:
            seen = screen
            for step in awaited:
                if _is_seen(step, screen):
                    return step, screen
            # What stood there before the press is no answer to it.
            is_new = before is None or screen.headings != before.headings
            if is_new and any(_is_seen(step, screen) for step in script.always):
                raise Lost(NoAnswer.SESSION_LOST, line=line)
            if screen.has_box:
                raise Lost(NoAnswer.BOX_IN_THE_WAY, line=line)
        rest(LOOK_EVERY_SECONDS)
    if seen is None:
        raise Lost(NoAnswer.NOT_REACHED, line=line)
    same = before is not None and seen.headings == before.headings
    raise Lost(NoAnswer.TOO_SLOW if same else NoAnswer.SCREEN_UNKNOWN, line=line)


def _why(script: Script, screens: Screens) -> NoAnswer:
    """Say what stands there instead of what was looked for."""
    screen = screens.look()
    if screen is not None and any(_is_seen(step, screen) for step in script.always):
        return NoAnswer.SESSION_LOST
    return NoAnswer.BOX_IN_THE_WAY if screen and screen.has_box else NoAnswer.SCREEN_UNKNOWN


def _is_seen(step: Step, screen: Screen) -> bool:
    if step.label in screen.headings:
        return True
    return step.verb is Verb.WHEN and not screen.has_box and step.label in screen.lines
