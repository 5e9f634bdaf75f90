"""What the desk types about its machines, as values (入力)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from madoguchi.infra.clock import JAPAN
from madoguchi.kiosk.domain.cases import Decision
from madoguchi.kiosk.domain.hours import MONTH_DAY, ClosedTime, Hours, YearlyClosing
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.shops import Shop
from madoguchi.kiosk.queries.books import CHANNELS
from madoguchi.kiosk.queries.tables import SHOP_CHANNEL
from madoguchi.web.forms import DayField, offer
from madoguchi.web.messages import label

_WEEKDAYS = "月火水木金土日"
_TIMES = ["%H:%M", "%H%M", "%H時%M分"]
_NIGHT = "例 8:30、1715"


def _time(words: str) -> forms.TimeField:
    return forms.TimeField(
        label=words, input_formats=_TIMES, help_text=_NIGHT,
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
    )  # fmt: skip


def _choices(kind: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, label(kind=kind, code=code)) for code in codes]


class TerminalForm(forms.Form):
    """A machine to register (端末の登録)."""

    terminal_no = forms.CharField(
        label="端末番号", max_length=8, help_text="発行番号に入ります。例 K1"
    )
    name = forms.CharField(label="名前", max_length=60, help_text="例 庁舎ホール")
    place = forms.CharField(
        label="置き場所", max_length=40, help_text="交付の記録に残ります。例 本庁"
    )
    channel = forms.ChoiceField(label="経路", widget=forms.RadioSelect, initial="KIOSK")
    methods = forms.MultipleChoiceField(
        label="支払い方法", widget=forms.CheckboxSelectMultiple, initial=["COIN_BOX"]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "channel", _choices("kiosk_channel", CHANNELS))
        offer(self, "methods", _choices("kiosk_method", Method))


class EnrolForm(forms.Form):
    """The word of a registration, typed at the machine itself (端末の合言葉)."""

    word = forms.CharField(
        label="合言葉", max_length=100,
        widget=forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why a machine is stopped (停止の理由)."""

    reason = forms.CharField(label="理由", max_length=200, help_text="例 印刷機の点検")


class CountForm(forms.Form):
    """What lay in the coin box (料金箱の計数)."""

    counted_yen = forms.IntegerField(
        label="数えた額（円）", min_value=0, max_value=10_000_000,
        help_text="数えたら、料金箱は空にしてください。",
    )  # fmt: skip


class DecisionForm(forms.Form):
    """What was found and decided (判断)."""

    decision = forms.ChoiceField(label="わかったこと", widget=forms.RadioSelect)
    note = forms.CharField(
        label="何が起きて、どう確かめたか", max_length=2_000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, decisions: Iterable[Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "decision", _choices("kiosk_decision", decisions))


class HoursForm(forms.Form):
    """Opening hours from a day on (利用時間)."""

    channel = forms.ChoiceField(label="経路", widget=forms.RadioSelect, initial="KIOSK")
    weekday = forms.TypedChoiceField(
        label="曜日", required=False, coerce=int, empty_value=None,
        choices=[("", "毎日"), *((str(at), f"{one}曜日") for at, one in enumerate(_WEEKDAYS))],
    )  # fmt: skip
    opens = _time("始まり")
    closes = _time("終わり")
    valid_from = DayField(label="いつから")
    valid_until = DayField(label="いつまで", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "channel", _choices("kiosk_channel", [*CHANNELS, SHOP_CHANNEL]))

    def row(self) -> Hours:
        """Return the row the form describes (利用時間)."""
        given = self.cleaned_data
        return Hours(
            opens=given["opens"], closes=given["closes"], weekday=given["weekday"],
            valid_from=given["valid_from"], valid_until=given["valid_until"],
        )  # fmt: skip


class ClosedForm(forms.Form):
    """Some time in which nothing is given (臨時休止)."""

    channels = forms.MultipleChoiceField(
        label="経路", widget=forms.CheckboxSelectMultiple, initial=["KIOSK", "WEB"]
    )
    starts_on = DayField(label="始まりの日")
    starts = _time("始まりの時刻")
    ends_on = DayField(label="終わりの日")
    ends = _time("終わりの時刻")
    reason = forms.CharField(
        label="理由", max_length=60, help_text="来た人が読みます。例 設備の点検"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "channels", _choices("kiosk_channel", [*CHANNELS, SHOP_CHANNEL]))

    def row(self) -> ClosedTime:
        """Return the closed time the form describes (臨時休止)."""
        given = self.cleaned_data
        return ClosedTime(
            starts_at=datetime.combine(given["starts_on"], given["starts"], tzinfo=JAPAN),
            ends_at=datetime.combine(given["ends_on"], given["ends"], tzinfo=JAPAN),
            reason=given["reason"],
        )


class YearlyForm(forms.Form):
    """Days of each year on which nothing is given (毎年の休み)."""

    channels = forms.MultipleChoiceField(
        label="経路", widget=forms.CheckboxSelectMultiple, initial=["KIOSK", "WEB"]
    )
    first = forms.RegexField(MONTH_DAY, label="最初の日", help_text="例 12/29")
    last = forms.RegexField(MONTH_DAY, label="最後の日", help_text="例 1/3")
    reason = forms.CharField(label="理由", max_length=60, help_text="来た人が読みます。例 年末年始")
    valid_from = DayField(label="いつから")
    valid_until = DayField(label="いつまで", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "channels", _choices("kiosk_channel", [*CHANNELS, SHOP_CHANNEL]))

    def row(self) -> YearlyClosing:
        """Return the row the form describes (毎年の休止日)."""
        given = self.cleaned_data
        first, last = (
            (int(month), int(day))
            for month, day in (_month_day(given["first"]), _month_day(given["last"]))
        )
        return YearlyClosing(
            first=first, last=last, reason=given["reason"],
            valid_from=given["valid_from"], valid_until=given["valid_until"],
        )  # fmt: skip


def _month_day(text: str) -> tuple[int, int]:
    """Read 12/29, 12-29 or 12月29日, in either width (月日)."""
    month, day = re.findall("[0-9]+", unicodedata.normalize("NFKC", text))
    return int(month), int(day)


class ShopForm(forms.Form):
    """A store with a terminal (店)."""

    name = forms.CharField(label="店の名前", max_length=60)
    where = forms.CharField(
        label="場所", max_length=80, help_text="来た人が読みます。例 古仁屋、港のむかい"
    )
    opens = _time("始まり")
    closes = _time("終わり")
    valid_from = DayField(label="いつから")
    valid_until = DayField(label="いつまで", required=False)

    def row(self) -> Shop:
        """Return the row the form describes (店)."""
        given = self.cleaned_data
        return Shop(
            name=given["name"], where=given["where"], opens=given["opens"], closes=given["closes"],
            valid_from=given["valid_from"], valid_until=given["valid_until"],
        )  # fmt: skip
