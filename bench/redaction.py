"""Redaction: scans of fictional forms, judged by the truth (暗証番号欄の消去の計測).

Bound: no digit left in any copy, at most two in a hundred good scans refused. The judge knows
each scan's twin with nothing in the secret part; copies of both must be the same bytes.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from bench.measure import median, p95, promise

SCANS, SCANS_FULL = 100, 1_000
#: A copy is waited for at the counter.
SECONDS_MAX = 5.0


def run(full: bool) -> dict[str, Any]:
    """Read a hundred scans, or with ``full`` a thousand."""
    count = SCANS_FULL if full else SCANS
    with ProcessPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        found = list(pool.map(_judged, range(count), chunksize=10))
    took = [seconds for seconds, _, _, _ in found]
    refused = [codes for _, codes, _, _ in found if codes]
    left = [why for _, _, why, _ in found if why]
    margins = [margin for _, codes, _, margin in found if not codes]
    counted = dict(Counter(code for codes in refused for code in codes))
    return {
        "promises": [
            promise(f"copies of {count:,} scans that tell a digit", len(left), "", at_most=0),
            promise("good scans refused", 100 * len(refused) / count, "%", at_most=2),
            promise("time for one scan, p95", p95(took), "s", at_most=SECONDS_MAX),
            promise("smallest margin left around the secret", min(margins), "mm", at_least=1),
        ],
        "peers": [],
        "notes": [f"Median {median(took):.2f} s a scan; refused: {counted or 'none'}."],
    }


def _judged(seed: int) -> tuple[float, list[str], str, float]:
    """Return seconds, codes of a refusal, what the judge found, and the margin."""
    from tests.redaction.judge import burn_out, codes, residue, scan

    one = scan(seed)
    began = time.perf_counter()
    done = burn_out(one.data)
    took = time.perf_counter() - began
    if not done.read.clean:
        return took, sorted(codes(done)), "", 0.0
    return took, [], residue(one, done), done.margin_mm
