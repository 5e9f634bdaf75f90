"""For tests of pages that count how often they are asked (試験用)."""

from __future__ import annotations

from madoguchi.infra.models import Tries


def forget_tries() -> None:
    """Let nobody have tried anything, as if the minute were over (回数を忘れる)."""
    Tries.objects.all().delete()
