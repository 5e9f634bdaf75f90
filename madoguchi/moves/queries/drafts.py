"""Drafts as their own code opens them: without it a row tells nothing (下書きの照会).

A draft lies sealed under a key that is worked out of its code and of the installation's secret;
so does the name of its row. The code itself is kept nowhere.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import QuerySet

from madoguchi.infra.clock import day_of
from madoguchi.moves.domain.draft import CODE_LENGTH, CODE_LETTERS
from madoguchi.moves.models import Draft

_NONCE_BYTES, _ID_BYTES, _KEY_BYTES = 12, 16, 32
#: Work for each try: a hundredth of a second for one, ages for all fifty bits.
_COST = {"n": 2**12, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftKey:
    """What a code opens, worked out once: the name of a row, and its key (下書きの鍵)."""

    code: str
    draft_id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A draft as whoever holds its code sees it (下書き)."""

    key: DraftKey
    answers: Mapping[str, str]
    changed_at: datetime
    is_whole: bool

    @property
    def told_on(self) -> date:
        """Return the day it was last written on (書いた日)."""
        return day_of(self.changed_at)


def find_draft(code: str) -> DraftRow | None:
    """Return a draft by its code; taken, forgotten and never begun look the same (下書き)."""
    key = key_of(code)
    row = Draft.objects.filter(draft_id=key.draft_id, taken_at__isnull=True).first()
    return as_row(row, key) if row else None


def as_row(row: Draft, key: DraftKey) -> DraftRow:
    """Return what a row says to whoever holds its code (下書き)."""
    return DraftRow(
        key=key, answers=unseal(bytes(row.sealed), key), changed_at=row.changed_at,
        is_whole=row.completed_at is not None,
    )  # fmt: skip


def old_drafts(*, now: datetime, keep_days: int) -> QuerySet[Draft]:
    """Return the drafts nobody went on with (使われなかった下書き)."""
    return Draft.objects.filter(changed_at__lt=now - timedelta(days=keep_days))


def new_code() -> str:
    """Return a code nobody can guess (番号)."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def key_of(code: str) -> DraftKey:
    """Work out what a code opens: on purpose not quickly (下書きの鍵)."""
    salt = f"moves.draft:{settings.SECRET_KEY}".encode()
    derived = hashlib.scrypt(code.encode(), salt=salt, dklen=_ID_BYTES + _KEY_BYTES, **_COST)
    return DraftKey(code=code, draft_id=derived[:_ID_BYTES].hex(), secret=derived[_ID_BYTES:])


def seal(answers: Mapping[str, str], key: DraftKey) -> bytes:
    """Encrypt what was told so far (封緘)."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    text = json.dumps(answers).encode()
    return nonce + AESGCM(key.secret).encrypt(nonce, text, key.draft_id.encode())


def unseal(sealed: bytes, key: DraftKey) -> dict[str, str]:
    """Decrypt what was told; raises ``InvalidTag`` when the row is another's or cut short (開封)."""
    nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    if len(nonce) < _NONCE_BYTES:
        raise InvalidTag
    text = AESGCM(key.secret).decrypt(nonce, body, key.draft_id.encode())
    found: dict[str, str] = json.loads(text)
    return found
