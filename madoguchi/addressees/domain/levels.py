"""How far two rows agree, item by item (一致の段階).

Level 0 always means "not known": it neither agrees nor contradicts.
"""

from enum import IntEnum, unique
from functools import lru_cache


@unique
class Item(IntEnum):
    """The items two rows are compared by (照合項目); their order is that of the columns."""

    SURNAME = 0
    GIVEN = 1
    BIRTH = 2
    KANA = 3
    ADDRESS = 4
    NUMBER = 5


@unique
class Name(IntEnum):
    """How far two names agree (氏・名の一致)."""

    UNKNOWN = 0
    SAME = 1
    VARIANT = 2  # found together by look or reading, yet letters of their own: 斎藤, 斉藤
    ONE_LETTER = 3
    DIFFERS = 4


@unique
class BirthLevel(IntEnum):
    """How far two birth dates agree (生年月日の一致)."""

    UNKNOWN = 0
    SAME = 1
    ONE_SLIP = 2  # a digit, two swapped, month for day, another era, the day before or after
    TWO_SLIPS = 3
    UNCLEAR = 4  # as far as written the same, but no day
    DIFFERS = 5


@unique
class Kana(IntEnum):
    """How far two readings agree (読みの一致)."""

    UNKNOWN = 0
    SAME = 1
    NEAR = 2
    DIFFERS = 3


@unique
class Address(IntEnum):
    """How far two addresses agree (住所の一致)."""

    UNKNOWN = 0
    SAME = 1
    PART = 2  # 23番地 beside 23番地1
    TOWN = 3  # one of them names the town only
    OTHER_LOT = 4
    DIFFERS = 5


@unique
class Number(IntEnum):
    """Whether a number both rows carry is the same (番号の一致)."""

    UNKNOWN = 0
    SAME = 1
    DIFFERS = 2


@unique
class Standing(IntEnum):
    """What a row says about its person (住民状態)."""

    RESIDENT = 0
    LEAVING = 1  # 転出予定
    MOVED_OUT = 2
    DEAD = 3
    REMOVED = 4
    UNREAD = 5  # written, and not understood


#: Words for a standing, in files of towns and in English ones; folded to upper case.
STANDINGS = {
    "": Standing.RESIDENT, "現住": Standing.RESIDENT, "現存": Standing.RESIDENT,
    "住民": Standing.RESIDENT, "在住": Standing.RESIDENT, "RESIDENT": Standing.RESIDENT,
    "CURRENT": Standing.RESIDENT, "ACTIVE": Standing.RESIDENT, "ALIVE": Standing.RESIDENT,
    "転出予定": Standing.LEAVING, "LEAVING": Standing.LEAVING,
    "MOVE_OUT_PLANNED": Standing.LEAVING, "MOVING_OUT": Standing.LEAVING,
    "転出": Standing.MOVED_OUT, "転出済": Standing.MOVED_OUT, "MOVED_OUT": Standing.MOVED_OUT,
    "MOVED-OUT": Standing.MOVED_OUT, "MOVED": Standing.MOVED_OUT, "MOVEDOUT": Standing.MOVED_OUT,
    "死亡": Standing.DEAD, "DEAD": Standing.DEAD, "DECEASED": Standing.DEAD,
    "消除": Standing.REMOVED, "職権消除": Standing.REMOVED, "除票": Standing.REMOVED,
    "REMOVED": Standing.REMOVED,
}  # fmt: skip
#: What says that a person is not protected; everything else says that they are.
UNPROTECTED = frozenset(
    {"", "0", "0.0", "NO", "N", "FALSE", "F", "NONE", "無", "なし", "無し", "いいえ", "否", "-"}
)


@lru_cache(maxsize=10_000)
def standing_of(text: str) -> Standing:
    """Read a standing; a word nobody knows is kept as unread, never as resident (住民状態の読取り)."""
    return STANDINGS.get("".join(text.split()).upper(), Standing.UNREAD)


@lru_cache(maxsize=10_000)
def is_protected(text: str) -> bool:
    """Read whether a person is protected; in doubt they are (支援措置の読取り)."""
    return "".join(text.split()).upper() not in UNPROTECTED
