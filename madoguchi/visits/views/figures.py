"""What the small visits took in a month, beside what was planned (用件のまとめの画面)."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.infra import clock
from madoguchi.visits.domain.figures import figures_of, months_back, total_of
from madoguchi.visits.domain.matters import Ends
from madoguchi.visits.domain.rights import FIGURES
from madoguchi.visits.forms import MONTHS_SHOWN, read_month
from madoguchi.visits.queries.visits import ended_in
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import label
from madoguchi.web.nav import url_or_none
from madoguchi.web.pages import page

PURPOSE = "用件のまとめ"
COLUMNS = ("日", "場所", "用件", "終わり方", "種類", "予定の分", "かかった分", "時間外", "予約")
YES = "はい"


@needs(FIGURES)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show a month by kind: how many, planned, measured, how they ended."""
    month = read_month(request.GET.get("month", ""), today=clock.today())
    place = actor_of(request, PURPOSE).place
    rows = ended_in(place, month)
    context = {
        "month": month, "months": months_back(clock.today(), MONTHS_SHOWN), "place": place,
        "figures": figures_of(rows), "total": total_of(rows), "ends": list(Ends),
        "trial": url_or_none("insights:desk"),
    }  # fmt: skip
    return page(request, "visits/figures.html", context)


@needs(FIGURES)
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """Give the rows the figures are made of: one line a matter, nobody's name."""
    month = read_month(request.GET.get("month", ""), today=clock.today())
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in ended_in(actor_of(request, PURPOSE).place, month):
        writer.writerow([
            one.on.isoformat(), one.place, label(kind="matter", code=one.matter),
            label(kind="matter_outcome", code=one.outcome),
            label(kind="matter_ends", code=one.ends.value), one.planned,
            "" if one.minutes is None else one.minutes, YES if one.extended else "",
            YES if one.booked else "",
        ])  # fmt: skip
    # With the mark that tells Excel it is UTF-8.
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="visits-{month:%Y-%m}.csv"'
    return answer
