"""What the documents tell somebody to type, open or set is there: commands with their options, files, settings."""

import argparse
import re
from functools import cache

import pytest

from madoguchi.entry.cli import verbs
from tests.arch.house import PACKAGE, ROOT, name_of

DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *PACKAGE.glob("*/README.md")]
)
#: Beside the nouns: what stays until it is stopped, and Django's own commands.
STAYING = {"demo", "serve", "worker", "terminal-emulator", "manage"}
#: A path of the checkout, as the documents write it: from its top.
PATH = re.compile(
    r"(?<![\w./<-])((?:madoguchi|tests|tools|docs|deploy|bench)/[\w./*-]*[\w*/])(?![\w<])"
)
SETTING = re.compile(r"\bMADOGUCHI_[A-Z][A-Z_]*[A-Z]\b")


def typed(text):
    """Every line of a block of code, and everything between backticks."""
    for block in re.findall(r"^```(?:sh|console)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        yield from block.replace("\\\n", " ").splitlines()
    outside = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", outside)


def calls(text):
    """The words after ``madoguchi`` in every call of it, without what stands behind the call."""
    for line in typed(text):
        found = re.match(
            r"(?:\$ |[A-Z_]+=\S+ )*(?:(?:sudo|setpriv) .* )?(?:\./run |\S*python -m )?madoguchi\s+(\S.*)",
            re.sub(r"\s#.*", "", line.strip()),
        )
        if found:
            yield re.split(r"\s[|(]\s?|;|&&| … ", found[1])[0].split()


@cache
def known():
    """Every noun with its verbs, and every verb with its options."""
    found = {}
    for noun in verbs.list_nouns():
        for verb in verbs.verbs_of(noun):
            parser = argparse.ArgumentParser()
            verbs._parser_of(verb, parser)
            found[noun.replace("_", "-"), verb.name] = set(parser._option_string_actions)
    return found


def wrong_with(words):
    """What of a call the command line does not know, or None."""
    noun, *rest = words
    if noun in STAYING:
        given = set(re.findall(r'add_argument\("(--[a-z-]+)"', source("entry/cli/running.py")))
        return None if noun == "manage" else unknown(rest, given)
    if not any(one == noun for one, _ in known()):
        return noun
    if (noun, "") in known():
        return unknown(rest, known()[noun, ""])
    named = [one for one in re.split(r"[|/]", rest[0].strip("[]…,.")) if one] if rest else []
    lacking = [one for one in named if one.isascii() and (noun, one) not in known()]
    options = set().union(*(known()[noun, one] for one in named if (noun, one) in known()))
    return " ".join(lacking) or unknown(rest[1:], options)


def unknown(words, options):
    named = {
        re.sub(r"=.*", "", one.strip("[]")) for one in words if one.strip("[").startswith("--")
    }
    return " ".join(sorted(named - options)) or None


def source(path):
    return (PACKAGE / path).read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_it_names_is_one_with_the_options_it_names(document):
    wrong = [
        (" ".join(call), why)
        for call in calls(document.read_text("utf-8"))
        if (why := wrong_with(call))
    ]
    assert wrong == []


def test_every_verb_of_run_that_is_named_is_there():
    there = set(re.findall(r"^([a-z]+)\)$", (ROOT / "run").read_text("utf-8"), re.MULTILINE))
    named = {
        verb
        for document in DOCUMENTS
        for verb in re.findall(r"(?<![\w/])\./run ([a-z-]+)", document.read_text("utf-8"))
    }
    assert len(there) > 7
    assert named <= there


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_file_of_the_checkout_it_names_is_there(document):
    named = {path for said in typed(document.read_text("utf-8")) for path in PATH.findall(said)}
    tops = (ROOT, document.parent)  # a room's README writes its own tests from where it stands
    missing = [
        path for path in sorted(named) if not any(list(top.glob(path.rstrip("/"))) for top in tops)
    ]
    assert missing == []


def test_every_setting_that_is_named_is_one():
    code = [
        ROOT / "run",
        *PACKAGE.rglob("*.py"),
        *(ROOT / "tools").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
    ]
    read = "\n".join(path.read_text("utf-8") for path in code)
    named = {
        name: name_of(document)
        for document in DOCUMENTS
        for name in SETTING.findall(document.read_text("utf-8"))
    }
    assert len(named) > 50
    # Whatever is secret may stand in a file: the reader adds the ending.
    assert {name: at for name, at in named.items() if name.removesuffix("_FILE") not in read} == {}


def test_a_wrong_call_would_be_found():
    assert wrong_with(["registr", "search"]) == "registr"
    assert wrong_with(["backup", "nov", "--verify"]) == "nov"
    assert wrong_with(["backup", "now", "--verfy"]) == "--verfy"
    assert wrong_with(["backup", "now|verify|restore"]) is None
    assert list(calls("```sh\nX=1 ./run madoguchi backup now --verify   # then\n```")) == [
        ["backup", "now", "--verify"]
    ]
