"""Slow drift: a figure that grew much worse fails though its promise holds; one much better is told (じわじわ悪くなる).

Each promise keeps the figure it is held against (``kept``): the first measured, or the last accepted with
``--accept``. It does not move with every run, so ten runs of three percent are seen as thirty. Only the same
kind of machine is compared; and what moves within a small part of its bound is the machine's noise.
"""

from __future__ import annotations

from typing import Any

#: Percent a figure may be worse than the kept one. Times wander with whatever else a machine does (assumed);
#: a bench that knows better names its own in ``promise(..., drift=…)``.
PERCENT = {"s": 50.0, "ms": 50.0, "x": 50.0, "×": 50.0, "MB": 20.0, "kB": 10.0, "%": 10.0}
PERCENT_ELSE = 25.0
#: Below this part of the bound a figure may wander as it likes: 45 ms of 500 and 60 ms of 500 are the same.
QUIET_PART = 0.1
STEADY, WORSE, BETTER, NEW, ELSEWHERE = "steady", "worse", "better", "new", "another machine"
_SAME = ("cpu", "cores", "memory_gib")


def judge(result: dict[str, Any], before: dict[str, Any] | None, *, accept: bool = False) -> None:
    """Write into each promise the figure it is held against and how it drifted."""
    known = {one["name"]: one for one in (before or {}).get("promises", [])}
    same = before is not None and all(
        result["machine"][key] == before["machine"][key] for key in _SAME
    )
    for one in result["promises"]:
        old = known.get(one["name"])
        if old is None or old["unit"] != one["unit"]:
            one["kept"], one["drift"] = one["value"], NEW
            continue
        one["kept"] = old.get("kept", old["value"])
        one["drift"] = drift_of(one) if same else ELSEWHERE
        if accept or not same:
            one["kept"] = one["value"]


def drift_of(one: dict[str, Any]) -> str:
    """Say whether a promise's figure stands where it stood, and in which direction it left."""
    allowed = one.get("drift_percent", PERCENT.get(one["unit"], PERCENT_ELSE)) / 100
    value, kept, bound = one["value"], one["kept"], one["bound"]
    if one["better"] == "lower":
        floor = bound * QUIET_PART
        was, now = max(kept, floor), max(value, floor)
        if now > was * (1 + allowed):
            return WORSE
        return BETTER if was > now * (1 + allowed) else STEADY
    if value * (1 + allowed) < kept:
        return WORSE
    return BETTER if value > kept * (1 + allowed) and kept > 0 else STEADY


def grown_worse(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the promises that are much worse than the kept figure (悪くなったもの)."""
    return [one for one in result["promises"] if one.get("drift") == WORSE]
