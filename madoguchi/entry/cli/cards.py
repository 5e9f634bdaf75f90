"""``madoguchi cards``: whose certificate is which (電子証明書のコマンド)."""

from __future__ import annotations

from functools import partial

from madoguchi.entry.cli import cards_rules
from madoguchi.entry.cli.intake import NO_LOAD, import_words, show_import, take_in
from madoguchi.entry.cli.verbs import Answer, Given, Verb


def _import(given: Given) -> Answer:
    from madoguchi.cards import api

    with given.file.open("rb") as file:
        return take_in(
            "cards import", file, given=given, purpose="電子証明書の取込み",
            load=api.import_certificates, check=api.check_certificates,
        )  # fmt: skip


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
)
