"""``madoguchi moves triage``: an arrival sorted by file, without a database (転入の仕分け)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from madoguchi.entry.cli.casefile import case_words, read_case_file
from madoguchi.entry.cli.verbs import Answer, Given, Verb

_BLANK_TRIAGE: Mapping[str, Any] = {
    "case": None, "reason": None, "next_steps": [], "deadline": None, "source": None,
}  # fmt: skip


def _folder() -> str:
    from madoguchi.entry import environment

    return environment.text("MADOGUCHI_CARD_RULES", "")


def _triage(given: Given) -> Answer:
    from madoguchi.infra import clock
    from madoguchi.moves.api import Triage, answer_triage, triage_schema
    from madoguchi.web.messages import label

    if given.schema:
        return Answer(values={}, document=triage_schema())
    found = answer_triage(read_case_file(given), today=clock.today(), folder=_folder())
    if not isinstance(found, Triage):
        return Answer(values=_BLANK_TRIAGE, problems=found)
    values: dict[str, Any] = {
        "case": found.case,
        "reason": label(kind="move_reason", code=found.key),
        "next_steps": [label(kind="move_step", code=one) for one in found.steps],
        "step_codes": list(found.steps),
        "deadline": found.deadline.isoformat() if found.deadline else None,
        "source": found.source,
        "row": found.key,
        "undecided": list(found.undecided),
    }
    if found.wish is not None:
        values["wish"] = {
            "code": found.wish.code, "on": found.wish_is_on,
            "words": label(kind="move_wish", code=found.wish.code),
            "office_minutes_saved": found.wish.office_minutes,
            "resident_days_saved": found.wish.resident_days, "source": found.wish.source,
        }  # fmt: skip
    return Answer(values=values)


def _show_triage(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"{values['case']} {values['reason']}"
    for number, words in enumerate(values["next_steps"], start=1):
        yield f"  {number}. {words}"
    if values["deadline"]:
        yield f"期限 {values['deadline']}（この日まで）"
    if values["undecided"]:
        yield f"まだ聞いていないこと: {'、'.join(values['undecided'])}"
    if "wish" in values:
        wish = values["wish"]
        state = "使っている" if wish["on"] else "切"
        yield (
            f"町の要望（{state}）: {wish['words']}。"
            f"窓口{wish['office_minutes_saved']}分、住民{wish['resident_days_saved']}日が減る（想定）"
        )
    yield f"よりどころ: {values['source']}"


VERBS = (
    Verb(
        name="triage",
        help="which case an arrival is, what comes next, by when (転入の仕分け)",
        schema="madoguchi.triage/1",
        run=_triage,
        arguments=case_words,
        show=_show_triage,
        needs_database=False,
        blank=_BLANK_TRIAGE,
    ),
)
