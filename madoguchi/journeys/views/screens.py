"""How the kiosk's screens fare (キオスクの画面ごと)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.infra import clock
from madoguchi.journeys.domain.origins import Origin, months_open
from madoguchi.journeys.queries.maps import rules
from madoguchi.journeys.queries.screens import LEFT, screens_of_month
from madoguchi.kernel.actor import Right
from madoguchi.web.access import needs
from madoguchi.web.pages import page


@needs(Right.SEARCH)
@require_safe
def screens(request: HttpRequest) -> HttpResponse:
    """Show the screens of a month that is over: how they were left, and how long they took."""
    months = months_open(Origin.KIOSK, today=clock.today())
    asked = request.GET.get("month", "")
    first, last = next((one for one in months if one[0].isoformat() == asked), months[0])
    rows = [
        (one, [(way, one.ways[way]) for way in LEFT])
        for one in screens_of_month(first, last, k=rules().k)
    ]
    context = {
        "rows": rows, "ways": LEFT, "months": [(one[0].isoformat(), one[0]) for one in months],
        "first": first, "k": rules().k, "origins": [one.value for one in Origin],
    }  # fmt: skip
    return page(request, "journeys/screens.html", context)
