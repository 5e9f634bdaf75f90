"""Write ``docs/conformity.md``: what of the national standard is proved, what is open, what is not ours.

``python -m tools.conformity`` reads the tables of ``docs/rules``; ``tests/arch`` says when the page is old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "docs" / "rules"
PAGE = ROOT / "docs" / "conformity.md"
#: A clause of the standard begins with its number and ends with its class.
_CLAUSE = re.compile(
    r"^(?P<number>\d+(?:\.\d+)*(?:[–,/]\d+(?:\.\d+)*)*)\s+(?P<name>.+?)\s+(?P<kind>M|O\*?|X)$"
)
_TEST = re.compile(r"`[\w/]+\.py::\w+`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clause of the standard as the rules have it (要件の行)."""

    file: str
    number: str
    name: str
    kind: str
    tests: int
    #: Why it is open or not ours; empty where all of it is proved.
    reason: str

    @property
    def state(self) -> str:
        """``proved``, ``partly`` (a test, and something open), ``open``, or ``not ours``."""
        if "**not ours**" in self.reason:
            return "not ours"
        if not self.reason:
            return "proved"
        return "partly" if self.tests else "open"


def rows() -> Iterator[Row]:
    """Read every row of a clause of the standard, in the order of the files."""
    for path in sorted(RULES.glob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found = _CLAUSE.match(cells[0]) if line.startswith("|") and len(cells) == 4 else None
            if found is None:
                continue
            proof = cells[3]
            at = min((proof.find(mark) for mark in ("**open**", "**not ours**") if mark in proof),
                     default=-1)  # fmt: skip
            yield Row(file=path.name, number=found["number"], name=found["name"], kind=found["kind"],
                      tests=len(_TEST.findall(proof)), reason=proof[at:] if at >= 0 else "")  # fmt: skip


def text() -> str:
    """Return the page."""
    every = list(rows())
    kinds = ("M", "O*", "O", "X")
    states = ("proved", "partly", "open", "not ours")
    lines = [
        "# Conformity with the national standard (標準仕様書との適合)", "",
        "Written by `python -m tools.conformity` from the tables of [rules](rules/README.md); do not edit it here. The standard is",
        "住民記録システム標準仕様書 1.0, chapter 3, as far as those tables say. This program stands beside the statutory register: what",
        "belongs to that register alone is *not ours*. *Partly*: a test proves it, and something of it is open.", "",
        "| Class | proved | partly | open | not ours | all |", "|---|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for kind in kinds:
        of_kind = [row for row in every if row.kind == kind]
        counts = [sum(row.state == state for row in of_kind) for state in states]
        lines.append(f"| {_class(kind)} | " + " | ".join(map(str, (*counts, len(of_kind)))) + " |")
    lines += [
        "",
        f"{sum(row.tests for row in every)} tests are named beside these {len(every)} rows.",
        "",
    ]
    for state, title in (("open", "Open"), ("partly", "Partly open"), ("not ours", "Not ours")):
        lines += [f"## {title}", "", "| Clause | Class | Why |", "|---|---|---|"]
        lines += [
            f"| [{row.number}](rules/{row.file}) {row.name} | {row.kind} | {_reason(row.reason)} |"
            for row in every if row.state == state
        ]  # fmt: skip
        lines.append("")
    return "\n".join(lines)


def _class(kind: str) -> str:
    words = {"M": "must", "O*": "must for designated cities", "O": "optional", "X": "must not"}
    return f"{kind} ({words[kind]})"


def _reason(reason: str) -> str:
    text = re.sub(r"\*\*(?:open|not ours)\*\*[:,]?\s*", "", reason).strip()
    # The page lies one folder above the tables it is made of.
    return re.sub(r"\]\((?!\.\./|https?:)", "](rules/", text).replace("](../", "](")


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
