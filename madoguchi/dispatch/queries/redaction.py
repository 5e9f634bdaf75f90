"""Which forms can be copied without their secret (消去できる様式)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings

from madoguchi.dispatch.documents.redaction.templates import load_template, load_templates
from madoguchi.dispatch.domain.redaction import Template, check_in_force, choose_template
from madoguchi.kernel.outcome import Refused


def list_in_force(*, on: date) -> tuple[Template, ...]:
    """Return the printings used on that day (有効な様式の一覧)."""
    return tuple(one for one in _all() if one.in_force(on))


def find_template(name: str, *, on: date) -> Template:
    """Return the printing of this name, or of this file, used on that day; else refuse (様式)."""
    if name.endswith(".toml"):
        template = load_template(Path(name))
        problems = check_in_force(template, on=on)
        if problems:
            raise Refused(problems)
        return template
    chosen = choose_template(_all(), name=name, on=on)
    if isinstance(chosen, tuple):
        raise Refused(chosen)
    return chosen


def _all() -> tuple[Template, ...]:
    own = settings.MADOGUCHI_REDACTION_TEMPLATES
    return load_templates(Path(own) if own else None)
