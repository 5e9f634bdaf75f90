"""A page is light (W5) and lives under the content security policy."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders

BUDGET = 60 * 1024


def sent(text):
    return len(gzip.compress(text if isinstance(text, bytes) else text.encode(), 6))


def test_a_base_page_with_style_and_scripts_is_light(shell):
    text = shell.get("/_style").text
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', text))
    assert {"web/desk.css", "web/desk.js", "web/tokens.css"} <= files
    weights = {name: sent(Path(finders.find(name)).read_bytes()) for name in files}
    assert sum(weights.values()) + sent(text) <= BUDGET, weights


def test_no_page_carries_style_or_script_of_its_own(shell):
    for address in ("/_style", "/nowhere", "/fails/bug"):
        text = shell.get(address).text
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text), address
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), address


def test_htmx_keeps_no_page_and_evaluates_nothing(shell):
    text = shell.get("/_style").text
    assert '"historyCacheSize":0' in text
    assert '"allowEval":false' in text
    assert '"includeIndicatorStyles":false' in text


def test_the_style_page_is_of_the_demonstration_town_only(shell, settings):
    settings.MADOGUCHI_DEMO = False
    assert shell.get("/_style").status_code == 404


def test_the_style_page_shows_every_problem_of_its_form(shell):
    answer = shell.post("/_style", {})
    assert answer.status_code == 422
    assert answer.text.count("FIELD_REQUIRED") == 2
    assert "BUSY" in answer.text
