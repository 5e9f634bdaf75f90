"""``madoguchi kit seal|open|merge|revoke``: an island day without a line (島の日)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.outcome import Problem, Refused

_SCHEMA = "madoguchi.kit/1"
_NOTHING: Mapping[str, Any] = {
    "operations": 0, "applied": 0, "conflicts": 0, "already": 0, "lost": 0, "doubled": 0,
}  # fmt: skip


def _seal_words(words: Words) -> None:
    words.add_argument("--area", required=True, metavar="AREA", help="与路島, or its code")
    words.add_argument("--until", required=True, metavar="HH:MM", help="when the kit shuts")
    words.add_argument("--out", required=True, type=Path, metavar="FILE")
    words.add_argument(
        "--officer", metavar="STAFF", action="append", default=[], dest="officers",
        help="who goes, once for each, with a word they set; else the command line's account",
    )  # fmt: skip
    words.add_argument("--numbers", type=int, default=0, metavar="N",
                       help="so many certificates can be given there (0)")  # fmt: skip
    words.add_argument("--released", default="", metavar="TRIP",
                       help="with the protected people two officers released for this trip")  # fmt: skip


def _seal(given: Given) -> Answer:
    from madoguchi.accounts.api import actor_of, cli_actor
    from madoguchi.infra import clock, unit
    from madoguchi.kit import api

    actor, now = cli_actor("kit seal").for_purpose("島の日の持ち出し"), clock.now()
    found: list[Problem] = []
    area = _area_of(given.area)
    if area is None:
        found.append(Problem(code="KIT_AREA_UNKNOWN", where="area"))
    until = api.read_until(given.until, now=now)
    if isinstance(until, Problem):
        found.append(until)
    if given.out.exists() or given.out.with_name(f"{given.out.name}.journal").exists():
        # An earlier kit under this name may hold what nobody has brought home yet.
        found.append(Problem(code="KIT_FILE_THERE", where="out"))
    officers = [
        actor_of(staff_id=one, purpose="島の日の持ち出し", place=actor.place, terminal="KIT")
        for one in given.officers
    ] or [actor]
    if not all(one.rights for one in officers):
        found.append(Problem(code="KIT_OFFICER_UNKNOWN", where="officer"))
    if found or area is None or isinstance(until, Problem):
        raise Refused(found)
    sealed = unit.run_long(
        api.seal, area=area, until=until, out=given.out, officers=officers, actor=actor, now=now,
        numbers=given.numbers, release=given.released,
    )  # fmt: skip
    return Answer(values={
        **_NOTHING, "trip": sealed.trip_id, "area": given.area, "residents": sealed.residents,
        "cards": sealed.cards, "cases": sealed.cases, "numbers": sealed.numbers,
        "papers": sealed.papers, "until": sealed.until.isoformat(),
        "file": str(given.out), "sha256": sealed.sha256, "word": sealed.word,
    })  # fmt: skip


def _area_of(text: str) -> str | None:
    from madoguchi.kernel.areas import AREAS
    from madoguchi.web.messages import label

    for code in sorted({row.area for row in AREAS}):
        if text in (code, label(kind="area", code=code)):
            return code
    return None


def _show_seal(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"{values['area']}: {values['residents']}人・カード{values['cards']}枚・訪問{values['cases']}件 → {values['file']}"
    if values["numbers"]:
        yield f"証明書の番号 {values['numbers']}・作れる証明書 {values['papers']}通り"
    yield f"期限: {values['until'][:16].replace('T', ' ')}"
    yield f"合言葉: {values['word']}"
    yield "合言葉は二度と出ません。紙に書き、ファイルと別に持ってください。"


def _open_words(words: Words) -> None:
    words.add_argument("file", type=Path, metavar="FILE")
    words.add_argument("--port", type=int, default=8030, help="on this machine only (8030)")


def _open(given: Given) -> Answer:
    from madoguchi.entry import laptop

    laptop.serve(given.file, port=given.port)
    return Answer(values={})


def _merge_words(words: Words) -> None:
    words.add_argument("file", type=Path, metavar="FILE", help="its .journal lies beside it")
    words.add_argument("--dry-run", action="store_true", help="decide, and do nothing")


def _merge(given: Given) -> Answer:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.infra import clock
    from madoguchi.kit import api

    actor = cli_actor("kit merge").for_purpose("島の日の持ち帰り")
    done = api.merge(given.file, actor=actor, now=clock.now(), dry_run=given.dry_run)
    tally = done.tally
    warnings: tuple[Problem, ...] = ()
    if done.torn_bytes:
        warnings = (Problem(code="KIT_END_TORN", facts={"bytes": str(done.torn_bytes)}),)
    return Answer(
        values={
            "operations": tally.operations, "applied": tally.applied,
            "conflicts": tally.conflicts, "already": tally.already, "lost": tally.lost,
            "doubled": tally.doubled, "trip": done.trip_id, "dry_run": given.dry_run,
        },
        warnings=warnings, good=tally.adds_up,
    )  # fmt: skip


def _show_merge(values: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"操作 {values['operations']}件: 入った {values['applied']}・食い違い {values['conflicts']}・"
        f"もう入っていた {values['already']}・失われた {values['lost']}・二重 {values['doubled']}"
    )
    if values["conflicts"]:
        yield "食い違いは /kit/ で1件ずつ決めてください。"


def _revoke_words(words: Words) -> None:
    words.add_argument("trip", metavar="TRIP", help="as kit seal and /kit/ name it")
    words.add_argument("--why", required=True, metavar="TEXT")


def _revoke(given: Given) -> Answer:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.infra import clock, unit
    from madoguchi.kit import api

    actor = cli_actor("kit revoke").for_purpose("島の日の紛失")
    trip = unit.run(api.revoke, trip_id=given.trip, why=given.why, actor=actor, now=clock.now())
    held, cards = len(trip.person_ids), len(trip.card_ids)
    return Answer(values={**_NOTHING, "trip": trip.trip_id, "residents": held, "cards": cards,
                          "numbers_void": api.count_void(trip.trip_id)})  # fmt: skip


def _show_revoke(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"無効にしました。中にいた人 {values['residents']}人・カード{values['cards']}枚。だれかは /kit/ で見られます。"
    if values["numbers_void"]:
        yield f"証明書の番号 {values['numbers_void']}個も無効です。確認のページに、そう出ます。"


VERBS = (
    Verb(name="seal", help="an encrypted kit of one area for a day out (持ち出し)", schema=_SCHEMA,
         run=_seal, arguments=_seal_words, show=_show_seal, blank=_NOTHING),
    Verb(name="open", help="serve a kit on this machine, without a line (開く)", schema=_SCHEMA,
         run=_open, arguments=_open_words, needs_database=False, blank=_NOTHING),
    Verb(name="merge", help="bring home what was done (持ち帰り)", schema=_SCHEMA, run=_merge,
         arguments=_merge_words, show=_show_merge, blank=_NOTHING),
    Verb(name="revoke", help="make the kit of a lost laptop void (無効)", schema=_SCHEMA,
         run=_revoke, arguments=_revoke_words, show=_show_revoke, blank=_NOTHING),
)  # fmt: skip
