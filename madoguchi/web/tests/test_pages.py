"""A page, or the one piece of it that htmx will replace."""

import pytest
from django.template import engines
from django.test import RequestFactory

from madoguchi.web import pages

BASE = "<html>{% block main %}{% endblock %}</html>"
PAGE = (
    '{% extends base %}{% block main %}<h1>{{ title }}</h1>{% block hit_list %}<ul id="hit-list">'
    "{% for hit in hits %}<li>{{ hit }}</li>{% endfor %}</ul>{% endblock %}{% endblock %}"
)


@pytest.fixture
def ask(monkeypatch):
    engine = engines["django"]
    compiled = engine.from_string(PAGE)
    monkeypatch.setattr(pages, "get_template", lambda name: compiled)
    given = {"base": engine.from_string(BASE), "title": "題", "hits": ["<b>", "い"]}

    def answer(**headers):
        request = RequestFactory().get("/", headers=headers)
        return pages.page(request, "any.html", given)

    return answer


WHOLE = '<html><h1>題</h1><ul id="hit-list"><li>&lt;b&gt;</li><li>い</li></ul></html>'


def test_a_browser_gets_the_whole_page(ask):
    assert ask().text == WHOLE


def test_htmx_gets_only_the_block_that_draws_its_target(ask):
    answer = ask(**{"HX-Request": "true", "HX-Target": "hit-list"})
    assert answer.text == '<ul id="hit-list"><li>&lt;b&gt;</li><li>い</li></ul>'
    assert {"HX-Request", "HX-Target"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Target": "hit-list"},
        {"HX-Request": "true"},
        {"HX-Request": "true", "HX-Target": "unknown"},
        {"HX-Request": "true", "HX-Target": "hit-list", "HX-Boosted": "true"},
        {"HX-Request": "true", "HX-Target": "hit-list", "HX-History-Restore-Request": "true"},
    ],
)
def test_everything_else_gets_the_whole_page(ask, headers):
    assert ask(**headers).text == WHOLE
