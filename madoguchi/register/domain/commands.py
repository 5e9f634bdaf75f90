"""What a clerk can file, one value per procedure (異動の届出と職権).

A command says what is wanted in the clerk's words; ``planning`` decides what comes of it. Days
are the text as typed: the 異動日 starts empty and may be unclear where the standard allows it.
There is no 処理日 here: it is always now. There is no address in a change of household and no
household change in an amendment: the standard forbids both in one step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from madoguchi.register.domain.items import Items
from madoguchi.register.domain.reasons import Reason

Change = str | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """The days of a filing: 異動日 as written, and who told us when (届出等の日)."""

    effective: str = ""
    filed_on: date | None = None
    petitioned_on: date | None = None
    notified_by_office_on: date | None = None
    requested_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How somebody stands in a household (続柄)."""

    relationship: str
    is_householder: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody to be entered; ``person_id`` when they come back and keep their 宛名番号.

    Household number, status and removal items of ``items`` count for nothing: they follow
    from the entry. 住民となった日, 住所を定めた日 and 届出日 may stay blank and are filled in.
    """

    items: Items
    person_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEntry:
    """転入, 出生, 職権記載: enter people into a new household (None) or an existing one."""

    filing: Filing
    reason: Reason
    newcomers: tuple[Newcomer, ...]
    household_no: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAddress:
    """転居: all of a household, or some, who then join another or form a new one (None)."""

    filing: Filing
    person_ids: tuple[str, ...]
    postcode: str
    address: str
    building: str = ""
    household_no: str | None = None
    standings: Mapping[str, Standing] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMoveOut:
    """転出: the 異動日 is the planned day and may lie ahead; they are residents until then.

    ``to_town`` is the 団体コード of the new town, where it is known: who is protected stays so
    there, and that town has to be told.
    """

    filing: Filing
    reason: Reason
    person_ids: tuple[str, ...]
    to: str
    to_town: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmMoveOut:
    """転入通知: the new town says where and when; the earlier day counts (転出先確定)."""

    filing: Filing
    person_ids: tuple[str, ...]
    to: str
    moved_in_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePersons:
    """死亡, 職権消除: take people off the register; ``to`` where they are known to live."""

    filing: Filing
    reason: Reason
    person_ids: tuple[str, ...]
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeHousehold:
    """世帯分離, 世帯合併, 世帯変更, 世帯主変更: who stands where; nobody moves house.

    ``person_ids`` go to ``household_no`` (None: a new one); empty when only heads or
    relationships change. ``standings`` names everybody whose 続柄 becomes another.
    """

    filing: Filing
    reason: Reason
    person_ids: tuple[str, ...] = ()
    household_no: str | None = None
    standings: Mapping[str, Standing] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHousehold:
    """Put a household in order: by the rules, or as ``person_ids`` says (並び順の設定)."""

    filing: Filing
    household_no: str
    person_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectError:
    """誤記修正: items were wrong since the version that set them; or its 異動日 was.

    With ``history_no`` and ``filing.effective`` the 異動日 of that version is corrected too.
    """

    filing: Filing
    person_id: str
    changes: Mapping[str, Change] = field(default_factory=dict, hash=False)
    history_no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """軽微な修正, 職権修正, 旧氏, 通称, 住民票コード: items become others from a day on."""

    filing: Filing
    reason: Reason
    person_id: str
    changes: Mapping[str, Change] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewRecord:
    """改製, 再製, 帰化, 国籍喪失: close the record and open it again on the same day.

    ``reason`` is the one under which it is opened; the one to close it follows.
    """

    filing: Filing
    reason: Reason
    person_id: str
    changes: Mapping[str, Change] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevertChange:
    """異動の取消し: take back the newest version of each of these people; both are kept."""

    filing: Filing
    targets: Mapping[str, int] = field(default_factory=dict, hash=False)


Command = (
    RecordEntry
    | ChangeAddress
    | PlanMoveOut
    | ConfirmMoveOut
    | RemovePersons
    | ChangeHousehold
    | OrderHousehold
    | CorrectError
    | Amend
    | RenewRecord
    | RevertChange
)

COMMANDS: tuple[type[Command], ...] = (
    RecordEntry,
    ChangeAddress,
    PlanMoveOut,
    ConfirmMoveOut,
    RemovePersons,
    ChangeHousehold,
    OrderHousehold,
    CorrectError,
    Amend,
    RenewRecord,
    RevertChange,
)


def persons_in(command: Command) -> frozenset[str]:
    """Name the people a command speaks of, as far as they have a number yet (対象者)."""
    match command:
        case RecordEntry():
            return frozenset(one.person_id for one in command.newcomers if one.person_id)
        case ChangeAddress() | ChangeHousehold():
            return frozenset(command.person_ids) | frozenset(command.standings)
        case PlanMoveOut() | ConfirmMoveOut() | RemovePersons() | OrderHousehold():
            return frozenset(command.person_ids)
        case RevertChange():
            return frozenset(command.targets)
        case CorrectError() | Amend() | RenewRecord():
            return frozenset({command.person_id})


def households_in(command: Command) -> frozenset[str]:
    """Name the households a command speaks of by number (対象世帯)."""
    match command:
        case RecordEntry() | ChangeAddress() | ChangeHousehold() | OrderHousehold():
            return frozenset({command.household_no} if command.household_no else ())
        case _:
            return frozenset()
