"""What is tried out: the desk, its services, who is there on which day (試算の条件)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from functools import lru_cache

WEEK = 5


@unique
class Resource(StrEnum):
    """What a service holds while it is done (窓口の資源)."""

    CLERK = "clerk"
    CS = "cs"


@unique
class Priority(StrEnum):
    """Whether somebody stands there waiting for it (優先)."""

    FRONT = "front"
    BACKGROUND = "background"


@unique
class Leftover(StrEnum):
    """What becomes of background work not done by closing time (残った作業)."""

    OVERTIME = "overtime"
    NEXT_DAY = "next_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One kind of work at the desk (業務).

    ``per_day`` is the mean of the year, before ``elsewhere`` (the part that goes to a kiosk or a
    store) is taken off. ``variation`` is the standard deviation of the time over its mean: 0 is
    always the same time, 1 is exponential. ``reserved`` is the part that books. Background work can
    be laid aside between its ``steps`` (the town's chain of a card has six); 1: never once begun. It comes in boxes on every
    ``every_days``-th day, with as many pieces as fall on the days between.
    """

    name: str
    per_day: float
    seconds: float
    needs: frozenset[Resource]
    priority: Priority = Priority.FRONT
    variation: float = 0.5
    reserved: float = 0.0
    elsewhere: float = 0.0
    steps: int = 6
    every_days: int = 1

    @property
    def is_background(self) -> bool:
        """Tell whether nobody waits for it (窓口でない作業)."""
        return self.priority is Priority.BACKGROUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A clerk ill or a terminal out of order on some days (欠員・故障).

    From ``first_day`` on (0 is the first) for ``days`` days, each ``every``-th of them.
    """

    resource: Resource
    first_day: int = 0
    days: int = 1
    every: int = 1
    count: int = 1

    def on(self, day: int) -> bool:
        """Tell whether it is so on this day (その日か)."""
        since = day - self.first_day
        return 0 <= since < self.days and since % self.every == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """Days on which some services come more, or less, often (繁忙期)."""

    services: tuple[str, ...]
    factor: float
    first_day: int = 0
    days: int = 1

    def on(self, day: int) -> bool:
        """Tell whether it is so on this day (その日か)."""
        return self.first_day <= day < self.first_day + self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A desk to be tried out for a year of office days (試算の条件)."""

    days: int
    open_minutes: float
    clerks: int
    cs_terminals: int
    services: tuple[Service, ...]
    replications: int = 100
    seed: int = 1
    weekday_weight: tuple[float, ...] = (1.0,) * WEEK
    hour_weight: tuple[float, ...] = (1.0,)
    absences: tuple[Absence, ...] = ()
    seasons: tuple[Season, ...] = ()
    leftover: Leftover = Leftover.OVERTIME
    late_minutes: float = 5.0
    yen_per_hour: float = 2662.0
    overtime_factor: float = 1.25

    def count_on(self, resource: Resource, day: int) -> int:
        """Return how many of a resource are there on a day (その日の数)."""
        whole = self.clerks if resource is Resource.CLERK else self.cs_terminals
        return whole - sum(
            one.count for one in self.absences if one.resource is resource and one.on(day)
        )

    def rate_on(self, service: Service, day: int) -> float:
        """Return how many are to be expected on a day (その日の見込み).

        Residents follow the weekdays, and ``per_day`` stays their mean over the year's days;
        background work lies there in the morning, any day or whenever a box comes.
        """
        rate = service.per_day
        for season in self.seasons:
            if service.name in season.services and season.on(day):
                rate *= season.factor
        if service.is_background:
            return 0.0 if day % service.every_days else rate * service.every_days
        return rate * self.weekday_weight[day % WEEK] / _mean_weight(self.weekday_weight, self.days)

    def is_short(self, day: int) -> bool:
        """Tell whether somebody or something is missing on a day (欠けた日か)."""
        return any(one.on(day) for one in self.absences)

    @property
    def work_minutes(self) -> dict[Resource, float]:
        """Return the minutes of each resource all services want in a year (作業の量)."""
        wanted = dict.fromkeys(Resource, 0.0)
        for one in self.services:
            coming = sum(self.rate_on(one, day) for day in range(self.days))
            for resource in one.needs:
                wanted[resource] += coming * (1 - one.elsewhere) * one.seconds / 60
        return wanted

    @property
    def open_minutes_of(self) -> dict[Resource, float]:
        """Return the minutes each resource is there in a year (使える時間)."""
        return {
            one: sum(self.count_on(one, day) for day in range(self.days)) * self.open_minutes
            for one in Resource
        }


@lru_cache(maxsize=64)
def _mean_weight(weights: tuple[float, ...], days: int) -> float:
    """Return the mean of the weekdays' weights over the days there are."""
    mean = sum(weights[day % WEEK] for day in range(days)) / days
    return mean or 1.0  # only days nobody comes on: then nobody comes
