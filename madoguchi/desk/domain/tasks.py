"""What can be done for a person now, and why not (いまできること)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing the clerk may want to do for the person in hand (手続き)."""

    code: str
    key: str
    url: str
    #: Why not now, as a code of the catalogue; empty means it can be done.
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpan:
    """The days a person's record can be looked at, as numbers for a slider (表示できる期間)."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return how many days the slider spans (日数)."""
        return (self.last - self.first).days

    def day(self, offset: int) -> date:
        """Return the day at a place of the slider, kept within the span (その日)."""
        offset = min(max(offset, 0), self.days)
        return date.fromordinal(self.first.toordinal() + offset)

    def offset(self, day: date) -> int:
        """Return the place of a day on the slider (位置)."""
        return min(max((day - self.first).days, 0), self.days)


def tasks_for(
    *, person_id: str, is_resident: bool, has_draft: bool, certificate_url: str, card_url: str = "",
    closed: int = 0,
) -> tuple[Task, ...]:  # fmt: skip
    """List what this person can have now; greyed ones say why not (いまできること).

    ``closed``: which of their records is the newest closed one, of somebody who came back.
    """
    ask = f"{certificate_url}?person={person_id}&kind="
    waits = "CHANGE_WAITS_FOR_APPROVAL" if has_draft else ""
    living = waits or ("" if is_resident else "RECORD_IS_REMOVED")
    removed = waits or ("NOT_REMOVED_YET" if is_resident and not closed else "")
    which = f"&record={closed}" if closed else ""
    card = Task(code="CARD", key="n", url=f"{card_url}?person={person_id}", why_not="")
    household = Task(
        code="HOUSEHOLD", key="c", url=f"{ask}resident_record_household", why_not=living
    )
    return (
        household,
        Task(code="INDIVIDUAL", key="i", url=f"{ask}resident_record_individual", why_not=living),
        Task(code="ITEMS", key="k", url=f"{ask}record_items", why_not=living),
        Task(code="REMOVED", key="j", url=f"{ask}removed_record{which}", why_not=removed),
        *((card,) if card_url and is_resident else ()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """One line of the slip: on a day somebody of a role looked or changed, so many times (閲覧の行)."""

    on: date
    role: str
    kind: str
    action: str
    purpose: str
    times: int
    #: The newest of its records, by which the office finds who it was.
    record_no: int


def slip_lines(
    entries: Iterable[tuple[date, str, str, str, str, int]],
) -> tuple[SlipLine, ...]:
    """Put together what one would read as the same: looks of a day for one purpose (閲覧のまとめ).

    Entries are (day, role, kind, action, purpose, number), newest first, and so are the lines.
    Two changes are never one line, looks at several pages for one purpose are.
    """
    found: dict[tuple[object, ...], SlipLine] = {}
    for on, role, kind, action, purpose, number in entries:
        is_look = kind == "LOOK"
        key = (on, role, kind, purpose) if is_look else (number,)
        line = found.get(key)
        found[key] = (
            replace(line, times=line.times + 1) if line else
            SlipLine(on=on, role=role, kind=kind, action="" if is_look else action,
                     purpose=purpose, times=1, record_no=number)
        )  # fmt: skip
    return tuple(found.values())
