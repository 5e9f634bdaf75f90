"""The states of what is exchanged, and what a person has to do (送受信の状態)."""

from __future__ import annotations

from enum import StrEnum, unique

from madoguchi.moves.domain.messages import MessageKind


@unique
class Way(StrEnum):
    """Whether it came or goes (受信・送信)."""

    IN = "IN"
    OUT = "OUT"


@unique
class PostSource(StrEnum):
    """Where a file came from (届いた先)."""

    TOWN = "TOWN"  # 町どうし
    PORTAL = "PORTAL"  # マイナポータル


@unique
class PostState(StrEnum):
    """Where a message stands (状態)."""

    WAITING = "WAITING"  # in: for a person · out: for the next round
    HELD = "HELD"  # out: somebody in it is held; a person decides
    SEALED = "SEALED"  # out: numbered and signed, not handed over yet
    SENT = "SENT"
    DONE = "DONE"
    DROPPED = "DROPPED"


#: What one press does with what came in (次の一手).
NEXT = {
    MessageKind.MOVE_OUT_NOTICE: "OPEN",
    MessageKind.PORTAL_VISIT: "OPEN",
    MessageKind.PORTAL_MOVE_OUT: "OPEN",
    MessageKind.MOVE_IN_NOTICE: "CONFIRM",
    MessageKind.MOVE_IN_INQUIRY: "DONE",
    MessageKind.CERTIFICATE_REQUEST: "DONE",
    MessageKind.PARCEL_RECEIPT: "DONE",
}
