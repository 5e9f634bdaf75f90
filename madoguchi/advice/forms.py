"""What the desk knows of days, as values (入力)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum, unique
from typing import Any

from django import forms

from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label


@unique
class Topic(StrEnum):
    """What somebody asks the days of (何の期限か)."""

    CARD = "CARD"  # カードと電子証明書
    MOVE = "MOVE"  # 転入と継続利用
    EXPRESS = "EXPRESS"  # 特急発行
    ABROAD = "ABROAD"  # 国外転出
    UNCOLLECTED = "UNCOLLECTED"  # 受け取られないカード


#: The days each topic asks for; the first is the one without which nothing follows.
DAYS: Mapping[Topic, tuple[str, ...]] = {
    Topic.CARD: ("made_on", "birth_date", "card_expires_on", "certificate_made_on", "stay_until"),
    Topic.MOVE: ("moved_in_on", "planned_move_out_on", "filed_on"),
    Topic.EXPRESS: ("event_on", "birth_date"),
    Topic.ABROAD: ("departs_on",),
    Topic.UNCOLLECTED: (
        "first_notice_on",
        "renotice_on",
        "returned_on",
        "applied_on",
        "hold_until",
    ),
}


class DaysForm(forms.Form):
    """The days of one topic (期限の計算)."""

    def __init__(
        self, *args: Any, topic: Topic, express: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if topic is Topic.EXPRESS:
            self.fields["express_reason"] = forms.ChoiceField(
                label="特急発行の理由", widget=forms.RadioSelect
            )
            offer(self, "express_reason", [
                (one, label(kind="card_express_reason", code=one)) for one in express
            ])  # fmt: skip
        for name in DAYS[topic]:
            self.fields[name] = DayField(label=label(kind="day_known", code=name), required=False)
        if topic is Topic.CARD:
            self.fields["foreign"] = forms.BooleanField(
                label="在留期間に限りのある外国人住民", required=False
            )

    def case(self) -> dict[str, Any]:
        """Return what was told as a case file would hold it (期限の場合)."""
        told = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if value
        }
        if told.pop("foreign", False):
            told["nationality_group"] = "foreign"
        return told
