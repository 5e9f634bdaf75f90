"""A row belongs to one room; other rooms keep its id and read published views."""

import re

from django.apps import apps
from django.core.management import call_command

from tests.arch.house import PACKAGE, ROOMS, name_of

SHARED = {"infra"}


def test_no_relation_crosses_rooms():
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in ROOMS:
            continue
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            ours = field.is_relation and not field.auto_created and other not in (None, "self")
            if ours and other._meta.app_label not in {room, "contenttypes", "auth"}:
                wrong.append(f"{model.__name__}.{field.name} -> {other._meta.label}")
    assert wrong == []


def test_sql_names_only_own_tables_and_published_views():
    known = {room: re.compile(rf"\b{room}_(?!out_)[a-z_]+\b") for room in ROOMS}
    tables = {model._meta.db_table: model._meta.app_label for model in apps.get_models()}
    wrong = []
    for room in ROOMS:
        for path in [*(PACKAGE / room).rglob("*.sql"), *(PACKAGE / room).rglob("*.py")]:
            if "tests" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            for other, pattern in known.items():
                if other == room:
                    continue
                for found in set(pattern.findall(text)):
                    if tables.get(found) == other:
                        wrong.append(f"{name_of(path)}: {found}")
    assert wrong == []


def test_migrations_say_what_the_models_say(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_each_table_is_named_after_its_room():
    wrong = [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        and not model._meta.db_table.startswith(f"{model._meta.app_label}_")
    ]
    assert wrong == []


def test_migrations_are_one_line():
    """One head a room, numbered without gaps."""
    for room in (*ROOMS, *SHARED):
        numbers = sorted(int(p.name[:4]) for p in (PACKAGE / room / "migrations").glob("0*.py"))
        assert numbers == list(range(1, len(numbers) + 1)), room
