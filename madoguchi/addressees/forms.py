"""What is typed and pressed here, as values (入力)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from madoguchi.addressees.domain.columns import OF_REGISTER, Column, guess_columns
from madoguchi.web.forms import DayField
from madoguchi.web.messages import word

TICKED_MAX = 5_000


class ListForm(forms.Form):
    """A list to take in (リストの取込み)."""

    name = forms.CharField(
        label="リストの名前", max_length=60, help_text="例 令和8年11月 送付先情報"
    )
    listed = forms.FileField(
        label="リストのファイル",
        help_text="ExcelかCSV（UTF-8でもShift_JISでも）。1行目に見出し。氏名と生年月日の列がいります",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class StayForm(forms.Form):
    """Where somebody really is for a time (居所情報)."""

    person_id = forms.CharField(label="宛名番号", max_length=15, min_length=15)
    address = forms.CharField(label="居所", max_length=200)
    since = DayField(label="この日から")
    until = DayField(label="この日まで（わからなければ空けておく）", required=False)


def column_fields(
    headings: Sequence[str], chosen: Mapping[Column, int] | None
) -> list[dict[str, Any]]:
    """Return one select a heading, with what it was guessed or said to mean (列の対応)."""
    places = (chosen if chosen is not None else guess_columns(headings).places).items()
    meant = {place: column.value for column, place in places}
    return [
        {"place": place, "heading": heading or "見出しなし", "value": meant.get(place, "")}
        for place, heading in enumerate(headings)
    ]


def column_choices() -> list[tuple[str, str]]:
    """Return the meanings a column may have (列の意味)."""
    return [
        (one.value, word(kind="addressee_column", code=one.name))
        for one in Column
        if one not in OF_REGISTER
    ]


def read_columns(given: Mapping[str, str], headings: Sequence[str]) -> dict[Column, int]:
    """Read what each column was said to mean; the first of two alike counts (列の読取り)."""
    found: dict[Column, int] = {}
    for place in range(len(headings)):
        value = given.get(f"column-{place}", "")
        if value in set(Column):
            found.setdefault(Column(value), place)
    return found


def read_ticked(values: Sequence[str]) -> list[tuple[str, str]]:
    """Read the ticked rows with the address that stood beside each (選んだ行)."""
    found = []
    for value in values[:TICKED_MAX]:
        entry_id, _, address = value.partition(" ")
        if entry_id and address:
            found.append((entry_id[:26], address[:300]))
    return found
