"""What the desk presses and types, as values (入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from madoguchi.residence.domain.case import Evidence, Lives, Outcome, Seen, Source, Visit
from madoguchi.residence.domain.notices import Ground
from madoguchi.residence.domain.rules import REASON_MAX
from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label


class EvidenceForm(forms.Form):
    """What a source answered: yes, no or unclear, and for which time (答えの入力)."""

    source = forms.ChoiceField(label="聞いた先")
    asked_on = DayField(label="聞いた日")
    lives = forms.ChoiceField(label="答え")
    since = DayField(label="いつから", required=False)
    until = DayField(label="いつまで", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "source", _words("residence_source", Source))
        offer(self, "lives", _words("residence_lives", Lives))

    def found(self) -> Evidence:
        """Return the answer of a form that is right (答え)."""
        given = self.cleaned_data
        return Evidence(
            source=Source(given["source"]), lives=Lives(given["lives"]),
            asked_on=given["asked_on"], since=given["since"], until=given["until"],
        )  # fmt: skip


class VisitForm(forms.Form):
    """What two officers found at the door (訪問の入力)."""

    on = DayField(label="訪問した日")
    officers = forms.CharField(label="職員（2人以上、読点で区切る）", max_length=80)
    seen = forms.ChoiceField(label="分かったこと")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "seen", _words("residence_seen", Seen))

    def made(self) -> Visit:
        """Return the visit of a form that is right (訪問)."""
        given = self.cleaned_data
        names = str(given["officers"]).replace(",", "、").split("、")
        officers = tuple(one.strip() for one in names if one.strip())
        return Visit(on=given["on"], officers=officers, seen=Seen(given["seen"]))


class ProposalForm(forms.Form):
    """What is proposed to a second person, and why (決定の案の入力)."""

    outcome = forms.ChoiceField(label="どうするか")
    reason = forms.CharField(label="理由", max_length=REASON_MAX, required=False)
    weighed = forms.BooleanField(label="住んでいると言う答えも見て決めた", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "outcome", _words("residence_outcome", Outcome))


class NoticeForm(forms.Form):
    """Where they are known to be now, outside the register (知れている居所の入力)."""

    postcode = forms.CharField(label="郵便番号", max_length=8, help_text="例 894-1508")
    address = forms.CharField(label="いまいると知れている所", max_length=120)
    building = forms.CharField(label="方書", max_length=120, required=False)


class GroundForm(forms.Form):
    """Why a notice is posted in public instead of sent (公示の理由の入力)."""

    ground = forms.ChoiceField(label="手紙にしない理由")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "ground", _words("residence_ground", Ground))


class HangForm(forms.Form):
    """On which day a paper was put up or taken down (掲示の日の入力)."""

    on = DayField(label="掲示した日・外した日")


def _words(kind: str, values: Any) -> list[tuple[str, str]]:
    return [(one.value, label(kind=kind, code=one.value)) for one in values]
