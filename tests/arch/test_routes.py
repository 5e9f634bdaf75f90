"""Default deny: every route says which right it wants, or why it is open to all."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from madoguchi.web import access


def every_route(resolver=None, before=""):
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every_route(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry


ROUTES = list(every_route())


def test_there_are_routes():
    assert len(ROUTES) > 10


@pytest.mark.parametrize(("route", "entry"), ROUTES, ids=[route for route, _ in ROUTES])
def test_it_is_declared(route, entry):
    assert access.access_of(entry.callback) is not None, f"/{route} states no right"


def test_a_stranger_enters_only_what_is_open(client, db):
    """Ask every route without signing in: only those open to all may answer with a page."""
    opened = []
    for route, entry in ROUTES:
        if "<" in route or "(" in route:
            continue
        answer = client.get(f"/{route.replace('^', '').replace('$', '')}")
        declared = access.access_of(entry.callback)
        if answer.status_code == 200 and not declared.anonymous:
            opened.append(route)
    assert opened == []


def test_every_room_of_the_desk_is_two_keys_away():
    """Each room with a page for staff has a place in the header, and each place a key of its own."""
    pages = {
        resolve(f"/{route}").namespace
        for route, entry in ROUTES
        if not access.access_of(entry.callback).anonymous and "<" not in route and "(" not in route
    }
    doors = {resolve(reverse(route)).namespace for _, route, _, _ in settings.MADOGUCHI_DOORS}
    # The pages of the library that signs in are reached from one's own settings, help from every page.
    assert pages - doors == {"", "web"}
    keys = [key for key, *_ in settings.MADOGUCHI_DOORS]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & {"g", "/", "?"}


def test_a_link_leads_to_every_page_of_the_desk():
    """A page that nothing names outside the routes can be reached by nobody who does not know it."""
    product = Path(access.__file__).resolve().parents[1]
    written = "".join(
        path.read_text(encoding="utf-8")
        for path in product.rglob("*")
        if path.suffix in (".html", ".py", ".js", ".toml") and "tests" not in path.parts
    )
    lost = [
        name
        for route, entry in ROUTES
        if not access.access_of(entry.callback).anonymous and "<" not in route and "(" not in route
        for name in [resolve(f"/{route}").view_name]
        if not re.search(rf"""{re.escape(name)}['"]""", written)
    ]
    assert lost == []
