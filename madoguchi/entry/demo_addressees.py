"""A list of 送付先情報 in the demo town, written as somebody else would (デモの送付先情報)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db import connection

from madoguchi.accounts.api import cli_actor
from madoguchi.addressees.actions.taking import take_list
from madoguchi.addressees.api import gazetteer, guess_columns
from madoguchi.addressees.queries.entries import list_lists
from madoguchi.infra import clock, unit
from madoguchi.kernel.wareki import of as in_era
from madoguchi.register.api import PersonRow, persons_of

#: About what a month brings (*assumed*).
ROWS = 60
HEADINGS = ("申請書ID", "氏名", "フリガナ", "生年月日", "送付先住所", "交付通知書番号")
_NAME = "送付先情報（練習用）"
_STRANGERS = (
    ("遠井　某", "トオイ　ナニガシ", "S31.4.5", "東京都千代田区三番町6"),
    ("北見　仮子", "キタミ　カリコ", "H3/2/1", "北海道網走市南1条東1丁目"),
)


def fill() -> None:
    """Take the list in once, as the clerk would (デモのリスト)."""
    actor = cli_actor("demo").for_purpose("架空の送付先情報")
    if list_lists(actor=actor):
        return
    file = io.BytesIO(_file())
    unit.run_long(
        take_list, file, name=_NAME, chosen=guess_columns(HEADINGS).places, actor=actor,
        gazetteer=gazetteer(settings.MADOGUCHI_PLACES), now=clock.now(),
    )  # fmt: skip


def _file() -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    people = _people()
    for number, person in enumerate(people, start=1):
        writer.writerow((f"A{number:03d}", *_written(number, person), f"MDG-{number:06d}"))
    for number, row in enumerate(_STRANGERS, start=len(people) + 1):
        writer.writerow((f"A{number:03d}", *row, ""))
    return out.getvalue().encode()


def _people() -> list[PersonRow]:
    """The first adults of the town who are there: those the demo's letters go to, and more."""
    grown_up = clock.today() - timedelta(days=20 * 366)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM register_out_names WHERE status = 'RESIDENT' AND birth_sort < %s"
            " AND NOT is_protected ORDER BY person_id LIMIT %s",
            [grown_up, ROWS],
        )
        ids = [person_id for (person_id,) in cursor.fetchall()]
    found = persons_of(ids)
    return [found[person_id] for person_id in ids]


def _written(number: int, person: PersonRow) -> tuple[str, str, str, str]:
    """Write somebody as another office would: every seventh row with a slip of its own."""
    name = person.name or person.name_alphabet
    kana, born = person.name_kana, person.birth_sort
    address = f"{person.address}\u3000{person.building}" if person.building else person.address
    if number % 7 == 0:
        name, kana, born, address = _SLIPS[number // 7 % len(_SLIPS)](name, kana, born, address)
    style = number % 4
    if style == 1:
        name, kana = name.replace("\u3000", " "), ""
        address = address.removeprefix("鹿児島県大島郡瀬戸内町").replace("字", "", 1)
    elif style == 2:
        name = name.replace("\u3000", "") if not name.isascii() else name
        address = address.replace("番地", "-").removesuffix("-")
    return name, kana, _day(born, style) if born else person.birth, address


def _day(born: date, style: int) -> str:
    era = in_era(born)
    if style == 0 or era is None:
        return f"{born:%Y%m%d}"
    return era.short if style == 1 else era.long if style == 2 else f"{born:%Y/%m/%d}"


_Slip = Callable[[str, str, date | None, str], tuple[str, str, date | None, str]]


def _slips() -> Iterator[_Slip]:
    """A day off, an earlier address, a lost letter, another surname."""
    yield lambda name, kana, born, address: (
        name, kana, born + timedelta(days=1) if born else None, address,
    )  # fmt: skip
    yield lambda name, kana, born, _: (name, kana, born, "鹿児島県大島郡瀬戸内町手安９番地")
    yield lambda name, kana, born, address: (f"○{name[1:]}", kana, born, address)
    yield lambda name, _, born, address: (
        f"山本\u3000{name.partition(chr(0x3000))[2]}", "", born, address,
    )  # fmt: skip


_SLIPS = tuple(_slips())
