"""Data folders for what starts a town of its own: a copy of one whose tables stand (下地のデータ).

Making a cluster and a hundred migrations take ten seconds of each start, a copy none.
``tests/test_demo.py`` starts from nothing, as a stranger does.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.database import ROOT, digest_of_migrations

_KEPT = ROOT / ".madoguchi-test"
#: What of a data folder is the database, and the mark that its tables are the newest.
_PARTS = ("postgres", "postgres.json", "migrated")


@contextmanager
def new_home(*, empty: bool = False) -> Iterator[Path]:
    """Give a folder of its own with an empty, migrated database, and take it away at the end.

    ``empty``: with nothing in it at all.
    """
    # Not below pytest's own folders: the database's account must be able to walk there.
    home = Path(tempfile.mkdtemp(prefix="madoguchi-home-"))
    home.chmod(0o755)
    try:
        if not empty:
            _lay_out(home)
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _lay_out(home: Path) -> None:
    seed = _seed()
    # Where that account cannot walk to the checkout, the data lies elsewhere: then from nothing.
    if (seed / "postgres").is_dir():
        # Python's own copy would give everything to us, and the server runs as somebody else.
        subprocess.run(["cp", "-a", *(str(seed / part) for part in _PARTS), str(home)], check=True)


def _seed() -> Path:
    """Return the folder that is copied, made once for these migrations."""
    _KEPT.mkdir(exist_ok=True)
    made = _KEPT / f"seed-{digest_of_migrations()}"
    with (_KEPT / "seed.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in _KEPT.glob("seed-*"):
                shutil.rmtree(old)
            half = _KEPT / "half-a-seed"
            shutil.rmtree(half, ignore_errors=True)
            kept = {k: v for k, v in os.environ.items() if k != "MADOGUCHI_DATABASE_URL"}
            subprocess.run(
                [sys.executable, "-c", "from madoguchi.entry.bootstrap import set_up; set_up()"],
                cwd=ROOT, check=True, env={**kept, "MADOGUCHI_HOME": str(half)},
            )  # fmt: skip
            half.rename(made)
    return made
