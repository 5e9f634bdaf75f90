"""Papers beside the certificate: the sample of practice, the receipt, the file of the web (そのほかの書類)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.certificates.api import self_service
from madoguchi.kiosk.domain.steps import Mode
from madoguchi.kiosk.views.drawing import unkept
from madoguchi.kiosk.views.holding import session_of
from madoguchi.kiosk.views.resident import WHY, to_now, to_start
from madoguchi.web.access import open_to_all


@open_to_all(reason=WHY)
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """Show what the practised paper looks like: 見本 across it, a household nobody lives in (見本)."""
    row = session_of(request)
    if row is None or row.mode is not Mode.PRACTICE or not row.choices.kind:
        return to_start()
    pdf = self_service.sample_paper(row.choices.kind)  # type: ignore[attr-defined]
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="mihon.pdf"'
    return unkept(answer)


@open_to_all(reason=WHY)
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """Print the receipt (領収書)."""
    return to_now()
