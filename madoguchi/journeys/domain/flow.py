"""What cases have in common (流れ): variants, what follows what, waits, loops, drop-outs, switches.

Everything here counts the truth; what of it may be shown is decided in ``privacy``.

- **Directly follows** (直接続く): event B is the next event of the same case after A. Counted by
  occurrence, so a case that goes A B A B has A→B twice.
- **Wait** of such a pair: from the time of A to the time of B. The log has no ends of events, so
  the time A itself took is in it.
- **Median** (中央値): the middle wait, or the mean of the two middle ones.
- **p90**: the value at 0.9 × (n - 1) of the sorted waits counted from nought, straight between two
  neighbours (as numpy's ``linear``, SQL's ``percentile_cont``).
- **Variant** (道すじ): the whole sequence of a case's events.
- **Rework** (やり直し): a case in which an event happens again, at once or later.
- **Drop-out** (中断): a case whose last event is none of the known ends.
- **Switch** (窓口の乗り換え): a pair whose two events usually stand in different lanes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from madoguchi.journeys.domain.log import Codes, EventLog

_MINUTE = 60_000_000  # microseconds
_INT_MAX = np.iinfo(np.int64).max
_BYTE, _TWO_BYTES = 256, 65_536

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One pair of events that follow each other directly (直接続く組)."""

    before: str
    after: str
    count: int
    median_min: float
    p90_min: float

    @property
    def pair(self) -> Pair:
        """Return the two names (組)."""
        return (self.before, self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way through, event by event, and how many cases took it (道すじ)."""

    steps: tuple[str, ...]
    count: int

    @property
    def pairs(self) -> Mapping[Pair, int]:
        """Count the pairs one such case has (道すじの組)."""
        found: dict[Pair, int] = {}
        for pair in zip(self.steps, self.steps[1:], strict=False):
            found[pair] = found.get(pair, 0) + 1
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The time from the first event of a case to its last, of cases that came to an end (全体の時間)."""

    count: int
    median_min: float
    p90_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """All that is counted of some cases (流れの集計).

    ``again`` and ``stopped`` count cases by event: where it happened again, where it was the last
    though it is no end.
    """

    cases: int
    edges: tuple[Edge, ...]
    variants: tuple[Variant, ...]
    again: Mapping[str, int]
    stopped: Mapping[str, int]
    whole: Whole | None = None


def flow_of(log: EventLog, *, ends: Collection[str]) -> Flow:
    """Count everything of a log (流れを数える)."""
    return Flow(
        cases=len(log.case_ids), edges=directly_follows(log), variants=variants_of(log),
        again=rework(log), stopped=drop_outs(log, ends=ends), whole=whole_cases(log, ends=ends),
    )  # fmt: skip


def directly_follows(log: EventLog) -> tuple[Edge, ...]:
    """Count each pair with the median and p90 of its waits, most frequent first (直接続く組)."""
    same = log.case[1:] == log.case[:-1]
    kinds = len(log.activities)
    pair = (log.activity[:-1] * kinds + log.activity[1:])[same]
    wait = (log.at[1:] - log.at[:-1])[same]
    if not len(pair):
        return ()
    pair, wait = _sorted_waits(pair, wait)
    first = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1]])
    counts = np.diff(np.r_[first, len(pair)])
    middle = _quantile(wait, first, counts, tenths=5)
    high = _quantile(wait, first, counts, tenths=9)
    names = log.activities
    found = [
        Edge(
            before=names[code // kinds], after=names[code % kinds], count=count,
            median_min=half / _MINUTE, p90_min=most / _MINUTE,
        )
        for code, count, half, most in zip(
            pair[first].tolist(), counts.tolist(), middle.tolist(), high.tolist(), strict=True
        )
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.count, one.before, one.after)))


