"""``madoguchi cards``: whose certificate is which (電子証明書のコマンド)."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words

_NOTHING = {
    "rows": 0, "loaded": 0, "new": 0, "changed": 0, "unchanged": 0, "dry_run": False,
    "problem_count": 0, "warning_count": 0,
}  # fmt: skip


def _import_words(parser: Words) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="card_certificates.csv")
    parser.add_argument("--dry-run", action="store_true", help="say what is wrong, load nothing")


def _import(given: Given) -> Answer:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.cards import api
    from madoguchi.infra import progress, unit

    actor = cli_actor("cards import").for_purpose("電子証明書の取込み")
    with given.file.open("rb") as file:
        work = progress.start("cards import", total=None, show=sys.stderr.isatty())
        try:
            if given.dry_run:
                report = api.check_certificates(file, actor=actor, progress=work)
            else:
                report = unit.run_long(api.import_certificates, file, actor=actor, progress=work)
        except api.ImportRefused as refused:
            work.fail(cancelled=False)
            report = refused.report
        except BaseException as error:
            work.fail(cancelled=isinstance(error, progress.Cancelled | KeyboardInterrupt))
            raise
        else:
            work.finish()
    values = {
        "rows": report.rows,
        "loaded": 0 if given.dry_run or report.problem_count else report.loaded,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "dry_run": given.dry_run,
        "problem_count": report.problem_count,
        "warning_count": report.warning_count,
    }
    return Answer(values=values, problems=report.problems, warnings=report.warnings)


def _show_import(values: Mapping[str, Any]) -> Iterator[str]:
    if values["problem_count"]:
        yield f"{values['rows']:,} 件のうち、直すところが {values['problem_count']:,} か所あります。何も登録していません。"
        return
    verb = "登録されます" if values["dry_run"] else "登録しました"
    yield (
        f"電子証明書 {values['rows']:,} 件: 新規 {values['new']:,}・変更 {values['changed']:,}・"
        f"変わらず {values['unchanged']:,} ({verb})"
    )


VERBS = (
    Verb(
        name="import",
        help="take in whose certificate is which, all of it or nothing (電子証明書の取込み)",
        schema="madoguchi.import/1",
        run=_import,
        arguments=_import_words,
        show=_show_import,
        blank=_NOTHING,
    ),
)
