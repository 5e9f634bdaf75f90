"""The audit pages: works · wrong role · bad input · many rows · their own traces."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.audit.api import EntryFilter, list_entries, look, record
from madoguchi.audit.models import AuditEntry
from madoguchi.infra import unit
from madoguchi.kernel.actor import Actor

pytestmark = pytest.mark.django_db

KAEDE = Actor(
    staff_id="kaede",
    name="川畑 かえで",
    rights=frozenset(),
    place="本庁",
    terminal="01",
    purpose="住民票の交付",
)
PAGES = [
    "/audit/",
    "/audit/out-of-hours/",
    "/audit/failed-sign-ins/",
    "/audit/sign-ins/",
    "/audit/bulk-looks/",
]


def as_(role: str) -> Client:
    """Sign somebody with this role in; who that is belongs to a room above this one."""
    user = get_user_model()
    staff_id = role.lower()
    member = user.objects.filter(staff_id=staff_id).first() or user.objects.create(
        staff_id=staff_id, display_name=staff_id, role=role, password="!"
    )
    client = Client()
    client.force_login(member, backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session["demo_sign_in"] = True
    session.save()
    return client


def text(response) -> str:
    return response.content.decode()


def looks(count, person="p1"):
    for _ in range(count):
        look(actor=KAEDE, screen="PERSON_PAGE", subjects=[person])


@pytest.mark.parametrize("who", ["CHIEF", "OFFICER"])
@pytest.mark.parametrize("path", PAGES)
def test_who_may_see_the_record_sees_every_page(who, path):
    looks(2)
    response = as_(who).get(path)
    assert response.status_code == 200


@pytest.mark.parametrize("who", ["CLERK", "SENIOR", "OTHER"])
@pytest.mark.parametrize("path", PAGES)
def test_others_do_not(who, path):
    response = as_(who).get(path)
    assert response.status_code == 403
    assert "FORBIDDEN" in text(response)


def test_checking_is_for_who_may_see_the_record(client):
    assert as_("CLERK").post("/audit/verify/").status_code == 403
    assert client.post("/audit/verify/").headers["Location"].startswith("/sign-in/")


def test_the_list_says_who_what_why_whom():
    looks(1, person="p77")
    page = text(as_("CHIEF").get("/audit/"))
    for words in ("kaede", "PERSON_PAGE", "住民票の交付", "p77", "閲覧"):
        assert words in page


def test_searching_the_record_for_a_person_is_itself_recorded():
    """L5."""
    looks(1)
    as_("CHIEF").get("/audit/", {"person": "p1"})
    (entry,) = list_entries(wanted=EntryFilter(action="AUDIT_ENTRIES")).entries
    assert (entry.note.staff_id, entry.note.subjects) == ("chief", ("p1",))


def test_a_page_is_fifty_and_the_next_follows():
    looks(60)
    client = as_("CHIEF")
    page = text(client.get("/audit/", {"person": "p1"}))
    assert page.count('<td class="num">') == 50
    query = page.split('href="/audit/?')[-1].split('"')[0].replace("&amp;", "&")
    assert "before=" in query
    assert "person=p1" in query
    rest = text(client.get(f"/audit/?{query}"))
    assert 10 <= rest.count('<td class="num">') <= 12


@pytest.mark.parametrize("path", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(path):
    client = as_("CHIEF")
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
    response = as_("CHIEF").get("/audit/", query)
    assert response.status_code == 422
    assert code in text(response)
    assert "p55" not in text(response)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "１"])
def test_a_wrong_place_in_the_list_is_refused(before):
    assert as_("CHIEF").get("/audit/", {"before": before}).status_code == 400


def test_an_unknown_analysis_is_not_found():
    assert as_("CHIEF").get("/audit/gossip/").status_code == 404


def test_the_check_says_intact_and_after_tampering_where():
    looks(3)
    client = as_("CHIEF")
    assert "異常なし" in text(client.post("/audit/verify/"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_entry SET purpose = 'x' WHERE seq = 2")
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    page = text(client.post("/audit/verify/"))
    assert "異常あり" in page
    assert "2番の記録" in page
    assert AuditEntry.objects.filter(action="CHAIN_CHECKED").count() == 2


def closed(person="held-1"):
    def file_it():
        record(actor=KAEDE, action="PROTECTION_ACCEPTED", subjects=[person], detail={"case_no": 7})
        record(actor=KAEDE, action="PAPER_REFUSED", subjects=[person], detail={"closed": True})

    unit.run(file_it)


@pytest.mark.parametrize(("who", "seen"), [("OFFICER", False), ("CHIEF", True)])
def test_l7_a_closed_entry_names_nobody_to_a_reader_without_the_right(who, seen):
    closed()
    page = text(as_(who).get("/audit/"))
    assert "PAPER_REFUSED" in page  # that something was done is no secret
    assert ("held-1" in page) is seen


@pytest.mark.parametrize(("who", "seen"), [("OFFICER", False), ("CHIEF", True)])
def test_l7_nobody_is_found_by_a_closed_entry(who, seen):
    closed()
    page = text(as_(who).get("/audit/", {"person": "held-1"}))
    assert ("PAPER_REFUSED" in page) is seen


def test_l7_an_open_entry_is_shown_whole_to_everybody():
    looks(1, person="held-1")
    assert "PERSON_PAGE" in text(as_("OFFICER").get("/audit/", {"person": "held-1"}))
