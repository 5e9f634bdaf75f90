"""Inputs of a form, written without a template each (入力欄の描画).

Django renders every single radio button by two templates: at the certificate desk that was two
fifths of the page's time. What is written here is what those templates write, letter by letter
(``tests/test_inputs.py`` compares the two); widgets not named here go the usual way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString

_FOLDER = "django/forms/widgets/"
#: Templates that are ``input.html`` under another name.
INPUTS = frozenset(
    f"{_FOLDER}{name}.html"
    for name in ("input", "text", "number", "email", "url", "password", "hidden", "date",
                 "datetime", "time", "tel", "search", "color", "file", "checkbox")
)  # fmt: skip
#: Templates that are ``input_option.html`` under another name.
OPTIONS = frozenset(
    f"{_FOLDER}{name}.html" for name in ("input_option", "checkbox_option", "radio_option")
)


class QuickRenderer(DjangoTemplates):
    """Django's own renderer, with a short way for plain inputs (フォームの描画)."""

    def render(
        self, template_name: str, context: Mapping[str, Any], request: Any = None
    ) -> SafeString:
        """Write one widget."""
        # A label round the input is drawn by nobody here, and goes the usual way.
        bare = template_name in OPTIONS and not context["widget"].get("wrap_label")
        if bare or template_name in INPUTS:
            return SafeString(_input(context["widget"]))
        return SafeString(super().render(template_name, dict(context), request))


def _input(widget: Mapping[str, Any]) -> str:
    value = widget.get("value")
    shown = "" if value is None else f' value="{_text(value)}"'
    attributes = _attributes(widget["attrs"])
    kind, name = _text(widget["type"]), _text(widget["name"])
    return f'<input type="{kind}" name="{name}"{shown}{attributes}>'


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, SafeData) else str(value))
