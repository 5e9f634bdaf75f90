"""People and lists for tests of this room (試験用のリスト)."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

from madoguchi.addressees.actions.taking import take_list
from madoguchi.addressees.domain.columns import guess_columns
from madoguchi.addressees.domain.worklist import Task
from madoguchi.addressees.models import Entry, List
from madoguchi.addressees.queries.gazetteer import gazetteer
from madoguchi.addressees.queries.worklist import tasks_of
from madoguchi.infra import unit
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.protection.testing import CLERK, SENIOR
from madoguchi.register.testing import Status, keep, make_version, resident_code

NOW = datetime(2027, 1, 18, 9, 0, tzinfo=JAPAN)
TODAY = NOW.date()
KAEDE = replace(CLERK, rights=CLERK.rights | {Right.FILE_CHANGE})
NAGI = replace(SENIOR, rights=SENIOR.rights | {Right.FILE_CHANGE})
HINA = replace(KAEDE, staff_id="hina")

HEADINGS = "番号,氏名,フリガナ,生年月日,住所,交付通知書番号"
_PEOPLE = (
    ("海野　葵", "ウンノ　アオイ", date(1990, 4, 12), "古仁屋字高丘４５番地６"),
    ("湊　航平", "ミナト　コウヘイ", date(1988, 7, 20), "阿木名６７８番地"),
    ("磯　凛", "イソ　リン", date(1979, 12, 3), "諸鈍１６３１番地"),
    ("渚　帆", "ナギサ　ハン", date(1965, 1, 30), "手安５番地"),
    ("髙﨑　梅", "タカサキ　ウメ", date(1931, 3, 9), "久慈１２番地"),
)
AOI, KOHEI, RIN, HAN, UME = (make_addressee_no(serial) for serial in range(1, 6))
#: Of Aoi's name and birth date, in another house; on the register only where a test puts her there.
TWIN = make_addressee_no(9)


def settle(**gone: Status) -> None:
    """Put the named people on the register; ``gone`` names whose status is another (住民)."""
    everybody = (AOI, KOHEI, RIN, HAN, UME)
    keep(
        *(
            make_version(
                person_id, name=name, name_kana=kana, birth=born.isoformat(), birth_sort=born,
                address=f"鹿児島県大島郡瀬戸内町{address}", household_no=make_household_no(serial),
                resident_code=resident_code(serial), status=gone.get(person_id, Status.RESIDENT),
            )
            for serial, (person_id, (name, kana, born, address)) in enumerate(
                zip(everybody, _PEOPLE, strict=True), start=1
            )
        )
    )  # fmt: skip


#: One row each: certain; a day off; certain; another surname; nobody.
ROWS = (
    "1,海野葵,ｳﾝﾉ ｱｵｲ,H2.4.12,古仁屋高丘45-6,",
    "2,湊 航平,,S63/07/21,阿木名678,",
    "3,磯 凛,イソリン,昭和54年12月3日,諸鈍1631,MDG-000003",
    "4,浜 帆,,S40.1.30,手安5番地,",
    "5,遠井 某,,T15.1.1,東京都千代田区三番町6,",
)


def a_file(*rows: str, headings: str = HEADINGS) -> io.BytesIO:
    """Return a list as a file (リストのファイル)."""
    return io.BytesIO("\n".join((headings, *rows)).encode("cp932"))


def a_list(*rows: str, actor: Actor | None = None, name: str = "11月の送付先情報") -> str:
    """Take a list in; return its id (リスト)."""
    columns = guess_columns(HEADINGS.split(",")).places
    return unit.run_long(
        take_list, a_file(*(rows or ROWS)), name=name, chosen=columns, actor=actor or KAEDE,
        gazetteer=gazetteer(), now=NOW,
    )  # fmt: skip


def entry_of(list_id: str, row_id: str) -> Entry:
    """Return the kept row of this number (行)."""
    return Entry.objects.get(listed_id=list_id, row_id=row_id)


def typed_of_moves(*, actor: Actor, today: date) -> dict[str, list[Task]]:
    """Return what is to be typed of filed moves, by the name of its list (届出からの作業一覧)."""
    lists = List.objects.filter(name__startswith="異動の届出").order_by("taken_at")
    return {
        one.name: list(
            tasks_of(one.list_id, actor=actor, today=today, gazetteer=gazetteer())
        )
        for one in lists
    }  # fmt: skip
