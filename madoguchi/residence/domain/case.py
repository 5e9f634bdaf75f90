"""A check whether people live where they are registered, and what is known in it (確認の事案).

An answer says yes, no or unclear and for which time; readings of a meter, amounts and reports
have no place here. Nothing is added up: what was found is shown, and two people decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique


@unique
class Trigger(StrEnum):
    """Why somebody should look (きっかけ)."""

    UNTRUE_FILING = "UNTRUE_FILING"  # 届出が事実とちがう疑い
    OTHER_OFFICE = "OTHER_OFFICE"  # 他課・委員会の通報(13条)
    FAMILY = "FAMILY"  # 家族・同居人・家主・区長の申出
    RETURNED_MAIL = "RETURNED_MAIL"  # 郵便・入場券の返戻
    NO_NOTICE = "NO_NOTICE"  # 転入通知が来ない
    PATTERN = "PATTERN"  # 選挙の前に続いた転入


@unique
class Source(StrEnum):
    """Who was asked (確認先)."""

    HEARING = "HEARING"  # 本人
    WATER = "WATER"  # 水道課
    TAX = "TAX"  # 税務課
    INSURANCE = "INSURANCE"  # 保険年金
    SCHOOL = "SCHOOL"  # 教育委員会
    MAIL = "MAIL"  # 返戻
    NEIGHBOUR = "NEIGHBOUR"  # 区長・民生委員
    LANDLORD = "LANDLORD"  # 家主


@unique
class Lives(StrEnum):
    """What was answered (答え)."""

    LIVES = "LIVES"
    GONE = "GONE"
    UNCLEAR = "UNCLEAR"


@unique
class Seen(StrEnum):
    """What two officers found at the door (訪問の結果)."""

    SAME = "SAME"  # 届出のとおり
    OTHERS = "OTHERS"  # 届け出ていない人が住んでいる
    DIFFERS = "DIFFERS"  # 直すところがある
    ABSENT = "ABSENT"  # 不在


@unique
class LetterKind(StrEnum):
    """What was written to them (手紙の別)."""

    INQUIRY = "INQUIRY"  # 照会書
    URGE = "URGE"  # 催告書


@unique
class Outcome(StrEnum):
    """What is decided (決定の別)."""

    LIVES = "LIVES"  # 実態あり
    REMOVE = "REMOVE"  # 職権消除


@unique
class State(StrEnum):
    """Where a case stands (事案の状態)."""

    OPEN = "OPEN"
    PROPOSED = "PROPOSED"  # 二人目を待つ
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRule:
    """On what ground a source may be asked, and which section answers (確認先の決まり)."""

    section: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """Days, visits and sources of a check, as a table says them (確認の決まり)."""

    days: int
    visits_max: int
    visits_apart_days: int
    officers_min: int
    answer_days: int
    #: By so many days more where the post room prints and posts it.
    post_days: int
    sources_min: int
    sources: Mapping[Source, SourceRule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One answer of one source: yes, no or unclear, and for which time (確認の答え)."""

    source: Source
    asked_on: date
    lives: Lives
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Two officers at the door (訪問)."""

    on: date
    officers: tuple[str, ...]
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as it was drawn or posted, and the last day for an answer (手紙)."""

    kind: LetterKind
    drawn_on: date
    answer_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A letter the post room has, that has not left yet: nobody was asked by it (発送待ちの手紙)."""

    kind: LetterKind
    about_no: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a case has, in the order it came (事案の中身)."""

    opened_on: date
    state: State = State.OPEN
    evidence: tuple[Evidence, ...] = ()
    visits: tuple[Visit, ...] = ()
    letters: tuple[Letter, ...] = ()
    pending: tuple[Pending, ...] = ()

    def letter(self, kind: LetterKind) -> Letter | None:
        """Return the newest letter of a kind (手紙)."""
        return next((one for one in reversed(self.letters) if one.kind is kind), None)
