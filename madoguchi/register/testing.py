"""People and versions for tests (試験用の住民): never imported by production."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.infra import clock
from madoguchi.infra.progress import quiet
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.checkdigits import (
    make_addressee_no,
    make_household_no,
    make_resident_code,
)
from madoguchi.kernel.ids import new_id
from madoguchi.register.actions.bulk import append_versions
from madoguchi.register.actions.searching import refresh_search_keys
from madoguchi.register.domain import commands as commands  # noqa: PLC0414  rooms above file real changes
from madoguchi.register.domain.items import Items, PersonRow, Sex, VersionRow
from madoguchi.register.domain.items import Status as Status  # noqa: PLC0414  rooms above place people
from madoguchi.register.domain.reasons import Reason as Reason  # noqa: PLC0414
from madoguchi.register.domain.reasons import ReasonKind, kind_of
from madoguchi.register.domain.situation import Situation
from madoguchi.register.models import Draft, DraftPerson
from madoguchi.register.queries.persons import live_history_of

JAPAN = ZoneInfo("Asia/Tokyo")
ADDRESS = "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地"


def at(text: str) -> datetime:
    """Return noon of a day in Japan, or the moment itself (処理日時)."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=JAPAN, hour=moment.hour or 12)


def clerk(*rights: Right, staff_id: str = "KAEDE") -> Actor:
    """Return a clerk at the counter who may file changes (窓口係)."""
    wanted = rights or (Right.SEARCH, Right.VIEW_PERSON, Right.VIEW_HISTORY, Right.FILE_CHANGE)
    return Actor(
        staff_id=staff_id,
        name="かえで",
        rights=frozenset(wanted),
        place="本庁",
        terminal="01",
        purpose="住民異動届",
    )


def make_items(**given: Any) -> Items:
    """Return a plausible resident; ``given`` overrides items (住民)."""
    items: dict[str, Any] = {
        "household_no": "",
        "relationship": "世帯主",
        "is_householder": True,
        "name": "浜　葵",
        "name_kana": "ハマ　アオイ",
        "birth": "平成2年5月3日",
        "birth_sort": date(1990, 5, 3),
        "sex": Sex.FEMALE,
        "postcode": "894-1508",
        "address": ADDRESS,
        "honseki": "鹿児島県大島郡瀬戸内町大字古仁屋1番地",
        "hittosha": "浜　葵",
        "previous_address": "東京都千代田区千代田1番1号",
        "became_resident": "令和2年4月1日",
        "became_resident_sort": date(2020, 4, 1),
        "address_since": "令和2年4月1日",
        "address_since_sort": date(2020, 4, 1),
        "resident_code": make_resident_code("0000000001"),
    }
    items |= given
    for name in ("birth", "became_resident", "address_since"):
        if name in given and f"{name}_sort" not in given:
            items[f"{name}_sort"] = None
    return Items(**items)


def make_version(person_id: str, history_no: int = 1, **given: Any) -> VersionRow:
    """Return one version of a person's record (異動履歴の1件)."""
    header: dict[str, Any] = {
        "reason": Reason.MOVE_IN_DOMESTIC,
        "effective_on": date(2020, 4, 1),
        "recorded_at": at("2020-04-02"),
        "place": "本庁",
        "terminal": "01",
        "staff_id": "KAEDE",
    }
    names = VersionRow.__dataclass_fields__.keys() - Items.__dataclass_fields__.keys()
    header |= {name: given.pop(name) for name in tuple(given) if name in names}
    given.setdefault("household_no", "000000000000019")
    items = make_items(**given)
    values = {name: getattr(items, name) for name in Items.__dataclass_fields__}
    return VersionRow(person_id=person_id, history_no=history_no, **header, **values)


def make_person(person_id: str, **given: Any) -> PersonRow:
    """Return a person as read (住民の状態)."""
    given.setdefault("household_no", "000000000000019")
    items = make_items(**given)
    values = {name: getattr(items, name) for name in Items.__dataclass_fields__}
    return PersonRow(
        person_id=person_id,
        history_no=1,
        effective_on=date(2020, 4, 1),
        recorded_at=at("2020-04-02"),
        **values,
    )


def make_situation(
    *histories: tuple[VersionRow, ...], today: str = "2026-11-23", **given: Any
) -> Situation:
    """Return what a plan is made from, without a database (処理時点の状態)."""
    values: dict[str, Any] = {
        "today": date.fromisoformat(today),
        "now": at(today),
        "place": "本庁",
        "terminal": "01",
        "staff_id": "KAEDE",
        "histories": {history[0].person_id: history for history in histories},
        "new_person_ids": tuple(make_addressee_no(9_000 + n) for n in range(9)),
        "new_household_no": make_household_no(9_000),
    }
    return Situation(**(values | given))


def resident_code(serial: int) -> str:
    """Return a valid fictional 住民票コード (住民票コード)."""
    return make_resident_code(f"{serial:010d}")


def keep(*versions: VersionRow) -> None:
    """Put versions on the real tables, as an import would (試験用の登録)."""
    append_versions(versions, quiet("test"))


def make_stays(person_id: str, **given: Any) -> tuple[VersionRow, ...]:
    """Return somebody's versions who moved about here, left for years and came back (再転入した人)."""
    gone = {"status": Status.MOVED_OUT, "removal_reason": Reason.MOVE_OUT_DOMESTIC.value,
            "removed": "平成27年6月30日", "removed_sort": date(2015, 6, 30)}  # fmt: skip
    first, second = ("鹿児島県大島郡瀬戸内町大字" + one for one in ("阿木名7番地", "勝浦8番地"))
    steps: tuple[dict[str, Any], ...] = (
        {"effective_on": date(2010, 5, 1), "address": first},
        {"effective_on": date(2012, 7, 1), "address": second, "reason": Reason.CHANGE_ADDRESS},
        {"effective_on": date(2015, 6, 30), "address": second, **gone,
         "reason": Reason.MOVE_OUT_DOMESTIC},
        {"effective_on": date(2020, 4, 1)},
    )  # fmt: skip
    return tuple(
        make_version(
            person_id, number, recorded_at=at(step["effective_on"].isoformat()), **(given | step)
        )
        for number, step in enumerate(steps, start=1)
    )


def removed_records_of(person_id: str) -> tuple[VersionRow, ...]:
    """List the removed records of a person, oldest first (除票).

    A removal or a 改製 makes one. It is kept; only a revert takes it away.
    """
    return tuple(
        one for one in live_history_of(person_id) if kind_of(one.reason) is ReasonKind.REMOVE
    )


def make_findable(*person_ids: str) -> None:
    """Let these people be found by the search, as the change that entered them does (検索キー)."""
    refresh_search_keys(person_ids)


def make_provisional(*person_ids: str) -> str:
    """Let a change of these people wait for its approval; return the draft's id (仮登録)."""
    draft = Draft.objects.create(
        id=new_id(),
        verb="AMEND",
        command={},
        drafted_by="KAEDE",
        drafted_at=clock.now(),
        state="WAITING",
    )
    DraftPerson.objects.bulk_create(DraftPerson(person_id=one, draft=draft) for one in person_ids)
    return draft.id
