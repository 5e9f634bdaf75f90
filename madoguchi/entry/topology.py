"""What a town's server looks at before it opens: the database it was given, and itself (起動の検査).

``ask`` finds facts, ``judge`` says what is wrong with them, all at once. What makes answers wrong,
opens the demonstration's doors or loses what was confirmed **stops** the start. What leaves the desk right
but the town with less than it believes, a backup above all, is a **warning**: a town hall that cannot
open on Monday because of it would be the greater harm, and figures for the watch say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit

import psycopg

from madoguchi.kernel.outcome import Problem

VERSION_MIN = 15
#: Papers bear the program's clock, queues and sessions the database's.
CLOCK_SECONDS_STOP, CLOCK_SECONDS_WARN = 60, 2
#: Settings under which the server's own log would keep names and addresses, and the values that do not.
QUIET_LOG: Mapping[str, tuple[str, ...]] = {
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_min_error_statement": ("panic",),
    "log_error_verbosity": ("terse",),
    "log_min_messages": ("log", "fatal", "panic"),
    "log_parameter_max_length_on_error": ("0",),
}
#: What the folder MADOGUCHI_KEYS holds (docs/settings.md).
KEYS = ("signer.pem", "signer.key.pem", "authority.pem", "token.key.pem", "token.pub.pem")
#: Whose name the demo's own authority bears (certificates/documents/keys.py).
DEMO_ISSUER = "架空の町"
_ASKED: LiteralString = """
SELECT current_setting('server_version_num')::int / 10000 AS version,
       pg_encoding_to_char(d.encoding) AS encoding, d.datctype AS ctype,
       -- Character classes and case follow LC_CTYPE; with C, Japanese has neither, and trigrams
       -- are made of nothing: a search then finds nobody and says so without a word of warning.
       'あ' ~ '[[:alpha:]]' AS has_letters, lower('Ａ') = 'ａ' AS has_case,
       pg_is_in_recovery() AS in_recovery, clock_timestamp() AS clock,
       r.rolsuper AS superuser, r.rolreplication OR r.rolsuper AS replicates,
       has_function_privilege('pg_switch_wal()', 'EXECUTE') AS switches_log,
       coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
       to_regclass('django_migrations') IS NOT NULL AS has_tables
  FROM pg_database d, pg_roles r
 WHERE d.datname = current_database() AND r.rolname = current_user
"""
_SETTINGS: LiteralString = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
_READ = (
    "wal_level", "max_wal_senders", "max_replication_slots", "max_slot_wal_keep_size", "fsync",
    "full_page_writes", "synchronous_commit", "data_checksums", *QUIET_LOG,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the database and the settings say; nothing of it is about anybody (所見)."""

    host: str
    port: int
    demo: bool
    #: Files of the town's keys that are not there; without one no paper is made.
    keys_missing: tuple[str, ...]
    keys_of_demo: bool
    backup_to: str
    #: Port of the embedded server of this data folder, where one has run.
    embedded_port: int | None
    now: datetime
    answers: Mapping[str, object]
    settings: Mapping[str, str]
    #: Tables of a version that this program does not know yet.
    newer: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What stops the start and what only warns (判定)."""

    stops: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def look(url: str) -> Judgement:
    """Look at the place this process was given; a database that does not answer stops it (起動の検査)."""
    from madoguchi.entry import environment
    from madoguchi.infra import clock

    package = Path(__file__).resolve().parents[1]
    files = package.glob("*/migrations/0*.py")
    try:
        facts = ask(
            url, home=environment.home(), demo=environment.switch("MADOGUCHI_DEMO", False),
            keys=environment.text("MADOGUCHI_KEYS", ""),
            backup_to=environment.text("MADOGUCHI_BACKUP_TO", ""), now=clock.now(),
            migrations=frozenset((one.parts[-3], one.stem) for one in files),
        )  # fmt: skip
    except psycopg.Error as error:
        # The kind alone: what the driver says holds the account and may hold a part of the address.
        return Judgement(
            stops=(_with("TOPOLOGY_NO_ANSWER", kind=type(error).__name__),), warnings=()
        )
    return judge(facts)


def ask(
    url: str, *, home: Path, demo: bool, keys: str, backup_to: str, now: datetime,
    migrations: frozenset[tuple[str, str]],
) -> Facts:  # fmt: skip
    """Ask the database about itself, changing nothing; psycopg's errors go up (照会)."""
    at = urlsplit(url)
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as line:
        cursor = line.execute(_ASKED)
        row = cursor.fetchone()
        assert row is not None and cursor.description is not None
        answers = dict(zip((one.name for one in cursor.description), row, strict=True))
        settings = {str(name): str(value) for name, value in line.execute(_SETTINGS, [list(_READ)])}
        known = (
            line.execute("SELECT app, name FROM django_migrations").fetchall()
            if answers["has_tables"] else []
        )  # fmt: skip
    ours = {app for app, _name in migrations}
    newer = sorted(f"{app}.{name}" for app, name in known
                   if app in ours and (app, name) not in migrations)  # fmt: skip
    return Facts(
        host=at.hostname or "", port=at.port or 5432, demo=demo, keys_missing=_missing(keys), keys_of_demo=_of_demo(keys), backup_to=backup_to,
        embedded_port=_embedded_port(home), now=now, answers=answers, settings=settings,
        newer=tuple(newer),
    )  # fmt: skip


