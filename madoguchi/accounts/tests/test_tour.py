"""The guided tour: works, ends, is nowhere outside the demo, and every stop is a page that opens."""

import pytest
from django.conf import settings as given
from django.urls import resolve, reverse

from madoguchi.accounts.testing import kaede, nagi, signed_in
from madoguchi.web.tour import stop_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.MADOGUCHI_DEMO = True


def go(client, to):
    return client.post(reverse("accounts:tour"), {"to": to})


def test_a_stranger_goes_round_and_is_back_at_the_doors(client, demo):
    assert "10分でひとまわり" in client.get("/").text
    for number, (_code, path) in enumerate(given.MADOGUCHI_TOUR, start=1):
        assert go(client, str(number)).url == path
    last = len(given.MADOGUCHI_TOUR)
    assert f"{last}／{last}" in client.get("/approvals/").text and "おわる" in client.get("/approvals/").text  # fmt: skip
    assert go(client, str(last + 1)).url == "/"
    assert 'class="tour"' not in client.get("/approvals/").text


def test_it_goes_back_and_stops_at_once(client, demo):
    go(client, "1")
    assert "もどる</button>" not in client.get("/approvals/").text.split('class="tour"')[1].split("</form>")[0]  # fmt: skip
    go(client, "2")
    go(client, "1")
    assert "1／" in client.get("/approvals/").text
    go(client, "0")
    assert 'class="tour"' not in client.get("/approvals/").text


def test_who_is_signed_in_stays_who_they_are(client, demo):
    signed_in(client, kaede())
    go(client, "1")
    assert "川畑" in client.get("/approvals/").text


@pytest.mark.parametrize("to", ["", "-1", "999", "1.5", "¹", "x" * 50])
def test_a_stop_that_is_none_leads_to_the_doors(client, demo, to):
    assert go(client, to).url == "/"


def test_outside_the_demo_there_is_none(client, settings):
    settings.MADOGUCHI_DEMO = False
    assert go(client, "1").status_code == 404 and stop_at(1) is None
    session = client.session
    session["tour"] = 1
    session.save()
    assert 'class="tour"' not in signed_in(client, nagi()).get("/approvals/").text


def test_every_stop_is_an_address_of_ours():
    for _code, path in given.MADOGUCHI_TOUR:
        assert resolve(path.partition("?")[0])
