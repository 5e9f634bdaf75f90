"""People, letters and batches for tests of this room and the rooms above (試験用の手紙)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from madoguchi.dispatch.actions import parcels
from madoguchi.dispatch.actions.batching import make_batch, undo_batch
from madoguchi.dispatch.actions.posting import Posted, hand_in_slip, post_batch
from madoguchi.dispatch.actions.printing import Printed, print_now
from madoguchi.dispatch.actions.queueing import enqueue
from madoguchi.dispatch.actions.returning import take_back
from madoguchi.dispatch.documents.drawing import Form
from madoguchi.dispatch.domain.parcels import CHECKLIST, Direction
from madoguchi.dispatch.models import Letter, Parcel
from madoguchi.dispatch.queries.lists import LetterRow, list_waiting
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.protection.testing import CLERK, SENIOR
from madoguchi.register.testing import keep, resident_code
from madoguchi.register.testing import make_version as make_version  # noqa: PLC0414  tests here too

#: Clerk Kaede and second officer Nagi, who handle the post.
KAEDE = replace(CLERK, rights=CLERK.rights | {Right.MAIL_REQUESTS})
NAGI = replace(SENIOR, rights=SENIOR.rights | {Right.MAIL_REQUESTS})

CONTENT: dict[str, object] = {
    "bring": ["この紙と 交付通知書のはがき", "運転免許証など 顔写真のある書類 1点"],
    "place": "町民生活課 2番窓口",
    "hours": ["平日 8時30分から17時15分まで"],
    "first_on": "2026-12-01",
    "last_on": "2027-02-26",
    "phone": "0997-00-0000",
    "book_url": "https://yoyaku.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa",
}


def person_no(serial: int) -> str:
    """Return the number of the n-th person of the tests (宛名番号)."""
    return make_addressee_no(serial)


def about(serial: int) -> str:
    """Return the notice number of the n-th person of the tests (交付通知書番号)."""
    return f"MDG-{serial:06d}"


def settle(count: int, **items: Any) -> list[str]:
    """Put people on the tables, each in a household of their own; return their ids (住民)."""
    names = ("浜　葵", "湊　大海", "潮　凛", "磯　梅", "渚　帆")
    versions = [
        make_version(
            person_no(serial),
            household_no=make_household_no(serial),
            resident_code=resident_code(serial),
            **{
                "name": names[serial % 5],
                "address": f"鹿児島県大島郡せとうち町大字古仁屋{serial}番地",
                **items,
            },
        )
        for serial in range(1, count + 1)
    ]
    keep(*versions)
    return [one.person_id for one in versions]


def queue(serial: int, *, actor: Actor = KAEDE, **given: Any) -> str:
    """Queue a notice to the n-th person in a unit of its own (発送待ち)."""
    values: dict[str, Any] = {
        "kind": "ISSUE_NOTICE", "person_id": person_no(serial), "about_no": about(serial),
        "content": CONTENT, "sort_key": f"C-{serial:04d}", "actor": actor, "now": clock.now(),
    }  # fmt: skip
    return unit.run(enqueue, **(values | given))


def waiting() -> tuple[LetterRow, ...]:
    """List what waits, as the second officer sees it (発送待ち)."""
    return list_waiting(actor=NAGI)


def batched(*, actor: Actor = KAEDE, mail_class: str = "ORDINARY") -> str:
    """Press once: what waits becomes a batch (束)."""
    return unit.run(make_batch, mail_class=mail_class, actor=actor, now=clock.now())


def printed(batch_id: str, *, actor: Actor = KAEDE, form: Form = Form.LETTERS) -> Printed:
    """Print a batch (印刷)."""
    return print_now(batch_id=batch_id, form=form, actor=actor)


def posted(
    batch_id: str, *, actor: Actor = KAEDE, receipts: dict[str, str] | None = None
) -> Posted:
    """Post a printed batch (差出し)."""
    return unit.run(
        post_batch, batch_id=batch_id, receipts=receipts or {}, actor=actor, now=clock.now()
    )


def taken_apart(batch_id: str) -> None:
    """Take a batch apart: every letter waits again (束を戻す)."""
    unit.run(undo_batch, batch_id=batch_id, actor=NAGI, now=clock.now())


def handed_in(slip_id: str) -> None:
    """Note the post office's stamp (受領印)."""
    unit.run(hand_in_slip, slip_id=slip_id, actor=KAEDE, now=clock.now())


def kept() -> tuple[Letter, ...]:
    """Return every letter with all that lies here of it (手紙の中身)."""
    return tuple(Letter.objects.order_by("queued_at"))


def came_back(about_no: str) -> None:
    """Note that the newest letter about a matter came back today (返戻)."""
    unit.run(
        take_back, scanned=about_no, reason="UNKNOWN_THERE", actor=NAGI, now=clock.now(),
        returned_on=clock.today(),
    )  # fmt: skip


def mailed(*, about_no: str, person_id: str, at: datetime, kind: str = "ISSUE_NOTICE") -> None:
    """Queue, print and post one letter at a moment, all by the book (差し出した手紙)."""
    with clock.frozen(at):
        queue(1, about_no=about_no, person_id=person_id, kind=kind)
        batch_id = batched()
        printed(batch_id)
        posted(batch_id)


RECEIPT_NO = "405548424886"


def parcel(direction: str, *, other_town: str, at: datetime) -> str:
    """Open the chain of a parcel: one that came sealed, or one that is sent off (授受の件)."""
    is_out = direction == "OUT"
    parcel_id = unit.run(
        parcels.open_parcel, direction=direction, other_town=other_town, enclosed=["TRANSMITTAL"],
        secret_sealed=False, about_no="", tracking_no="" if is_out else RECEIPT_NO,
        state="RECEIVED_SEALED", actor=KAEDE, now=at,
    )  # fmt: skip
    for item in CHECKLIST[Direction.OUT] if is_out else ():
        unit.run(parcels.tick_check, parcel_id=parcel_id, code=item.code, actor=KAEDE, now=at)
    if is_out:
        unit.run(parcels.step_parcel, parcel_id=parcel_id, state="SENT", tracking_no=RECEIPT_NO,
                 note="", actor=KAEDE, now=at)  # fmt: skip
    return parcel_id


def parcel_state(parcel_id: str) -> str:
    """Return where a parcel stands (授受の状態)."""
    return Parcel.objects.get(parcel_id=parcel_id).state
