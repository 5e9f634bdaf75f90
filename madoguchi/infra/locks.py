"""Who is being worked on right now (編集中の確保): taken once, sorted, first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import IntEnum

from django.db import connection

from madoguchi.infra import unit


class LockKind(IntEnum):
    """What can be locked; the number is the order in which locks are taken."""

    PERSON = 1
    HOUSEHOLD = 2
    PROTECTION = 3
    CERTIFICATE = 4
    NUMBERING = 5
    STAFF = 6
    COUNTER_DAY = 7
    CARD = 10


def take(keys: Iterable[tuple[LockKind, str]]) -> None:
    """Lock these until the running unit ends; wait at most three seconds (then ``Busy``).

    Call it once in a unit and as its first line. The order is kind, then id, so two
    units can never wait for each other in a circle. Freeing something needs no lock.
    """
    assert unit.is_open(), "locks are taken inside unit.run()"
    wanted = sorted(set(keys))
    if not wanted:
        return
    numbers = [_number(kind, key) for kind, key in wanted]
    with connection.cursor() as cursor:
        # ORDER BY in the sub-query: the locks must be taken in this order, one by one.
        cursor.execute(
            "SELECT count(pg_advisory_xact_lock(n)) FROM"
            " (SELECT n FROM unnest(%s::bigint[]) WITH ORDINALITY AS t(n, i) ORDER BY i) AS s",
            [numbers],
        )


def _number(kind: LockKind, key: str) -> int:
    digest = hashlib.blake2b(f"{int(kind)}:{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
