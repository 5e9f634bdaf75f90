"""The signed token in the QR code of a paper, byte for byte (照合トークン).

Layout, big-endian, in this order; the signature covers everything before it:

    1  version (1)
    4  key id: first bytes of SHA-256 of the raw public key
    3  団体コード as a number
    1  kind (place in KIND_CODES)
    2  issue date, days since 2000-01-01
    1  number of pages
   12  salt
   16  hash of the salted printed text, all pages
    1  length of the issue number, then its ASCII
    1  number of printed persons, then 6 bytes each: hash of salted name and birth date
   64  Ed25519 signature

As text: ``MDG1`` and base32 without padding, upper case, which a QR code packs densely and
a scanner that types can type.

What is compared for a person is what stands on the paper, not what the register knows:
white space, character width and variation selectors are dropped on both sides, because
people cannot type them; old and new forms of a character stay different (邊 is not 辺).
"""

import base64
import binascii
import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from madoguchi.certificates.domain.kinds import Kind, Omit
from madoguchi.certificates.domain.paper import PERSONS_MAX, Paper
from madoguchi.certificates.domain.sheets import Sheet, canonical_text, fold_layout
from madoguchi.kernel.fitting import is_selector
from madoguchi.kernel.outcome import Problem

PREFIX = "MDG1"
VERSION = 1
SALT_BYTES = 12
TEXT_HASH_BYTES = 16
PERSON_HASH_BYTES = 6
KEY_ID_BYTES = 4
SIGNATURE_BYTES = 64
ISSUE_NO_LENGTH_MAX = 40

