"""Begin and end of the program in the record (起動・停止の記録)."""

import pytest
from django.db import OperationalError

from madoguchi.audit.api import EntryFilter, list_entries, verify_chain
from madoguchi.entry import life

pytestmark = pytest.mark.django_db(transaction=True)


def told():
    """What stands in the record, oldest first: action, and what a start said of the one before."""
    entries = list_entries(wanted=EntryFilter(staff_id="system")).entries[::-1]
    return [(one.note.action, one.note.detail.get("cut_off_before")) for one in entries]


@pytest.fixture
def on(monkeypatch):
    def machine(name):
        monkeypatch.setattr(life.socket, "gethostname", lambda: name)

    machine("desk-1")
    return machine


def test_begin_and_end_are_on_record_and_a_cut_is_told_by_the_next_start(on):
    with life.recorded(workers=2):
        assert told() == [("PROGRAM_BEGAN", False)]
    cut_off = life.recorded(workers=2)
    cut_off.__enter__()  # kill -9: nothing more is heard of it
    with life.recorded(workers=2):
        pass
    assert told() == [
        ("PROGRAM_BEGAN", False), ("PROGRAM_ENDED", None), ("PROGRAM_BEGAN", False),
        ("PROGRAM_BEGAN", True), ("PROGRAM_ENDED", None),
    ]  # fmt: skip
    assert verify_chain().intact


def test_each_machine_is_looked_at_by_itself(on):
    cut_off = life.recorded(workers=2)
    cut_off.__enter__()
    on("desk-2")
    with life.recorded(workers=2):
        pass
    on("desk-1")
    with life.recorded(workers=2):
        pass
    assert [cut for action, cut in told() if action == "PROGRAM_BEGAN"] == [False, False, True]


def test_an_error_inside_is_an_end_too(on):
    with pytest.raises(ZeroDivisionError), life.recorded(workers=2):
        1 / 0  # noqa: B018
    assert told()[-1] == ("PROGRAM_ENDED", None)


def test_an_end_nobody_can_write_is_said_and_does_not_hang(on, monkeypatch, capsys):
    with life.recorded(workers=2):

        def gone(**_given):
            raise OperationalError("the database went first")

        monkeypatch.setattr(life, "record_system", gone)
    assert "停止を記録できませんでした" in capsys.readouterr().err


def test_nothing_opens_where_the_beginning_cannot_be_written(on, monkeypatch):
    def gone(**_given):
        raise OperationalError("no database")

    monkeypatch.setattr(life, "record_system", gone)
    with pytest.raises(OperationalError), life.recorded(workers=2):
        pytest.fail("the desk opened")
