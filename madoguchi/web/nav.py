"""What every page of a kind shows around its own matter (共通の見出し)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse

from madoguchi.kernel.actor import Right
from madoguchi.web import english
from madoguchi.web.actor import is_practising, staff_of
from madoguchi.web.messages import ENGLISH, catalogue, is_english, word
from madoguchi.web.tour import Stop, stop_of

OWN_DOOR = "accounts:me"
PRACTICE = "desk:monday"
#: So many places stand in the bar, in one line at the desk; the others one press away.
IN_BAR = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A place the staff can go to with ``g`` and one letter (行き先)."""

    key: str
    url: str
    words: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Town, staff and doors, for the header and the footer."""

    town: str
    #: ``ja``, or ``en`` for a page of staff that is drawn in English.
    language: str
    demo: bool
    practising: bool
    #: Where somebody who practises finds the visitors of the day.
    practice_url: str | None
    staff_name: str | None
    role: str
    doors: tuple[Door, ...]
    #: What is the person's own stands at their name, not among the places of the work.
    own: Door | None
    home: str
    sign_out: str | None
    #: Where somebody is on the guided tour of the demo.
    tour: Stop | None
    tour_url: str | None

    @property
    def bar(self) -> tuple[Door, ...]:
        """The places of the daily work (おもな行き先)."""
        return self.doors[:IN_BAR]

    @property
    def more(self) -> tuple[Door, ...]:
        """The other places (ほかの行き先)."""
        return self.doors[IN_BAR:]

    @property
    def here_in_more(self) -> Door | None:
        """Where the page is, if that is not in the bar (いまいる場所)."""
        return next((one for one in self.more if one.here), None)


def shell_of(request: HttpRequest | None) -> Shell:
    """Gather what the header shows; nothing here reads the register (見出し)."""
    staff = staff_of(request) if request is not None else None
    every = _doors(request, staff.rights) if request is not None and staff is not None else ()
    own = url_or_none(OWN_DOOR)
    doors = tuple(one for one in every if one.url != own)
    return Shell(
        town=settings.MADOGUCHI_TOWN_ENGLISH if is_english() else settings.MADOGUCHI_TOWN_NAME,
        language=ENGLISH if is_english() else settings.LANGUAGE_CODE,
        demo=settings.MADOGUCHI_DEMO,
        practising=request is not None and staff is not None and is_practising(request),
        practice_url=url_or_none(PRACTICE),
        staff_name=staff.display_name if staff is not None else None,
        role=_role_words(str(getattr(staff, "role", ""))),
        doors=doors,
        own=next((one for one in every if one.url == own), None),
        home=doors[0].url if doors else "/",
        sign_out=url_or_none("accounts:sign_out"),
        tour=stop_of(request) if staff is not None else None,
        tour_url=url_or_none("accounts:tour"),
    )


def url_or_none(route: str) -> str | None:
    """Return the address of a route, or nothing when no installed room has it."""
    return _address(route, get_urlconf() or settings.ROOT_URLCONF)


# Every page asks for a dozen of the same addresses, and they do not change while we run.
@lru_cache(maxsize=256)
def _address(route: str, urlconf: str) -> str | None:
    try:
        return reverse(route, urlconf=urlconf)
    except NoReverseMatch:
        return None


def _doors(request: HttpRequest, rights: frozenset[Right]) -> tuple[Door, ...]:
    """Read settings.MADOGUCHI_DOORS: (key, route, words, right or None); entry writes it."""
    found = []
    for key, route, words, right in settings.MADOGUCHI_DOORS:
        url = url_or_none(route)
        if url is not None and (right is None or right in rights):
            found.append(
                Door(
                    key=key,
                    url=url,
                    words=english.said(words, room="web"),
                    here=request.path == url,
                )
            )
    return tuple(found)


def _role_words(role: str) -> str:
    return word(kind="role", code=role) if ("role", role) in catalogue().labels else role
