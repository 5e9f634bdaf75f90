"""``madoguchi backup``: taken, followed, proved by a restore, restored (バックアップ)."""

from __future__ import annotations

import json
import signal
import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem, Refused

if TYPE_CHECKING:
    from madoguchi.infra.backup.place import Place
    from madoguchi.infra.backup.server import Tools

_SCHEMA = "madoguchi.backup/1"
_BLANK: Mapping[str, Any] = {"base": None, "rows": 0, "sha256": "", "intact": False, "seconds": 0.0}
KEEP = 14
#: A base that is not whole after this was cut: no base is taken for so long.
HALF_A_BASE = timedelta(days=1)
#: The hour of the night at which a base is taken and restored, once a day.
NIGHT = "02:30"
#: A follower that lost its server goes on; one that fails this often in a row has another trouble.
LIVES_MAX, LIVED_SECONDS = 5, 60


def _place_words(words: Words) -> None:
    from madoguchi.entry import environment

    words.add_argument("--to", type=Path, metavar="PLACE", help="MADOGUCHI_BACKUP_TO",
                       default=environment.text("MADOGUCHI_BACKUP_TO", "") or None)  # fmt: skip
    words.add_argument("--key", type=Path, metavar="FILE", help="MADOGUCHI_BACKUP_KEY",
                       default=environment.text("MADOGUCHI_BACKUP_KEY", "") or None)  # fmt: skip


def _open(given: Given, *, make: bool = False) -> tuple[Place, bytes]:
    """Return the place and the key, or refuse with everything that is missing."""
    from madoguchi.infra.backup.place import Place
    from madoguchi.infra.backup.sealing import read_key

    found, key = [], b""
    if given.to is None or not (given.to.is_dir() or (make and given.to.parent.is_dir())):
        found.append(
            Problem(code="BACKUP_PLACE_MISSING", where="--to", facts={"place": str(given.to or "")})
        )
    try:
        key = read_key(Path(given.key)) if given.key else b""
    except ValueError as error:
        found.append(Problem(code="BACKUP_KEY_WRONG", where="--key", facts={"reason": str(error)}))
    else:
        if not given.key:
            found.append(Problem(code="BACKUP_KEY_MISSING", where="--key"))
    if found:
        raise Refused(found)
    return Place(Path(given.to).resolve()), key


def _tools() -> Tools:
    from madoguchi.entry import environment
    from madoguchi.infra import postgres
    from madoguchi.infra.backup.server import Tools

    url = environment.text("MADOGUCHI_DATABASE_URL", "")
    version = int(Tools(url, Path()).ask("SHOW server_version_num")) // 10_000
    return Tools(url, postgres.find_binaries(version).folder)


# -- key, now, list -----------------------------------------------------------------------------


def _key(given: Given) -> Answer:
    from madoguchi.infra.backup.sealing import make_key

    try:
        make_key(given.out)
    except FileExistsError:
        return Answer(values={"file": ""}, problems=(
            Problem(code="BACKUP_KEY_THERE", where="--out", facts={"file": given.out.name}),))  # fmt: skip
    return Answer(values={"file": given.out.name})


