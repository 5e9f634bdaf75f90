"""Why a record changed: the closed list of 異動事由.

Source: resident record standard 1.2.2. Thirty-seven entries in three kinds; a few belong to
one nationality group only. 改製, 再製 and 異動の取消し stand in more than one kind, and each
is an entry of its own there.
"""

from __future__ import annotations

from enum import StrEnum, unique
from types import MappingProxyType


@unique
class NationalityGroup(StrEnum):
    """Whether the record is kept as a Japanese or a foreign resident's (住民種別)."""

    JAPANESE = "JAPANESE"
    FOREIGN = "FOREIGN"


@unique
class ReasonKind(StrEnum):
    """What a reason does to the record (記載・消除・修正)."""

    RECORD = "RECORD"
    REMOVE = "REMOVE"
    AMEND = "AMEND"


@unique
class Reason(StrEnum):
    """One of the 37 reasons for a change (異動事由)."""

    # 記載
    MOVE_IN_DOMESTIC = "MOVE_IN_DOMESTIC"
    MOVE_IN_ABROAD = "MOVE_IN_ABROAD"
    BIRTH = "BIRTH"
    ENTER_NATURALISED = "ENTER_NATURALISED"
    ENTER_NATIONALITY_LOST = "ENTER_NATIONALITY_LOST"
    ENTER_EX_OFFICIO = "ENTER_EX_OFFICIO"
    RECORD_REMADE = "RECORD_REMADE"
    RECORD_RECONSTRUCTED = "RECORD_RECONSTRUCTED"
    REVERT_INCREASE = "REVERT_INCREASE"
    # 消除
    MOVE_OUT_DOMESTIC = "MOVE_OUT_DOMESTIC"
    MOVE_OUT_ABROAD = "MOVE_OUT_ABROAD"
    DEATH = "DEATH"
    REMOVE_NATURALISED = "REMOVE_NATURALISED"
    REMOVE_NATIONALITY_LOST = "REMOVE_NATIONALITY_LOST"
    REMOVE_EX_OFFICIO = "REMOVE_EX_OFFICIO"
    REMOVE_REMADE = "REMOVE_REMADE"
    REMOVE_RECONSTRUCTED = "REMOVE_RECONSTRUCTED"
    REVERT_DECREASE = "REVERT_DECREASE"
    # 修正
    CHANGE_ADDRESS = "CHANGE_ADDRESS"
    AMEND_MINOR = "AMEND_MINOR"
    AMEND_EX_OFFICIO = "AMEND_EX_OFFICIO"
    CORRECT_ERROR = "CORRECT_ERROR"
    NUMBER_CHANGE_REQUESTED = "NUMBER_CHANGE_REQUESTED"
    NUMBER_AMEND_EX_OFFICIO = "NUMBER_AMEND_EX_OFFICIO"
    NUMBER_ENTER_EX_OFFICIO = "NUMBER_ENTER_EX_OFFICIO"
    CODE_CHANGE_REQUESTED = "CODE_CHANGE_REQUESTED"
    CODE_ENTER_EX_OFFICIO = "CODE_ENTER_EX_OFFICIO"
    SPLIT_HOUSEHOLD = "SPLIT_HOUSEHOLD"
    MERGE_HOUSEHOLDS = "MERGE_HOUSEHOLDS"
    CHANGE_HOUSEHOLD = "CHANGE_HOUSEHOLD"
    CHANGE_HOUSEHOLDER = "CHANGE_HOUSEHOLDER"
    ENTER_FORMER_SURNAME = "ENTER_FORMER_SURNAME"
    CHANGE_FORMER_SURNAME = "CHANGE_FORMER_SURNAME"
    STRIKE_FORMER_SURNAME = "STRIKE_FORMER_SURNAME"
    ENTER_ALIAS = "ENTER_ALIAS"
    STRIKE_ALIAS = "STRIKE_ALIAS"
    REVERT_AMENDMENT = "REVERT_AMENDMENT"


_R = Reason

_RECORD = (
    _R.MOVE_IN_DOMESTIC, _R.MOVE_IN_ABROAD, _R.BIRTH, _R.ENTER_NATURALISED,
    _R.ENTER_NATIONALITY_LOST, _R.ENTER_EX_OFFICIO, _R.RECORD_REMADE, _R.RECORD_RECONSTRUCTED,
    _R.REVERT_INCREASE,
)  # fmt: skip
_REMOVE = (
    _R.MOVE_OUT_DOMESTIC, _R.MOVE_OUT_ABROAD, _R.DEATH, _R.REMOVE_NATURALISED,
    _R.REMOVE_NATIONALITY_LOST, _R.REMOVE_EX_OFFICIO, _R.REMOVE_REMADE, _R.REMOVE_RECONSTRUCTED,
    _R.REVERT_DECREASE,
)  # fmt: skip

_BOTH = frozenset(NationalityGroup)
_ONLY = MappingProxyType(
    {
        # The standard marks these four; names and their groups as in its table.
        _R.ENTER_NATURALISED: NationalityGroup.JAPANESE,
        _R.ENTER_NATIONALITY_LOST: NationalityGroup.FOREIGN,
        _R.REMOVE_NATURALISED: NationalityGroup.FOREIGN,
        _R.REMOVE_NATIONALITY_LOST: NationalityGroup.JAPANESE,
        # By law: a former surname is entered for Japanese, an alias for foreign residents.
        _R.ENTER_FORMER_SURNAME: NationalityGroup.JAPANESE,
        _R.CHANGE_FORMER_SURNAME: NationalityGroup.JAPANESE,
        _R.STRIKE_FORMER_SURNAME: NationalityGroup.JAPANESE,
        _R.ENTER_ALIAS: NationalityGroup.FOREIGN,
        _R.STRIKE_ALIAS: NationalityGroup.FOREIGN,
    }
)


def kind_of(reason: Reason) -> ReasonKind:
    """Tell whether a reason records, removes or amends (異動事由の区分)."""
    if reason in _RECORD:
        return ReasonKind.RECORD
    return ReasonKind.REMOVE if reason in _REMOVE else ReasonKind.AMEND


def groups_of(reason: Reason) -> frozenset[NationalityGroup]:
    """Return whose records a reason may be used on (対象の住民種別)."""
    only = _ONLY.get(reason)
    return _BOTH if only is None else frozenset({only})


#: 異動の取消し in its three kinds, by the kind of what is taken back.
REVERTS = MappingProxyType(
    {
        ReasonKind.RECORD: Reason.REVERT_DECREASE,
        ReasonKind.REMOVE: Reason.REVERT_INCREASE,
        ReasonKind.AMEND: Reason.REVERT_AMENDMENT,
    }
)
