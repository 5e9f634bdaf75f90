"""Search: p95 of every kind of question at the size of the town and at a million (検索の計測).

Bound: 50 ms at 8 thousand residents, 100 ms at 1 million with twenty years of history, server
side. Peer: what most would write first, ``ILIKE`` on the plain columns with a trigram index,
asked the same words in the same run.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.measure import median, p95, promise

TOWN, MILLION = 7_971, 1_000_000
BOUND_TOWN_MS, BOUND_MILLION_MS = 50, 100
IMPORT_BOUND_S = 180
SAMPLES = 80
SEED = 7
PEER_SAMPLES = 20


def run(full: bool) -> dict[str, Any]:
    """Measure at 8 thousand, and with ``full`` at 1 million too; each town has its own server."""
    whole: dict[str, Any] = {"promises": [], "peers": [], "notes": []}
    for residents in (TOWN, MILLION) if full else (TOWN,):
        home = Path(os.environ["MADOGUCHI_HOME"]) / f"search-{residents}"
        done = subprocess.run(
            [sys.executable, "-m", "bench.search", str(residents)],
            env={**os.environ, "MADOGUCHI_HOME": str(home), "MADOGUCHI_DATABASE_URL": ""},
            cwd=Path(__file__).parents[1],
            stdout=subprocess.PIPE,
            check=True,
        )
        part = json.loads(done.stdout.splitlines()[-1])
        for name in whole:
            whole[name] += part[name]
    if not full:
        whole["notes"].append("The run at 1,000,000 residents belongs to --full.")
    return whole


def run_one(residents: int) -> dict[str, Any]:
    """Load one town and ask it everything."""
    bound = BOUND_TOWN_MS if residents < MILLION else BOUND_MILLION_MS
    people, versions, took = _town(residents)
    name = f"import of {people:,} people with 20 years of history, {versions:,} versions"
    # Three minutes for a million rows read; a small file has its fixed cost.
    at_most = max(30.0, round(IMPORT_BOUND_S * versions / MILLION, 1))
    promises = [promise(name, took, "s", at_most=at_most)]
    by_kind = _ask(questions())
    for kind, samples in sorted(by_kind.items()):
        name = f"search p95, {residents:,} residents, {kind}"
        promises.append(promise(name, p95(samples), "ms", at_most=bound))
    every = [ms for samples in by_kind.values() for ms in samples]
    note = (
        f"{residents:,} residents: {len(every):,} questions, median {median(every):.1f} ms, "
        f"p95 {p95(every):.1f} ms, slowest {max(every):.1f} ms."
    )
    return {"promises": promises, "peers": _peers(residents), "notes": [note]}


def _town(residents: int) -> tuple[int, int, float]:
    """Return people, versions and seconds of the load; an earlier town is used again."""
    from madoguchi.entry import bootstrap, environment

    bootstrap.set_up()
    from django.db import connection

    kept = environment.home() / "loaded.json"
    if kept.exists():
        people, versions, took = json.loads(kept.read_text())
        return people, versions, took
    people, versions, took = _load(residents)
    kept.write_text(json.dumps([people, versions, took]))
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return people, versions, took


def _load(residents: int) -> tuple[int, int, float]:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.infra import progress, unit
    from madoguchi.register.actions.importing import ImportFiles, import_csv
    from madoguchi.town.api import generate_town

    with _folder() as folder:
        generate_town(residents=residents, seed=1, out=folder / "town")
        with contextlib.ExitStack() as stack:
            register, history, latest = (
                stack.enter_context((folder / "town" / f"{name}.csv").open("rb"))
                for name in ("register", "events", "latest")
            )
            actor = cli_actor("bench").for_purpose("計測")
            began = time.perf_counter()
            report = unit.run_long(
                import_csv,
                ImportFiles(register=register, history=history, latest=latest),
                actor=actor,
                progress=progress.quiet("bench"),
            )
            return report.rows, report.versions, round(time.perf_counter() - began, 1)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path)


# -- questions -------------------------------------------------------------------------


def _people() -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.person_id, c.name, c.name_kana, c.birth_sort, c.address, c.household_no"
            " FROM register_current c WHERE c.name LIKE '%%\u3000%%' AND c.birth_sort > '1880-01-01'"
            " AND NOT EXISTS (SELECT FROM protection_out_held h WHERE h.person_id = c.person_id)"
            " ORDER BY md5(c.person_id) LIMIT %s",
            [SAMPLES],
        )
        return list(cursor.fetchall())


def questions() -> dict[str, list[str]]:
    """Return questions by kind, asked as clerks ask them, from people of the town."""
    from madoguchi.kernel import wareki
    from madoguchi.kernel.addresses import split_address

    found: dict[str, list[str]] = defaultdict(list)
    hiragana = {code + 0x60: code for code in range(0x3041, 0x3097)}
    for person_id, name, kana, born, address, household_no in _people():
        surname, _, given = name.partition("\u3000")
        kana_surname, _, kana_given = kana.partition("\u3000")
        rest = split_address(address).rest
        place = re.split("[0-9０-９]", rest)[0]
        for kind, text in {
            "whole name": name.replace("\u3000", ""),
            "whole name with a space": name,
            "surname": surname,
            "given name": given,
            "one kanji": given[:1],
            "two kanji inside": (surname + given)[1:3],
            "whole kana": kana.translate(hiragana),
            "kana surname": kana_surname,
            "kana given name": kana_given,
            "two kana": kana_surname[:2],
            "one kana": kana_given[:1],
            "kana inside": kana_given[1:],
            "birth date": wareki.format_short(born),
            "birth month": f"{born.year}年{born.month}月",
            "birth year": f"{wareki.of(born).era.letter}{wareki.of(born).year}",  # type: ignore[union-attr]
            "name and birth date": f"{surname} {born.isoformat()}",
            "name and birth year": f"{surname} {born.year}年",
            "宛名番号": person_id,
            "世帯番号": household_no,
            "place": place,
            "whole address": rest,
            "name and place": f"{surname} {place}",
            "kana and place": f"{kana_surname} {place}",
            "one kanji and place": f"{surname[:1]} {place}",
            "name in two words and place": f"{surname} {given} {place}",
            "nobody": f"{surname}驫",
        }.items():
            if text:
                found[kind].append(text)
    return found


def _ask(wanted: dict[str, list[str]]) -> dict[str, list[float]]:
    """Ask all questions in a mixed order, warm, and return milliseconds by kind."""
    from madoguchi.kernel.actor import Actor, Right
    from madoguchi.register.queries.search import search

    clerk = Actor(
        staff_id="bench", name="bench", rights=frozenset({Right.SEARCH}), place="", terminal="",
        purpose="計測",
    )  # fmt: skip
    asked = [(kind, text) for kind, texts in wanted.items() for text in texts]
    random.Random(SEED).shuffle(asked)
    for _, text in asked[:50]:
        search(text, actor=clerk)
    found: dict[str, list[float]] = defaultdict(list)
    for kind, text in asked:
        found[kind].append(search(text, actor=clerk).ms)
    return found


# -- the peer --------------------------------------------------------------------------

_PEER_KINDS = ("one kanji", "two kanji inside", "surname", "kana inside", "place")


def _peers(residents: int) -> list[dict[str, Any]]:
    """Ask ILIKE with pg_trgm the same words; our times are measured right beside it."""
    from django.db import connection

    asked = {kind: texts[:PEER_SAMPLES] for kind, texts in questions().items()}
    ours = _ask({kind: asked[kind] for kind in _PEER_KINDS})
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
        cursor.execute(
            "CREATE TABLE bench_peer AS SELECT person_id, replace(name, '\u3000', '') AS name,"
            " replace(name_kana, '\u3000', '') AS kana, address FROM register_current"
        )
        for column in ("name", "kana", "address"):
            cursor.execute(f"CREATE INDEX ON bench_peer USING gin ({column} gin_trgm_ops)")
        cursor.execute("ANALYZE bench_peer")
        found = []
        for kind in _PEER_KINDS:
            samples = []
            for text in asked[kind]:
                began = time.perf_counter()
                cursor.execute(
                    "SELECT person_id FROM bench_peer WHERE name ILIKE %s OR kana ILIKE %s"
                    " OR address ILIKE %s ORDER BY kana LIMIT 51",
                    [f"%{text}%"] * 3,
                )
                cursor.fetchall()
                samples.append((time.perf_counter() - began) * 1000)
            found.append(
                {
                    "name": f"ILIKE + pg_trgm, {residents:,} residents, {kind}, median ms",
                    "version": version,
                    "value": round(median(samples), 2),
                    "ratio": round(median(samples) / median(ours[kind]), 1),
                }
            )
        cursor.execute("DROP TABLE bench_peer")
    return found


if __name__ == "__main__":
    print(json.dumps(run_one(int(sys.argv[1])), ensure_ascii=False))
