"""What the desk presses and types, as values (入力)."""

from __future__ import annotations

from django import forms

from madoguchi.kernel.text import check_free_text
from madoguchi.web.forms import DayField

TOWN_MAX = 40


class LetterForm(forms.Form):
    """To which town a request goes, and by when the move is filed (請求書の入力)."""

    old_town = forms.CharField(label="前の市区町村", max_length=TOWN_MAX)
    moved_in_on = DayField(label="住み始めた日", required=False)

    def clean_old_town(self) -> str:
        """Refuse what could not be drawn or is no name of a town."""
        text = str(self.cleaned_data["old_town"]).strip()
        for problem in check_free_text(text, limit=TOWN_MAX, where="old_town"):
            raise forms.ValidationError("", code=problem.code, params=dict(problem.facts))
        return text
