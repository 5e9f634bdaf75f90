"""What the desk types about its terminals, as values (入力)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from madoguchi.csops.domain.load import check_stretch
from madoguchi.csops.domain.terminals import Hours, Purpose
from madoguchi.kernel.daytimes import DAY_MINUTES, Span
from madoguchi.web.forms import ClockField, DayField, SpanForm, WeeklyForm, offer
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


class SeatForm(SpanForm):
    """Who sits at a terminal (当番)."""

    terminal_no = forms.ChoiceField(label="端末", widget=forms.RadioSelect)
    staff_id = forms.ChoiceField(label="だれが")
    field_order = ("terminal_no", "staff_id")

    def __init__(
        self, *args: Any, terminals: list[tuple[str, str]], staff: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        offer(self, "terminal_no", terminals)
        offer(self, "staff_id", staff)


class HoursForm(WeeklyForm):
    """When the terminals of a place are worked at, every week (稼働時間)."""

    place = forms.ChoiceField(label="場所")
    walk_in_percent = forms.IntegerField(
        label="予約なしの人のために空けておく割合（%）", min_value=0, max_value=100, initial=40
    )
    source = forms.CharField(label="よりどころ", required=False, max_length=200)
    field_order = ("place", "weekdays", "nth")

    def __init__(self, *args: Any, places: tuple[str, ...], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_hours_%s")
        super().__init__(*args, **kwargs)
        offer(self, "place", [(one, one) for one in places])

    def hours(self) -> Hours:
        """Return the row as a value (稼働時間)."""
        given = self.cleaned_data
        return Hours(rule=self.rule(), span=given["span"], walk_in_percent=given["walk_in_percent"])


class TerminalForm(forms.Form):
    """A terminal that serves from a day on (統合端末)."""

    terminal_no = forms.CharField(label="番号", max_length=8, help_text="例 CS3")
    name = forms.CharField(label="名前", max_length=60, help_text="例 3号機（入口側）")
    place = forms.CharField(label="場所", max_length=40)
    valid_from = DayField(label="いつから")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_terminal_%s")
        super().__init__(*args, **kwargs)


class ClosedDayForm(forms.Form):
    """A day on which no terminal of a place works (端末の休止日)."""

    place = forms.ChoiceField(label="場所")
    on = DayField(label="日")
    reason = forms.CharField(label="理由", max_length=60, help_text="例 統合端末の更新")

    def __init__(self, *args: Any, places: tuple[str, ...], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_closed_%s")
        super().__init__(*args, **kwargs)
        offer(self, "place", [(one, one) for one in places])
