"""Pages for who may see the record: the list, what stands out, the check (アクセス記録の画面)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_POST, require_safe

from madoguchi.audit.actions import look, record_system
from madoguchi.audit.domain import Entry, Kind
from madoguchi.audit.forms import FilterForm
from madoguchi.audit.queries import analyses
from madoguchi.audit.queries.entries import EntryFilter, list_entries, shown
from madoguchi.audit.queries.verify import verify_chain
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import word_or_code
from madoguchi.web.pages import page

PURPOSE = "アクセス記録の点検"
DAYS_SHOWN = 30

# What stands out, by the last word of its address; each is one query.
_ANALYSES: Mapping[str, Callable[..., tuple[object, ...]]] = {
    "out-of-hours": analyses.list_looks_out_of_hours,
    "failed-sign-ins": analyses.list_failed_sign_ins,
    "sign-ins": analyses.list_sign_ins_by_id,
    "bulk-looks": analyses.list_bulk_looks,
}


@needs(Right.SEE_AUDIT)
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """List entries, newest first, narrowed by person, staff, kind and days (記録の一覧).

    Who searches the record for a person is written into it, like any other look.
    """
    form, problems = _filter(request)
    if problems:
        return page(request, "audit/entries.html", _frame(form, problems), status=422)
    given = form.cleaned_data
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) < 19):
        return errors.refusal(request, [Problem(code="BAD_INPUT")], status=400)
    _note_search(request, given["person"], "AUDIT_ENTRIES")
    found = list_entries(
        wanted=EntryFilter(
            person_id=given["person"],
            staff_id=given["staff"].lower(),
            kind=Kind(given["kind"]) if given["kind"] else None,
            since=given["since"],
            until=given["until"],
        ),
        before=int(before) if before else None,
        sees_closed=_sees_closed(request),
    )
    context = _frame(form, ()) | {
        "entries": [(one, _words(one.note.action)) for one in found.entries],
        "next": _next_page(request, found.next_before),
        "person": given["person"],
    }
    return page(request, "audit/entries.html", context)


@needs(Right.SEE_AUDIT)
@require_safe
def analysis(request: HttpRequest, name: str) -> HttpResponse:
    """Show one analysis over some days (分析)."""
    if name not in _ANALYSES:
        return errors.refusal(request, [Problem(code="NOT_FOUND")], status=404)
    form, problems = _filter(request)
    if problems:
        context = _frame(form, problems) | {"name": name}
        return page(request, "audit/analysis.html", context, status=422)
    _note_search(request, "", f"AUDIT_{name.upper().replace('-', '_')}")
    rows = _ANALYSES[name](since=form.cleaned_data["since"], until=form.cleaned_data["until"])
    sees_closed = _sees_closed(request)
    context = _frame(form, ()) | {
        "name": name,
        "rows": [
            (shown(row, sees_closed=sees_closed), _words(row.note.action))
            if isinstance(row, Entry)
            else row
            for row in rows
        ],
        "full": len(rows) == analyses.LINES_MAX,
        "limit": analyses.BULK_PERSONS_AN_HOUR,
    }
    return page(request, "audit/analysis.html", context)


@needs(Right.SEE_AUDIT)
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain and write down that it was checked (連鎖の検証)."""
    found = verify_chain()
    record_system(
        actor=actor_of(request, PURPOSE),
        action="CHAIN_CHECKED",
        detail={
            "rows": found.rows,
            "intact": found.intact,
            "first_bad_row": found.first_bad_row,
        },
    )
    return page(request, "audit/verified.html", {"found": found})


def _filter(request: HttpRequest) -> tuple[FilterForm, tuple[Problem, ...]]:
    today = clock.today()
    data = QueryDict(mutable=True)
    data.update(
        {
            "since": (today - timedelta(days=DAYS_SHOWN)).isoformat(),
            "until": today.isoformat(),
        }
    )
    for key in ("person", "staff", "kind", "since", "until"):
        if key in request.GET:
            data[key] = request.GET[key].strip()
    form = FilterForm(data)
    problems = problems_of(form)
    return form, problems


def _frame(form: FilterForm, problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {"form": form, "problems": problems, "analyses": list(_ANALYSES)}


def _note_search(request: HttpRequest, person: str, screen: str) -> None:
    look(
        actor=actor_of(request, PURPOSE),
        screen=screen,
        subjects=[person] if person else [],
    )


def _sees_closed(request: HttpRequest) -> bool:
    """Tell whether this reader may know whom closed entries concern (閉じた記録)."""
    return actor_of(request, PURPOSE).may(Right.SEE_PROTECTED)


def _words(action: str) -> str:
    """Return the words of an action; a room that gave none is shown with its code."""
    return word_or_code(kind="audit_action", code=action)


def _next_page(request: HttpRequest, before: int | None) -> str:
    if before is None:
        return ""
    query = request.GET.copy()
    query["before"] = str(before)
    return query.urlencode()
