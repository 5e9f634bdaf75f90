"""The table of counts by month, kind and channel as a file brings it (月別の件数の表)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from madoguchi.insights.domain.counting import Channel, Tally
from madoguchi.insights.domain.reading import SHOWN, Reading, plain
from madoguchi.insights.domain.years import Cell, cells_of, find_clashes
from madoguchi.kernel.intake import NumberedRow
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text

COUNTS = ("fiscal_year", "month", "kind", "channel", "issues")
_KIND_MAX = 60
#: How a town's own sheet writes the channels, beside the codes of the command line.
_WRITTEN: Mapping[str, Channel] = {
    "窓口": Channel.DESK,
    "郵送": Channel.MAIL,
    "キオスク": Channel.KIOSK,
    "庁内キオスク": Channel.KIOSK,
    "コンビニ": Channel.STORE,
    "コンビニ交付": Channel.STORE,
    "ウェブ": Channel.WEB,
    "窓口・郵送": Channel.DESK_OR_MAIL,
    **{one.value: one for one in Channel},
}


def read_counts(
    names: Sequence[str], rows: Iterable[NumberedRow], *, source: str
) -> tuple[tuple[Tally, ...], tuple[Problem, ...]]:
    """Read counts, each of a month (1 to 12), a kind and a channel, and all problems (件数の読取り).

    An empty kind is "all kinds together". A row of nothing counts: the channel was open then.
    """
    reading = Reading(columns=COUNTS)
    lines: dict[Cell, int] = {}
    found = []
    for line, cells in reading.records(names, rows):
        tally = _tally(reading, line, cells, source)
        if tally is None:
            continue
        twice = [lines[cell] for cell in cells_of(tally) if cell in lines]
        if twice:
            reading.note("EFFECT_COUNT_TWICE", line, "", first_line=f"{twice[0]}")
            continue
        lines |= dict.fromkeys(cells_of(tally), line)
        found.append(tally)
    if not found and not reading.problems:
        reading.problems.append(Problem(code="EFFECT_NO_ROWS"))
    return tuple(found), (*reading.problems, *find_clashes((), found))


def _tally(reading: Reading, line: int, cells: Mapping[str, str], source: str) -> Tally | None:
    before = len(reading.problems)
    number = reading.fiscal_year(line, cells["fiscal_year"])
    written = plain(cells["month"]).removesuffix("月")
    month = reading.whole(line, "month", {"month": written}, least=1, most=12)
    issues = reading.whole(line, "issues", cells)
    channel = _WRITTEN.get(plain(cells["channel"]))
    if channel is None:
        said = plain(cells["channel"])[:SHOWN]
        reading.note("EFFECT_CHANNEL_UNKNOWN", line, "channel", written=said)
    kind = cells["kind"].strip()
    if len(kind) > _KIND_MAX:
        reading.note("EFFECT_KIND_TOO_LONG", line, "kind", most=f"{_KIND_MAX}")
    for one in check_free_text(kind):
        reading.note(one.code, line, "kind", **one.facts)
    if len(reading.problems) > before:
        return None
    assert number is not None
    assert month is not None
    assert issues is not None
    assert channel is not None
    return Tally(
        fiscal_year=number, month=month, kind=kind or None, channel=channel, issues=issues,
        source=f"{source} {line}行目",
    )  # fmt: skip
