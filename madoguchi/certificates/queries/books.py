"""The books of one day and channel, in full, as other books are compared with them (日締め)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from madoguchi.infra.clock import start_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """One day's requests of one kind on one channel, every one accounted for (帳簿, I10).

    ``void_never_printed`` are the abandoned ones. ``copies``, ``pages`` and ``yen`` are of what
    was handed over; ``copies_printed`` and ``pages_printed`` of all that went to a printer,
    whatever became of it.
    """

    kind: str
    asked: int
    handed_over: int
    refused: int
    failed: int
    void_never_printed: int
    void_printed: int
    still_open: int
    copies: int
    pages: int
    copies_printed: int
    pages_printed: int
    yen: int

    @property
    def balances(self) -> bool:
        """Requests are all accounted for (一致)."""
        ended = self.handed_over + self.refused + self.failed
        return self.asked == ended + self.void_never_printed + self.void_printed + self.still_open


_SQL = """
SELECT r.kind,
       count(*),
       count(*) FILTER (WHERE r.state = 'HANDED_OVER'),
       count(*) FILTER (WHERE r.state = 'REFUSED'),
       count(*) FILTER (WHERE r.state = 'FAILED'),
       count(*) FILTER (WHERE r.state = 'VOID' AND r.disposal = 'NEVER_PRINTED'),
       count(*) FILTER (WHERE r.state = 'VOID' AND r.disposal <> 'NEVER_PRINTED'),
       count(*) FILTER (WHERE r.state IN ('LOCKED', 'DRAWN', 'RELEASED')),
       coalesce(sum(r.copies) FILTER (WHERE r.state = 'HANDED_OVER'), 0),
       coalesce(sum(c.pages) FILTER (WHERE r.state = 'HANDED_OVER'), 0),
       coalesce(sum(c.copies_printed), 0),
       coalesce(sum(c.pages_printed), 0),
       coalesce(sum(r.fee_yen) FILTER (WHERE r.state = 'HANDED_OVER'), 0)
  FROM certificates_request r
  LEFT JOIN LATERAL (
       SELECT sum(pages) AS pages,
              count(*) FILTER (WHERE printed_at IS NOT NULL) AS copies_printed,
              sum(pages) FILTER (WHERE printed_at IS NOT NULL) AS pages_printed
         FROM certificates_copy WHERE request_id = r.request_id) c ON true
 WHERE r.drawn_at >= %s AND r.drawn_at < %s AND r.channel = %s AND NOT r.sample
 GROUP BY r.kind ORDER BY r.kind
"""


def books_of(day: date, channel: str) -> tuple[Books, ...]:
    """Count one day's requests of a channel by kind; practice is not counted (日締めの集計).

    Whole, whoever asks: it names nobody, and books that leave somebody out balance with none.
    What a clerk sees is ``balance_of``.
    """
    start = start_of(day)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [start, start + timedelta(days=1), channel])
        return tuple(
            Books(
                kind=kind,
                asked=int(numbers[0]),
                handed_over=int(numbers[1]),
                refused=int(numbers[2]),
                failed=int(numbers[3]),
                void_never_printed=int(numbers[4]),
                void_printed=int(numbers[5]),
                still_open=int(numbers[6]),
                copies=int(numbers[7]),
                pages=int(numbers[8]),
                copies_printed=int(numbers[9]),
                pages_printed=int(numbers[10]),
                yen=int(numbers[11]),
            )
            for kind, *numbers in cursor.fetchall()
        )
