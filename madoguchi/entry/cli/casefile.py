"""The case file of a verb that asks rules: read, or refused in words (場合のファイル)."""

from __future__ import annotations

import json
from pathlib import Path

from madoguchi.entry.cli.verbs import Given, Words
from madoguchi.kernel.outcome import Problem, Refused

_FILE_BYTES_MAX = 1_000_000


def case_words(words: Words) -> None:
    """Say that a verb takes a case file, or prints its schema (場合のファイルの引数)."""
    words.add_argument("file", nargs="?", type=Path, metavar="CASE.json", help="the case, as JSON")
    words.add_argument(
        "--schema", action="store_true", help="print the JSON Schema of a case, with an example"
    )


def read_case_file(given: Given) -> object:
    """Read the case file; what is no JSON is refused in words."""
    if given.file is None:
        raise Refused(Problem(code="CASE_FILE_MISSING"))
    with given.file.open("rb") as file:
        text = file.read(_FILE_BYTES_MAX + 1)
    if len(text) > _FILE_BYTES_MAX:
        raise Refused(Problem(code="CASE_FILE_TOO_LARGE"))
    try:
        return json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(Problem(code="CASE_NOT_JSON", facts={"line": "1"})) from None
    except json.JSONDecodeError as error:
        raise Refused(Problem(code="CASE_NOT_JSON", facts={"line": str(error.lineno)})) from None
    except RecursionError:
        raise Refused(Problem(code="CASE_NOT_JSON", facts={"line": "1"})) from None
