"""One day at the desk, run by SimPy (窓口の一日).

How people are called: in the order they came; who cannot be served because the terminal is taken
does not keep a free clerk from the next. Clerk and terminal are taken together or not at all, so
nobody sits at a desk waiting for a terminal and two cannot wait for one another.

Residents come first (the town: 窓口のお客さんを優先している). Background work is made of steps: the
step in hand is finished, then whoever waits is served, then the work is taken up where it was. It
is not dropped in the middle of a step: a card half written is how a mistake is made. Who is inside
at closing time is served; background work is then done in overtime or left for the next day.

SimPy keeps the clock and the order of events. Its events carry callbacks instead of a process for
each person, which is quicker; a test holds the moments against a plain model made of processes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import simpy
from simpy.events import Event, Timeout

from madoguchi.insights.domain.twin.scenario import Resource, Service


@dataclass(slots=True, eq=False)
class Task:
    """One resident's matter or one piece of background work (一件).

    ``left`` is what is still to do of it, ``step`` the longest stretch done without looking up.
    """

    service: int
    came: float
    left: float
    step: float
    clerk: int
    cs: int
    background: bool
    fresh: bool = True  # not begun yet


@dataclass(slots=True, kw_only=True)
class DayRecord:
    """What came of a day, in minutes (一日の結果)."""

    #: Of each service, how long each resident waited, and each piece in the back lay.
    waits: list[list[float]]
    clerk_open: float = 0.0
    cs_open: float = 0.0
    clerk_after: float = 0.0
    cs_after: float = 0.0
    left_at_closing: int = 0
    carried: list[Task] = field(default_factory=list)


class Desk:
    """The desk of one day: who waits, who is served, what lies in the back (窓口)."""

    def __init__(
        self, *, clerks: int, terminals: int, open_minutes: float, services: int, overtime: bool
    ) -> None:
        self.env = simpy.Environment()
        self.clerks, self.terminals = clerks, terminals
        self.closing, self.overtime = open_minutes, overtime
        self.waiting: list[Task] = []
        self.back: deque[Task] = deque()
        self.in_hand = 0  # pieces of background work a step of which is being done
        self.record = DayRecord(waits=[[] for _ in range(services)])

    def run(self, tasks: Iterable[Task], carried: Sequence[Task] = ()) -> DayRecord:
        """Run the day to its last event (一日を動かす)."""
        self.back.extend(carried)
        for one in tasks:
            if one.background:
                self.back.append(one)
            else:
                self._at(one.came, self._come, one)
        self._at(self.closing, self._close, None)
        self._take_up()
        self.env.run()
        for one in self.back:
            one.came -= self.closing  # it has lain here all day
        self.record.carried = list(self.back)
        return self.record

    def _at(self, delay: float, then: Callable[[Event], None], value: object) -> None:
        """Let SimPy call ``then`` after so many minutes."""
        event = Timeout(self.env, delay, value)
        event.callbacks.append(then)

    # -- what happens ---------------------------------------------------------------

    def _come(self, event: Event) -> None:
        one: Task = event._value
        if one.clerk <= self.clerks and one.cs <= self.terminals:
            self._begin(one)
        else:
            self.waiting.append(one)

    def _finish(self, event: Event) -> None:
        """End a matter, or a step of what is done in the back; then look who is next."""
        one: Task = event._value
        self.clerks += one.clerk
        self.terminals += one.cs
        if one.background:
            if one.left > 0 and not self.waiting and self._goes_on():
                self._begin(one)  # nobody waits: the next step of the same piece
                return
            self.in_hand -= 1
            if one.left > 0:
                self.back.appendleft(one)
        if self.waiting:
            self._call_next()
        if self.back:
            self._take_up()

    def _close(self, _: Event) -> None:
        self.record.left_at_closing = len(self.back) + self.in_hand

    # -- how it is done -------------------------------------------------------------

    def _begin(self, one: Task) -> None:
        """Take what it needs, for a step or to its end, and write down before and after closing."""
        now, closing, record = self.env.now, self.closing, self.record
        minutes = min(one.step, one.left)
        one.left -= minutes
        after = now + minutes - closing
        if after <= 0:
            before, after = minutes, 0.0
        elif after > minutes:
            before, after = 0.0, minutes
        else:
            before = minutes - after
        self.clerks -= one.clerk
        self.terminals -= one.cs
        if one.clerk:
            record.clerk_open += before
            record.clerk_after += after
        if one.cs:
            record.cs_open += before
            record.cs_after += after
        if one.fresh:
            one.fresh = False
            record.waits[one.service].append(now - one.came)
        self._at(minutes, self._finish, one)

    def _call_next(self) -> None:
        still: list[Task] = []
        for one in self.waiting:
            if one.clerk <= self.clerks and one.cs <= self.terminals:
                self._begin(one)
            else:
                still.append(one)
        self.waiting = still

    def _goes_on(self) -> bool:
        """Tell whether work in the back goes on at this hour."""
        return self.overtime or self.env.now < self.closing

    def _take_up(self) -> None:
        """Begin background work with what no resident needs now."""
        if not self._goes_on():
            return
        still: deque[Task] = deque()
        while self.back and (self.clerks or self.terminals):
            one = self.back.popleft()
            if one.clerk <= self.clerks and one.cs <= self.terminals:
                self.in_hand += 1
                self._begin(one)
            else:
                still.append(one)  # another kind of work may want less
        still.extend(self.back)
        self.back = still


def tasks_of(
    service: Service, index: int, *, came: Iterable[float], minutes: Iterable[float]
) -> list[Task]:
    """Make the pieces of a service, each with its moment and its minutes (一件ずつにする)."""
    steps = service.steps if service.is_background else 1
    clerk, cs = int(Resource.CLERK in service.needs), int(Resource.CS in service.needs)
    back = service.is_background
    return [
        Task(index, at, each, each / steps * _WHOLE, clerk, cs, back)
        for at, each in zip(came, minutes, strict=True)
    ]


#: A step is a hair longer than its part, so that rounding leaves no crumb of a step at the end.
_WHOLE = 1 + 1e-9
