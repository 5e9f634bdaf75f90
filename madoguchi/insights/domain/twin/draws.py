"""Who comes in a year, drawn from seeds (来る人の抽選).

Common random numbers: the k-th person of a service on a day is the same in every scenario of one
seed: same moment, same slowness, same inclination to go elsewhere or to book. So two scenarios
differ by what was changed and not by luck, and differences have narrow intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, unique
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from madoguchi.insights.domain.twin.scenario import WEEK, Scenario, Service

#: Below this every one takes the mean: no gamma is that narrow.
_NO_SPREAD = 0.01

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@unique
class _Draw(IntEnum):
    COUNT = 0
    MOMENT = 1
    SLOWNESS = 2
    ELSEWHERE = 3
    BOOKS = 4
    LATE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Everything one service is asked for in a year, sorted by day (一年の来庁)."""

    day: Ints
    at: Floats
    minutes: Floats


def draw_year(scenario: Scenario, service: Service, replication: int) -> Coming:
    """Draw who comes for a service in one replication of the year (一年の抽選)."""
    counts = _counts(scenario, service, replication)
    rows = int(counts.max(initial=0))
    size = (rows, scenario.days)

    def uniform(kind: _Draw) -> Floats:
        return _stream(scenario.seed, replication, service.name, kind).random(size)

    # Row k holds the k-th person of every day: a busier scenario only adds rows beneath.
    there = np.arange(rows)[:, None] < counts[None, :]
    if service.elsewhere:
        there &= uniform(_Draw.ELSEWHERE) >= service.elsewhere
    of_day, row = np.nonzero(there.T)
    minutes = service.seconds / 60 * _slowness(scenario, service, replication, size)[row, of_day]
    if service.is_background:
        return Coming(day=of_day, at=np.zeros(len(of_day)), minutes=minutes)
    moment = uniform(_Draw.MOMENT)[row, of_day]
    at = _in_the_day(moment, scenario.hour_weight) * scenario.open_minutes
    if service.reserved:
        books = uniform(_Draw.BOOKS)[row, of_day] < service.reserved
        late = uniform(_Draw.LATE)[row, of_day] * 2 - 1
        of_day, at = _book(of_day, at, books, late, scenario)
    order = np.lexsort((at, of_day))
    return Coming(day=of_day[order], at=at[order], minutes=minutes[order])


def _stream(seed: int, replication: int, name: str, kind: _Draw) -> np.random.Generator:
    """One stream for each service, replication and kind of draw, by name: order says nothing."""
    words = [seed, replication, int(kind), *name.encode()]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))


def _counts(scenario: Scenario, service: Service, replication: int) -> Ints:
    """How many come each day: Poisson, by its quantile, so that a higher rate never loses anybody."""
    luck = _stream(scenario.seed, replication, service.name, _Draw.COUNT).random(scenario.days)
    rates = np.array([scenario.rate_on(service, day) for day in range(scenario.days)])
    counts = np.zeros(scenario.days, dtype=np.int64)
    for rate in set(rates.tolist()):
        those = rates == rate
        counts[those] = np.searchsorted(_poisson(rate), luck[those])
    return counts


@lru_cache(maxsize=256)
def _poisson(rate: float) -> Floats:
    """Return the distribution function of a Poisson count, far enough into its tail."""
    if rate <= 0:
        return np.ones(1)
    most = int(rate + 10 * np.sqrt(rate) + 20)
    k = np.arange(most + 1)
    log_factorial = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, most + 1)))))
    return np.cumsum(np.exp(k * np.log(rate) - rate - log_factorial))


def _slowness(
    scenario: Scenario, service: Service, replication: int, size: tuple[int, int]
) -> Floats:
    """Return each one's time over the mean: gamma, mean 1, spread as said."""
    if service.variation < _NO_SPREAD:
        return np.ones(size)
    shape = service.variation**-2
    stream = _stream(scenario.seed, replication, service.name, _Draw.SLOWNESS)
    return stream.standard_gamma(shape, size) / shape


def _in_the_day(moment: Floats, weight: tuple[float, ...]) -> Floats:
    """Turn an even moment into one that follows the hours' weights."""
    if len(set(weight)) == 1:
        return moment
    edges = np.linspace(0, 1, len(weight) + 1)
    share = np.concatenate(([0.0], np.cumsum(weight))) / sum(weight)
    return np.interp(moment, share, edges)


def _book(
    day: Ints, at: Floats, books: NDArray[np.bool_], late: Floats, scenario: Scenario
) -> tuple[Ints, Floats]:
    """Give those who book a day of the same week and a slot, both spread evenly.

    The same people come with the same matters; only when they come is another thing. They are a
    little early or late, up to ``late_minutes`` (*assumed*).
    """
    day, at = day.copy(), at.copy()
    (who,) = np.nonzero(books)
    week = day[who] // WEEK
    first = np.searchsorted(week, week)  # ``day`` is sorted, so a week's bookers stand together
    many = np.searchsorted(week, week, side="right") - first
    days_of_week = np.minimum(WEEK, scenario.days - week * WEEK)
    new_day = week * WEEK + (np.arange(len(who)) - first) * days_of_week // np.maximum(many, 1)
    first = np.searchsorted(new_day, new_day)
    many = np.searchsorted(new_day, new_day, side="right") - first
    slot = (np.arange(len(who)) - first + 0.5) / np.maximum(many, 1) * scenario.open_minutes
    day[who] = new_day
    at[who] = np.clip(slot + late[who] * scenario.late_minutes, 0, scenario.open_minutes)
    return day, at
