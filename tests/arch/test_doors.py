"""A room is entered by its api, and an api holds what others really use."""

import ast
from functools import cache

import pytest

from tests.arch.house import PACKAGE, ROOMS, name_of, product_files, tree

NAMES_MAX = 12


def names_of_api(room):
    path = PACKAGE / room / "api.py"
    if not path.exists():
        return None
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets
        ):
            return [element.value for element in node.value.elts]
    return []


@cache
def used_from_outside():
    """Which names of each room's api other rooms use, read in one walk through the product."""
    used = {room: set() for room in ROOMS}
    for path in product_files():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            room, _, rest = node.module.removeprefix("madoguchi.").partition(".")
            if room not in used or path.is_relative_to(PACKAGE / room):
                continue
            if rest == "api":
                used[room] |= {alias.name for alias in node.names}
            if rest == "":
                for alias in node.names:
                    if alias.name == "api":
                        used[room] |= attributes_of(tree(path), alias.asname or "api")
    return used


def attributes_of(module, name):
    return {
        node.attr
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    }


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "desk"])
def test_a_front_door_stays_narrow(room):
    names = names_of_api(room)
    assert names, f"{room}/api.py says what it offers in __all__"
    assert len(names) <= NAMES_MAX


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "desk"])
def test_each_name_at_the_door_has_an_outside_user(room):
    assert set(names_of_api(room)) - used_from_outside()[room] == set()


def test_docstrings_of_public_values_carry_the_japanese_term():
    """The first line of each public class in a domain names the thing as the desk does."""
    silent = []
    for path in product_files():
        if "domain" not in (path.parent.name, path.stem):
            continue
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                first = (ast.get_docstring(node) or "").splitlines()[:1]
                if not first or not any("぀" <= ch <= "鿿" for ch in first[0]):
                    silent.append(f"{name_of(path)}:{node.name}")
    assert silent == []
