"""Pytest plugin: the suite runs on a real PostgreSQL, started here when none is named.

Loaded by ``-p tests.database`` before Django reads its settings.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from madoguchi.entry import bootstrap, environment

if "MADOGUCHI_HOME" not in os.environ:
    # The suite has a data folder of its own, never the one of a running demo.
    checkout = Path(__file__).resolve().parents[1]
    os.environ["MADOGUCHI_HOME"] = str(checkout / ".madoguchi-test")
os.environ["MADOGUCHI_DEMO"] = "1"
os.environ.setdefault("TMPDIR", tempfile.gettempdir())
os.environ["DJANGO_SETTINGS_MODULE"] = "madoguchi.entry.settings"
bootstrap.connect_database(environment.home())
