"""Case C and D: the request to the old town and the slip to take home (請求書の画面)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from madoguchi.dispatch.api import office
from madoguchi.infra import clock
from madoguchi.infra.office import is_office_day
from madoguchi.kernel.actor import Right
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.documents.letters import draw_request
from madoguchi.moves.domain.case import Case
from madoguchi.moves.domain.triage import Counted, last_day
from madoguchi.moves.forms import LetterForm
from madoguchi.moves.queries.rulebook import triage_book
from madoguchi.moves.views import words
from madoguchi.web.access import needs
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page, pdf_answer

BRING = ("PAPER_CERTIFICATE", "IDENTITY", "CARDS")


@needs(Right.SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """Ask for the town and the days, and draw both pages; nothing typed is kept."""
    form = LetterForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            return _drawn(form.cleaned_data)
    return page(request, "moves/letter.html", {"form": form, "problems": problems},
                422 if problems else 200)  # fmt: skip


def _drawn(given: dict[str, object]) -> HttpResponse:
    today = clock.today()
    case = Case(today=today, moved_in_on=given["moved_in_on"])  # type: ignore[arg-type]  # DayField gives a day or None
    book = triage_book(settings.MADOGUCHI_CARD_RULES)
    # With the paper the filing's own fourteen days count, not the card's thirty.
    deadline = last_day(case, book, counted=Counted.FILING, is_office_day=is_office_day)
    pdf = draw_request(
        old_town=str(given["old_town"]),
        deadline=deadline,
        today=today,
        bring=[words.plain(f"bring_{one}", Language.JAPANESE) for one in BRING],
        desk=office(),
    )
    return pdf_answer(pdf, name="request.pdf", inline=True)
