"""``madoguchi fleet``: several towns on one machine, each by itself (複数の町)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words

_SCHEMA = "madoguchi.fleet/1"
_BLANK: Mapping[str, Any] = {"towns": [], "files": []}


def _words(words: Words) -> None:
    words.add_argument("file", type=Path, metavar="FLEET.toml", help="the towns of this machine")


def _units_words(words: Words) -> None:
    _words(words)
    words.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write them")


def _check(given: Given) -> Answer:
    from madoguchi.entry.fleet import read_fleet
    from madoguchi.entry.fleet_check import check_fleet

    fleet = read_fleet(given.file)
    towns = [{"name": one.name, "host": one.host, "port": one.port} for one in fleet.towns]
    return Answer(values={"towns": towns, "files": []}, problems=check_fleet(fleet))


def _units(given: Given) -> Answer:
    """Write only what may be started: a fleet with a problem gets no file."""
    from madoguchi.entry.fleet import read_fleet
    from madoguchi.entry.fleet_units import files_of

    found = _check(given)
    if found.problems:
        return Answer(values=_BLANK, problems=found.problems)
    files = files_of(read_fleet(given.file))
    for name, text in files.items():
        path = given.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Answer(values={**found.values, "files": sorted(files)})


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    for one in values["towns"]:
        yield f"{one['name']}　https://{one['host']}/　ポート {one['port']}"
    yield from (f"書きました: {one}" for one in values["files"])


VERBS = (
    Verb(name="check", help="what towns of one machine must not share (検査)", schema=_SCHEMA,
         run=_check, arguments=_words, show=_show, needs_database=False, blank=_BLANK),
    Verb(name="units", help="files for systemd and nginx, a town each (ファイル一式)", schema=_SCHEMA,
         run=_units, arguments=_units_words, show=_show, needs_database=False, blank=_BLANK),
)  # fmt: skip
