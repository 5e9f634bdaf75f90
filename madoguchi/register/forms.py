"""Forms of this room (入力)."""

from __future__ import annotations

from django import forms


class ImportForm(forms.Form):
    """The files of an import (取込みファイル)."""

    register = forms.FileField(label="住民(register.csv)")
    history = forms.FileField(
        label="異動履歴(events.csv)", required=False, help_text="過去の版があるときだけ"
    )
    latest = forms.FileField(
        label="最新の異動(latest.csv)",
        required=False,
        help_text="最新の版の事由と日付があるときだけ",
    )
    numbers = forms.FileField(
        label="個人番号(numbers.csv)", required=False, help_text="ほかのファイルには入れられません"
    )
