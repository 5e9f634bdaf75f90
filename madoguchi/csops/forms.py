"""What the desk types about its terminals, as values (入力)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from madoguchi.csops.domain.load import check_stretch
from madoguchi.csops.domain.terminals import Purpose
from madoguchi.kernel.daytimes import DAY_MINUTES, Span
from madoguchi.web.forms import ClockField, DayField, offer
from madoguchi.web.messages import label


class ReserveForm(forms.Form):
    """Minutes of a terminal for set-up or upkeep (端末の確保)."""

    purpose = forms.ChoiceField(label="用途", widget=forms.RadioSelect, initial=Purpose.SETUP.value)
    on = DayField(label="日")
    begins = ClockField(label="始まり")
    minutes = forms.IntegerField(label="長さ（分）", initial=60)
    note = forms.CharField(
        label="覚え", required=False, max_length=60, help_text="例 箱 2026-031。氏名は書きません"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "purpose", [
            (one.value, label(kind="terminal_purpose", code=one.value))
            for one in (Purpose.SETUP, Purpose.UPKEEP)
        ])  # fmt: skip

    def clean_minutes(self) -> int:
        """Return a length that can be one."""
        minutes = int(self.cleaned_data["minutes"])
        for problem in check_stretch(minutes):
            raise ValidationError("", code=problem.code)
        return minutes

    def clean(self) -> dict[str, Any]:
        """Make one stretch of begin and length."""
        given = self.cleaned_data
        begins, minutes = given.get("begins"), given.get("minutes")
        if begins is not None and minutes is not None:
            if begins + minutes > DAY_MINUTES:
                self.add_error("minutes", ValidationError("", code="TERMINAL_MINUTES_UNKNOWN"))
            else:
                given["span"] = Span(begins=begins, ends=begins + minutes)
        return given


class SeatForm(forms.Form):
    """Who sits at a terminal (当番)."""

    terminal_no = forms.ChoiceField(label="端末", widget=forms.RadioSelect)
    staff_id = forms.ChoiceField(label="だれが")
    begins = ClockField(label="始まり")
    ends = ClockField(label="終わり")

    def __init__(
        self, *args: Any, terminals: list[tuple[str, str]], staff: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        offer(self, "terminal_no", terminals)
        offer(self, "staff_id", staff)

    def clean(self) -> dict[str, Any]:
        """Make one stretch of begin and end."""
        given = self.cleaned_data
        begins, ends = given.get("begins"), given.get("ends")
        if begins is not None and ends is not None:
            if begins >= ends:
                self.add_error("ends", ValidationError("", code="ROW_SPAN_BACKWARDS"))
            else:
                given["span"] = Span(begins=begins, ends=ends)
        return given
