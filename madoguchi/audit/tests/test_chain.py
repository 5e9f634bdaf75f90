"""The chain: what is written, and every way to tamper with it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, connection

from madoguchi.audit import actions
from madoguchi.audit.actions import NoLogNoLook
from madoguchi.audit.api import look, record, record_sign_in, verify_chain
from madoguchi.audit.domain import Kind
from madoguchi.audit.models import AuditEntry, AuditHead
from madoguchi.audit.queries import key
from madoguchi.infra import unit
from madoguchi.kernel.actor import Actor

pytestmark = pytest.mark.django_db

KAEDE = Actor(
    staff_id="kaede",
    name="かえで",
    rights=frozenset(),
    place="本庁",
    terminal="01",
    purpose="住民票の交付",
)


def change(subject: str = "p1", **detail) -> None:
    unit.run(record, actor=KAEDE, action="NAME_CORRECTED", subjects=[subject], detail=detail)


def looks(count: int) -> None:
    for number in range(count):
        look(actor=KAEDE, screen="PERSON_PAGE", subjects=[f"p{number}"])


def tamper(sql: str, *params) -> None:
    """Do what only the database's owner can do: go round the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")


def test_an_untouched_chain_is_intact_and_counts_from_one_without_gaps():
    looks(3)
    change(before="山田", after="山田　花子", tries=2, ratio=0.5, large=1e22)
    record_sign_in(actor=KAEDE, action="SIGNED_IN")
    found = verify_chain()
    assert (found.rows, found.intact, found.first_bad_row) == (5, True, None)
    assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    assert [AuditEntry.objects.get(seq=n).kind for n in (1, 4, 5)] == [
        Kind.LOOK,
        Kind.CHANGE,
        Kind.SIGN_IN,
    ]


def test_an_empty_chain_is_intact():
    found = verify_chain()
    assert (found.rows, found.intact) == (0, True)


def test_an_entry_says_who_where_why_and_whom():
    look(actor=KAEDE, screen="PERSON_PAGE", subjects=["p2", "p1", "p2"], detail={"by": "かな"})
    row = AuditEntry.objects.get()
    assert (row.staff_id, row.place, row.terminal) == ("kaede", "本庁", "01")
    assert (row.action, row.purpose) == ("PERSON_PAGE", "住民票の交付")
    assert row.subjects == ["p1", "p2"]
    assert row.detail == {"by": "かな"}
    assert row.at.tzinfo is not None


def test_text_the_database_cannot_keep_is_written_as_a_mark_and_stays_verifiable():
    look(actor=KAEDE, screen="SEARCH", subjects=["a\x00b"], detail={"text": "\ud842山\x00"})
    assert AuditEntry.objects.get().subjects == ["a\ufffdb"]
    assert verify_chain().intact


def test_a_rolled_back_change_leaves_no_entry_and_no_gap():
    """L2."""

    def fails():
        record(actor=KAEDE, action="X", subjects=["p1"])
        raise ValueError

    with pytest.raises(ValueError):
        unit.run(fails)
    change()
    assert list(AuditEntry.objects.values_list("seq", flat=True)) == [1]


@pytest.mark.parametrize(
    "column",
    ["staff_id", "place", "terminal", "action", "purpose", "prev_hash", "hash"],
)
def test_a_changed_text_column_is_found(column):
    """L3: changed."""
    looks(5)
    tamper(f"UPDATE audit_entry SET {column} = 'x' WHERE seq = 3")
    assert verify_chain().first_bad_row == 3


@pytest.mark.parametrize(
    "change_it",
    [
        "kind = 'SYSTEM'",
        "at = at + interval '1 microsecond'",
        "subjects = '{}'",
        "subjects = subjects || 'p9'::text",
        """detail = '{"a": 1}'""",
    ],
)
def test_a_changed_other_column_is_found(change_it):
    looks(5)
    tamper(f"UPDATE audit_entry SET {change_it} WHERE seq = 3")
    assert verify_chain().first_bad_row == 3


def test_a_dropped_row_in_the_middle_is_found():
    """L3: dropped."""
    looks(5)
    tamper("DELETE FROM audit_entry WHERE seq = 3")
    found = verify_chain()
    assert (found.rows, found.intact, found.first_bad_row) == (4, False, 3)


def test_a_dropped_first_row_is_found():
    looks(3)
    tamper("DELETE FROM audit_entry WHERE seq = 1")
    assert verify_chain().first_bad_row == 1


def test_a_dropped_last_row_is_found():
    looks(5)
    tamper("DELETE FROM audit_entry WHERE seq = 5")
    assert verify_chain().first_bad_row == 5


def test_dropping_every_row_is_found():
    looks(2)
    tamper("DELETE FROM audit_entry")
    found = verify_chain()
    assert (found.rows, found.intact, found.first_bad_row) == (0, False, 1)


