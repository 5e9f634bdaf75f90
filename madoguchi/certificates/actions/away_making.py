"""A certificate made on the laptop: thawed, drawn, signed, read back (島の端末での作成).

The same steps as at the desk, from the same frozen content; what is missing is the last look at
the register, so the paper says of which moment it is. No table is asked.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from madoguchi.certificates.actions.making import NotMade, make_file
from madoguchi.certificates.documents.keys import read_trip_keys
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.away import (
    AwayPaper,
    Stock,
    as_of_words,
    check_away,
    omitted_away,
)
from madoguchi.certificates.domain.frozen import Thawed, thaw
from madoguchi.certificates.domain.kinds import Omit
from madoguchi.certificates.domain.token import SALT_BYTES
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeAway:
    """A finished paper, its number, and what is written down of it (作成した一部)."""

    issue_no: str
    pdf: bytes
    payload: dict[str, object]


def make_away(
    stock: Stock, paper: AwayPaper, *, applicant: str, seen: Collection[str],
    asked_for: Collection[str], taken: Collection[str], now: datetime,
) -> MadeAway:  # fmt: skip
    """Make one paper under the next number; ``Refused`` with every reason why not (作成).

    Nothing has left the laptop when this returns: the caller writes the number down first.
    """
    items = frozenset(Omit(one) for one in asked_for)
    problems = check_away(
        stock, paper, applicant=Applicant(applicant),
        seen=frozenset(Evidence(one) for one in seen), asked_for=items, taken=taken, now=now,
    )  # fmt: skip
    if problems:
        raise Refused(problems)
    try:
        frozen = thaw(paper.content, seal_svg=stock.seal_svg.encode())
    except Thawed:
        raise Refused(Problem(code="CONTENT_CHANGED")) from None
    request_id, issue_no = new_id(), stock.next_number(taken)
    one = replace(
        frozen, request_id=request_id, issue_no=issue_no, issued_on=now.date(),
        omitted=omitted_away(paper.kind, items), as_of=as_of_words(stock.frozen_at),
    )  # fmt: skip
    # The file that is read back lies in a private folder for as long as that takes.
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        path = Path(folder) / f"{request_id}-1.pdf"
        made = make_file(
            one, salt=os.urandom(SALT_BYTES), keys=read_trip_keys(stock.keys), path=path
        )
        if isinstance(made, NotMade):
            raise Refused(made.problems)
        pdf = path.read_bytes()
    return MadeAway(
        issue_no=issue_no, pdf=pdf,
        payload={
            "request_id": request_id, "kind": paper.kind.value, "applicant": applicant,
            "evidence": sorted(seen), "asked_for": sorted(items), "fee_yen": paper.fee_yen,
            "household_no": paper.household_no, "marks": dict(paper.marks),
            "subjects": [each.person_id for each in frozen.persons],
            "frozen_at": stock.frozen_at.isoformat(), "sha256": made.sha256, "pages": made.pages,
        },
    )  # fmt: skip
