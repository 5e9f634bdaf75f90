"""A map as CJML 2.0 XML, out and in (CJMLの書出しと読込み).

CJML keeps a planned journey apart from actual ones, and a touchpoint is a communication point
(initiator, receiver, channel) or an action. Our maps are planned journeys; a step whose lane is the
resident's alone is an action. The schema itself could not be had, so the names of elements are
*assumed* and read forgivingly: by local name, in any name space. What CJML has no place for
(minutes, yen, what a cell rests on) travels in ``property`` elements and comes back whole.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from madoguchi.journeys.domain.figures import basis_from_text, basis_text
from madoguchi.journeys.domain.mapfile import from_plain
from madoguchi.journeys.domain.maps import STEPS_MAX, Field, JourneyMap, Phase, Step
from madoguchi.kernel.outcome import Problem

NAMESPACE = "http://cjml.no/2.0"
_ALONE = {"RESIDENT", "FERRY"}
_TEXTS = {"name": Field.DOING, "channel": Field.TOUCHPOINT}


def write_cjml(one: JourneyMap) -> str:
    """Return a map as CJML (書出し)."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_in("cjml"), version="2.0")
    journey = ET.SubElement(root, _in("journey"), type="planned", id="journey")
    ET.SubElement(journey, _in("name")).text = one.title
    actor = ET.SubElement(ET.SubElement(journey, _in("actors")), _in("actor"), id="resident")
    ET.SubElement(actor, _in("name")).text = one.persona
    ET.SubElement(actor, _in("description")).text = one.sketch
    phases = ET.SubElement(journey, _in("phases"))
    for phase in Phase:
        if any(step.phase is phase for step in one.steps):
            ET.SubElement(phases, _in("phase"), id=phase.value)
    points = ET.SubElement(journey, _in("touchpoints"))
    for step in one.steps:
        points.append(_point(step))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _point(step: Step) -> ET.Element:
    kind = "action" if step.lane in _ALONE else "communicationPoint"
    point = ET.Element(
        _in("touchpoint"), {"id": step.step_id, "type": kind, "phase": step.phase.value}
    )
    ET.SubElement(point, _in("name")).text = step.text(Field.DOING)
    if kind == "communicationPoint":
        ET.SubElement(point, _in("initiator"), actor="resident")
        ET.SubElement(point, _in("receiver"), actor=step.lane)
    if step.text(Field.TOUCHPOINT):
        ET.SubElement(point, _in("channel")).text = step.text(Field.TOUCHPOINT)
    more = ET.SubElement(point, _in("properties"))
    ET.SubElement(more, _in("property"), {"name": "lane"}).text = step.lane
    for name, cell in step.cells.items():
        marks = {"name": name.value.lower(), "evidence": cell.evidence.value}
        if cell.basis is not None:
            marks["basis"] = basis_text(cell.basis)
        ET.SubElement(more, _in("property"), marks).text = str(cell.value)
    return point


def read_cjml(
    text: str, *, lanes: Mapping[str, object]
) -> tuple[JourneyMap | None, tuple[Problem, ...]]:
    """Read a planned journey from CJML; return it, or everything wrong with it (読込み)."""
    # A document type can hold entities that unfold to gigabytes; ours needs none.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None, (Problem(code="JOURNEY_FILE_UNREADABLE"),)
    try:
        root = ET.fromstring(text)  # noqa: S314  no document type, no entities: seen above
    except (ET.ParseError, ValueError):
        return None, (Problem(code="JOURNEY_FILE_UNREADABLE"),)
    journey = next(_all(root, "journey"), root)
    actor = next(_all(journey, "actor"), None)
    # One more than a map may have, so that it is told; a step is looked through whole.
    steps = [_plain_step(point) for point in islice(_all(journey, "touchpoint"), STEPS_MAX + 1)]
    whole = {
        "title": _child(journey, "name"),
        "persona": "" if actor is None else _child(actor, "name"),
        "sketch": "" if actor is None else _child(actor, "description"),
        "steps": steps,
    }
    return from_plain(whole, lanes=lanes)


def _plain_step(point: ET.Element) -> dict[str, Any]:
    """Turn a touchpoint into a plain step; one of another tool has only a name and a channel."""
    cells: dict[str, dict[str, Any]] = {}
    lane = ""
    for one in _all(point, "property"):
        name, value = one.get("name", ""), (one.text or "").strip()
        if name == "lane":
            lane = value
        else:
            cells[name] = {"value": _value(name, value), "evidence": one.get("evidence", "ASSUMED")}
            if (basis := one.get("basis")) is not None:
                cells[name]["basis"] = basis_from_text(basis)
    for child, field in _TEXTS.items():
        written = _child(point, child)
        if written and field.value.lower() not in cells:
            cells[field.value.lower()] = {"value": written, "evidence": "ASSUMED"}
    receiver = next(_all(point, "receiver"), None)
    if not lane:
        lane = "RESIDENT" if receiver is None else receiver.get("actor", "FRONT")
    return {"id": point.get("id", ""), "phase": point.get("phase", Phase.DURING.value),
            "lane": lane, "cells": cells}  # fmt: skip


def _value(name: str, value: str) -> str | int:
    """Give numbers back as numbers; what is none stays text, and the reader complains of it."""
    is_number = name in {
        field.value.lower() for field in Field if field.value.endswith(("_MIN", "_YEN"))
    }
    if is_number or name == Field.FEELING.value.lower():
        try:
            return int(value)
        except ValueError:
            return value
    return value


def _in(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _all(within: ET.Element, name: str) -> Iterator[ET.Element]:
    for one in within.iter():
        if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == name:
            yield one


def _child(within: ET.Element, name: str) -> str:
    for one in within:
        if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == name:
            return (one.text or "").strip()
    return ""
