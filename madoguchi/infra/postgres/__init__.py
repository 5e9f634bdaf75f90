"""The embedded database server: our own small starter over found binaries (内蔵データベース).

Read ``server.py`` (use, start, stop), then ``programs.py`` (which binaries, under whose account).
Standard library only, so that it runs before Django is set up.
"""

from madoguchi.infra.postgres.programs import (
    Account,
    Binaries,
    CannotStart,
    as_account,
    data_folder,
    find_binaries,
    reachable,
    server_account,
)
from madoguchi.infra.postgres.server import Server, start_server, stop_server, use

__all__ = [
    "Account",
    "Binaries",
    "CannotStart",
    "Server",
    "as_account",
    "data_folder",
    "find_binaries",
    "reachable",
    "server_account",
    "start_server",
    "stop_server",
    "use",
]
