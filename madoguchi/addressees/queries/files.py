"""A list looked up in a register, both files (ファイルどうしの照合).

Not behind the room's door: there are tables there, and two files are compared without any.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from madoguchi.addressees.documents.reconciling import (
    Reconciled,
    reconcile_files,
    write_decisions,
)
from madoguchi.addressees.domain.deciding import Policy
from madoguchi.addressees.domain.matching import VERSION
from madoguchi.addressees.domain.telling import say
from madoguchi.addressees.queries.gazetteer import gazetteer

RULES_VERSION = VERSION


def look_up(
    register: BinaryIO, batch: BinaryIO, *, places: str, namesakes_max: float | None,
    keys: Path | None,
) -> Reconciled:  # fmt: skip
    """Decide each row of a list; ``places`` names a file of places, "" the one we bring (照合)."""
    policy = Policy() if namesakes_max is None else Policy(namesakes_max=namesakes_max)
    return reconcile_files(register, batch, gazetteer=gazetteer(places), policy=policy, keys=keys)


def decisions_as_csv(done: Reconciled, word: Callable[[str, str], str]) -> bytes:
    """Return every decision with its reasons; ``word`` words a kind and a code (結果のファイル)."""
    return write_decisions(done.matched, lambda one: say(one, word))
