"""What runs out in which month, and who that is (期限の見通しの画面)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.audit.api import look
from madoguchi.cards.api import count_running_out, list_running_out
from madoguchi.infra import clock
from madoguchi.visits.domain.expiry import forecast, months_ahead
from madoguchi.visits.domain.figures import next_month
from madoguchi.visits.domain.rights import DESK
from madoguchi.visits.queries.tables import matter_book, planned_minutes
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page

PURPOSE = "期限の見通し"
#: Of one month so many are shown; the count above says how many there are.
ROWS_MAX = 300


@needs(DESK)
@require_safe
def expiry(request: HttpRequest) -> HttpResponse:
    """Show the next 24 months, and the people of one of them."""
    actor, today = actor_of(request, PURPOSE), clock.today()
    months = months_ahead(today)
    counts = count_running_out(months[0], next_month(months[-1]), actor=actor)
    minutes = {code: _minutes(code) for code in ("APPLY_HELP", "RENEWAL", "CERT_RENEWAL")}
    found = forecast(
        months, counts, card_minutes=minutes["APPLY_HELP"] + minutes["RENEWAL"],
        certificate_minutes=minutes["CERT_RENEWAL"],
    )  # fmt: skip
    asked = {one.strftime("%Y-%m"): one for one in months}.get(request.GET.get("month", ""))
    rows = list_running_out(asked, next_month(asked), actor=actor)[:ROWS_MAX] if asked else ()
    if rows:
        look(actor=actor, screen="EXPIRY_LIST", subjects=sorted({one.person_id for one in rows}))
    context = {
        "months": found, "most": max(one.minutes for one in found) or 1, "month": asked,
        "rows": rows, "minutes": minutes, "today": today, "rows_max": ROWS_MAX,
    }  # fmt: skip
    return page(request, "visits/expiry.html", context)


def _minutes(code: str) -> int:
    row = matter_book().matter(code, clock.today())
    return planned_minutes(row, clock.today()) if row else 0
