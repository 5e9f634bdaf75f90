"""One challenge, one PIN, one proof (証明の受付): what the agent holds between two requests.

The PIN passes through and is wiped; a challenge is good once, for two minutes; the card is
used by one request at a time.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from madoguchi.bridge import apdu, jpki
from madoguchi.bridge.proof import read_nonce, signed_bytes
from madoguchi.bridge.readers import Readers, Seen
from madoguchi.bridge.trouble import Trouble, problem, refuse
from madoguchi.kernel.outcome import Problem, Refused

CHALLENGE_SECONDS = 120.0
CARD_WAIT_SECONDS = 10.0
LOOK_SECONDS = 0.25
NONCES_KEPT_MAX = 10_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """An open question of one site (証明の求め)."""

    challenge_id: str
    message: bytes
    ends_at: float  # of the monotonic clock


class Agent:
    """The state of a running agent (仲立ち)."""

    def __init__(
        self,
        *,
        readers: Readers,
        origins: frozenset[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.readers = readers
        self.origins = origins
        self._clock = clock
        self._card = threading.Lock()
        self._turn = threading.Condition()
        self._open: Challenge | None = None
        self._asked: OrderedDict[bytes, None] = OrderedDict()
        self._seen = readers.look()
        self._change = 1

    # -- watching ----------------------------------------------------------------------------

    def watch(self, stopped: threading.Event) -> None:
        """Look at the readers until told to stop, and wake whoever waits (見張り)."""
        while not stopped.wait(LOOK_SECONDS):
            self.look_again()

    def look_again(self) -> None:
        """Look once; a change is told to every waiting page (確認)."""
        seen = self.readers.look()
        with self._turn:
            if seen != self._seen:
                self._seen = seen
                self._change += 1
                self._turn.notify_all()

    def seen_after(self, change: int, *, seconds: float) -> tuple[int, Seen]:
        """Return the state, waiting a while if it is still the one already known (状態)."""
        with self._turn:
            self._turn.wait_for(lambda: self._change != change, timeout=seconds)
            return self._change, self._seen

    # -- proving -----------------------------------------------------------------------------

    def begin(self, *, nonce: str, origin: str) -> Challenge | Problem:
        """Open a challenge for a site; any earlier one is over (証明の開始).

        A nonce is taken once, whatever becomes of it.
        """
        if origin not in self.origins:
            return problem(Trouble.ORIGIN_REFUSED)
        raw = read_nonce(nonce)
        if raw is None:
            return problem(Trouble.CHALLENGE_WRONG)
        mark = hashlib.sha256(raw).digest()
        with self._turn:
            if mark in self._asked:
                return problem(Trouble.CHALLENGE_USED)
            self._asked[mark] = None
            while len(self._asked) > NONCES_KEPT_MAX:
                self._asked.popitem(last=False)
            self._open = Challenge(
                challenge_id=secrets.token_urlsafe(24),
                message=signed_bytes(origin=origin, nonce=raw),
                ends_at=self._clock() + CHALLENGE_SECONDS,
            )
            return self._open

    def tries(self) -> jpki.Tries | Problem:
        """Ask the card for its tries left, costing none (残り回数)."""
        return self._with_card(jpki.tries_left)

    def answer(
        self, *, challenge_id: str, pin: bytearray
    ) -> jpki.CardProof | jpki.WrongPin | Problem:
        """Show the PIN to the card and let it sign; the PIN is wiped whatever happens (証明)."""
        try:
            challenge = self._challenge(challenge_id)
            if isinstance(challenge, Problem):
                return challenge
            message = challenge.message

            def step(card: apdu.Transport) -> jpki.CardProof | jpki.WrongPin | Problem:
                return jpki.prove(card, pin=pin, message=message)

            done: jpki.CardProof | jpki.WrongPin | Problem = self._with_card(step)
            if isinstance(done, jpki.CardProof) and not self._close(challenge):
                return problem(Trouble.CHALLENGE_USED)
            return done
        finally:
            apdu.wipe(pin)

    def cancel(self) -> None:
        """Close whatever is open (取りやめ)."""
        with self._turn:
            self._open = None

    def _challenge(self, challenge_id: str) -> Challenge | Problem:
        with self._turn:
            found = self._open
            if found is None or not secrets.compare_digest(found.challenge_id, challenge_id):
                return problem(Trouble.CHALLENGE_USED)
            if self._clock() > found.ends_at:
                self._open = None
                return problem(Trouble.CHALLENGE_OLD)
            return found

    def _close(self, challenge: Challenge) -> bool:
        """End a challenge; True for the one that still found it open: one proof each."""
        with self._turn:
            was_open = self._open is challenge
            if was_open:
                self._open = None
            return was_open

    def _with_card(self, step: Callable[[apdu.Transport], T | Problem]) -> T | Problem:
        try:
            with self._alone(), self.readers.connected() as card:
                return step(card)
        except Refused as stopped:
            return stopped.problems[0]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Have the card to oneself, or say that it is in use."""
        if not self._card.acquire(timeout=CARD_WAIT_SECONDS):
            raise refuse(Trouble.CARD_BUSY)
        try:
            yield
        finally:
            self._card.release()
