"""One window for each of several towns: 41 of them over a month, and against trying out (共同の作業枠).

The plans are drawn by a seed and have no town of the world in them. Beside it stands what a person
does with a calendar on the wall, first fit: town after town, each at its earliest start that is
left. It is written here, since no program for this was found to compare with.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from bench.measure import peer, promise
from madoguchi.csops.domain.windows import (
    Plan,
    Stretch,
    TownTimes,
    Window,
    gaps_of,
    is_answer,
    most_at_once,
    starts_of,
)
from madoguchi.csops.domain.windows_search import InTheWay, Undecided, find_windows

BEGIN = datetime(2027, 1, 1)
TOWNS, DAYS = 41, 31
SECONDS_MAX = 10
CROWDED, CROWDED_FULL = 40, 400
SMALL, SMALL_FULL = 300, 5_000


def run(*, full: bool) -> dict[str, Any]:
    """Time the large plans, count the small ones that trying out decides otherwise."""
    find_windows(month(random.Random(0)))  # the solver is loaded once, before the clock runs
    easy = [timed(month(random.Random(seed))) for seed in range(10)]
    month_long = [timed(whole_month(random.Random(seed))) for seed in range(5)]
    count = CROWDED_FULL if full else CROWDED
    tight = [timed(crowded(random.Random(seed))) for seed in range(count)]
    every = [*easy, *month_long, *tight]
    small = [little(random.Random(seed)) for seed in range(SMALL_FULL if full else SMALL)]
    wrong = sum(not agrees(one) for one in small)
    there = [one for one in tight if one["found"] == "windows"]
    by_hand = sum(first_fit(one["plan"]) is not None for one in there)
    kinds = {kind: sum(one["found"] == kind for one in tight) for kind in
             ("windows", "clash", "no room", "undecided")}  # fmt: skip
    return {
        "promises": [
            promise("41 towns, a month of nights, slowest of 10", worst(easy), "s", at_most=SECONDS_MAX),
            promise("41 towns, quiet all month but for 93 peaks each, slowest of 5",
                    worst(month_long), "s", at_most=SECONDS_MAX),
            promise(f"41 towns, as many places as towns within a tenth, slowest of {count}",
                    worst(tight), "s", at_most=SECONDS_MAX),
            promise("plans left undecided", sum(one["found"] == "undecided" for one in every), "",
                    at_most=0),
            promise("answers that are none when read anew", sum(one["bad"] for one in every), "",
                    at_most=0),
            promise(f"plans of up to 8 towns decided otherwise than by trying out, of {len(small)}",
                    wrong, "", at_most=0),
        ],
        "peers": [
            peer("crowded plans with an answer that first fit finds one for", "written here",
                 by_hand, len(there) / by_hand if by_hand else float(len(there))),
        ],
        "notes": [
            f"Of the {count} crowded plans {kinds['windows']} have an answer, {kinds['clash']} a "
            f"smallest set of towns that clash, {kinds['no room']} a town without room; first fit "
            f"ends without a window for somebody in {len(there) - by_hand} of the "
            f"{kinds['windows']} that have one. Loading the solver, once a process, is not counted.",
        ],
    }  # fmt: skip


def worst(timings: list[dict[str, Any]]) -> float:
    return max(one["seconds"] for one in timings)


def timed(plan: Plan) -> dict[str, Any]:
    began = time.perf_counter()
    found = find_windows(plan)
    seconds = time.perf_counter() - began
    kind = kind_of(found)
    return {"plan": plan, "seconds": seconds, "found": kind,
            "bad": kind == "windows" and not is_answer(plan, found)}  # fmt: skip


def kind_of(found: Any) -> str:
    if isinstance(found, Undecided):
        return "undecided"
    if isinstance(found, InTheWay):
        return "clash"
    return "windows" if isinstance(found[0], Window) else "no room"


def minutes(begins: int, ends: int) -> Stretch:
    return Stretch(begins=BEGIN + timedelta(minutes=begins), ends=BEGIN + timedelta(minutes=ends))


def drawn(
    count: int, of_town: Callable[[], tuple[list[Stretch], list[Stretch]]], *, days: int,
    length: int, at_once: int,
) -> Plan:  # fmt: skip
    def towns() -> Iterator[TownTimes]:
        for number in range(count):
            quiet, peaks = of_town()
            yield TownTimes(name=f"町{number}", quiet=tuple(quiet), peaks=tuple(peaks))

    return Plan(whole=minutes(0, days * 1440), length=timedelta(minutes=length), at_once=at_once,
                towns=tuple(towns()))  # fmt: skip


def night(dice: random.Random, day: int) -> Stretch:
    return minutes(
        day * 1440 + dice.randrange(1035, 1160, 5), (day + 1) * 1440 + dice.randrange(400, 510, 5)
    )


def peak(dice: random.Random, day: int) -> Stretch:
    begins = day * 1440 + dice.randrange(0, 1400, 5)
    return minutes(begins, begins + dice.randrange(30, 300, 5))


def month(dice: random.Random) -> Plan:
    """Half of the nights quiet, five peaks, two towns at once: an ordinary month."""

    def of_town() -> tuple[list[Stretch], list[Stretch]]:
        nights = [night(dice, day) for day in range(DAYS) if dice.random() < 0.5]
        return nights or [night(dice, 0)], [peak(dice, dice.randrange(DAYS)) for _ in range(5)]

    return drawn(TOWNS, of_town, days=DAYS + 1, length=240, at_once=2)


def whole_month(dice: random.Random) -> Plan:
    """Everything quiet, three peaks a day: one block, and the most starts to try."""

    def of_town() -> tuple[list[Stretch], list[Stretch]]:
        peaks = [peak(dice, day) for day in range(DAYS) for _ in range(3)]
        return [minutes(0, DAYS * 1440)], peaks

    return drawn(TOWNS, of_town, days=DAYS, length=dice.choice([240, 360, 480, 600]), at_once=1)


def crowded(dice: random.Random) -> Plan:
    """About as many places as towns: where an answer, or the proof of none, is hard to come by."""
    at_once, length = dice.choice([1, 1, 2, 2, 3]), dice.choice([60, 120, 180, 240, 300, 420, 480])
    share, places = dice.choice([0.3, 0.6, 1.0]), at_once * (840 // length)
    nights = max(2, round(TOWNS / places * dice.choice([0.9, 1.0, 1.05, 1.1, 1.3])))

    def of_town() -> tuple[list[Stretch], list[Stretch]]:
        quiet = [night(dice, day) for day in range(nights) if dice.random() < share]
        peaks = [peak(dice, day) for day in range(nights) if dice.random() < 0.5]
        return quiet or [night(dice, 0)], peaks

    return drawn(TOWNS, of_town, days=nights + 1, length=length, at_once=at_once)


def little(dice: random.Random) -> Plan:
    """Up to eight towns on full hours of a day, so that everything can be tried out."""

    def of_town() -> tuple[list[Stretch], list[Stretch]]:
        def span(longest: int) -> Stretch:
            begins = dice.randrange(20)
            return minutes(60 * begins, 60 * (begins + dice.randint(1, longest)))

        return ([span(9) for _ in range(dice.randint(1, 3))],
                [span(3) for _ in range(dice.randint(0, 3))])  # fmt: skip

    return drawn(dice.randint(1, 8), of_town, days=1, length=60 * dice.randint(1, 4),
                 at_once=dice.randint(1, 3))  # fmt: skip


def agrees(plan: Plan) -> bool:
    """Tell whether the search decides as trying out does, and whether its answer is one."""
    found = find_windows(plan)
    there = tried_out(plan)
    return is_answer(plan, found) if there else kind_of(found) in ("clash", "no room")


def tried_out(plan: Plan) -> bool:
    """Try every full hour for every town; nothing is taken from the search."""
    hour = timedelta(hours=1)
    length = plan.length // hour
    choices = []
    for town in plan.towns:
        windows = [
            Stretch(begins=BEGIN + n * hour, ends=BEGIN + n * hour + plan.length) for n in range(24)
        ]
        choices.append([n for n, one in enumerate(windows) if plan.whole.holds(one)
                        and any(quiet.holds(one) for quiet in town.quiet)
                        and not any(busy.meets(one) for busy in town.peaks)])  # fmt: skip
    choices.sort(key=len)
    dead: set[tuple[int, tuple[int, ...]]] = set()

    def place(number: int, load: tuple[int, ...]) -> bool:
        if number == len(choices):
            return True
        if (number, load) in dead:
            return False
        for first in choices[number]:
            part = load[first : first + length]
            if max(part) < plan.at_once:
                more = (*load[:first], *(one + 1 for one in part), *load[first + length :])
                if place(number + 1, more):
                    return True
        dead.add((number, load))
        return False

    return place(0, (0,) * 48)


def first_fit(plan: Plan) -> list[Window] | None:
    """Give town after town, who has least room first, the earliest start that is left."""
    starts = starts_of(plan)
    room = {town.name: sum((gap.ends - gap.begins for gap in
                            gaps_of(town, whole=plan.whole, length=plan.length)), timedelta())
            for town in plan.towns}  # fmt: skip
    placed: list[Window] = []
    for town in sorted(plan.towns, key=lambda one: room[one.name]):
        windows = (Stretch(begins=one, ends=one + plan.length) for one in starts[town.name])
        fitting = (one for one in windows if fits(one, placed, plan.at_once))
        first = next(fitting, None)
        if first is None:
            return None
        placed.append(Window(town=town.name, span=first))
    assert is_answer(plan, placed)
    return placed


def fits(span: Stretch, placed: list[Window], at_once: int) -> bool:
    near = [one.span for one in placed if one.span.meets(span)]
    return most_at_once([*near, span]) <= at_once
