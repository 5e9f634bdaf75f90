"""A guided Monday: ten real screens, each with one sentence (ひとまわり).

Only in the demo. Which screens is the composition's to say (``settings.MADOGUCHI_TOUR``: a code
of the catalogue's ``tour`` and an address); where somebody is stands in the session.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

_KEY = "tour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop of the tour (ひとまわりの一つ)."""

    number: int
    of: int
    code: str
    path: str

    @property
    def is_last(self) -> bool:
        """Whether nothing follows (最後)."""
        return self.number == self.of


def stop_at(number: int) -> Stop | None:
    """Return a stop by its number from 1, None where there is none (番号の一つ)."""
    stops = settings.MADOGUCHI_TOUR if settings.MADOGUCHI_DEMO else []
    if not 1 <= number <= len(stops):
        return None
    code, path = stops[number - 1]
    return Stop(number=number, of=len(stops), code=code, path=path)


def go(request: HttpRequest, number: int) -> Stop | None:
    """Note that somebody is at a stop now; none ends the tour (進む)."""
    found = stop_at(number)
    if found is None:
        request.session.pop(_KEY, None)
    else:
        request.session[_KEY] = number
    return found


def stop_of(request: HttpRequest | None) -> Stop | None:
    """Return the stop somebody is at, whatever page they look at (いまの一つ)."""
    if request is None or not settings.MADOGUCHI_DEMO:
        return None
    session = getattr(request, "session", None)
    number = session.get(_KEY) if session is not None else None
    return stop_at(number) if isinstance(number, int) else None
