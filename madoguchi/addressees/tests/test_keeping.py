"""What was kept long enough goes by itself, once; what people decided stays without a name."""

import json
from datetime import date, timedelta

import pytest

from madoguchi.addressees import jobs
from madoguchi.addressees import testing as t
from madoguchi.addressees.actions import choosing, taking, writing
from madoguchi.addressees.actions.learning import pairs_of
from madoguchi.addressees.domain.keeping import Keep, keep_on
from madoguchi.addressees.models import Choice, Entry, Key, Label, List, StayRow, WriteBackRow
from madoguchi.addressees.queries.entries import list_lists
from madoguchi.addressees.queries.gazetteer import gazetteer, keep_now
from madoguchi.addressees.queries.worklist import tasks_of
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import unit
from madoguchi.infra.clock import frozen

ROWS = [
    {"from": "2026-01-01", "open_days": 180, "closed_days": 365},
    {"from": "2028-04-01", "open_days": 90, "closed_days": 30},
]


@pytest.mark.parametrize(
    ("on", "keep"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), Keep(open_days=180, closed_days=365)),
        (date(2028, 3, 31), Keep(open_days=180, closed_days=365)),
        (date(2028, 4, 1), Keep(open_days=90, closed_days=30)),
    ],
)
def test_the_newest_row_that_holds_says_how_long(on, keep):
    assert keep_on(reversed(ROWS), on) == keep


def told():
    return list_entries(wanted=EntryFilter(action="ADDRESSEES_FORGOTTEN")).entries


@pytest.fixture
def worked(db):
    """A list taken in, decided, typed and written back; and a stay that ended."""
    with frozen(t.NOW):
        t.settle()
        list_id = t.a_list()
        for actor in (t.KAEDE, t.HINA):
            unit.run(choosing.choose, entry_id=t.entry_of(list_id, "2").entry_id,
                     person_id=t.KOHEI, actor=actor, gazetteer=gazetteer(), now=t.NOW)  # fmt: skip
        stay = unit.run(writing.note_stay, person_id=t.AOI, address="奄美市名瀬幸町25", since=t.TODAY,
                        until=None, actor=t.KAEDE, now=t.NOW)  # fmt: skip
        (task,) = tasks_of(list_id, actor=t.KAEDE, today=t.TODAY, gazetteer=gazetteer())
        unit.run(writing.write_back, list_id=list_id, seen=[(task.entry_id, task.after)],
                 actor=t.KAEDE, gazetteer=gazetteer(), today=t.TODAY, now=t.NOW)  # fmt: skip
        unit.run(writing.end_stay, stay_id=stay, actor=t.KAEDE, now=t.NOW)
        unit.run(taking.close_list, list_id=list_id, actor=t.KAEDE, now=t.NOW)
    return list_id


def test_a_closed_list_goes_after_its_days_and_leaves_no_person(worked):
    keep = keep_now(on=t.TODAY)
    said = list(pairs_of(Entry.objects.all()))
    with frozen(t.NOW + timedelta(days=keep.closed_days)):
        jobs.forget()
        assert Entry.objects.filter(listed_id=worked).count() == len(t.ROWS)
        assert told() == ()
    with frozen(t.NOW + timedelta(days=keep.closed_days, minutes=1)):
        jobs.forget()
        jobs.forget()
        (row,) = list_lists(actor=t.KAEDE)
    assert (row.rows, row.waiting, row.forgotten_at is None) == (len(t.ROWS), 0, False)
    assert not any(one.objects.exists() for one in (Entry, Choice, WriteBackRow, StayRow))
    assert len(told()) == 1
    # What people said teaches still, and is about nobody.
    kept = [(one.levels, one.same) for one in Label.objects.order_by("label_id")]
    assert sorted(kept, key=str) == sorted(((dict(one.levels), one.same) for one in said), key=str)
    assert any(same for _, same in kept)
    assert t.KOHEI not in json.dumps(kept, ensure_ascii=False)


def test_a_list_nobody_closes_is_closed_and_may_then_be_taken_in_anew(db):
    with frozen(t.NOW):
        t.settle()
        t.a_list()
    with frozen(t.NOW + timedelta(days=keep_now(on=t.TODAY).open_days, minutes=1)):
        jobs.forget()
    assert List.objects.get().closed_at is not None and Entry.objects.exists()


def test_nothing_due_leaves_no_record(worked):
    with frozen(t.NOW):
        jobs.forget()
    assert told() == ()


def test_by_night_the_keys_of_whoever_changed_are_made_once(db):
    with frozen(t.NOW):
        t.settle()
        jobs.keep_keys()
        jobs.keep_keys()
    assert set(Key.objects.values_list("person_id", flat=True)) == {
        t.AOI, t.KOHEI, t.RIN, t.HAN, t.UME,
    }  # fmt: skip
    assert len(list_entries(wanted=EntryFilter(action="ADDRESSEES_KEYS_MADE")).entries) == 1
