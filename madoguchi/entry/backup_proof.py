"""Prove a backup by restoring it, and put into words what stands against it (バックアップの確認)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

import psycopg

from madoguchi.infra import clock, postgres
from madoguchi.infra.backup.counting import NeverQuiet
from madoguchi.infra.backup.place import Place
from madoguchi.infra.backup.restoring import (
    LogTooShort,
    Restored,
    differences,
    restore_files,
    restored,
)
from madoguchi.infra.backup.sealing import Damaged
from madoguchi.infra.backup.server import Failed
from madoguchi.infra.postgres import CannotStart
from madoguchi.kernel.outcome import Problem

#: What taking and restoring may raise; ``said`` puts it into words.
RAISED = (
    NeverQuiet,
    Damaged,
    LogTooShort,
    Failed,
    CannotStart,
    TimeoutError,
    psycopg.Error,
    OSError,
)


def said(error: Exception) -> Problem:
    """Put what the backup's own parts raise into a problem (不備の説明)."""
    if isinstance(error, NeverQuiet):
        return Problem(code="BACKUP_NEVER_QUIET")
    if isinstance(error, LogTooShort):
        return Problem(code="BACKUP_LOG_TOO_SHORT")
    code = "BACKUP_DAMAGED" if isinstance(error, Damaged) else "BACKUP_FAILED"
    return Problem(code=code, facts={"reason": str(error).strip()})


def prove(place: Place, key: bytes, base_id: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Restore a base into a scratch place, hold it against what was counted, report, clear away."""
    began = time.monotonic()
    problems: list[Problem] = []
    rows, total = 0, ""
    scratch = Path(tempfile.mkdtemp(prefix="backup-scratch-"))
    try:
        restore_files(place, base_id, key=key, home=scratch)
        with restored(place, base_id, key=key, home=scratch) as found:
            counted = found.count()
            rows, total = counted.rows, counted.sha256
            if differing := differences(found.manifest.counted, counted):
                problems.append(
                    Problem(code="BACKUP_DIFFERS", facts={"tables": "、".join(differing[:5])})
                )
            problems += ask_its_record(found, scratch)
    except RAISED as error:
        problems.append(said(error))
    finally:
        clear(scratch)
    values = {
        "base": base_id, "rows": rows, "sha256": total, "intact": not problems,
        "seconds": round(time.monotonic() - began, 2),
    }  # fmt: skip
    codes = [one.code for one in problems]
    place.write_report(base_id, {**values, "problems": codes, "at": clock.now().isoformat()})
    return values, tuple(problems)


def ask_its_record(found: Restored, home: Path) -> list[Problem]:
    """Ask the restored town itself whether its record is whole, with the keys that came back."""
    # A file that names the database would win: the town that runs would be asked about itself.
    kept = {k: v for k, v in os.environ.items() if k != "MADOGUCHI_DATABASE_URL_FILE"}
    done = subprocess.run(
        [sys.executable, "-m", "madoguchi", "audit", "verify", "--json"],
        env={**kept, "MADOGUCHI_DATABASE_URL": found.url, "MADOGUCHI_HOME": str(home)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0 and json.loads(done.stdout).get("intact") is True:
        return []
    return [Problem(code="BACKUP_RECORD_BROKEN")]


def clear(home: Path) -> None:
    """Take a restored folder away, with its database (片づけ)."""
    data = postgres.data_folder(home, postgres.server_account())
    if data.parent != home:
        shutil.rmtree(data.parent, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


class Night:
    """Starts one base a day, after the hour, as a process of its own (夜のバックアップ).

    A base of today that nobody has proved, because the service was stopped in between, is proved.
    """

    def __init__(self, given: Namespace, place: Place) -> None:
        self._where = ["--to", str(given.to), "--key", str(given.key)]
        self._keep = ["--keep", str(given.keep)]
        self._at = given.at
        self._place = place
        self._running: subprocess.Popen[bytes] | None = None
        self._tried = ""

    def look(self) -> None:
        """Start today's base if it is time and none was tried today."""
        if self._running is not None:
            if self._running.poll() is None:
                return
            if self._running.returncode != 0:
                print(
                    "夜のバックアップが失敗しました。madoguchi backup list で確かめてください。",
                    file=sys.stderr,
                )
            self._running = None
        now = clock.now().astimezone(clock.JAPAN)
        today = f"{now:%Y%m%d}"
        if f"{now:%H:%M}" < self._at or self._tried == today:
            return
        self._tried = today
        taken = [one for one in self._place.bases() if one.startswith(today)]
        if not taken:
            self._start("now", "--verify", *self._keep)
        elif not any((self._place.reports / f"{one}.json").exists() for one in taken):
            self._start("verify", "--base", taken[-1])

    def _start(self, *words: str) -> None:
        self._running = subprocess.Popen(
            [sys.executable, "-m", "madoguchi", "backup", *words, *self._where]
        )

    def end(self) -> None:
        """Let a base that runs come to its end (終了)."""
        if self._running is not None:
            self._running.wait()
