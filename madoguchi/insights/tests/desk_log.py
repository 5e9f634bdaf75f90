"""A desk's log that nobody lived: generated, and by another hand than the model it tests (作った記録).

Written with plain processes, lognormal times, a crowd at ten and another at two, and weekdays of its
own; background work in steps of three to five minutes. Nothing here uses the model's own drawing.
"""

import csv
import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import simpy

from madoguchi.insights.queries.desk import ready_scenarios

OPENS = 8 * 60 + 30
FIRST = date(2026, 1, 5)  # a Monday
#: Of each service: how many a day, minutes in the middle, spread of the logarithm, at the terminal.
SERVICES = {
    "certificate": (26.0, 6.0, 0.5, False),
    "hand_over": (14.0, 11.0, 0.45, True),
    "question": (10.0, 8.0, 0.7, False),
}
WEEKDAYS = (1.3, 0.85, 0.8, 0.85, 1.2)
HOURS = (0.7, 1.5, 1.3, 0.8, 0.6, 1.4, 1.2, 0.5)


def base(**given):
    """A desk as the log's: two clerks, one terminal, six set-ups of about 20 minutes in 5 steps."""
    ready = ready_scenarios().base
    (setup,) = (one for one in ready.services if one.name == "setup")
    setup = replace(setup, per_day=6, seconds=1200, steps=5, variation=0.07)
    return replace(ready, services=(setup,), cs_terminals=1, **given)


def write_log(file, *, weeks, seed, clerks=2, terminals=1, setups=6):
    """Write a log of so many weeks and return how many matters it has."""
    dice = random.Random(seed)
    rows = csv.writer(file)
    rows.writerow(["service", "came_at", "began_at", "ended_at", "terminal"])
    count = 0
    for week in range(weeks):
        for weekday in range(5):
            day = FIRST + timedelta(weeks=week, days=weekday)
            for service, came, began, ended, terminal in _day(
                dice, weekday, clerks=clerks, terminals=terminals, setups=setups
            ):
                moments = [_moment(day, minute) for minute in (came, began, ended)]
                rows.writerow([service, *moments, int(terminal)])
                count += 1
    return count


def _moment(day, minute):
    opened = datetime.combine(day, datetime.min.time()) + timedelta(minutes=OPENS)
    return (opened + timedelta(minutes=minute)).isoformat()


def _day(dice, weekday, *, clerks, terminals, setups):
    env = simpy.Environment()
    free = {"clerk": clerks, "terminal": terminals}
    bell = [env.event()]
    waiting = set()
    served = []

    def can(terminal):
        return free["clerk"] > 0 and (free["terminal"] > 0 or not terminal)

    def hold(terminal, minutes):
        free["clerk"] -= 1
        free["terminal"] -= terminal
        yield env.timeout(minutes)
        free["clerk"] += 1
        free["terminal"] += terminal
        rung, bell[0] = bell[0], env.event()
        rung.succeed()  # whoever waits looks up, in the order they came

    def resident(service, came, minutes, terminal):
        yield env.timeout(came)
        while not can(terminal):
            waiting.add(came)
            yield bell[0]
        waiting.discard(came)
        began = env.now
        yield from hold(terminal, minutes)
        served.append((service, came, began, env.now, terminal))

    def setup():
        """Whoever has nobody before them does a step, and looks up again after it."""
        steps = 5
        while steps:
            if can(terminal=True) and not waiting:
                yield from hold(True, dice.uniform(3, 5))
                steps -= 1
            else:
                yield env.timeout(dice.uniform(0.5, 1.5))

    for service, (a_day, middle, spread, terminal) in SERVICES.items():
        left = dice.expovariate(1.0)
        while left < a_day * WEEKDAYS[weekday]:  # a Poisson number of people
            left += dice.expovariate(1.0)
            hour = dice.choices(range(8), HOURS)[0]
            came = (hour + dice.random()) * 60
            env.process(resident(service, came, middle * dice.lognormvariate(0, spread), terminal))
    for _ in range(setups):
        env.process(setup())
    env.run()
    return sorted(served, key=lambda one: one[1])
