"""Every screen in every mode and language, to be looked at (画面帳)."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.kernel.language import Language
from madoguchi.kiosk.domain.steps import Mode
from madoguchi.kiosk.views.drawing import Manner, draw, town_in
from madoguchi.kiosk.views.scenes import SCENES, scene
from madoguchi.web.access import open_to_all
from madoguchi.web.pages import page


@open_to_all(reason="fictional data only, and only in the demonstration town")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List every screen (画面帳)."""
    if not settings.MADOGUCHI_DEMO:
        raise Http404
    shelves = [(mode, language) for mode in Mode for language in Language]
    return page(request, "kiosk/gallery.html", {"shelves": shelves, "scenes": SCENES})


@open_to_all(reason="fictional data only, and only in the demonstration town")
@require_safe
def one(request: HttpRequest, mode: str, language: str, name: str) -> HttpResponse:
    """Show one screen; its presses lead nowhere, for no session stands behind it (画面)."""
    known = mode in set(Mode) and language in set(Language) and name in SCENES
    if not settings.MADOGUCHI_DEMO or not known:
        raise Http404
    manner = Manner(mode=Mode(mode), language=Language(language))
    step, screen = scene(
        name, mode=manner.mode, language=manner.language, town=town_in(manner.language)
    )
    return draw(request, screen, manner, step=step, more={"called": "called" in request.GET})
