"""What the desk types about bookings and the line, as values (入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from madoguchi.appointments.domain.services import Errand, Kind
from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label


def kinds() -> list[tuple[str, str]]:
    """Return every kind of visit with its words (用件)."""
    return [(one.value, label(kind="visit_kind", code=one.value)) for one in Kind]


class BookForm(forms.Form):
    """A time somebody on the telephone said yes to (電話の予約)."""

    kind = forms.ChoiceField(label="用件")
    people = forms.IntegerField(label="人数", min_value=1, max_value=20)
    on = DayField(label="日")
    begins = forms.IntegerField(label="時刻", min_value=0, max_value=1_439)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", kinds())

    def party(self) -> tuple[Errand, ...]:
        """Return the party: so many people with one matter (用件)."""
        kind = Kind(self.cleaned_data["kind"])
        return tuple(Errand(kind=kind) for _ in range(self.cleaned_data["people"]))
