"""A 転出証明書 read off its codes: what it says, and whether its town signed it (紙の読取り)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from madoguchi.certificates.api import move_out_codes
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.filing import Arrival, Evidence, Said
from madoguchi.moves.domain.notices import Expectation, read_notice
from madoguchi.moves.domain.town_keys import keys_on
from madoguchi.moves.queries.rulebook import town_keys_book

NOT_VERIFIED = "MOVE_CODE_NOT_VERIFIED"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRead:
    """What the scans of a paper make so far (読取りの途中)."""

    #: The parts that are its own, to go on with.
    texts: tuple[str, ...] = ()
    of: int = 0
    missing: tuple[int, ...] = ()
    expected: Expectation | None = None
    #: Its town's key is known here, and it signed.
    is_verified: bool = False
    problems: tuple[Problem, ...] = ()


def is_code(text: str) -> bool:
    """Tell whether a scan is a code of a 転出証明書, not of a draft (符号の別)."""
    return text.strip().upper().startswith(move_out_codes.PREFIX)


def read_paper(texts: Iterable[str], *, folder: str = "") -> PaperRead:
    """Put scans together; each field then says 転出証明書（QR） and whether it is verified (紙の読取り).

    A paper of a key nobody told us is neither taken nor refused: it says so, and the clerk does.
    """
    found = move_out_codes.gather(texts)
    read = PaperRead(texts=found.texts, of=found.of, missing=found.missing, problems=found.problems)
    if found.whole is None:
        return read
    whole = found.whole
    keys = keys_on(town_keys_book(folder), code=whole.town_code, day=whole.issued_on)
    signed = move_out_codes.signature_of(whole, keys=keys)
    if signed is move_out_codes.Signed.FORGED:
        problem = Problem(code="MOVE_CODE_FORGED", where="code")
        return replace(read, texts=(), problems=(*read.problems, problem))
    expected = read_notice(whole.notice, arrival=Arrival.PAPER)
    if not isinstance(expected, Expectation):
        return replace(read, texts=(), problems=(*read.problems, *expected))
    is_verified = signed is move_out_codes.Signed.KNOWN
    evidence = Evidence.CERTIFICATE_QR if is_verified else Evidence.CERTIFICATE_QR_UNVERIFIED
    return replace(read, expected=_resting_on(expected, evidence), is_verified=is_verified)


def _resting_on(expected: Expectation, evidence: Evidence) -> Expectation:
    return replace(
        expected, once=_said(expected.once, evidence),
        people=tuple(replace(one, items=_said(one.items, evidence)) for one in expected.people),
    )  # fmt: skip


def _said(items: Mapping[str, Said], evidence: Evidence) -> dict[str, Said]:
    return {name: replace(one, evidence=evidence) for name, one in items.items()}
