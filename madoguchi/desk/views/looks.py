"""The slip for a resident: who looked at me, and why (記録を見た人の紙).

In plain words and by role, not by name: the number of each line leads the office to who it was.
Nothing of a 支援措置 stands on it, whoever asks: the slip may be read over a shoulder at home.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.accounts.api import list_staff
from madoguchi.audit.api import EntryFilter, list_entries, look
from madoguchi.desk.domain.tasks import SlipLine, slip_lines
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import seen
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import catalogue, label
from madoguchi.web.pages import page, unkept

PURPOSE = "本人からの閲覧記録の求め"
#: A year back, and no more lines than a resident reads (*assumed*).
DAYS, MOST = 365, 200


@needs(Right.VIEW_PERSON, Right.SEE_AUDIT)
@require_safe
def looks(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show who looked at somebody's record in the last year, as a page to hand over."""
    actor = actor_of(request, PURPOSE)
    row = seen.find_person(person_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="UNKNOWN_PERSON")], status=404)
    since = clock.today() - timedelta(days=DAYS)
    found = list_entries(
        wanted=EntryFilter(person_id=person_id, since=since), limit=MOST, sees_closed=False
    )
    roles = {one.staff_id: one.role for one in list_staff({e.note.staff_id for e in found.entries})}
    lines = slip_lines(
        (clock.day_of(one.note.at), roles.get(one.note.staff_id, "MACHINE"), one.note.kind.value,
         one.note.action, one.note.purpose, one.seq)
        for one in found.entries
    )  # fmt: skip
    look(actor=actor, screen="PERSON_LOOKS", subjects=[person_id])
    context = {
        "person": row, "since": since, "today": clock.today(), "lines": [_shown(one) for one in lines],
        "more": found.next_before is not None,
    }  # fmt: skip
    return unkept(page(request, "desk/looks.html", context))


def _shown(line: SlipLine) -> tuple[date, str, str, SlipLine]:
    done = "" if line.kind == "LOOK" else catalogue().labels.get(("audit_action", line.action), "")
    return line.on, label(kind="role", code=line.role), done, line
