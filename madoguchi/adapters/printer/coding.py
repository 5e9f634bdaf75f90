"""IPP messages to bytes and back, as far as one printer needs them (IPPの符号化).

RFC 8010 §3. Pure. A message is attribute groups after a fixed head; a value we have no use for
(a collection, a picture's size) is kept as its bytes, so that a printer's extras do no harm.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

VERSION = (2, 0)

Value = int | bool | str | bytes


class Operation(IntEnum):
    """What is asked of a printer (操作), RFC 8011 §5.4.15."""

    PRINT_JOB = 0x0002
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class Group(IntEnum):
    """What a group of attributes is about (属性グループ), RFC 8010 §3.5.1."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    """How a value is written (値の型), RFC 8010 §3.5.2."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    BEGIN_COLLECTION = 0x34
    END_COLLECTION = 0x37


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of a question, with all its values (属性)."""

    tag: Tag
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a printer answered (応答): ``groups`` in its order, each with its attributes."""

    status: int
    groups: tuple[tuple[int, Mapping[str, tuple[Value, ...]]], ...]

    def of(self, group: Group) -> tuple[Mapping[str, tuple[Value, ...]], ...]:
        """Return all groups of one kind: Get-Jobs answers one for each job."""
        return tuple(attributes for kind, attributes in self.groups if kind == group)


class UnreadableError(ValueError):
    """These bytes are no IPP answer (読めない応答)."""


def question(
    operation: Operation,
    *,
    request_id: int,
    about: Iterable[Attribute],
    job: Iterable[Attribute] = (),
    document: bytes = b"",
) -> bytes:
    """Write one request (要求); ``about`` begins with the printer's own address."""
    head = struct.pack(">BBHI", *VERSION, operation, request_id)
    first = (
        Attribute(tag=Tag.CHARSET, name="attributes-charset", values=("utf-8",)),
        Attribute(tag=Tag.LANGUAGE, name="attributes-natural-language", values=("en",)),
    )
    groups = [_group(Group.OPERATION, (*first, *about))]
    job = tuple(job)
    if job:
        groups.append(_group(Group.JOB, job))
    return b"".join((head, *groups, bytes([Group.END]), document))


def read(data: bytes, *, request_id: int) -> Answer:
    """Read one answer (応答の読み取り); raise ``UnreadableError`` for anything else."""
    try:
        return _read(data, request_id)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise UnreadableError(str(error)) from error


def _group(group: Group, attributes: Iterable[Attribute]) -> bytes:
    return bytes([group]) + b"".join(_written(attribute) for attribute in attributes)


def _written(attribute: Attribute) -> bytes:
    parts = []
    name = attribute.name.encode("ascii")
    for value in attribute.values:
        written = _value_bytes(attribute.tag, value)
        parts.append(struct.pack(">BH", attribute.tag, len(name)) + name)
        parts.append(struct.pack(">H", len(written)) + written)
        name = b""  # further values of the same attribute carry no name
    return b"".join(parts)


def _value_bytes(tag: Tag, value: Value) -> bytes:
    if isinstance(value, bool):
        assert tag == Tag.BOOLEAN, tag
        return struct.pack(">B", value)
    if isinstance(value, int):
        assert tag in (Tag.INTEGER, Tag.ENUM), tag
        return struct.pack(">i", value)
    return value if isinstance(value, bytes) else value.encode("utf-8")


def _read(data: bytes, request_id: int) -> Answer:
    major, _minor, status, answered_id = struct.unpack_from(">BBHI", data)
    if major not in (1, 2):
        raise UnreadableError(f"version {major}")
    if answered_id != request_id:
        # An answer to another question must not be taken for this one's.
        raise UnreadableError("answer to another request")
    groups: list[tuple[int, dict[str, tuple[Value, ...]]]] = []
    place, name, depth = 8, "", 0
    while (tag := data[place]) != Group.END:
        place += 1
        if tag < 0x10:  # a new group; it may well be empty
            groups.append((tag, {}))
            name = ""
            continue
        given, value, place = _one(data, place)
        if tag == Tag.END_COLLECTION:
            depth -= 1
        elif depth == 0:
            name = given or name
            if not groups or not name:
                raise UnreadableError("value outside of an attribute")
            held = groups[-1][1]
            # Only the last of two attributes with one name would be kept by many printers too.
            earlier = () if given else held.get(name, ())
            held[name] = (*earlier, _value(tag, value))
        depth += tag == Tag.BEGIN_COLLECTION
    return Answer(status=status, groups=tuple(groups))


def _one(data: bytes, place: int) -> tuple[str, bytes, int]:
    """Read one name and value; the lengths are checked against what is there."""
    (name_length,) = struct.unpack_from(">H", data, place)
    name_end = place + 2 + name_length
    (value_length,) = struct.unpack_from(">H", data, name_end)
    end = name_end + 2 + value_length
    if end >= len(data):  # at least the end tag follows
        raise UnreadableError("cut off")
    return data[place + 2 : name_end].decode("ascii"), data[name_end + 2 : end], end


def _value(tag: int, value: bytes) -> Value:
    if tag in (Tag.INTEGER, Tag.ENUM):
        (number,) = struct.unpack(">i", value)
        return int(number)
    if tag == Tag.BOOLEAN:
        return value != b"\0"
    if 0x41 <= tag <= 0x49:
        return value.decode("utf-8")
    return value
