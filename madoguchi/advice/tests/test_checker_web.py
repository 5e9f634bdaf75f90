"""The checker's pages: works, wrong role, bad input, nothing kept, and each warning before the end."""

import re
from urllib.parse import urlencode

import pytest

from madoguchi.accounts.testing import kaede, signed_in, tsuru
from madoguchi.advice.domain.questions import case_of, next_question
from madoguchi.advice.queries.rulebook import answer_checklist
from madoguchi.advice.tests.test_checklist import BOOK
from madoguchi.advice.tests.test_pins import TEXTS
from madoguchi.advice.tests.test_questions import ALL
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import clock
from madoguchi.kernel.language import Language
from madoguchi.web.messages import label, render
from madoguchi.web.tongues import sentences

COUNTER = "/advice/"
#: One path for each answer of rule and page that matters here: what the guard hears.
GUARDED = {
    (told["visit_kind"], told.get("card_now", ""), told.get("channel", "")): told
    for told in ALL if told.get("who") == "self_adult" and "card_now" in told
}  # fmt: skip


@pytest.fixture
def desk(client, db):
    return signed_in(client, kaede())


def test_a_renewal_takes_three_choices_and_then_says_what_to_see(desk):
    answer = desk.get(COUNTER)
    for words in ("更新したカードの受取り", "本人（18歳以上）", "どれにも当たらない"):
        url = re.search(rf'<a class="btn" href="([^"]+)">{words}</a>', answer.text).group(1)
        answer = desk.get(COUNTER + url.replace("&amp;", "&"))
    assert "Aを1点、または Bを2点" in answer.text
    assert "運転免許証" in answer.text
    assert "いまのマイナンバーカード" in answer.text
    assert "かかりません" in answer.text


@pytest.mark.parametrize(
    ("told", "words", "path"),
    [("visit_kind=new&who=self_adult", "交付の画面へ", "/cards/hand-over/"),
     ("visit_kind=application&who=self_adult", "申請の画面へ", "/cards/applications/"),
     ("visit_kind=pin_reset&who=self_adult", "来庁の画面へ", "/visits/")],
)  # fmt: skip
def test_each_kind_of_visit_goes_on_at_its_own_page(desk, told, words, path):
    html = desk.get(f"{COUNTER}?{told}").text
    while asked := re.search(r'<ul class="picks"><li><a class="btn" href="([^"]+)"', html):
        html = desk.get(COUNTER + asked[1].replace("&amp;", "&")).text
    assert f'href="{path}"' in html and words in html


def test_a_wrong_role_and_a_stranger_are_refused(client, db):
    assert client.get(COUNTER).status_code == 302
    assert signed_in(client, tsuru()).get(COUNTER).status_code == 403


@pytest.mark.parametrize(
    "query", ["visit_kind=dog", "visit_kind=new&who=%00", "visit_kind=new&who=proxy&reason=x" * 40]
)
def test_bad_input_is_the_question_again(desk, query):
    answer = desk.get(f"{COUNTER}?{query}")
    assert answer.status_code == 200
    assert 'class="picks"' in answer.text
    assert "dog" not in answer.text


def test_nobody_is_looked_at_and_nothing_is_written(desk):
    before = len(list_entries(wanted=EntryFilter()).entries)
    desk.get(f"{COUNTER}?visit_kind=renewal&who=self_adult&card_now=licence&channel=counter")
    assert len(list_entries(wanted=EntryFilter()).entries) == before


def test_q5_each_warning_of_the_rule_stands_on_the_page_before_the_way_on(desk):
    assert len(GUARDED) > 40
    for told in GUARDED.values():
        html = desk.get(f"{COUNTER}?{urlencode(told)}").text
        before = html.split('class="actions"')[0]
        assert html != before, told
        for one in answer_checklist(case_of(told, BOOK), today=clock.today()).warnings:
            assert render(one).cause in before, (told, one.code)


def test_every_choice_has_its_words():
    for told in ALL:
        assert next_question(told, BOOK) is None
        for name, code in told.items():
            kind = {"visit_kind": "card_visit", "who": "card_who", "reason": "card_reason",
                    "age": "card_age_class", "pin": "card_pin_state", "channel": "card_channel",
                    "express_reason": "card_express_reason"}.get(name, name)  # fmt: skip
            assert label(kind=kind, code=code)
            assert label(kind="card_question", code=name)


# -- at home -------------------------------------------------------------------------------------

HOME = "/prepare/"


@pytest.mark.parametrize("language", Language)
def test_a_resident_is_told_what_to_bring_in_each_language_and_no_database_is_asked(
    client, language
):
    """No database mark: a query would fail the test. Every end of every path is drawn."""
    seen = set()
    for told in ALL:
        shape = {told["visit_kind"], *(f"{k}={v}" for k, v in told.items())}
        if shape <= seen:
            continue
        seen |= shape
        answer = client.get(HOME, {"language": language, **told})
        assert answer.status_code == 200
        assert 'class="bring"' in answer.text, told
        for question in ("visit_kind", "who", "reason"):
            cut = {k: v for k, v in told.items() if k != question}
            assert client.get(HOME, {"language": language, **cut}).status_code == 200
    assert len(seen) > 60


def test_at_home_each_warning_of_the_guard_is_told_too(client):
    for told in GUARDED.values():
        text = client.get(HOME, told).text
        for one in answer_checklist(case_of(told, BOOK), today=clock.today()).warnings:
            key = f"said_{one.code.lower()}"
            said = sentences(TEXTS, "bring", Language.JAPANESE)[key].format_map(one.facts)
            assert said in text, (told, one.code)


def test_the_page_keeps_nothing_and_asks_for_no_name(client):
    answer = client.get(HOME, {"visit_kind": "new", "who": "self_adult"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<input" not in answer.text
    assert "<form" not in answer.text
    assert client.post(HOME, {"who": "self_adult"}).status_code == 405
