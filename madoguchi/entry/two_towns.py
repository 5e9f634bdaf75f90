"""Two towns of one demonstration, each a whole demo of its own, exchanging real files (二つの町).

The first is the town of every demo; the other one, smaller, lies in a folder inside its data
folder. What they share is one folder for messages and one for the rows of their keys.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType

from madoguchi.entry import environment, supervisor
from madoguchi.kernel.checkdigits import make_resident_code

#: Fictional: no municipality has this code.
OTHER_CODE, OTHER = "465992", "鹿児島県大島郡みどり町"
HOME_CODE, HOME = "465259", "鹿児島県大島郡瀬戸内町"
OTHER_RESIDENTS_MAX = 1_200
#: The second town's ports begin so far after the first one's.
PORTS_APART = 10
KEYS_SECONDS_MAX = 300
CODE = "住民票コード"
PORTAL_SCHEMA = "madoguchi.portal/1"
#: A family of four of whom nobody is held, the same each time the town is made.
_FAMILY = """
SELECT name, coalesce(name_kana, ''), birth_sort, relationship, address || building
FROM register_current WHERE status = 'RESIDENT' AND household_no = (
    SELECT household_no FROM register_current
    WHERE status = 'RESIDENT' GROUP BY household_no
    HAVING count(*) = 4 AND bool_and(nationality_group = 'JAPANESE' AND birth_sort IS NOT NULL)
       AND bool_and(person_id NOT IN (SELECT person_id FROM protection_out_held))
       AND max(birth_sort) > current_date - 6600
    ORDER BY household_no LIMIT 1)