def cases_of_pairs(log: EventLog) -> Mapping[Pair, int]:
    """Count the *cases* that have each pair, however often (組のある手続き)."""
    same = log.case[1:] == log.case[:-1]
    kinds = len(log.activities)
    pair = log.activity[:-1] * kinds + log.activity[1:]
    each = np.unique((log.case[1:] * kinds * kinds + pair)[same]) % (kinds * kinds)
    codes, counts = np.unique(each, return_counts=True)
    return {
        (log.activities[code // kinds], log.activities[code % kinds]): count
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
    }


def _sorted_waits(pair: Codes, wait: Codes) -> tuple[Codes, Codes]:
    """Sort by pair, then by wait: as one number where that fits, which is several times faster."""
    span = int(wait.max()) + 1
    if (int(pair.max()) + 1) <= _INT_MAX // span:
        return np.divmod(np.sort(pair * span + wait), span)
    order = np.lexsort((wait, pair))
    return pair[order], wait[order]


def _quantile(
    values: Codes, first: Codes, counts: Codes, *, tenths: int
) -> npt.NDArray[np.float64]:
    """Return a quantile of each run of sorted values, straight between two neighbours."""
    # In whole numbers as far as possible: 0.9 * 10 is not 9 in every floating point.
    place = (counts - 1) * tenths
    low, rest = place // 10, place % 10
    below = values[first + low]
    above = values[first + np.minimum(low + 1, counts - 1)]
    result: npt.NDArray[np.float64] = below + (above - below) * rest / 10
    return result


def variants_of(log: EventLog) -> tuple[Variant, ...]:
    """Count the ways through, most frequent first (道すじ)."""
    lengths = log.last - log.first + 1
    kinds = len(log.activities)
    found: list[Variant] = []
    for length in np.unique(lengths).tolist():
        starts = log.first[lengths == length]
        rows = log.activity[starts[:, None] + np.arange(length)]
        ways, counts = _unique_rows(rows, kinds)
        found += [
            Variant(steps=tuple(log.activities[code] for code in way), count=count)
            for way, count in zip(ways.tolist(), counts.tolist(), strict=True)
        ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.steps)))


def _unique_rows(rows: Codes, kinds: int) -> tuple[Codes, Codes]:
    """Count equal rows exactly: as one number where it fits, else as bytes; never by a hash."""
    length = rows.shape[1]
    if kinds**length <= _INT_MAX:
        weights = np.array([kinds**power for power in range(length)], dtype=np.int64)
        _whole, first, counts = np.unique(rows @ weights, return_index=True, return_counts=True)
        return rows[first], counts
    narrow = np.uint8 if kinds <= _BYTE else np.uint16 if kinds <= _TWO_BYTES else np.int64
    packed = np.ascontiguousarray(rows.astype(narrow))
    as_bytes = packed.view(np.dtype((np.void, packed.dtype.itemsize * length))).ravel()
    _, first, counts = np.unique(as_bytes, return_index=True, return_counts=True)
    return rows[first], counts


def rework(log: EventLog) -> Mapping[str, int]:
    """Count by event the cases in which it happened again (やり直し)."""
    kinds = len(log.activities)
    each, times = np.unique(log.case * kinds + log.activity, return_counts=True)
    again = np.bincount(each[times > 1] % kinds, minlength=kinds)
    return {name: int(count) for name, count in zip(log.activities, again, strict=True) if count}


def drop_outs(log: EventLog, *, ends: Collection[str]) -> Mapping[str, int]:
    """Count by last event the cases that stopped before an end (中断).

    With no known end nothing can be called a drop-out, and nothing is.
    """
    if not any(name in ends for name in log.activities):
        return {}
    counts = np.bincount(log.activity[log.last], minlength=len(log.activities))
    return {
        name: int(count)
        for name, count in zip(log.activities, counts, strict=True)
        if count and name not in ends
    }


def whole_cases(log: EventLog, *, ends: Collection[str]) -> Whole | None:
    """Measure the cases that came to an end, from first event to last (全体の時間)."""
    is_end = np.array([name in ends for name in log.activities], dtype=bool)
    ended = is_end[log.activity[log.last]]
    if not ended.any():
        return None
    took = (log.at[log.last] - log.at[log.first])[ended] / _MINUTE
    return Whole(
        count=int(ended.sum()), median_min=float(np.quantile(took, 0.5)),
        p90_min=float(np.quantile(took, 0.9)),
    )  # fmt: skip


def usual_lanes(log: EventLog) -> Mapping[str, str]:
    """Return the lane each event mostly stands in; of two alike, the one seen first (ふだんの段)."""
    kinds, width = len(log.activities), len(log.lanes)
    counts = np.bincount(log.activity * width + log.lane, minlength=kinds * width)
    best = counts.reshape(kinds, width).argmax(axis=1)
    return {name: log.lanes[one] for name, one in zip(log.activities, best, strict=True)}


def usual_places(log: EventLog) -> Mapping[str, float]:
    """Return minutes from a case's beginning to each event: the median, for the drawing (位置)."""
    since = (log.at - log.at[log.first][log.case]) / _MINUTE
    return {
        name: float(np.median(since[log.activity == code]))
        for code, name in enumerate(log.activities)
    }
