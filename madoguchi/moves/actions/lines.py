"""Whether the portal and the other towns answer (つながりの記録)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.kernel.outcome import Unavailable
from madoguchi.moves.domain.post import PostSource
from madoguchi.moves.models import PostLine


def note_line(*, source: PostSource, answer: object, now: datetime) -> None:
    """Keep when a line answered last, or since when it is silent (つながり).

    It is no change of a record and happens each minute, so the audit is not told.
    """
    if isinstance(answer, Unavailable):
        made, _ = PostLine.objects.get_or_create(source=source.value)
        if made.silent_since is None:
            PostLine.objects.filter(source=source.value).update(
                silent_since=now, reason=answer.reason
            )
        return
    PostLine.objects.update_or_create(
        source=source.value, defaults={"reached_at": now, "silent_since": None, "reason": ""}
    )
