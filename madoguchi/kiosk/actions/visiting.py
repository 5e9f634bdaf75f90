"""How often somebody came in one mode, without keeping who (利用回数)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.crypto import salted_hmac

from madoguchi.kiosk.models import Visits

_SALT = "madoguchi.kiosk.visits"
#: Whoever did not come for so long is a beginner again; nothing is kept longer.
FORGET_AFTER = timedelta(days=400)


def count_visit(person_id: str, mode: str, *, on: date) -> int:
    """Count this visit and return how many there were before it in this mode (利用回数)."""
    digest = salted_hmac(_SALT, f"{mode}:{person_id}", algorithm="sha256").hexdigest()
    row, _ = Visits.objects.select_for_update().get_or_create(
        digest=digest, defaults={"last_on": on}
    )
    before = row.count
    row.count, row.last_on = before + 1, on
    row.save()
    return before


def forget_visits(*, on: date) -> int:
    """Remove the counts of those who have not come for more than a year (利用回数の消去)."""
    gone, _ = Visits.objects.filter(last_on__lt=on - FORGET_AFTER).delete()
    return gone
