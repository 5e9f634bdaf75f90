"""Entries, their chain, and what to look out for: pure rules (アクセス記録)."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum, unique

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


@unique
class Kind(StrEnum):
    """What sort of thing was written down (記録の種類; SPEC1 10.2)."""

    LOOK = "LOOK"
    CHANGE = "CHANGE"
    SIGN_IN = "SIGN_IN"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody did, before it has a place in the chain (記録の内容)."""

    at: datetime
    kind: Kind
    staff_id: str
    place: str
    terminal: str
    action: str
    purpose: str
    subjects: tuple[str, ...]
    detail: Mapping[str, Json] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A note with its place in the chain (記録)."""

    seq: int
    note: Note
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a check of the whole chain found (検証の結果)."""

    rows: int
    intact: bool
    first_bad_row: int | None
    #: Which chain this is; an emptied table that starts anew has another name.
    chain: str
    #: Chains this data folder holds anchors of, besides this one.
    other_chains: tuple[str, ...]


def clean_text(text: str) -> str:
    """Return text that PostgreSQL stores unchanged: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def clean(value: object) -> Json:
    """Return JSON that comes back from jsonb exactly as it went in.

    jsonb keeps numbers as decimals: 1e22 would come back as an integer and break the hash.
    """
    match value:
        case str():
            return clean_text(value)
        case bool() | None | int():
            return value
        case float():
            assert math.isfinite(value), "JSON knows no such number"
            return int(value) if value.is_integer() else value
        case Mapping():
            return {clean_text(str(key)): clean(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            items = sorted(value) if isinstance(value, set | frozenset) else value
            return [clean(one) for one in items]
        case _:
            raise TypeError(f"not for the record: {type(value).__name__}")


def canonical(note: Note, *, seq: int, prev_hash: str) -> bytes:
    """Return the one spelling of an entry that its hash covers: every column, and the chain."""
    return json.dumps(
        {
            "seq": seq,
            "at": note.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kind": note.kind.value,
            "staff_id": note.staff_id,
            "place": note.place,
            "terminal": note.terminal,
            "action": note.action,
            "purpose": note.purpose,
            "subjects": list(note.subjects),
            "detail": dict(note.detail),
            "prev_hash": prev_hash,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def seal(note: Note, *, seq: int, prev_hash: str, key: bytes) -> str:
    """Return the hash of an entry; without the key nobody can make one (HMAC-SHA256)."""
    return hmac.new(key, canonical(note, seq=seq, prev_hash=prev_hash), hashlib.sha256).hexdigest()


def chain(notes: Iterable[Note], *, seq: int, prev_hash: str, key: bytes) -> tuple[Entry, ...]:
    """Give each note its place after the entry ``seq`` with ``prev_hash`` (連鎖)."""
    entries: list[Entry] = []
    for note in notes:
        seq += 1
        made = seal(note, seq=seq, prev_hash=prev_hash, key=key)
        entries.append(Entry(seq=seq, note=note, prev_hash=prev_hash, hash=made))
        prev_hash = made
    return tuple(entries)


def anchor_line(*, seq: int, hash_: str, at: datetime, key: bytes) -> str:
    """Return one line of the anchor file: place, hash, day, and a seal over them (錨)."""
    body = f"{seq} {hash_} {at.astimezone(UTC).isoformat(timespec='seconds')}"
    return f"{body} {hmac.new(key, body.encode(), hashlib.sha256).hexdigest()}"


def read_anchor(line: str, *, key: bytes) -> tuple[int, str] | None:
    """Return place and hash of an anchor line, or nothing when it is not ours (錨の検証)."""
    body, _, given = line.strip().rpartition(" ")
    expected = hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), given.encode()):
        return None
    seq, hash_, _at = body.split(" ")
    return int(seq), hash_


class Checker:
    """Walk a chain row by row and remember the first row that does not fit (連鎖の検証)."""

    def __init__(self, *, start: str, key: bytes, anchors: Mapping[int, str]) -> None:
        self._key = key
        self._anchors = anchors
        self._prev = start
        self.rows = 0
        self.first_bad_row: int | None = None

    def take(self, entry: Entry) -> None:
        """Look at the next row: changed, dropped, inserted and moved rows all break the chain."""
        self.rows += 1
        expected = self.rows
        fits = (
            entry.seq == expected
            and entry.prev_hash == self._prev
            and hmac.compare_digest(
                entry.hash.encode(),
                seal(entry.note, seq=entry.seq, prev_hash=entry.prev_hash, key=self._key).encode(),
            )
            and self._anchors.get(expected, entry.hash) == entry.hash
        )
        if not fits:
            self._bad(min(expected, entry.seq))
        self._prev = entry.hash

    def end(self, *, head_seq: int, head_hash: str) -> None:
        """Compare the end with the head and the anchors: a tail cut off is a missing row."""
        if head_seq != self.rows:
            self._bad(min(head_seq, self.rows) + 1)
        elif head_hash != self._prev:
            self._bad(max(self.rows, 1))
        if any(seq > self.rows for seq in self._anchors):
            self._bad(self.rows + 1)

    def _bad(self, seq: int) -> None:
        if self.first_bad_row is None or seq < self.first_bad_row:
            self.first_bad_row = seq
