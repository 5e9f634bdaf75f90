"""What is typed about boxes and cards, as values (入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from madoguchi.cards.domain.boxes import Disposal
from madoguchi.cards.domain.card import CardState, plain
from madoguchi.cards.domain.disposal import Means
from madoguchi.cards.domain.ledger import shelf_of
from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label


class OpenForm(forms.Form):
    """A box to open (箱の受入れ)."""

    box_no = forms.CharField(label="箱番号", max_length=40, help_text="箱の札のとおり。例 2026-031")
    received_on = DayField(label="受領日")
    counted_in = forms.IntegerField(
        label="数えた枚数",
        help_text="箱を開けて、手で数えた数",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    listed = forms.FileField(
        label="送付一覧", required=False, help_text="ExcelかCSV。列の順はどれでもかまいません"
    )


class CountForm(forms.Form):
    """How many cards were counted (枚数)."""

    counted = forms.IntegerField(label="枚数")
    without_listed = forms.BooleanField(required=False)


class DisposalForm(forms.Form):
    """What became of an empty box (箱の処分)."""

    how = forms.ChoiceField(label="方法", widget=forms.RadioSelect)
    on = DayField(label="処分した日")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "how", [(one, label(kind="box_disposal", code=one)) for one in Disposal])


class AcceptForm(forms.Form):
    """How it was made sure that a card may go on (理由の確認)."""

    code = forms.CharField(max_length=40)
    version = forms.IntegerField()
    reason = forms.CharField(label="どう確かめたか", max_length=200, required=False)


class PrintedForm(forms.Form):
    """What a card says, where no list said it (券面の入力)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="券面の氏名", max_length=100)
    birth = DayField(label="券面の生年月日")


class LedgerForm(forms.Form):
    """Which cards are wanted (管理簿のしぼりこみ)."""

    number = forms.CharField(label="交付通知書番号", required=False, max_length=20)
    state = forms.ChoiceField(label="状態", required=False)
    shelf = forms.CharField(label="棚(例 A、A-2)", required=False, max_length=10)
    box = forms.CharField(label="箱番号", required=False, max_length=40)
    days = forms.IntegerField(
        label="受領から何日以上",
        required=False,
        min_value=0,
        max_value=36_500,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(one.value, label(kind="card_state", code=one.value)) for one in CardState]
        offer(self, "state", [("", "すべて"), *states])

    def clean_number(self) -> str:
        """Take a number as scanned or typed."""
        return plain(self.cleaned_data["number"])

    def clean_shelf(self) -> str:
        """Take a shelf as its label says it, in any width."""
        return shelf_of(self.cleaned_data["shelf"])

    def clean_box(self) -> str:
        """Take a box as its label says it, in any width."""
        return plain(self.cleaned_data["box"])


class LedgerFileForm(forms.Form):
    """A ledger file to take in (管理簿の取込み)."""

    listed = forms.FileField(
        label="管理簿のファイル",
        help_text="ExcelかCSV。列の順はどれでもよく、知らない列もそのまま残します",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class MeansForm(forms.Form):
    """How cards are destroyed (廃棄の方法)."""

    means = forms.ChoiceField(label="方法", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "means", [(one, label(kind="card_means", code=one)) for one in Means])
