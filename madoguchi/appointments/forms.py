"""What the desk types about bookings and the line, as values (入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from madoguchi.appointments.actions.openings import DayOpening
from madoguchi.appointments.domain.services import (
    BY_NAME,
    Errand,
    Kind,
    Opening,
    OpeningKind,
    Place,
    Service,
    Terms,
)
from madoguchi.web.forms import ClockField, DayField, SpanForm, WeeklyForm, offer
from madoguchi.web.messages import label, word

#: The choice of a place whose terminals stand in it.
OWN = "-"


def kinds() -> list[tuple[str, str]]:
    """Return every kind of visit with its words (用件)."""
    return [(one.value, word(kind="visit_kind", code=one.value)) for one in Kind]


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


class OpenDayForm(SpanForm):
    """A day to open by name (受付日)."""

    kind = forms.ChoiceField(
        label="種類", widget=forms.RadioSelect, initial=OpeningKind.OUTREACH.value
    )
    place = forms.ChoiceField(label="場所")
    on = DayField(label="日")
    lanes = forms.IntegerField(label="窓口の数", min_value=1, max_value=20, initial=1)
    step_minutes = forms.IntegerField(
        label="予約のきざみ（分）", min_value=5, max_value=120, initial=30
    )
    lands = ClockField(label="船が着く", required=False, help_text="島へ行く日だけ")
    leaves = ClockField(label="船が出る", required=False, help_text="島へ行く日だけ")
    with_terminals = forms.BooleanField(label="統合端末も動かす", required=False)
    field_order = ("kind", "place", "on", "begins", "ends")

    def __init__(self, *args: Any, places: tuple[Place, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [
            (one.value, label(kind="opening_kind", code=one.value))
            for one in OpeningKind if one in BY_NAME
        ])  # fmt: skip
        offer(self, "place", [(one.place, one.name) for one in places])

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


class WeeklyOpeningForm(WeeklyForm):
    """When people with a booking are seen at a place, every week (毎週の受付枠)."""

    kind = forms.ChoiceField(
        label="種類", widget=forms.RadioSelect, initial=OpeningKind.REGULAR.value
    )
    place = forms.ChoiceField(label="場所")
    lanes = forms.IntegerField(label="窓口の数", min_value=1, max_value=20, initial=1)
    step_minutes = forms.IntegerField(
        label="予約のきざみ（分）", min_value=5, max_value=120, initial=15
    )
    lands = ClockField(label="船が着く", required=False, help_text="島の受付だけ")
    leaves = ClockField(label="船が出る", required=False, help_text="島の受付だけ")
    source = forms.CharField(
        label="よりどころ",
        required=False,
        max_length=200,
        help_text="例 令和9年4月の課内の取り決め",
    )
    field_order = ("kind", "place", "weekdays", "nth")

    def __init__(self, *args: Any, places: tuple[Place, ...], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_opening_%s")
        super().__init__(*args, **kwargs)
        offer(self, "kind", [
            (one.value, label(kind="opening_kind", code=one.value))
            for one in OpeningKind if one not in BY_NAME
        ])  # fmt: skip
        offer(self, "place", [(one.place, one.name) for one in places])

    def opening(self) -> Opening:
        """Return the row as a value (毎週の受付枠)."""
        given = self.cleaned_data
        return Opening(
            kind=OpeningKind(given["kind"]), rule=self.rule(), span=given["span"],
            lanes=given["lanes"], step_minutes=given["step_minutes"], lands=given["lands"],
            leaves=given["leaves"],
        )  # fmt: skip


class ServiceForm(forms.Form):
    """How long a kind of visit takes, from a day on (用件の所要時間)."""

    kind = forms.ChoiceField(label="用件")
    minutes = forms.IntegerField(label="一人目（分）", min_value=1, max_value=720)
    further_minutes = forms.IntegerField(label="一人ふえるごとに（分）", min_value=0, max_value=720)
    needs_terminal = forms.BooleanField(label="統合端末を使う", required=False)
    bookable = forms.BooleanField(label="予約を受ける", required=False, initial=True)
    valid_from = DayField(label="いつから")
    source = forms.CharField(label="よりどころ", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_service_%s")
        super().__init__(*args, **kwargs)
        offer(self, "kind", kinds())

    def service(self) -> Service:
        """Return the row as a value (用件の所要時間)."""
        given = dict(self.cleaned_data)
        given.pop("source")
        return Service(**given | {"kind": Kind(given["kind"])})


class TermsForm(forms.Form):
    """By which rules people book, from a day on (予約の決まり)."""

    hold_minutes = forms.IntegerField(label="仮押さえの長さ（分）")
    ahead_days = forms.IntegerField(label="何日先まで予約できるか")
    web_lead_days = forms.IntegerField(label="住民の画面では何日前まで予約できるか")
    change_until_days = forms.IntegerField(label="住民の画面では何日前まで変えられるか")
    late_minutes = forms.IntegerField(label="何分おくれると番を失うか")
    party_max = forms.IntegerField(label="一度に何人まで")
    valid_from = DayField(label="いつから")
    source = forms.CharField(label="よりどころ", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_terms_%s")
        super().__init__(*args, **kwargs)

    def terms(self) -> Terms:
        """Return the row as a value (予約の決まり)."""
        given = dict(self.cleaned_data)
        given.pop("source")
        return Terms(**given)


class PlaceForm(forms.Form):
    """A place where people are seen (受付場所)."""

    name = forms.CharField(label="名前", max_length=40)
    terminals_of = forms.ChoiceField(
        label="使う統合端末", required=False, help_text="なければ、端末のいる用件は予約できません"
    )

    def __init__(self, *args: Any, places: tuple[Place, ...], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_place_%s")
        super().__init__(*args, **kwargs)
        there = sorted({one.terminals_of for one in places if one.terminals_of})
        offer(self, "terminals_of", [
            ("", "ありません"), (OWN, "この場所にある端末"), *((one, one) for one in there),
        ])  # fmt: skip

    def place(self) -> Place:
        """Return the place as a value (受付場所)."""
        name = self.cleaned_data["name"].strip()
        terminals = self.cleaned_data["terminals_of"]
        return Place(place=name, name=name, terminals_of=name if terminals == OWN else terminals)
