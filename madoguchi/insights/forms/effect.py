"""What is typed and chosen here, as values (入力)."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from typing import Any

from django import forms

from madoguchi.insights.domain.campaigns import NAME_MAX, Campaign, CampaignKind, Counted
from madoguchi.insights.domain.counting import Channel, to_digits
from madoguchi.insights.domain.effect import Inputs
from madoguchi.insights.domain.reading import read_fiscal_year
from madoguchi.kernel.dates import YEARS
from madoguchi.kernel.outcome import Problem
from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label

INPUTS = tuple(one.name for one in fields(Inputs))
#: What can be tried on the board without being kept: what may be agreed otherwise, and residents'.
TRIED = (
    "fixed_yen", "yen_per_issue", "resident_minutes", "resident_yen_per_hour", "ferry_yen",
    "ferry_percent",
)  # fmt: skip
_MOST = {"cashable_percent": 100, "ferry_percent": 100}


def _number(name: str, *, required: bool) -> forms.DecimalField:
    return forms.DecimalField(
        label=label(kind="effect_input", code=name), min_value=0, max_value=_MOST.get(name, 999_999_999), decimal_places=3,
        required=required, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


class TryForm(forms.Form):
    """Inputs tried on the board and kept nowhere (試しの値)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TRIED:
            self.fields[name] = _number(name, required=False)

    def show(self, inputs: Inputs) -> None:
        """Show in each empty box what is reckoned with now (いまの値)."""
        for name in TRIED:
            now = f"{to_digits(getattr(inputs, name), 3).normalize():f}"
            self.fields[name].widget.attrs["placeholder"] = now

    def tried(self) -> dict[str, Fraction]:
        """Return what was typed; an empty box stays what it was (試す値)."""
        given = self.cleaned_data
        return {name: Fraction(given[name]) for name in TRIED if given.get(name) is not None}


class InputsForm(forms.Form):
    """What the calculation takes for granted from a year on (前提の値の入力)."""

    channel = forms.ChoiceField(label="どの方法の")
    from_year = forms.CharField(label="どの年度から", max_length=12, help_text="例 令和6年度")
    source = forms.CharField(
        label="出どころ",
        max_length=200,
        help_text="だれが、いつ、どう測ったか。例 R6.4月の測定、契約書",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = (Channel.STORE, Channel.KIOSK)
        offer(self, "channel", [(one.value, channel_words(one)) for one in choices])
        for name in INPUTS:
            self.fields[name] = _number(name, required=True)

    def clean_from_year(self) -> int:
        """Read a fiscal year in any way people write one."""
        year = read_fiscal_year(self.cleaned_data["from_year"])
        if isinstance(year, Problem):
            raise forms.ValidationError("", code="EFFECT_INPUT_YEAR")
        return year

    def given(self) -> dict[str, Any]:
        """Return the values of a form that is right (前提の値)."""
        values = self.cleaned_data
        return {
            "channel": Channel(values["channel"]), "from_year": values["from_year"],
            "source": values["source"],
            "inputs": Inputs(**{name: Fraction(values[name]) for name in INPUTS}),
        }  # fmt: skip


class TableForm(forms.Form):
    """A table of counts to take in (件数の表の取込み)."""

    name = forms.CharField(
        label="表の名前", max_length=60, help_text="例 コンビニ交付の実績 令和6年度まで"
    )
    file = forms.FileField(
        label="CSVのファイル",
        help_text="年度ごと（年度・稼働月数・交付全体・交付実績、あれば月平均）か、"
        "月ごと（年度・月・種類・方法・件数）",
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )


class RowsForm(forms.Form):
    """Which rows are to be seen (内訳の絞り込み)."""

    year = forms.IntegerField(required=False, min_value=YEARS[0], max_value=YEARS[-1])
    month = forms.IntegerField(required=False, min_value=1, max_value=12)
    channel = forms.ChoiceField(required=False)
    kind = forms.CharField(required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "channel", [("", ""), *((one.value, one.value) for one in Channel)])


class CampaignForm(forms.Form):
    """A class, a fair or a spot (催しの入力)."""

    name = forms.CharField(
        label="名前", max_length=NAME_MAX, help_text="例 優しいスマホ教室（諸鈍）"
    )
    kind = forms.ChoiceField(label="種類")
    begins_on = DayField(label="はじめの日")
    ends_on = DayField(label="おわりの日（1日だけなら同じ日）")
    cost_yen = forms.IntegerField(
        label="かかった費用（円、わからなければ空けておく）", required=False, min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", _words("campaign_kind", CampaignKind))

    def given(self) -> Campaign:
        """Return the campaign of a form that is right (催し)."""
        values = self.cleaned_data
        return Campaign(**{**values, "kind": CampaignKind(values["kind"])})


class CountForm(forms.Form):
    """How many came, or came back (数の入力)."""

    what = forms.ChoiceField(label="何を数えたか")
    on = DayField(label="日")
    number = forms.IntegerField(
        label="人数", min_value=0, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "what", _words("campaign_counted", Counted))


class CostForm(forms.Form):
    """What it cost (費用の入力)."""

    cost_yen = forms.IntegerField(
        label="かかった費用（円）", min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


def _words(kind: str, values: Any) -> list[tuple[str, str]]:
    return [(one.value, label(kind=kind, code=one.value)) for one in values]


def channel_words(channel: Channel) -> str:
    """Return how a channel is called on the screen (方法の名前)."""
    return label(kind="effect_channel", code=channel.value)