def _now(given: Given) -> Answer:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.audit.api import record_system
    from madoguchi.entry import environment
    from madoguchi.entry.backup_proof import RAISED, prove, said
    from madoguchi.infra.backup.place import to_forget
    from madoguchi.infra.backup.taking import fetch_until, take_base

    place, key = _open(given, make=True)
    actor = cli_actor("backup now").for_purpose("バックアップ")
    began, now = time.monotonic(), clock.now().astimezone(clock.JAPAN)
    home, tools = environment.home(), _tools()
    try:
        manifest = take_base(tools, place, key=key, home=home, now=now)
        counted = manifest.counted
        detail: dict[str, int | str] = {
            "base": manifest.base_id,
            "rows": counted.rows,
            "sha256": counted.sha256,
        }
        record_system(actor=actor, action="BACKUP_TAKEN", detail=detail)
        # With the record of itself it lies there too, where nobody follows.
        fetch_until(tools, place, tools.close_segment(), key=key, spool=home / "backup-spool")
        halves = place.halves(before=now - HALF_A_BASE)
        place.forget((*to_forget(place.bases(), keep=given.keep), *halves), key=key)
    except RAISED as error:
        return Answer(values=_BLANK, problems=(said(error),))
    values = {
        "base": manifest.base_id, "rows": counted.rows, "sha256": counted.sha256, "intact": None,
        "seconds": round(time.monotonic() - began, 2), "bytes": sum(manifest.sizes.values()),
    }  # fmt: skip
    if not given.verify:
        return Answer(values=values)
    proved, problems = prove(place, key, manifest.base_id)
    return Answer(values={**values, **proved}, problems=problems, good=not problems)


def _list(given: Given) -> Answer:
    place, _ = _open(given)
    rows = []
    for base_id in place.bases():
        path = place.reports / f"{base_id}.json"
        rows.append(
            {"base": base_id, "report": json.loads(path.read_text()) if path.exists() else None}
        )
    newest = max((p.stat().st_mtime for p in place.log.glob("*.sealed")), default=None)
    age = None if newest is None else round(time.time() - newest)
    return Answer(values={"bases": rows, "log_age_seconds": age})


# -- verify, restore ----------------------------------------------------------------------------


def _verify(given: Given) -> Answer:
    place, key = _open(given)
    bases = place.bases()
    base_id = given.base or (bases[-1] if bases else "")
    if base_id not in bases:
        return Answer(
            values=_BLANK, problems=(Problem(code="BACKUP_NONE", facts={"base": base_id}),)
        )
    from madoguchi.entry.backup_proof import prove

    values, problems = prove(place, key, base_id)
    return Answer(values=values, problems=problems, good=not problems)


def _restore(given: Given) -> Answer:
    from madoguchi.entry.backup_proof import RAISED, ask_its_record, clear, said
    from madoguchi.infra.backup.restoring import restore_files, restored

    place, key = _open(given)
    bases = place.bases()
    base_id = given.base or _before(bases, given.until)
    if base_id not in bases:
        return Answer(
            values=_BLANK, problems=(Problem(code="BACKUP_NONE", facts={"base": base_id}),)
        )
    home = given.into.resolve()
    if home.exists() and any(home.iterdir()):
        return Answer(
            values=_BLANK, problems=(Problem(code="BACKUP_HOME_NOT_EMPTY", where="--into"),)
        )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    began = time.monotonic()
    try:
        restore_files(place, base_id, key=key, home=home)
        with restored(place, base_id, key=key, home=home, until=given.until, newest=True) as found:
            counted = found.count()
            problems = ask_its_record(found, home)
    except RAISED as error:
        clear(home)
        return Answer(values=_BLANK, problems=(said(error),))
    values = {
        "base": base_id, "rows": counted.rows, "sha256": counted.sha256, "intact": not problems,
        "seconds": round(time.monotonic() - began, 2),
    }  # fmt: skip
    return Answer(values=values, problems=tuple(problems), good=not problems)


def _before(bases: tuple[str, ...], until: datetime | None) -> str:
    """Return the newest base taken before a moment; a base cannot go back in time."""
    from madoguchi.infra.backup.place import new_id

    fit = [one for one in bases if until is None or one <= new_id(until)]
    return fit[-1] if fit else ""


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"not a moment: {text[:40]}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.JAPAN)


# -- follow -------------------------------------------------------------------------------------


