"""What officers type about protection, as values (入力)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django import forms

from madoguchi.protection.domain.blocks import Level, Process, SubjectKind
from madoguchi.protection.domain.errands import ErrandKind
from madoguchi.protection.domain.measures import Category, EndReason, Ground, Scope
from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label

TOWN_CODE = r"^[0-9]{6}$"


def _choices(kind: str, codes: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(code.value, label(kind=kind, code=code.value)) for code in codes]


class TownField(forms.RegexField):
    """A municipality by its six-digit code (団体コード)."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("help_text", "6けたの団体コード")
        given.setdefault("max_length", 6)
        super().__init__(regex=TOWN_CODE, **given)


class IdsField(forms.CharField):
    """Several ids with spaces or lines between them (番号の列)."""

    def clean(self, value: Any) -> frozenset[str]:
        """Return the ids, each once."""
        return frozenset(super().clean(value).split())


class AcceptForm(forms.Form):
    """An application for protection (支援措置の申出)."""

    applicant_id = forms.CharField(
        label="申出者", max_length=40, help_text="本人の画面から開くと、番号が入っています"
    )
    together_ids = IdsField(
        label="あわせて支援を求める人",
        required=False,
        max_length=800,
        help_text="同じ住所の人の番号。空白か改行で区切る",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    category = forms.ChoiceField(label="申出の事由", widget=forms.RadioSelect)
    scope = forms.MultipleChoiceField(label="制限するもの", widget=forms.CheckboxSelectMultiple)
    accepted_on = DayField(label="受付日")
    from_town = TownField(label="連絡してきた市区町村", required=False)
    reference = forms.CharField(
        label="加害者について",
        required=False,
        max_length=2_000,
        help_text="確認に必要なことだけ。支援対象者を見る権限のある職員だけが読めます",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    errand_id = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "category", _choices("measure_category", Category))
        offer(self, "scope", _choices("measure_scope", Scope))


class ConfirmForm(forms.Form):
    """The decision that protection is needed (支援措置の決定)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    begins_on = DayField(label="開始日")
    ground = forms.ChoiceField(label="確認のよりどころ", widget=forms.RadioSelect)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "ground", _choices("measure_ground", Ground))


class VersionForm(forms.Form):
    """The version the officer saw, and nothing else (版)."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ForwardForm(forms.Form):
    """Another town was told (転送)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    town_code = TownField(label="連絡した市区町村")
    sent_on = DayField(label="連絡した日")


class EndForm(forms.Form):
    """A proposal to end a measure (終了の申請)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label="終了の事由", widget=forms.RadioSelect)
    words = forms.CharField(
        label="確かめたこと", max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "reason", _choices("end_reason", EndReason))


class PairsForm(forms.Form):
    """Measures ticked in a list, each with the version that was shown (終了の決定)."""

    pair = forms.MultipleChoiceField(label="終了する支援措置")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # What was shown comes back as "id:version"; the action compares it with live state.
        shown = self.data.getlist("pair") if hasattr(self.data, "getlist") else []
        offer(self, "pair", [(one, one) for one in shown if _is_pair(one)])

    def pairs(self) -> tuple[tuple[str, int], ...]:
        """Return the ticked measures as (id, version seen)."""
        split = (one.rsplit(":", 1) for one in self.cleaned_data["pair"])
        return tuple((measure_id, int(version)) for measure_id, version in split)


class TownRequestForm(forms.Form):
    """A request from another town, on its way into the one queue (他市区町村からの連絡)."""

    kind = forms.ChoiceField(label="用件", widget=forms.RadioSelect)
    from_town = TownField(label="連絡してきた市区町村")
    reference_no = forms.CharField(label="文書番号", required=False, max_length=60)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "kind", _choices("errand_kind", ErrandKind))


class AttachForm(forms.Form):
    """The measure a request belongs to, by its case number (結びつけ)."""

    measure_id = forms.CharField(max_length=40)


class ChannelForm(forms.Form):
    """The system that has been set (確認した連携先)."""

    channel = forms.CharField(max_length=20)


class BlockForm(forms.Form):
    """A block on one process (抑止)."""

    subject_kind = forms.ChoiceField(label="単位", widget=forms.RadioSelect)
    subject_id = forms.CharField(label="人または世帯の番号", max_length=40)
    process = forms.ChoiceField(label="抑止する処理", widget=forms.RadioSelect)
    level = forms.ChoiceField(label="強さ", widget=forms.RadioSelect)
    reason = forms.CharField(label="理由", max_length=400)
    starts_on = DayField(label="始まりの日")
    ends_on = DayField(
        label="終わりの目安", required=False, help_text="この日を過ぎても、自動では解除されません"
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "subject_kind", _choices("block_subject", SubjectKind))
        offer(self, "process", _choices("block_process", Process))
        offer(self, "level", _choices("block_level", Level))


def _is_pair(text: str) -> bool:
    measure_id, colon, version = text.rpartition(":")
    return bool(measure_id and colon) and version.isascii() and version.isdigit()
