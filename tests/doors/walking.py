"""Every route the program has, with an address of it, and a way of asking each of them.

Nothing here is a list to be kept: routes come from the resolver, names of fields from the code,
so that a route made tomorrow is tried tomorrow.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from madoguchi.accounts import testing as staff
from madoguchi.accounts.domain import Effect
from madoguchi.accounts.models import StaffRight
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.web.access import Access, access_of
from tests.arch.test_routes import ROUTES

PRODUCT = Path(__file__).resolve().parents[2] / "madoguchi"
#: An id as ours are made, and nobody's.
NOBODYS_ID = "zzzzzzzzzzzzzzzzzzzzzzzzz2"
_PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_NUMBERS = "987654321"


@dataclass(frozen=True, slots=True)
class Door:
    """One route: its pattern, an address of it, and who may enter."""

    route: str
    address: str
    access: Access

    @property
    def has_id(self) -> bool:
        """Whether somebody's or something's id stands in the address."""
        return "<" in self.route

    def address_of(self, text: str) -> str:
        """Return an address with this text in every place for text."""
        return "/" + _PART.sub(lambda one: _filled(one, text), _plain(self.route))


def _plain(route: str) -> str:
    return route.replace("^", "").replace("$", "").replace("\\Z", "")


def _filled(part: re.Match[str], text: str) -> str:
    return _NUMBERS if part["kind"] == "int" else text


def _doors() -> Iterator[Door]:
    for route, entry in ROUTES:
        access = access_of(entry.callback)
        assert access is not None, route
        yield Door(
            route=route,
            address="/" + _PART.sub(lambda one: _filled(one, NOBODYS_ID), _plain(route)),
            access=access,
        )


DOORS = tuple(_doors())


def holder_of_all_rights() -> Any:
    """Return somebody with every right there is: whoever is not stopped by a right meets the rest."""
    member = staff.kai()
    day = clock.today()
    for right in Right:
        StaffRight.objects.create(
            staff=member, right=right.value, effect=Effect.ADDED.value, valid_from=day,
            reason="扉の試し", given_by="sango", given_at=clock.now(),
        )  # fmt: skip
    return type(member).objects.get(pk=member.pk)


def everywhere(
    client: Client,
    ask: Callable[[Client, Door], HttpResponseBase],
    wrong: Callable[[HttpResponseBase], str | bool | None],
    *,
    doors: tuple[Door, ...] = DOORS,
) -> list[str]:
    """Ask at every door and undo what came of it; return the doors where something is wrong."""
    found = []
    kept = client.cookies.output(header="", sep=";")
    for door in doors:
        block = transaction.atomic()
        block._from_testcase = True  # an action opens the outermost transaction: let it
        with block:
            answer = ask(client, door)
            said = wrong(answer)
            transaction.set_rollback(True)
        if answer.streaming:
            # Read to its end: closing it by hand would close the test's own database line.
            for _ in answer.streaming_content:
                pass
        client.cookies.clear()
        client.cookies.load(kept)
        if said:
            found.append(f"/{door.route}: {answer.status_code} {said if said is not True else ''}")
    return found


def body_of(answer: HttpResponseBase) -> bytes:
    """Return all that was answered."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@cache
def names_read() -> tuple[str, ...]:
    """Return every name of a field that a form or a view of the product reads."""
    found: set[str] = set()
    for file in sorted((*PRODUCT.glob("*/views/**/*.py"), *PRODUCT.glob("*/views.py"),
                        *PRODUCT.glob("*/forms/*.py"), *PRODUCT.glob("*/forms.py"))):  # fmt: skip
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found |= {one.targets[0].id for one in node.body
                          if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
                          and isinstance(one.value, ast.Call)}  # fmt: skip
            got = _name_got(node)
            if got:
                found.add(got)
    return tuple(sorted(found))


def _name_got(node: ast.AST) -> str:
    """Return the name in ``request.POST["name"]`` or ``request.GET.get("name", ...)``."""
    asked = node.value if isinstance(node, ast.Subscript) else None
    name = node.slice if isinstance(node, ast.Subscript) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        asked, name = node.func.value, node.args[0]
    of_request = isinstance(asked, ast.Attribute) and asked.attr in ("POST", "GET", "FILES")
    if of_request and isinstance(name, ast.Constant) and isinstance(name.value, str):
        return name.value
    return ""


def session_cookie(client: Client) -> str:
    """Return the key of the session this browser holds."""
    return client.cookies[settings.SESSION_COOKIE_NAME].value
