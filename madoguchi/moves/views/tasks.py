"""Queue pages of the follow-ups, one a section (関連課の用事の画面)."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.audit.api import look
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.actions.tasks import answer_task
from madoguchi.moves.domain.letters import MoveLetter
from madoguchi.moves.domain.rights import FILE, SECTION
from madoguchi.moves.domain.tasks import ANSWER_MAX, TaskState
from madoguchi.moves.queries.letters import written
from madoguchi.moves.queries.planning import plan_book
from madoguchi.moves.queries.tasks import counts_by_section, open_tasks
from madoguchi.moves.queries.unanswered import list_unanswered
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "引っ越しの用事"


@needs(SECTION)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """List what waits, of one section or of all, the first due first."""
    return _show(request, request.GET.get("section", ""))


@needs(FILE)
@require_safe
def unanswered(request: HttpRequest) -> HttpResponse:
    """List whoever left and of whom no new town has said anything (A9)."""
    actor = actor_of(request, "転入通知の未着")
    rows = list_unanswered(actor=actor, today=clock.today(), folder=settings.MADOGUCHI_CARD_RULES)
    subjects = sorted(one.person.person_id for one in rows)
    if subjects:
        look(actor=actor, screen="MOVE_UNANSWERED", subjects=subjects)
    days = plan_book(settings.MADOGUCHI_CARD_RULES).notice_after_days
    asked = written([one.filing_id for one in rows], MoveLetter.NO_NOTICE)
    shown = [(one, asked.get(one.filing_id)) for one in rows]
    return page(request, "moves/unanswered.html", {"rows": shown, "after": days})


@needs(SECTION)
@require_POST
def answer(request: HttpRequest, task_id: str) -> HttpResponse:
    """End a task: done, or not needed and why."""
    section = request.POST.get("section", "")[:20]
    given = request.POST.get("state", "")
    if given not in set(TaskState) - {TaskState.OPEN}:
        return _show(request, section, Problem(code="BAD_INPUT"))
    _, problems = press(
        answer_task, task_id=task_id, state=TaskState(given), seen="seen" in request.POST,
        answer=request.POST.get("answer", "")[: ANSWER_MAX + 1],
        actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    if problems:
        return _show(request, section, *problems)
    query = f"?section={section}" if section in counts_all(request) else ""
    return HttpResponseRedirect(reverse("moves:tasks") + query)


def counts_all(request: HttpRequest) -> dict[str, int]:
    """Count what waits in each section, as this reader may know (課ごとの件数)."""
    return dict(counts_by_section(open_tasks(actor=actor_of(request, PURPOSE))))


def _show(request: HttpRequest, section: str, *problems: Problem) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    everything = open_tasks(actor=actor)
    counts = dict(counts_by_section(everything))
    here = section if section in counts else ""
    rows = [one for one in everything if not here or one.section == here]
    subjects = sorted({one.called.person_id for one in rows})
    if subjects:
        look(actor=actor, screen="MOVE_TASKS", subjects=subjects)
    context = {
        "rows": rows, "counts": sorted(counts.items()), "here": here, "all": len(everything),
        "today": clock.today(), "problems": [replace(one, where=None) for one in problems],
    }  # fmt: skip
    code = problems[0].code if problems else ""
    status = 200 if not problems else 404 if code == "MOVE_TASK_UNKNOWN" else 422
    return page(request, "moves/tasks.html", context, status)
