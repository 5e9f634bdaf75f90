"""Where this town's keys lie (署名鍵の所在)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from madoguchi.certificates.documents.keys import (
    SigningKeys,
    Trust,
    ensure_demo_keys,
    load_keys,
    load_token_key,
    load_trust,
)
from madoguchi.infra import clock, files


def paper_keys() -> SigningKeys:
    """Return the private keys; in the demo they are made on first use (署名鍵)."""
    return _load_keys(_folder())


def own_key() -> Ed25519PrivateKey:
    """Return the town's own key alone: for messages no certificate of a signer is needed (町の鍵)."""
    return _load_own(_folder())


def paper_trust() -> Trust:
    """Return the public parts, all that checking needs (信頼の起点)."""
    return _load_trust(_folder())


@lru_cache(maxsize=4)
def _load_keys(folder: Path) -> SigningKeys:
    return load_keys(folder)


@lru_cache(maxsize=4)
def _load_own(folder: Path) -> Ed25519PrivateKey:
    return load_token_key(folder)


@lru_cache(maxsize=4)
def _load_trust(folder: Path) -> Trust:
    return load_trust(folder)


def _folder() -> Path:
    """Return the folder of the keys: a configured one is never written to."""
    if settings.MADOGUCHI_KEYS:
        return Path(settings.MADOGUCHI_KEYS)
    folder = files.private_folder("keys") / "papers"
    if settings.MADOGUCHI_DEMO and not folder.exists():
        ensure_demo_keys(folder, production=False, at=clock.now())
    return folder
