"""When several towns may work at their CS: one window each, few at once (共同の作業枠).

Every town says when it is busy (peaks) and when work would disturb nobody (quiet spans). Each
gets one window of the same length, inside one of its quiet spans, touching none of its peaks,
and at no moment more than so many windows at once: whoever helps them has so many hands.

Times are Japan's own and the clocks never move. A span holds its begin and not its end, so a
window may begin the moment a peak, or another town's window, ends. Two quiet spans that adjoin
are two spans: a window lies inside one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Stretch:
    """A stretch of Japan's time over any number of days; its end is not part of it (期間)."""

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        assert self.begins < self.ends, (self.begins, self.ends)

    def meets(self, other: Stretch) -> bool:
        """Tell whether two stretches share a moment (重なり)."""
        return self.begins < other.ends and other.begins < self.ends

    def holds(self, other: Stretch) -> bool:
        """Tell whether another stretch lies wholly within this one (内包)."""
        return self.begins <= other.begins and other.ends <= self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class TownTimes:
    """What one town proposes: its peaks and its quiet spans (団体の申し出)."""

    name: str
    peaks: tuple[Stretch, ...] = ()
    quiet: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be found: windows of one length for all towns between two moments (共同作業の計画)."""

    whole: Stretch
    length: timedelta
    at_once: int
    towns: tuple[TownTimes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The window one town got (作業枠)."""

    town: str
    span: Stretch


def gaps_of(town: TownTimes, *, whole: Stretch, length: timedelta) -> tuple[Stretch, ...]:
    """Return where a town's window may lie: quiet, within the plan, no peak, long enough (入れる所)."""
    found: set[Stretch] = set()
    for quiet in town.quiet:
        begins, ends = max(quiet.begins, whole.begins), min(quiet.ends, whole.ends)
        for peak in sorted(town.peaks):
            if peak.begins >= ends or peak.ends <= begins:
                continue
            if peak.begins - begins >= length:
                found.add(Stretch(begins=begins, ends=peak.begins))
            begins = max(begins, peak.ends)
        if ends - begins >= length:
            found.add(Stretch(begins=begins, ends=ends))
    return tuple(sorted(found))


def starts_of(plan: Plan) -> Mapping[str, tuple[datetime, ...]]:
    """Return the starts worth trying for each town: a finite set that loses no answer (開始の候補).

    They are the begins of the town's own gaps, and moments at which another town's window, begun
    at a start worth trying, ends. *Why that is enough.* With windows of one length L, "at most N
    at once" says: of any N + 1 towns the last starts at least L after the first. That and the
    gaps are closed conditions on finitely many bounded starts, so if there is an answer there is
    one whose starts have the least sum. In it no window can be moved to an earlier moment alone.
    A window that does not begin its gap is held, then, by the others: just before it N windows
    run, and as it runs itself they are not all running with it, so one of them ends exactly as
    it begins. That one started L earlier, and the same is true of it: going back so, through
    different towns each time, ends at the begin of a gap. The answers over these starts are
    therefore none exactly if there are none at all. With no more towns than N nothing holds a
    window back, and the begins of gaps alone are enough.
    """
    gaps = {town.name: gaps_of(town, whole=plan.whole, length=plan.length) for town in plan.towns}
    found: dict[str, set[datetime]] = {
        name: {gap.begins for gap in own} for name, own in gaps.items()
    }
    fresh: dict[datetime, set[str]] = {}
    for name, starts in found.items():
        for start in starts:
            fresh.setdefault(start, set()).add(name)
    # A chain goes through different towns, so it has no more links than there are towns.
    links = len(plan.towns) if len(plan.towns) > plan.at_once else 1
    for _ in range(links - 1):
        later: dict[datetime, set[str]] = {}
        for start, whose in fresh.items():
            moment = start + plan.length
            for name, own in gaps.items():
                known = moment in found[name] or whose == {name}
                if not known and _fits(own, moment, plan.length):
                    later.setdefault(moment, set()).add(name)
        for moment, whose in later.items():
            for name in whose:
                found[name].add(moment)
        fresh = later
    return {name: tuple(sorted(starts)) for name, starts in found.items()}


def _fits(gaps: Iterable[Stretch], start: datetime, length: timedelta) -> bool:
    return any(gap.begins <= start and start + length <= gap.ends for gap in gaps)


def most_at_once(spans: Iterable[Stretch]) -> int:
    """Return how many spans run at the fullest moment (同時の数)."""
    spans = list(spans)
    return max(
        (sum(other.begins <= one.begins < other.ends for other in spans) for one in spans),
        default=0,
    )


def is_answer(plan: Plan, windows: Sequence[Window]) -> bool:
    """Tell whether windows are what the plan asks for, read anew and trusting no solver (検算)."""
    towns = {town.name: town for town in plan.towns}
    return (
        sorted(one.town for one in windows) == sorted(towns)
        and all(
            one.span.ends - one.span.begins == plan.length
            and plan.whole.holds(one.span)
            and any(quiet.holds(one.span) for quiet in towns[one.town].quiet)
            and not any(peak.meets(one.span) for peak in towns[one.town].peaks)
            for one in windows
        )
        and most_at_once(one.span for one in windows) <= plan.at_once
    )
