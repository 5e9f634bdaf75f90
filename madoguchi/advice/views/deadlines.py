"""Days counted on the screen: what must happen by when, with its source (期限の画面).

Nothing that is typed here is kept, and nobody is named.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from madoguchi.advice.domain.deadlines import Deadline
from madoguchi.advice.forms import DaysForm, Topic
from madoguchi.advice.queries.rulebook import answer_deadlines, rule_book
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page

TOPIC_KEYS = "12345"


@needs(Right.SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: HttpRequest) -> HttpResponse:
    """Ask for the days of one topic, and show what follows from them."""
    given = request.POST.get("topic") or request.GET.get("topic", "")
    topic = Topic(given) if given in set(Topic) else Topic.CARD
    folder = settings.MADOGUCHI_CARD_RULES
    reasons = tuple(row.code for row in rule_book(folder).express)
    form = DaysForm(request.POST if request.method == "POST" else None, topic=topic,
                    express=reasons)  # fmt: skip
    problems: tuple[Problem, ...] = ()
    found: tuple[Deadline, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            found, problems = answer_deadlines(form.case(), folder=folder)
            mark(form, problems)
    today = clock.today()
    context = {
        "topic": topic.value, "topics": list(zip(TOPIC_KEYS, Topic, strict=True)), "form": form,
        "problems": problems, "found": [_row(one, today) for one in found], "today": today,
    }  # fmt: skip
    return page(request, "advice/deadlines.html", context, 422 if problems else 200)


def _row(one: Deadline, today: date) -> dict[str, object]:
    left = (one.date - today).days
    return {"code": one.code, "on": one.date, "left": left, "over": -left, "source": one.source,
            "assumed": one.assumed}  # fmt: skip
