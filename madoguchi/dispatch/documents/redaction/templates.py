"""Templates as files: one printing of a form a file (様式の型の読込み)."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from madoguchi.dispatch.domain.area import Area
from madoguchi.dispatch.domain.redaction import (
    SecretBox,
    Template,
    check_overlaps,
    check_template,
)
from madoguchi.kernel.outcome import Problem, Refused

OURS = Path(__file__).parent / "templates"


def load_templates(own: Path | None = None) -> tuple[Template, ...]:
    """Return every printing there is, ours and the town's own; all sound, or none (型の一覧)."""
    paths = [*sorted(OURS.glob("*.toml")), *(sorted(own.glob("*.toml")) if own else [])]
    templates = [load_template(path) for path in paths]
    names = [one.name for one in templates]
    problems = list(check_overlaps(templates))
    if len(set(names)) < len(names):
        problems.append(Problem(code="TEMPLATE_UNSOUND", facts={"reason": "同じ名前があります"}))
    if problems:
        raise Refused(problems)
    return tuple(templates)


def load_template(path: Path) -> Template:
    """Return one printing from its file, or refuse it with every reason (型の読込み)."""
    try:
        template = _template(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError, AssertionError) as error:
        facts = {"reason": f"読めません: {path.name}"}
        raise Refused(Problem(code="TEMPLATE_UNSOUND", facts=facts)) from error
    problems = check_template(template)
    if problems:
        raise Refused(problems)
    return template


def _template(values: dict[str, Any]) -> Template:
    unknown = set(values) - set(Template.__dataclass_fields__)
    if unknown:
        raise ValueError(unknown)
    valid_from, valid_until = values["valid_from"], values.get("valid_until")
    if type(valid_from) is not date or (valid_until is not None and type(valid_until) is not date):
        raise TypeError("days")
    return Template(
        name=str(values["name"]),
        title=str(values["title"]),
        source=str(values["source"]),
        valid_from=valid_from,
        valid_until=valid_until,
        width_mm=float(values["width_mm"]),
        height_mm=float(values["height_mm"]),
        mark_mm=float(values["mark_mm"]),
        marks=tuple((float(x), float(y)) for x, y in values["marks"]),
        rules=tuple(_area(one) for one in values["rules"]),
        boxes=tuple(
            SecretBox(
                name=str(one["name"]),
                secret=_area(one["secret"]),
                burn=_area(one["burn"]),
                quiet=_area(one["quiet"]),
            )
            for one in values["boxes"]
        ),
    )


def _area(four: Any) -> Area:
    left, top, right, bottom = (float(one) for one in four)
    if left > right or top > bottom:
        raise ValueError(four)
    return Area(left=left, top=top, right=right, bottom=bottom)
