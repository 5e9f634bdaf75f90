"""A report as a drawing (流れの図): lanes from top to bottom, time to scale from left to right.

Made of a ``Report`` and of nothing else: what is hidden there cannot be drawn (P5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from madoguchi.journeys.documents import svg
from madoguchi.journeys.domain.flow import Edge
from madoguchi.journeys.domain.privacy import Report

_LEFT, _TOP, _ROW, _NODE, _SIZE = 150.0, 130.0, 78.0, 38.0, 15.0
_GAP, _GAP_MAX, _DRAWN_MAX = 190.0, 330.0, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """One event in its lane."""

    name: str
    x: float
    y: float
    width: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        return (self.x, self.y - _NODE / 2, self.x + self.width, self.y + _NODE / 2)


def draw_report(
    report: Report, *, lanes: Mapping[str, str], groups: Mapping[str, str],
    names: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Draw a report; lanes, groups and names give the words of their codes (図を描く)."""
    if names:
        report = _named(report, names)
    nodes, rows, axis = _place(report, lanes)
    right = max([one.x + one.width for one in nodes.values()] or [0.0]) + 90
    foot = max((svg.width_of(one, 14) for one in _notes(report, bool(report.groups))), default=0)
    width = max(right, foot + 60, 1_060.0)
    bottom = rows[-1][2] if rows else _TOP
    pieces = [*_head(report), *_ground(rows, width, axis, bottom)]
    pieces += _edges(report, nodes)
    for node in nodes.values():
        pieces.append(svg.rect(node.x, node.y - _NODE / 2, node.width, _NODE, round_by=8))
        pieces.append(svg.text(node.x + node.width / 2, node.y + 5, node.name, size=_SIZE,
                               anchor="middle", weight="700"))  # fmt: skip
    beneath, end = _beneath(report, groups, top=bottom + 44)
    told = (
        f"{report.cases:,}件の手続きの流れ。見せている組 {len(report.edges)}、"
        f"{report.k}件より少ないので伏せた数 {report.suppressed_cells}。下の表に同じ内容がある。"
    )
    return svg.whole([*pieces, *beneath], width=width, height=end + 30,
                     title="手続きの流れ（記録から）", told=told)  # fmt: skip


def _named(report: Report, names: Mapping[str, str]) -> Report:
    """Call the events by their words; one that has none is not in the drawing by itself."""

    def of(name: str) -> str:
        return names.get(name, name)

    return replace(
        report,
        edges=tuple(
            replace(one, before=of(one.before), after=of(one.after)) for one in report.edges
        ),
        variants=tuple(
            replace(one, steps=tuple(of(step) for step in one.steps)) for one in report.variants
        ),
        again={of(name): count for name, count in report.again.items()},
        stopped={of(name): count for name, count in report.stopped.items()},
        lanes={of(name): lane for name, lane in report.lanes.items()},
        places={of(name): place for name, place in report.places.items()},
    )


# -- where things stand ------------------------------------------------------------------------


def _place(
    report: Report, lanes: Mapping[str, str]
) -> tuple[dict[str, _Node], list[tuple[str, float, float]], svg.Axis]:
    """Put each event into its lane at its usual time; rows are word, top and bottom of a lane."""
    axis = svg.axis_of(report.places.values() or [0.0], left=_LEFT + 24, gap=_GAP, gap_max=_GAP_MAX)
    order = [code for code in lanes if code in report.lanes.values()]
    if any(code not in lanes for code in report.lanes.values()):
        order.append("")
    nodes: dict[str, _Node] = {}
    rows: list[tuple[str, float, float]] = []
    top = _TOP
    for code in order:
        mine = [
            name for name, lane in report.lanes.items() if (lane if lane in lanes else "") == code
        ]
        mine.sort(key=lambda name: (report.places[name], name))
        ends: list[float] = []  # where each row of the lane is free again
        for name in mine:
            x = axis.place(report.places[name])
            width = svg.width_of(name, _SIZE) + 24
            row = next((n for n, end in enumerate(ends) if end + 70 <= x), len(ends))
            ends[row : row + 1] = [x + width]
            nodes[name] = _Node(name=name, x=x, y=top + _ROW * (row + 0.5), width=width)
        bottom = top + _ROW * len(ends)
        rows.append((lanes.get(code, "ほか"), top, bottom))
        top = bottom
    return nodes, rows, axis


