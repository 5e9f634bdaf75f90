"""What is asked of the desk's trial (試算の入力)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms

from madoguchi.insights.domain.twin.ready import Ready, Variant
from madoguchi.insights.domain.twin.scenario import Scenario
from madoguchi.web.messages import label

#: Which services a figure of the form stands for.
_PER_DAY: Mapping[str, tuple[str, ...]] = {
    "certificates": ("certificate",),
    "cards": ("hand_over", "setup"),
}


class Between(forms.FloatField):
    """A number with its bounds, which the complaint names (範囲のある数)."""

    def __init__(self, *, least: float, most: float, whole: bool, **given: Any) -> None:
        super().__init__(**given)
        self.least, self.most, self.whole = least, most, whole
        self.widget.attrs |= {"min": least, "max": most, "step": 1 if whole else "any",
                              "inputmode": "decimal"}  # fmt: skip

    def clean(self, value: Any) -> float | int | None:
        """Return the number, or say between what it lies."""
        wrong = forms.ValidationError(
            "", code="TWIN_INPUT_RANGE",
            params={"least": f"{self.least:g}", "most": f"{self.most:g}",
                    "kind": "整数" if self.whole else "数"},
        )  # fmt: skip
        try:
            number = super().clean(value)
        except forms.ValidationError as error:
            if any(one.code == "required" for one in error.error_list):
                raise
            raise wrong from None
        if number is None or not self.least <= number <= self.most:
            raise wrong
        if self.whole and number != int(number):
            raise wrong
        return int(number) if self.whole else number


class DeskForm(forms.Form):
    """The present desk in four figures, and what if (いまの窓口と、もしも)."""

    clerks = Between(label="窓口の職員（人）", least=1, most=10, whole=True)
    terminals = Between(label="統合端末（台）", least=1, most=10, whole=True)
    certificates = Between(label="証明書（1日の件）", least=0, most=60, whole=False)
    cards = Between(label="カード（1日の枚）", least=0, most=20, whole=False)
    variant = forms.ChoiceField(label="もしも", required=False)

    def __init__(self, *args: Any, ready: Ready, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready = ready
        groups: dict[str, list[tuple[str, str]]] = {}
        for code, one in ready.variants.items():
            words = label(kind="desk_variant", code=code)
            groups.setdefault(label(kind="desk_sort", code=one.sort.value), []).append(
                (code, words)
            )
        chooser = self.fields["variant"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [("", "いまのまま"), *groups.items()]

    def base(self) -> Scenario:
        """Return the present desk as the form has it (いまの窓口)."""
        given = self.cleaned_data
        per_day = {name: given[field] for field, names in _PER_DAY.items() for name in names}
        services = tuple(
            replace(one, per_day=per_day.get(one.name, one.per_day))
            for one in self.ready.base.services
        )
        return replace(
            self.ready.base, clerks=given["clerks"], cs_terminals=given["terminals"],
            services=services,
        )  # fmt: skip

    def variant_chosen(self) -> Variant | None:
        """Return the case that was chosen, if any (もしも)."""
        return self.ready.variants.get(self.cleaned_data["variant"])


def usual_inputs(ready: Ready) -> dict[str, Any]:
    """Return what the form holds before anybody typed: the base of the table (はじめの値)."""
    rates = {one.name: one.per_day for one in ready.base.services}
    return {
        "clerks": ready.base.clerks, "terminals": ready.base.cs_terminals,
        **{field: rates.get(names[0], 0) for field, names in _PER_DAY.items()}, "variant": "",
    }  # fmt: skip
