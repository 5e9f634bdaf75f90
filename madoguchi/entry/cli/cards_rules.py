"""``madoguchi cards checklist | deadlines``: rules asked by file, without a database (決まりの照会)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from madoguchi.entry.cli.casefile import case_words, read_case_file
from madoguchi.entry.cli.verbs import Answer, Given, Verb


def _folder() -> str:
    from madoguchi.entry import environment

    return environment.text("MADOGUCHI_CARD_RULES", "")


def _checklist(given: Given) -> Answer:
    from madoguchi.advice.queries import rulebook
    from madoguchi.infra import clock

    if given.schema:
        return Answer(values={}, document=rulebook.checklist_schema(_folder()))
    advice = rulebook.answer_checklist(read_case_file(given), today=clock.today(), folder=_folder())
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
    found, problems = rulebook.answer_deadlines(read_case_file(given), folder=_folder())
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
        arguments=case_words,
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
        arguments=case_words,
        show=_show_deadlines,
        needs_database=False,
        blank={"deadlines": []},
    ),
)  # fmt: skip
