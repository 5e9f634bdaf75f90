"""Print copy after copy, and hand over (印刷と交付)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import JobState
from madoguchi.kiosk.queries.sessions import SessionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPrint:
    """The session, and the file to send to the printer now, if any (次に印刷するもの)."""

    session: SessionRow
    job_id: str = ""  # the opaque name of the job
    pdf: bytes = b""


def start_print(*, session_id: str, now: datetime) -> ToPrint:
    """Check the next copy out for the printer; ``pdf`` is empty while it is still made (印刷開始).

    Called again for the same copy it gives the same file under the same name, so that a
    printer asked twice prints once.
    """
    raise NotImplementedError


def note_print(
    *,
    session_id: str,
    job_id: str,
    state: JobState | Unavailable,
    now: datetime,
    reference: str = "",
) -> SessionRow:
    """Note what the printer says; the last copy DONE hands the paper over: PRINT → TAKE (印刷の知らせ).

    Held up or silent too long, or LOST: the paper is void, the fee is given back, and the
    session ends FAILED.
    """
    raise NotImplementedError
