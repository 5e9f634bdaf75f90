"""``madoguchi town``: the fictional town (架空の町)."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel import dates
from madoguchi.kernel.outcome import Problem
from madoguchi.town.api import REFERENCE_DAY, generate_town

_SHOW_EVERY_S = 0.2


def _arguments(words: Words) -> None:
    words.add_argument("--residents", type=int, default=7971, metavar="N")
    words.add_argument("--seed", type=int, default=1, metavar="S")
    words.add_argument("--out", type=Path, required=True, metavar="DIR")
    words.add_argument(
        "--as-of", type=_day, default=REFERENCE_DAY, metavar="DAY",
        help="the day the town stands on: ISO or 和暦 (default %(default)s)",
    )  # fmt: skip
    words.add_argument("--workers", type=int, default=1, help="processes to use, 1 or 2")


def _day(text: str) -> date:
    found = dates.parse_day(text)
    if isinstance(found, Problem):
        raise argparse.ArgumentTypeError(f"not a day: {text}")
    return found


def _generate(given: Given) -> Answer:
    from madoguchi.certificates.actions.fictional_seals import seal_drawer

    shown_at = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal shown_at
        now = time.monotonic()
        if sys.stderr.isatty() and (now - shown_at > _SHOW_EVERY_S or done == total):
            shown_at = now
            end = "\n" if done == total else ""
            sys.stderr.write(f"\r架空の町 {done * 100 // total:3d} % ({done:,}人){end}")
            sys.stderr.flush()

    with _stopping_like_ctrl_c():
        town = generate_town(
            residents=given.residents,
            seed=given.seed,
            out=given.out,
            as_of=given.as_of,
            workers=given.workers,
            tell=tell,
            imprint_of=seal_drawer(),
        )
    return Answer(
        values={
            "residents": town.residents,
            "households": town.households,
            "areas": dict(town.areas),
            "files": list(town.files),
            "folder": str(given.out),
            "seed": given.seed,
            "as_of": given.as_of.isoformat(),
        }
    )


@contextmanager
def _stopping_like_ctrl_c() -> Iterator[None]:
    """Let a plain kill clear up as Ctrl-C does (中止)."""

    def stop(_number: int, _frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    if "areas" not in values:
        return
    yield f"{values['residents']:,} 人・{values['households']:,} 世帯 (すべて架空の人です)"
    yield "・".join(f"{area} {count:,} 人" for area, count in values["areas"].items())
    for name in values["files"]:
        yield f"{values['folder']}/{name}"


VERBS = (
    Verb(
        name="generate",
        help="write a fictional town as CSV files (架空の町を作る)",
        schema="madoguchi.town/1",
        run=_generate,
        arguments=_arguments,
        show=_show,
        needs_database=False,
        blank={"residents": 0, "households": 0, "areas": {}, "files": []},
    ),
)
