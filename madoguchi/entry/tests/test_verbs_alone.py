"""Verbs that ask no database, as anybody starts them: each a process of its own (コマンド単独)."""

import json
import os
import subprocess
import sys

import pytest

LOG = "case_id,activity,at,lane,area\n" + "".join(
    f"{n},受付,2026-04-01T09:{n:02}:00,front,本島\n{n},交付,2026-04-01T09:{n + 10:02}:00,front,本島\n"
    for n in range(12)
)
TABLE = "fiscal_year,months_in_service,all_issues,channel_issues\nR5,12,4992,453\nR6,12,3983,463\n"


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [(("journeys", "map", "log", "--out", "out"), "cases", 12),
     (("journeys", "xes", "log", "--out", "out"), "events", 24),
     # Its findings are sentences: they are found without settings, too.
     (("insights", "effect", "--input", "table", "--seconds", "351", "--yen-per-hour", "2662",
       "--fixed-yen", "1482000", "--yen-per-issue", "117"), "schema", "madoguchi.effect/1")],
)  # fmt: skip
def test_it_needs_no_database_and_nothing_set_up(tmp_path, words, name, expected):
    (tmp_path / "log").write_text(LOG, encoding="utf-8")
    (tmp_path / "table").write_text(TABLE, encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "MADOGUCHI_"))}
    done = subprocess.run(
        [sys.executable, "-m", "madoguchi", *words, "--json"],
        cwd=tmp_path, env=kept, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[name] == expected