def _follow(given: Given) -> Answer:
    """Stay: fetch and seal the log; each night take a base and restore it."""
    import psycopg

    from madoguchi.entry import environment
    from madoguchi.entry.backup_proof import RAISED, Night, said
    from madoguchi.infra.away import wait_for_database
    from madoguchi.infra.backup.server import Failed
    from madoguchi.infra.backup.taking import follow

    place, key = _open(given, make=True)
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    night = Night(given, place)
    lives = 0
    try:
        while not stopped:
            began = time.monotonic()
            try:
                follow(
                    _tools(), place, key=key, spool=environment.home() / "backup-spool",
                    stopping=lambda: stopped, each_round=night.look,
                )  # fmt: skip
            except (Failed, psycopg.Error) as error:
                # Another machine may be the primary now: it is waited for, and followed from where we were.
                lives = 1 if time.monotonic() - began > LIVED_SECONDS else lives + 1
                if lives > LIVES_MAX:
                    raise
                print(f"backup: {said(error).facts['reason']}", file=sys.stderr, flush=True)
                wait_for_database(
                    environment.text("MADOGUCHI_DATABASE_URL", ""), stopping=lambda: stopped
                )
    except RAISED as error:
        return Answer(values={"followed": False}, problems=(said(error),))
    finally:
        night.end()
    return Answer(values={"followed": True})


# -- words --------------------------------------------------------------------------------------


def _key_words(words: Words) -> None:
    words.add_argument("--out", type=Path, required=True, metavar="FILE")


def _now_words(words: Words) -> None:
    _place_words(words)
    words.add_argument("--keep", type=int, default=KEEP, metavar="N", help=f"bases kept ({KEEP})")
    words.add_argument("--verify", action="store_true", help="restore it at once and compare")


def _base_words(words: Words) -> None:
    _place_words(words)
    words.add_argument("--base", default="", metavar="ID", help="the newest unless named")


def _restore_words(words: Words) -> None:
    _base_words(words)
    words.add_argument("--into", type=Path, required=True, metavar="HOME", help="an empty folder")
    words.add_argument(
        "--until", type=_moment, metavar="MOMENT", help="to the end of the log unless said"
    )


def _follow_words(words: Words) -> None:
    _now_words(words)
    words.add_argument(
        "--at", default=NIGHT, metavar="HH:MM", help=f"when a base is taken ({NIGHT})"
    )


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    proved = {
        True: "戻して確かめました（件数とハッシュ値が同じ）",
        False: "戻して確かめたところ、ちがいがありました",
        None: "まだ戻して確かめていません",
    }
    yield f"{values['base']}: {values['rows']:,}行・{values['seconds']}秒・{proved[values['intact']]}"
    yield f"sha256 {values['sha256']}"


def _show_list(values: Mapping[str, Any]) -> Iterator[str]:
    for one in values["bases"]:
        report = one["report"]
        word = "未確認" if report is None else "確認ずみ" if report["intact"] else "戻せない"
        yield f"{one['base']}  {word}"
    age = values["log_age_seconds"]
    yield "ログはまだありません" if age is None else f"最後のログは {age:,} 秒前"


def _verb(name: str, help_text: str, run: Any, **more: Any) -> Verb:
    more.setdefault("show", _show)
    return Verb(name=name, help=help_text, schema=_SCHEMA, run=run, **more)


VERBS = (
    _verb("key", "make the key without which no backup is read (鍵)", _key,
          arguments=_key_words, needs_database=False, show=lambda values: [values["file"]]),
    _verb("now", "take a base, count it, seal it (取る)", _now, arguments=_now_words, blank=_BLANK),
    _verb("list", "the bases, what their restore found, how old the log is (一覧)", _list,
          arguments=_place_words, needs_database=False, show=_show_list),
    _verb("verify", "restore into a scratch place and compare (戻して確かめる)", _verify,
          arguments=_base_words, needs_database=False, blank=_BLANK),
    _verb("restore", "restore into an empty folder (戻す)", _restore,
          arguments=_restore_words, needs_database=False, blank=_BLANK),
    _verb("follow", "stay, and seal the log as it is written; a base each night (追う)", _follow,
          arguments=_follow_words, show=lambda _values: ["終わりました。"]),
)  # fmt: skip
