"""Home and person page: works, wrong role, someone else's object, bad input, protected person."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madoguchi.accounts.testing import actor_for, kaede, nagi, sango, signed_in, tsuru
from madoguchi.addressees import testing as lists
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.certificates.testing import ask, settle
from madoguchi.protection.testing import protect
from madoguchi.register.testing import keep, make_stays, resident_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return settle()


@pytest.fixture
def aoi(people):
    return people.aoi


def page_of(client, person_id, **asked):
    return client.get(reverse("desk:person", args=[person_id]), asked)


def looks_at(person_id):
    found = list_entries(wanted=EntryFilter(person_id=person_id))
    return [one for one in found.entries if one.note.action == "PERSON"]


def test_the_person_page_shows_who_this_is_and_what_they_can_have(client, aoi):
    answer = page_of(signed_in(client, kaede()), aoi)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "海野" in text
    assert "住民票の写し（世帯）" in text


def test_d2_a_look_is_recorded_before_the_page_leaves(client, aoi):
    page_of(signed_in(client, kaede()), aoi)
    assert len(looks_at(aoi)) == 1


def test_another_section_has_no_person_page(client, aoi):
    assert page_of(signed_in(client, tsuru()), aoi).status_code == 403


def test_the_it_officer_sees_no_persons(client, aoi):
    assert page_of(signed_in(client, sango()), aoi).status_code == 403


@pytest.mark.parametrize("person_id", ["0", "x" * 15, "９９９", "%00", "'; DROP TABLE"])
def test_an_unknown_number_is_said_calmly(client, person_id):
    answer = page_of(signed_in(client, kaede()), person_id)
    assert answer.status_code == 404
    assert "UNKNOWN_PERSON" in answer.content.decode()


@pytest.mark.parametrize(
    "asked", [{"day": "x"}, {"day": "99999999"}, {"on": "昨日"}, {"known": "R99"}]
)
def test_a_day_nobody_can_mean_shows_the_present(client, aoi, asked):
    answer = page_of(signed_in(client, kaede()), aoi, **asked)
    assert answer.status_code == 200
    assert "いまの記録" in answer.content.decode()


RETURNED = "000000000009920"


def test_must_not_no_page_shows_two_records_of_somebody_who_came_back_at_once(client, people):
    keep(*make_stays(RETURNED, resident_code=resident_code(992)))
    client = signed_in(client, kaede())
    text = page_of(client, RETURNED).content.decode()
    assert "国内転出" not in text and "阿木名" not in text and "履歴 4" in text
    # Neither the slider nor a day in the address leads into the other record.
    for asked in ({"day": "0"}, {"on": "2013-01-01"}, {"record": "2", "on": "2010-05-01"}):
        text = page_of(client, RETURNED, **asked).content.decode()
        assert "阿木名" not in text and "勝浦" not in text
    text = page_of(client, RETURNED, record="1").content.decode()
    assert "国内転出" in text and "履歴 1" in text and "履歴 4" not in text
    assert "勝浦" in page_of(client, RETURNED, record="1", on="2026-01-01").content.decode()
    assert "阿木名" in page_of(client, RETURNED, record="1", day="0").content.decode()
    assert looks_at(RETURNED)[0].note.detail["record"] in ("1", "2")


def test_who_came_back_can_have_the_removed_record_of_before(client, people):
    keep(*make_stays(RETURNED, resident_code=resident_code(992)))
    client = signed_in(client, kaede())
    asked = f"/certificates/new/?person={RETURNED}&amp;kind=removed_record&amp;record=1"
    assert page_of(client, RETURNED).content.decode().count(asked) == 1
    assert page_of(client, RETURNED, record="1").content.decode().count(asked) == 2
    form = client.get(asked.replace("&amp;", "&")).content.decode()
    assert '<input type="hidden" name="record" value="1"' in form


@pytest.mark.parametrize("number", ["0", "3", "x", "9" * 40, ""])
def test_a_record_there_is_not_shows_the_newest(client, people, number):
    keep(*make_stays(RETURNED, resident_code=resident_code(992)))
    text = page_of(signed_in(client, kaede()), RETURNED, record=number).content.decode()
    assert "履歴 4" in text and "履歴 1" not in text


def test_d1_a_held_person_and_an_unknown_number_get_the_same_page(client, aoi):
    protect(aoi, by=actor_for(nagi()))
    client = signed_in(client, kaede())
    held, unknown = page_of(client, aoi), page_of(client, "000000990099999")
    assert held.status_code == unknown.status_code == 404
    assert held.content == unknown.content


def test_d1_a_held_member_is_missing_from_the_household(client, people):
    client = signed_in(client, kaede())
    assert people.baby in page_of(client, people.father).content.decode()
    protect(people.baby, by=actor_for(nagi()))
    assert people.baby not in page_of(client, people.father).content.decode()


def test_with_the_right_the_band_and_its_steps_are_shown(client, aoi):
    protect(aoi, by=actor_for(nagi()))
    text = page_of(signed_in(client, nagi()), aoi).content.decode()
    assert "この人の情報は守られています" in text
    assert "海野" in text


def test_the_papers_of_a_person_are_one_key_from_their_page(client, aoi):
    way = f"{reverse('certificates:history')}?person={aoi}"
    for who in (kaede(), nagi()):
        text = page_of(signed_in(client, who), aoi).content.decode()
        assert f'<a href="{way}" data-key="p">' in text
        assert client.get(way).status_code == 200


def test_home_answers_what_now(client):
    answer = signed_in(client, kaede()).get(reverse("desk:home"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "待っていること" in text
    assert "今週の期限" in text


def test_home_is_for_the_desk(client):
    assert signed_in(client, tsuru()).get(reverse("desk:home")).status_code == 403


def queries_of_home(client):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("desk:home")).status_code == 200
    return len(asked)


def test_d3_home_asks_no_more_however_many_wait(client, people):
    client = signed_in(client, kaede())
    ask(people.aoi)
    few = queries_of_home(client)
    for _ in range(8):
        ask(people.father)
    assert queries_of_home(client) == few


def test_d1_a_paper_for_a_held_person_is_not_on_the_home_of_a_clerk(client, people):
    ask(people.aoi)
    client = signed_in(client, kaede())
    assert "海野" in client.get(reverse("desk:home")).content.decode()
    protect(people.aoi, by=actor_for(nagi()))
    assert "海野" not in client.get(reverse("desk:home")).content.decode()


def test_home_tells_whoever_changes_addressees_what_waits(client):
    client = signed_in(client, kaede())
    lists.settle()
    assert "だれのことか" not in client.get(reverse("desk:home")).content.decode()
    lists.a_list()
    assert "2行が、だれのことか" in client.get(reverse("desk:home")).content.decode()
