"""What is asked to make a key (鍵を作る入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from madoguchi.tokens.domain import DAYS_MAX, NAME_MAX, SECTION_MAX, Scope
from madoguchi.web.messages import label


class TokenForm(forms.Form):
    """Whose key, what it opens, for how long (新しい鍵)."""

    name = forms.CharField(
        label="どのシステムの鍵か", max_length=NAME_MAX, help_text="例 子育て支援課の連携サーバー"
    )
    scopes = forms.MultipleChoiceField(label="使える範囲", widget=forms.CheckboxSelectMultiple)
    section = forms.CharField(
        label="用事の課", max_length=SECTION_MAX, required=False,
        help_text="課の記号（例 SCHOOLS）。空欄なら、すべての課が見えます。",
    )  # fmt: skip
    days = forms.IntegerField(
        label="使える日数",
        min_value=1,
        max_value=DAYS_MAX,
        initial=90,
        help_text="1日から366日まで。",
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(one.value, label(kind="token_scope", code=one.name)) for one in Scope]
