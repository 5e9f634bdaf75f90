"""Many towns on one machine, each by itself: what is read of them, what must not be shared (複数の町).

A town is a process group, an account, a settings file, a database and a data folder of its own;
the web front chooses it by host name. No part of the program knows two towns, so what is left to
go wrong is that two of them are given the same thing: that is what is looked for here.
"""

from __future__ import annotations

import re
import socket
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from madoguchi.kernel.outcome import Problem, Refused

#: What stands in units and sites is of these shapes only: nothing there needs to be escaped.
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_NAME_WORDS = "英小文字・数字・ハイフン"
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_PATH = re.compile(r"/[A-Za-z0-9._/+@-]*")
PATH_WORDS = "/ で始まる、英数字と . _ / + @ - だけの道で書いてください"
_FLEET_PATHS = {"program": "/opt/madoguchi", "logs": "/var/log/nginx"}
_FLEET_PORTS = {"https_port": 443, "http_port": 80}
_TOWN_PATHS = ("settings", "certificate", "certificate_key")
#: What a settings file has to say, or its town would run on what the program makes for itself.
WANTED = (
    "MADOGUCHI_HOME", "MADOGUCHI_DATABASE_URL", "MADOGUCHI_SECRET_KEY", "MADOGUCHI_AUDIT_KEY",
    "MADOGUCHI_KEYS", "MADOGUCHI_HOSTS", "MADOGUCHI_HTTPS", "MADOGUCHI_FRONTS",
    "MADOGUCHI_TOWN_NAME", "MADOGUCHI_TOWN_CODE",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where a town's rows lie, and as whom its program comes there (データベースの所在)."""

    addresses: frozenset[str]
    port: int
    name: str
    account: str

    def shares_server_with(self, other: Server) -> bool:
        """Tell whether both are one PostgreSQL, by whichever name it is called."""
        return self.port == other.port and bool(self.addresses & other.addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """One town of the fleet: what the list says, and what its own settings file says (町)."""

    name: str
    host: str
    port: int
    account: str
    settings: Path
    certificate: Path
    certificate_key: Path
    values: Mapping[str, str]
    #: Settings whose value lies in a file of its own, by name.
    files: Mapping[str, Path]
    server: Server | None
    #: Why parts could not be read; told with everything else.
    unread: tuple[Problem, ...] = field(default=())

    @property
    def home(self) -> Path | None:
        """The data folder (データの置き場)."""
        return folder_of(self.values.get("MADOGUCHI_HOME", ""))

    @property
    def backup(self) -> Path | None:
        """The place for backups, where there is one (バックアップの置き場)."""
        return folder_of(self.values.get("MADOGUCHI_BACKUP_TO", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The towns of one machine, one program and one web front (複数の町)."""

    program: Path
    logs: Path
    https_port: int
    http_port: int
    towns: tuple[Town, ...]


def read_fleet(path: Path) -> Fleet:
    """Read the list and each town's settings; a list that cannot be meant is refused (一覧の読取り)."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(_wrong("", "", f"TOML: {error}")) from None
    problems: list[Problem] = []
    head, rows = raw.get("fleet", {}), raw.get("town", [])
    if not isinstance(head, dict) or not isinstance(rows, list) or not rows:
        raise Refused(_wrong("", "[[town]]", "町が一つもありません"))
    known = {*_FLEET_PATHS, *_FLEET_PORTS}
    problems += [_wrong("[fleet]", one, "知らない名前です") for one in sorted(set(head) - known)]
    problems += [
        _wrong("", one, "知らない名前です") for one in sorted(set(raw) - {"fleet", "town"})
    ]
    paths = {one: _a_path(head.get(one, usual), "[fleet]", one, problems)
             for one, usual in _FLEET_PATHS.items()}  # fmt: skip
    ports = {one: _a_port(head.get(one, usual), "[fleet]", one, problems)
             for one, usual in _FLEET_PORTS.items()}  # fmt: skip
    towns = [_town(row, at, problems) for at, row in enumerate(rows, 1)]
    if problems:
        raise Refused(problems)
    return Fleet(
        program=paths["program"], logs=paths["logs"], https_port=ports["https_port"],
        http_port=ports["http_port"], towns=tuple(one for one in towns if one is not None),
    )  # fmt: skip


# -- the list ----------------------------------------------------------------------------


def _town(row: object, at: int, problems: list[Problem]) -> Town | None:
    where = f"[[town]] {at}"
    if not isinstance(row, dict):
        problems.append(_wrong(where, "", "町の項目ではありません"))
        return None
    known = {"name", "host", "port", "account", *_TOWN_PATHS}
    problems += [_wrong(where, one, "知らない名前です") for one in sorted(set(row) - known)]
    name = _a_text(row.get("name"), where, "name", problems)
    where = name or where
    host = _a_text(row.get("host"), where, "host", problems)
    account = _a_text(row.get("account", f"madoguchi-{name}"), where, "account", problems)
    port = _a_port(row.get("port"), where, "port", problems)
    paths = {one: _a_path(row.get(one), where, one, problems) for one in _TOWN_PATHS}
    values, files, unread = _read_settings(paths["settings"], where)
    server, why = _server(values.get("MADOGUCHI_DATABASE_URL", ""), where)
    return Town(name=name, host=host, port=port, account=account, values=values, files=files,
                server=server, unread=(*unread, *why), **paths)  # fmt: skip


def _wrong(where: str, name: str, reason: str) -> Problem:
    return Problem(code="FLEET_WRONG", where=where or None, facts={"name": name, "reason": reason})


def _a_text(given: object, where: str, name: str, out: list[Problem]) -> str:
    shape, words = (_HOST, "英小文字のホスト名") if name == "host" else (_NAME, _NAME_WORDS)
    if isinstance(given, str) and shape.fullmatch(given):
        return given
    out.append(_wrong(where, name, f"{words}で書いてください"))
    return ""


def _a_port(given: object, where: str, name: str, out: list[Problem]) -> int:
    if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= 65535:
        return given
    out.append(_wrong(where, name, "1から65535の整数で書いてください"))
    return 0


def _a_path(given: Any, where: str, name: str, out: list[Problem]) -> Path:
    if isinstance(given, str) and folder_of(given) is not None:
        return Path(given)
    out.append(_wrong(where, name, PATH_WORDS))
    return Path("/nonexistent")


def folder_of(text: str) -> Path | None:
    """Return a whole path of plain letters, None for anything else (道)."""
    whole = _PATH.fullmatch(text) and ".." not in text.split("/")
    return Path(text) if whole else None


# -- a town's settings -------------------------------------------------------------------


def _read_settings(
    path: Path, where: str
) -> tuple[dict[str, str], dict[str, Path], tuple[Problem, ...]]:
    """Read a file as systemd does (EnvironmentFile), and the files it names for secrets."""
    text, why = _text_of(path, where)
    said: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith(("#", ";")):
            said[name.strip()] = _unquoted(value.strip())
    values, files, unread = dict(said), {}, list(why)
    for name, value in said.items():
        if name.startswith("MADOGUCHI_") and name.endswith("_FILE"):
            plain = name.removesuffix("_FILE")
            files[plain] = Path(value)
            values[plain], why = _text_of(files[plain], where)
            unread += why
    return values, files, tuple(unread)


def _unquoted(value: str) -> str:
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _text_of(path: Path, where: str) -> tuple[str, tuple[Problem, ...]]:
    try:
        return path.read_text(encoding="utf-8").strip(), ()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8ではありません"
        return "", (missing(path, where, reason),)


def missing(path: Path, where: str, reason: str = "ありません") -> Problem:
    """Name a file that is wanted and is not there, or cannot be read (ファイルの不足)."""
    return Problem(code="FLEET_FILE_MISSING", where=where,
                   facts={"file": str(path), "reason": reason})  # fmt: skip


def _server(url: str, where: str) -> tuple[Server | None, tuple[Problem, ...]]:
    if not url:
        return None, ()  # told as a setting that is missing
    try:
        at = urlsplit(url)
        port = at.port or 5432
    except ValueError:
        at, port = urlsplit(""), 0
    if at.scheme not in ("postgresql", "postgres") or not at.path.strip("/"):
        return None, (_wrong(where, "MADOGUCHI_DATABASE_URL", "postgresql://… の形ではありません"),)
    return Server(addresses=_addresses_of(at.hostname or "localhost"), port=port,
                  name=at.path.strip("/"), account=unquote(at.username or "")), ()  # fmt: skip


@cache
def _addresses_of(host: str) -> frozenset[str]:
    """Return a host's addresses, all of loopback as one; a name nobody knows stands for itself."""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, None)}
    except OSError:
        found = {host}
    return frozenset("loopback" if one == "::1" or one.startswith("127.") else one for one in found)


def pairs(towns: tuple[Town, ...]) -> Iterator[tuple[Town, Town]]:
    """Give each two towns, the later one first (二つずつ)."""
    return ((later, earlier) for at, later in enumerate(towns) for earlier in towns[:at])
