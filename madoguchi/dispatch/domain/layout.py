"""Where the address and its bars lie on the page, to the millimetre (宛名の割付け)."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.dispatch.domain.area import Area
from madoguchi.dispatch.domain.customer_barcode import BAR_COUNT, address_part, bars_of
from madoguchi.dispatch.domain.envelope import Envelope, safe_area
from madoguchi.dispatch.domain.letters import Recipient
from madoguchi.kernel.addresses import split_address
from madoguchi.kernel.fitting import MM_PER_PT, fit, width_em

#: Bars at 8 points, the smallest the manual allows: what fits a window (*a* in the manual).
BAR_POINTS = 8.0
BAR_PITCH_MM = 1.2 * BAR_POINTS / 10
BAR_WIDTH_MM = 0.6 * BAR_POINTS / 10
BAR_HEIGHT_MM = 3.6 * BAR_POINTS / 10
BAR_TIMING_MM = 1.2 * BAR_POINTS / 10
BARS_WIDTH_MM = BAR_PITCH_MM * (BAR_COUNT - 1) + BAR_WIDTH_MM
#: White the manual wants around the bars.
BAR_MARGIN_MM = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the address: where its baseline begins and how large it is (宛名の行)."""

    x_mm: float
    y_mm: float
    size_pt: float
    text: str

    @property
    def area(self) -> Area:
        """What the line covers, never less than printed (行の範囲)."""
        em = self.size_pt * MM_PER_PT
        return Area(
            left=self.x_mm,
            top=self.y_mm - em * 0.88,
            right=self.x_mm + width_em(self.text) * em,
            bottom=self.y_mm + em * 0.12,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPlan:
    """The address as it will be printed; ``lost`` when something found no place (宛名)."""

    lines: tuple[Line, ...]
    bars: str
    bars_area: Area
    lost: bool


def plan_address(recipient: Recipient, envelope: Envelope, *, behind_area: str) -> AddressPlan:
    """Put postcode, address, name and bars where the window always shows them (宛名の割付け).

    ``behind_area`` is the address behind the name of the area the postcode stands for.
    """
    safe = safe_area(envelope)
    width = safe.right - safe.left - 2 * BAR_MARGIN_MM
    left = safe.left + BAR_MARGIN_MM
    bars_bottom = safe.bottom - BAR_MARGIN_MM
    lines: list[Line] = []
    lost = False
    baseline = safe.top + 4.4
    lines.append(Line(x_mm=left, y_mm=baseline, size_pt=11, text=f"〒{recipient.postcode}"))
    parts = split_address(recipient.address)
    # A line ends where the town's name ends: nobody reads 番 and 地 on two lines.
    for text, largest, smallest, rows in (
        (parts.prefecture + parts.municipality, 11.0, 8.5, 1),
        (parts.rest, 11.0, 8.5, 2 if width_em(parts.rest) > 24 else 1),
        (recipient.building, 10.0, 8.0, 1),
        (
            recipient.name + recipient.honorific,
            15.0,
            9.0,
            2 if width_em(recipient.name) > 16 else 1,
        ),
    ):
        if not text.strip():
            continue
        height = largest * MM_PER_PT * (1.12 * rows + 0.02)
        placed = fit(text, width_mm=width, height_mm=height, size_pt=largest, floor_pt=smallest)
        lost = lost or placed.lost > 0
        step = placed.size_pt * MM_PER_PT * 1.2
        baseline += max(step - 4.2, 0) + 0.9 if text.endswith(recipient.honorific) else 0.6
        for piece in placed.lines:
            baseline += step
            lines.append(Line(x_mm=left, y_mm=baseline, size_pt=placed.size_pt, text=piece))
    bars_area = Area(
        left=left,
        top=bars_bottom - BAR_HEIGHT_MM,
        right=left + BARS_WIDTH_MM,
        bottom=bars_bottom,
    )
    bars = bars_of(recipient.postcode, address_part(behind_area + " " + recipient.building))
    foot = max(line.area.bottom for line in lines)
    lost = lost or foot > (bars_area.top - BAR_MARGIN_MM if bars else safe.bottom)
    return AddressPlan(lines=tuple(lines), bars=bars, bars_area=bars_area, lost=lost)


def behind_area(address: str, *, area_name: str) -> str:
    """Return the address without prefecture, town and the area its postcode stands for (住所B)."""
    rest = split_address(address).rest
    if area_name:
        for start in (area_name, f"大字{area_name}", f"字{area_name}"):
            if rest.startswith(start):
                return rest[len(start) :]
    return rest
