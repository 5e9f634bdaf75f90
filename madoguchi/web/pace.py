"""How often one address may ask for something anybody may ask for (回数の制限).

Counted in the database, for all processes and servers of a town at once, in one statement outside any other
transaction: what is refused is counted too. Where the database is away nobody is let through.
"""

from __future__ import annotations

import hashlib
from typing import LiteralString

from django.db import connection
from django.http import HttpRequest

_MINUTE = 60
_COUNT: LiteralString = """
INSERT INTO infra_tries AS t (key, until, number) VALUES (%(key)s, clock_timestamp() + %(seconds)s * interval '1 second', 1)
    ON CONFLICT (key) DO UPDATE
   SET number = CASE WHEN t.until < clock_timestamp() THEN 1 ELSE t.number + 1 END,
       until = CASE WHEN t.until < clock_timestamp() THEN excluded.until ELSE t.until END
RETURNING number
"""


def too_many(request: HttpRequest, *, what: str, a_minute: int) -> bool:
    """Count one more of these from this address; the address itself is not kept (回数超過)."""
    return too_many_of(
        str(request.META.get("REMOTE_ADDR")), what=what, most=a_minute, seconds=_MINUTE
    )


def too_many_of(named: str, *, what: str, most: int, seconds: int) -> bool:
    """Count one more try at one thing, whoever tries; what it is called is not kept (回数超過)."""
    seen = hashlib.blake2b(named.encode(), digest_size=12)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": f"{what}-{seen.hexdigest()}", "seconds": seconds})
        (number,) = cursor.fetchone()
    return bool(number > most)
