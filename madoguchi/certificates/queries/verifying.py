"""Check a paper with public keys alone: no table of the register is read (証明書の検証)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from madoguchi.certificates.documents import signing
from madoguchi.certificates.documents import token as tokens
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.token import TokenContent, check_person
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

    @property
    def valid(self) -> bool:
        """Tell whether it is an unchanged paper of this town (有効)."""
        return not self.problems and self.kind is not None


def verify_file(pdf: bytes) -> Checked:
    """Check a PDF somebody brings (証明書PDFの検証)."""
    found = signing.verify_pdf(pdf, trust=paper_trust(), at=clock.now())
    return _checked(found.problems, found.content)


def verify_token(text: str) -> Checked:
    """Check the text of a scanned QR code, without asking whose it is yet (QRの検証)."""
    content = tokens.verify_token(text, keys=paper_trust().token_keys)
    if isinstance(content, Problem):
        return Checked(problems=(content,))
    return _checked((), content)


def verify_person(text: str, *, name: str, birth_date: str) -> Checked:
    """Check a QR code with name and birth date as printed beside it (QRと紙面の照合).

    A code copied onto another paper fails here: the token knows who stood on its own.
    """
    content = tokens.verify_token(text, keys=paper_trust().token_keys)
    if isinstance(content, Problem):
        return Checked(problems=(content,))
    return _checked(check_person(content, name=name, birth_date=birth_date), content)


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
