"""Taking a register in, and writing it out (取込み・書出しの画面)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.infra import clock, files, progress, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem
from madoguchi.register.actions.exporting import ENCODINGS, export_csv
from madoguchi.register.actions.importing import working
from madoguchi.register.forms import ImportForm
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import render_placed, word
from madoguchi.web.pages import page

IMPORT_PURPOSE = "住民記録の取込み"
EXPORT_PURPOSE = "住民記録の書出し"
SHOWN_MAX = 200


@needs(Right.IMPORT_EXPORT)
@require_safe
def import_page(request: HttpRequest) -> HttpResponse:
    """Ask for the files; a dry run is the main button."""
    return _page(request, ImportForm())


@needs(Right.IMPORT_EXPORT)
@require_POST
def start_import(request: HttpRequest) -> HttpResponse:
    """Put the files aside and queue the work; the page of the work tells the rest."""
    form = ImportForm(request.POST, request.FILES)
    problems = problems_of(form)
    if problems:
        return _page(request, form, problems=problems, status=422)
    actor = actor_of(request, IMPORT_PURPOSE)
    work_id = working.put_aside(
        {name: form.cleaned_data[name] for name in working.PARTS if form.cleaned_data.get(name)}
    )
    dry_run = request.POST.get("how") != "load"
    unit.run(working.begin, actor=actor, work_id=work_id, dry_run=dry_run)
    return HttpResponseRedirect(reverse("register:import_state", args=[work_id]))


@needs(Right.IMPORT_EXPORT)
@require_safe
def import_state(request: HttpRequest, work_id: str) -> HttpResponse:
    """Show how far an import is, or its report."""
    kept = working.find_report(work_id)
    work = progress.find_work(work_id)
    if kept is None and work is None and not working.is_waiting(work_id):
        raise Http404
    context: dict[str, Any] = {"work_id": work_id, "work": work, "kept": kept}
    if work is not None:
        context["step"] = word(kind="import_step", code=work.step or "START")
    if kept is not None:
        context |= {
            "problems": render_placed([*kept.refused, *kept.report.problems[:SHOWN_MAX]]),
            "warnings": render_placed(kept.report.warnings[:SHOWN_MAX]),
            "unlisted": max(0, kept.report.problem_count - SHOWN_MAX),
            "clean": not kept.refused and not kept.report.problem_count,
        }
    return page(request, "register/import_state.html", context)


@needs(Right.IMPORT_EXPORT)
@require_POST
def stop_import(_request: HttpRequest, work_id: str) -> HttpResponse:
    """Ask a running import to stop; it keeps nothing."""
    progress.ask_to_stop(work_id)
    return HttpResponseRedirect(reverse("register:import_state", args=[work_id]))


@needs(Right.IMPORT_EXPORT)
@require_POST
def export_file(request: HttpRequest) -> HttpResponseBase:
    """Answer with register.csv; that it left is on record first."""
    wanted = request.POST.get("encoding", "")
    encoding = wanted if wanted in ENCODINGS else ENCODINGS[0]
    path = files.private_folder("exports") / f"{new_id()}.csv"
    export_csv(path, actor=actor_of(request, EXPORT_PURPOSE), encoding=encoding)
    stream = path.open("rb")
    path.unlink()  # the open file can still be sent, and nothing stays behind
    return FileResponse(
        stream,
        as_attachment=True,
        filename=f"register-{clock.today():%Y%m%d}.csv",
        content_type=f"text/csv; charset={'utf-8' if encoding == 'utf-8' else 'windows-31j'}",
    )


def _page(
    request: HttpRequest,
    form: ImportForm,
    *,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "found": problems}
    return page(request, "register/import.html", context, status=status)
