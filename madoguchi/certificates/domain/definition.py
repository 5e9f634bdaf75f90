"""What makes one kind of certificate: all of it in one value (証明書の定義).

A new kind is a new value in ``definitions`` and, where it reads a ledger of its own, a reader
in ``actions/ledgers.py``; no rule, page or step asks which kind it has in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.body import Body
from madoguchi.certificates.domain.kinds import OMITTED_UNLESS_ASKED, Channel, Kind, Omit
from madoguchi.certificates.domain.paper import Paper


class Ledger(StrEnum):
    """What a kind is made from (原簿)."""

    RECORD = "RECORD"  # 住民票
    SEAL = "SEAL"  # 印鑑登録原票
    TAX = "TAX"  # 課税台帳
    MOVE_OUT = "MOVE_OUT"  # 転出の届出 as the record holds it
    MOVE_OUT_LIKE = "MOVE_OUT_LIKE"  # 転出による職権消除


class Spread(StrEnum):
    """Who of the household may stand on a paper (記載対象者の範囲)."""

    HOUSEHOLD = "HOUSEHOLD"  # everybody, unless some are chosen
    CHOSEN = "CHOSEN"  # the person asked for, unless others are chosen
    ASKED = "ASKED"  # the person asked for and nobody else
    MOVERS = "MOVERS"  # who leaves the household with the person asked for, and nobody else


class Removed(StrEnum):
    """Whether somebody whose record is closed may stand on it (消除された人)."""

    NEVER = "NEVER"
    ONLY = "ONLY"  # 除票
    GONE_TOO = "GONE_TOO"  # also who moved away, never the dead


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One kind of certificate, complete (証明書の定義)."""

    kind: Kind
    title: str  # at the head of the paper
    document_title: str  # what the file calls itself; never a personal name
    file_name: str  # before the number of the copy
    #: 認証文; {part} becomes 全員 or 一部.
    certification: str
    bodies: Callable[[Paper], tuple[Body, ...]]
    spread: Spread
    ledger: Ledger = Ledger.RECORD
    removed: Removed = Removed.NEVER
    #: 除票の記載事項証明書 is laid out too, apart from the living.
    may_print_removed: bool = False
    with_history: bool = False  # 異動履歴
    with_head: bool = True  # 住所・世帯主 at the head of each page
    of_a_year: bool = False  # 年度のある証明書
    items: frozenset[Omit] = OMITTED_UNLESS_ASKED  # shown when asked for
    always: frozenset[Omit] = frozenset()  # shown whether asked for or not
    tells_where: bool = False  # 転出先 stands on it
    omittable: frozenset[Omit] = frozenset()  # left out when asked for
    channels: frozenset[Channel] = frozenset()
    applicants: frozenset[Applicant] = frozenset(Applicant)
    #: One of these must have been seen of such a visitor, or this is missing.
    wants: Mapping[Applicant, tuple[frozenset[Evidence], str]] = field(default_factory=dict)
    #: Whoever brings one of these needs no 委任状.
    instead_of_proxy: frozenset[Evidence] = frozenset()
