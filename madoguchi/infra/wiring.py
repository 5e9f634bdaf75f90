"""Which adapter stands behind which port (接続の割当て).

Filled once at start by ``madoguchi.adapters``; asked by views and jobs only, so that no action
waits on a network while it holds locks.
"""

from __future__ import annotations

from typing import TypeVar, cast

P = TypeVar("P")

_adapters: dict[type, object] = {}


class NotWired(LookupError):
    """Nothing stands behind this port: a mistake of the start, not of the outside."""


def provide(port: type[P], adapter: P) -> None:
    """Put an adapter behind a port; the last one given counts."""
    _adapters[port] = adapter


def adapter_of(port: type[P]) -> P:
    """Return what stands behind a port."""
    try:
        return cast(P, _adapters[port])
    except KeyError:
        raise NotWired(port.__name__) from None