def test_an_inserted_row_is_found():
    looks(3)
    tamper(
        "INSERT INTO audit_entry SELECT 4, at, kind, staff_id, place, terminal, action, purpose,"
        " subjects, detail, hash, hash FROM audit_entry WHERE seq = 3"
    )
    assert verify_chain().first_bad_row == 4


def test_two_rows_changing_places_are_found():
    looks(5)
    tamper("UPDATE audit_entry SET seq = seq + 100 WHERE seq IN (2, 4)")
    tamper("UPDATE audit_entry SET seq = CASE seq WHEN 102 THEN 4 ELSE 2 END WHERE seq > 100")
    assert verify_chain().first_bad_row == 2


def test_a_row_replaced_by_a_copy_of_another_is_found():
    looks(5)
    tamper(
        "UPDATE audit_entry a SET subjects = b.subjects, prev_hash = b.prev_hash, hash = b.hash"
        " FROM audit_entry b WHERE a.seq = 4 AND b.seq = 2"
    )
    assert verify_chain().first_bad_row == 4


def test_a_chain_sealed_anew_without_the_key_is_found():
    looks(3)
    tamper("UPDATE audit_entry SET hash = encode(sha256('guess'), 'hex') WHERE seq = 3")
    tamper("UPDATE audit_head SET hash = encode(sha256('guess'), 'hex')")
    assert verify_chain().first_bad_row == 3


def test_a_tail_cut_off_together_with_the_head_is_found_by_the_anchor(
    django_capture_on_commit_callbacks,
):
    """L3: the tail."""
    looks(2)
    with django_capture_on_commit_callbacks(execute=True):
        AuditHead.objects.update(anchored_on=None)  # as if a new day began
        looks(2)
    second_hash = AuditEntry.objects.get(seq=2).hash
    tamper("DELETE FROM audit_entry WHERE seq > 2")
    AuditHead.objects.update(seq=2, hash=second_hash)
    found = verify_chain()
    assert (found.rows, found.intact, found.first_bad_row) == (2, False, 3)


def test_a_tail_written_anew_after_the_anchor_is_found(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        looks(3)
    tamper("DELETE FROM audit_entry")
    start = AuditHead.objects.get().start
    AuditHead.objects.update(seq=0, hash=start)
    looks(3)
    assert verify_chain().first_bad_row == 1


def test_an_anchor_without_our_seal_counts_for_nothing():
    looks(1)
    key.anchor_path(AuditHead.objects.get().start).write_text(
        f"7 {'0' * 64} 2026-01-01 {'0' * 64}\n"
    )
    assert verify_chain().intact


def test_an_anchor_is_written_on_the_first_entry_of_a_day_and_after_many(
    django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(actions, "ANCHOR_EVERY", 4)
    with django_capture_on_commit_callbacks(execute=True):
        looks(9)
    assert sorted(key.read_anchors(AuditHead.objects.get().start)) == [1, 4, 8]


def test_a_head_taken_away_is_found_and_nothing_more_is_written():
    looks(2)
    AuditHead.objects.all().delete()
    found = verify_chain()
    assert (found.rows, found.intact, found.first_bad_row) == (2, False, 1)
    with pytest.raises(NoLogNoLook):
        looks(1)


def test_a_chain_begun_anew_has_another_name_and_shows_that_there_was_one(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        looks(2)
    first = verify_chain().chain
    tamper("DELETE FROM audit_entry")
    AuditHead.objects.all().delete()
    looks(1)
    found = verify_chain()
    assert found.chain != first
    assert found.other_chains == (first,)


@pytest.mark.parametrize("sql", ["UPDATE audit_entry SET purpose = ''", "DELETE FROM audit_entry"])
def test_the_table_itself_refuses_changes(sql):
    """L4."""
    looks(1)
    with pytest.raises((IntegrityError, InternalError)), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_look_that_cannot_be_written_raises(monkeypatch):
    """L1."""

    def broken(*args, **kwargs):
        raise OSError

    monkeypatch.setattr(key, "signing_key", broken)
    with pytest.raises(NoLogNoLook):
        looks(1)


def test_a_look_needs_a_purpose_and_stands_outside_a_change():
    with pytest.raises(AssertionError):
        look(actor=KAEDE.for_purpose(" "), screen="PERSON_PAGE", subjects=["p1"])
    with pytest.raises(AssertionError):
        unit.run(look, actor=KAEDE, screen="PERSON_PAGE", subjects=["p1"])


def test_the_key_is_made_once_and_nobody_else_may_read_it(tmp_path):
    first = key.signing_key()
    key._key.cache_clear()
    assert key.signing_key() == first
    path = tmp_path / "audit" / "chain.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["chain.key"]
