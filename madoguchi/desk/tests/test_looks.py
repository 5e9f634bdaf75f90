"""Who looked at me, and why: works, wrong role, unknown, held people, nothing said too much."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts.testing import kaede, kai, sango, signed_in, tsuru
from madoguchi.certificates.testing import settle
from madoguchi.desk.domain.tasks import slip_lines
from madoguchi.infra import clock
from madoguchi.protection.testing import protect

DAY = date(2026, 11, 27)
entries = st.lists(
    st.tuples(
        st.sampled_from([DAY, DAY + timedelta(days=1)]), st.sampled_from(["CLERK", "CHIEF"]),
        st.sampled_from(["LOOK", "CHANGE"]), st.sampled_from(["A", "B"]), st.sampled_from(["x", "y"]),
    ),
    max_size=20,
).map(lambda rows: [(*row, number) for number, row in enumerate(rows)])  # fmt: skip


@given(entries)
def test_no_look_is_lost_and_no_two_changes_are_one(rows):
    lines = slip_lines(rows)
    assert sum(one.times for one in lines) == len(rows)
    assert sum(one.kind == "CHANGE" for one in lines) == sum(row[2] == "CHANGE" for row in rows)
    looked = {(row[0], row[1], row[4]) for row in rows if row[2] == "LOOK"}
    assert sum(one.kind == "LOOK" for one in lines) == len(looked)


@pytest.fixture
def aoi(db):
    return settle().aoi


def slip(client, person_id):
    return client.get(reverse("desk:looks", args=[person_id]))


def test_a_resident_reads_who_looked_and_why_and_no_name(client, aoi):
    person = reverse("desk:person", args=[aoi])
    for _ in range(2):
        signed_in(client, kaede()).get(person)
    chief = signed_in(client, kai())
    page = slip(chief, aoi)
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert "窓口係" in page.text and "窓口での応対" in page.text and "（2<ruby>回" in page.text
    assert "川畑" not in page.text
    assert reverse("desk:looks", args=[aoi]) in chief.get(person).text
    # Looking at the slip is a look, too.
    assert "本人からの閲覧記録の求め" in slip(chief, aoi).text


def test_d5_nothing_of_a_measure_stands_on_it(client, aoi):
    protect(aoi)
    page = slip(signed_in(client, kai()), aoi)
    assert (
        page.status_code == 200 and "支援措置" not in page.text.split("<main")[1].split("</main")[0]
    )


def test_who_gives_no_slip(client, aoi):
    for member, status in ((kaede, 403), (tsuru, 403), (sango, 403)):
        assert slip(signed_in(client, member()), aoi).status_code == status
    assert slip(signed_in(client, kai()), "999999999999999").status_code == 404
    assert reverse("desk:looks", args=[aoi]) not in signed_in(client, kaede()).get(reverse("desk:person", args=[aoi])).text  # fmt: skip


def test_a_look_of_long_ago_is_not_on_it(client, aoi):
    with clock.frozen(clock.now() - timedelta(days=400)):
        signed_in(client, kaede()).get(reverse("desk:person", args=[aoi]))
    assert "窓口での応対" not in slip(signed_in(client, kai()), aoi).text
