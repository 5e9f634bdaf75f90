"""The chain without a database: whatever is done to it, the first bad row is found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.audit.domain import (
    Checker,
    Kind,
    Note,
    Verified,
    anchor_line,
    chain,
    clean,
    read_anchor,
)

KEY = b"k" * 32
START = "a" * 64
NOW = datetime(2026, 11, 23, tzinfo=UTC)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**70), max_value=2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
notes = st.builds(
    Note,
    at=st.datetimes(
        min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)
    ),
    kind=st.sampled_from(Kind),
    staff_id=st.text(max_size=6),
    place=st.just("本庁"),
    terminal=st.just("01"),
    action=st.sampled_from(["A", "B"]),
    purpose=st.text(max_size=6),
    subjects=st.lists(st.text(max_size=3), max_size=3).map(tuple),
    detail=st.just({}),
)
chains = st.lists(notes, min_size=1, max_size=8)


def made(some):
    return list(chain(some, seq=0, prev_hash=START, key=KEY))


def checked(entries, *, head=None, anchors=None) -> Verified:
    checker = Checker(start=START, key=KEY, anchors=anchors or {})
    for entry in entries:
        checker.take(entry)
    seq, hash_ = head
    checker.end(head_seq=seq, head_hash=hash_)
    return checker


def head_of(entries):
    return (entries[-1].seq, entries[-1].hash)


@given(chains)
def test_what_was_written_is_intact(some):
    entries = made(some)
    checker = checked(entries, head=head_of(entries))
    assert (checker.rows, checker.first_bad_row) == (len(some), None)


@given(chains, st.data())
def test_a_changed_entry_is_the_first_bad_row(some, data):
    entries = made(some)
    at = data.draw(st.integers(0, len(entries) - 1))
    old = entries[at]
    field = data.draw(st.sampled_from(["staff_id", "purpose", "place", "action", "subjects"]))
    value = getattr(old.note, field)
    entries[at] = replace(
        old,
        note=replace(old.note, **{field: (*value, "x") if field == "subjects" else value + "x"}),
    )
    assert checked(entries, head=head_of(entries)).first_bad_row == at + 1


@given(chains, st.data())
def test_a_dropped_entry_is_the_first_bad_row_wherever_it_stood(some, data):
    entries = made(some)
    head = head_of(entries)
    at = data.draw(st.integers(0, len(entries) - 1))
    del entries[at]
    assert checked(entries, head=head).first_bad_row == at + 1


@given(chains.filter(lambda some: len(some) > 1), st.data())
def test_two_entries_that_change_places_are_found_at_the_first(some, data):
    entries = made(some)
    a, b = sorted(data.draw(st.permutations(range(len(entries))))[:2])
    moved = list(entries)
    moved[a], moved[b] = (
        replace(entries[b], seq=entries[a].seq),
        replace(entries[a], seq=entries[b].seq),
    )
    assert checked(moved, head=head_of(entries)).first_bad_row == a + 1


@given(chains, chains)
def test_a_tail_written_anew_is_found_by_an_anchor(some, others):
    entries = made(some)
    anchors = {entries[-1].seq: entries[-1].hash}
    forged = made([replace(note, purpose=note.purpose + "!") for note in some + others])
    checker = checked(forged, head=head_of(forged), anchors=anchors)
    assert checker.first_bad_row is not None


@given(chains, st.data())
def test_a_tail_cut_off_with_its_head_is_found_by_an_anchor(some, data):
    entries = made(some)
    anchors = {entries[-1].seq: entries[-1].hash}
    left = data.draw(st.integers(0, len(entries) - 1))
    head = head_of(entries[:left]) if left else (0, START)
    assert checked(entries[:left], head=head, anchors=anchors).first_bad_row == left + 1


@given(chains)
def test_nobody_seals_without_the_key(some):
    entries = list(chain(some, seq=0, prev_hash=START, key=b"guess"))
    assert checked(entries, head=head_of(entries)).first_bad_row == 1


@given(json_values)
def test_cleaned_values_survive_json_unchanged(value):
    once = clean(value)
    assert json.loads(json.dumps(once)) == once
    assert clean(once) == once


@given(st.integers(1, 10**12), st.text(alphabet="0123456789abcdef", min_size=64, max_size=64))
def test_an_anchor_line_is_read_back_and_a_changed_one_is_not(seq, hash_):
    line = anchor_line(seq=seq, hash_=hash_, at=NOW, key=KEY)
    assert read_anchor(line + "\n", key=KEY) == (seq, hash_)
    assert read_anchor(line.replace(f"{seq} ", f"{seq + 1} ", 1), key=KEY) is None
    assert read_anchor(line, key=b"guess") is None
    assert read_anchor("", key=KEY) is None
    assert read_anchor("だれか", key=KEY) is None
