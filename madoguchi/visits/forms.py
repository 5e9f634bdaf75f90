"""What the desk presses and types, as values (入力)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from madoguchi.kernel.outcome import Problem
from madoguchi.visits.domain.figures import months_back
from madoguchi.visits.domain.runs import Member, Pin, Reason
from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label

MONTHS_SHOWN = 12


def read_month(text: str, *, today: date) -> date:
    """Return the month that was asked for; anything else is this one (月の読取り)."""
    shown = {one.strftime("%Y-%m"): one for one in months_back(today, MONTHS_SHOWN)}
    return shown.get(text, today.replace(day=1))


class RunForm(forms.Form):
    """Why a household's cards are changed, and since when (手続きの始まり)."""

    household_no = forms.CharField(widget=forms.HiddenInput, max_length=15)
    reason = forms.ChoiceField(label="何があったか", widget=forms.RadioSelect)
    filed_on = DayField(label="届け出た日")
    moved_in_on = DayField(label="住み始めた日", required=False)
    planned_out_on = DayField(label="前の町の転出予定日（転入だけ）", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "reason", [(one.value, label(kind="run_reason", code=one.value))
                               for one in Reason])  # fmt: skip


def read_members(
    given: Mapping[str, str], members: Iterable[Member]
) -> tuple[Member, ...] | tuple[Problem, ...]:
    """Return what was ticked for each of a family, or everything that cannot be read (家族の読取り)."""
    found: list[Member] = []
    problems: list[Problem] = []
    for one in members:
        pin = given.get(f"pin_{one.person_id}", "")
        lines = given.get(f"lines_{one.person_id}", "")
        if pin not in set(Pin) or not (lines.isascii() and lines.isdigit() and len(lines) < 3):
            problems.append(Problem(code="RUN_MEMBER_UNREADABLE"))
            continue
        found.append(
            replace(
                one, has_card=f"has_{one.person_id}" in given, is_here=f"here_{one.person_id}" in given,
                card_here=f"card_{one.person_id}" in given, pin=Pin(pin), lines_used=int(lines),
                wants_sign=f"sign_{one.person_id}" in given,
            )
        )  # fmt: skip
    return tuple(problems) if problems else tuple(found)
