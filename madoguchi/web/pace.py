"""How often one address may ask for something anybody may ask for (回数の制限)."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

_MINUTE = 60


def too_many(request: HttpRequest, *, what: str, a_minute: int) -> bool:
    """Count one more of these from this address; the address itself is not kept (回数超過)."""
    return too_many_of(
        str(request.META.get("REMOTE_ADDR")), what=what, most=a_minute, seconds=_MINUTE
    )


def too_many_of(named: str, *, what: str, most: int, seconds: int) -> bool:
    """Count one more try at one thing, whoever tries; what it is called is not kept (回数超過)."""
    seen = hashlib.blake2b(named.encode(), digest_size=12)
    key = f"{what}-{seen.hexdigest()}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # the time ended in between
        return False
