"""The letters of a check, and the sheet two officers take along (照会書・催告書・訪問票).

The forms are *assumed*. The sheet works without a network: it is written on by hand, and says
yes or no and since when, as the page that takes it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from enum import StrEnum, unique
from pathlib import Path

from madoguchi.dispatch.api import Office, typeset
from madoguchi.infra.fonts import missing_in
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_long
from madoguchi.register.api import PersonRow

_FOLDER = Path(__file__).parent / "templates"


@unique
class Paper(StrEnum):
    """What is drawn (紙の別)."""

    INQUIRY = "INQUIRY"  # 照会書
    URGE = "URGE"  # 催告書
    VISIT = "VISIT"  # 訪問票
    POSTING = "POSTING"  # 公示


#: What a person can take from the page of an open case.
OF_OPEN_CASE = frozenset({Paper.INQUIRY, Paper.URGE, Paper.VISIT})


def draw_posting(
    *, people: Sequence[PersonRow], removed_on: date, ground_words: str, number: str,
    hangs_days: int, put_up_on: date | None, last_day: date | None, appeal: Sequence[str],
    hide_address: bool, desk: Office,
) -> bytes:  # fmt: skip
    """Draw the paper that hangs in public: whom, what, since when, on which ground (公示の描画).

    No birth date, no 本籍, no reason: only what tells them that it is they. Of somebody held not
    even the address they were registered at. What is not typed is written by hand when it hangs.
    """
    return typeset(
        "posting.typ",
        {
            "number": number, "removed_on": format_long(removed_on), "ground": ground_words,
            "people": [
                {"name": one.name or one.name_alphabet,
                 "address": "" if hide_address else f"{one.address}　{one.building}".strip("　")}
                for one in people
            ],
            "hangs_days": hangs_days, "appeal": list(appeal), "desk": asdict(desk),
            "put_up_on": format_long(put_up_on) if put_up_on else "",
            "last_day": format_long(last_day) if last_day else "",
        },
        folder=_FOLDER,
    )  # fmt: skip


def check_glyphs(people: Iterable[PersonRow]) -> tuple[Problem, ...]:
    """Return why a name or an address cannot be printed as it is registered (字形の確認)."""
    texts = [text for one in people for text in (one.name, one.address, one.building)]
    missing = any(missing_in(text) for text in texts if text)
    return (Problem(code="RESIDENCE_GLYPH_MISSING"),) if missing else ()


def draw_paper(
    paper: Paper, *, people: Sequence[PersonRow], answer_by: date | None, today: date, desk: Office
) -> bytes:
    """Draw one paper of a case, a page of A4 (紙の描画)."""
    first = people[0]
    return typeset(
        "papers.typ",
        {
            "paper": paper.value, "date": format_long(today),
            "answer_by": format_long(answer_by) if answer_by else "",
            "postcode": first.postcode, "address": f"{first.address}　{first.building}".strip("　"),
            "people": [one.name or one.name_alphabet for one in people],
            "desk": asdict(desk),
        },
        folder=_FOLDER,
    )  # fmt: skip
