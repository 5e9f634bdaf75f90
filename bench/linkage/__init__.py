"""An open benchmark: a list of addressees against a register (照合の計測).

Generator (`people`, `rows`), error model from its own notes (`NOTES.md`, `mistakes`), look-alikes,
truth and scorer. ``MADOGUCHI_LINKAGE_PEERS`` names a Python that has splink, recordlinkage,
goldenmatch and polars; without it ours is measured alone.
"""

from typing import Any


def run(*, full: bool) -> dict[str, Any]:
    """Measure; the peers' own process imports this package without ours installed."""
    from bench.linkage.run import run as measure

    return measure(full=full)
