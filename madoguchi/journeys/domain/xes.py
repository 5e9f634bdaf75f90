"""A log as XES (IEEE 1849), out and in, so that other tools may read it (XESの書出しと読込み).

Cases come out under running numbers, never under the ids they had. A log is every case there is:
nothing is hidden in it, so it stays in the office.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import quoteattr

from madoguchi.journeys.domain.log import COLUMNS, JAPAN, EventLog
from madoguchi.kernel.intake import NumberedRow
from madoguchi.kernel.outcome import Problem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Activity" keys="concept:name"/>
"""
_LANE, _AREA = "org:group", "madoguchi:area"


def write_xes(log: EventLog) -> Iterator[str]:
    """Yield a log piece by piece (書出し)."""
    yield _HEAD
    for number, (first, last) in enumerate(
        zip(log.first.tolist(), log.last.tolist(), strict=True), start=1
    ):
        yield f'<trace>\n<string key="concept:name" value="{number}"/>\n'
        yield f"<string key={quoteattr(_AREA)} value={quoteattr(log.areas[log.area[number - 1]])}/>\n"
        for place in range(first, last + 1):
            at = (_EPOCH + timedelta(microseconds=int(log.at[place]))).astimezone(JAPAN)
            yield (
                f'<event><string key="concept:name" value={quoteattr(log.activities[log.activity[place]])}/>'
                f'<date key="time:timestamp" value="{at.isoformat()}"/>'
                f"<string key={quoteattr(_LANE)} value={quoteattr(log.lanes[log.lane[place]])}/></event>\n"
            )
        yield "</trace>\n"
    yield "</log>\n"


def rows_of_xes(text: str) -> tuple[list[str], Iterator[NumberedRow]] | Problem:
    """Read a log of XES as the rows a CSV would have; events are numbered as lines are (読込み)."""
    # A document type can hold entities that unfold to gigabytes; a log needs none.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return Problem(code="JOURNEY_XES_UNREADABLE")
    try:
        root = ET.fromstring(text)  # noqa: S314  no document type, no entities: seen above
    except (ET.ParseError, ValueError):
        return Problem(code="JOURNEY_XES_UNREADABLE")
    if _local(root) != "log":
        return Problem(code="JOURNEY_XES_UNREADABLE")
    return list(COLUMNS), _rows(root)


def _rows(root: ET.Element) -> Iterator[NumberedRow]:
    line = 0
    for number, trace in enumerate((one for one in root if _local(one) == "trace"), start=1):
        about = _values(trace)
        for event in (one for one in trace if _local(one) == "event"):
            line += 1
            said = _values(event)
            yield line, [
                # Two traces may bear one name; they are two cases all the same.
                f"{number} {about.get('concept:name', '')}", said.get("concept:name", ""),
                said.get("time:timestamp", ""), said.get(_LANE, ""), about.get(_AREA, ""),
            ]  # fmt: skip


def _values(element: ET.Element) -> dict[str, str]:
    return {one.get("key", ""): one.get("value", "") for one in element}


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
