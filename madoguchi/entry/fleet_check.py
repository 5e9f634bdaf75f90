"""What two towns of one machine must not share, and who could read whom: everything at once (検査)."""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

from madoguchi.entry.fleet import PATH_WORDS, WANTED, Fleet, Town, folder_of, missing, pairs
from madoguchi.entry.topology import KEYS
from madoguchi.kernel.outcome import Problem

FRONT = "127.0.0.1"
_YES = frozenset({"1", "true", "yes"})
#: Settings that may not hold the same value in two towns, and how they are called.
_OWN_VALUES = {
    "MADOGUCHI_SECRET_KEY": "セッションの鍵（MADOGUCHI_SECRET_KEY）",
    "MADOGUCHI_AUDIT_KEY": "記録の鍵（MADOGUCHI_AUDIT_KEY）",
    "MADOGUCHI_METRICS_TOKEN": "監視の合言葉（MADOGUCHI_METRICS_TOKEN）",
    "MADOGUCHI_TOWN_CODE": "団体コード（MADOGUCHI_TOWN_CODE）",
}
#: Files of which two towns may not hold equal ones.
_OWN_FILES = {"MADOGUCHI_BACKUP_KEY": "バックアップの鍵（MADOGUCHI_BACKUP_KEY）"}
_OWN_FOLDERS = {
    "MADOGUCHI_HOME": "データの置き場（MADOGUCHI_HOME）",
    "MADOGUCHI_KEYS": "町の鍵の置き場（MADOGUCHI_KEYS）",
    "MADOGUCHI_BACKUP_TO": "バックアップの置き場（MADOGUCHI_BACKUP_TO）",
    "MADOGUCHI_POST_FOLDER": "町のあいだの便（MADOGUCHI_POST_FOLDER）",
    "MADOGUCHI_PORTAL_FOLDER": "ポータルの便（MADOGUCHI_PORTAL_FOLDER）",
}
#: Only demonstrations set these.
_DEMO = ("MADOGUCHI_DEMO", "MADOGUCHI_EMBEDDED", "MADOGUCHI_NEIGHBOUR", "MADOGUCHI_TWO_TOWNS")


def check_fleet(fleet: Fleet) -> tuple[Problem, ...]:
    """Return everything that stands against running these towns side by side (複数の町の検査)."""
    found = [problem for town in fleet.towns for problem in _by_itself(town, fleet)]
    return (*found, *_shared(fleet.towns))


# -- one town by itself --------------------------------------------------------------------


def _by_itself(town: Town, fleet: Fleet) -> Iterator[Problem]:
    yield from town.unread
    for name in WANTED:
        # A file that could not be read is told already.
        if not town.values.get(name) and name not in town.files and town.settings.exists():
            yield Problem(code="FLEET_SETTING_MISSING", where=town.name, facts={"name": name})
    for name in _OWN_FOLDERS:
        # A unit names them: what would have to be escaped there is not taken.
        if (folder := town.values.get(name)) and folder_of(folder) is None:
            yield Problem(code="FLEET_WRONG", where=town.name, facts={
                "name": name, "reason": PATH_WORDS,
            })  # fmt: skip
    for name in _DEMO:
        if town.values.get(name, "").lower() not in ("", "0", "false", "no"):
            yield Problem(code="FLEET_DEMO", where=town.name, facts={"name": name})
    if town.port in (fleet.https_port, fleet.http_port):
        yield _same(town, f"ポート {town.port}", "入口（nginx）")
    yield from _hosts(town, fleet)
    yield from _files(town, fleet)


def _hosts(town: Town, fleet: Fleet) -> Iterator[Problem]:
    answered = {one.strip() for one in town.values.get("MADOGUCHI_HOSTS", "").split(",")} - {""}
    if answered and town.host not in answered:
        yield Problem(code="FLEET_HOST_UNANSWERED", where=town.name, facts={"host": town.host})
    others = {one.host for one in fleet.towns if one is not town and one.host != town.host}
    # "*" is everybody, ".example" whoever ends so: each town answers to its own name.
    wide = sorted(one for one in answered if one.startswith((".", "*")) or one in others)
    if wide:
        yield Problem(code="FLEET_HOST_TOO_WIDE", where=town.name,
                      facts={"hosts": "、".join(wide)})  # fmt: skip
    https = town.values.get("MADOGUCHI_HTTPS", "")
    fronts = town.values.get("MADOGUCHI_FRONTS", "")
    if https and https.lower() not in _YES:
        yield Problem(code="FLEET_NO_TLS", where=town.name)
    if fronts and FRONT not in [one.strip() for one in fronts.split(",")]:
        yield Problem(code="FLEET_FRONT_UNKNOWN", where=town.name, facts={"front": FRONT})


