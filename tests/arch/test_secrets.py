"""No key, password or token lies in the tree: what looks like one is made in a test, or is none."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIZE_MAX = 2_000_000
SHAPES = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}"),
    "a key of our interface": re.compile(r"\bmdg1_[A-Za-z0-9_-]{43}"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of a code host": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20})"),
    "a token of a registry": re.compile(r"\bpypi-AgEIcHlwaS5vcmc[\w-]{20}"),
    "a signed session": re.compile(r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}"),
    "a password in an address": re.compile(r"\b(?:https?|postgres(?:ql)?)://[^\s:/@<>{}'\"]+:[^\s@/<>{}'\"]{6,}@(?!127\.|localhost|\[)"),
    "a password given": re.compile(
        r"""(?i)\b(?:secret_key|api_key|apikey|access_token|client_secret)\s*[:=]\s*["'][A-Za-z0-9+/_-]{24,}["']"""
    ),
}  # fmt: skip


def tree():
    named = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode("utf-8")
    for name in filter(None, named.split("\0")):
        path = ROOT / name
        if path.is_file() and path.stat().st_size <= SIZE_MAX:
            yield name, path.read_bytes()


def found_in(text):
    return [what for what, shape in SHAPES.items() if shape.search(text)]


def test_no_secret_lies_in_the_tree():
    met = {name: found_in(data.decode("utf-8", "ignore")) for name, data in tree()}
    assert len(met) > 500
    assert {name: what for name, what in met.items() if what} == {}


def test_no_file_of_keys_lies_in_the_tree():
    kinds = (".pem", ".key", ".p12", ".pfx", ".jks", ".kdbx", ".sealed")
    assert [name for name, _ in tree() if name.endswith(kinds)] == []


PLANTED = {
    "a private key": "-----BEGIN " + "PRIVATE KEY-----\n" + "A" * 40,
    "a key of our interface": "mdg1_" + "a" * 43,
    "a key of a cloud": "AKIA" + "A" * 16,
    "a token of a code host": "ghp_" + "a" * 36,
    "a token of a registry": "pypi-" + "AgEIcHlwaS5vcmc" + "a" * 20,
    "a signed session": "eyJ" + "a" * 20 + ".eyJ" + "a" * 20 + "." + "a" * 20,
    "a password in an address": "postgresql://u:" + "himitsu9@db.example/x",
    "a password given": 'SECRET_KEY = "' + "a" * 30 + '"',
}


@pytest.mark.parametrize("what", SHAPES)
def test_a_planted_secret_is_found(what):
    assert what in found_in(PLANTED[what])
