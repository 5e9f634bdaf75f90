"""``madoguchi cards``: whose certificate is which, and the ledger of cards (カードのコマンド)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from madoguchi.entry.cli import cards_rules
from madoguchi.entry.cli.intake import NO_LOAD, import_words, show_import, take_in
from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.ids import new_id


def _import(given: Given) -> Answer:
    from madoguchi.cards import api

    with given.file.open("rb") as file:
        return take_in(
            "cards import", file, given=given, purpose="電子証明書の取込み",
            load=api.import_certificates, check=api.check_certificates,
        )  # fmt: skip


# -- the ledger ----------------------------------------------------------------------------


def _ledger_words(parser: Words) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--export", type=Path, metavar="FILE", help=".xlsx or .csv to write")
    which.add_argument("--import", type=Path, metavar="FILE", dest="file", help="to take in")
    parser.add_argument("--dry-run", action="store_true", help="say what is wrong, load nothing")
    parser.add_argument(
        "--column", action="append", default=[], metavar="HEADING=MEANING",
        help="what a column means, by a heading of the ledger; nothing after = keeps it as it is",
    )  # fmt: skip


def _ledger(given: Given) -> Answer:
    if given.export is not None:
        return _export(given.export)
    from madoguchi.cards import api

    with given.file.open("rb") as file:
        chosen = api.choose_columns(file, said=given.column)
        return take_in(
            "cards ledger", file, given=given, purpose="管理簿の取込み",
            load=partial(api.import_ledger, chosen=chosen),
            check=partial(api.check_ledger, chosen=chosen),
        )  # fmt: skip


def _export(path: Path) -> Answer:
    """Write a new file that only this account can read; it appears when it is complete."""
    from madoguchi.accounts.api import cli_actor
    from madoguchi.cards import api

    actor = cli_actor("cards ledger").for_purpose("管理簿の書出し")
    as_csv = path.suffix.lower() == ".csv"
    written, rows, withheld = api.export_ledger(actor=actor, as_csv=as_csv)
    partial_file = path.with_name(f".{path.name}.{new_id()}")
    try:
        handle = os.open(partial_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(written)
        partial_file.rename(path)
    finally:
        partial_file.unlink(missing_ok=True)
    return Answer(values={"rows": rows, "withheld": withheld, "file": str(path)})


def _show_ledger(values: Mapping[str, Any]) -> Iterator[str]:
    if "file" not in values:
        yield from show_import(values)
        return
    yield f"{values['rows']:,} 枚を {values['file']} に書き出しました。"
    if values["withheld"]:
        yield f"うち {values['withheld']:,} 枚は、番号と棚だけです(名義人が決まっていません)。"


VERBS = (
    *cards_rules.VERBS,
    Verb(
        name="import",
        help="take in whose certificate is which, all of it or nothing (電子証明書の取込み)",
        schema="madoguchi.import/1",
        run=_import,
        arguments=partial(import_words, help="card_certificates.csv"),
        show=show_import,
        blank=NO_LOAD,
    ),
    Verb(
        name="ledger",
        help="write the ledger of cards to a file, or take one in (管理簿の書出し・取込み)",
        schema="madoguchi.ledger/1",
        run=_ledger,
        arguments=_ledger_words,
        show=_show_ledger,
        blank=NO_LOAD,
    ),
)