def _files(town: Town, fleet: Fleet) -> Iterator[Problem]:
    try:
        pwd.getpwnam(town.account)
    except KeyError:
        yield Problem(
            code="FLEET_ACCOUNT_MISSING", where=town.name, facts={"account": town.account}
        )
    if not town.certificate.is_file():
        yield missing(town.certificate, town.name)
    private = {town.settings, town.certificate_key, *town.files.values(), *_keys_of(town)}
    told = {problem.facts.get("file") for problem in town.unread}
    for path in sorted(private):
        if not path.exists():
            if str(path) not in told:
                yield missing(path, town.name)
        elif who := _who_else(path, town, fleet):
            yield Problem(code="FLEET_FILE_OPEN", where=town.name, facts={
                "file": str(path), "mode": f"{stat.S_IMODE(path.stat().st_mode):04o}", "who": who,
            })  # fmt: skip
    # A data folder that is not there yet is made by systemd, for its account alone.
    if town.home and town.home.exists() and town.home.stat().st_mode & 0o077:
        mode = f"{stat.S_IMODE(town.home.stat().st_mode):04o}"
        yield Problem(code="FLEET_FILE_OPEN", where=town.name,
                      facts={"file": str(town.home), "mode": mode, "who": "ほかの利用者"})  # fmt: skip


def _keys_of(town: Town) -> Iterator[Path]:
    if backup := town.values.get("MADOGUCHI_BACKUP_KEY"):
        yield Path(backup)
    if folder := town.values.get("MADOGUCHI_KEYS"):
        yield from (Path(folder) / one for one in KEYS if one.endswith(".key.pem"))


def _who_else(path: Path, town: Town, fleet: Fleet) -> str:
    """Name who may read a file besides its own town and root: anybody, or another town's account."""
    info = path.stat()
    if info.st_mode & stat.S_IRWXO:
        return "だれでも"
    return "、".join(
        one.account for one in fleet.towns
        if one.account != town.account and _reads(one.account, info)
    )  # fmt: skip


def _reads(account: str, info: os.stat_result) -> bool:
    try:
        who = pwd.getpwnam(account)
    except KeyError:
        return False
    if who.pw_uid == info.st_uid:
        return bool(info.st_mode & stat.S_IRUSR)
    groups = {who.pw_gid, *(one.gr_gid for one in grp.getgrall() if account in one.gr_mem)}
    return info.st_gid in groups and bool(info.st_mode & stat.S_IRGRP)


# -- two towns beside each other -------------------------------------------------------------


def _same(town: Town, what: str, other: str) -> Problem:
    return Problem(code="FLEET_SHARED", where=town.name, facts={"what": what, "other": other})


def _shared(towns: tuple[Town, ...]) -> Iterator[Problem]:
    for town, other in pairs(towns):
        for name in ("name", "host", "port", "account", "settings", "certificate_key"):
            if getattr(town, name) == getattr(other, name):
                yield _same(town, f"{name}（{getattr(town, name)}）", other.name)
        for name, words in _OWN_VALUES.items():
            # The value itself is a secret: only that it is the same is told.
            if _equal(town.values.get(name), other.values.get(name)):
                yield _same(town, words, other.name)
        for name, words in _OWN_FILES.items():
            if _equal(_sum(town, name), _sum(other, name)):
                yield _same(town, words, other.name)
        for name, words in _OWN_FOLDERS.items():
            if _touch(town.values.get(name), other.values.get(name)):
                yield _same(town, words, other.name)
        yield from _shared_server(town, other)


def _equal(one: str | None, other: str | None) -> bool:
    return bool(one) and one == other


def _sum(town: Town, name: str) -> str | None:
    path = Path(town.values.get(name) or "/nonexistent")
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _touch(one: str | None, other: str | None) -> bool:
    """Tell whether two folders are one, or one lies in the other, links followed."""
    if not one or not other:
        return False
    first, second = Path(one).resolve(), Path(other).resolve()
    return first.is_relative_to(second) or second.is_relative_to(first)


def _shared_server(town: Town, other: Town) -> Iterator[Problem]:
    ours, theirs = town.server, other.server
    if ours is None or theirs is None or not ours.shares_server_with(theirs):
        return
    if ours.name == theirs.name:
        yield _same(town, f"データベース（{ours.name}）", other.name)
    if ours.account == theirs.account:
        yield _same(town, f"データベースの利用者（{ours.account}）", other.name)
    if town.backup or other.backup:
        # A base is of the whole server: with it the other town's rows would go into the place.
        yield Problem(code="FLEET_BACKUP_OF_BOTH", where=town.name, facts={"other": other.name})
