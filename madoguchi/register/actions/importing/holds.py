"""支援措置 of a file: held from the same commit on (支援措置の取込み)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from django.db import connection

from madoguchi.kernel.actor import Actor, Right
from madoguchi.protection import api as protection

_WANTED = """
SELECT s.person_id, s.household_no, s.measure FROM register_staged s
WHERE s.measure <> '' AND NOT EXISTS
    (SELECT FROM protection_out_held h WHERE h.person_id = s.person_id)
ORDER BY s.line
"""


def hold_marked(*, actor: Actor, today: date) -> int:
    """Hold everybody the file marks and nobody holds yet; return how many (支援措置の設定).

    A blank cell lifts nothing: a measure ends only by an act of its own. People of one
    household with the same mark are one case.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WANTED)
        rows = cursor.fetchall()
    cases: dict[tuple[str, str], list[str]] = defaultdict(list)
    for person_id, household_no, measure in rows:
        cases[household_no, measure].append(person_id)
    # Whoever may bring a register in must bring its holds in; that opens nothing to them. The
    # wider right lasts for this call.
    setting = replace(actor, rights=actor.rights | {Right.SET_PROTECTION, Right.SEE_PROTECTED})
    for applicant, *together in cases.values():
        protection.set_measure(
            actor=setting,
            applicant_id=applicant,
            together_ids=together,
            accepted_on=today,
            category="SIMILAR",
        )
    return len(rows)
