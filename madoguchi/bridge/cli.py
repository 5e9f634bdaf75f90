"""The command ``madoguchi-bridge`` (コマンド): the agent, and its fictional cards.

Exit status: 0 done, 1 refused with reasons, 2 wrong call.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

from madoguchi.bridge import clock, trouble
from madoguchi.bridge.emulator import guard, making, vpcd
from madoguchi.bridge.emulator.drawer import opened
from madoguchi.kernel.outcome import Refused

#: Where the pages of a server look for the agent if nothing else is set (``MADOGUCHI_BRIDGE``).
PORT = 8021


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = _parser().parse_args(argv)
    verbs = {
        "serve": _serve,
        "emulate": _emulate,
        "make-cards": _make_cards,
        "make-crl": _make_list,
        "card": _card,
    }
    try:
        return verbs[given.verb](given)
    except Refused as refused:
        for found in refused.problems:
            where = f" ({found.where})" if found.where else ""
            _say(f"{found.code}{where}: {trouble.words()[found.code]['ja']}")
        return 1
    except OSError as error:  # a file that is not there, a port in use, a reader that is not up
        _say(f"{given.verb}: {error}")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="madoguchi-bridge", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="speak to the card reader for the browser")
    serve.add_argument("--allow-origin", action="append", required=True, metavar="ORIGIN",
                       help="a site that may ask, exactly: https://madoguchi.example.lg.jp")  # fmt: skip
    serve.add_argument("--port", type=int, default=PORT)
    serve.add_argument("--bind", default="127.0.0.1", help="loopback only")
    serve.add_argument("--reader", help="use only the reader of this name")
    serve.add_argument("--emulated", type=Path, metavar="DIR", help="fictional cards of make-cards")
    emulate = verbs.add_parser("emulate", help="put one fictional card on a virtual PC/SC reader")
    emulate.add_argument("--vpcd", required=True, type=_host_and_port, metavar="HOST:PORT")
    emulate.add_argument("--card", type=Path, required=True, metavar="DIR")
    make = verbs.add_parser("make-cards", help="make fictional cards for fictional people")
    make.add_argument("--people", type=Path, required=True, metavar="CSV")
    make.add_argument("--out", type=Path, required=True, metavar="DIR")
    make.add_argument("--as-of", type=date.fromisoformat, metavar="DATE")
    renew = verbs.add_parser("make-crl", help="sign the list of revoked fictional cards anew")
    renew.add_argument("--cards", type=Path, required=True, metavar="DIR")
    renew.add_argument("--as-of", type=date.fromisoformat, metavar="DATE")
    card = verbs.add_parser("card", help="put a fictional card on a running agent's reader")
    card.add_argument("step", choices=("list", "insert", "remove"))
    card.add_argument("card_no", nargs="?")
    card.add_argument("--agent", default=f"http://127.0.0.1:{PORT}", metavar="URL")
    return parser


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError("HOST:PORT is meant, e.g. 127.0.0.1:35963")
    return host, int(port)


def _serve(given: argparse.Namespace) -> int:
    from madoguchi.bridge.starting import serve

    return serve(
        bind=given.bind,
        port=given.port,
        origins=given.allow_origin,
        emulated=given.emulated,
        reader=given.reader,
    )


def _emulate(given: argparse.Namespace) -> int:
    """Lie on a virtual reader until the process is asked to end."""
    guard.refuse_production(os.environ)
    host, port = given.vpcd
    stopped = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stopped.set())
    with opened(given.card) as card:
        vpcd.run_card(card, host=host, port=port, stopped=stopped.is_set)
    return 0


def _make_cards(given: argparse.Namespace) -> int:
    people = making.read_people(given.people)
    made = making.make_cards(people, out=given.out, now=_moment(given.as_of))
    _say(f"{making.SAMPLE} {made}")
    return 0


def _make_list(given: argparse.Namespace) -> int:
    revoked = making.renew_list(given.cards, now=_moment(given.as_of))
    _say(f"{making.SAMPLE}: CRL {revoked}")
    return 0


def _moment(as_of: date | None) -> datetime:
    return datetime.combine(as_of, time(9), clock.JAPAN) if as_of else clock.now()


def _card(given: argparse.Namespace) -> int:
    from madoguchi.bridge.remote import TrayHand

    hand = TrayHand(given.agent)
    if given.step == "list":
        for row in hand.cards():
            mark = "*" if row["laid"] else " "
            sys.stdout.write(f"{mark} {row['card_no']} {row['label']} {row['state']}\n")
        return 0
    if given.step == "insert" and not given.card_no:
        _say("card insert needs the number of a card: see `card list`")
        return 2
    if given.step == "insert":
        hand.place(given.card_no)
    else:
        hand.take()
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
