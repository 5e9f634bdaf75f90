"""``demo``, ``serve``, ``worker``, ``terminal-emulator``: the verbs that stay (動かしておくもの)."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from madoguchi.entry import bootstrap, environment, supervisor

DEMO_PORT = 8020
RESIDENTS, SEED = 7_971, 1


def run_demo(words: Sequence[str]) -> int:
    """Fill a fictional town if there is none yet, then serve it and print the sign-ins."""
    parser = argparse.ArgumentParser(prog="./run demo", description="架空の町を動かします。")
    parser.add_argument("--port", type=int, default=DEMO_PORT)
    parser.add_argument("--residents", type=int, help="7971 without it; counts for a new town")
    parser.add_argument("--seed", type=int, help="1 without it; counts for a new town")
    parser.add_argument("--towns", type=int, choices=(1, 2), default=1)
    given = parser.parse_args(words)
    residents = RESIDENTS if given.residents is None else given.residents
    seed = SEED if given.seed is None else given.seed
    if given.towns == 2:
        from madoguchi.entry import two_towns

        return two_towns.run(port=given.port, residents=residents, seed=seed)
    began = time.monotonic()
    os.environ["MADOGUCHI_DEMO"] = "1"
    door = supervisor.hold_port(given.port)
    port = door.number
    # The pages frame the agent's, so its address is known before they are.
    reader = supervisor.hold_port(port + 1)
    agent_port = reader.number
    inner_room = supervisor.hold_port(agent_port + 1)
    os.environ["MADOGUCHI_BRIDGE"] = f"http://127.0.0.1:{agent_port}"
    bootstrap.set_up()
    from madoguchi.entry import demo, demo_cards, demo_terminal, life, two_towns

    two_towns.exchange_keys()
    staff = demo.make_ready(residents=residents, seed=seed)
    kept = demo.kept_instead(residents=given.residents, seed=given.seed)
    two_towns.file_by_portal()
    cards = demo_cards.make_ready(environment.home())
    cs_terminal = demo_terminal.make_ready(environment.home())

    def say_where() -> None:
        print(f"\n  窓口 Madoguchi   http://127.0.0.1:{port}/\n", flush=True)
        if kept:
            print(f"  {kept}\n")
        print("  すべて架空の人です。住民基本台帳や住基ネットの代わりではありません。\n")
        if neighbour := two_towns.neighbour():
            print(f"  となりの町: {neighbour.name}　{neighbour.url}\n")
        for line in staff:
            print(f"  {line}")
        print(
            f"\n  統合端末（模擬） http://127.0.0.1:{inner_room.number}/ 、その読取り機は /hands/"
        )
        print(
            f"\n  {time.monotonic() - began:.1f} 秒で始まりました。Ctrl-C で、すべて止まります。",
            flush=True,
        )

    agent = demo_cards.agent_command(cards, port=agent_port, origin=f"http://127.0.0.1:{port}")
    beside = {
        "bridge": agent,
        "terminal": demo_terminal.terminal_command(cs_terminal, port=inner_room.number),
    }
    with life.recorded(workers=2):
        return supervisor.serve(
            host="127.0.0.1", port=port, web_workers=2, on_ready=say_where, beside=beside
        )


def run_serve(words: Sequence[str]) -> int:
    """Serve the configured town on one address, behind the town's own web front."""
    parser = argparse.ArgumentParser(prog="madoguchi serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--check", action="store_true", help="only look at the place, and say")
    given = parser.parse_args(words)
    if not environment.text("MADOGUCHI_DATABASE_URL", ""):
        # The embedded database comes with demo sign-ins; a town's own server must not.
        print("serve には町のデータベースが要ります。", file=sys.stderr)
        print(
            "MADOGUCHI_DATABASE_URL を設定してください。試すだけなら ./run demo です。",
            file=sys.stderr,
        )
        return 2
    if not _fit_to_serve():
        return 1
    if given.check:
        return 0
    bootstrap.set_up()
    from madoguchi.entry import life

    with life.recorded(workers=given.workers):
        return supervisor.serve(
            host=given.host, port=given.port, web_workers=given.workers, beside=_backup(),
            on_ready=lambda: print(f"http://{given.host}:{given.port}/", flush=True),
        )  # fmt: skip


def _fit_to_serve() -> bool:
    """Say everything that is wrong with the database and the settings; False where it stops us."""
    from madoguchi.entry import topology
    from madoguchi.entry.cli.verbs import in_words

    found = topology.look(environment.text("MADOGUCHI_DATABASE_URL", ""))
    for words, problems in (("始めません", found.stops), ("注意", found.warnings)):
        for one in in_words(problems):
            print(f"{words}: {one['cause']} {one['remedy']} [{one['code']}]", file=sys.stderr)
    return not found.stops


def _backup() -> dict[str, list[str]]:
    """Return the follower of the log where a place for backups is named (バックアップ)."""
    if not environment.text("MADOGUCHI_BACKUP_TO", ""):
        return {}  # said by the look at the place
    return {"backup": [sys.executable, "-m", "madoguchi", "backup", "follow"]}


def run_worker(words: Sequence[str]) -> int:
    """Take jobs from the queue until told to stop, or until the database is lost.

    Then it ends, and is begun anew with lines of its own that are whole: a job never meets a dead one.
    """
    del words
    bootstrap.connect_database(environment.home())
    from madoguchi.infra.away import wait_for_database

    wait_for_database(environment.text("MADOGUCHI_DATABASE_URL", ""))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.entry.settings")
    import django

    django.setup()
    bootstrap.refuse_unsafe_settings()
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import ConnectorException
    from psycopg_pool import PoolTimeout

    from madoguchi.certificates.api import warm_up

    warm_up()
    print("worker: 仕事を待っています。", file=sys.stderr)
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
            # One at a time: a job that draws a page uses a whole core anyway.
            worker_app.run_worker(concurrency=1, listen_notify=True, fetch_job_polling_interval=2.0)
    except (ConnectorException, PoolTimeout) as error:
        print(f"worker: データベースが切れました（{type(error).__name__}）。", file=sys.stderr)
    # Asked to end, nobody looks at the number; by itself a worker ends only when it lost its lines.
    return supervisor.DATABASE_AWAY


def run_terminal_emulator(words: Sequence[str]) -> int:
    """Serve a fictional CS terminal on loopback, with its own book; demonstration and tests only."""
    parser = argparse.ArgumentParser(prog="madoguchi terminal-emulator")
    parser.add_argument("--port", type=int, default=8022)
    parser.add_argument("--cards", type=Path, required=True, metavar="CSV")
    parser.add_argument("--folder", type=Path, required=True, metavar="DIR", help="for its book")
    parser.add_argument("--in-place", action="store_true", help="screens that change in place")
    given = parser.parse_args(words)
    if not environment.text("MADOGUCHI_DATABASE_URL", ""):
        # As for every start: without a town's database this is the demonstration.
        os.environ.setdefault("MADOGUCHI_EMBEDDED", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.entry.settings")
    from madoguchi.adapters.csterminal.emulator import EmulatedTerminal
    from madoguchi.adapters.csterminal.machine import read_cards

    given.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        terminal = EmulatedTerminal(
            cards=read_cards(given.cards), folder=given.folder, port=given.port,
            in_place=given.in_place,
        )  # fmt: skip
    except (RuntimeError, OSError, ValueError) as error:
        print(f"模擬端末を始められません: {error}", file=sys.stderr)
        return 2
    print(f"terminal: ready {terminal.url} (見本・架空のカード)", file=sys.stderr, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        terminal.run()
    return 0
