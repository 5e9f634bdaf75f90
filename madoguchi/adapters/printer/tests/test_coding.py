"""IPP bytes: what is written is read, and whatever else comes is told apart from an answer."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.adapters.printer.coding import (
    Answer,
    Attribute,
    Group,
    Operation,
    Tag,
    UnreadableError,
    question,
    read,
)


def attribute(tag, name, value):
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


def integer(name, number):
    return attribute(Tag.INTEGER, name, struct.pack(">i", number))


HEAD = struct.pack(">BBHI", 2, 0, 0, 7)
BEGIN = HEAD + bytes([Group.OPERATION]) + attribute(Tag.CHARSET, b"attributes-charset", b"utf-8")

KEYWORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz-0123456789", min_size=1, max_size=12)
WORDS = st.text(alphabet="abc XYZ-_.0789 窓口印刷", max_size=20)
VALUES = {
    Tag.INTEGER: st.integers(-(2**31), 2**31 - 1),
    Tag.ENUM: st.integers(0, 2**31 - 1),
    Tag.BOOLEAN: st.booleans(),
    Tag.NAME: WORDS,
    Tag.KEYWORD: KEYWORDS,
}
MANY = st.one_of(
    *(
        st.tuples(st.just(tag), st.lists(values, min_size=1, max_size=3))
        for tag, values in VALUES.items()
    )
)
ATTRIBUTES = st.dictionaries(KEYWORDS, MANY, max_size=4).map(
    lambda named: [
        Attribute(tag=tag, name=name, values=tuple(values)) for name, (tag, values) in named.items()
    ]
)


@given(about=ATTRIBUTES, job=ATTRIBUTES, document=st.binary(max_size=50))
def test_what_is_written_is_read(about, job, document):
    """A request has the shape of an answer: only the second word means something else."""
    sent = question(Operation.PRINT_JOB, request_id=9, about=about, job=job, document=document)
    told = read(sent, request_id=9)
    assert told.status == Operation.PRINT_JOB
    (first,) = told.of(Group.OPERATION)
    for one in about:
        assert first[one.name] == one.values
    if job:
        assert told.of(Group.JOB) == ({one.name: one.values for one in job},)
    assert sent.endswith(bytes([Group.END]) + document)


@given(st.binary(max_size=200))
def test_garbage_is_unreadable_and_nothing_worse(data):
    try:
        told = read(data, request_id=7)
    except UnreadableError:
        return
    assert isinstance(told, Answer)


@given(cut=st.integers(0, 200), flip=st.integers(0, 200), bit=st.integers(0, 7))
def test_a_damaged_answer_is_unreadable_or_an_answer(cut, flip, bit):
    whole = bytearray(BEGIN + bytes([Group.JOB]) + integer(b"job-id", 3) + bytes([Group.END]))
    whole[flip % len(whole)] ^= 1 << bit
    try:
        told = read(bytes(whole[: cut or None]), request_id=7)
    except UnreadableError:
        return
    assert isinstance(told, Answer)


@pytest.mark.parametrize("length", range(len(BEGIN)))
def test_an_answer_cut_short_is_unreadable(length):
    with pytest.raises(UnreadableError):
        read(BEGIN[:length], request_id=7)


def test_an_answer_to_another_question_is_not_ours():
    with pytest.raises(UnreadableError):
        read(BEGIN + bytes([Group.END]), request_id=8)


def test_empty_groups_and_many_jobs():
    told = read(
        BEGIN
        + bytes([Group.UNSUPPORTED, Group.JOB])
        + integer(b"job-id", 3)
        + bytes([Group.JOB])
        + integer(b"job-id", 4)
        + bytes([Group.JOB, Group.END]),
        request_id=7,
    )
    assert told.of(Group.JOB) == ({"job-id": (3,)}, {"job-id": (4,)}, {})
    assert told.of(Group.UNSUPPORTED) == ({},)


def test_a_collection_does_not_hide_what_follows():
    inside = attribute(0x4A, b"", b"media-size") + integer(b"", 21000)
    told = read(
        BEGIN
        + bytes([Group.PRINTER])
        + attribute(Tag.BEGIN_COLLECTION, b"media-col-default", b"")
        + inside
        + attribute(Tag.END_COLLECTION, b"", b"")
        + integer(b"printer-state", 3)
        + bytes([Group.END]),
        request_id=7,
    )
    (printer,) = told.of(Group.PRINTER)
    assert printer["printer-state"] == (3,)


def test_a_makers_own_numbers_do_no_harm():
    state = attribute(Tag.ENUM, b"job-state", struct.pack(">i", 4242))
    told = read(BEGIN + bytes([Group.JOB]) + state + bytes([Group.END]), request_id=7)
    assert told.of(Group.JOB) == ({"job-state": (4242,)},)
