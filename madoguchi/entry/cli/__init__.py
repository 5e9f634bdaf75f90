"""The command line ``madoguchi`` (コマンド): every verb with ``--json``.

Exit status: 0 done, 1 refused with problems, 2 wrong call.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["manage"]:
        return _manage(words[1:])
    from madoguchi.entry.cli import running

    staying = {
        "demo": running.run_demo,
        "serve": running.run_serve,
        "worker": running.run_worker,
        "terminal-emulator": running.run_terminal_emulator,
    }
    if words and words[0] in staying:
        return staying[words[0]](words[1:])
    from madoguchi.entry.cli.verbs import run_verb

    return run_verb(words)


def _manage(words: list[str]) -> int:
    """Hand over to Django's own commands: for developers and the IT officer."""
    import os

    from madoguchi.entry import bootstrap, environment

    bootstrap.connect_database(environment.home())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.entry.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["madoguchi", *words])
    return 0