#: Codes that stand on paper for ever: add at the end, never change.
KIND_CODES = (
    Kind.RESIDENT_RECORD_HOUSEHOLD,
    Kind.RESIDENT_RECORD_INDIVIDUAL,
    Kind.REMOVED_RECORD,
    Kind.RECORD_ITEMS,
    Kind.SEAL_REGISTRATION,
    Kind.TAX,
    Kind.MOVE_OUT,
    Kind.MOVE_OUT_LIKE,
)
_EPOCH = date(2000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenContent:
    """What a token says, before it is signed (トークンの内容)."""

    key_id: bytes
    municipality_code: str
    kind: Kind
    issued_on: date
    pages: int
    salt: bytes
    text_hash: bytes
    issue_no: str
    person_hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedToken:
    """A token taken apart; whether the signature is ours is another question (署名付き符号)."""

    content: TokenContent
    signed_bytes: bytes
    signature: bytes


def content_of(
    paper: Paper, sheets: tuple[Sheet, ...], *, key_id: bytes, salt: bytes
) -> TokenContent:
    """Return what the token of this paper must say (トークンの内容)."""
    assert len(salt) == SALT_BYTES
    assert len(key_id) == KEY_ID_BYTES
    birth_shown = paper.shows(Omit.BIRTH_DATE)
    return TokenContent(
        key_id=key_id,
        municipality_code=paper.municipality_code,
        kind=paper.kind,
        issued_on=paper.issued_on,
        pages=len(sheets),
        salt=salt,
        text_hash=text_hash(canonical_text(sheets), salt=salt),
        issue_no=paper.issue_no,
        person_hashes=tuple(
            person_hash(person.name, person.birth_date if birth_shown else "", salt=salt)
            for person in paper.persons
        ),
    )


def text_hash(text: str, *, salt: bytes) -> bytes:
    """Return the hash of the printed text without its layout (印字内容のハッシュ)."""
    return hashlib.sha256(b"text" + salt + fold_layout(text).encode()).digest()[:TEXT_HASH_BYTES]


def person_hash(name: str, birth_date: str, *, salt: bytes) -> bytes:
    """Return the hash of one person as printed (氏名・生年月日のハッシュ)."""
    said = f"{fold_typed(name)}\n{fold_typed(birth_date)}".encode()
    return hashlib.sha256(b"person" + salt + said).digest()[:PERSON_HASH_BYTES]


def fold_typed(text: str) -> str:
    """Drop what nobody can type or see: spaces, width, selectors (入力の揺れ).

    NFKC also counts a compatibility ideograph as its canonical twin, just as dropping the
    selector of its other spelling does; 﨑 and 崎, 邊 and 辺 stay different characters.
    """
    # Kana sound marks are marks too, but NFKC joins them to their letter.
    bare = "".join(char for char in text if char in "\u3099\u309a" or not is_selector(char))
    return "".join(unicodedata.normalize("NFKC", bare).split())


def encode_content(content: TokenContent) -> bytes:
    """Lay the content out as the bytes that are signed (署名対象)."""
    issue_no = content.issue_no.encode("ascii")
    assert 0 < len(issue_no) <= ISSUE_NO_LENGTH_MAX
    assert 0 < len(content.person_hashes) <= PERSONS_MAX
    days = (content.issued_on - _EPOCH).days
    return b"".join(
        (
            bytes([VERSION]),
            content.key_id,
            int(content.municipality_code).to_bytes(3, "big"),
            bytes([KIND_CODES.index(content.kind)]),
            days.to_bytes(2, "big"),
            bytes([content.pages]),
            content.salt,
            content.text_hash,
            bytes([len(issue_no)]),
            issue_no,
            bytes([len(content.person_hashes)]),
            *content.person_hashes,
        )
    )


def token_text(signed_bytes: bytes, signature: bytes) -> str:
    """Return the token as printed in the QR code (トークン文字列)."""
    assert len(signature) == SIGNATURE_BYTES
    return PREFIX + base64.b32encode(signed_bytes + signature).decode("ascii").rstrip("=")


def decode_token(text: str) -> SignedToken | Problem:
    """Take a token apart, trusting nothing in it (トークンの読取り)."""
    unreadable = Problem(code="TOKEN_UNREADABLE")
    text = text.strip().upper()
    if not text.startswith(PREFIX) or len(text) > 2_000:
        return unreadable
    body = text[len(PREFIX) :]
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        return unreadable
    # Base32 has spare bits at the end: only the one true spelling counts.
    if base64.b32encode(raw).decode("ascii").rstrip("=") != body or len(raw) <= SIGNATURE_BYTES:
        return unreadable
    signed_bytes, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    content = _decode_content(signed_bytes)
    if content is None:
        return unreadable
    return SignedToken(content=content, signed_bytes=signed_bytes, signature=signature)


def _decode_content(raw: bytes) -> TokenContent | None:
    fixed = 1 + KEY_ID_BYTES + 3 + 1 + 2 + 1 + SALT_BYTES + TEXT_HASH_BYTES
    if len(raw) < fixed + 2 or raw[0] != VERSION or raw[8] >= len(KIND_CODES):
        return None
    salt_at = 12
    hash_at = salt_at + SALT_BYTES
    issue_end = fixed + 1 + raw[fixed]
    if issue_end >= len(raw):
        return None
    issue_no = raw[fixed + 1 : issue_end]
    hashes = raw[issue_end + 1 :]
    if len(hashes) != raw[issue_end] * PERSON_HASH_BYTES or not hashes or not issue_no.isascii():
        return None
    return TokenContent(
        key_id=raw[1:5],
        municipality_code=f"{int.from_bytes(raw[5:8], 'big'):06d}",
        kind=KIND_CODES[raw[8]],
        issued_on=_EPOCH + timedelta(days=int.from_bytes(raw[9:11], "big")),
        pages=raw[11],
        salt=raw[salt_at:hash_at],
        text_hash=raw[hash_at:fixed],
        issue_no=issue_no.decode("ascii"),
        person_hashes=tuple(
            hashes[at : at + PERSON_HASH_BYTES] for at in range(0, len(hashes), PERSON_HASH_BYTES)
        ),
    )


def check_person(content: TokenContent, *, name: str, birth_date: str) -> tuple[Problem, ...]:
    """Say whether a person read off the paper stands in the token (氏名・生年月日の照合)."""
    if person_hash(name, birth_date, salt=content.salt) in content.person_hashes:
        return ()
    return (Problem(code="TOKEN_PERSON_DIFFERS"),)


def check_text(content: TokenContent, pages: Iterable[str]) -> tuple[Problem, ...]:
    """Say whether the text of all pages is the one the token was made for (印字内容の照合)."""
    if text_hash("".join(pages), salt=content.salt) == content.text_hash:
        return ()
    return (Problem(code="TOKEN_TEXT_DIFFERS"),)
