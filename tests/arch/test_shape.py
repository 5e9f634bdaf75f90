"""Size and shape: a newcomer guesses where a thing is, and this says no when it is elsewhere."""

import ast

import pytest

from tests.arch.house import PACKAGE, ROOMS, ROOT, name_of, product_files, tree

JUNK_DRAWERS = {"utils.py", "helpers.py", "common.py", "misc.py", "manager.py"}
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60


def test_no_junk_drawers():
    assert [name_of(p) for p in ROOT.glob("madoguchi/**/*.py") if p.name in JUNK_DRAWERS] == []


def test_files_stay_readable():
    long = {
        name_of(p): n
        for p in product_files()
        if (n := len(p.read_text().splitlines())) > FILE_LINES_MAX
    }
    assert long == {}


def test_functions_hold_one_thought():
    long = {}
    for path in product_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    long[f"{name_of(path)}:{node.name}"] = lines
    assert long == {}


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "XX" + "X:"])
def test_nothing_is_put_off_in_a_comment(word):
    assert [name_of(p) for p in product_files() if word in p.read_text()] == []


def test_no_hidden_program():
    """No signals, no save() override, no Meta.ordering: nothing reacts invisibly."""
    wrong = []
    for path in product_files():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.ImportFrom)
                and node.module
                and "signals" in node.module.split(".")
            ):
                wrong.append(f"{name_of(path)}: imports {node.module}")
            if isinstance(node, ast.ClassDef):
                for item in node.body:
                    if (
                        isinstance(item, ast.FunctionDef)
                        and item.name == "save"
                        and path.name.startswith("models")
                    ):
                        wrong.append(f"{name_of(path)}: {node.name}.save")
                    if (
                        node.name == "Meta"
                        and isinstance(item, ast.Assign)
                        and any(
                            isinstance(t, ast.Name) and t.id == "ordering" for t in item.targets
                        )
                    ):
                        wrong.append(f"{name_of(path)}: Meta.ordering")
    assert wrong == []


def test_a_browser_is_driven_where_the_run_looks_for_it():
    """The part with the browser reads only these: elsewhere such a test would never be run."""
    driving = {
        name_of(path)
        # Not the whole checkout: files of a database at work come and go while one walks.
        for folder in ("madoguchi", "tests", "bench", "tools")
        for path in (ROOT / folder).glob("**/test_*.py")
        if "mark." + "browser" in path.read_text()
    }
    found = {name for name in driving if not name.endswith("/tests/test_browser.py")}
    assert driving and found == set()


#: Screens that say something else to a refusal than the reasons against it.
SAY_IT_THEIR_WAY = {
    "addressees/views/lists.py": "the answer is a file tried once more",
    "cards/views/booking.py": "a stranger hears one answer, whatever the reason",
    "cards/views/ledger.py": "the answer is a report of a file",
    "kiosk/views/beside.py": "a wrong code and a busy session are two different answers",
    "kiosk/views/devices.py": "asked again in a second",
    "kiosk/views/office/tray.py": "the demo's tray has no page of its own",
    "kiosk/views/papers.py": "a session that has gone on is shown where it is",
    "kiosk/views/resident.py": "a session that has gone on is shown where it is",
    "kiosk/views/starting.py": "nobody has begun: the first screen again",
}


def test_a_press_is_run_in_one_place():
    """What an action refuses is caught by ``web.press``, so that no page forgets a busy record."""
    caught = {}
    for path in product_files():
        if "views" in path.relative_to(PACKAGE).parts:
            names = {one.id for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler)
                     and node.type is not None for one in ast.walk(node.type)
                     if isinstance(one, ast.Name)}  # fmt: skip
            if names & {"Refused", "Busy"}:
                caught[str(path.relative_to(PACKAGE))] = names
    assert set(caught) == set(SAY_IT_THEIR_WAY)


def test_http_stays_in_views():
    """import-linter cannot forbid a sub-package of an outside package; this can."""
    inner = ("actions", "queries", "models", "documents", "ports", "domain")
    wrong = []
    for room in ROOMS:
        for layer in inner:
            places = [PACKAGE / room / f"{layer}.py", *(PACKAGE / room / layer).rglob("*.py")]
            for path in places:
                if not path.exists():
                    continue
                for node in ast.walk(tree(path)):
                    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                        ("django.http", "django.shortcuts", "django.urls", "django.template")
                    ):
                        wrong.append(f"{name_of(path)}: {node.module}")
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_explains_itself(room):
    readme = PACKAGE / room / "README.md"
    assert readme.exists()
    assert len(readme.read_text().splitlines()) <= 120
