"""What every page of the lists needs: its purpose and the town's names (画面の前提)."""

from __future__ import annotations

from django.conf import settings

from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.queries.gazetteer import gazetteer

PURPOSE = "送付先情報の照合"


def places() -> Gazetteer:
    """Return the town's names (地名表)."""
    return gazetteer(settings.MADOGUCHI_PLACES)
