"""``madoguchi audit``: is the record of who saw and changed what still whole (アクセス記録)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb
from madoguchi.kernel.outcome import Problem


def _verify(_given: Given) -> Answer:
    from madoguchi.audit.api import verify_chain

    found = verify_chain()
    problems = () if found.intact else (_broken(found.first_bad_row),)
    return Answer(
        values={
            "rows": found.rows,
            "intact": found.intact,
            "first_bad_row": found.first_bad_row,
        },
        problems=problems,
        good=found.intact,
    )


def _broken(row: int | None) -> Problem:
    return Problem(code="AUDIT_CHAIN_BROKEN", facts={"row": str(row)})


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    if values["intact"]:
        yield f"アクセス記録 {values['rows']:,} 行は、すべてつながっています。"


VERBS = (
    Verb(
        name="verify",
        help="find any changed, dropped or reordered row (記録の検証)",
        schema="madoguchi.audit/1",
        run=_verify,
        show=_show,
    ),
)
