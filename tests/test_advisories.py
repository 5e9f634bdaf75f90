"""Known holes, held against the lock files: what is hit is told, and no answer is no all-clear."""

import json
import zipfile
from datetime import UTC, datetime

import pytest

from tools import advisories
from tools.advisories import Find, audit, finds_in, pins

NOW = datetime.now(UTC).isoformat()  # noqa: TID251  the age of a list is one of today
OURS = {"django": "5.2.3", "some-thing": "1.0rc1"}


def advisory(name="Django", *events, versions=(), **more):
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    return {
        "id": "PYSEC-1", "modified": NOW, "aliases": ["CVE-1"], "summary": "a hole",
        "affected": [{"package": {"ecosystem": "PyPI", "name": name}, "ranges": ranges,
                      "versions": list(versions)}], **more,
    }  # fmt: skip


def hit(*given, **more):
    return bool(list(finds_in(advisory(*given, **more), OURS)))


@pytest.mark.parametrize(
    ("events", "is_hit"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "5.2.3"}], False),
        ([{"introduced": "0"}, {"fixed": "5.2.10"}], True),  # 10 is more than 3
        ([{"introduced": "5.2.4"}], False),
        ([{"introduced": "5.2"}, {"last_affected": "5.2.3"}], True),
        ([{"introduced": "5.2"}, {"last_affected": "5.2.2"}], False),
        # Two ranges in one, in any order.
        (
            [{"introduced": "5.2"}, {"fixed": "5.2.9"}, {"introduced": "0"}, {"fixed": "4.2.1"}],
            True,
        ),
        (
            [{"introduced": "5.2.5"}, {"fixed": "5.2.9"}, {"introduced": "0"}, {"fixed": "4.2.1"}],
            False,
        ),
    ],
)
def test_a_version_within_a_range_is_hit(events, is_hit):
    assert hit("Django", *events) is is_hit


def test_what_else_decides():
    assert hit("DJANGO", versions=["5.2.3", "not a version"])
    assert hit("Some.Thing", {"introduced": "1.0b1"}, {"fixed": "1.0"})
    assert not hit("flask", {"introduced": "0"})
    assert not hit("Django", {"introduced": "0"}, withdrawn=NOW)
    elsewhere = advisory("Django", {"introduced": "0"})
    elsewhere["affected"][0]["package"]["ecosystem"] = "npm"
    assert not list(finds_in(elsewhere, OURS))


def test_a_find_says_what_to_do():
    [one] = finds_in(advisory("Django", {"introduced": "5.0"}, {"fixed": "5.2.7"}), OURS)
    assert one == Find(package="django", version="5.2.3", advisory="PYSEC-1", aliases=("CVE-1",),
                       summary="a hole", fixed=("5.2.7",))  # fmt: skip


def test_our_own_lock_files_are_read_whole():
    texts = [one.read_text() for one in advisories.ROOT.glob("requirements*.txt")]
    found = pins(texts)
    lines = [
        line for text in texts for line in text.splitlines() if "==" in line and line[0].isalnum()
    ]
    assert (
        len(found) == len({line.partition(" ")[0].partition(";")[0].lower() for line in lines}) > 50
    )
    assert "django" in {name for name, _ in found}


def test_one_package_in_two_versions_is_held_twice():
    listed = [("a.json", json.dumps(advisory("x", {"introduced": "0"}, {"fixed": "2"})).encode())]
    found, *_ = audit(listed, frozenset({("x", "1"), ("x", "3")}))
    assert [one.version for one in found] == ["1"]


@pytest.fixture
def ours(tmp_path, monkeypatch):
    (tmp_path / "requirements.txt").write_text("django[argon]==5.2.3 \\\n    --hash=sha256:0\n")
    monkeypatch.setattr(advisories, "ROOT", tmp_path)
    return tmp_path


def said(ours, *listed):
    with zipfile.ZipFile(ours / "all.zip", "w") as whole:
        for number, one in enumerate(listed):
            whole.writestr(f"{number}.json", one if isinstance(one, str) else json.dumps(one))
    return advisories.main([str(ours / "all.zip")])


def test_a_list_without_a_find_is_the_only_all_clear(ours, capsys):
    fine = advisory("Django", {"introduced": "0"}, {"fixed": "5.2.1"})
    assert said(ours, fine) == 0
    assert said(ours, fine, advisory("Django", {"introduced": "0"})) == 1
    assert "PYSEC-1 CVE-1" in capsys.readouterr().out
    # Cut, unreadable, empty, old or not there: nothing is known, and that is said.
    assert said(ours, fine, "{") == 2
    assert said(ours, fine, advisory("Django", {"introduced": "what"})) == 2
    assert said(ours) == 2
    assert said(ours, {**fine, "modified": "2025-01-01T00:00:00Z"}) == 2
    assert advisories.main([str(ours / "none.zip")]) == 2
    assert "Nothing is known about 1 pinned" in capsys.readouterr().err
