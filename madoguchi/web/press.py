"""One press: an action in its unit, and everything that stands against it (実行)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from madoguchi.infra import clock, unit
from madoguchi.infra.unit import Busy
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import AlertsUnanswered, Problem, Refused
from madoguchi.web.forms import mark, problems_of


def press(action: Callable[..., Any], /, **given: Any) -> tuple[Any, tuple[Problem, ...]]:
    """Run an action in its unit; return what came of it and the reasons against it (実行)."""
    return attempt(lambda: unit.run(action, **given))


def press_asking(
    action: Callable[..., Any], /, **given: Any
) -> tuple[Any, tuple[Problem, ...], tuple[Problem, ...]]:
    """Run an action that may ask back; return what came of it, the reasons against it, and alerts.

    An alert forbids nothing: the page asks, and presses again with what was answered (アラート).
    """
    try:
        return *press(action, **given), ()
    except AlertsUnanswered as asked:
        return None, (), asked.problems


def press_long(action: Callable[..., Any], /, **given: Any) -> tuple[Any, tuple[Problem, ...]]:
    """Run an action that may take minutes, as ``press`` does one that may not (長い実行)."""
    return attempt(lambda: unit.run_long(action, **given))


def attempt(do: Callable[[], Any]) -> tuple[Any, tuple[Problem, ...]]:
    """Do what has units of its own; return what came of it and the reasons against it (実行)."""
    try:
        return do(), ()
    except AlertsUnanswered:
        raise  # no reason against it: only whoever asks back can show it
    except Refused as refusal:
        return None, refusal.problems
    except Busy:
        return None, (Problem(code="BUSY"),)


def press_form(
    action: Callable[..., Any], given: Callable[[], dict[str, Any]], *, actor: Actor,
    form: forms.BaseForm | None = None,
) -> tuple[Problem, ...]:  # fmt: skip
    """Run an action with what a form gives; empty means it is done (入力からの実行).

    ``given`` is asked only for a form that is right. What the action finds is marked on the form.
    """
    problems = problems_of(form) if form is not None else ()
    if not problems:
        _, problems = press(action, actor=actor, now=clock.now(), **given())
        if form is not None:
            mark(form, problems)
    return problems
