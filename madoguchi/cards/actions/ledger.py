"""The ledger file in and out (管理簿の取込み・書出し): all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import BinaryIO

from madoguchi.audit import api as audit
from madoguchi.cards.actions.boxes import CABINET
from madoguchi.cards.actions.judging import KEPT, judge, open_fault
from madoguchi.cards.actions.reading import FileRow, Reading, read_ledger
from madoguchi.cards.domain.card import CardKind, CardState, SetupOutcome
from madoguchi.cards.domain.columns import Field
from madoguchi.cards.domain.faults import FaultCode
from madoguchi.cards.domain.ledger import BROUGHT, Chosen, as_text, check_known, check_new
from madoguchi.cards.domain.rights import LEDGER_FILE, must
from madoguchi.cards.domain.rows import printed_of_values, state_of
from madoguchi.cards.domain.shelves import Place, read_place
from madoguchi.cards.models import Box, Card, CardEvent, Layout, LedgerRow
from madoguchi.cards.queries.ledger import values_of, whole_ledger, withheld_among
from madoguchi.cards.queries.people import match_all
from madoguchi.infra import clock, facts, locks
from madoguchi.infra.sheets import write_csv, write_sheet
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.intake import Counting, FileRefused, FileReport

#: The audit entry names people up to this many; the counts say how many there were.
_NAMED_MAX = 1_000
_STEP = 500


@dataclass(slots=True, kw_only=True)
class _Plan:
    """What a file would do (取込みの計画)."""

    reading: Reading
    new: list[FileRow] = field(default_factory=list)
    #: A row, its card, and whether anything of it changes.
    known: list[tuple[FileRow, Card, bool]] = field(default_factory=list)
    is_moved: bool = False

    @property
    def report(self) -> FileReport:
        found = self.reading.found
        return FileReport(
            rows=len(self.reading.rows),
            new=0 if found.problem_count else len(self.new),
            changed=0 if found.problem_count else sum(one for _, _, one in self.known),
            problems=tuple(found.problems), problem_count=found.problem_count,
        )  # fmt: skip


def check_ledger(
    file: BinaryIO, *, actor: Actor, progress: Counting, chosen: Chosen | None = None
) -> FileReport:
    """Say what ``import_ledger`` would do and what is wrong, and keep nothing (試行)."""
    must(actor, LEDGER_FILE)
    progress.advance(0, step="cards_ledger")
    return _plan(read_ledger(file, chosen=chosen), actor=actor, today=clock.today()).report


def import_ledger(
    file: BinaryIO, *, actor: Actor, progress: Counting, chosen: Chosen | None = None
) -> FileReport:
    """Take a town's own ledger in; run it in ``unit.run_long`` (管理簿の取込み).

    New numbers become cards, in the state their days tell; a known card keeps its own. Raises
    ``FileRefused`` with everything that is wrong; then nothing is kept.
    """
    locks.take([CABINET])
    must(actor, LEDGER_FILE)
    now, today = clock.now(), clock.today()
    plan = _plan(read_ledger(file, chosen=chosen), actor=actor, today=today)
    report = plan.report
    if report.problem_count:
        raise FileRefused(report)
    people: set[str] = set()
    if report.new or report.changed or plan.is_moved:
        people = _load(plan, actor=actor, now=now, progress=progress)
    counts = {"rows": report.rows, "new": report.new, "changed": report.changed}
    audit.record(
        actor=actor, action="CARD_LEDGER_IMPORTED", subjects=sorted(people)[:_NAMED_MAX],
        detail=counts,
    )  # fmt: skip
    facts.note("card_ledger_imported", at=now, rows=report.rows, new=report.new,
               changed=report.changed)  # fmt: skip
    return report


def export_ledger(*, actor: Actor, as_csv: bool = False) -> tuple[bytes, int, int]:
    """Write the ledger out, after the look is on record: file, rows, rows told less of (書出し)."""
    must(actor, LEDGER_FILE)
    ledger = whole_ledger(actor=actor)
    detail = {"rows": len(ledger.rows), "withheld": ledger.withheld, "csv": as_csv}
    audit.look(actor=actor, screen="CARD_LEDGER_EXPORTED", subjects=[], detail=detail)
    head = tuple(["s", one.heading] if one.heading else None for one in ledger.columns)
    formats = tuple(one.format for one in ledger.columns)
    rows = ((head, ()), *((cells, formats) for cells in ledger.rows))
    written = write_csv(cells for cells, _ in rows) if as_csv else write_sheet(ledger.name, rows)
    return written, len(ledger.rows), ledger.withheld


def _load(plan: _Plan, *, actor: Actor, now: datetime, progress: Counting) -> set[str]:
    layout = Layout.objects.create(
        columns=_columns(plan.reading), sheet=plan.reading.sheet,
        taken_in_at=now, taken_in_by=actor.staff_id,
    )  # fmt: skip
    people = _enter(plan.new, layout, actor=actor, now=now, progress=progress)
    return people | _bring(plan.known, layout, actor=actor, now=now)


def _columns(reading: Reading) -> list[dict[str, str | None]]:
    return [
        {"heading": one.heading, "field": one.field, "format": one.format}
        for one in reading.columns
    ]


def _plan(reading: Reading, *, actor: Actor, today: date) -> _Plan:
    plan = _Plan(reading=reading)
    numbers = [row.values.get(Field.NOTICE_NO, "") for row in reading.rows]
    known = {one.notice_no: one for one in Card.objects.filter(notice_no__in=numbers)}
    hidden = withheld_among(list(known.values()), actor=actor)
    kept = {one.card_id: one for one in LedgerRow.objects.filter(card__in=list(known.values()))}
    places = dict(
        Card.objects.filter(state__in=KEPT).exclude(shelf="").values_list("shelf", "notice_no")
    )
    last = Layout.objects.order_by("-layout_id").first()
    plan.is_moved = last is None or last.columns != _columns(reading)
    order = []
    for row, number in zip(reading.rows, numbers, strict=True):
        card = known.get(number)
        if card is None:
            taken = places if state_of(row.values).is_kept else {}
            reading.found.add(check_new(row.values, line=row.line, today=today, taken=taken))
            if row.values.get(Field.SHELF) and state_of(row.values).is_kept:
                places.setdefault(row.values[Field.SHELF], number)
            plan.new.append(row)
        elif card.card_id not in hidden:
            # Of a card that is hidden from this actor nothing is compared and nothing taken.
            ours = values_of(card)
            reading.found.add(check_known(row.values, ours, line=row.line))
            changed = _changes(row, kept.get(card.card_id), ours)
            plan.known.append((row, card, changed))
            if card.card_id in kept:
                order.append(kept[card.card_id].row_no)
    plan.is_moved = plan.is_moved or order != sorted(order)
    return plan


def _changes(row: FileRow, kept: LedgerRow | None, ours: Mapping[str, str]) -> bool:
    if kept is None or _trimmed(kept.cells) != _trimmed(row.cells):
        return True
    return any(
        as_text(one, row.values[one]) != ours.get(one.value, "")
        for one in BROUGHT
        if one in row.values
    )


def _trimmed(cells: Sequence[object]) -> list[object]:
    found = list(cells)
    while found and found[-1] is None:
        found.pop()
    return found


def _enter(
    rows: Sequence[FileRow], layout: Layout, *, actor: Actor, now: datetime, progress: Counting
) -> set[str]:
    """Enter cards that are new to the house, and judge those that lie in the cabinet."""
    printed = [printed_of_values(one.values) for one in rows]
    matches = match_all(printed, today=now.astimezone(clock.JAPAN).date())
    boxes = set(Box.objects.values_list("box_no", flat=True))
    cards = []
    for row, match in zip(rows, matches, strict=True):
        cards.append(_card_of(row, person_id=match.person_id, boxes=boxes, now=now))
        if len(cards) % _STEP == 0:
            progress.advance(_STEP, step="cards_ledger")
    Card.objects.bulk_create(cards, batch_size=_STEP)
    CardEvent.objects.bulk_create(
        [
            CardEvent(card=one, at=now, staff_id=actor.staff_id, verb="TAKEN_OVER",
                      state_after=one.state, detail={"layout": layout.layout_id})
            for one in cards
        ],
        batch_size=_STEP,
    )  # fmt: skip
    _keep_rows(layout, list(zip(rows, cards, strict=True)))
    judge([one for one in cards if CardState(one.state).is_kept], actor=actor, now=now)
    for card, match in zip(cards, matches, strict=True):
        # Somebody like the one on it may be held: its name waits until somebody settles it.
        if match.candidates and not match.is_sure and not CardState(card.state).is_kept:
            open_fault(card, FaultCode.UNSURE, actor=actor, now=now)
    return {one.person_id for one in cards if one.person_id}


def _card_of(row: FileRow, *, person_id: str, boxes: set[str], now: datetime) -> Card:
    values = row.values
    printed = printed_of_values(values)
    state = state_of(values)
    place = read_place(values[Field.SHELF]) if values.get(Field.SHELF) else None
    shelf = place if isinstance(place, Place) and state.is_kept else None
    setup_on = values.get(Field.SETUP_ON)
    box_no = values.get(Field.BOX) or None
    return Card(
        card_id=new_id(), notice_no=values[Field.NOTICE_NO],
        application_no=values.get(Field.APPLICATION_NO) or "", person_id=person_id,
        kind=(values.get(Field.KIND) or CardKind.UNKNOWN).value, state=state.value,
        box_id=box_no if box_no in boxes else None,
        shelf=shelf.label if shelf else "", shelf_order=shelf.order if shelf else "",
        printed_name=printed.name, printed_kana=printed.kana, printed_birth=printed.birth_on,
        printed_address=printed.address, made_on=printed.made_on, expires_on=printed.expires_on,
        arrived_on=values.get(Field.ARRIVED_ON),
        setup_outcome=SetupOutcome.DONE.value if setup_on else "",
        setup_at=datetime.combine(setup_on, time(), tzinfo=clock.JAPAN) if setup_on else None,
        setup_by=values.get(Field.SETUP_BY) or "",
        setup_terminal=values.get(Field.SETUP_TERMINAL) or "",
        handed_over_on=values.get(Field.HANDED_OVER_ON),
        handed_over_by=values.get(Field.HANDED_OVER_BY) or "",
        ended_on=values.get(Field.ENDED_ON), witnessed_by=values.get(Field.WITNESSED_BY) or "",
        hold_until=values.get(Field.HOLD_UNTIL), note=values.get(Field.NOTE) or "",
        changed_at=now,
    )  # fmt: skip


def _bring(
    known: Sequence[tuple[FileRow, Card, bool]], layout: Layout, *, actor: Actor, now: datetime
) -> set[str]:
    """Take note, 取置期限 and the cells that are not ours for cards the house knows."""
    changed = []
    for row, card, is_changed in known:
        if not is_changed:
            continue
        card.note = row.values.get(Field.NOTE, card.note) or ""
        card.hold_until = row.values.get(Field.HOLD_UNTIL, card.hold_until)
        card.version, card.changed_at = card.version + 1, now
        changed.append(card)
    Card.objects.bulk_update(
        changed, ["note", "hold_until", "version", "changed_at"], batch_size=_STEP
    )
    CardEvent.objects.bulk_create(
        [
            CardEvent(card=one, at=now, staff_id=actor.staff_id, verb="LEDGER_BROUGHT",
                      state_before=one.state, state_after=one.state,
                      detail={"layout": layout.layout_id})
            for one in changed
        ],
        batch_size=_STEP,
    )  # fmt: skip
    _keep_rows(layout, [(row, card) for row, card, _ in known])
    return {one.person_id for one in changed if one.person_id}


def _keep_rows(layout: Layout, rows: Sequence[tuple[FileRow, Card]]) -> None:
    LedgerRow.objects.bulk_create(
        [
            LedgerRow(card=card, layout=layout, row_no=row.line, cells=list(row.cells),
                      taken=dict(values_of(card)))
            for row, card in rows
        ],
        batch_size=_STEP, update_conflicts=True, unique_fields=["card"],
        update_fields=["layout", "row_no", "cells", "taken"],
    )  # fmt: skip