def _head(report: Report) -> list[str]:
    hidden = (
        f"{report.k}件より少ない数と、差し引きで分かる数は伏せた（{report.suppressed_cells}個）"
        if report.suppressed_cells
        else f"伏せた数はない（{report.k}件より少ないときに伏せる）"
    )
    return [
        svg.text(24, 40, f"手続きの流れ　{report.cases:,}件", size=24, weight="700"),
        svg.text(24, 68, f"道すじ {report.ways:,}通り　／　{hidden}", fill=svg.QUIET),
        svg.text(24, 92, "横は時間（始まりからの中央値）。線の数字は 件数・次までの中央値（9割の人の時間）。破線は、ふだんは前にあるものへ進む線。",
                 fill=svg.QUIET),
    ]  # fmt: skip


def _ground(
    rows: Sequence[tuple[str, float, float]], width: float, axis: svg.Axis, bottom: float
) -> list[str]:
    """Draw lanes, the axis with its times, and where it is cut."""
    pieces = []
    for number, (words, top, end) in enumerate(rows):
        fill = svg.FAINT if number % 2 == 0 else "#fff"
        pieces.append(svg.rect(24, top, width - 48, end - top, fill=fill, stroke="none"))
        pieces.append(svg.text(36, (top + end) / 2 + 5, words, size=15, weight="700"))
    pieces.append(svg.line(_LEFT, bottom, width - 24, bottom, stroke=svg.INK))
    said_to = 0.0
    for at, x in zip(axis.at, axis.x, strict=True):
        words = svg.span(at) if at else "0分"
        if (
            x - svg.width_of(words, 13) / 2 > said_to
        ):  # a time that would lie on another is left out
            pieces.append(svg.line(x, _TOP, x, bottom, dash="1 5"))
            pieces.append(svg.line(x, bottom, x, bottom + 6, stroke=svg.INK))
            pieces.append(svg.text(x, bottom + 22, words, size=13, anchor="middle"))
            said_to = x + svg.width_of(words, 13) / 2 + 8
    for start, end, minutes in axis.cuts:
        x = (start + end) / 2
        pieces += [svg.line(x + off, bottom + 7, x + off + 8, bottom - 7, stroke=svg.INK, thick=1.6)
                   for off in (-8, 0)]  # fmt: skip
        pieces.append(
            svg.text(x, bottom + 36, f"ここは縮めた（{svg.span(minutes)}）", size=12, anchor="middle",
                     fill=svg.QUIET)
        )  # fmt: skip
    return pieces


# -- what leads where --------------------------------------------------------------------------


def _edges(report: Report, nodes: Mapping[str, _Node]) -> list[str]:
    """Draw the most frequent pairs, thick by count; what leads to the left is dashed."""
    drawn = report.edges[:_DRAWN_MAX]
    most = max((one.count for one in drawn), default=1)
    taken = svg.Taken([node.box for node in nodes.values()])
    lines, labels = [], []
    for edge in drawn:
        path, back, spots = _route(nodes[edge.before], nodes[edge.after], nodes.values())
        thick = 1.2 + 4.8 * edge.count / most
        dash = ' stroke-dasharray="7 4"' if back else ""
        lines.append(
            f'<path d="{path}" fill="none" stroke="{svg.ACCENT}" stroke-opacity=".55"'
            f' stroke-width="{thick:.1f}"{dash} marker-end="url(#to)"/>'
        )
        words = _words(edge, again=back and edge.after in report.again)
        x, y = taken.place(spots, svg.width_of(words, 13) + 6, 18)
        labels.append(svg.text(x, y + 4, words, size=13, anchor="middle", halo=True))
    return [*lines, *labels]


def _words(edge: Edge, *, again: bool) -> str:
    said = f"{edge.count:,}件 {svg.span(edge.median_min)}（{svg.span(edge.p90_min)}）"
    return f"やり直し {said}" if again else said