ORDER BY birth_sort
"""
_SHARED = "MADOGUCHI_TWO_TOWNS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """The other town of this demonstration (となりの町)."""

    name: str
    url: str


def run(*, port: int, residents: int, seed: int) -> int:
    """Run both towns until Ctrl-C or SIGTERM; where one ends, the other ends too (二つの町の起動)."""
    home = environment.home()
    doors = [supervisor.hold_port(port)]
    doors.append(supervisor.hold_port(doors[0].number + PORTS_APART))
    urls = [f"http://127.0.0.1:{one.number}/" for one in doors]
    towns = [
        (home, {"MADOGUCHI_NEIGHBOUR": f"みどり町 {urls[1]}"}, HOME_CODE, residents),
        (home / "neighbour", {"MADOGUCHI_NEIGHBOUR": f"せとうち町 {urls[0]}", **_OTHER_TOWN},
         OTHER_CODE, min(residents, OTHER_RESIDENTS_MAX)),
    ]  # fmt: skip
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    running = []
    for at, (folder, more, code, people) in enumerate(towns):
        command = [sys.executable, "-m", "madoguchi", "demo", "--port", str(doors[at].number),
                   "--residents", str(people), "--seed", str(seed + at)]  # fmt: skip
        values = {**os.environ, **more, **_settings(home, folder, code=code),
                  supervisor.HELD: str(doors[at].number)}  # fmt: skip
        running.append(supervisor.start(command, environment=values))
    try:
        while not stopping and all(one.poll() is None for one in running):
            time.sleep(0.2)
    finally:
        supervisor.end(running, seconds=25)
    return 0 if stopping else 1


def neighbour() -> Neighbour | None:
    """Return the other town of this demonstration, None where there is one town (となりの町)."""
    name, _, url = os.environ.get("MADOGUCHI_NEIGHBOUR", "").partition(" ")
    return Neighbour(name=name, url=url) if url else None


def exchange_keys() -> None:
    """Lay this town's key beside the other one's, and write our table of keys (鍵の交換).

    In earnest two officers do this by a document and a telephone call; here both are ours.
    """
    shared = os.environ.get(_SHARED, "")
    if not shared:
        return
    from django.conf import settings

    from madoguchi.certificates.actions import town_key
    from madoguchi.infra.files import private_folder

    us = settings.MADOGUCHI_TOWN_CODE
    folder = Path(shared) / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _lay(
        folder / f"{us}.toml", row_for(us, _names()[us], town_key.public_key(), town_key.seal_key())
    )
    them = next(one for one in _names() if one != us)
    until = time.monotonic() + KEYS_SECONDS_MAX
    while not (folder / f"{them}.toml").exists():
        if time.monotonic() > until:
            raise SystemExit("となりの町が始まりません。上の記録を見てください。")
        time.sleep(0.1)
    _lay(private_folder("rules") / "town_keys.toml", (folder / f"{them}.toml").read_text("utf-8"))


def file_by_portal() -> None:
    """Let one family of the second town file by the portal: 転出届 there, 来庁予定 here (架空の届出).

    Once, when the town is new; what becomes of it is the visitor's to play.
    """
    shared = os.environ.get(_SHARED, "")
    if not shared or os.environ.get("MADOGUCHI_TOWN_CODE") != OTHER_CODE:
        return
    from django.db import connection

    from madoguchi.adapters.townpost.folder import write_whole
    from madoguchi.infra import clock
    from madoguchi.infra.files import private_folder
    from madoguchi.kernel.wareki import format_long

    done = private_folder("portal") / "filed"
    if done.exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY)
        family = cursor.fetchall()
    leaves_on = clock.today() + timedelta(days=3)
    filing = {
        "number": 1, "sent_at": clock.now().isoformat(timespec="seconds"),
        "moved_on": leaves_on.isoformat(), "postcode": "894-1508",
        "address": f"{HOME}大字古仁屋字船津23番地",
        "previous_address": family[0][4] if family else "",
        "people": [
            {"name": name, "name_kana": kana, "birth": format_long(birth), "relationship": standing,
             "has_card": "yes"}
            for name, kana, birth, standing, _address in family
        ],
    }  # fmt: skip
    visit = {**filing, "visit_on": leaves_on.isoformat()}
    inboxes = {Path(shared).parent: ("VISIT", visit), private_folder(): ("MOVE_OUT", filing)}
    for home, (kind, told) in inboxes.items() if family else ():
        data = {"schema": PORTAL_SCHEMA, "filings": [{**told, "kind": kind}]}
        write_whole(home / "portal" / "in", "00000001.json", json.dumps(data).encode())
    done.touch()


def row_for(code: str, name: str, key: bytes, seal: bytes) -> str:
    """Return the row of a table of keys that trusts this key (鍵の表の行)."""
    return (
        f'[[key]]\ncode = "{code}"\nname = "{name}"\npublic = "{key.hex()}"\n'
        f'seal = "{seal.hex()}"\npost = true\n'
        'from = "2020-01-01"\nsource = "二つの町のデモ"\n'
    )


def settle_here(made: Path) -> None:
    """Let the fictional residents live in the second town, where this is it (二つめの町の住所)."""
    from madoguchi.town.api import TOWN

    if os.environ.get("MADOGUCHI_TOWN_CODE") != OTHER_CODE:
        return
    for path in made.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = csv.reader(file)
        code = heading.index(CODE) if CODE in heading else None
        for row in rows:
            row[:] = [cell.replace(TOWN, OTHER) for cell in row]
            if code is not None and row[code]:
                row[code] = _another_code(row[code])
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *rows])


def _another_code(code: str) -> str:
    """Every fictional town counts its codes alike; of two that exchange people one counts apart.

    Behind the prefix of fictional codes: as if its serials began fifty million later.
    """
    return make_resident_code(f"{code[:2]}{(int(code[2]) + 5) % 10}{code[3:10]}")


def _names() -> Mapping[str, str]:
    return {HOME_CODE: HOME, OTHER_CODE: OTHER}


def _settings(top: Path, home: Path, *, code: str) -> dict[str, str]:
    return {
        "MADOGUCHI_HOME": str(home), _SHARED: str(top / "exchange"),
        "MADOGUCHI_CARD_RULES": str(home / "rules"), "MADOGUCHI_TOWN_POST": "emulated",
        "MADOGUCHI_POST_FOLDER": str(top / "exchange" / code),
    }  # fmt: skip


def _lay(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(text, "utf-8")
    draft.replace(path)


_OTHER_TOWN = {
    "MADOGUCHI_TOWN_NAME": "みどり町", "MADOGUCHI_TOWN_KANA": "みどりちょう",
    "MADOGUCHI_TOWN_ENGLISH": "Midori Town", "MADOGUCHI_TOWN_CODE": OTHER_CODE,
    "MADOGUCHI_MAYOR_NAME": "森　翠", "MADOGUCHI_OFFICE_ADDRESS": "みどり町大字緑1番地",
    "MADOGUCHI_OFFICE_PHONE": "0997-00-0001",
}  # fmt: skip
