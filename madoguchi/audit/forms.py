"""What narrows the list of entries (記録の絞り込み)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from madoguchi.audit.domain import Kind
from madoguchi.web.messages import label

#: A search over more days than this is an export's work, not a page's.
DAYS_MAX = 366


def _day(words: str) -> forms.DateField:
    return forms.DateField(
        label=words,
        required=True,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class FilterForm(forms.Form):
    """Which entries are wanted (絞り込み)."""

    person = forms.CharField(label="住民の番号", max_length=80, required=False)
    staff = forms.CharField(label="職員番号", max_length=40, required=False)
    kind = forms.ChoiceField(label="種類", required=False)
    since = _day("はじめの日")
    until = _day("おわりの日")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        words = [(one.value, label(kind="audit_kind", code=one.value)) for one in Kind]
        kind.choices = [("", "すべて"), *words]

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order, or too many of them."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if isinstance(since, date) and isinstance(until, date):
            if until < since:
                self.add_error("until", ValidationError("", code="AUDIT_DAYS_REVERSED"))
            elif until - since > timedelta(days=DAYS_MAX):
                self.add_error("since", ValidationError("", code="AUDIT_TOO_MANY_DAYS"))
        return cleaned
