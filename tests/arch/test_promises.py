"""What the documents promise is there: invariants, settings, jobs, commands."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

from tests.arch.house import PACKAGE, ROOMS, ROOT, name_of, product_files, test_texts, tree


def invariants():
    for room in ROOMS:
        readme = PACKAGE / room / "README.md"
        if readme.exists():
            for number in re.findall(
                r"^\s*[-*|]?\s*\**([A-Z]{1,2}\d{1,2})\**[ .:|]", readme.read_text(), re.MULTILINE
            ):
                yield room, number


@pytest.mark.parametrize(("room", "number"), sorted(set(invariants())))
def test_each_numbered_invariant_is_named_by_a_test(room, number):
    texts = "\n".join(
        path.read_text()
        for path in [*(PACKAGE / room / "tests").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    )
    assert re.search(rf"\b{number}\b|_{number.lower()}_", texts), (
        f"{room}: {number} is promised, not tested"
    )


def test_each_setting_is_documented():
    text = (ROOT / "docs" / "settings.md").read_text()
    names = set()
    for path in product_files():
        names |= set(re.findall(r"[\"'](MADOGUCHI_[A-Z_]+)[\"']", path.read_text()))
    # Each may be named with _FILE behind it: the document says so once, for all of them.
    told = {
        name for name in names if f"`{name.removesuffix('_FILE')}`" in text or f"`{name}`" in text
    }
    assert names - told == set()


def test_each_deferred_job_exists():
    known = {task.name for task in app.tasks.values()}
    wrong = {}
    for path in product_files():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", "") == "defer"
                and node.args
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and first.value not in known:
                    wrong[first.value] = name_of(path)
    assert wrong == {}


def test_run_lists_its_verbs():
    printed = subprocess.run(
        ["sh", "run"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for verb in ("demo", "test", "check", "bench", "madoguchi", "setup"):
        assert f"./run {verb}" in printed


def test_each_command_of_the_package_is_made_by_the_set_up():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert set(scripts) == {"madoguchi", "madoguchi-bridge"}
    for name in scripts:
        asked = [str(Path(sys.executable).with_name(name)), "--help"]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        assert f"usage: {name}" in done.stdout


def test_ci_calls_exactly_the_test_command():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == "exec ./run test"


def test_architecture_fits_four_pages():
    assert len((ROOT / "ARCHITECTURE.md").read_text().splitlines()) <= 240


def test_what_is_said_of_scale_was_measured():
    """Each cost in the table names the kept result it was taken from."""
    costs = (ROOT / "docs" / "scale.md").read_text().split("## What one costs")[1].split("\n## ")[0]
    rows = [row for row in costs.splitlines() if row.startswith("| ")][1:]
    named = [re.findall(r"`([\w-]+)` \|$", row) for row in rows]
    assert len(named) >= 8 and all(named)
    kept = {path.stem for path in (ROOT / "bench" / "results").glob("*.json")}
    assert {name for (name,) in named} - kept == set()


def test_the_lock_file_has_hashes_and_no_address():
    for name in ("requirements.txt", "requirements-uv.txt", "requirements-bridge.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")
    assert test_texts()
