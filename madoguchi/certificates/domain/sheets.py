"""What lies where on one page, to the millimetre (頁の割付け).

A sheet is a list of text runs and rules. The renderer only draws it, the read-back only
compares with it, so page, canonical text and check can never disagree about the order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from madoguchi.kernel.fitting import Face as Face  # noqa: PLC0414  a run has one
from madoguchi.kernel.outcome import Problem

PAGE_WIDTH_MM = 210.0
PAGE_HEIGHT_MM = 297.0


class Role(StrEnum):
    """What a run is, for people who hear the page read out (読上げ上の役割)."""

    TEXT = "T"
    TITLE = "H"
    WATERMARK = "W"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One piece of text on one baseline (文字列)."""

    text: str
    x_mm: float
    y_mm: float  # of the baseline, from the top of the page
    size_pt: float
    face: Face
    role: Role = Role.TEXT
    #: "2人目 氏名" where a register value is shown; empty for the form's own words.
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One straight line (罫線)."""

    x1_mm: float
    y1_mm: float
    x2_mm: float
    y2_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle: the outer frame of a block, the seal, the QR code (枠)."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What every page says of the paper it belongs to (I4: 頁ごとの照合事項)."""

    issue_no: str
    request_id: str
    subject_hash: str
    number: int  # of this page, from 1
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of one paper, planned (1頁)."""

    marks: Marks
    runs: tuple[Run, ...]
    rules: tuple[Rule, ...]
    frames: tuple[Box, ...]
    persons: tuple[int, ...]  # places in Paper.persons of those whose block stands here
    seal: Box | None = None
    qr: Box | None = None
    imprint: Box | None = None  # 印影
    codes: tuple[Box, ...] = ()  # for the clerk of another town, in the order of the paper
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """Return the printed text of this page, one run a line (頁の印字内容)."""
        return "\n".join(run.text for run in self.runs)


def canonical_text(sheets: Iterable[Sheet]) -> str:
    """Return the printed text of the whole paper in printing order (印字内容の正本).

    Nothing is normalised, not even to NFC, and variation selectors stay: this is what the
    read-back compares and what the token's hash covers.
    """
    return "\f".join(sheet.text for sheet in sheets)


def fold_layout(text: str) -> str:
    """Remove everything that is only layout: all white space (割付けを除いた印字内容)."""
    return "".join(text.split())


def problems_of(sheets: Iterable[Sheet]) -> tuple[Problem, ...]:
    """Return what the plan could not do: A5 overflows, in page order (割付けの不備)."""
    return tuple(problem for sheet in sheets for problem in sheet.problems)
