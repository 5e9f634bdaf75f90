"""``madoguchi register``: import, search, export (住民記録のコマンド)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.intake import NO_LOAD, import_words, show_import, take_in
from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words

# -- import ----------------------------------------------------------------------------


def _import_words(parser: Words) -> None:
    import_words(parser, help="register.csv")
    parser.add_argument("--history", type=Path, metavar="FILE", help="events.csv: past versions")
    parser.add_argument("--latest", type=Path, metavar="FILE", help="latest.csv: newest changes")
    parser.add_argument("--numbers", type=Path, metavar="FILE", help="numbers.csv: 個人番号")


def _import(given: Given) -> Answer:
    from madoguchi.register.actions import importing as register

    with ExitStack() as opened:

        def open_file(path: Path | None) -> Any:
            return None if path is None else opened.enter_context(path.open("rb"))

        files = register.ImportFiles(
            register=open_file(given.file),
            history=open_file(given.history),
            latest=open_file(given.latest),
            numbers=open_file(given.numbers),
        )
        return take_in(
            "register import", files, given=given, purpose="住民記録の取込み",
            load=register.import_csv, check=register.check_csv,
            more=("versions", "held", "numbers"),
        )  # fmt: skip


# -- search ----------------------------------------------------------------------------


def _search_words(parser: Words) -> None:
    parser.add_argument("text", metavar="TEXT", help="氏名・フリガナ・生年月日・番号・住所")
    parser.add_argument("--limit", type=int, default=50, metavar="N")


def _search(given: Given) -> Answer:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.audit import api as audit
    from madoguchi.register import api as register
    from madoguchi.web.messages import label

    actor = cli_actor("register search").for_purpose("コマンドによる検索")
    result = register.search(given.text, actor=actor, limit=given.limit)
    audit.look(
        actor=actor,
        screen="REGISTER_SEARCH",
        subjects=[hit.person_id for hit in result.hits],
        detail={"hits": len(result.hits)},
    )
    hits = [
        {
            "person_id": hit.person_id,
            "name": hit.name,
            "kana": hit.kana,
            "birth_date": hit.birth_date,
            "area": label(kind="area", code=hit.area) if hit.area else None,
            "matched_by": hit.matched_by,
            "address": hit.address,
            "household_no": hit.household_no,
            "status": hit.status.value,
        }
        for hit in result.hits
    ]
    return Answer(values={"hits": hits, "ms": result.ms, "truncated": result.truncated})


def _show_search(values: Mapping[str, Any]) -> Iterator[str]:
    for hit in values["hits"]:
        yield (
            f"{hit['person_id']}  {hit['name']}  {hit['kana']}  {hit['birth_date']}  "
            f"{hit['address']}  {hit['matched_by']}"
        )
    more = "(ほかにもいます)" if values["truncated"] else ""
    yield f"{len(values['hits'])} 人 {more} {values['ms']} ms"


# -- export ----------------------------------------------------------------------------


def _export_words(parser: Words) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="where register.csv is written")
    parser.add_argument("--encoding", choices=("utf-8", "cp932"), default="utf-8")


def _export(given: Given) -> Answer:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.register.actions.exporting import export_csv

    actor = cli_actor("register export").for_purpose("住民記録の書出し")
    rows = export_csv(given.file, actor=actor, encoding=given.encoding)
    return Answer(values={"rows": rows, "file": str(given.file)})


def _show_export(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"{values['rows']:,} 件を {values['file']} に書き出しました。"


VERBS: tuple[Verb, ...] = (
    Verb(
        name="import",
        help="register.csv を取り込みます（まず --dry-run で確かめてください）",
        schema="madoguchi.import/1",
        arguments=_import_words,
        run=_import,
        show=show_import,
        blank=NO_LOAD,
    ),
    Verb(
        name="search",
        help="氏名・フリガナ・生年月日・番号・住所から人をさがします",
        schema="madoguchi.search/1",
        arguments=_search_words,
        run=_search,
        show=_show_search,
        blank={"hits": [], "ms": 0},
    ),
    Verb(
        name="export",
        help="住民記録を register.csv の形で書き出します",
        schema="madoguchi.export/1",
        arguments=_export_words,
        run=_export,
        show=_show_export,
        blank={"rows": 0},
    ),
)
