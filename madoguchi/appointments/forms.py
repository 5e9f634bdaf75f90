"""What the desk types about bookings and the line, as values (入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from madoguchi.appointments.actions.openings import DayOpening
from madoguchi.appointments.domain.services import BY_NAME, Errand, Kind, OpeningKind, Place
from madoguchi.kernel.daytimes import Span
from madoguchi.web.forms import ClockField, DayField, offer
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
    place = forms.CharField(label="場所", max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", kinds())

    def party(self) -> tuple[Errand, ...]:
        """Return the party: so many people with one matter (用件)."""
        kind = Kind(self.cleaned_data["kind"])
        return tuple(Errand(kind=kind) for _ in range(self.cleaned_data["people"]))


class MoveForm(forms.Form):
    """Another time for a booking (予約の変更)."""

    on = DayField(label="日")
    begins = forms.IntegerField(label="時刻", min_value=0, max_value=1_439)


class ReminderForm(forms.Form):
    """Where the reminder goes; empty: nowhere (お知らせの宛先)."""

    mail = forms.EmailField(
        label="お知らせのメール", required=False, max_length=254,
        help_text="前の日に、日時と場所と予約番号だけを送ります。空にすると送りません",
    )  # fmt: skip


class OpenDayForm(forms.Form):
    """A day to open by name (受付日)."""

    kind = forms.ChoiceField(
        label="種類", widget=forms.RadioSelect, initial=OpeningKind.OUTREACH.value
    )
    place = forms.ChoiceField(label="場所")
    on = DayField(label="日")
    begins = ClockField(label="始まり")
    ends = ClockField(label="終わり")
    lanes = forms.IntegerField(label="窓口の数", min_value=1, max_value=20, initial=1)
    step_minutes = forms.IntegerField(
        label="予約のきざみ（分）", min_value=5, max_value=120, initial=30
    )
    lands = ClockField(label="船が着く", required=False, help_text="島へ行く日だけ")
    leaves = ClockField(label="船が出る", required=False, help_text="島へ行く日だけ")
    with_terminals = forms.BooleanField(label="統合端末も動かす", required=False)

    def __init__(self, *args: Any, places: tuple[Place, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [
            (one.value, label(kind="opening_kind", code=one.value))
            for one in OpeningKind if one in BY_NAME
        ])  # fmt: skip
        offer(self, "place", [(one.place, one.name) for one in places])

    def clean(self) -> dict[str, Any]:
        """Make one stretch of begin and end."""
        given = self.cleaned_data
        begins, ends = given.get("begins"), given.get("ends")
        if begins is not None and ends is not None:
            if begins >= ends:
                self.add_error("ends", forms.ValidationError("", code="OPENING_ENDS_FIRST"))
            else:
                given["span"] = Span(begins=begins, ends=ends)
        return given

    def opening(self) -> DayOpening:
        """Return the day as a value (受付日)."""
        given = self.cleaned_data
        return DayOpening(
            place=given["place"], kind=OpeningKind(given["kind"]), on=given["on"],
            span=given["span"], lanes=given["lanes"], step_minutes=given["step_minutes"],
            lands=given["lands"], leaves=given["leaves"], with_terminals=given["with_terminals"],
        )  # fmt: skip


class CloseDayForm(forms.Form):
    """A day on which nobody is booked (受付の休み)."""

    place = forms.ChoiceField(label="場所")
    on = DayField(label="日")
    reason = forms.CharField(
        label="理由", max_length=60, help_text="例 台風のため船が出ない。氏名は書きません"
    )

    def __init__(self, *args: Any, places: tuple[Place, ...], **kwargs: Any) -> None:
        # Two forms of one page: their fields must not share their ids.
        kwargs.setdefault("auto_id", "id_close_%s")
        super().__init__(*args, **kwargs)
        offer(self, "place", [(one.place, one.name) for one in places])
