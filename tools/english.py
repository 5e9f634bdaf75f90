"""What of the desk's pages has no English yet, or an English that does not fit (英語の点検).

``python -m tools.english`` counts what is missing, room by room; ``python -m tools.english ROOM``
prints it as TOML to be filled in.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from madoguchi.web.english import JAPANESE, pieces, words_of
from madoguchi.web.messages import ENGLISH_FOLDER, FOLDER

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "madoguchi"
_VARIABLE = re.compile(r"{{\s*(.*?)\s*}}|{%\s*(.*?)\s*%}", re.DOTALL)
_LITERAL = re.compile(r'"[^"]*"')
#: Residents' pages have catalogues of their own in three languages (``texts/``).
FOR_RESIDENTS = (
    "kiosk/templates/kiosk/",
    "web/templates/web/kiosk",
    "web/templates/web/public",
)
#: Tables of ours whose texts a page shows by ``|said``: file and keys.
TABLES: Mapping[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "desk": (
        ("desk/tables/monday.toml", frozenset({"who", "says", "sheet", "why", "wants", "ends"})),
    ),
    "insights": (
        ("insights/tables/elsewhere.toml", frozenset({"what", "figure", "source"})),
        ("insights/tables/desk.toml", frozenset({"source", "sources", "assumed"})),
    ),
}  # fmt: skip


def rooms() -> list[str]:
    """Return the rooms that have pages."""
    return sorted({path.parent.name for path in PACKAGE.glob("*/templates")})


def words_needed(room: str) -> dict[str, str]:
    """Return every Japanese piece of a room's pages and forms, and where it stands first."""
    found: dict[str, str] = {}
    for path in sorted((PACKAGE / room / "templates").rglob("*.html")):
        name = str(path.relative_to(PACKAGE))
        if not name.startswith(FOR_RESIDENTS):
            for piece in pieces(path.read_text(encoding="utf-8")):
                found.setdefault(piece, name)
    for path in sorted([*PACKAGE.glob(f"{room}/forms.py"), *PACKAGE.glob(f"{room}/forms/*.py")]):
        for word in _words_of(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(word, str(path.relative_to(PACKAGE)))
    for table, keys in TABLES.get(room, ()):
        for text in _texts_of(tomllib.loads((PACKAGE / table).read_text(encoding="utf-8")), keys):
            found.setdefault(text, table)
    if room == "web":
        for door in _doors():
            found.setdefault(door, "entry/settings.py")
    return found


def _texts_of(table: object, keys: frozenset[str], key: str = "") -> Iterator[str]:
    """Return the Japanese texts under these keys, however deep they stand."""
    if isinstance(table, dict):
        for name, value in table.items():
            yield from _texts_of(value, keys, key if key in keys else name)
    elif isinstance(table, list):
        for value in table:
            yield from _texts_of(value, keys, key)
    elif isinstance(table, str) and key in keys and JAPANESE.search(table):
        yield table


def _words_of(tree: ast.Module) -> Iterator[str]:
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs | parts
            and JAPANESE.search(node.value)
        ):
            yield node.value


def _doors() -> list[str]:
    from django.conf import settings

    return [words for _key, _route, words, _right in settings.MADOGUCHI_DOORS]


def missing(room: str) -> list[str]:
    """Return the pieces of a room that have no English."""
    known = words_of(room)
    return [piece for piece in words_needed(room) if piece not in known]


def ill_fitting(room: str) -> list[str]:
    """Return the pieces whose English lacks a variable, or would break the page it stands in."""
    known = words_of(room)
    wrong = []
    for piece in words_needed(room):
        english = known.get(piece)
        if english is None:
            continue
        if _variables(piece) - _variables(english) or english.count("<") or '"' in _bare(english):
            wrong.append(piece)
    return wrong


def _bare(text: str) -> str:
    return _VARIABLE.sub("", text)


def _variables(text: str) -> set[str]:
    """What is drawn into a piece: the variable or tag without its literals and filters."""
    return {
        re.split(r"[|]", _LITERAL.sub("", (one.group(1) or one.group(2))))[0].strip()
        for one in _VARIABLE.finditer(text)
    }


def codes_missing(file: Path) -> dict[str, object]:
    """Return what of one file of the catalogue has no English, in the file's own shape."""
    mine = tomllib.loads(file.read_text(encoding="utf-8"))
    path = ENGLISH_FOLDER / file.name
    theirs = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found: dict[str, object] = {k: v for k, v in mine.items() if k != "labels" and k not in theirs}
    for kind, words in mine.get("labels", {}).items():
        lacking = {
            c: w for c, w in words.items() if c not in theirs.get("labels", {}).get(kind, {})
        }
        if lacking:
            found[f"labels.{kind}"] = lacking
    return found


def main() -> int:
    """Count, or print one room's share."""
    if len(sys.argv) == 1:
        for room in rooms():
            print(f"{room:16} {len(missing(room)):4} of {len(words_needed(room)):4} words")
        for file in sorted(FOLDER.glob("*.toml")):
            if lacking := codes_missing(file):
                print(f"{file.name:28} {len(lacking):4} tables")
        return 0
    name = sys.argv[1]
    if name in rooms() and (lacking_words := missing(name)):
        print("[words]")
        for piece in lacking_words:
            print(f'{json.dumps(piece, ensure_ascii=False)} = ""')
    if (file := FOLDER / f"{name}.toml").exists():
        for key, table in codes_missing(file).items():
            print(f"\n[{key}]")
            assert isinstance(table, dict)
            for code, word in table.items():
                print(f"{code} = {json.dumps(word, ensure_ascii=False)}")
    return 0


if __name__ == "__main__":
    from madoguchi.entry import bootstrap

    bootstrap.set_up()
    raise SystemExit(main())
