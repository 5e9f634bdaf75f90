"""The codes on a 転出証明書 for the clerk of the new town, byte for byte (転出証明書の符号).

What a code says is the record itself, so that nobody types it again. Layout of all parts of one
paper put together, big-endian; the signature covers everything before it:

    1  version (1)
    4  key id, as in the token
    3  団体コード as a number
    2  day of issue, days since 2000-01-01
    n  the items, deflated JSON
   64  Ed25519 signature

It is cut into as few parts as keep a module of the printed code above half a millimetre. Each
part stands behind 5 bytes of the whole's hash, its number and how many there are, so that parts
come in any order and those of two papers are told apart. As text ``MDO1`` and base32: what a
scanner that types can type. 個人番号 is in none of them: it is read from the paper or the card.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from madoguchi.certificates.domain.token import KEY_ID_BYTES, SIGNATURE_BYTES
from madoguchi.kernel.outcome import Problem

PREFIX = "MDO1"
#: 1 had no 旧氏 and no 通称; papers of it are read for as long as one may be handed in.
VERSION, _VERSIONS = 2, (1, 2)
_EPOCH = date(2000, 1, 1)
_HEAD_BYTES = 1 + KEY_ID_BYTES + 3 + 2
_PAPER_ID_BYTES = 5
#: So many bytes a part: 77 modules and the white around them on ``CODE_MM``.
PART_BYTES = 340
PARTS_MAX = 40
#: More than any household's record; whatever unfolds to more is not ours.
_UNFOLDED_MAX = 256 * 1024
_SHARED = ("old_town", "previous_address", "planned_move_out_on", "move_out_to")
_OF_PERSON = (
    "name", "name_kana", "birth", "sex", "relationship", "honseki", "hittosha", "resident_code",
    "nationality_group", "name_alphabet", "nationality", "residence_status", "stay_class",
    "stay_until", "residence_card_no", "former_surname", "former_surname_kana", "alias",
    "alias_kana",
)  # fmt: skip
_OF_PERSON_1 = _OF_PERSON[:15]
SCHEMA = "madoguchi.move_out/1"

# --- what the codes say ------------------------------------------------------------------


def pack(notice: Mapping[str, Any]) -> str:
    """Return the items of a 転出証明書情報 without their names (記載事項の詰込み)."""
    rows = [[notice.get(name, "") for name in _SHARED]]
    rows += [[one.get(name, "") for name in _OF_PERSON] for one in notice["people"]]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def unpack(packed: str) -> dict[str, Any] | None:
    """Return the items with their names again, None where these are none (記載事項の復元)."""
    try:
        shared, *people = json.loads(packed)
        found: dict[str, Any] = {"schema": SCHEMA, **_named(_SHARED, shared)}
        found["people"] = [
            _named(_OF_PERSON_1 if len(one) == len(_OF_PERSON_1) else _OF_PERSON, one)
            for one in people
        ]
    except (ValueError, TypeError):
        return None
    return found


def _named(names: Sequence[str], values: Sequence[object]) -> dict[str, str]:
    pairs = list(zip(names, values, strict=True))
    if not all(isinstance(value, str) for _, value in pairs):
        raise TypeError
    return {name: str(value) for name, value in pairs if value}


def body_bytes(packed: str, *, key_id: bytes, town_code: str, issued_on: date) -> bytes:
    """Return what is signed of a paper's codes (署名対象)."""
    days = (issued_on - _EPOCH).days
    head = bytes([VERSION]) + key_id + int(town_code).to_bytes(3, "big") + days.to_bytes(2, "big")
    return head + _folded(packed)


def _folded(packed: str) -> bytes:
    folder = zlib.compressobj(9, wbits=-15)
    return folder.compress(packed.encode()) + folder.flush()


