"""One card at the terminal, from the hand to the list (1枚の設定): ports in, evidence out."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.cards.domain.terminal import (
    Doing,
    Expected,
    NoAnswer,
    Plan,
    SetupHow,
    Written,
    check_expected,
    no_answer,
    plan_card,
    plan_noting,
)
from madoguchi.cards.ports import CardFeed, PreIssueSetup
from madoguchi.kernel.outcome import Unavailable

#: What the command line needs of it; it enters a room by actions and queries alone.
__all__ = ["CardFeed", "Expected", "PreIssueSetup", "Tried", "check_expected", "try_card"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one card, and whether the run may go on (1枚の結果)."""

    plan: Plan
    pressed: bool = False
    #: The terminal said that it was set up before we pressed anything.
    was_set: bool = False
    how: SetupHow = SetupHow.ROBOT

    @property
    def to_note(self) -> SetupOutcome | None:
        """What is written down; None: the card stays as it is (書く結果)."""
        return self.plan.outcome if self.plan.doing is Doing.NOTE else None

    @property
    def is_wanted(self) -> bool:
        """A rehearsal ended where somebody would press (照合が合った)."""
        return self.plan.doing is Doing.PRESS


def try_card(expected: Expected, *, terminal: PreIssueSetup, feed: CardFeed, press: bool) -> Tried:
    """Lay, read, compare, set, read back; without ``press`` only as far as comparing (設定)."""
    laid = feed.lay(notice_no=expected.notice_no, shelf=expected.shelf)
    if isinstance(laid, Unavailable):
        problem = no_answer(laid, where=expected.notice_no)
        return Tried(plan=Plan(doing=Doing.LEAVE, problems=(problem,)))
    begun = terminal.begin(expected.notice_no)
    plan = plan_card(expected, begun)
    if plan.doing is not Doing.PRESS:
        return _noted_before(expected, plan, terminal)
    if not press:
        return Tried(plan=plan)
    ended = terminal.set_up(expected.notice_no)
    written: Written | Unavailable | None = None
    if isinstance(ended, Unavailable) and ended.reason == NoAnswer.SESSION_LOST:
        # The list can still be read by signing on anew; nothing is pressed twice by that.
        written = terminal.sign_on()
    if written is None:
        written = terminal.look_up(expected.notice_no)
    return Tried(plan=plan_noting(expected, ended, written), pressed=True)


def _noted_before(expected: Expected, plan: Plan, terminal: PreIssueSetup) -> Tried:
    """A card that the terminal calls done is believed only when its list says so too."""
    if plan.outcome is not SetupOutcome.DONE:
        return Tried(plan=plan)
    written = terminal.look_up(expected.notice_no)
    return Tried(plan=plan_noting(expected, SetupOutcome.DONE, written), was_set=True)
