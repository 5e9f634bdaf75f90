"""Cards of the fictional town: made once, believed by its kiosk alone (デモのカード).

The agent beside the browser is another program with no database; so the list of people is
written for it, it makes the cards, and its list of certificates comes in through the same
import as any town's.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.db import connection

from madoguchi.accounts.api import cli_actor
from madoguchi.cards.api import import_certificates
from madoguchi.infra import clock, progress, unit
from madoguchi.town.api import NAMED

#: Named people with a card; what each shows stands in the README of the bridge.
HOLDERS = ("aoi", "minato_father", "minato_mother", "minato_first", "sora", "ume_daughter", "rin")
COLUMNS = ("宛名番号", "氏名", "生年月日", "性別", "住所", "状態")
#: A card taken in today works from tomorrow on: the demo's were taken in before.
MADE_DAYS_AGO = 30
_SEXES = {"MALE": "男", "FEMALE": "女"}

CERTIFICATE_COLUMNS = (
    "宛名番号",
    "発行者",
    "シリアル番号",
    "種別",
    "有効開始日",
    "有効終了日",
    "登録日",
    "状態",
)
_ISSUER = "OU=TEST CA for user authentication,O=Madoguchi TEST,C=JP"
#: Three of four grown-ups (*assumed*); a birthday on 29 February is counted on the 28th here.
_HOLDS_ONE = """
SELECT person_id, serial, made_on, until FROM (
    SELECT person_id, serial, made_on,
           (birth_sort + make_interval(years => (
               date_part('year', age(made_on, birth_sort))::int + 5)))::date AS until
    FROM (
        SELECT person_id, birth_sort, (draw >> 8) + 1 AS serial,
               %(today)s - 1 - (draw %% 1826)::int AS made_on
        FROM (
            SELECT person_id, birth_sort,
                   ('x' || substr(md5(person_id), 1, 15))::bit(60)::bigint AS draw
            FROM register_current
            WHERE status = 'RESIDENT' AND birth_sort < %(today)s - 24 * 366
              AND NOT EXISTS (
                  SELECT FROM protection_out_held h WHERE h.person_id = register_current.person_id)
        ) AS grown_up
        WHERE draw / 1826 %% 4 < 3
    ) AS drawn
) AS made
WHERE until >= %(today)s
  AND NOT EXISTS (SELECT FROM cards_certificate c WHERE c.person_id = made.person_id)
"""

_ONE_OF_EACH = """
SELECT DISTINCT ON (status) person_id FROM register_current
WHERE status IN ('MOVED_OUT', 'MOVE_OUT_PLANNED') AND nationality_group = 'JAPANESE'
  AND birth_sort BETWEEN %(from)s AND %(until)s
  AND NOT EXISTS (SELECT FROM protection_out_held h WHERE h.person_id = register_current.person_id)
ORDER BY status, removed_sort DESC NULLS LAST, person_id
"""


def make_ready(home: Path) -> Path:
    """Return the folder of the demo's cards, made and taken in on the first start (カードの用意)."""
    folder = home / "cards"
    if not (folder / "crl.der").exists():
        _make(folder)
    # The list of revoked certificates is good for days, a demo may sleep for weeks.
    _bridge("make-crl", "--cards", str(folder))
    with (folder / "card_certificates.csv").open("rb") as file:
        _take_in(file)
    # A start that was cut short in the middle of it does it again.
    if not (taken := folder / "town-taken-in").exists():
        _take_in(_certificates_of_the_town())
        taken.touch()
    return folder


def _take_in(file: BinaryIO) -> None:
    unit.run_long(
        import_certificates, file, actor=cli_actor("demo").for_purpose("デモのカードの取込み"),
        progress=progress.quiet("cards"),
    )  # fmt: skip


def _certificates_of_the_town() -> BinaryIO:
    """Most grown-ups have a card somewhere at home, so that the town's forecasts have figures.

    No card here belongs to these certificates. Made within the last five years, they run until
    the fifth birthday after that; who has one, since when, follows from the 宛名番号 alone.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CERTIFICATE_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS_ONE, {"today": clock.today()})
        for person_id, serial, made_on, until in cursor.fetchall():
            writer.writerow((person_id, _ISSUER, serial, "利用者証明用", made_on, until, made_on,
                             "有効"))  # fmt: skip
    return io.BytesIO(text.getvalue().encode())


def agent_command(folder: Path, *, port: int, origin: str) -> list[str]:
    """Return how the agent with the demo's cards is started (カードの仲立ち)."""
    return [
        sys.executable, "-m", "madoguchi.bridge", "serve", "--emulated", str(folder),
        "--port", str(port), "--allow-origin", origin,
    ]  # fmt: skip


def _make(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    people = folder.with_name("card-holders.csv")
    with people.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_holders())
    as_of = clock.today() - timedelta(days=MADE_DAYS_AGO)
    _bridge("make-cards", "--people", str(people), "--out", str(folder), "--as-of", f"{as_of}")
    people.unlink()


def _holders() -> Iterator[tuple[str, ...]]:
    """The named ones, who moved away, and who is about to; the last card of all is revoked."""
    today = clock.today()
    with connection.cursor() as cursor:
        # Whoever left last, for they were assessed here this year, and come back for the paper.
        adults = {"from": today - timedelta(days=75 * 365), "until": today - timedelta(days=9_000)}
        cursor.execute(_ONE_OF_EACH, adults)
        others = [person_id for (person_id,) in cursor.fetchall()]
        wanted = [*(NAMED[key].person_id for key in HOLDERS), *others, NAMED["ume"].person_id]
        cursor.execute(
            "SELECT person_id, coalesce(nullif(name, ''), name_alphabet), birth_sort, sex, address"
            " FROM register_current WHERE person_id = ANY(%s)",
            [wanted],
        )
        rows = {row[0]: row for row in cursor.fetchall()}
    for person_id in wanted:
        if person_id in rows:
            _, name, born, sex, address = rows[person_id]
            state = "失効" if person_id == NAMED["ume"].person_id else "有効"
            yield person_id, name, f"{born}", _SEXES.get(sex, "女"), address, state


def _bridge(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "madoguchi.bridge", *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise SystemExit(f"デモのカードを用意できません。\n{done.stderr}")
