"""The verbs of the command line, one file a noun (コマンドの動詞).

A noun is a module beside this one (``register.py`` holds ``madoguchi register ...``) with
``VERBS``, a tuple of ``Verb``. It is found by its file name; nothing is listed here. A verb
named "" is the noun itself (``madoguchi serve``). A noun module imports nothing heavy at its
top: a database is connected and Django set up only before a verb that wants them runs.

Contract: ``--json`` prints exactly one object on standard output. Exit status 0 done,
1 refused with ``problems`` (or the answer is a no), 2 wrong call.
"""

from __future__ import annotations

import argparse
import json
import pkgutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from madoguchi.kernel.outcome import Problem, Refused, Unavailable
from madoguchi.kernel.system_words import words_of

Words = argparse.ArgumentParser
Given = argparse.Namespace
Line = Callable[[Mapping[str, Any]], Iterable[str]]

DONE, REFUSED, WRONG_CALL = 0, 1, 2
_NOT_NOUNS = {
    "verbs",
    "running",
    "intake",
    "cards_rules",
    "casefile",
    "insights_desk",
    "insights_fit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a verb found or did; ``good`` is false where the answer itself is a no (結果)."""

    values: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    good: bool = True
    #: Printed alone and as it is, such as the JSON Schema of a case file.
    document: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb of a noun: its words, what it does, and how it reads to a person (動詞)."""

    name: str
    help: str
    schema: str
    run: Callable[[Given], Answer]
    arguments: Callable[[Words], None] = field(default=lambda _: None)
    show: Line = field(default=lambda values: (f"{key}: {value}" for key, value in values.items()))
    needs_database: bool = True
    #: Empty values of this verb, for an answer that was refused before there were any.
    blank: Mapping[str, Any] = field(default_factory=dict)


def run_verb(words: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    as_json = "--json" in words
    try:
        verb, given = _parse(list(words))
    except _WrongCall as wrong:
        return _tell_wrong_call(wrong, as_json=as_json)
    except SystemExit as end:  # --help
        return int(end.code or 0)
    answer = _answer_of(verb, given)
    _print(verb, answer, as_json=given.json)
    return DONE if answer.good and not answer.problems else REFUSED


def list_nouns() -> tuple[str, ...]:
    """Name the nouns there are, by the files beside this one (名詞の一覧)."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return tuple(sorted(one.name for one in found if one.name not in _NOT_NOUNS))


def verbs_of(noun: str) -> tuple[Verb, ...]:
    """Return the verbs of a noun (動詞の一覧)."""
    verbs: tuple[Verb, ...] = pkgutil.resolve_name(f"{__package__}.{noun}:VERBS")
    return verbs


# -- reading the call ------------------------------------------------------------------


class _WrongCall(Exception):
    """The words do not make a call; the usage tells what would."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _WrongCall(message, self.format_usage())


def _parse(words: list[str]) -> tuple[Verb, Given]:
    nouns = list_nouns()
    top = _Parser(prog="madoguchi", description="窓口 Madoguchi — 小さな町の住民窓口")
    top.add_argument("noun", choices=nouns, metavar="NOUN", help=" · ".join(nouns))
    if not words or words[0].startswith("-"):
        top.parse_args(words[:1])  # prints the help, or complains
    noun = top.parse_args(words[:1]).noun.replace("-", "_")
    verbs = {verb.name: verb for verb in verbs_of(noun)}
    if "" in verbs:
        parser = _parser_of(verbs[""], _Parser(prog=f"madoguchi {noun}"))
        return verbs[""], parser.parse_args(words[1:])
    sub = _Parser(prog=f"madoguchi {noun}")
    choices = sub.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in verbs.values():
        _parser_of(verb, choices.add_parser(verb.name, help=verb.help))
    given = sub.parse_args(words[1:])
    return verbs[given.verb], given


def _parser_of(verb: Verb, parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.description = verb.help
    parser.add_argument("--json", action="store_true", help="answer with one JSON object")
    verb.arguments(parser)
    return parser


# -- doing it --------------------------------------------------------------------------


def _answer_of(verb: Verb, given: Given) -> Answer:
    """Run the verb; everything that is foreseen comes back as problems."""
    # Each of these lives where Django or the database driver is needed, so late.
    from madoguchi.infra.postgres import CannotStart

    def refuse(*problems: Problem) -> Answer:
        return Answer(values=verb.blank, problems=problems)

    try:
        if verb.needs_database:
            from madoguchi.entry import bootstrap

            bootstrap.set_up()
        return verb.run(given)
    except Refused as refused:
        return refuse(*refused.problems)
    except CannotStart as error:
        return refuse(Problem(code="CANNOT_START", facts={"reason": str(error)}))
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        facts = {"file": str(error.filename or ""), "reason": words_of(error)}
        return refuse(Problem(code="FILE_UNREADABLE", facts=facts))
    except KeyboardInterrupt:
        return refuse(Problem(code="CANCELLED"))
    except Exception as error:
        problem = _foreseen(error)
        if problem is None:
            raise
        return refuse(problem)


def _foreseen(error: Exception) -> Problem | None:
    """Name what infra raises when a record is taken, work is stopped, or no database answers."""
    from django.apps import apps
    from django.db import InterfaceError, OperationalError

    if apps.models_ready:  # before that none of them was raised, and none can be imported
        from madoguchi.infra.progress import Cancelled
        from madoguchi.infra.unit import Busy

        if isinstance(error, Busy):
            return Problem(code="BUSY")
        if isinstance(error, Cancelled):
            return Problem(code="CANCELLED")
    if isinstance(error, OperationalError | InterfaceError):
        return Problem(code="UNAVAILABLE")
    return None


def available(value: Any) -> Any:
    """Return an outside answer, or refuse: "unknown" is never "none" (応答なしの扱い)."""
    if isinstance(value, Unavailable):
        raise Refused(Problem(code="UNAVAILABLE"))
    return value


# -- telling ---------------------------------------------------------------------------


def _print(verb: Verb, answer: Answer, *, as_json: bool) -> None:
    if answer.document is not None:
        print(json.dumps(answer.document, ensure_ascii=False, indent=None if as_json else 2))
        return
    if as_json:
        whole = {
            "schema": verb.schema,
            **answer.values,
            "problems": in_words(answer.problems),
        }
        if answer.warnings:
            whole["warnings"] = in_words(answer.warnings)
        print(json.dumps(whole, ensure_ascii=False, default=str))
        return
    # An answer refused before there was anything to say has only the verb's empty values.
    for line in verb.show(answer.values) if answer.values != verb.blank else ():
        print(line)
    for row in in_words((*answer.problems, *answer.warnings)):
        place = f"{row['where']}: " if row["where"] else ""
        print(f"{place}{row['cause']} {row['remedy']} [{row['code']}]", file=sys.stderr)


def in_words(problems: Iterable[Problem]) -> list[dict[str, str | None]]:
    """Put problems into words as the contract of the command line wants them (不備の説明)."""
    from madoguchi.web.messages import render_all

    return [
        {"code": one.code, "cause": one.cause, "remedy": one.remedy, "where": one.where}
        for one in render_all(problems)
    ]


def _tell_wrong_call(wrong: _WrongCall, *, as_json: bool) -> int:
    print(f"{wrong.usage}{wrong}", file=sys.stderr)
    if as_json:
        problem = Problem(code="WRONG_CALL", facts={"reason": str(wrong)})
        whole = {"schema": "madoguchi.problems/1", "problems": in_words([problem])}
        print(json.dumps(whole, ensure_ascii=False))
    return WRONG_CALL
