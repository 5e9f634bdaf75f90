"""Codes inside, words at the rim: every code has its sentences, no sentence without its code."""

import ast
import re
import tomllib
from functools import cache

import pytest

from tests.arch.house import PACKAGE, ROOT, name_of, product_files, tree
from tools import conformity

CODE = re.compile(r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$")
WORD = re.compile(r"\w+")


@cache
def catalogue():
    found = {}
    for path in sorted((PACKAGE / "web" / "catalogue").glob("*.toml")):
        for code, words in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code == "labels":
                continue
            assert code not in found, f"{code} stands twice"
            found[code] = words
    return found


def codes_in_use():
    """Literal codes given to Problem(code=...) anywhere in the product."""
    used = {}
    for path in product_files():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Problem"
            ):
                for keyword in node.keywords:
                    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                        used.setdefault(keyword.value.value, name_of(path))
    return used


def test_every_code_has_cause_and_remedy():
    missing = {code: where for code, where in codes_in_use().items() if code not in catalogue()}
    assert missing == {}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_message_says_what_and_what_to_do(code):
    words = catalogue()[code]
    assert CODE.match(code)
    assert words["cause"].strip().endswith(("。", "？"))
    assert words["remedy"].strip().endswith(("。", "？"))


def test_no_message_nobody_says():
    said = {
        word for path in product_files() for word in WORD.findall(path.read_text(encoding="utf-8"))
    }
    assert [code for code in catalogue() if code not in said] == []


def test_glossary_is_whole():
    entries = tomllib.loads((ROOT / "docs" / "glossary.toml").read_text(encoding="utf-8"))
    assert len(entries) >= 40
    for name, entry in entries.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert {"ja", "reading", "meaning", "source"} <= entry.keys(), name


def audit_actions():
    """Literal names given to record(action=...) and look(screen=...)."""
    used = {}
    for path in product_files():
        if path.stem == "testing":  # what tests record reaches nobody's page
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            for keyword in node.keywords:
                value = getattr(keyword.value, "value", None)
                if (
                    keyword.arg in ("action", "screen")
                    and isinstance(keyword.value, ast.Constant)
                    and isinstance(value, str)
                    and CODE.match(value)
                ):
                    used.setdefault(value, name_of(path))
    return used


def labels_of(kind):
    found = set()
    for path in sorted((PACKAGE / "web" / "catalogue").glob("*.toml")):
        words = tomllib.loads(path.read_text(encoding="utf-8"))
        found |= set(words.get("labels", {}).get(kind, {}))
    return found


def test_every_audited_action_reads_as_words():
    labels = labels_of("audit_action")
    assert {code: where for code, where in audit_actions().items() if code not in labels} == {}


@pytest.mark.parametrize(
    ("kind", "start"), [("procedure", "REGISTER_"), ("measure_step", "PROTECTION_")]
)
def test_actions_named_after_what_was_done_read_as_words(kind, start):
    """These are put together where they are recorded, so no literal names them."""
    assert labels_of(kind)
    assert {f"{start}{one}" for one in labels_of(kind)} <= labels_of("audit_action")


#: Pages on which nothing is being done: the doors, signing in, what is one's own, the demo's tray.
NO_PROCEDURE = {"accounts/doors.html", "accounts/entrance.html", "accounts/own.html",
                "adapters/machines.html", "kiosk/gallery.html"}  # fmt: skip


def test_every_desk_page_names_its_procedure():
    """SPEC1 2.3.1: whoever comes back to a screen sees which procedure it is about."""
    silent = {
        "/".join(path.parts[-2:])
        for path in PACKAGE.glob("*/templates/*/*.html")
        if '{% extends "web/base.html" %}' in (text := path.read_text(encoding="utf-8"))
        and not re.search(r"\{% block procedure %\}(?!\{% endblock)", text)
    }
    assert silent == NO_PROCEDURE


def test_the_page_of_conformity_is_what_the_rules_say():
    assert conformity.PAGE.read_text(encoding="utf-8") == conformity.text()
