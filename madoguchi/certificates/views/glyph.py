"""One character as the register holds it, as a picture for the screen (字形)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.infra.fonts import glyph_svg
from madoguchi.web.access import open_to_all

_CHARACTERS_MAX = 4


@open_to_all(reason="the shape of one character tells nothing about anybody")
@require_safe
def glyph(_request: HttpRequest, code: str) -> HttpResponse:
    """Return the outline of a character with its selectors: ``9089-e0110``."""
    parts = code.split("-")
    try:
        cluster = "".join(chr(int(part, 16)) for part in parts[:_CHARACTERS_MAX])
        picture = glyph_svg(cluster)
    except (ValueError, OverflowError):
        raise Http404 from None
    if picture is None or len(parts) > _CHARACTERS_MAX:
        raise Http404
    return HttpResponse(
        picture,
        content_type="image/svg+xml",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
