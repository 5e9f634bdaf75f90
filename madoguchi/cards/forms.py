"""What is typed about boxes and cards, as values (入力)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from madoguchi.advice.api import REISSUE_REASONS, DocumentRow, Visitor
from madoguchi.cards.domain.applications import Delivery, MailCondition, PhotoRule
from madoguchi.cards.domain.boxes import Disposal
from madoguchi.cards.domain.card import CardState, plain
from madoguchi.cards.domain.disposal import Means
from madoguchi.cards.domain.handover import Certificate, OldCard
from madoguchi.cards.domain.ledger import shelf_of
from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label, word


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


class TripForm(forms.Form):
    """A trip to plan (出張の予定)."""

    on = DayField(label="出張の日")
    where = forms.CharField(label="行き先", max_length=60, help_text="例 与路島 公民館、ご自宅")
    note = forms.CharField(label="メモ", max_length=200, required=False)


class ApplicationForm(forms.Form):
    """What is told and shown when somebody applies for a card (申請の受付)."""

    application = forms.CharField(required=False, max_length=26, widget=forms.HiddenInput)
    delivery = forms.ChoiceField(label="カードの受取り方", widget=forms.RadioSelect)
    visitor = forms.ChoiceField(label="来ている人", widget=forms.RadioSelect)
    photo = forms.MultipleChoiceField(
        label="写真を見て確かめたこと", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="写真は、たて4.5センチ・よこ3.5センチ。この画面には残しません。1歳になる前は要りません",
    )  # fmt: skip
    documents = forms.MultipleChoiceField(
        label="本人の書類", required=False, widget=forms.CheckboxSelectMultiple
    )
    visitor_documents = forms.MultipleChoiceField(
        label="法定代理人の書類", required=False, widget=forms.CheckboxSelectMultiple
    )
    holder_present = forms.BooleanField(label="本人もいっしょに来ている", required=False)
    guardianship = forms.BooleanField(
        label="法定代理人だと分かる書類を見た、または同じ世帯・本籍がこの町", required=False
    )
    conditions = forms.MultipleChoiceField(
        label="郵送の条件", required=False, widget=forms.CheckboxSelectMultiple
    )
    sheet_label = forms.CharField(
        label="暗証番号設定依頼書の封筒の番号", required=False, max_length=20,
        help_text="封筒に貼った札の番号(例 F-0012)。暗証番号はどこにも書きません",
    )  # fmt: skip
    sheet_closed = forms.BooleanField(label="本人の前で封をした", required=False)
    has_licence = forms.BooleanField(label="いまのカードに免許証の機能がある", required=False)
    knows_lost_licence = forms.BooleanField(
        label="新しいカードには免許証の機能が移らないことを伝えた", required=False
    )
    application_no = forms.CharField(
        label="申請書ID",
        required=False,
        max_length=40,
        help_text="23けた。送るときまでにあればよい",
    )
    age = forms.IntegerField(
        label="年齢", required=False, min_value=0, max_value=130,
        help_text="生年月日が住民票にないときだけ",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, documents: Collection[DocumentRow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = _papers(documents)
        offered: dict[str, list[tuple[str, str]]] = {
            "delivery": [(one, label(kind="card_delivery", code=one)) for one in Delivery],
            "visitor": [
                (one, label(kind="card_visitor", code=one))
                for one in (Visitor.SELF, Visitor.STATUTORY_AGENT)
            ],
            "photo": [(one, label(kind="photo_rule", code=one)) for one in PhotoRule],
            "documents": papers,
            "visitor_documents": papers,
            "conditions": [(one, label(kind="mail_condition", code=one)) for one in MailCondition],
        }
        for name, choices in offered.items():
            offer(self, name, [(str(code), words) for code, words in choices])


class NumberForm(forms.Form):
    """The number under which an application went out (申請書ID)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    application_no = forms.CharField(label="申請書ID", required=False, max_length=40)


class HandOverForm(forms.Form):
    """What is seen and done at the counter when a card is fetched (交付の確認)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    steps = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label="本人が来られない理由", required=False)
    documents = forms.MultipleChoiceField(
        label="本人の書類", required=False, widget=forms.CheckboxSelectMultiple
    )
    visitor_documents = forms.MultipleChoiceField(
        label="来た人の書類", required=False, widget=forms.CheckboxSelectMultiple
    )
    papers = forms.MultipleChoiceField(
        label="受け取ったもの", required=False, widget=forms.CheckboxSelectMultiple
    )
    holder_present = forms.BooleanField(label="本人もいっしょに来ている", required=False)
    face_seen = forms.BooleanField(label="カードの写真と顔が同じ", required=False)
    old_card = forms.ChoiceField(label="これまでのカード", widget=forms.RadioSelect)
    reissue_reason = forms.ChoiceField(label="再交付の理由", required=False)
    pin_set = forms.BooleanField(
        label="暗証番号を設定した（番号はどこにも書きません）", required=False
    )
    certificates = forms.MultipleChoiceField(
        label="電子証明書", required=False, widget=forms.CheckboxSelectMultiple
    )
    fee_paid = forms.BooleanField(label="手数料を受け取った", required=False)
    age = forms.IntegerField(
        label="年齢", required=False, min_value=0, max_value=130,
        help_text="生年月日が分からないときだけ",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, documents: Collection[DocumentRow] = (), papers: Collection[str] = (),
        reasons: Collection[str] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        shown = _papers(documents)
        offered: dict[str, list[tuple[str, str]]] = {
            "reason": [("", "選んでください")]
            + [(one, label(kind="card_reason", code=one)) for one in reasons],
            "documents": shown,
            "visitor_documents": shown,
            "papers": [(one, label(kind="card_need", code=one)) for one in papers],
            "old_card": [(one, label(kind="old_card", code=one)) for one in OldCard],
            "reissue_reason": [("", "選んでください")]
            + [(one, label(kind="reissue_reason", code=one)) for one in REISSUE_REASONS],
            "certificates": [
                (one, label(kind="card_certificate", code=one)) for one in Certificate
            ],
        }
        for name, choices in offered.items():
            offer(self, name, [(str(code), words) for code, words in choices])


class UndoForm(forms.Form):
    """Why a hand-over is taken back (交付の取消し)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(label="取り消す理由", max_length=200)


def _papers(rows: Collection[DocumentRow]) -> list[tuple[str, str]]:
    """Offer documents with the strength the rules speak of (書類の選択肢)."""
    return [
        (row.code, f"{row.strength} {word(kind='card_document', code=row.code)}") for row in rows
    ]


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
    noticed = forms.IntegerField(
        label="最後の通知から何日以上", required=False, min_value=0, max_value=36_500,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
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
