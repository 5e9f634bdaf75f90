"""Two months of visits before today, so that flows, waits and maps have something to say (デモの来庁).

Everything is done by the same presses as at a counter, at moments that have passed; nobody stands
behind a number. The days are drawn by the town's own seed and are the same in every such town.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from madoguchi.accounts.api import cli_actor
from madoguchi.appointments.actions.line import call_next, give_number
from madoguchi.appointments.api import Kind
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor
from madoguchi.visits.actions.serving import end_matter, end_visit, start_visit, tick
from madoguchi.visits.queries.tables import matter_book
from madoguchi.visits.queries.visits import has_visits

PLACE, COUNTER = "本庁", "1"
MONTHS = 2
#: So many residents send one visitor a day to the counter of cards. *assumed*
RESIDENTS_A_VISIT = 1_300
#: Matters that name no person, how often each, and how long it takes. *assumed*
MATTERS = (("CERT_RENEWAL", 4, 12), ("APPLY_HELP", 3, 18), ("COLLECT", 3, 15), ("QUESTION", 2, 5))
SENT_HOME = 0.15


def fill(*, residents: int, seed: int) -> None:
    """Let the visitors of the two months before this one come and go, once (デモの来庁)."""
    if has_visits():
        return
    actor = replace(cli_actor("demo").for_purpose("架空の町の来庁"), place=PLACE)
    today = clock.today()
    first = today.replace(day=1)
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
    dice = random.Random(seed)  # noqa: S311  fictional days, drawn the same each time
    for day in (first + timedelta(days=n) for n in range((today - first).days)):
        if day.weekday() < 5:
            unit.run_long(_a_day, day, dice=dice, visitors=max(1, residents // RESIDENTS_A_VISIT),
                          actor=actor)  # fmt: skip


def _a_day(day: date, *, dice: random.Random, visitors: int, actor: Actor) -> None:
    free = datetime.combine(day, time(8, 40), tzinfo=clock.JAPAN)
    # Mondays and Fridays are the full days, as the town says.
    busy = 1.6 if day.weekday() in (0, 4) else 1.0
    came = free
    for _ in range(round(visitors * busy)):
        came += timedelta(minutes=dice.expovariate(busy / 25))
        if came.time() > time(16, 30):
            break
        free = _a_visit(came, max(came, free), dice=dice, actor=actor)


def _a_visit(came: datetime, called: datetime, *, dice: random.Random, actor: Actor) -> datetime:
    """Let one visitor come, wait, be served and go; return when the counter is free again."""
    matter, minutes = dice.choices(
        [(code, minutes) for code, _, minutes in MATTERS], [often for _, often, _ in MATTERS]
    )[0]
    book, day = matter_book(), came.date()
    row = book.matter(matter, day)
    assert row is not None, matter
    ticket = give_number(place=PLACE, kind=Kind(row.service), actor=actor, now=came).ticket_id
    call_next(place=PLACE, counter=COUNTER, actor=actor, now=called)
    begins = called + timedelta(seconds=dice.randrange(20, 90))
    visit = start_visit(matter=matter, ticket_id=ticket, actor=actor, now=begins)
    ends = begins + timedelta(minutes=minutes * dice.lognormvariate(0, 0.4))
    home = matter != "QUESTION" and dice.random() < SENT_HOME
    if not home:
        for step in book.steps_of(matter, day):
            tick(visit_id=visit, step=step.code, actor=actor)
    outcome = "PAPERS_MISSING" if home else "FINISHED"
    end_matter(visit_id=visit, outcome=outcome, actor=actor, now=ends)
    end_visit(visit_id=visit, actor=actor, now=ends + timedelta(seconds=30))
    return ends + timedelta(minutes=1)
