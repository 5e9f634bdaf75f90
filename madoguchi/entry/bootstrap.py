"""Make ready what a command needs: database, Django, newest tables (準備)."""

from __future__ import annotations

import atexit
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django

from madoguchi.entry import environment
from madoguchi.infra import postgres

#: Number of the database's lock that whoever changes the tables holds.
MIGRATING = 0x4D61646F


def connect_database(home: Path) -> None:
    """Set MADOGUCHI_DATABASE_URL, starting or joining the embedded server where none is given."""
    if environment.text("MADOGUCHI_DATABASE_URL", ""):
        return
    server = postgres.use(home)
    os.environ["MADOGUCHI_DATABASE_URL"] = server.url
    os.environ["MADOGUCHI_EMBEDDED"] = "1"
    atexit.register(server.leave)


def set_up() -> None:
    """Connect the database, set Django up, and bring the tables to this version."""
    home = environment.home()
    connect_database(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.entry.settings")
    django.setup()
    refuse_unsafe_settings()
    migrate_if_needed(home)


def refuse_unsafe_settings() -> None:
    """Stop the start where a setting would make the program believe what it must not (起動の検査).

    Django runs its checks for its own commands only, neither for ours nor for a web server.
    """
    from django.core.checks import run_checks

    found = [one for one in run_checks(tags=["madoguchi"]) if one.is_serious()]
    if found:
        raise SystemExit("\n".join(f"{one.msg} {one.hint}" for one in found))


def migrate_if_needed(home: Path) -> None:
    """Run migrations unless this data folder has already seen exactly these files.

    Asking Django takes a third of a second on every command; a hash of the names does not.
    """
    package = Path(__file__).resolve().parents[1]
    names = sorted(str(p.relative_to(package)) for p in package.glob("*/migrations/0*.py"))
    url = environment.text("MADOGUCHI_DATABASE_URL", "")
    mark = hashlib.sha256("\n".join([urlsplit(url).path.lstrip("/"), *names]).encode()).hexdigest()
    seen = home / "migrated"

    def is_seen() -> bool:
        return seen.exists() and seen.read_text() == mark

    if is_seen():
        return
    from django.core.management import call_command

    with _one_at_a_time():
        if not is_seen():  # another process may have done it while this one waited
            call_command("migrate", verbosity=0, interactive=False)
            seen.write_text(mark)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let one process change the tables while others wait (移行は一つずつ).

    After an update the web server and the worker start in the same second. They ask again and
    again rather than wait inside the database: a statement that waits keeps its snapshot, and an
    index built beside running work would wait for that one in turn.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATING])
            if cursor.fetchone() == (True,):
                break
            time.sleep(0.2)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
