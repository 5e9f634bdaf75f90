"""Every long work of the house stands in docs/long-work.md, and nothing stands there that is none."""

from __future__ import annotations

import ast
import re

from tests.arch.house import PACKAGE

PAGE = PACKAGE.parent / "docs/long-work.md"
RUNNERS = {"run_long", "press_long"}
#: Names of a parameter or of a choice, not of a work; what they hold is told by its own docstring or beside.
HANDED_ON = {"action", "load"}
#: The town of the demo: fictional, filled once, nobody waits at a desk.
NOT_OF_A_TOWN = {"_take_in", "_a_day"}


def _sources():
    for path in sorted(PACKAGE.glob("*/**/*.py")):
        if "tests" in path.parts or path.name == "testing.py":
            continue
        text = path.read_text("utf-8")
        if path.name == "jobs.py" or any(one in text for one in RUNNERS):
            yield path, ast.parse(text)


def long_actions():
    """Every action that is run without the limit of time, by the name of its function."""
    found = set()
    for path, tree in _sources():
        if path.match("infra/unit.py") or path.match("web/press.py"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                given = node.args[0]
                if called in RUNNERS:
                    found.add(getattr(given, "id", getattr(given, "attr", "")))
            if isinstance(node, ast.FunctionDef) and re.search(
                r"[Rr]un it in ``unit.run_long``", ast.get_docstring(node) or ""
            ):
                found.add(node.name)
            # ``action = undo_slip if ... else hand_in_slip``, run a line later.
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.IfExp)
                and getattr(node.targets[0], "id", "") in HANDED_ON
            ):
                found |= {node.value.body.id, node.value.orelse.id}
    return found - HANDED_ON - NOT_OF_A_TOWN


def jobs():
    """Every job of the queue: room.jobs.function."""
    return {
        f"{path.parent.name}.jobs.{node.name}"
        for path, tree in _sources()
        if path.name == "jobs.py"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(getattr(one, "func", None) and one.func.id == "job" for one in node.decorator_list)
    }


def told():
    """Every work of the table: the code of its second column."""
    rows = [line.split("|") for line in PAGE.read_text("utf-8").splitlines() if line[:1] == "|"]
    assert all(len(row) == 8 and all(cell.strip() for cell in row[1:7]) for row in rows)
    return {one for row in rows[2:] for one in re.findall(r"`([\w.]+)`", row[2])}


def test_each_long_work_says_how_it_is_watched_stopped_resumed_and_undone():
    named = {one for one in told() if ".jobs." not in one}
    assert {one.rsplit(".", 1)[1] for one in named} == long_actions()
    assert {one for one in told() if ".jobs." in one} == jobs()


def test_each_stands_where_the_table_says():
    wrong = [
        one for one in told()
        if not any(re.search(rf"^def {one.rsplit('.', 1)[1]}\(", path.read_text("utf-8"), re.MULTILINE)
                   for path in (*(PACKAGE / one.split(".")[0]).glob(f"{one.split('.')[-2]}.py"),
                                *(PACKAGE / one.split(".")[0]).glob(f"actions/**/{one.split('.')[-2]}.py")))
    ]  # fmt: skip
    assert wrong == []
