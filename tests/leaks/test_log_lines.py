"""What a day of work, mistakes and mischief leaves in the log: nobody's name, number or address."""

from __future__ import annotations

import io
import logging
import sys
from logging.config import DictConfigurator

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from madoguchi.accounts import testing as staff
from madoguchi.certificates import testing as papers
from madoguchi.protection.testing import protect
from tests.leaks import town
from tests.leaks.town import IDS

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["line", "json"])
def log(request):
    """Write what the product's own handler would write, from every logger and level, to memory."""
    configurator = DictConfigurator(settings.LOGGING)
    for name, given in settings.LOGGING["formatters"].items():
        configurator.config["formatters"][name] = configurator.configure_formatter(dict(given))
    for name, given in settings.LOGGING["filters"].items():
        configurator.config["filters"][name] = configurator.configure_filter(dict(given))
    handler = configurator.configure_handler(
        {**settings.LOGGING["handlers"]["err"], "formatter": request.param}
    )
    handler.setStream(io.StringIO())
    handler.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler.stream
    root.removeHandler(handler)


def test_neither_pages_nor_mistakes_write_about_people(log, monkeypatch):
    town.settle("rin", "haru", "father", "mother", "baby", "ume")
    protect(IDS.rin)
    client = staff.signed_in(Client(raise_request_exception=False), staff.kaede())
    for q in ("潮　凛", "湊", IDS.father, "H4.10.8", "潮\0見", "x" * 5_000):
        client.get("/register/search/", {"q": q})
    for person in (IDS.rin, IDS.father, "9" * 40, "潮凛", "%00", "潮\0"):
        client.get(f"/person/{person}/")
        client.get("/certificates/new/", {"person": person})
        client.get(f"/certificates/{person}/")
        client.get(f"/{person}/")
        client.post("/certificates/new/", {"person": person, "purpose": "潮　凛の\0証明"})
    staff_only = staff.signed_in(Client(), staff.tsuru())
    staff_only.get(f"/person/{IDS.father}/")
    Client(enforce_csrf_checks=True).post(f"/certificates/{IDS.father}/void/", {"note": "潮"})

    def broken(*_args, **_given):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s::date", ["潮　凛"])

    view = sys.modules["madoguchi.desk.views.person"]
    monkeypatch.setattr(view, "_tasks", broken)
    assert client.get(f"/person/{IDS.father}/").status_code == 400
    monkeypatch.setattr(view, "_tasks", lambda *_, **__: int(IDS.father + "潮"))
    assert client.get(f"/person/{IDS.father}/").status_code == 500
    papers.released(IDS.father)
    said = log.getvalue()
    assert "person/<str:person_id>/" in said  # something was said, and by its route
    assert "OUR_MISTAKE" not in said and "internal error" in said
    for word in (IDS.rin, IDS.father, "潮　凛", "湊", "凛", "潮見", "古仁屋", "9" * 40, "の\0証明"):
        assert word not in said, word


def test_a_request_for_another_host_is_one_line_and_repeats_nothing(log, settings):
    settings.ALLOWED_HOSTS = ["madoguchi.town.example"]
    for host in ("evil.example", "潮凛.example", "x\nforged line"):
        assert Client(raise_request_exception=False).get("/", HTTP_HOST=host).status_code == 400
    said = log.getvalue()
    assert said.count("refused: DisallowedHost") == 3
    assert not [word for word in ("Traceback", "evil", "forged", "潮凛", ".py") if word in said]


@pytest.mark.parametrize(
    "address",
    [
        "/register/search/?q=%E6%BD%AE%00", "/person/%00/", "/person/a%00b/",
        "/certificates/new/?person=%00", "/certificates/history/?person=1%00", "/certificates/%00/",
        "/certificates/letters/%00/", "/certificates/letters/?q=%00", "/audit/?person=%00",
        "/certificates/books/?day=%00", "/register/import/%00/", "/protection/%00/",
        "/glyph/%00.svg", "/certificates/stops/99999999999999999999/lift/", "/%00",
    ],
)  # fmt: skip
def test_a_nul_or_a_number_too_long_is_never_our_mistake(address):
    """Answered in words: 400 where it cannot be read, 404 where it is just nobody's number."""
    for member in (staff.nagi, staff.kai):
        client = staff.signed_in(Client(raise_request_exception=False), member())
        for answer in (client.get(address), client.post(address, {"person": "\0", "note": "\0"})):
            assert answer.status_code < 500, (answer.status_code, address)
