"""The desk in English: pieces found and put in, what stays Japanese, and whose pages change."""

import re

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.certificates.forms import IdentityForm
from madoguchi.web import english

SOURCE = (
    '{# 覚え #}{% load madoguchi %}<p title="欄{{ n }}">待ち {{ n }}件<b>急ぐ</b></p>\n'
    '{% if place == "本庁" %}{{ x|default:"空" }}{% endif %}'
    '{% badge "ok" "完了" %}{% japanese %}<p>お渡しする紙</p>{% endjapanese %}'
)


def test_a_piece_is_what_stands_between_two_tags_in_an_attribute_or_shown_by_a_tag():
    assert list(english.pieces(SOURCE)) == ["欄{{ n }}", "待ち {{ n }}件", "急ぐ", "空", "完了"]


def test_only_pieces_with_an_english_change_and_nothing_round_them():
    words = {
        "待ち {{ n }}件": "{{ n }} waiting",
        "完了": "done",
        "お渡しする紙": "paper",
        "本庁": "X",
    }
    put = english.in_english(SOURCE, words)
    assert put == SOURCE.replace("待ち {{ n }}件", "{{ n }} waiting").replace("完了", "done")


@given(
    st.lists(st.sampled_from(
        ["<p>", "</p>", "{{ a }}", "{% if a %}", "{% endif %}", "町", "x", " ", "\n", "{# 町 #}",
         '<a title="町">', "{% japanese %}", "{% endjapanese %}", '{{ a|default:"町" }}', "<", "{%"]
    ))
)  # fmt: skip
def test_whatever_stands_in_a_template_no_word_is_lost(parts):
    source = "".join(parts)
    assert english.in_english(source, {}) == source
    assert english.in_english(source, {one: one for one in english.pieces(source)}) == source


def test_what_a_resident_gets_stays_japanese_with_its_days_and_words():
    page = engines["django"].from_string(
        "{% load madoguchi %}{{ m|minutes }} {% japanese %}{{ m|minutes }}{% endjapanese %}"
    )
    with translation.override("en"):
        assert page.render({"m": 65}) == "1 h 05 min 1時間05分"
    assert page.render({"m": 65}) == "1時間05分 1時間05分"


def test_a_word_two_rooms_share_is_said_as_its_own_room_says_it():
    """代理人 is a proxy for a certificate and an agent for a move; by the word alone nobody could tell."""
    with translation.override("en"):
        form = IdentityForm()
        assert dict(form.fields["applicant"].choices)["PROXY"] == "Proxy"


@pytest.fixture
def kaede(client, db):
    return staff.signed_in(client, staff.kaede())


def test_a_press_shows_the_desk_in_english_and_another_in_japanese_again(kaede):
    home = "/approvals/"
    assert 'lang="ja"' in kaede.get(home).text
    answer = kaede.post(
        reverse("web:language"), {"language": "en"}, headers={"referer": f"http://testserver{home}"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"http://testserver{home}")
    page = kaede.get(home).text
    assert 'lang="en"' in page and "Sign out" in page and "サインアウト" not in page
    kaede.post(reverse("web:language"), {"language": "ja"})
    page = kaede.get(home).text
    assert 'lang="ja"' in page and "サインアウト" in page


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "", "javascript:x"]
)
def test_the_way_back_leads_nowhere_else(kaede, back):
    answer = kaede.post(reverse("web:language"), {"language": "en"}, headers={"referer": back})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("language", ["fr", "", "ja-easy", "en\r\nX: y"])
def test_another_language_than_these_two_is_japanese(kaede, language):
    kaede.post(reverse("web:language"), {"language": language})
    assert 'lang="ja"' in kaede.get("/approvals/").text


def test_only_a_press_changes_it(kaede):
    assert kaede.get(reverse("web:language")).status_code == 405
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(reverse("web:language"), {"language": "en"}).status_code == 403


def test_a_residents_page_keeps_its_own_language(kaede):
    before = kaede.get("/prepare/").text
    kaede.post(reverse("web:language"), {"language": "en"})
    assert _without_seal(kaede.get("/prepare/").text) == _without_seal(before)


def test_a_refusal_is_said_in_the_language_of_the_page(kaede):
    kaede.post(reverse("web:language"), {"language": "en"})
    answer = kaede.get("/settings/never/")
    assert answer.status_code == 404
    page = kaede.get("/staff/")  # the chief's
    assert page.status_code == 403
    assert not re.search(
        "[\u3041-\u3096]{3}",
        re.sub("<header.*?</header>|川畑 かえで", "", page.text, flags=re.DOTALL),
    )


def _without_seal(page):
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+|CSRFToken": "[^"]+', "", page)
