"""Commands as JSON and back, so that a draft can wait in a table (仮登録の保存形)."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from madoguchi.register.domain.commands import COMMANDS, Command

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]
_BY_NAME = {kind.__name__: kind for kind in COMMANDS}


def verb_of(command: Command) -> str:
    """Return the code of a procedure: ChangeAddress is CHANGE_ADDRESS (手続の符号)."""
    name = type(command).__name__
    return "".join(f"_{c}" if c.isupper() and n else c for n, c in enumerate(name)).upper()


def encode(command: Command) -> dict[str, Json]:
    """Write a command as JSON (仮登録の書出し)."""
    return {"command": type(command).__name__, "given": _encode(command)}


def decode(stored: Mapping[str, Json]) -> Command:
    """Read a command back from JSON (仮登録の読込み)."""
    kind = _BY_NAME[cast("str", stored["command"])]
    return cast("Command", _decode(kind, stored["given"]))


def _encode(value: object) -> Json:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: _encode(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _encode(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_encode(one) for one in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    assert value is None or isinstance(value, str | int | bool), type(value)
    return value


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _decode(kind: Any, value: Any) -> object:  # noqa: PLR0911  one shape a line
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = [one for one in get_args(kind) if one is not types.NoneType]
        if value is None or len(inner) > 1:
            return value
        return _decode(inner[0], value)
    if origin is tuple:
        return tuple(_decode(get_args(kind)[0], one) for one in value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _decode(get_args(kind)[1], one) for key, one in value.items()}
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast("type", kind))
        # A draft may be older than this release: what it does not say keeps its default.
        return cast("type", kind)(
            **{name: _decode(hints[name], one) for name, one in value.items() if name in hints}
        )
    if kind is date:
        return date.fromisoformat(value)
    return kind(value)
