"""Sign a paper's token and check one, with Ed25519 (照合トークンの署名).

Checking needs the public key alone: no register, no network.
"""

import hashlib
from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from madoguchi.certificates.domain.paper import Paper
from madoguchi.certificates.domain.sheets import Sheet
from madoguchi.certificates.domain.token import (
    KEY_ID_BYTES,
    TokenContent,
    content_of,
    decode_token,
    encode_content,
    token_text,
)
from madoguchi.kernel.outcome import Problem


def key_id_of(key: Ed25519PublicKey) -> bytes:
    """Return the short name of a key, by which a token says who signed it (鍵の番号)."""
    return hashlib.sha256(key.public_bytes_raw()).digest()[:KEY_ID_BYTES]


def trusted_keys(keys: Iterable[Ed25519PublicKey]) -> dict[bytes, Ed25519PublicKey]:
    """Return the keys by their short names, for `verify_token` (信頼する公開鍵)."""
    return {key_id_of(key): key for key in keys}


def make_token(
    paper: Paper, sheets: tuple[Sheet, ...], *, key: Ed25519PrivateKey, salt: bytes
) -> str:
    """Return the signed token of a paper (照合トークンの作成).

    `salt` comes from outside and is kept with the request, so that a retry makes the
    same bytes again (I7).
    """
    content = content_of(paper, sheets, key_id=key_id_of(key.public_key()), salt=salt)
    signed_bytes = encode_content(content)
    return token_text(signed_bytes, key.sign(signed_bytes))


def verify_token(text: str, *, keys: Mapping[bytes, Ed25519PublicKey]) -> TokenContent | Problem:
    """Return what a token says if one of our keys signed it, else why not (トークンの検証)."""
    token = decode_token(text)
    if isinstance(token, Problem):
        return token
    key = keys.get(token.content.key_id)
    if key is None:
        return Problem(code="TOKEN_NOT_OURS")
    try:
        key.verify(token.signature, token.signed_bytes)
    except InvalidSignature:
        return Problem(code="TOKEN_FORGED")
    return token.content
