"""``./run advisories FILE``: hold what is installed against known holes, without a net (既知の脆弱性).

FILE is a list in the OSV format that somebody brought: a zip or a folder of advisories, or one of them. The
whole of PyPI's is one zip (osv.dev, "data dumps"; some 100 MB, so none is kept here, and none is
fetched). Every lock file of this folder is held against it. Says plainly how old the list is, and that it knows nothing
where there is none: exit 0 without a find, 1 with one, 2 where it could not be judged.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parents[1]
#: A list older than this says little about today.
DAYS_MAX = 30
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A version of ours that a list speaks of (該当)."""

    package: str
    version: str
    advisory: str
    aliases: tuple[str, ...]
    summary: str
    fixed: tuple[str, ...]


def pins(texts: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Read names and versions of lock files (固定された版)."""
    return frozenset(
        (str(canonicalize_name(name)), version)
        for text in texts
        for name, version in _PIN.findall(text)
    )


def read(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each advisory of a list with its name (一覧の読み取り)."""
    if path.is_dir():
        for one in sorted(path.rglob("*.json")):
            yield one.name, one.read_bytes()
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as whole:
            for info in whole.infolist():
                if info.filename.endswith(".json"):
                    yield info.filename, whole.read(info)
    else:
        yield path.name, path.read_bytes()


def finds_in(advisory: Mapping[str, Any], ours: Mapping[str, str]) -> Iterator[Find]:
    """Yield what an advisory says of our versions; ``ValueError`` where it cannot be judged (照合)."""
    if advisory.get("withdrawn"):
        return
    for affected in advisory.get("affected", ()):
        package = affected.get("package", {})
        name = str(canonicalize_name(package.get("name", "")))
        if package.get("ecosystem") != "PyPI" or name not in ours:
            continue
        if _hits(Version(ours[name]), affected):
            yield Find(
                package=name, version=ours[name], advisory=str(advisory["id"]),
                aliases=tuple(advisory.get("aliases", ())), summary=str(advisory.get("summary", "")),
                fixed=tuple(sorted({event["fixed"] for one in _ranges(affected)
                                    for event in one if "fixed" in event})),
            )  # fmt: skip


def _ranges(affected: Mapping[str, Any]) -> Iterator[Sequence[Mapping[str, str]]]:
    """Ranges of versions; those of commits say nothing about a version."""
    for one in affected.get("ranges", ()):
        if one.get("type") != "GIT":
            yield one.get("events", ())


def _hits(version: Version, affected: Mapping[str, Any]) -> bool:
    """As the format says: a version that is listed, or one within a range."""
    for listed in affected.get("versions", ()):
        try:
            if Version(listed) == version:
                return True
        except InvalidVersion:
            continue  # a name of before versions had rules; ours has them
    return any(_within(version, events) for events in _ranges(affected))


def _within(version: Version, events: Sequence[Mapping[str, str]]) -> bool:
    inside = False
    for event in sorted(events, key=lambda one: _place(one)[0]):
        at, kind = _place(event)
        if kind == "introduced" and version >= at:
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _place(event: Mapping[str, str]) -> tuple[Version, str]:
    for kind in ("introduced", "fixed", "last_affected"):
        if kind in event:
            return Version(event[kind]), kind
    return Version("0"), "limit"


def audit(
    advisories: Iterable[tuple[str, bytes]], ours: frozenset[tuple[str, str]]
) -> tuple[list[Find], list[str], str, int]:
    """Hold versions against a list: finds, names that could not be judged, its newest day, its length."""
    found: list[Find] = []
    unjudged, newest, length = [], "", 0
    # A package may stand in two lock files in two versions.
    tables: list[dict[str, str]] = []
    for name, version in sorted(ours):
        table = next((one for one in tables if name not in one), None)
        if table is None:
            tables.append(table := {})
        table[name] = version
    for name, data in advisories:
        length += 1
        try:
            advisory = json.loads(data)
            newest = max(newest, str(advisory["modified"]))
            for table in tables:
                found += finds_in(advisory, table)
        except (ValueError, KeyError, TypeError, AttributeError):
            unjudged.append(name)
    return found, unjudged, newest, length


def main(words: Sequence[str]) -> int:
    """Say what is known about what is installed (照合の結果)."""
    parser = argparse.ArgumentParser(
        prog="./run advisories", description="Known holes, without a net."
    )
    parser.add_argument(
        "list", type=Path, metavar="FILE", help="zip, folder or file in the OSV format"
    )
    given = parser.parse_args(words)
    ours = pins(one.read_text(encoding="utf-8") for one in sorted(ROOT.glob("requirements*.txt")))
    if not given.list.exists():
        print(
            f"{given.list}: not there. Nothing is known about {len(ours)} pinned versions.",
            file=sys.stderr,
        )
        return 2
    found, unjudged, newest, length = audit(read(given.list), ours)
    for one in found:
        fixed = f"; fixed in {', '.join(one.fixed)}" if one.fixed else "; no fix is named"
        print(
            f"{one.package} {one.version}: {' '.join((one.advisory, *one.aliases))} {one.summary}{fixed}"
        )
    print(f"{len(ours)} pinned versions held against {length:,} advisories, the newest of {newest or 'no day'}: "
          f"{len(found)} finds.")  # fmt: skip
    if unjudged:
        print(f"{len(unjudged)} could not be judged: {', '.join(unjudged[:5])}", file=sys.stderr)
    old = not newest or _days(newest) > DAYS_MAX
    if old:
        print(
            f"The list is older than {DAYS_MAX} days, or empty: bring a new one.", file=sys.stderr
        )
    return 1 if found else 2 if unjudged or old else 0


def _days(moment: str) -> int:
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).days  # noqa: TID251  a tool, no rule


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
