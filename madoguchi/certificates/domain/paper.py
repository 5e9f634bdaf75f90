"""Everything one paper says, as text already fit to print (証明書の記載内容).

These values are frozen when a paper is drawn; from then on nothing is looked up again.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from madoguchi.certificates.domain.kinds import OMITTED_UNLESS_ASKED, Kind, Omit

#: Printed where a date is deliberately left out: never moved inside this town.
LEFT_BLANK = "【空欄】"
#: Printed where the request left an item out, so that nothing can be written in later.
LEFT_OUT = "【省略】"

#: A household of a town this size; more is a mistake upstream, not a paper.
PERSONS_MAX = 64


class OverflowRule(StrEnum):
    """What to print of a text too long for its box (文字超過時の印字; SPEC1 5.8)."""

    PRINT_TO_LIMIT = "PRINT_TO_LIMIT"  # 印字可能な範囲まで
    LEAVE_BLANK = "LEAVE_BLANK"  # 空欄


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignItems:
    """What only a foreign resident's record holds (外国人住民の記載事項)."""

    nationality: str = ""  # 国籍・地域
    residence_class: str = ""  # 法第30条の45に規定する区分
    status: str = ""  # 在留資格
    period: str = ""  # 在留期間等
    expires_on: str = ""  # 在留期間の満了の日 (western calendar)
    card_no: str = ""  # 在留カード等の番号
    alias: str = ""  # 通称
    alias_furigana: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Why and when the record was closed (消除の記載)."""

    reason: str  # 消除事由
    effective_on: str  # 事由の生じた日
    filed_on: str = ""  # 届出日
    moved_to_planned: str = ""  # 転出先(予定)
    moved_to_confirmed: str = ""  # 転出先(確定)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPerson:
    """One person as the paper shows them (証明書に載る人).

    Every field is the text to print: the caller has turned dates into 和暦 (a foreign
    resident's birth date and 満了日 into the western calendar). `person_id` is not printed;
    it enters the subject hash.
    """

    person_id: str
    name: str
    birth_date: str
    furigana: str = ""
    sex: str = ""
    relationship: str = ""  # 続柄
    resident_since: str = ""  # 住民となった日 / 外国人住民となった日
    #: 住所を定めた日; empty means "never moved inside this town" and prints 【空欄】.
    address_since: str = ""
    filed_on: str = ""  # 届出日
    domicile: str = ""  # 本籍
    domicile_head: str = ""  # 筆頭者
    former_address: str = ""  # 転入前住所
    former_surname: str = ""  # 旧氏
    former_surname_furigana: str = ""
    individual_number: str = ""  # 個人番号, only where the request asks for it
    resident_code: str = ""  # 住民票コード, likewise
    remarks: tuple[str, ...] = ()  # 統合記載欄
    history: tuple[str, ...] = ()  # 個人票 and 除票: one line per 異動
    foreign: ForeignItems | None = None
    removal: Removal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a paper made from a ledger: what it is, and what stands there (記載行).

    Lines with a ``group`` make a table; those without stand above it.
    """

    label: str
    value: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """All a paper takes from its ledger, as text to print, and the mark of the row (原簿の写し)."""

    name: str
    birth_date: str
    address: str
    lines: tuple[Line, ...]
    mark: str
    year: str = ""
    imprint: bytes = b""
    imprint_mm: tuple[float, float] = (0.0, 0.0)
    householder: str = ""  # as it was, where the record goes on without these people


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One copy (部) of one certificate, complete (証明書1部)."""

    kind: Kind
    persons: tuple[PaperPerson, ...]  # already in legal order
    address: str
    householder: str  # 世帯主; empty for a household without a head
    issue_no: str  # 発行番号, one per copy, without page numbers
    request_id: str
    issued_on: date
    municipality: str  # せとうち町
    municipality_code: str  # 団体コード, 6 digits
    mayor_title: str  # 職名 with the prefecture (SPEC1 5.6)
    mayor_name: str
    certification: str  # 認証文
    building: str = ""  # 方書
    as_of: str = ""  # …現在: where the record was read long before the paper was made
    omitted: frozenset[Omit] = field(default=OMITTED_UNLESS_ASKED)
    sample: bool = False  # 見本
    official_use: bool = False  # 公用
    seal_svg: bytes = b""  # 電子公印; empty prints 公印省略
    seal_is_black_note: bool = False  # この印は黒色です
    overflow: OverflowRule = OverflowRule.PRINT_TO_LIMIT
    lines: tuple[Line, ...] = ()  # of a ledger; a resident record has fields of its own
    imprint: bytes = b""  # 印影 as registered, PNG
    imprint_mm: tuple[float, float] = (0.0, 0.0)  # printed width and height
    #: What the codes for another town's clerk say, in its own packed words; empty: none.
    packed: str = ""

    def shows(self, item: Omit) -> bool:
        """Say whether this paper shows the item (記載の有無)."""
        return item not in self.omitted


def subject_hash(*, request_id: str, person_ids: Iterable[str]) -> str:
    """Return the short sign of who stands on the paper, printed on every page (対象者照合符号).

    Bound to the request, so that two papers of one family cannot be linked by it, and to
    the order of the persons, so that no two pages can change places unseen.
    """
    digest = hashlib.sha256()
    for part in (request_id, *person_ids):
        raw = part.encode()
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return base64.b32encode(digest.digest()[:10]).decode("ascii")


def subject_hash_of(paper: Paper) -> str:
    """Return the subject hash of this paper's persons (対象者照合符号)."""
    return subject_hash(
        request_id=paper.request_id, person_ids=(person.person_id for person in paper.persons)
    )
