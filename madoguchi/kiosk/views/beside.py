"""A person beside the machine: the bell, and the clerk's own code (職員を呼ぶ・付き添い)."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.accounts.api import check_code
from madoguchi.infra import clock, unit
from madoguchi.infra.unit import Busy
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk.actions import helping
from madoguchi.kiosk.views.drawing import language_of, manner_context
from madoguchi.kiosk.views.holding import session_of, terminal_of
from madoguchi.kiosk.views.resident import WHY, to_now, to_start
from madoguchi.kiosk.views.seeing import manner_of
from madoguchi.web.access import open_to_all
from madoguchi.web.pages import page, unkept


@open_to_all(reason=WHY)
@require_POST
def call(request: HttpRequest) -> HttpResponse:
    """Ring at the desk; the screen stays where it is (職員を呼ぶ)."""
    row, terminal = session_of(request), terminal_of(request)
    language = language_of(request.POST.get("language"))
    if terminal is not None:
        # Where nobody could be called the bell on the screen stays as it was.
        with suppress(Refused, Busy):
            unit.run(
                helping.call_staff,
                terminal_no=terminal.terminal_no,
                session_id=row.session_id if row is not None else "",
                now=clock.now(),
            )
    return to_now() if row is not None else to_start(language)


@open_to_all(reason=WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def beside(request: HttpRequest) -> HttpResponse:
    """Ask a clerk for number and one-time code; every try is counted where staff sign in (付き添い)."""
    row, terminal = session_of(request), terminal_of(request)
    if row is None:
        return to_start()
    if row.end is not None or terminal is None:
        return to_now()
    shown: str | tuple[Problem, ...] = ()
    staff_id = request.POST.get("staff_id", "").strip()
    status = 200
    if request.method == "POST":
        try:
            shown = check_code(
                staff_id=staff_id,
                code=request.POST.get("digits", "").strip(),
                terminal=terminal.terminal_no,
                place=terminal.place,
                now=clock.now(),
            )
            unit.run(
                helping.staff_beside,
                session_id=row.session_id,
                shown=shown,
                now=clock.now(),
            )
        except Busy:
            status = 409
        except Refused:
            status = 422
        else:
            return to_now()
    if status == 422 and isinstance(shown, str):
        return to_now()  # the code was right; the session ended meanwhile
    context = {
        **manner_context(manner_of(row)),
        "staff_id": staff_id,
        "wrong": status == 422,
        "busy": status == 409,
        "here": reverse("kiosk:now"),
    }
    return unkept(page(request, "kiosk/beside.html", context, status))
