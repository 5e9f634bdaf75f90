"""The generator: one million residents streamed in under sixty seconds."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.measure import promise


def run(*, full: bool) -> dict[str, Any]:
    """Generate a whole prefecture's worth (or a tenth of it) in one process."""
    residents = 1_000_000 if full else 100_000
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "madoguchi", "town", "generate", "--residents", str(residents),
             "--seed", "7", "--out", str(Path(folder) / "town"), "--json"],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        assert json.loads(done.stdout)["residents"] == residents
    memory_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {
        "promises": [
            promise(f"{residents:,} residents with history", seconds, "s",
                    at_most=60 * residents / 1_000_000),
            promise("peak memory", memory_mb, "MB", at_most=300),
        ],
        "peers": [],
    }  # fmt: skip
