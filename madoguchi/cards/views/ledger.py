"""The ledger on the screen (管理簿の画面): the table with its filters, a file in, a file out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.audit.api import look
from madoguchi.cards.actions.ledger import check_ledger, export_ledger, import_ledger
from madoguchi.cards.actions.reading import headings_of
from madoguchi.cards.domain.card import CardState
from madoguchi.cards.domain.columns import NAMES, Guess
from madoguchi.cards.domain.ledger import Chosen, field_named
from madoguchi.cards.domain.rights import LEDGER_FILE, LINE
from madoguchi.cards.forms import LedgerFileForm, LedgerForm
from madoguchi.cards.queries.boxes import CardRow
from madoguchi.cards.queries.ledger import LedgerFilter, list_cards
from madoguchi.infra import clock, progress, unit
from madoguchi.infra.unit import Busy
from madoguchi.kernel.intake import FileRefused, FileReport
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import listed, render_placed, word
from madoguchi.web.pages import page

LOOK_PURPOSE = "個人番号カードの管理簿"
IMPORT_PURPOSE = "管理簿の取込み"
EXPORT_PURPOSE = "管理簿の書出し"
SHOWN_MAX = 200
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_BADGES = {CardState.WRONG: "stop", CardState.SET_UP: "ok", CardState.ARRIVED: "wait"}


@needs(LINE)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the cards that are wanted, in shelf order."""
    form = LedgerForm(request.GET)
    problems = problems_of(form)
    actor = actor_of(request, LOOK_PURPOSE)
    given = form.cleaned_data
    context: dict[str, Any] = {"form": form, "problems": problems}
    if not problems:
        wanted = LedgerFilter(
            state=CardState(given["state"]) if given["state"] else None, shelf=given["shelf"],
            box_no=given["box"], number=given["number"], days=given["days"], noticed=given["noticed"],
        )  # fmt: skip
        found = list_cards(wanted, actor=actor, today=clock.today(), page_no=given["page"] or 1)
        look(
            actor=actor, screen="CARD_LEDGER",
            subjects=sorted({one.person_id for one in found.rows if one.person_id}),
            detail={"rows": len(found.rows)},
        )  # fmt: skip
        asked = {key: value for key, value in request.GET.items() if key != "page" and value}
        context |= {
            "found": found,
            "rows": [_shown(one) for one in found.rows],
            "before": urlencode({**asked, "page": found.page_no - 1}),
            "next": urlencode({**asked, "page": found.page_no + 1}),
        }
    context["may_export"] = actor.may(LEDGER_FILE)
    return page(request, "cards/ledger.html", context, 422 if problems else 200)


def _shown(row: CardRow) -> dict[str, str]:
    """Put a row into words here: fifty rows of decisions are slow to make in a template."""
    return {
        "url": reverse("cards:card", args=[row.card_id]),
        "shelf": row.shelf or "—",
        "number": row.notice_no,
        "name": row.name,
        "kind": word(kind="card_kind", code=row.kind.value),
        "badge": _BADGES.get(row.state, "info"),
        "state": word(kind="card_state", code=row.state.value),
        "box": row.box_no or "—",
        "why": listed(word(kind="card_fault", code=one.value) for one in row.faults),
    }


@needs(LEDGER_FILE)
@require_POST
def give_out(request: HttpRequest) -> HttpResponse:
    """Answer with the ledger as a file; that it left is on record first."""
    kind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    actor = actor_of(request, EXPORT_PURPOSE)
    written, _, _ = export_ledger(actor=actor, as_csv=kind == "csv")
    name = f"kanribo-{clock.today():%Y%m%d}.{kind}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(written, content_type=_TYPES[kind], headers=headers)


@needs(LEDGER_FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """Take a ledger file in: say what each column means, try, then load.

    The file stays in the browser and comes with every press; nothing of it is put aside here.
    """
    if request.method != "POST":
        return page(request, "cards/ledger_import.html", {"form": LedgerFileForm()})
    form = LedgerFileForm(request.POST, request.FILES)
    problems = problems_of(form)
    context: dict[str, Any] = {"form": form, "problems": problems}
    if not problems:
        file = form.cleaned_data["listed"]
        guesses = headings_of(file)
        if isinstance(guesses, Problem):
            context["problems"] = problems = (guesses,)
        else:
            chosen = _chosen(request.POST, guesses)
            report = _work(request, file, chosen=chosen)
            context |= _told(report, guesses, chosen, loaded=request.POST.get("how") == "load")
            problems = report.problems
    return page(request, "cards/ledger_import.html", context, 422 if problems else 200)


def _work(request: HttpRequest, file: Any, *, chosen: Chosen | None) -> FileReport:
    """Load only what somebody saw tried with these very columns (取込みまたは試行)."""
    actor = actor_of(request, IMPORT_PURPOSE)
    quiet = progress.quiet("cards ledger")
    file.seek(0)
    try:
        if request.POST.get("how") == "load" and chosen is not None:
            return unit.run_long(import_ledger, file, actor=actor, progress=quiet, chosen=chosen)
        return check_ledger(file, actor=actor, progress=quiet, chosen=chosen)
    except FileRefused as refusal:
        return refusal.report
    except Busy:
        return FileReport(rows=0, problems=(Problem(code="BUSY"),), problem_count=1)


def _told(
    report: FileReport, guesses: Sequence[Guess], chosen: Chosen | None, *, loaded: bool
) -> dict[str, Any]:
    columns = [
        {
            "place": place,
            "heading": one.heading or word(kind="cards_said", code="NO_HEADING"),
            "field": (chosen[place] if chosen is not None else one.field) or "",
            "is_sure": one.is_sure or chosen is not None,
        }
        for place, one in enumerate(guesses)
    ]
    return {
        "report": report,
        "columns": columns,
        "fields": [(field.value, names[0]) for field, names in NAMES.items()],
        "print": _print_of(guesses),
        "wrong": render_placed(report.problems[:SHOWN_MAX]),
        "unlisted": max(0, report.problem_count - SHOWN_MAX),
        "is_tried": chosen is not None,
        "is_loaded": loaded and chosen is not None and not report.problem_count,
    }


def _chosen(given: Mapping[str, str], guesses: Sequence[Guess]) -> Chosen | None:
    """Read what each column was said to mean; of another file's columns nothing is taken."""
    if given.get("print") != _print_of(guesses):
        return None
    return {place: field_named(given.get(f"column-{place}", "")) for place in range(len(guesses))}


def _print_of(guesses: Sequence[Guess]) -> str:
    return sha256("\n".join(one.heading for one in guesses).encode()).hexdigest()[:16]
