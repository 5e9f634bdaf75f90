"""The demo's list: most of it certain, every slip asked about, nobody wrong."""

import csv
import io

import pytest

from madoguchi.addressees.models import Entry, List
from madoguchi.entry import demo, demo_addressees


@pytest.mark.django_db(transaction=True)
def test_the_demo_has_a_list_to_work_off(settings, tmp_path):
    settings.MADOGUCHI_HOME, settings.MADOGUCHI_DEMO = tmp_path, True
    demo._fill(residents=300, seed=1)
    demo_addressees.fill()
    demo_addressees.fill()  # a second start takes nothing in twice
    assert List.objects.get().rows == demo_addressees.ROWS + 2
    people = [one.person_id for one in demo_addressees._people()]
    rows = list(csv.reader(io.StringIO(demo_addressees._file().decode())))[1:]
    truth = dict(zip((row[0] for row in rows), people, strict=False))
    linked = Entry.objects.filter(state="LINKED")
    assert all(one.person_id == truth[one.row_id] for one in linked)
    assert linked.count() >= 50
    asked = Entry.objects.filter(state="REVIEW")
    assert 4 <= asked.count() <= 10
    assert all(one.candidates[0]["person"] == truth[one.row_id] for one in asked)
    assert Entry.objects.filter(state="NOBODY").count() == 2
