"""The short way of drawing inputs draws what Django's templates draw, letter by letter."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.web.widgets import INPUTS, OPTIONS, QuickRenderer

TEXTS = st.text(alphabet="ab<>&\"'= 窓口\u3000\U000e0101", max_size=8)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), TEXTS, TEXTS.map(SafeString), st.tuples(TEXTS)
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["id", "class", "required", "aria-describedby", "data-x"]), VALUES, max_size=4
)


USUAL = DjangoTemplates()


def test_the_forms_are_drawn_by_it():
    assert isinstance(get_default_renderer(), QuickRenderer)


@given(
    template=st.sampled_from(sorted(INPUTS | OPTIONS)),
    kind=st.sampled_from(["text", "radio", "checkbox", "number"]),
    name=TEXTS,
    value=VALUES,
    label=TEXTS,
    wrapped=st.booleans(),
    attributes=ATTRIBUTES,
)
def test_both_ways_draw_the_same(template, kind, name, value, label, wrapped, attributes):
    widget = {
        "type": kind,
        "name": name,
        "value": value,
        "label": label,
        "wrap_label": wrapped,
        "attrs": attributes,
    }
    quick = QuickRenderer().render(template, {"widget": widget})
    assert quick == USUAL.render(template, {"widget": widget})
    assert isinstance(quick, SafeString)


class Everything(forms.Form):
    text = forms.CharField(help_text="例: <b>")
    day = forms.DateField(required=False)
    number = forms.IntegerField(min_value=1)
    long = forms.CharField(widget=forms.Textarea)
    one = forms.ChoiceField(choices=[("a", "甲 & 乙"), ("b", "丙")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("x", "<x>")], widget=forms.CheckboxSelectMultiple)
    pick = forms.ChoiceField(choices=[("p", "選ぶ")])
    yes = forms.BooleanField(required=False)
    file = forms.FileField(required=False)
    hidden = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize("data", [None, {"text": '"<&', "one": "b", "many": ["x"], "yes": "on"}])
def test_a_whole_form_is_the_same(data):
    quick, usual = (Everything(data, renderer=renderer) for renderer in (QuickRenderer(), USUAL))
    assert [str(field) for field in quick] == [str(field) for field in usual]
    assert [choice.tag() for choice in quick["one"]] == [choice.tag() for choice in usual["one"]]
    assert str(quick) == str(usual)
