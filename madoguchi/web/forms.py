"""Between Django's form errors and the kernel's problems (入力の不備)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.daytimes import DayRule, Span, parse_clock
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_short
from madoguchi.web import english
from madoguchi.web.messages import catalogue, render

_CODES = {
    "required": "FIELD_REQUIRED",
    "max_length": "FIELD_TOO_LONG",
    "invalid_choice": "FIELD_CHOICE",
    "invalid_list": "FIELD_CHOICE",
}


class DayField(forms.CharField):
    """A day in either calendar: 令和8年11月23日, R8.11.23, 2026-11-23 (日付)."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("max_length", 20)
        given.setdefault("help_text", "例 令和8年11月23日、R8.11.23、2026-11-23")
        super().__init__(**given)

    def prepare_value(self, value: Any) -> Any:
        """Show a day that stands in the box at first as the page writes days: R8.11.23."""
        return format_short(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        """Return the day, or complain in the words of the calendar rules."""
        text = super().clean(value)
        if not text:
            return None
        day = parse_day(text)
        if isinstance(day, Problem):
            raise forms.ValidationError("", code=day.code, params=dict(day.facts))
        return day


class ClockField(forms.CharField):
    """A time of day: 9:05, 905 (時刻)."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("max_length", 10)
        given.setdefault("help_text", "例 9:05、905")
        super().__init__(**given)

    def clean(self, value: Any) -> int | None:
        """Return the minute of the day, or complain."""
        text = super().clean(value)
        if not text:
            return None
        minute = parse_clock(text)
        if isinstance(minute, Problem):
            raise forms.ValidationError("", code=minute.code, params=dict(minute.facts))
        return minute


class SpanForm(forms.Form):
    """A stretch of a day, from its begin and its end; clean gives it as ``span`` (時間帯)."""

    begins = ClockField(label="始まり")
    ends = ClockField(label="終わり")

    def clean(self) -> dict[str, Any]:
        """Make one stretch of begin and end."""
        given = self.cleaned_data
        begins, ends = given.get("begins"), given.get("ends")
        if begins is not None and ends is not None:
            if begins >= ends:
                self.add_error("ends", forms.ValidationError("", code="ROW_SPAN_BACKWARDS"))
            else:
                given["span"] = Span(begins=begins, ends=ends)
        return given


class WeeklyForm(SpanForm):
    """A row of a table that holds every week: its weekdays, its days, its stretch (毎週の行)."""

    weekdays = forms.TypedMultipleChoiceField(
        label="曜日", coerce=int, widget=forms.CheckboxSelectMultiple,
        choices=list(enumerate(("月", "火", "水", "木", "金", "土", "日"))),
    )  # fmt: skip
    nth = forms.TypedMultipleChoiceField(
        label="第何の曜日だけ", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        choices=list(enumerate(("第1", "第2", "第3", "第4", "第5"), 1)), help_text="選ばなければ毎週",
    )  # fmt: skip
    valid_from = DayField(label="いつから")
    valid_until = DayField(label="いつまで", required=False)

    def rule(self) -> DayRule:
        """Return the days the row speaks of (適用日)."""
        given = self.cleaned_data
        return DayRule(
            valid_from=given["valid_from"], valid_until=given["valid_until"],
            weekdays=frozenset(given["weekdays"]), nth=frozenset(given["nth"]),
        )  # fmt: skip


def problems_of(form: forms.BaseForm) -> tuple[Problem, ...]:
    """Return everything the form itself finds wrong, in the order of its fields (不備).

    A ``ValidationError`` whose code is in the catalogue keeps it; its params are the facts.
    """
    found = []
    order = [*form.fields, NON_FIELD_ERRORS]
    errors = form.errors.as_data()
    for name in sorted(errors, key=order.index):
        label = label_of(form, name) if name in form.fields else ""
        for error in errors[name]:
            problem = _problem_of(error, form.fields.get(name), label=label)
            found.append(replace(problem, where=name) if label else problem)
    return tuple(found)


def words_beside(bound: forms.BoundField) -> list[str]:
    """Return what is wrong with one field, in the catalogue's words as the summary has them (欄の不備)."""
    if not bound.errors:
        return []
    given = bound.form.errors.as_data().get(bound.name, ())
    found = []
    for error in given:
        if error.code is None:  # marked by an action: its words are there already
            found += [str(one) for one in error.messages]
            continue
        found.append(render(_problem_of(error, bound.field, label=str(bound.label))).cause)
    return found


def _problem_of(error: forms.ValidationError, field: forms.Field | None, *, label: str) -> Problem:
    code = _code_of(str(error.code or "invalid"), field)
    facts = {str(key): str(value) for key, value in (error.params or {}).items()}
    return Problem(code=code, facts={**facts, "label": label})


def _code_of(code: str, field: forms.Field | None) -> str:
    if code in catalogue().entries:
        return code
    if code == "required" and isinstance(field, forms.ChoiceField):
        return "FIELD_NOT_CHOSEN"
    return _CODES.get(code, "FIELD_INVALID" if field is not None else "BAD_INPUT")


def mark(form: forms.BaseForm, problems: Iterable[Problem]) -> None:
    """Put an action's problems on the fields they name, so that each is marked (印をつける).

    The summary still shows all of them; this only adds the words beside the field.
    """
    assert form.is_bound, "problems come after something was sent"
    for problem in problems:
        if problem.where in form.fields:
            form.add_error(problem.where, render(problem).cause)


def offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Say what a field of the form can be answered with: codes and their words (選択肢)."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def label_of(form: forms.BaseForm, name: str) -> str:
    """Return the words of a field, as its label says them (項目名)."""
    return english.said(str(form[name].label), room=english.room_of(type(form).__module__))
