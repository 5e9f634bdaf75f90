"""What went wrong, and whether it became less (まちがいの画面)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.infra import clock
from madoguchi.insights.domain.years import label_of
from madoguchi.insights.queries.mistakes import mistakes
from madoguchi.kernel.actor import Right
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import period_words
from madoguchi.web.pages import page

PURPOSE = "効果の見える化"


@needs(Right.SEARCH)
@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """Show mistakes by fiscal year, with their minutes and the odds of chance."""
    board = mistakes(
        actor=actor_of(request, PURPOSE), today=clock.today(), folder=settings.MADOGUCHI_CARD_RULES
    )
    by_sort = [
        (sort, [next(row for row in year.rows if row.sort == sort) for year in board.years])
        for sort in board.sorts
    ]
    context = {
        "board": board, "by_sort": by_sort,
        "years": [(one, period_words(label_of(one.number))) for one in board.years],
    }  # fmt: skip
    return page(request, "insights/errors.html", context)
