"""The one door to a transaction: durable, limited, and never silent."""

import threading

import pytest
from django.db import connection

from madoguchi.infra import facts, locks, unit
from madoguchi.infra.clock import now
from madoguchi.infra.models import Fact
from madoguchi.kernel.outcome import Problem, Refused


@pytest.fixture
def recorded():
    """Collect what units record, in place of the audit room."""
    kept, before = [], unit._recorder
    unit.set_recorder(kept.extend)
    yield kept
    unit._recorder = before


def note_and_record():
    facts.note("something_happened", at=now(), minutes=3)
    unit.append("a record")
    return "done"


def test_it_commits_what_was_recorded(transactional_db, recorded):
    assert unit.run(note_and_record) == "done"
    assert recorded == ["a record"]
    assert Fact.objects.count() == 1


def test_it_keeps_nothing_when_nothing_was_recorded(transactional_db, recorded):
    def silent():
        facts.note("something_happened", at=now())

    with pytest.raises(unit.NothingRecorded):
        unit.run(silent)
    assert Fact.objects.count() == 0


def test_a_refusal_rolls_everything_back(transactional_db, recorded):
    def refuse():
        note_and_record()
        raise Refused((Problem(code="NOT_FOUND"),))

    with pytest.raises(Refused):
        unit.run(refuse)
    assert Fact.objects.count() == 0
    assert recorded == []


def test_a_recorder_that_fails_rolls_everything_back(transactional_db, recorded):
    def broken(_records):
        raise RuntimeError("the chain cannot be written")

    unit.set_recorder(broken)
    with pytest.raises(RuntimeError):
        unit.run(note_and_record)
    assert Fact.objects.count() == 0


def test_a_unit_inside_a_unit_is_a_bug(transactional_db, recorded):
    with pytest.raises(RuntimeError, match="durable"):
        unit.run(lambda: unit.run(note_and_record))


def test_a_record_outside_a_unit_is_a_bug():
    with pytest.raises(AssertionError):
        unit.append("nobody would keep this")


def test_the_limits_hold_inside_and_end_with_the_unit(transactional_db, recorded):
    def read_limits():
        unit.append("read")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
            )
            return cursor.fetchone()

    assert unit.run(read_limits) == ("3s", "5s")
    assert unit.run_long(read_limits) == ("3s", "0")
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_whoever_waits_too_long_for_a_lock_hears_busy(transactional_db, recorded, monkeypatch):
    monkeypatch.setattr(unit, "LOCK_MS", 100)
    held, leave = threading.Event(), threading.Event()

    def hold():
        locks.take([(locks.LockKind.PERSON, "aoi")])
        unit.append("held")
        held.set()
        leave.wait(10)

    def in_thread():
        unit.run(hold)
        connection.close()

    thread = threading.Thread(target=in_thread)
    thread.start()
    try:
        assert held.wait(10)
        with pytest.raises(unit.Busy):
            unit.run(hold)
    finally:
        leave.set()
        thread.join()


def test_the_same_keys_in_any_order_never_deadlock(transactional_db, recorded):
    keys = [(kind, str(n)) for kind in locks.LockKind for n in range(5)]
    outcomes = []

    def take(order):
        def action():
            locks.take(order)
            unit.append("took")

        for _ in range(20):
            unit.run(action)
        outcomes.append("through")
        connection.close()

    threads = [threading.Thread(target=take, args=[order]) for order in (keys, keys[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["through", "through"]
