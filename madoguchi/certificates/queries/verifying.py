"""Check a paper with public keys alone: no table of the register is read (証明書の検証).

A paper of this town's own key needs no table at all. One of a laptop's key is looked up among
the blocks of numbers that were taken along, because such a number can be made void.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from madoguchi.certificates.documents import signing
from madoguchi.certificates.documents import token as tokens
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.token import TokenContent, check_person, decode_token
from madoguchi.certificates.models import AwayBlock
from madoguchi.certificates.queries.away import block_of_key, check_number, trust_of
from madoguchi.certificates.queries.keys import paper_trust
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem

FILE_BYTES_MAX = signing.PDF_BYTES_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What checking found; the rest is "" where nothing ours could be read (検証結果)."""

    problems: tuple[Problem, ...]
    issue_no: str = ""
    kind: Kind | None = None
    issued_on: date | None = None
    pages: int = 0
    #: Made on a laptop without a line: it says itself of which moment it is.
    away: bool = False

    @property
    def valid(self) -> bool:
        """Tell whether it is an unchanged paper of this town (有効)."""
        return not self.problems and self.kind is not None


def verify_file(pdf: bytes) -> Checked:
    """Check a PDF somebody brings (証明書PDFの検証)."""
    now, own = clock.now(), paper_trust()
    found = signing.verify_pdf(pdf, trust=own, at=now)
    if any(one.code == "PDF_NOT_OURS" for one in found.problems):
        token = signing.token_of(pdf)
        block = None if isinstance(token, Problem) else _block_of(token)
        if block is not None:
            found = signing.verify_pdf(pdf, trust=trust_of(block), at=now)
            return _of_block(block, _checked(found.problems, found.content), found.content)
    return _checked(found.problems, found.content)


def verify_token(text: str) -> Checked:
    """Check the text of a scanned QR code, without asking whose it is yet (QRの検証)."""
    return _verify(text, lambda _: ())


def verify_person(text: str, *, name: str, birth_date: str) -> Checked:
    """Check a QR code with name and birth date as printed beside it (QRと紙面の照合).

    A code copied onto another paper fails here: the token knows who stood on its own.
    """
    return _verify(text, lambda content: check_person(content, name=name, birth_date=birth_date))


def _verify(text: str, check: Callable[[TokenContent], tuple[Problem, ...]]) -> Checked:
    content = tokens.verify_token(text, keys=paper_trust().token_keys)
    block = None
    if isinstance(content, Problem) and content.code == "TOKEN_NOT_OURS":
        block = _block_of(text)
        if block is not None:
            content = tokens.verify_token(text, keys=trust_of(block).token_keys)
    if isinstance(content, Problem):
        return Checked(problems=(content,))
    found = _checked(check(content), content)
    return found if block is None else _of_block(block, found, content)


def _block_of(token: str) -> AwayBlock | None:
    read = decode_token(token)
    return (
        None if isinstance(read, Problem) else block_of_key(read.content.key_id, town=paper_trust())
    )


def _of_block(block: AwayBlock, found: Checked, content: TokenContent | None) -> Checked:
    if content is None:
        return found
    return replace(found, problems=(*found.problems, *check_number(block, content)), away=True)


def _checked(problems: tuple[Problem, ...], content: TokenContent | None) -> Checked:
    if content is None:
        return Checked(problems=problems)
    return Checked(
        problems=problems,
        issue_no=content.issue_no,
        kind=content.kind,
        issued_on=content.issued_on,
        pages=content.pages,
    )
