"""Two secrets to decide at home: words, boxes and a check on the resident's own device (暗証番号).

The page is the same for everybody; nothing is sent to it and nothing comes back from it.
"""

from __future__ import annotations

import json
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.advice.domain.pins import PinPlan, SecretRow
from madoguchi.advice.queries.pins import pin_plan
from madoguchi.advice.views.words import around
from madoguchi.infra import clock
from madoguchi.web.access import open_to_all
from madoguchi.web.nav import url_or_none
from madoguchi.web.pages import page, unkept

WHY = "words for anybody; what is typed there stays on the device"


@open_to_all(reason=WHY)
@require_safe
@csp_replace({"connect-src": [NONE], "form-action": [NONE], "frame-src": [NONE]})
def two_secrets(request: HttpRequest) -> HttpResponse:
    """Show what is to be decided; the check is made by the browser alone (決める秘密)."""
    plan = pin_plan(clock.today(), folder=settings.MADOGUCHI_CARD_RULES)
    secrets = [_drawn(row, plan) for row in plan.secrets]
    context = {
        **around(request, "pins"),
        "secrets": secrets,
        "booking": url_or_none("cards:booking"),
    }
    return unkept(page(request, "advice/pins.html", context))


def _drawn(row: SecretRow, plan: PinPlan) -> dict[str, Any]:
    rule = {
        "letters": row.letters, "digits": row.digits, "both": row.both,
        "shortest": row.shortest, "longest": row.longest, "advice": row.advice,
    }  # fmt: skip
    against = ["small"] * row.letters + ["characters", "short", "long"] + ["both"] * row.both
    return {
        "row": row, "rule": json.dumps(rule), "kinds": plan.kinds_of(row.code),
        "against": against, "boxes": ["must"] * row.shortest
        + ["may"] * (row.longest - row.shortest),
    }  # fmt: skip