def _route(
    before: _Node, after: _Node, every: Iterable[_Node]
) -> tuple[str, bool, list[tuple[float, float]]]:
    """Return the way of a line, whether it goes back, and where its label may stand."""
    if before is after:
        x, y = before.x + before.width / 2, before.y - _NODE / 2
        path = f"M{x + 14:.1f} {y:.1f}C{x + 34:.1f} {y - 30:.1f} {x - 34:.1f} {y - 30:.1f} {x - 14:.1f} {y:.1f}"
        return path, True, [(x, y - 26), (x + 80, y - 20), (x - 80, y - 20)]
    back = after.x <= before.x
    if after.x + after.width > before.x - 12 and after.x < before.x + before.width + 12:
        # One above the other.
        down = after.y > before.y
        start = (before.x + before.width / 2, before.y + (_NODE / 2 if down else -_NODE / 2))
        end = (after.x + after.width / 2, after.y + (-_NODE / 2 if down else _NODE / 2))
        path = f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"
        spots = [
            (start[0] + (end[0] - start[0]) * t + off, start[1] + (end[1] - start[1]) * t)
            for off in (0, 90, -90) for t in (0.5, 0.35, 0.65)
        ]  # fmt: skip
        return path, after.x < before.x, spots
    if back:
        start, end = (before.x, before.y + 8), (after.x + after.width, after.y + 8)
        reach, sink = max(40.0, (start[0] - end[0]) / 3), 46.0
        path = (
            f"M{start[0]:.1f} {start[1]:.1f}C{start[0] - reach:.1f} {start[1] + sink:.1f}"
            f" {end[0] + reach:.1f} {end[1] + sink:.1f} {end[0]:.1f} {end[1]:.1f}"
        )
        spots = [((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + sink * 0.75 + off)
                 for off in (0, 18, -18, 36, -36)]  # fmt: skip
        return path, True, spots
    # Over what stands between in the same row, so that no line runs behind a box.
    crossed = any(one.y == before.y == after.y and before.x < one.x < after.x for one in every)
    bend = -_ROW * 0.72 if crossed else 0.0
    path, point = svg.curve((before.x + before.width, before.y), (after.x, after.y), bend)
    spots = [
        (point(t)[0], point(t)[1] + off) for off in (-10, 10, -28, 28) for t in (0.5, 0.4, 0.6)
    ]
    return path, False, spots


# -- beneath -----------------------------------------------------------------------------------


def _beneath(
    report: Report, groups: Mapping[str, str], *, top: float
) -> tuple[list[str], float]:  # fmt: skip
    """Say the same in tables: pairs, by area where areas stand alone, ways, loops and stops."""
    pieces = [svg.text(24, top + 18, "表", size=18, weight="700")]
    if not report.edges:
        pieces.append(
            svg.text(24, top + 46, f"{report.k}件以上の組がないので、見せられる数はありません。")
        )
        return pieces, top + 60
    order = [*groups, *(one.code for one in report.groups if one.code not in groups)]
    alone = sorted((one.code for one in report.groups), key=order.index)
    names = [(code, groups.get(code, "そのほか")) for code in alone]
    columns = [("前", 170.0, "start"), ("次", 170.0, "start"), ("件", 70.0, "end"),
               ("中央値", 90.0, "end"), ("9割の時間", 100.0, "end"),
               *((words, max(90.0, svg.width_of(words, 14) + 16), "end") for _, words in names)]  # fmt: skip
    by_group = {group.code: group.edges for group in report.groups}
    rows = []
    for edge in report.edges:
        parts = [by_group[code].get(edge.pair) for code, _ in names]
        rows.append([edge.before, edge.after, f"{edge.count:,}", svg.span(edge.median_min),
                     svg.span(edge.p90_min), *("—" if n is None else f"{n:,}" for n in parts)])  # fmt: skip
    drawn, end = svg.table(columns, rows, left=24, top=top + 30)
    pieces += drawn
    for words in _notes(report, bool(names)):
        end += 24
        pieces.append(svg.text(24, end + 4, words, fill=svg.INK))
    return pieces, end + 8


def _notes(report: Report, by_area: bool) -> list[str]:
    notes = []
    if by_area:
        notes.append(
            f"—：{report.k}件より少ないか、差し引きで分かるので見せない。だれもいないときも同じに見える。"
        )
    if len(report.edges) > _DRAWN_MAX:
        notes.append(f"図には多いほうから {_DRAWN_MAX}組を描いた。")
    notes += [f"道すじ {way.count:,}件：{'→'.join(way.steps)}" for way in report.variants[:5]]
    notes += [f"やり直し：{name} {count:,}件" for name, count in report.again.items()]
    notes += [f"途中でやめた：{name} のあと {count:,}件" for name, count in report.stopped.items()]
    return notes
