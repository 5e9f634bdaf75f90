"""``madoguchi addressees reconcile``: two files, without a database (送付先情報の照合)."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.intake import FileRefused


def _words(words: Words) -> None:
    words.add_argument("--register", required=True, type=Path, metavar="R.csv",
                       help="the register: id, name, kana, birth_date, address; CSV or Excel")  # fmt: skip
    words.add_argument("--batch", required=True, type=Path, metavar="B.csv",
                       help="the list to look up, with the same columns")  # fmt: skip
    words.add_argument("--out", required=True, type=Path, metavar="OUT.csv",
                       help="where the decisions go")  # fmt: skip
    words.add_argument("--dry-run", action="store_true", help="decide and count, write nothing")
    words.add_argument("--keys", type=Path, metavar="FOLDER",
                       help="keep the register's keys there for the next time (personal data)")  # fmt: skip
    words.add_argument("--namesakes-max", type=float, metavar="N",
                       help="so many namesakes of one birth date may be expected where the address"
                            " disagrees; 0.0001 lets rare names through")  # fmt: skip


def _reconcile(given: Given) -> Answer:
    from madoguchi.addressees.queries import files
    from madoguchi.entry import environment
    from madoguchi.web.messages import label

    # From the first byte read to the last one written.
    began, worked = time.perf_counter(), time.process_time()
    values: dict[str, Any] = {
        **_BLANK, "rules_version": files.RULES_VERSION, "dry_run": given.dry_run,
    }  # fmt: skip
    try:
        with given.register.open("rb") as register, given.batch.open("rb") as batch:
            done = files.look_up(
                register, batch, places=environment.text("MADOGUCHI_PLACES", ""),
                namesakes_max=given.namesakes_max, keys=given.keys,
            )  # fmt: skip
    except FileRefused as refused:
        values |= {"rows": refused.report.rows, "problem_count": refused.report.problem_count}
        return Answer(
            values=values, problems=refused.report.problems, warnings=refused.report.warnings
        )
    if not given.dry_run:
        told = files.decisions_as_csv(done, lambda kind, code: label(kind=kind, code=code))
        given.out.write_bytes(told)
    values |= {
        "rows": len(done.matched.batch),
        **done.matched.counts(),
        "register_rows": done.register_rows,
        "keys_reused": done.keys_reused,
        "warning_count": done.warning_count,
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_seconds": round(time.process_time() - worked, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return Answer(values=values, warnings=done.warnings)


_BLANK: Mapping[str, Any] = {
    "rows": 0, "auto": 0, "review": 0, "none": 0, "seconds": 0.0, "peak_mb": 0,
    "rules_version": "", "problem_count": 0,
}  # fmt: skip


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    if values["problem_count"]:
        yield f"直すところが {values['problem_count']:,} か所あります。何も書いていません。"
        return
    yield (
        f"{values['rows']:,} 行: 自動 {values['auto']:,}・確認 {values['review']:,}・"
        f"見つからない {values['none']:,} ({values['seconds']:.1f} 秒)"
    )


VERBS = (
    Verb(
        name="reconcile",
        help="look a list up in a register: decided, to be looked at, or not found (照合)",
        schema="madoguchi.reconcile/1",
        run=_reconcile,
        arguments=_words,
        show=_show,
        needs_database=False,
        blank=_BLANK,
    ),
)
