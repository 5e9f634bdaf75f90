"""What surrounds a page of this room: where the person lives, where back leads (画面のまわり)."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from madoguchi.infra import clock
from madoguchi.kernel.areas import area_of
from madoguchi.kernel.dates import RegisterDate, parse_register_date
from madoguchi.register.api import PersonRow
from madoguchi.web.messages import word
from madoguchi.web.nav import url_or_none


def area_words(person: PersonRow) -> str:
    """Return the area a person lives in, in words; "" elsewhere (地区)."""
    area = area_of(person.postcode, on=clock.today())
    return word(kind="area", code=area) if area else ""


def born(person: PersonRow) -> RegisterDate | str:
    """Return the birth date for the strip; what is no date stays as it was written (生年月日)."""
    found = parse_register_date(person.birth)
    return found if isinstance(found, RegisterDate) else person.birth


def url_of_person(person_id: str) -> str:
    """Return the page of a person, or the first page where no room has one."""
    try:
        return reverse("desk:person", args=[person_id])
    except NoReverseMatch:
        return "/"


def home() -> str:
    """Return the clerk's home (窓口のいま)."""
    return url_or_none("desk:home") or "/"
