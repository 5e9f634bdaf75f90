"""One press of a form: check it, do it in one unit, tell everything that stands against it (実行)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from madoguchi.infra import clock, unit
from madoguchi.infra.unit import Busy
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.web.forms import mark, problems_of


def press(
    action: Callable[..., Any], given: Callable[[], dict[str, Any]], *, actor: Actor,
    form: forms.BaseForm | None = None,
) -> tuple[Problem, ...]:  # fmt: skip
    """Run an action with what the form gives; empty means it is done (実行の結果).

    ``given`` is asked only for a form that is right. What the action finds is marked on the form.
    """
    problems = problems_of(form) if form is not None else ()
    if problems:
        return problems
    try:
        unit.run(action, actor=actor, now=clock.now(), **given())
    except Refused as refusal:
        if form is not None:
            mark(form, refusal.problems)
        return refusal.problems
    except Busy:
        return (Problem(code="BUSY"),)
    return ()
