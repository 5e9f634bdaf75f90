"""Make a browser the machine it stands in: the word of its registration is typed once (端末の登録)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.kernel.outcome import Problem
from madoguchi.kiosk.forms import EnrolForm
from madoguchi.kiosk.queries.terminals import find_terminal
from madoguchi.kiosk.views.holding import be_terminal
from madoguchi.web.access import open_to_all
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page, unkept


@open_to_all(
    reason="a kiosk's browser has no staff; only the 256-bit word of its registration helps"
)
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Take the word the officer was shown, and let this browser be that machine from now on."""
    form = EnrolForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        word = form.cleaned_data.get("word", "").strip()
        if not problems and find_terminal(word) is None:
            problems = (Problem(code="KIOSK_WORD_UNKNOWN", where="word"),)
        if not problems:
            return be_terminal(HttpResponseRedirect(reverse("kiosk:start")), word)
    context = {"form": EnrolForm(), "problems": problems}  # what was typed is not sent back
    return unkept(page(request, "kiosk_office/enrol.html", context, 422 if problems else 200))
