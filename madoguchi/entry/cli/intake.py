"""What the verbs that take a file in have in common (取込みのコマンドの部品)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Words
from madoguchi.kernel.intake import FileRefused

#: Empty values of such a verb.
NO_LOAD = {"rows": 0, "loaded": 0}
_TOLD = ("rows", "loaded", "new", "changed", "unchanged")
_COUNTED = ("problem_count", "warning_count")


def import_words(parser: Words, *, help: str) -> None:  # noqa: A002  argparse's own word
    """Read which file, and whether to load it (取込みの引数)."""
    parser.add_argument("file", type=Path, metavar="FILE", help=help)
    parser.add_argument("--dry-run", action="store_true", help="say what is wrong, load nothing")


def take_in(
    name: str,
    files: Any,
    *,
    given: Given,
    purpose: str,
    load: Callable[..., Any],
    check: Callable[..., Any],
    more: tuple[str, ...] = (),
) -> Answer:
    """Load opened files or only check them, showing how far it is, and tell the report (取込み).

    ``more`` names further counts of a report.
    """
    from madoguchi.accounts.api import cli_actor
    from madoguchi.infra import progress, unit

    actor = cli_actor(name).for_purpose(purpose)
    work = progress.start(name, total=None, show=sys.stderr.isatty())
    try:
        if given.dry_run:
            report = check(files, actor=actor, progress=work)
        else:
            report = unit.run_long(load, files, actor=actor, progress=work)
    except FileRefused as refusal:
        work.fail(cancelled=False)
        report = refusal.report
    except BaseException as error:
        work.fail(cancelled=isinstance(error, progress.Cancelled | KeyboardInterrupt))
        raise
    else:
        work.finish()
    values = {name: getattr(report, name) for name in (*_TOLD, *more)}
    if given.dry_run:
        values["loaded"] = 0
    values["dry_run"] = given.dry_run
    values |= {name: getattr(report, name) for name in _COUNTED}
    return Answer(values=values, problems=report.problems, warnings=report.warnings)


def show_import(values: Mapping[str, Any]) -> Iterator[str]:
    """Say in a line what an import did (取込みの結果)."""
    if values["problem_count"]:
        yield f"{values['rows']:,} 件のうち、直すところが {values['problem_count']:,} か所あります。何も登録していません。"
        return
    verb = "登録されます" if values["dry_run"] else "登録しました"
    yield (
        f"{values['rows']:,} 件: 新規 {values['new']:,}・修正 {values['changed']:,}・"
        f"変わらず {values['unchanged']:,} ({verb})"
    )
