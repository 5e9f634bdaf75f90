"""The window envelope: what shows through it however the sheet has slipped (窓付き封筒).

A sheet folded in three lies in an envelope a little larger than itself. Whatever must be read
lies where the window is in every position; nothing else may lie where the window can be in any.
"""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.dispatch.domain.area import Area
from madoguchi.kernel.outcome import Problem

PAGE_WIDTH_MM = 210.0
PAGE_HEIGHT_MM = 297.0
#: Name, two lines of address, building, postcode and bars need this much (test_layout).
SAFE_WIDTH_MIN_MM = 70.0
SAFE_HEIGHT_MIN_MM = 33.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Inside and window of an envelope, and where the sheet is folded (封筒と折り位置)."""

    inner_width_mm: float
    inner_height_mm: float
    window_left_mm: float
    window_top_mm: float
    window_width_mm: float
    window_height_mm: float
    first_fold_mm: float
    second_fold_mm: float


#: 長形3号 laid across, with a window on the left. *Assumed*: makers differ; a town measures its own.
ASSUMED = Envelope(
    inner_width_mm=233.0,
    inner_height_mm=118.0,
    window_left_mm=18.0,
    window_top_mm=10.0,
    window_width_mm=100.0,
    window_height_mm=50.0,
    first_fold_mm=105.0,
    second_fold_mm=201.0,
)


def slips(envelope: Envelope) -> tuple[float, float]:
    """Return how far the folded sheet can slip to the right and down (遊び)."""
    folded = max(
        envelope.first_fold_mm,
        envelope.second_fold_mm - envelope.first_fold_mm,
        PAGE_HEIGHT_MM - envelope.second_fold_mm,
    )
    return (envelope.inner_width_mm - PAGE_WIDTH_MM, envelope.inner_height_mm - folded)


def safe_area(envelope: Envelope) -> Area:
    """Return what of the page is seen in every position (必ず見える所)."""
    right, down = slips(envelope)
    return Area(
        left=envelope.window_left_mm,
        top=envelope.window_top_mm,
        right=envelope.window_left_mm + envelope.window_width_mm - right,
        bottom=envelope.window_top_mm + envelope.window_height_mm - down,
    )


def exposed_area(envelope: Envelope) -> Area:
    """Return what of the page may be seen in some position (見えるかもしれない所)."""
    right, down = slips(envelope)
    return Area(
        left=envelope.window_left_mm - right,
        top=envelope.window_top_mm - down,
        right=envelope.window_left_mm + envelope.window_width_mm,
        bottom=envelope.window_top_mm + envelope.window_height_mm,
    )


def check_envelope(envelope: Envelope) -> tuple[Problem, ...]:
    """Return every reason why letters cannot go into this envelope (封筒の検査)."""
    found: list[Problem] = []
    right, down = slips(envelope)
    in_order = 0 < envelope.first_fold_mm < envelope.second_fold_mm < PAGE_HEIGHT_MM
    if right < 0 or down < 0 or not in_order:
        found.append(Problem(code="ENVELOPE_TOO_SMALL", where="inner_width_mm"))
    if (
        envelope.window_left_mm + envelope.window_width_mm > envelope.inner_width_mm
        or envelope.window_top_mm + envelope.window_height_mm > envelope.inner_height_mm
    ):
        found.append(Problem(code="ENVELOPE_WINDOW_OUTSIDE", where="window_left_mm"))
    safe = safe_area(envelope)
    if (
        safe.right - safe.left < SAFE_WIDTH_MIN_MM
        or safe.bottom - safe.top < SAFE_HEIGHT_MIN_MM
        or safe.bottom > envelope.first_fold_mm
    ):
        facts = {
            "width": f"{max(0, safe.right - safe.left):.0f}",
            "height": f"{max(0, safe.bottom - safe.top):.0f}",
        }
        found.append(Problem(code="ENVELOPE_WINDOW_SMALL", where="window_width_mm", facts=facts))
    exposed = exposed_area(envelope)
    if exposed.right > 122 or exposed.bottom > 64:
        # The clerk's number and the text of the letter begin there.
        found.append(Problem(code="ENVELOPE_WINDOW_LARGE", where="window_width_mm"))
    return tuple(found)
