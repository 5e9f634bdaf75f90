"""Typed readers of the environment (設定の読み取り): a wrong value stops the start."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit


class WrongSetting(SystemExit):
    """A setting has a value that cannot be meant; the message names it and the remedy."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"設定 {name} が正しくありません。{problem}")


def text(name: str, default: str) -> str:
    """Read a text; the file named by NAME_FILE wins, so that secrets stay out of the environment."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise WrongSetting(f"{name}_FILE", f"ファイルを読めません: {error}") from error
    return os.environ.get(name, default)


def switch(name: str, default: bool) -> bool:
    """Read yes or no: 1/0, true/false, yes/no."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value.lower() not in known:
        raise WrongSetting(name, f"{value!r} ではなく 1 か 0 を入れてください。")
    return known[value.lower()]


def one_of(name: str, default: str, known: Sequence[str]) -> str:
    """Read one word of a few (一つを選ぶ設定)."""
    value = text(name, default)
    if value not in known:
        raise WrongSetting(
            name, f"{value!r} ではなく {'、'.join(known)} のどれかを入れてください。"
        )
    return value


def number(name: str, default: int, *, low: int, high: int) -> int:
    """Read a whole number between ``low`` and ``high``."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        raise WrongSetting(name, f"{value!r} ではなく {low} から {high} の整数を入れてください。")
    return int(value)


def words(name: str, default: str) -> list[str]:
    """Read a list of words separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def addresses(name: str, default: str) -> list[str]:
    """Read a list of IP addresses separated by commas."""
    found = words(name, default)
    for one in found:
        try:
            ipaddress.ip_address(one)
        except ValueError:
            raise WrongSetting(name, f"{one!r} はIPアドレスではありません。") from None
    return found


def machines(
    name: str, default: str, *, schemes: Sequence[str], words_allowed: Sequence[str]
) -> dict[str, str]:
    """Read which machine stands at which terminal: ``K1=ipp://…,K2=by-hand,*=none``."""
    found: dict[str, str] = {}
    for pair in words(name, default):
        terminal, _, machine = (part.strip() for part in pair.partition("="))
        parts = urlsplit(machine)
        reachable = parts.scheme in schemes and bool(parts.hostname)
        if not terminal or terminal in found or not (reachable or machine in words_allowed):
            known = "、".join((*words_allowed, *(f"{scheme}://…" for scheme in schemes)))
            raise WrongSetting(name, f"{pair!r} ではなく 端末={known} の形を、カンマで区切って。")
        found[terminal] = machine
    return found


def home() -> Path:
    """Return the data folder: MADOGUCHI_HOME, else ``.madoguchi`` in the checkout."""
    checkout = Path(__file__).resolve().parents[2]
    return Path(os.environ.get("MADOGUCHI_HOME") or checkout / ".madoguchi").resolve()


def origin(name: str, default: str) -> str:
    """Read an origin: scheme, host, port, and nothing after it."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or value != f"{parts.scheme}://{parts.netloc}":
        raise WrongSetting(name, "http://127.0.0.1:8021 の形にしてください。")
    return value


def secret_key() -> str:
    """Read MADOGUCHI_SECRET_KEY(_FILE), else a key made once and kept in the data folder."""
    if given := text("MADOGUCHI_SECRET_KEY", ""):
        if len(given) < 40:
            raise WrongSetting("MADOGUCHI_SECRET_KEY", "40文字以上にしてください。")
        return given
    path = home() / "secret.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")
