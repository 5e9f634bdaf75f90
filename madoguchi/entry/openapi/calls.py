"""The calls: each asks one query or presses one action of a room (呼出し).

The gate is asked by those rooms at the last moment, as for a clerk without the right to see
whom a measure protects: such a person, and an id nobody has, are one and the same 404.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import NinjaAPI, Path, Query

from madoguchi.addressees.queries.entries import list_lists
from madoguchi.appointments.queries.bookings import list_bookings
from madoguchi.audit.api import look
from madoguchi.entry.openapi import shapes
from madoguchi.entry.openapi.doors import Key, actor_of, holder_of, say_no_in_words
from madoguchi.infra import clock, unit
from madoguchi.insights.queries.boards import CHANNELS, board_of
from madoguchi.kernel.daytimes import clock_text
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.actions.tasks import answer_task
from madoguchi.moves.api import TaskState
from madoguchi.moves.queries.tasks import TaskRow, find_task, open_tasks
from madoguchi.tokens.api import Scope
from madoguchi.web.access import open_to_all

DAYS_MAX = 31
PURPOSE = "他システムからの呼出し"
_NO: dict[Any, Any] = dict.fromkeys(
    (400, 401, 403, 404, 409, 413, 422, 429, 503), shapes.ProblemsOut
)
Id = Annotated[str, Path(max_length=26, pattern="^[a-z2-7]+$")]

api = NinjaAPI(
    title="窓口 Madoguchi", version="1", urls_namespace="openapi", docs_url=None,
    description="ほかの課と周辺のシステムのための窓口。鍵ごとに使える範囲が決まり、使うたびに記録されます。",
)  # fmt: skip
say_no_in_words(api)


@api.get("/tasks", auth=Key(Scope.TASKS_READ), response={200: shapes.TasksOut, **_NO})
def tasks(request: HttpRequest) -> dict[str, Any]:
    """List the tasks that wait for the key's section, the first due first (待っている用事)."""
    actor = actor_of(request, PURPOSE)
    rows = open_tasks(actor=actor, section=holder_of(request).section)
    look(actor=actor, screen="API_TASKS", subjects=_subjects(rows))
    return {"tasks": [_task(row) for row in rows]}


@api.get("/tasks/{task_id}", auth=Key(Scope.TASKS_READ), response={200: shapes.TaskOut, **_NO})
def task(request: HttpRequest, task_id: Id) -> dict[str, Any]:
    """Return one task (用事)."""
    row = _own_task(request, task_id)
    look(actor=actor_of(request, PURPOSE), screen="API_TASK", subjects=_subjects([row]))
    return _task(row)


@api.post(
    "/tasks/{task_id}/answer", auth=Key(Scope.TASKS_WRITE), response={200: shapes.DoneOut, **_NO}
)
def answer(request: HttpRequest, task_id: Id, given: shapes.AnswerIn) -> dict[str, Any]:
    """Answer a task once: done, or not needed and why (用事の答え)."""
    _own_task(request, task_id)
    unit.run(
        answer_task, task_id=task_id, state=TaskState(given.state), answer=given.answer,
        seen=given.seen_face_to_face, actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    return {"task_id": task_id, "state": given.state}


@api.get("/bookings", auth=Key(Scope.BOOKINGS_READ), response={200: shapes.BookingsOut, **_NO})
def bookings(
    request: HttpRequest, first: date, days: Annotated[int, Query(ge=1, le=DAYS_MAX)] = 1
) -> dict[str, Any]:
    """List when people come to this office, and for what; never who (予約の時間)."""
    if not date.max - first > timedelta(days=DAYS_MAX):
        raise Refused(Problem(code="API_FIELD_WRONG", where="first", facts={"field": "first"}))
    last = first + timedelta(days=days - 1)
    rows = list_bookings(settings.MADOGUCHI_PLACE, first=first, last=last)
    look(actor=actor_of(request, PURPOSE), screen="API_BOOKINGS", subjects=[])
    return {
        "bookings": [
            {
                "place": row.place, "on": row.on, "begins": clock_text(row.span.begins),
                "ends": clock_text(row.span.ends), "state": row.state.value,
                "errands": [one.kind.value for one in row.errands],
            }
            for row in rows
        ]
    }  # fmt: skip


@api.get("/figures", auth=Key(Scope.FIGURES_READ), response={200: shapes.FiguresOut, **_NO})
def figures(request: HttpRequest, channel: Literal["STORE", "KIOSK"] = "STORE") -> dict[str, Any]:
    """Return a channel's years from the tables that were taken in (交付の件数)."""
    actor = actor_of(request, PURPOSE)
    (wanted,) = (one for one in CHANNELS if one.name == channel)
    board = board_of(wanted, actor=actor, today=clock.today())
    look(actor=actor, screen="API_FIGURES", subjects=[])
    years = [
        {
            "fiscal_year": one.label, "months": one.months, "all_issues": one.all_issues.issues,
            "channel_issues": one.channel_issues.issues,
        }
        for one in board.years
    ]  # fmt: skip
    return {"channel": channel, "years": years}


@api.get("/addressees", auth=Key(Scope.ADDRESSEES_READ), response={200: shapes.ListsOut, **_NO})
def addressees(request: HttpRequest) -> dict[str, Any]:
    """List the lists of addressees with how many rows stand how (送付先リスト)."""
    actor = actor_of(request, PURPOSE)
    rows = list_lists(actor=actor)
    look(actor=actor, screen="API_ADDRESSEES", subjects=[])
    lists = [
        {
            "list_id": row.list_id, "rows": row.rows, "is_closed": row.closed_at is not None,
            "waiting": row.waiting,
            "counts": {state.value: count for state, count in row.counts.items()},
        }
        for row in rows
    ]  # fmt: skip
    return {"lists": lists}


def _own_task(request: HttpRequest, task_id: str) -> TaskRow:
    """Return a task of the key's section; another section's is not there."""
    row = find_task(task_id, actor=actor_of(request, PURPOSE))
    section = holder_of(request).section
    if row is None or (section and row.section != section):
        raise Refused(Problem(code="NOT_FOUND"))
    return row


def _subjects(rows: Any) -> list[str]:
    return sorted({person_id for row in rows for person_id in row.people})


def _task(row: TaskRow) -> dict[str, Any]:
    people = [{"person_id": one.person_id, "name": one.name} for one in row.people.values()]
    person = row.person
    return {
        "task_id": row.task_id, "code": row.code, "section": row.section, "due_on": row.due_on,
        "face_to_face": row.face_to_face, "people": people,
        "person": {"person_id": person.person_id, "name": person.name} if person else None,
    }  # fmt: skip


def routes() -> tuple[Any, str, str]:
    """Return the routes, each declared: a key is asked by the call itself, a session by none."""
    patterns, app, namespace = api.urls
    for one in patterns:
        assert one.callback is not None, "a route without a call"
        open_to_all(reason="asks for a key with the right scope; no session is looked at")(
            one.callback
        )
    return patterns, app, namespace
