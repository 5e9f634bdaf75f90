"""Law and standard, clause by clause: what the tables name is there, and no clause is forgotten."""

import ast
import dataclasses
import functools
import inspect
import re
import tomllib

import pytest

from madoguchi.accounts.models import Staff
from madoguchi.certificates.domain.issue import Standing, check_subjects
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.town import Town
from madoguchi.certificates.queries.town import town
from madoguchi.kernel.actor import Right
from madoguchi.register.domain.items import Status
from madoguchi.register.domain.order import in_legal_order
from tests.arch.house import PACKAGE, ROOT, product_files

RULES = ROOT / "docs" / "rules"
NAMED = re.compile(r"`([\w./-]+\.\w+)::([\w.]+)`")
VERDICT = re.compile(r"\*\*(open|not ours)\*\*: \S")

#: Chapter 3 of the standard, as far as a resident desk meets it.
_CHAPTER_3 = """
    1.1.1 1.1.2 1.1.3 1.1.4 1.1.5 1.1.6 1.1.7 1.1.8 1.1.9 1.1.10 1.1.11 1.1.12 1.1.13 1.1.14
    1.1.15 1.1.16 1.1.17 1.1.18 1.1.19 1.2.1 1.2.2 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5 1.3.6 1.3.7
    1.3.8 1.3.9 2.1.1 2.1.2 2.1.3 2.2.1 2.2.2 2.2.3 2.2.4 2.3.1 2.3.2 3.1 3.2 3.3 3.4 3.5
    4.0.1 4.0.2 4.0.3 4.0.4 4.0.5 4.0.6 4.0.7 4.0.8 4.0.9 4.0.10 4.1.0.1 4.1.0.2 4.1.0.3
    4.1.1.1 4.1.1.2 4.1.1.3 4.1.1.4 4.1.2.1 4.1.3.0.1 4.1.3.0.2 4.1.3.0.3 4.1.3.0.4 4.1.3.1.1
    4.1.3.1.2 4.1.3.1.3 4.1.3.1.4 4.1.4.1 4.1.4.2 4.1.4.3 4.2.0.1 4.2.0.2 4.2.0.3 4.2.0.4
    4.2.0.5 4.2.1.1 4.2.2.1 4.2.2.2 4.2.3.2 4.2.3.3 4.3 4.4 4.5 4.6.0.1 5.1 5.2 5.3 5.4 5.5 5.6
    5.7 5.8 6.1 7.1.1 7.2 8.1 9 10.1 10.2 10.3 10.4 10.5 10.6 10.7 10.8 11.1
"""
CLAUSES = _CHAPTER_3.split()
INVARIANTS = [f"I{number}" for number in range(1, 13)]
LEAKS = ["Mitaka", "Inuyama", "Hirakata", "Izumo", "Oamishirasato", "Okayama", "Meguro"]


def rows():
    """Every row of every table: file, line, cells."""
    for path in sorted(set(RULES.glob("*.md")) - {RULES / "README.md"}):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if line.startswith("|") and not set(line) <= set("|-: ") and cells[0] != "Clause":
                yield f"{path.name}:{number}", cells


ROWS = list(rows())
FIRST_CELLS = " , ".join(cells[0] for _, cells in ROWS)


@functools.cache
def names_in(path):
    """Top-level names of a Python file, and those of its classes with a dot."""
    return frozenset(_names_in(path))


def _names_in(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (
                f"{node.name}.{inner.name}" for inner in node.body if hasattr(inner, "name")
            )
            yield from (
                f"{node.name}.{target.id}" for inner in node.body for target in targets_of(inner)
            )
        yield from (target.id for target in targets_of(node))


def targets_of(node):
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target for target in targets if isinstance(target, ast.Name)]


def is_there(place, name):
    path = next((p for p in (PACKAGE / place, ROOT / place) if p.is_file()), None)
    if path is None:
        return False
    if path.suffix == ".py":
        return name in names_in(path)
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", path.read_text(encoding="utf-8"))


def test_the_tables_are_read():
    assert len(ROWS) > 100


def test_every_function_and_test_named_exists():
    gone = [
        f"{where}: {place}::{name}"
        for where, cells in ROWS
        for place, name in NAMED.findall("|".join(cells))
        if not is_there(place, name)
    ]
    assert gone == []


def test_every_row_is_proved_by_a_test_or_says_why_not():
    silent = [
        f"{where}: {cells[0]}"
        for where, cells in ROWS
        if not VERDICT.search("|".join(cells))
        and not any("tests/" in place for place, _ in NAMED.findall("|".join(cells)))
    ]
    assert silent == []


@pytest.mark.parametrize("clause", [*CLAUSES, *INVARIANTS, *LEAKS])
def test_no_clause_is_forgotten(clause):
    assert re.search(rf"(?<![\w.]){re.escape(clause)}(?![\w.])", FIRST_CELLS)


def test_every_word_of_the_glossary_is_used_in_the_code():
    glossary = tomllib.loads((ROOT / "docs" / "glossary.toml").read_text(encoding="utf-8"))
    used = set()
    for path in product_files():
        for word in re.findall(r"[A-Za-z_]\w*", path.read_text(encoding="utf-8")):
            used.add(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).strip("_").lower())
    code = " ".join(f"_{word}_" for word in used)
    assert [name for name in glossary if f"_{name}_" not in code] == []
    others = {
        other
        for entry in glossary.values()
        for other in entry.get("not_to_confuse", "").split(", ")
        if other
    }
    assert others - glossary.keys() == set()


def test_documents_lead_only_to_files_that_are_there():
    lost = []
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *PACKAGE.rglob("*.md")]:
        for target in re.findall(
            r"(?<!!)\[[^\]]*\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")
        ):
            if "://" not in target and not (path.parent / target).exists():
                lost.append(f"{path.relative_to(ROOT)}: {target}")
    assert lost == []


# -- what the standard forbids (docs/rules/must-not.md) ------------------------------------


def test_must_not_a_planned_move_out_is_no_alert_at_the_desk():
    assert {field.name for field in dataclasses.fields(Standing)} == {
        "person_id",
        "is_removed",
        "is_dead",
        "has_draft",
    }
    leaving = Standing(
        person_id="1",
        is_removed=not Status.MOVE_OUT_PLANNED.is_resident,
        is_dead=False,
        has_draft=False,
    )
    kind = Kind.RESIDENT_RECORD_HOUSEHOLD
    assert check_subjects(kind=kind, asked=leaving, printed=[leaving]) == ()


def test_must_not_a_branch_office_has_no_seal():
    # Who certifies hangs on the day and on nothing else: no place, no counter.
    assert set(inspect.signature(town).parameters) == {"on"}
    assert not {"place", "terminal"} & {field.name for field in dataclasses.fields(Town)}


def test_must_not_the_order_of_members_has_no_setting():
    assert list(inspect.signature(in_legal_order).parameters) == ["members"]
    assert "settings" not in inspect.getsource(inspect.getmodule(in_legal_order))


def test_must_not_a_building_never_gives_an_address():
    """Only what was written as the address becomes one: no planner reads a building for it."""
    filled = [
        f"{path.name}:{node.lineno}"
        for path in product_files(PACKAGE / "register")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword)
        and node.arg == "address"
        and "building" in ast.unparse(node.value)
    ]
    assert filled == []


def test_must_not_staff_have_no_job_title():
    names = {field.name for field in Staff._meta.get_fields()}
    assert not {name for name in names if re.search("title|rank|position|post", name)}


def test_must_not_no_right_hides_a_relationship():
    assert not [right for right in Right if re.search("RELATION|HOUSEHOLDER", right)]
