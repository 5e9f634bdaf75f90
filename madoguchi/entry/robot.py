"""Working the shelf list at the terminal, card by card (棚の順の設定): the robot's day.

Where a card stops, the run stops: what was done is written down, the card it stopped at is noted
or untouched, and the next run asks the terminal before it presses anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from madoguchi.adapters.csterminal.work import (
    CardFeed,
    Expected,
    PreIssueSetup,
    Tried,
    check_expected,
    try_card,
)
from madoguchi.audit.api import look
from madoguchi.cards.actions.setup import look_before_setup, note_setup
from madoguchi.cards.queries.setup import setup_order
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What came of one card in a run (1枚の結果)."""

    notice_no: str
    shelf: str
    #: DONE or what was wrong; empty: nothing was written down.
    outcome: str = ""
    seconds: float = 0.0
    was_set: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True, kw_only=True)
class Run:
    """A run of the robot so far (設定の実行)."""

    done: list[Worked] = field(default_factory=list)
    #: Stopped by the register meanwhile, or too little known to be compared: left to a person.
    passed_over: list[Worked] = field(default_factory=list)
    stopped_at: Worked | None = None
    problems: tuple[Problem, ...] = ()
    waiting: int = 0


def work_shelf(
    *, terminal: PreIssueSetup, feed: CardFeed, actor: Actor, terminal_no: str,
    cards_max: int | None = None, press: bool = True,
    stop: Callable[[], bool] = lambda: False,
    tell: Callable[[Worked], None] = lambda _: None,
) -> Run:  # fmt: skip
    """Set up what waits, in shelf order, until all is done or something is not right (設定の実行).

    Without ``press`` each card is read and compared, and nothing is set or written down.
    """
    run = Run()
    seen: set[str] = set()
    refused = terminal.sign_on()
    if isinstance(refused, Unavailable):
        run.problems = (Problem(code=refused.reason),)
    else:
        for expected in _waiting(actor, seen):
            if stop() or (cards_max is not None and len(run.done) >= cards_max):
                break
            worked = _work(
                expected, terminal=terminal, feed=feed, actor=actor, terminal_no=terminal_no,
                press=press, run=run,
            )  # fmt: skip
            tell(worked)
            if run.stopped_at is not None:
                break
        terminal.sign_off()
    run.waiting = len(setup_order(actor=actor))
    return run


def _waiting(actor: Actor, seen: set[str]) -> Iterator[Expected]:
    """Yield the next card of the list as it is now: others work along the same shelf."""
    while left := [one for one in setup_order(actor=actor) if one.card_id not in seen]:
        seen.add(left[0].card_id)
        yield left[0]


def _work(
    expected: Expected, *, terminal: PreIssueSetup, feed: CardFeed, actor: Actor,
    terminal_no: str, press: bool, run: Run,
) -> Worked:  # fmt: skip
    began = time.monotonic()

    def worked(outcome: str = "", problems: tuple[Problem, ...] = (), **more: bool) -> Worked:
        return Worked(
            notice_no=expected.notice_no, shelf=expected.shelf, outcome=outcome,
            seconds=round(time.monotonic() - began, 2), problems=problems, **more,
        )  # fmt: skip

    if problems := (*_look_before(expected, actor=actor, press=press), *check_expected(expected)):
        run.passed_over.append(worked(problems=problems))
        return run.passed_over[-1]
    look(actor=actor, screen="CARD_SETUP_ROBOT", subjects=[expected.person_id])
    tried = try_card(expected, terminal=terminal, feed=feed, press=press)
    problems, outcome = tried.plan.problems, ""
    if press and tried.to_note is not None:
        outcome, refusal = _note(
            expected, tried, actor=actor, terminal_no=terminal_no, seconds=time.monotonic() - began
        )
        problems = (*problems, *refusal)
    result = worked(outcome, problems, was_set=tried.was_set)
    if problems:
        run.stopped_at, run.problems = result, problems
    else:
        run.done.append(result)
    return result


def _look_before(expected: Expected, *, actor: Actor, press: bool) -> tuple[Problem, ...]:
    """Ask the register anew before the terminal is touched; a rehearsal keeps nothing of it."""
    if not press:
        return ()
    try:
        return unit.run(
            look_before_setup, card_id=expected.card_id, version=expected.version, actor=actor,
            now=clock.now(),
        )  # fmt: skip
    except Refused as refusal:
        return refusal.problems


def _note(
    expected: Expected, tried: Tried, *, actor: Actor, terminal_no: str, seconds: float
) -> tuple[str, tuple[Problem, ...]]:
    assert tried.to_note is not None
    try:
        unit.run(
            note_setup, card_id=expected.card_id, outcome=tried.to_note, version=expected.version,
            terminal=terminal_no, seconds=round(seconds), how=tried.how, actor=actor,
            now=clock.now(),
        )  # fmt: skip
    except Refused as refusal:
        # The register changed within these seconds: the terminal has it, our row may not.
        said = Problem(code="ROBOT_SET_NOT_NOTED", where=expected.notice_no)
        return "", (said, *refusal.problems)
    return tried.to_note.value, ()
