"""Kinds of certificate, what each leaves out, and what it costs (証明書の種類・省略・手数料)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from madoguchi.kernel.outcome import Problem


class Kind(StrEnum):
    """One kind of certificate (証明書の種類); the values are those of the command line."""

    RESIDENT_RECORD_HOUSEHOLD = "resident_record_household"
    RESIDENT_RECORD_INDIVIDUAL = "resident_record_individual"
    REMOVED_RECORD = "removed_record"
    RECORD_ITEMS = "record_items"
    SEAL_REGISTRATION = "seal_registration"
    TAX = "tax"
    MOVE_OUT = "move_out"
    MOVE_OUT_LIKE = "move_out_like"


class Omit(StrEnum):
    """An item a request may leave out of the paper (省略する事項)."""

    # Left out unless asked for: SPEC1 5.1.
    HOUSEHOLDER = "HOUSEHOLDER"  # 世帯主・続柄
    DOMICILE = "DOMICILE"  # 本籍・筆頭者
    RESIDENT_CODE = "RESIDENT_CODE"  # 住民票コード
    INDIVIDUAL_NUMBER = "INDIVIDUAL_NUMBER"  # 個人番号
    NATIONALITY = "NATIONALITY"  # 国籍・地域
    RESIDENCE_CLASS = "RESIDENCE_CLASS"  # 法第30条の45の区分
    RESIDENCE_STATUS = "RESIDENCE_STATUS"  # 在留資格
    RESIDENCE_PERIOD = "RESIDENCE_PERIOD"  # 在留期間
    RESIDENCE_EXPIRY = "RESIDENCE_EXPIRY"  # 在留期間の満了の日
    CARD_NUMBER = "CARD_NUMBER"  # 在留カード等の番号
    ALIAS = "ALIAS"  # 通称
    # Only a 記載事項証明書 may leave these out.
    BUILDING = "BUILDING"  # 方書 (SPEC1 5.4)
    FURIGANA = "FURIGANA"  # 氏名の振り仮名
    FORMER_SURNAME = "FORMER_SURNAME"  # 旧氏
    BIRTH_DATE = "BIRTH_DATE"  # 生年月日
    SEX = "SEX"  # 性別
    RESIDENT_SINCE = "RESIDENT_SINCE"  # 住民となった日
    ADDRESS_SINCE = "ADDRESS_SINCE"  # 住所を定めた日
    FILED_ON = "FILED_ON"  # 届出日
    FORMER_ADDRESS = "FORMER_ADDRESS"  # 転入前住所
    REMARKS = "REMARKS"  # 統合記載


#: 省略が原則の事項 (SPEC1 5.1): absent unless the request asks for them.
OMITTED_UNLESS_ASKED = frozenset(
    {
        Omit.HOUSEHOLDER,
        Omit.DOMICILE,
        Omit.RESIDENT_CODE,
        Omit.INDIVIDUAL_NUMBER,
        Omit.NATIONALITY,
        Omit.RESIDENCE_CLASS,
        Omit.RESIDENCE_STATUS,
        Omit.RESIDENCE_PERIOD,
        Omit.RESIDENCE_EXPIRY,
        Omit.CARD_NUMBER,
        Omit.ALIAS,
    }
)

#: What only a 記載事項証明書 may leave out; a 住民票の写し always shows it (SPEC1 5.4).
OMITTED_FROM_ITEMS_ONLY = frozenset(Omit) - OMITTED_UNLESS_ASKED


class Channel(StrEnum):
    """The way a paper is asked for and handed over (交付の経路)."""

    DESK = "DESK"  # 窓口
    MAIL = "MAIL"  # 郵送
    KIOSK = "KIOSK"  # 庁内キオスク
    SHOP = "SHOP"  # コンビニ交付
    WIDE_AREA = "WIDE_AREA"  # 広域交付 (法12条の4)
    WEB = "WEB"  # 町のウェブページ: proved by card, the signed file is the paper


#: 転出証明書 and 準ずる証明書 are given without a fee (*assumed*: every town does so).
FREE_OF_CHARGE = frozenset({Kind.MOVE_OUT, Kind.MOVE_OUT_LIKE})
#: Where nobody of the town sits beside whoever asks: the rules of ``self_service`` hold.
MACHINES = frozenset({Channel.KIOSK, Channel.WEB})


class Asker(StrEnum):
    """By which right the paper is asked for (請求者の区分)."""

    SELF_OR_HOUSEHOLD = "SELF_OR_HOUSEHOLD"  # 法12条
    PUBLIC_BODY = "PUBLIC_BODY"  # 法12条の2 公用請求
    THIRD_PARTY = "THIRD_PARTY"  # 法12条の3 第三者請求


_NEVER_BY_CHANNEL: Mapping[Channel, frozenset[Omit]] = {
    Channel.DESK: frozenset(),
    Channel.MAIL: frozenset(),
    Channel.KIOSK: frozenset(),
    Channel.SHOP: frozenset(),
    # 法12条の4: a copy given by another town shows neither 本籍 nor 筆頭者.
    Channel.WIDE_AREA: frozenset({Omit.DOMICILE}),
    Channel.WEB: frozenset(),
}
_NUMBERS = frozenset({Omit.INDIVIDUAL_NUMBER, Omit.RESIDENT_CODE})
_NEVER_BY_ASKER: Mapping[Asker, frozenset[Omit]] = {
    Asker.SELF_OR_HOUSEHOLD: frozenset(),
    # 法12条の2, 12条の3: copies "の記載を省略したもの" for both numbers.
    Asker.PUBLIC_BODY: _NUMBERS,
    Asker.THIRD_PARTY: _NUMBERS,
}


def never_shown(*, channel: Channel, asker: Asker) -> frozenset[Omit]:
    """Return the items that may not be shown, whatever is asked (記載できない事項)."""
    return _NEVER_BY_CHANNEL[channel] | _NEVER_BY_ASKER[asker]


def omitted_when(*, asked_for: Iterable[Omit]) -> frozenset[Omit]:
    """Return what the paper leaves out when these items are asked for (省略の既定)."""
    return OMITTED_UNLESS_ASKED - frozenset(asked_for)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What one copy costs, from one day to another (手数料); a rule table, not code."""

    kind: Kind
    channel: Channel
    yen: int
    valid_from: date
    valid_until: date | None = None  # last day, or open

    def __post_init__(self) -> None:
        assert self.yen >= 0, self.yen
        assert self.valid_until is None or self.valid_from <= self.valid_until


def fee_on(table: Iterable[Fee], *, kind: Kind, channel: Channel, on: date) -> int | Problem:
    """Return the yen for one copy on that day, or why it cannot be said (手数料の算定).

    Two rows for one day are as bad as none: the clerk must not take a chance sum.
    """
    found = [
        row.yen
        for row in table
        if row.kind is kind
        and row.channel is channel
        and row.valid_from <= on
        and (row.valid_until is None or on <= row.valid_until)
    ]
    if len(found) == 1:
        return found[0]
    code = "FEE_AMBIGUOUS" if found else "FEE_NOT_SET"
    return Problem(
        code=code, facts={"kind": kind.value, "channel": channel.value, "on": on.isoformat()}
    )


def demo_fees(*, valid_from: date) -> tuple[Fee, ...]:
    """Return the fees of the demo town (架空の町の手数料): 300 yen, 200 at machines."""
    machine = {Channel.KIOSK, Channel.SHOP, Channel.WEB}
    return tuple(
        Fee(
            kind=kind,
            channel=channel,
            yen=0 if kind in FREE_OF_CHARGE else 200 if channel in machine else 300,
            valid_from=valid_from,
        )
        for kind in Kind
        for channel in Channel
    )
