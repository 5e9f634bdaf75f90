"""What the pages post (入力)."""

from __future__ import annotations

from dataclasses import fields

from django import forms

from madoguchi.dispatch.domain.envelope import Envelope
from madoguchi.dispatch.domain.letters import ReturnReason
from madoguchi.dispatch.domain.parcels import Direction, Enclosed, ParcelState
from madoguchi.dispatch.domain.renotices import RenoticeRule
from madoguchi.dispatch.queries.rules import DatedEnvelope
from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label


class ReturnForm(forms.Form):
    """A letter that came back: what was scanned and what the post office wrote (返戻)."""

    scanned = forms.CharField(label="封筒の番号（スキャン）", max_length=40)
    reason = forms.ChoiceField(label="返戻の理由", widget=forms.RadioSelect)
    returned_on = DayField(label="戻ってきた日")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they came
        offer(
            self, "reason", [(o.value, label(kind="return_reason", code=o)) for o in ReturnReason]
        )


class ParcelForm(forms.Form):
    """A parcel that is prepared or has come in (授受の開始)."""

    direction = forms.ChoiceField(label="送るか、受けるか", widget=forms.RadioSelect)
    other_town = forms.CharField(label="相手の市区町村", max_length=60)
    about_no = forms.CharField(label="整理番号", max_length=40, required=False)
    enclosed = forms.MultipleChoiceField(label="同封した物", widget=forms.CheckboxSelectMultiple)
    secret_sealed = forms.BooleanField(label="暗証番号の封筒は、封をしてある", required=False)
    tracking_no = forms.CharField(
        label="お問い合わせ番号（受けるとき）", max_length=20, required=False
    )
    state = forms.ChoiceField(label="受けたときの封", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they came
        offer(
            self,
            "direction",
            [(o.value, label(kind="parcel_direction", code=o)) for o in Direction],
        )
        offer(self, "enclosed", [(o.value, label(kind="enclosed", code=o)) for o in Enclosed])
        found = (ParcelState.RECEIVED_SEALED, ParcelState.RECEIVED_OPEN)
        offer(self, "state", [(o.value, label(kind="parcel_state", code=o)) for o in found])


class RedactForm(forms.Form):
    """A scan of a form, and which printing it is (暗証番号欄の消去)."""

    scan = forms.FileField(
        label="読み取った届書（1枚）",
        help_text="PNG、JPEG、TIFF、PDF。このファイルは、どこにも保存されません。",
        allow_empty_file=True,
    )
    template = forms.ChoiceField(label="様式", widget=forms.RadioSelect)

    def __init__(self, *args: object, names: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they came
        offer(self, "template", [(one, one) for one in names])


class RuleForm(forms.Form):
    """What every rule of the town has: its first day, and where it is from (決まり)."""

    valid_from = DayField(label="いつから")
    source = forms.CharField(label="よりどころ", max_length=200, help_text="要綱の条や、決めた日")

    def __init__(self, *args: object, **kwargs: object) -> None:
        # Several of them stand on one page, and each box has a name of its own there.
        kwargs.setdefault("auto_id", f"id_{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they came


class RenoticeForm(RuleForm):
    """After how many days the next notice goes out (再通知の決まり)."""

    first_days = forms.IntegerField(label="通知から再通知まで（日）")
    second_days = forms.IntegerField(label="再通知から最終通知まで（日）")
    field_order = ("first_days", "second_days", "valid_from", "source")

    def rule(self) -> RenoticeRule:
        """Return the rule that was typed."""
        given = self.cleaned_data
        return RenoticeRule(
            valid_from=given["valid_from"], source=given["source"],
            first_days=given["first_days"], second_days=given["second_days"],
        )  # fmt: skip


def _millimetres(label: str) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=0, max_value=400)


class EnvelopeForm(RuleForm):
    """An envelope as a ruler measures it, in millimetres (封筒)."""

    inner_width_mm = _millimetres("内のりの幅（ミリ）")
    inner_height_mm = _millimetres("内のりの高さ（ミリ）")
    window_left_mm = _millimetres("左のはしから窓まで（ミリ）")
    window_top_mm = _millimetres("上のはしから窓まで（ミリ）")
    window_width_mm = _millimetres("窓の幅（ミリ）")
    window_height_mm = _millimetres("窓の高さ（ミリ）")
    first_fold_mm = _millimetres("紙の上から一つ目の折り目（ミリ）")
    second_fold_mm = _millimetres("紙の上から二つ目の折り目（ミリ）")

    def row(self) -> DatedEnvelope:
        """Return the envelope that was typed, and from when it is used."""
        given = self.cleaned_data
        return DatedEnvelope(
            valid_from=given["valid_from"], source=given["source"],
            envelope=Envelope(**{one.name: given[one.name] for one in fields(Envelope)}),
        )  # fmt: skip
