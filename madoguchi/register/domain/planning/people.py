"""Finding the people a command speaks of (対象者の確認)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.items import Items, Status, VersionRow
from madoguchi.register.domain.situation import Situation, known_items
from madoguchi.register.domain.timeline import events_of, settled_status


def find_people(
    person_ids: Iterable[str], situation: Situation
) -> tuple[Mapping[str, Items], tuple[Problem, ...]]:
    """Return the newest items of people on the register, in the order asked."""
    found: dict[str, Items] = {}
    problems: list[Problem] = []
    for person_id in person_ids:
        history = situation.histories.get(person_id)
        if history:
            found[person_id] = known_items(history)
        else:
            problems.append(Problem(code="PERSON_UNKNOWN", facts={"person_id": person_id}))
    if not found and not problems:
        problems.append(Problem(code="NOBODY_CHOSEN", where="person_ids"))
    return found, tuple(problems)


def find_residents(
    person_ids: Iterable[str], situation: Situation
) -> tuple[Mapping[str, Items], tuple[Problem, ...]]:
    """Like ``find_people``, but only those who live here and have no move-out ahead."""
    found, problems = find_people(person_ids, situation)
    wrong: list[Problem] = []
    for person_id, items in found.items():
        status = settled_status(items, on=situation.today)
        facts = {"person_id": person_id}
        if status is Status.MOVE_OUT_PLANNED:
            wrong.append(Problem(code="MOVE_OUT_STANDS", facts=facts))
        elif not status.is_resident:
            wrong.append(Problem(code="NOT_RESIDENT", facts=facts))
    return found, (*problems, *wrong)


def check_nothing_later(history: tuple[VersionRow, ...], day: date) -> tuple[Problem, ...]:
    """Nothing may have happened to somebody after the day they left (消除後の異動)."""
    if any(event.day > day for event in events_of(history)):
        return (Problem(code="LATER_CHANGE_STANDS", where="effective"),)
    return ()
