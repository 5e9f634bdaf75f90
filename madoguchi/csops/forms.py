"""What the desk types about its terminals, as values (入力)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from madoguchi.csops.domain.load import check_stretch
from madoguchi.csops.domain.terminals import Hours, Purpose
from madoguchi.csops.domain.windows import Stretch
from madoguchi.csops.domain.work import Asset, AssetKind, Copy, WorkKind, WorkState, fold_hash
from madoguchi.infra.clock import start_of
from madoguchi.kernel.daytimes import DAY_MINUTES, Span
from madoguchi.web.forms import ClockField, DayField, SpanForm, WeeklyForm, offer
from madoguchi.web.messages import label

#: No plan of windows reaches further: half a year of nights is more than anybody agrees on.
DAYS_MAX = 184


class ReserveForm(forms.Form):
    """Minutes of a terminal for set-up or upkeep (端末の確保)."""

    purpose = forms.ChoiceField(label="用途", widget=forms.RadioSelect, initial=Purpose.SETUP.value)
    on = DayField(label="日")
    begins = ClockField(label="始まり")
    minutes = forms.IntegerField(label="長さ（分）", initial=60)
    note = forms.CharField(
        label="覚え", required=False, max_length=60, help_text="例 箱 2026-031。氏名は書きません"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "purpose", [
            (one.value, label(kind="terminal_purpose", code=one.value))
            for one in (Purpose.SETUP, Purpose.UPKEEP)
        ])  # fmt: skip

    def clean_minutes(self) -> int:
        """Return a length that can be one."""
        minutes = int(self.cleaned_data["minutes"])
        for problem in check_stretch(minutes):
            raise ValidationError("", code=problem.code)
        return minutes

    def clean(self) -> dict[str, Any]:
        """Make one stretch of begin and length."""
        given = self.cleaned_data
        begins, minutes = given.get("begins"), given.get("minutes")
        if begins is not None and minutes is not None:
            if begins + minutes > DAY_MINUTES:
                self.add_error("minutes", ValidationError("", code="TERMINAL_MINUTES_UNKNOWN"))
            else:
                given["span"] = Span(begins=begins, ends=begins + minutes)
        return given


class SeatForm(SpanForm):
    """Who sits at a terminal (当番)."""

    terminal_no = forms.ChoiceField(label="端末", widget=forms.RadioSelect)
    staff_id = forms.ChoiceField(label="だれが")
    field_order = ("terminal_no", "staff_id")

    def __init__(
        self, *args: Any, terminals: list[tuple[str, str]], staff: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        offer(self, "terminal_no", terminals)
        offer(self, "staff_id", staff)


class HoursForm(WeeklyForm):
    """When the terminals of a place are worked at, every week (稼働時間)."""

    place = forms.ChoiceField(label="場所")
    walk_in_percent = forms.IntegerField(
        label="予約なしの人のために空けておく割合（%）", min_value=0, max_value=100, initial=40
    )
    source = forms.CharField(label="よりどころ", required=False, max_length=200)
    field_order = ("place", "weekdays", "nth")

    def __init__(self, *args: Any, places: tuple[str, ...], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_hours_%s")
        super().__init__(*args, **kwargs)
        offer(self, "place", [(one, one) for one in places])

    def hours(self) -> Hours:
        """Return the row as a value (稼働時間)."""
        given = self.cleaned_data
        return Hours(rule=self.rule(), span=given["span"], walk_in_percent=given["walk_in_percent"])


class TerminalForm(forms.Form):
    """A terminal that serves from a day on (統合端末)."""

    terminal_no = forms.CharField(label="番号", max_length=8, help_text="例 CS3")
    name = forms.CharField(label="名前", max_length=60, help_text="例 3号機（入口側）")
    place = forms.CharField(label="場所", max_length=40)
    valid_from = DayField(label="いつから")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_terminal_%s")
        super().__init__(*args, **kwargs)


class ClosedDayForm(forms.Form):
    """A day on which no terminal of a place works (端末の休止日)."""

    place = forms.ChoiceField(label="場所")
    on = DayField(label="日")
    reason = forms.CharField(label="理由", max_length=60, help_text="例 統合端末の更新")

    def __init__(self, *args: Any, places: tuple[str, ...], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_closed_%s")
        super().__init__(*args, **kwargs)
        offer(self, "place", [(one, one) for one in places])


class PlanWorkForm(forms.Form):
    """A piece of work to come (作業の予定)."""

    kind = forms.ChoiceField(label="作業", widget=forms.RadioSelect, initial=WorkKind.BACKUP.value)
    title = forms.CharField(
        label="名前", max_length=60, help_text="例 12月のバックアップ、更新 第3版"
    )
    planned_on = DayField(label="予定の日")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_plan_%s")
        super().__init__(*args, **kwargs)
        offer(self, "kind", _words("cs_work", WorkKind))


class MomentForm(forms.Form):
    """A day and a time of it; clean gives the moment as ``moment`` (日時)."""

    on = DayField(label="日")
    at = ClockField(label="時刻")

    def clean(self) -> dict[str, Any]:
        """Make one moment of day and time."""
        given = self.cleaned_data
        if given.get("on") is not None and given.get("at") is not None:
            given["moment"] = start_of(given["on"]) + timedelta(minutes=given["at"])
        return given


class FinishForm(MomentForm):
    """How a piece of work ended (作業の終了)."""

    to = forms.ChoiceField(label="結果", widget=forms.RadioSelect, initial=WorkState.DONE.value)
    result = forms.CharField(label="書き残すこと", required=False, max_length=300)
    evidence = forms.FileField(
        label="証拠のファイル", required=False,
        help_text="画面の写しや記録のファイル。名前とハッシュ値だけを残し、中身は残しません",
    )  # fmt: skip
    field_order: tuple[str, ...] = ("to", "on", "at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_finish_%s")
        super().__init__(*args, **kwargs)
        offer(self, "to", _words("cs_finish", (WorkState.DONE, WorkState.FAILED)))

    def copy(self) -> Copy | None:
        """Return what a backup left: nothing, for other work (控え)."""
        return None


class FinishBackupForm(FinishForm):
    """How a backup ended, and what it left (バックアップの終了)."""

    place = forms.CharField(
        label="控えの置き場所",
        required=False,
        max_length=60,
        help_text="例 耐火金庫 テープ3番。終わったときは必ず",
    )
    size_bytes = forms.IntegerField(
        label="大きさ（バイト）",
        required=False,
        min_value=1,
        max_value=2**62,
        help_text="終わったときは必ず",
    )
    sha256 = forms.CharField(
        label="ハッシュ値（SHA-256）",
        required=False,
        max_length=130,
        help_text="64桁の英数字。終わったときは必ず",
    )
    field_order: tuple[str, ...] = ("to", "place", "size_bytes", "sha256", "on", "at")

    def copy(self) -> Copy | None:
        """Return what the backup left, where anything of it was said (控え)."""
        given = self.cleaned_data
        if not (given["place"] or given["size_bytes"] or given["sha256"]):
            return None
        return Copy(place=given["place"], size_bytes=given["size_bytes"] or 0,
                    sha256=fold_hash(given["sha256"]))  # fmt: skip


class RestoreForm(forms.Form):
    """How it went to read a copy back (復元テスト)."""

    tested_on = DayField(label="試した日")
    restored = forms.ChoiceField(
        label="結果", widget=forms.RadioSelect,
        choices=[("YES", "復元できた"), ("NO", "復元できない")],
    )  # fmt: skip
    sha256 = forms.CharField(
        label="試した控えのハッシュ値（SHA-256）",
        max_length=130,
        help_text="とったときの値とくらべます",
    )
    note = forms.CharField(label="書き残すこと", required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_restore_%s")
        super().__init__(*args, **kwargs)


class HoursWorkedForm(SpanForm):
    """Who else worked, and when (作業した人)."""

    staff_id = forms.ChoiceField(label="だれが")
    on = DayField(label="日")
    field_order = ("staff_id", "on")

    def __init__(self, *args: Any, staff: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_hours_%s")
        super().__init__(*args, **kwargs)
        offer(self, "staff_id", staff)

    def moments(self) -> dict[str, datetime]:
        """Return begin and end as moments (始まりと終わり)."""
        given = self.cleaned_data
        first = start_of(given["on"])
        return {"began": first + timedelta(minutes=given["span"].begins),
                "ended": first + timedelta(minutes=given["span"].ends)}  # fmt: skip


class AssetForm(forms.Form):
    """Something the CS needs (資産)."""

    kind = forms.ChoiceField(label="種類")
    name = forms.CharField(label="名前", max_length=60, help_text="例 CSサーバー 2号機")
    count = forms.IntegerField(label="数", min_value=1, max_value=999, initial=1)
    procured_on = DayField(label="調達した日")
    support_until = DayField(label="保守が切れる日")
    note = forms.CharField(label="覚え", required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", _words("cs_asset", AssetKind))

    def asset(self) -> Asset:
        """Return it as a value; its number comes with the row (資産)."""
        given = self.cleaned_data
        return Asset(asset_id="", **{**given, "kind": AssetKind(given["kind"])})


class IncidentForm(MomentForm):
    """Something that went wrong (障害)."""

    what = forms.CharField(label="何が起きたか", max_length=300, help_text="氏名は書きません")


class SearchWindowsForm(forms.Form):
    """In which time, how long, how many at once (枠の条件)."""

    first = DayField(label="いつから")
    last = DayField(label="いつまで", help_text="この日まで")
    hours = forms.DecimalField(
        label="1団体の長さ（時間）", min_value=Decimal("0.25"), max_value=744, decimal_places=2,
        help_text="例 4、1.5",
    )  # fmt: skip
    at_once = forms.IntegerField(label="同時に何団体まで", min_value=1, max_value=200)

    def clean(self) -> dict[str, Any]:
        """Make one stretch of the two days, whole days both."""
        given = self.cleaned_data
        first, last, hours = given.get("first"), given.get("last"), given.get("hours")
        if first and last:
            if last < first or (last - first).days > DAYS_MAX:
                self.add_error("last", ValidationError("", code="CS_PERIOD_UNKNOWN"))
            else:
                ends = datetime.combine(last, time()) + timedelta(days=1)
                given["whole"] = Stretch(begins=datetime.combine(first, time()), ends=ends)
        if hours is not None:
            minutes = hours * 60
            if minutes == int(minutes):
                given["length"] = timedelta(minutes=int(minutes))
            else:
                self.add_error("hours", ValidationError("", code="CS_HOURS_UNKNOWN"))
        return given


class NeighbourForm(forms.Form):
    """A town that takes part (参加団体)."""

    name = forms.CharField(label="団体の名前", max_length=60)
    population = forms.IntegerField(label="人口", required=False, min_value=0, max_value=2**31 - 1)
    uses = forms.IntegerField(
        label="利用の数", required=False, min_value=0, max_value=2**31 - 1,
        help_text="例 年間の処理件数。利用割のときに使います",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_town_%s")
        super().__init__(*args, **kwargs)


class ProposalForm(forms.Form):
    """A town's calendar, or a plan with several towns (申し出のファイル)."""

    town = forms.ChoiceField(label="団体", required=False)
    kind = forms.ChoiceField(label="予定の種類", widget=forms.RadioSelect, initial="QUIET")
    file = forms.FileField(
        label="ファイル", help_text=".ics（1団体の予定）か .json（madoguchi csops windows の計画）"
    )

    def __init__(self, *args: Any, towns: Iterable[str], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_proposal_%s")
        super().__init__(*args, **kwargs)
        offer(self, "town", [("", "（.json のときは選ばない）"), *((one, one) for one in towns)])
        offer(self, "kind", _words("cs_proposal", ("QUIET", "PEAK")))


class ExtractForm(forms.Form):
    """An extract of the CS (抽出ファイル)."""

    file = forms.FileField(label="CSから抽出したファイル", help_text="CSV。UTF-8 か シフトJIS")


def _words(kind: str, values: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(one), label(kind=kind, code=str(one))) for one in values]
