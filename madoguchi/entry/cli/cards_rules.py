"""``madoguchi cards checklist | deadlines``: rules asked by file, without a database (決まりの照会)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.outcome import Problem, Refused

_FILE_BYTES_MAX = 1_000_000


def _words(words: Words) -> None:
    words.add_argument("file", nargs="?", type=Path, metavar="CASE.json", help="the case, as JSON")
    words.add_argument(
        "--schema", action="store_true", help="print the JSON Schema of a case, with an example"
    )


def _case(given: Given) -> object:
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


def _folder() -> str:
    from madoguchi.entry import environment

    return environment.text("MADOGUCHI_CARD_RULES", "")


def _checklist(given: Given) -> Answer:
    from madoguchi.advice.queries import rulebook
    from madoguchi.infra import clock

    if given.schema:
        return Answer(values={}, document=rulebook.checklist_schema(_folder()))
    advice = rulebook.answer_checklist(_case(given), today=clock.today(), folder=_folder())
    values = {
        "accepted": advice.accepted,
        "required": [_needed(one) for one in advice.required],
        "undecided": list(advice.undecided),
        "fee_yen": advice.fee_yen,
        "warnings": [],
    }
    return Answer(
        values=values, problems=advice.problems, warnings=advice.warnings, good=advice.accepted
    )


def _needed(one: Any) -> dict[str, Any]:
    from madoguchi.web.messages import label

    words = label(kind="card_need", code=one.code)
    if one.ways:
        ways = "、または".join(label(kind="card_way", code=way) for way in one.ways)
        words = f"{label(kind='card_need_whose', code=one.whose)}: {ways}"
    return {
        "code": one.code, "whose": one.whose, "ways": list(one.ways), "met": one.met,
        "words": words, "source": one.source,
    }  # fmt: skip


def _show_checklist(values: Mapping[str, Any]) -> Iterator[str]:
    yield "受け付けられます。" if values["accepted"] else "このままでは受け付けられません。"
    marks = {True: "✓", False: "✕", None: "・"}
    for one in values["required"]:
        yield f"{marks[one['met']]} {one['words']}"
    if values["fee_yen"]:
        yield f"手数料 {values['fee_yen']:,}円"
    if values["undecided"]:
        yield f"まだ聞いていないこと: {'、'.join(values['undecided'])}"


def _deadlines(given: Given) -> Answer:
    from madoguchi.advice.queries import rulebook

    if given.schema:
        return Answer(values={}, document=rulebook.deadlines_schema(_folder()))
    found, problems = rulebook.answer_deadlines(_case(given), folder=_folder())
    rows = [
        {
            "code": one.code, "date": one.date.isoformat(), "source": one.source,
            "assumed": one.assumed, "words": _said(one.code),
        }
        for one in found
    ]  # fmt: skip
    return Answer(values={"deadlines": rows}, problems=problems)


def _said(code: str) -> str:
    from madoguchi.web.messages import label

    return label(kind="card_deadline", code=code)


def _show_deadlines(values: Mapping[str, Any]) -> Iterator[str]:
    for one in values["deadlines"]:
        assumed = " (町の決まり・仮)" if one["assumed"] else ""
        yield f"{one['date']} {one['words']}{assumed} — {one['source']}"


VERBS = (
    Verb(
        name="checklist",
        help="what a visit needs and what stands against it (必要書類の確認)",
        schema="madoguchi.checklist/1",
        run=_checklist,
        arguments=_words,
        show=_show_checklist,
        needs_database=False,
        blank={"accepted": False, "required": [], "undecided": [], "fee_yen": None,
               "warnings": []},
    ),
    Verb(
        name="deadlines",
        help="by when: every deadline of a card or a move, with its source (期限)",
        schema="madoguchi.deadlines/1",
        run=_deadlines,
        arguments=_words,
        show=_show_deadlines,
        needs_database=False,
        blank={"deadlines": []},
    ),
)  # fmt: skip
