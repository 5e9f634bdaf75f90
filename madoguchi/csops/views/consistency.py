"""The register against an extract of the CS (整合性の確認の画面)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.audit.api import look
from madoguchi.csops.actions.consistency import note_check
from madoguchi.csops.domain.consistency import COLUMNS, Kind
from madoguchi.csops.forms import ExtractForm
from madoguchi.csops.queries.consistency import LISTED_MAX, Check, check_extract, people_of
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page, unkept
from madoguchi.web.press import press

PURPOSE = "CSの整合性の確認"
#: Of these the two sides are names, shown in the register's glyphs.
NAMES = frozenset(
    one.value for one in (Kind.NOT_IN_CS, Kind.GONE, Kind.NOT_KNOWN, Kind.NAME, Kind.LETTERS)
)


@needs(Right.RUN_CS, Right.VIEW_PERSON)
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Ask for the extract."""
    return _show(request, ExtractForm())


@needs(Right.RUN_CS, Right.VIEW_PERSON)
@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """Compare, record that it was done and who was seen, and show what differs."""
    actor = actor_of(request, PURPOSE)
    form = ExtractForm(request.POST, request.FILES)
    problems = problems_of(form)
    if problems:
        return _show(request, form, *problems)
    file = form.cleaned_data["file"]
    found = check_extract(file, actor=actor)
    if not isinstance(found, Check):
        return _show(request, form, *found)
    file.seek(0)
    _, problems = press(
        note_check, rows=found.rows, sha256=hashlib.file_digest(file, "sha256").hexdigest(),
        counts={kind.value: count for kind, count in found.counts.items()}, actor=actor,
        now=clock.now(),
    )  # fmt: skip
    if problems:
        return _show(request, form, *problems)
    look(actor=actor, screen="CS_CHECK", subjects=people_of(found.listed))
    return _show(request, ExtractForm(), found=found)


def _show(
    request: HttpRequest, form: ExtractForm, *problems: Problem, found: Check | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form, "may_check": True, "columns": COLUMNS, "found": found, "names": NAMES, "most": LISTED_MAX,
        "counts": [(kind.value, count) for kind, count in found.counts.items()] if found else [],
        "problems": problems, "wrong": form if form.is_bound else None,
    }  # fmt: skip
    return unkept(page(request, "csops/check.html", context, 422 if problems else 200))
