"""What the desk types about a map (入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from madoguchi.journeys.domain.maps import NUMBERS, TEXT_MAX, Evidence, Field, Phase
from madoguchi.web.forms import offer
from madoguchi.web.messages import label, word

_FILE_LETTERS_MAX = 524_288


class CellForm(forms.Form):
    """One cell and what it rests on (欄の入力)."""

    value = forms.CharField(label="中身", required=False, max_length=TEXT_MAX)
    evidence = forms.ChoiceField(label="何をもとに", widget=forms.RadioSelect)

    def __init__(self, *args: Any, name: Field, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = word(kind="journey_field", code=name.value)
        if name in NUMBERS:
            least, most = NUMBERS[name]
            self.fields["value"].help_text = word(kind="journey_hint", code="NUMBER").format(
                least=least, most=f"{most:,}"
            )
        else:
            self.fields["value"].help_text = "人の名前は書かない。分からないときは空に"
        offer(self, "evidence", _words("journey_evidence", Evidence))


class StepForm(forms.Form):
    """A step to add (行動の入力)."""

    phase = forms.ChoiceField(label="局面")
    lane = forms.ChoiceField(label="段")
    doing = forms.CharField(label="すること", max_length=TEXT_MAX)

    def __init__(self, *args: Any, lanes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "phase", _words("journey_phase", Phase))
        offer(self, "lane", [(code, label(kind="journey_lane", code=code)) for code in lanes])


class FileForm(forms.Form):
    """A map as a file (ファイルの入力)."""

    file = forms.FileField(label="マップのファイル（JSON か CJML）", max_length=200)

    def text(self) -> str | None:
        """Return what the file says, or None where it is no text or too long (中身)."""
        file = self.cleaned_data["file"]
        if file.size > _FILE_LETTERS_MAX:
            return None
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            return None


def _words(kind: str, values: Any) -> list[tuple[str, str]]:
    return [(one.value, label(kind=kind, code=one.value)) for one in values]
