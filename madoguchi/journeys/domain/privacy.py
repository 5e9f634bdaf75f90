"""What of a flow may be shown (小さい数の守り): small cells hidden, and what would give them back.

A *cell* is one number about some people of one group: cases that have a pair of events, that have an
event again, that stopped at an event, that took one way. A cell stands open only with ``k`` cases
or more; occurrences never open it, for one restless person can make fifty of them. Then, until
nothing changes, more is hidden wherever shown numbers would give a small one back by subtraction:

- **total minus parts**: areas partition the cases, so for each pair, the hidden areas together hold
  no case or at least ``k``, and are never one alone: to who subtracts, each may be nobody or k;
- **all minus ways**: what listed ways leave of the cases, of a shown pair, a stop or a rework, is
  nothing or at least ``k`` cases;
- **all minus stops**: so is what listed stops leave of the cases.

Where cases begin and end is never told, so what goes into an event and out of it does not add up
to a check. Hidden cells are counted, not named; a cell of nobody looks like a hidden one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from madoguchi.journeys.domain.areas import Rules, group_areas
from madoguchi.journeys.domain.flow import (
    Edge,
    Flow,
    Pair,
    Variant,
    Whole,
    cases_of_pairs,
    flow_of,
    usual_lanes,
    usual_places,
)
from madoguchi.journeys.domain.log import EventLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group of areas that stands alone, and its pairs that may be shown (地区の組)."""

    code: str
    cases: int
    edges: Mapping[Pair, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A flow as it may leave the office; drawings and answers are made of nothing else (報告).

    ``variants`` lists only ways that may be shown; ``ways`` counts all there are.
    """

    cases: int
    ways: int
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...]
    variants: tuple[Variant, ...]
    again: Mapping[str, int]
    stopped: Mapping[str, int]
    suppressed_cells: int
    lanes: Mapping[str, str]
    places: Mapping[str, float]
    k: int
    #: Whole cases, from the first event to an end; None where it would give something back.
    whole: Whole | None = None

    @property
    def switches(self) -> Mapping[Pair, int]:
        """Count the shown pairs whose events stand in two lanes, by the lanes (乗り換え).

        Made of shown pairs alone, so that it gives back none that is hidden.
        """
        found: dict[Pair, int] = {}
        for edge in self.edges:
            way = (self.lanes[edge.before], self.lanes[edge.after])
            if way[0] != way[1]:
                found[way] = found.get(way, 0) + edge.count
        return found


def report_of(log: EventLog, *, rules: Rules) -> Report:
    """Count a log and hide what is small (報告を作る)."""
    flow, k = flow_of(log, ends=rules.ends), rules.k
    people = cases_of_pairs(log)
    edges = tuple(one for one in flow.edges if people[one.pair] >= k)
    hidden = len(flow.edges) - len(edges)
    groups, more = _groups(log, rules, shown={one.pair for one in edges})
    stopped = _stops(flow, k)
    again = {name: count for name, count in flow.again.items() if count >= k}
    variants = _ways(flow, k, _limits(edges, people, stopped, again))
    hidden += more + sum(
        len(every) - len(few)
        for every, few in (
            (flow.variants, variants), (flow.stopped, stopped), (flow.again, again)
        )
    )  # fmt: skip
    named = {name for one in edges for name in one.pair}
    lanes, places = usual_lanes(log), usual_places(log)
    return Report(
        cases=flow.cases, ways=len(flow.variants), edges=edges, groups=groups, variants=variants,
        again=again, stopped=stopped, suppressed_cells=hidden, k=k,
        lanes={name: lanes[name] for name in sorted(named)},
        places={name: places[name] for name in sorted(named)},
        whole=_whole(flow, k, stopped=stopped, listed=variants, ends=rules.ends),
    )  # fmt: skip


# -- total minus parts -----------------------------------------------------------------------


def _groups(
    log: EventLog, rules: Rules, *, shown: set[Pair]
) -> tuple[tuple[Group, ...], int]:  # fmt: skip
    """Cut the cases into groups of areas and hide what is small in them or gives it back."""
    counted = np.bincount(log.area, minlength=len(log.areas)).tolist()
    group_of = group_areas(dict(zip(log.areas, counted, strict=True)), rules)
    names = sorted(set(group_of.values()))
    if len(names) == 1:
        return (), 0  # the town itself says it already
    parts: dict[str, tuple[int, Mapping[Pair, int], Mapping[Pair, int]]] = {}
    for name in names:
        mine = np.array([group_of[area] == name for area in log.areas])[log.area]
        part = log.only(mine)
        parts[name] = (len(part.case_ids), occurrences_of(part), cases_of_pairs(part))
    kept: dict[str, dict[Pair, int]] = {name: {} for name in names}
    every = {pair for _, counts, _ in parts.values() for pair in counts}
    for pair in every & shown:
        people = {name: parts[name][2].get(pair, 0) for name in names}
        for name in open_parts(people, k=rules.k):
            kept[name][pair] = parts[name][1][pair]
    hidden = sum(len(counts) for _, counts, _ in parts.values()) - sum(map(len, kept.values()))
    groups = tuple(Group(code=name, cases=parts[name][0], edges=kept[name]) for name in names)
    return groups, hidden


def open_parts(people: Mapping[str, int], *, k: int) -> frozenset[str]:
    """Return which parts of a known total may be shown (内訳のうち見せてよいもの).

    Parts of fewer than ``k`` are hidden, then the smallest others with them, until those hidden
    hold nobody or ``k`` together and are at least two of which two hold somebody.
    """
    hidden = {name for name, count in people.items() if 0 < count < k}
    shown = sorted(
        (name for name, count in people.items() if count >= k),
        key=lambda name: (people[name], name),
    )
    while hidden and shown and (len(hidden) < 2 or sum(people[one] for one in hidden) < k):
        hidden.add(shown.pop(0))
    return frozenset(shown)


def occurrences_of(log: EventLog) -> Mapping[Pair, int]:
    """Count pairs by occurrence, without their waits (組の回数)."""
    same = log.case[1:] == log.case[:-1]
    kinds = len(log.activities)
    codes, counts = np.unique(
        (log.activity[:-1] * kinds + log.activity[1:])[same], return_counts=True
    )
    return {
        (log.activities[code // kinds], log.activities[code % kinds]): count
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
    }


# -- all minus stops, all minus ways -----------------------------------------------------------


def _stops(flow: Flow, k: int) -> Mapping[str, int]:
    """Keep the stops of ``k`` cases; drop the smallest while the rest of the cases are too few."""
    kept = {name: count for name, count in flow.stopped.items() if count >= k}
    while kept and 0 < flow.cases - sum(kept.values()) < k:
        del kept[min(kept, key=lambda name: (kept[name], name))]
    return kept


def _whole(
    flow: Flow, k: int, *, stopped: Mapping[str, int], listed: tuple[Variant, ...],
    ends: frozenset[str],
) -> Whole | None:  # fmt: skip
    """Return the time of whole cases, unless their number would tell of fewer than ``k``.

    It tells how many came to an end: so all others, those others at no stop that is listed, and those
    that ended by no way that is listed must each be nobody or ``k``.
    """
    whole = flow.whole
    if whole is None or whole.count < k:
        return None
    others = flow.cases - whole.count
    by_listed = sum(one.count for one in listed if one.steps[-1] in ends)
    left = (others, others - sum(stopped.values()), whole.count - by_listed)
    return None if any(0 < count < k for count in left) else whole


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """A shown number of cases, and which ways take part in it."""

    people: int
    pair: Pair | None = None
    again: str = ""
    stop: str = ""

    def holds(self, way: Variant) -> bool:
        if self.pair is not None:
            return self.pair in way.pairs
        if self.again:
            return way.steps.count(self.again) > 1
        return not self.stop or way.steps[-1] == self.stop


def _limits(
    edges: tuple[Edge, ...], people: Mapping[Pair, int], stopped: Mapping[str, int],
    again: Mapping[str, int],
) -> tuple[_Limit, ...]:  # fmt: skip
    return (
        *(_Limit(people=people[one.pair], pair=one.pair) for one in edges),
        *(_Limit(people=count, stop=name) for name, count in stopped.items()),
        *(_Limit(people=count, again=name) for name, count in again.items()),
    )


def _ways(flow: Flow, k: int, limits: tuple[_Limit, ...]) -> tuple[Variant, ...]:
    """Keep the ways of ``k`` cases; drop the smallest while what they leave is too few."""
    listed = [one for one in flow.variants if one.count >= k]  # most frequent first
    every = (_Limit(people=flow.cases), *limits)
    while (worst := next(_too_few(every, listed, k), None)) is not None:
        listed.remove([one for one in listed if worst.holds(one)][-1])
    return tuple(listed)


def _too_few(limits: tuple[_Limit, ...], listed: list[Variant], k: int) -> Iterator[_Limit]:
    """Yield the shown numbers of which the listed ways leave somebody, but fewer than k."""
    for one in limits:
        taken = sum(way.count for way in listed if one.holds(way))
        if taken and 0 < one.people - taken < k:
            yield one
