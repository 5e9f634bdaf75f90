"""A kit while it serves (開いた持ち出し): what was sealed, and what was done since, from files alone."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from madoguchi.certificates.api import away as certificates
from madoguchi.infra import clock
from madoguchi.kernel.ids import ID_LENGTH, new_id
from madoguchi.kernel.names import fold_kana
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kit.documents.bundle_file import Opened, open_with_word
from madoguchi.kit.documents.journal import Journal, journal_of
from madoguchi.kit.documents.officer_words import is_word
from madoguchi.kit.domain.operations import Kind, Operation
from madoguchi.kit.domain.trips import (
    BroughtCard,
    BroughtCase,
    Bundle,
    OfficerAlong,
    Resident,
    check_clock,
)

#: Where the server that runs this process leaves the open kit: in no global, in no session.
HELD = "madoguchi.kit"
#: How often the moment is noted while nobody does anything.
NOTE_EVERY = timedelta(minutes=2)
#: What can be done once only with one subject on one trip.
ONCE = frozenset(Kind) - {Kind.LOOKED, Kind.SURVEY_ANSWERED}
#: How a certificate that was made ends; one of them, once.
ENDS = (Kind.CERTIFICATE_HANDED_OVER, Kind.CERTIFICATE_SPOILT)
#: So many wrong words of one officer, and that officer waits.
TRIES_MAX = 5
WAIT_SECONDS = 300.0


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
        self.stock = certificates.read_stock(self.bundle.papers)
        #: Finished papers, for as long as nobody has said what became of them; on no disk.
        self.pdfs: dict[str, bytes] = {}
        self._sessions: dict[str, OfficerAlong] = {}
        self._wrong: dict[str, tuple[int, float]] = {}

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

    # -- who works ----------------------------------------------------------------------------

    def sign_in(self, staff_id: str, word: str) -> str:
        """Let an officer work here who knows their own word; return the session (入る)."""
        tries, last = self._wrong.get(staff_id, (0, 0.0))
        if tries >= TRIES_MAX and time.monotonic() - last < WAIT_SECONDS:
            raise Refused(Problem(code="KIT_OFFICER_WAIT"))
        found = next((one for one in self.bundle.officers if one.staff_id == staff_id), None)
        if (
            found is None
            or not found.digest
            or not is_word(word, salt=found.salt, digest=found.digest)
        ):
            tries = 0 if tries >= TRIES_MAX else tries
            self._wrong[staff_id] = (tries + 1, time.monotonic())
            raise Refused(Problem(code="KIT_OFFICER_WORD_WRONG", where="word"))
        self._wrong.pop(staff_id, None)
        session = secrets.token_urlsafe(24)
        self._sessions[session] = found
        return session

    def officer_of(self, session: str) -> OfficerAlong | None:
        """Return who works in this browser, or None (職員)."""
        first, *others = self.bundle.officers
        if not others and not first.digest:
            return first
        return self._sessions.get(session)

    def sign_out(self, session: str) -> None:
        """Let another officer work here (交代)."""
        self._sessions.pop(session, None)

    # -- looking ------------------------------------------------------------------------------

    def search(self, text: str, *, officer: OfficerAlong) -> tuple[Resident, ...]:
        """List who is meant, in the order of their names; nothing typed: everybody (さがす)."""
        wanted = fold_kana("".join(text.split()))
        found = [
            one for one in self.bundle.residents
            if _may_see(officer, one)
            and any(wanted in fold_kana("".join(part.split()))
                   for part in (one.name, one.kana, one.person_id, one.address))
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda one: (one.kana, one.person_id)))

    def resident(self, person_id: str, *, officer: OfficerAlong) -> Resident | None:
        """Return one resident, or None: who did not come along, and who is not for these eyes (住民)."""
        return next(
            (one for one in self.bundle.residents
             if one.person_id == person_id and _may_see(officer, one)), None
        )  # fmt: skip

    def card(self, card_id: str) -> BroughtCard | None:
        """Return a card that came along, or None (カード)."""
        return next((one for one in self.bundle.cards if one.card_id == card_id), None)

    def cases(self, *, officer: OfficerAlong) -> tuple[BroughtCase, ...]:
        """List the checks that came along, all of whose people these eyes may see (事案)."""
        return tuple(
            one for one in self.bundle.cases
            if all(self.resident(each, officer=officer) for each in one.people)
        )  # fmt: skip

    def case(self, case_id: str, *, officer: OfficerAlong) -> BroughtCase | None:
        """Return one of them, or None (事案)."""
        return next((one for one in self.cases(officer=officer) if one.case_id == case_id), None)

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

    def numbers_taken(self) -> frozenset[str]:
        """Return the numbers of certificates that were used up (使った番号)."""
        return frozenset(
            one.subject for one in self._journal.operations if one.kind is Kind.CERTIFICATE_MADE
        )

    def papers_of(self, person_id: str) -> tuple[tuple[Operation, Operation | None], ...]:
        """List the certificates made of a person, each with its end if it has one (作った証明書)."""
        return tuple(
            (one, self.end_of(one.subject))
            for one in self.done()
            if one.kind is Kind.CERTIFICATE_MADE and one.person_id == person_id
        )

    def end_of(self, issue_no: str) -> Operation | None:
        """Return how a certificate ended, or None (証明書の終わり)."""
        return next(filter(None, (self.was_done(kind, issue_no) for kind in ENDS)), None)

    # -- doing --------------------------------------------------------------------------------

    def look(self, person_id: str, *, officer: OfficerAlong) -> None:
        """Keep that somebody was looked at, before the page leaves (照会を残す)."""
        self._add(Kind.LOOKED, op_id="", subject="", person_id=person_id, base=None, payload={},
                  officer=officer)  # fmt: skip

    def make_paper(
        self, person_id: str, kind: str, *, op_id: str, officer: OfficerAlong,
        payload: Mapping[str, Any],
    ) -> str:  # fmt: skip
        """Make a certificate under the next number; return the number (証明書を作る).

        The number is on the disk before anything of the paper leaves, so that a cut cannot give
        it to somebody else.
        """
        again = next((one for one in self._journal.operations if one.op_id == op_id), None)
        if again is not None:
            return again.subject
        paper = self.stock.paper(person_id, kind) if self.stock else None
        if self.stock is None or paper is None:
            raise Refused(Problem(code="KIT_NOT_ALONG"))
        if not officer.may_issue:
            raise Refused(Problem(code="NOT_ALLOWED"))
        made = certificates.make_away(
            self.stock, paper, applicant=payload["applicant"], seen=payload["seen"],
            asked_for=payload["asked_for"], taken=self.numbers_taken(), now=clock.now(),
        )  # fmt: skip
        self.do(Kind.CERTIFICATE_MADE, op_id=op_id, subject=made.issue_no, person_id=person_id,
                payload=made.payload, officer=officer)  # fmt: skip
        self.pdfs[made.issue_no] = made.pdf
        return made.issue_no

    def end_paper(
        self, kind: Kind, issue_no: str, *, op_id: str, officer: OfficerAlong,
        payload: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Say what became of a certificate: given and paid, or not used (渡した・使わなかった)."""
        made = self.was_done(Kind.CERTIFICATE_MADE, issue_no)
        if made is None:
            raise Refused(Problem(code="KIT_NOT_ALONG"))
        if (end := self.end_of(issue_no)) is not None and end.op_id != op_id:
            raise Refused(Problem(code="KIT_DONE_ALREADY"))
        # So that whoever has to settle it at home sees what it was, and of which moment.
        told = {name: made.payload[name] for name in ("kind", "frozen_at")}
        self.do(kind, op_id=op_id, subject=issue_no, person_id=made.person_id,
                payload={**payload, **told}, officer=officer)  # fmt: skip
        self.pdfs.pop(issue_no, None)

    def do(
        self, kind: Kind, *, op_id: str, subject: str, officer: OfficerAlong, person_id: str = "",
        base: int | None = None, payload: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Keep what was done; the same press twice is one operation (操作を残す)."""
        if any(one.op_id == op_id for one in self._journal.operations):
            return
        if len(op_id) != ID_LENGTH:
            raise Refused(Problem(code="BAD_INPUT"))
        if kind in ONCE and self.was_done(kind, subject):
            raise Refused(Problem(code="KIT_DONE_ALREADY"))
        self._add(kind, op_id=op_id, subject=subject, person_id=person_id, base=base,
                  payload=payload, officer=officer)  # fmt: skip

    def _add(
        self, kind: Kind, *, op_id: str, subject: str, person_id: str, base: int | None,
        payload: Mapping[str, Any], officer: OfficerAlong,
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
                # Who answered a survey is nowhere, and neither is who held the laptop then.
                officer="" if kind is Kind.SURVEY_ANSWERED else officer.staff_id,
            )
        )


def _may_see(officer: OfficerAlong, one: Resident) -> bool:
    return officer.may_see_held or not one.held


def open_kit(path: Path, word: str) -> Laptop:
    """Open a kit by its word; ``Refused`` where it is over, damaged or not this word's (開く)."""
    return Laptop(path, open_with_word(path, word))
