"""A kit while it serves (開いた持ち出し): what was sealed, and what was done since, from files alone."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from madoguchi.infra import clock
from madoguchi.kernel.ids import ID_LENGTH, new_id
from madoguchi.kernel.names import fold_kana
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kit.documents.bundle_file import Opened, open_with_word
from madoguchi.kit.documents.journal import Journal, journal_of
from madoguchi.kit.domain.operations import Kind, Operation
from madoguchi.kit.domain.trips import BroughtCard, BroughtCase, Bundle, Resident, check_clock

#: Where the server that runs this process leaves the open kit: in no global, in no session.
HELD = "madoguchi.kit"
#: How often the moment is noted while nobody does anything.
NOTE_EVERY = timedelta(minutes=2)
#: What can be done once only with one subject on one trip.
ONCE = frozenset({Kind.CARD_HANDED_OVER, Kind.APPLICATION_TAKEN, Kind.VISIT_NOTED})


class Laptop:
    """The kit on the laptop: looks things up, keeps what is done, knows when it is over (端末)."""

    def __init__(self, path: Path, opened: Opened) -> None:
        self.bundle: Bundle = opened.bundle
        self.key = secrets.token_urlsafe(24)
        self._journal = Journal(journal_of(path), key=opened.key, trip_id=opened.bundle.trip_id)
        self._began, self._ticks = clock.now(), time.monotonic()
        if found := self.check_open():
            self._journal.close()
            raise Refused(found)
        self._journal.note_time(clock.now())

    def close(self) -> None:
        """Let go of the journal (閉じる)."""
        self._journal.close()

    def check_open(self) -> tuple[Problem, ...]:
        """Say why nothing is shown any more: it is over, or the clock was put back (開いているか)."""
        now = clock.now()
        # The clock of the machine may be set; the count since the start cannot.
        least = self._began + timedelta(seconds=time.monotonic() - self._ticks)
        noted = max(filter(None, (self._journal.noted_at, least)))
        found = check_clock(
            now, sealed_at=self.bundle.sealed_at, until=self.bundle.until, noted=noted
        )
        last = self._journal.noted_at
        if not found and (last is None or now - last > NOTE_EVERY):
            self._journal.note_time(now)
        return found

    def knows_key(self, given: str) -> bool:
        """Tell whether this browser was opened by whoever typed the word (鍵)."""
        return hmac.compare_digest(given.encode(), self.key.encode())

    # -- looking ------------------------------------------------------------------------------

    def search(self, text: str) -> tuple[Resident, ...]:
        """List who is meant, in the order of their names; nothing typed: everybody (さがす)."""
        wanted = fold_kana("".join(text.split()))
        found = [
            one for one in self.bundle.residents
            if any(wanted in fold_kana("".join(part.split()))
                   for part in (one.name, one.kana, one.person_id, one.address))
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda one: (one.kana, one.person_id)))

    def resident(self, person_id: str) -> Resident | None:
        """Return one resident, or None (住民)."""
        return next((one for one in self.bundle.residents if one.person_id == person_id), None)

    def card(self, card_id: str) -> BroughtCard | None:
        """Return a card that came along, or None (カード)."""
        return next((one for one in self.bundle.cards if one.card_id == card_id), None)

    def case(self, case_id: str) -> BroughtCase | None:
        """Return a check that came along, or None (事案)."""
        return next((one for one in self.bundle.cases if one.case_id == case_id), None)

    def planned(self, person_id: str) -> str:
        """Return the application planned for somebody; empty: none (予定)."""
        return next(
            (one.application_id for one in self.bundle.planned if one.person_id == person_id), ""
        )

    def done(self) -> tuple[Operation, ...]:
        """List what was done on this trip, the newest first; looks are not among it (したこと)."""
        return tuple(
            one for one in reversed(self._journal.operations) if one.kind is not Kind.LOOKED
        )

    def was_done(self, kind: Kind, subject: str) -> Operation | None:
        """Return what was done with a subject already (済み)."""
        return next(
            (one for one in self.done() if one.kind is kind and one.subject == subject), None
        )

    # -- doing --------------------------------------------------------------------------------

    def look(self, person_id: str) -> None:
        """Keep that somebody was looked at, before the page leaves (照会を残す)."""
        self._add(Kind.LOOKED, op_id="", subject="", person_id=person_id, base=None, payload={})

    def do(
        self, kind: Kind, *, op_id: str, subject: str, person_id: str = "",
        base: int | None = None, payload: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Keep what was done; the same press twice is one operation (操作を残す)."""
        if any(one.op_id == op_id for one in self._journal.operations):
            return
        if len(op_id) != ID_LENGTH:
            raise Refused(Problem(code="BAD_INPUT"))
        if kind in ONCE and self.was_done(kind, subject):
            raise Refused(Problem(code="KIT_DONE_ALREADY"))
        self._add(
            kind, op_id=op_id, subject=subject, person_id=person_id, base=base, payload=payload
        )

    def _add(
        self, kind: Kind, *, op_id: str, subject: str, person_id: str, base: int | None,
        payload: Mapping[str, Any],
    ) -> None:  # fmt: skip
        earlier = self.was_done(kind, subject) if base is not None else None
        self._journal.add(
            Operation(
                op_id=op_id or new_id(),
                number=len(self._journal.operations),
                kind=kind,
                at=clock.now(),
                subject=subject,
                person_id=person_id,
                base=base,
                after=earlier.op_id if earlier else "",
                payload=payload,
            )
        )


def open_kit(path: Path, word: str) -> Laptop:
    """Open a kit by its word; ``Refused`` where it is over, damaged or not this word's (開く)."""
    return Laptop(path, open_with_word(path, word))