def count_parts(packed: str) -> int:
    """Return how many codes the items need; the signature has one length whoever signs (枚数)."""
    if not packed:
        return 0
    return -(-(_HEAD_BYTES + len(_folded(packed)) + SIGNATURE_BYTES) // PART_BYTES)


def part_texts(signed: bytes) -> tuple[str, ...]:
    """Cut signed bytes into the texts of the codes, of like length (符号の分割)."""
    of = -(-len(signed) // PART_BYTES)
    assert of <= PARTS_MAX, of
    size = -(-len(signed) // of)
    return tuple(
        PREFIX + _base32(_paper_id(signed) + bytes([n + 1, of]) + signed[n * size : (n + 1) * size])
        for n in range(of)
    )


def _paper_id(signed: bytes) -> bytes:
    return hashlib.sha256(signed).digest()[:_PAPER_ID_BYTES]


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=")


# --- read again ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One code as it was scanned (読み取った符号)."""

    paper_id: bytes
    number: int
    of: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """All codes of one paper; whose signature it is, is another question (1枚分の符号)."""

    key_id: bytes
    town_code: str
    issued_on: date
    notice: Mapping[str, Any]
    signed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the scans so far make (読取りの途中)."""

    #: One text a part, in their order; what was scanned twice stands once.
    texts: tuple[str, ...] = ()
    of: int = 0
    missing: tuple[int, ...] = ()
    whole: Whole | None = None
    problems: tuple[Problem, ...] = ()


def read_part(text: str) -> Part | Problem:
    """Take one scanned text apart, trusting nothing in it (符号の読取り)."""
    unreadable = Problem(code="MOVE_CODE_UNREADABLE", where="code")
    text = text.strip().upper()
    body = text.removeprefix(PREFIX)
    if body == text or len(body) > 2 * PART_BYTES:
        return unreadable
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        return unreadable
    number, of = raw[_PAPER_ID_BYTES : _PAPER_ID_BYTES + 2] if len(raw) > 7 else (0, 0)
    if not 0 < number <= of <= PARTS_MAX or _base32(raw) != body:
        return unreadable
    return Part(
        paper_id=raw[:_PAPER_ID_BYTES], number=number, of=of, data=raw[_PAPER_ID_BYTES + 2 :]
    )


def gather(texts: Iterable[str]) -> Gathered:
    """Put scans together in whatever order they came; all problems at once (符号の組立て).

    The first readable part says which paper it is. A part of another paper is named and left out.
    """
    problems: list[Problem] = []
    found: dict[int, tuple[str, Part]] = {}
    for text in texts:
        part = read_part(text)
        if isinstance(part, Problem):
            problems.append(part)
            continue
        first = next((one for _, one in found.values()), part)
        if (part.paper_id, part.of) != (first.paper_id, first.of):
            facts = {"number": str(part.number), "of": str(part.of)}
            problems.append(Problem(code="MOVE_CODE_OF_ANOTHER", where="code", facts=facts))
            continue
        found.setdefault(part.number, (text.strip().upper(), part))
    if not found:
        return Gathered(problems=tuple(problems))
    of = next(iter(found.values()))[1].of
    missing = tuple(n for n in range(1, of + 1) if n not in found)
    kept = tuple(found[n][0] for n in sorted(found))
    if missing:
        return Gathered(texts=kept, of=of, missing=missing, problems=tuple(problems))
    whole = _open(found[1][1].paper_id, b"".join(found[n][1].data for n in range(1, of + 1)))
    if whole is None:
        problems.append(Problem(code="MOVE_CODE_UNREADABLE", where="code"))
    return Gathered(texts=kept, of=of, whole=whole, problems=tuple(problems))


def _open(paper_id: bytes, raw: bytes) -> Whole | None:
    """Return what the parts say together, None where they are not what they were printed as."""
    least = _HEAD_BYTES + SIGNATURE_BYTES
    if _paper_id(raw) != paper_id or len(raw) <= least or raw[0] not in _VERSIONS:
        return None
    signed, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    unfolder = zlib.decompressobj(wbits=-15)
    try:
        text = unfolder.decompress(signed[_HEAD_BYTES:], _UNFOLDED_MAX).decode()
    except (zlib.error, UnicodeDecodeError):
        return None
    notice = unpack(text) if unfolder.eof and not unfolder.unused_data else None
    if notice is None:
        return None
    return Whole(
        key_id=signed[1:5],
        town_code=f"{int.from_bytes(signed[5:8], 'big'):06d}",
        issued_on=_EPOCH + timedelta(days=int.from_bytes(signed[8:10], "big")),
        notice=notice,
        signed=signed,
        signature=signature,
    )
