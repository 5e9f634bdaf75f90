"""What a clerk files for people who move, and what stands against it (届出の内容と確認).

The register checks the record; here stands what it cannot know: who notified, what was shown,
whether it is in time, and who said each field on what evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique

from madoguchi.kernel.dates import RegisterDate, parse_register_date
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text
from madoguchi.moves.domain.case import Card, Case
from madoguchi.moves.domain.triage import Counted, IsOfficeDay, TriageBook, last_day

TEXT_MAX = 200
#: Stands behind a last address that was never notified (4.1.1.4).
UNREGISTERED_MARK = "（未届）"
PEOPLE_MAX = 20


@unique
class Kind(StrEnum):
    """What is filed (届出・職権の別)."""

    MOVE_IN = "MOVE_IN"  # 転入届
    CHANGE_ADDRESS = "CHANGE_ADDRESS"  # 転居届
    MOVE_OUT = "MOVE_OUT"  # 転出届
    CONFIRM_MOVE_OUT = "CONFIRM_MOVE_OUT"  # 転入通知
    HOUSEHOLD = "HOUSEHOLD"  # 世帯変更届
    BIRTH = "BIRTH"  # 出生
    DEATH = "DEATH"  # 死亡
    EX_OFFICIO = "EX_OFFICIO"  # 職権
    CORRECT = "CORRECT"  # 誤記修正
    REVERT = "REVERT"  # 異動の取消し


#: Filed by the residents themselves: somebody came, was looked at, and signed.
NOTIFIED = frozenset({Kind.MOVE_IN, Kind.CHANGE_ADDRESS, Kind.MOVE_OUT, Kind.HOUSEHOLD})
#: Without anybody's notification: a ground has to be on record (記録書).
BY_AUTHORITY = frozenset({Kind.EX_OFFICIO, Kind.CORRECT, Kind.REVERT})


@unique
class Arrival(StrEnum):
    """How somebody moves in (転入の別)."""

    SPECIAL = "SPECIAL"  # 特例転入
    PAPER = "PAPER"  # 転出証明書
    ABROAD = "ABROAD"  # 国外転入等
    UNREGISTERED = "UNREGISTERED"  # 未届転入


@unique
class Notifier(StrEnum):
    """Who notifies (届出人)."""

    SELF = "SELF"  # 本人
    HOUSEHOLD = "HOUSEHOLD"  # 同じ世帯の人
    AGENT = "AGENT"  # 代理人


@unique
class Evidence(StrEnum):
    """On what a field of the record rests (よりどころ): who said it, and by which paper."""

    NOTICE = "NOTICE"  # 転出証明書情報
    CERTIFICATE = "CERTIFICATE"  # 転出証明書
    CERTIFICATE_QR = "CERTIFICATE_QR"  # 転出証明書（QR）, signed by its town
    #: 転出証明書（QR） of a town whose key nobody told us; compared with the paper by eye.
    CERTIFICATE_QR_UNVERIFIED = "CERTIFICATE_QR_UNVERIFIED"
    FAMILY_REGISTER = "FAMILY_REGISTER"  # 戸籍・附票
    PASSPORT = "PASSPORT"  # 旅券
    RESIDENCE_CARD = "RESIDENCE_CARD"  # 在留カード
    SAID = "SAID"  # 窓口での申出
    DRAFTED = "DRAFTED"  # 家での下書き
    PORTAL = "PORTAL"  # マイナポータル
    AUTHORITY = "AUTHORITY"  # 職権の記録


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who came and what was shown, for every filing (届出のようす)."""

    filed_on: date
    notifier: Notifier = Notifier.SELF
    identity_seen: bool = False
    proxy_letter: bool = False
    signed: bool = False
    #: Somebody stands at the counter; else it was filed from home, where the law lets them.
    present: bool = True
    delay_reason: str = ""
    #: For what is done by authority: why, and on which paper.
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One field as it was told, on what evidence (項目とそのよりどころ)."""

    value: str
    evidence: Evidence
    #: What the old town's data said instead, where the family said otherwise.
    differs: bool = False
    #: When it was said, where that was before the filing.
    told_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """One of the people who move in (転入する人); ``person_id`` where they come back."""

    no: str
    items: Mapping[str, Said] = field(hash=False)
    person_id: str = ""
    card: Card = Card.NONE
    #: What other sections have to know, by the names of a plan's fields.
    facts: Mapping[str, str | bool] = field(default_factory=dict, hash=False)

    def value(self, item: str) -> str:
        """Return what was told of an item, "" for nothing (項目の値)."""
        said = self.items.get(item)
        return said.value if said else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelter:
    """Protection that begins with the move (転入と同時の支援措置)."""

    category: str
    from_town: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveIn:
    """A whole 転入届: where, since when, who, by which papers (転入届)."""

    arrival: Arrival
    told: Told
    moved_on: str
    postcode: str
    address: str
    building: str = ""
    previous_address: str = ""
    #: 最終登録住所地 of somebody whose last address was never notified.
    last_registered: str = ""
    planned_out_on: date | None = None
    household_no: str = ""
    people: tuple[Arriving, ...] = ()
    #: On what rests what is written once for everybody: days and addresses.
    once: Mapping[str, Said] = field(default_factory=dict, hash=False)
    card_and_pin_shown: bool = False
    certificate_seen: bool = False
    passports_seen: bool = False
    residence_cards_seen: bool = False
    shelter: Shelter | None = None


def check_told(told: Told, *, kind: Kind, from_home: bool = False) -> tuple[Problem, ...]:
    """Return what is missing from a filing of this kind, all at once (届出の確認).

    ``from_home``: the law lets such a filing be made without standing at the counter.
    """
    found = []
    if kind in NOTIFIED:
        wanted = {
            "MOVE_PRESENCE_WANTED": ("present", told.present or from_home),
            "MOVE_IDENTITY_NOT_SEEN": ("identity_seen", told.identity_seen),
            "MOVE_NOT_SIGNED": ("signed", told.signed),
            "MOVE_PROXY_LETTER_MISSING": (
                "proxy_letter",
                told.notifier is not Notifier.AGENT or told.proxy_letter,
            ),
        }
        found += [Problem(code=code, where=at) for code, (at, is_so) in wanted.items() if not is_so]
    if kind in BY_AUTHORITY and not told.ground.strip():
        found.append(Problem(code="MOVE_GROUND_MISSING", where="ground"))
    for name in ("delay_reason", "ground"):
        found += check_free_text(getattr(told, name), limit=TEXT_MAX, where=name)
    return tuple(found)


def check_move_in(
    move: MoveIn, *, today: date, book: TriageBook, is_office_day: IsOfficeDay,
    from_home: bool = False,
) -> tuple[Problem, ...]:  # fmt: skip
    """Return everything that stands against a 転入届, beside the record itself (転入届の確認)."""
    foreign = any(one.value("nationality_group") == "FOREIGN" for one in move.people)
    is_new = move.arrival is Arrival.ABROAD
    wanted = {
        "MOVE_CARD_NOT_SHOWN": (
            "card_and_pin_shown",
            move.arrival is not Arrival.SPECIAL or move.card_and_pin_shown,
        ),
        "MOVE_CERTIFICATE_NOT_SEEN": (
            "certificate_seen",
            move.arrival is not Arrival.PAPER or move.certificate_seen,
        ),
        "MOVE_PASSPORT_NOT_SEEN": ("passports_seen", not is_new or move.passports_seen),
        "MOVE_RESIDENCE_CARD_NOT_SEEN": (
            "residence_cards_seen",
            not foreign or move.residence_cards_seen,
        ),
        "MOVE_PREVIOUS_ADDRESS_MISSING": ("previous_address", bool(move.previous_address.strip())),
        "MOVE_LAST_TOWN_MISSING": (
            "last_registered",
            move.arrival is not Arrival.UNREGISTERED or bool(move.last_registered.strip()),
        ),
        "MOVE_TOO_MANY_PEOPLE": ("people", len(move.people) <= PEOPLE_MAX),
    }
    found = list(check_told(move.told, kind=Kind.MOVE_IN, from_home=from_home))
    found += [Problem(code=code, where=at) for code, (at, is_so) in wanted.items() if not is_so]
    return (*found, *_check_days(move, today=today, book=book, is_office_day=is_office_day))


def _check_days(
    move: MoveIn, *, today: date, book: TriageBook, is_office_day: IsOfficeDay
) -> list[Problem]:
    """What is wrong with the days: too late for the card, late without a reason."""
    moved = parse_register_date(move.moved_on, where="moved_on")
    if not isinstance(moved, RegisterDate) or moved.exact_on is None:
        return []  # the register says what is wrong with it
    case = Case(today=today, moved_in_on=moved.exact_on, planned_move_out_on=move.planned_out_on)
    filed = move.told.filed_on
    special = last_day(case, book, counted=Counted.SPECIAL, is_office_day=is_office_day)
    due = last_day(case, book, counted=Counted.FILING, is_office_day=is_office_day)
    assert special is not None and due is not None, "the day of moving is told"
    found = []
    if move.arrival is Arrival.SPECIAL and filed > special:
        facts = {"day": special.isoformat()}
        found.append(Problem(code="MOVE_SPECIAL_TOO_LATE", where="moved_on", facts=facts))
    if filed > due and not move.told.delay_reason.strip():
        facts = {"day": due.isoformat()}
        found.append(Problem(code="MOVE_DELAY_REASON_MISSING", where="delay_reason", facts=facts))
    return found
