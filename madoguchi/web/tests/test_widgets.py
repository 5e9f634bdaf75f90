"""Tags, filters and forms that every page shares; every problem is shown (W2)."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import engines
from django.test import RequestFactory

from madoguchi.kernel.dates import parse_register_date
from madoguchi.kernel.outcome import Problem
from madoguchi.web import forms as web_forms
from madoguchi.web import glyphs
from madoguchi.web.templatetags import madoguchi as tags


def drawn(text, /, **given):
    return engines["django"].from_string("{% load madoguchi %}" + text).render(given)


class AskForm(forms.Form):
    name = forms.CharField(label="氏名", max_length=3)
    papers = forms.MultipleChoiceField(
        label="書類", choices=[("A", "旅券")], widget=forms.CheckboxSelectMultiple
    )
    day = forms.CharField(label="日", required=False)

    def clean_day(self):
        if self.cleaned_data["day"]:
            raise ValidationError("x", code="DATE_UNREADABLE", params={"written": "きのう"})
        return ""


def test_the_summary_shows_every_problem_at_once_with_cause_remedy_and_code():
    found = [Problem(code="BUSY"), Problem(code="NOT_FOUND"), Problem(code="TOO_LARGE")]
    text = drawn("{% problems found %}", found=found)
    assert "3つのことを確かめてください" in text
    for problem in found:
        message = tags.render(problem)
        assert message.cause in text
        assert message.remedy in text
        assert message.code in text


def test_no_problem_no_summary():
    assert drawn("{% problems found %}", found=()).strip() == ""


def test_a_problem_of_a_field_leads_to_the_field():
    form = AskForm({})
    text = drawn("{% problems found form=form %}", found=web_forms.problems_of(form), form=form)
    assert '<a href="#id_name">氏名</a>' in text
    assert '<a href="#id_papers">書類</a>' in text
    assert 'id="id_papers"' in drawn("{% choices form.papers %}", form=form)


def test_facts_are_escaped():
    problem = Problem(code="FIELD_REQUIRED", facts={"label": "<script>"})
    assert "<script>" not in drawn("{% problems found %}", found=[problem])


def test_form_errors_become_problems_in_the_order_of_the_fields():
    found = web_forms.problems_of(AskForm({"name": "あいうえ", "day": "きのう"}))
    assert [(p.where, p.code) for p in found] == [
        ("name", "FIELD_TOO_LONG"),
        ("papers", "FIELD_NOT_CHOSEN"),
        ("day", "DATE_UNREADABLE"),
    ]
    assert found[2].facts["written"] == "きのう"


def test_a_problem_of_an_action_is_marked_beside_its_field():
    form = AskForm({"name": "あ", "papers": ["A"]})
    assert form.is_valid()
    web_forms.mark(form, [Problem(code="FIELD_INVALID", where="name", facts={"label": "氏名"})])
    text = drawn("{% field form.name %}", form=form)
    assert 'aria-invalid="true"' in text
    assert "読み取れない書き方です。" in text


def test_toggles_carry_their_keys():
    text = drawn('{% choices form.papers columns=2 keys="asdf" %}', form=AskForm())
    assert text.count("data-key=") == 1
    assert "<kbd>a</kbd>" in text
    with pytest.raises(AssertionError, match="meaning"):
        drawn('{% choices form.papers keys="ag" %}', form=AskForm())


@pytest.mark.parametrize(
    ("day", "form", "words"),
    [
        (dt.date(2026, 11, 23), "long", "令和8年11月23日 <small>2026-11-23</small>"),
        (dt.date(2026, 11, 23), "short", ">R8.11.23<"),
        (dt.date(2019, 5, 1), "inline", ">令和元年5月1日<"),
        (dt.datetime(2026, 11, 23, 9, 5, tzinfo=ZoneInfo("Asia/Tokyo")), "inline", " 09:05<"),
    ],
)
def test_a_day_is_shown_in_the_japanese_calendar_first(day, form, words):
    assert words in drawn("{% wareki day form %}", day=day, form=form)


def test_an_unclear_day_is_shown_as_written_and_nothing_is_added():
    text = drawn("{% wareki day %}", day=parse_register_date("昭和10年5月頃"))
    assert text == '<span class="wareki">昭和10年5月頃</span>'


def test_a_clear_day_of_the_register_is_a_day():
    assert "1935-05-03" in drawn("{% wareki day %}", day=parse_register_date("昭和10年5月3日"))


def test_no_day_shows_nothing():
    assert drawn("{% wareki day %}", day=None) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ 1416002|yen }}", "1,416,002円"),
        ("{{ 45|minutes }}", "45分"),
        ("{{ 65|minutes }}", "1時間05分"),
        ("{{ 7971|count }}", "7,971"),
        ('{{ "SEARCH"|label:"right" }}', "住民をさがす"),
        ('{% kbd "g h" %}', "<kbd>g</kbd> <kbd>h</kbd>"),
        ('{% badge "ok" "完了" %}', '<span class="badge badge--ok">完了</span>'),
    ],
)
def test_small_widgets(text, words):
    assert drawn(text) == words


def test_progress_is_a_bar_and_words():
    text = drawn('{% progress_bar 2310 7971 "取り込み" %}')
    assert 'max="7971" value="2310"' in text
    assert "2,310 / 7,971" in text
    assert "value" not in drawn('{% progress_bar 0 0 "準備" %}')


@pytest.mark.parametrize(
    ("character", "safe"),
    [
        ("高", True),
        ("髙", True),  # IBM extension of Windows-31J
        ("﨑", True),
        ("あ", True),
        ("é", True),  # any font draws Latin
        ("𠮷", False),  # plane 2
        ("葛\U000e0103", False),  # a variation of the family register
        ("㐂", False),  # extension A
        ("\ue000", False),  # gaiji
    ],
)
def test_what_every_screen_font_draws(character, safe):
    assert glyphs.is_screen_safe(character) is safe


def test_a_rare_character_is_an_image_with_its_text(shell):
    text = drawn("{% name text %}", text="𠮷永　葛\U000e0103子")
    assert '<img class="glyph" src="/glyphs/20bb7" alt="𠮷">' in text
    assert 'src="/glyphs/845b-e0103"' in text
    assert re.sub(r'<img[^>]*alt="([^"]*)">', r"\1", text) == "𠮷永　葛\U000e0103子"


def test_without_a_room_for_glyphs_the_name_is_text(shell, settings):
    settings.ROOT_URLCONF = "madoguchi.web.urls"
    assert drawn("{% name text %}", text="𠮷永") == "𠮷永"


def test_furigana_stand_above_their_part_of_the_name():
    text = drawn("{% name text kana %}", text="髙﨑　あおい", kana="たかさき　あおい")
    assert "<ruby>髙﨑<rt>たかさき</rt></ruby>" in text
    assert re.sub(r"<rt>.*?</rt>|<[^>]+>", "", text) == "髙﨑　あおい"


def test_furigana_of_another_shape_stand_above_the_whole_name():
    text = drawn("{% name text kana %}", text="グエン　ティ　ソラ", kana="ソラ")
    assert text == "<ruby>グエン　ティ　ソラ<rt>ソラ</rt></ruby>"


def test_a_person_keeps_the_tint_and_two_persons_rarely_share_one():
    seen = {tags.tint(f"person-{n}") for n in range(200)}
    assert len(seen) == tags.TINTS
    assert tags.tint("aoi") == tags.tint("aoi")


def test_acting_for_somebody_is_said_in_words():
    text = drawn('{% person_strip person_id="x" name="湊　陽太" acting_for="代理人です" %}')
    assert "代理人です" in text


def test_the_header_offers_only_doors_the_staff_may_enter(shell, settings):
    from madoguchi.kernel.actor import Right
    from madoguchi.web import nav
    from madoguchi.web.tests.routes import Kaede

    settings.MADOGUCHI_DOORS = [
        ("h", "accounts:sign_in", "窓口のいま", None),
        ("s", "web:style", "さがす", Right.SEARCH),
        ("a", "web:style", "記録", Right.SEE_AUDIT),
        ("x", "nowhere", "ない部屋", None),
    ]
    request = RequestFactory().get("/_style")
    request.user = Kaede(frozenset({Right.SEARCH}))
    request.session = {}
    found = nav.shell_of(request)
    assert [(door.key, door.here) for door in found.doors] == [("h", False), ("s", True)]
    assert found.home == "/sign-in"
    assert nav.shell_of(None).doors == ()
    assert found.more == () and found.here_in_more is None


def test_what_does_not_fit_the_bar_stands_one_press_away(shell, settings, monkeypatch):
    from madoguchi.web import nav
    from madoguchi.web.tests.routes import Kaede

    monkeypatch.setattr(nav, "IN_BAR", 1)
    settings.MADOGUCHI_DOORS = [("h", "accounts:sign_in", "窓口のいま", None),
                                ("s", "web:style", "見た目", None)]  # fmt: skip
    request = RequestFactory().get("/_style")
    request.user, request.session = Kaede(frozenset()), {}
    found = nav.shell_of(request)
    assert [one.key for one in found.bar] == ["h"] and [one.key for one in found.more] == ["s"]
    assert found.here_in_more.words == "見た目"
