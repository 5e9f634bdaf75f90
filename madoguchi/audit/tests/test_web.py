"""The audit pages: works · wrong role · bad input · many rows · their own traces."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.accounts import testing
from madoguchi.accounts.testing import actor_for, signed_in
from madoguchi.audit.api import EntryFilter, list_entries, look
from madoguchi.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

PAGES = [
    "/audit/",
    "/audit/out-of-hours/",
    "/audit/failed-sign-ins/",
    "/audit/sign-ins/",
    "/audit/bulk-looks/",
]


def as_(member) -> Client:
    return signed_in(Client(), member)


def text(response) -> str:
    return response.content.decode()


def looks(count, person="p1"):
    for _ in range(count):
        look(
            actor=actor_for(testing.kaede(), "住民票の交付"),
            screen="PERSON_PAGE",
            subjects=[person],
        )


@pytest.mark.parametrize("who", [testing.kai, testing.sango])
@pytest.mark.parametrize("path", PAGES)
def test_who_may_see_the_record_sees_every_page(who, path):
    looks(2)
    response = as_(who()).get(path)
    assert response.status_code == 200


@pytest.mark.parametrize("who", [testing.kaede, testing.nagi, testing.tsuru])
@pytest.mark.parametrize("path", PAGES)
def test_others_do_not(who, path):
    response = as_(who()).get(path)
    assert response.status_code == 403
    assert "FORBIDDEN" in text(response)


def test_checking_is_for_who_may_see_the_record(client):
    assert as_(testing.kaede()).post("/audit/verify/").status_code == 403
    assert client.post("/audit/verify/").headers["Location"].startswith("/sign-in/")


def test_the_list_says_who_what_why_whom():
    looks(1, person="p77")
    page = text(as_(testing.kai()).get("/audit/"))
    for words in ("kaede", "PERSON_PAGE", "住民票の交付", "p77", "閲覧"):
        assert words in page


def test_searching_the_record_for_a_person_is_itself_recorded():
    looks(1)
    as_(testing.kai()).get("/audit/", {"person": "p1"})
    (entry,) = list_entries(wanted=EntryFilter(action="AUDIT_ENTRIES")).entries
    assert (entry.note.staff_id, entry.note.subjects) == ("kai", ("p1",))


def test_a_page_is_fifty_and_the_next_follows():
    looks(60)
    client = as_(testing.kai())
    page = text(client.get("/audit/", {"person": "p1"}))
    assert page.count('<td class="num">') == 50
    query = page.split('href="/audit/?')[-1].split('"')[0].replace("&amp;", "&")
    assert "before=" in query
    assert "person=p1" in query
    rest = text(client.get(f"/audit/?{query}"))
    assert 10 <= rest.count('<td class="num">') <= 12


@pytest.mark.parametrize("path", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(path):
    client = as_(testing.kai())
    client.get(path)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        counts.append(len(caught))
        looks(30)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"since": "きのう"}, "FIELD_INVALID"),
        ({"since": "2026-02-30"}, "FIELD_INVALID"),
        ({"since": "2026-11-24", "until": "2026-11-23"}, "AUDIT_DAYS_REVERSED"),
        ({"since": "2020-01-01", "until": "2026-01-01"}, "AUDIT_TOO_MANY_DAYS"),
        ({"kind": "GOSSIP"}, "FIELD_CHOICE"),
        ({"person": "p" * 81}, "FIELD_TOO_LONG"),
        ({"person": "p\x00"}, "FIELD_INVALID"),
    ],
)
def test_a_wrong_filter_is_refused_in_words_and_nothing_is_listed(query, code):
    looks(1, person="p55")
    response = as_(testing.kai()).get("/audit/", query)
    assert response.status_code == 422
    assert code in text(response)
    assert "p55" not in text(response)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "１"])
def test_a_wrong_place_in_the_list_is_refused(before):
    assert as_(testing.kai()).get("/audit/", {"before": before}).status_code == 400


def test_an_unknown_analysis_is_not_found():
    assert as_(testing.kai()).get("/audit/gossip/").status_code == 404


def test_the_check_says_intact_and_after_tampering_where():
    looks(3)
    client = as_(testing.kai())
    assert "異常なし" in text(client.post("/audit/verify/"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_entry SET purpose = 'x' WHERE seq = 2")
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    page = text(client.post("/audit/verify/"))
    assert "異常あり" in page
    assert "2番の記録" in page
    assert AuditEntry.objects.filter(action="CHAIN_CHECKED").count() == 2