def judge(facts: Facts) -> Judgement:
    """Say everything that is wrong with where this town is to run (起動の判定)."""
    return Judgement(stops=tuple(_stops(facts)), warnings=tuple(_warnings(facts)))


def _stops(facts: Facts) -> Iterator[Problem]:
    found = facts.answers
    yield from _demonstration(facts)
    if _loopback(facts.host) and facts.port == facts.embedded_port:
        yield Problem(code="TOPOLOGY_EMBEDDED")
    if isinstance(version := found["version"], int) and version < VERSION_MIN:
        yield _with("TOPOLOGY_OLD_SERVER", version=version, wanted=VERSION_MIN)
    if found["encoding"] != "UTF8":
        yield _with("TOPOLOGY_ENCODING", encoding=found["encoding"])
    elif not (found["has_letters"] and found["has_case"]):
        yield _with("TOPOLOGY_CTYPE", ctype=found["ctype"])
    if found["in_recovery"]:
        yield Problem(code="TOPOLOGY_STANDBY")
    for name in ("fsync", "full_page_writes"):
        if facts.settings.get(name) == "off":
            yield _with("TOPOLOGY_NOT_DURABLE", name=name)
    if _clock_off(facts) > CLOCK_SECONDS_STOP:
        yield _with("TOPOLOGY_CLOCK_WRONG", seconds=round(_clock_off(facts)))
    if facts.newer:
        yield _with("TOPOLOGY_NEWER_TABLES", tables="、".join(facts.newer[:5]))


def _demonstration(facts: Facts) -> Iterator[Problem]:
    if facts.demo:
        yield Problem(code="TOPOLOGY_DEMO")
    elif facts.keys_missing:
        yield _with("TOPOLOGY_NO_KEYS", files="、".join(facts.keys_missing))
    elif facts.keys_of_demo:
        yield Problem(code="TOPOLOGY_DEMO_KEYS")


def _warnings(facts: Facts) -> Iterator[Problem]:
    found, settings = facts.answers, facts.settings
    if facts.backup_to:
        yield from _backup(facts)
    else:
        yield Problem(code="TOPOLOGY_NO_BACKUP")
    if settings.get("synchronous_commit") == "off":
        yield Problem(code="TOPOLOGY_COMMITS_LATE")
    if settings.get("data_checksums") == "off":
        yield Problem(code="TOPOLOGY_NO_CHECKSUMS")
    if found["superuser"]:
        yield Problem(code="TOPOLOGY_SUPERUSER")
    if not (_loopback(facts.host) or found["encrypted"]):
        yield Problem(code="TOPOLOGY_PLAIN_LINE")
    if CLOCK_SECONDS_STOP >= _clock_off(facts) > CLOCK_SECONDS_WARN:
        yield _with("TOPOLOGY_CLOCK_OFF", seconds=round(_clock_off(facts)))
    loud = [name for name, quiet in QUIET_LOG.items() if settings.get(name, quiet[0]) not in quiet]
    if loud:
        yield _with("TOPOLOGY_LOG_KEEPS_VALUES", names="、".join(
            f"{name} = {settings[name]}" for name in loud), remedies="、".join(
            f"{name} = {QUIET_LOG[name][0]}" for name in loud))  # fmt: skip


def _backup(facts: Facts) -> Iterator[Problem]:
    """What the follower of the log would stumble over, in the night and unseen."""
    if facts.settings.get("wal_level") == "minimal":
        yield Problem(code="TOPOLOGY_WAL_LEVEL")
    if not facts.answers["replicates"]:
        yield Problem(code="TOPOLOGY_NO_REPLICATION")
    if not facts.answers["switches_log"]:
        yield Problem(code="TOPOLOGY_NO_SWITCH_WAL")
    for name in ("max_wal_senders", "max_replication_slots"):
        if facts.settings.get(name) == "0":
            yield _with("TOPOLOGY_NO_SENDERS", name=name)
    if facts.settings.get("max_slot_wal_keep_size") == "-1":
        yield Problem(code="TOPOLOGY_LOG_FILLS_DISK")


def _with(code: str, **facts: object) -> Problem:
    return Problem(code=code, facts={name: str(value) for name, value in facts.items()})


def _clock_off(facts: Facts) -> float:
    clock = facts.answers["clock"]
    assert isinstance(clock, datetime)
    return abs((clock - facts.now).total_seconds())


def _loopback(host: str) -> bool:
    return host in ("", "localhost", "::1") or host.startswith("127.")


def _missing(folder: str) -> tuple[str, ...]:
    there = Path(folder) if folder else None
    return tuple(one for one in KEYS if there is None or not (there / one).is_file())


def _of_demo(folder: str) -> bool:
    """Tell whether the signer's certificate is one that a demonstration made for itself."""
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificates((Path(folder) / "signer.pem").read_bytes())
    except (OSError, ValueError):
        return False  # not there, or no certificate: said elsewhere
    organisation = x509.NameOID.ORGANIZATION_NAME
    return any(one.value == DEMO_ISSUER
               for certificate in found
               for one in certificate.issuer.get_attributes_for_oid(organisation))  # fmt: skip


def _embedded_port(home: Path) -> int | None:
    """Return the port of the embedded server that runs in this data folder, if one does."""
    try:
        return int((home / "postgres" / "postmaster.pid").read_text().splitlines()[3])
    except (OSError, ValueError, IndexError):
        return None
