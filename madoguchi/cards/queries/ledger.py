"""The ledger as a query (管理簿): the table of cards with its filters, and all of it as rows.

To somebody without the right a held person's kept card is a stopped one whose holder is not
settled: it is found under that state and no other, and its name finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from madoguchi.cards.domain.card import CardState
from madoguchi.cards.domain.columns import Field
from madoguchi.cards.domain.faults import FaultCode
from madoguchi.cards.domain.ledger import (
    KIND_WORDS,
    Column,
    as_cell,
    as_text,
    is_same,
    places_of_layout,
    shelf_starts,
    unite,
)
from madoguchi.cards.domain.rights import HELD
from madoguchi.cards.models import Card, Fault, Layout, LedgerRow
from madoguchi.cards.models.line import AWAY
from madoguchi.cards.queries.boxes import CardRow, rows_of
from madoguchi.cards.queries.people import held_among
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor

PAGE = 50
_KEPT = [one.value for one in CardState if one.is_kept]
_ASKED = (
    "SELECT about_no FROM dispatch_out_letters"
    " WHERE kind IN ('ISSUE_NOTICE', 'RENOTICE', 'FINAL_NOTICE')"
    " GROUP BY about_no HAVING max(posted_on) <= %s"
)
_HELD_IDS = "SELECT person_id FROM protection_out_held"

Cells = tuple[list[object] | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilter:
    """Which cards are wanted (しぼりこみ)."""

    state: CardState | None = None
    shelf: str = ""
    box_no: str = ""
    number: str = ""
    #: So many days or more since the card arrived.
    days: int | None = None
    #: Still here so many days or more since its holder was last asked to come.
    noticed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """A page of the ledger (管理簿の1ページ)."""

    rows: tuple[CardRow, ...]
    total: int
    page_no: int

    @property
    def pages(self) -> int:
        """How many pages there are (ページ数)."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All of the ledger, ready to be written (管理簿の全体)."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Cells, ...]
    withheld: int


def list_cards(wanted: LedgerFilter, *, actor: Actor, today: date, page_no: int = 1) -> LedgerPage:
    """Return a page of cards in shelf order; the number of queries never grows (管理簿の一覧)."""
    found = _filtered(wanted, may_see_held=actor.may(HELD), today=today)
    total = found.count()
    page_no = min(max(page_no, 1), max(1, -(-total // PAGE)))
    # What has no place any more comes after what lies in the cabinet, the newest first.
    ordered = found.order_by(AWAY, "shelf_order", "-arrived_on", "-card_id")
    start = (page_no - 1) * PAGE
    rows = rows_of(list(ordered[start : start + PAGE]), actor=actor)
    return LedgerPage(rows=rows, total=total, page_no=page_no)


def values_of(card: Card) -> Mapping[str, str]:
    """Return what our columns say of a card, as text (管理簿の値)."""
    kept = CardState(card.state).is_kept
    setup_on = card.setup_at.astimezone(clock.JAPAN).date() if card.setup_at else None
    values = {
        Field.NOTICE_NO: card.notice_no, Field.APPLICATION_NO: card.application_no,
        Field.NAME: card.printed_name, Field.KANA: card.printed_kana,
        Field.BIRTH: card.printed_birth, Field.ADDRESS: card.printed_address,
        Field.MADE_ON: card.made_on, Field.EXPIRES_ON: card.expires_on,
        Field.BOX: card.box_id or "", Field.ARRIVED_ON: card.arrived_on,
        Field.SHELF: card.shelf if kept else "",
        Field.SETUP_ON: setup_on if card.setup_outcome == "DONE" else None,
        Field.SETUP_BY: card.setup_by, Field.SETUP_TERMINAL: card.setup_terminal,
        Field.HANDED_OVER_ON: card.handed_over_on, Field.HANDED_OVER_BY: card.handed_over_by,
        Field.ENDED_ON: card.ended_on, Field.WITNESSED_BY: card.witnessed_by,
        Field.HOLD_UNTIL: card.hold_until, Field.NOTE: card.note,
    }  # fmt: skip
    said = {field.value: as_text(field, value) for field, value in values.items()}
    words = {kind.value: word for kind, word in KIND_WORDS.items()}
    return {**said, Field.KIND.value: words[card.kind]}


def withheld_among(cards: Sequence[Card], *, actor: Actor) -> frozenset[str]:
    """Tell of which cards this actor may read no more than number and place (伏せる行).

    Held, or not settled whose; what the town itself wrote of somebody the register does not
    know is the town's own and goes back to it.
    """
    if actor.may(HELD):
        return frozenset()
    held = held_among({one.person_id for one in cards if one.person_id})
    codes = (FaultCode.UNSURE.value, FaultCode.NOBODY.value)
    faults = set(
        Fault.objects.filter(settled_at__isnull=True, code__in=codes).values_list("card_id", "code")
    )
    with_row = set(LedgerRow.objects.values_list("card_id", flat=True))
    return frozenset(
        one.card_id
        for one in cards
        if one.person_id in held
        or (one.card_id, FaultCode.UNSURE.value) in faults
        or ((one.card_id, FaultCode.NOBODY.value) in faults and one.card_id not in with_row)
    )


#: All that a row says of a card whose holder this actor may not know.
OPEN_FIELDS = (Field.NOTICE_NO, Field.BOX, Field.ARRIVED_ON, Field.SHELF)


def whole_ledger(*, actor: Actor) -> Ledger:
    """Return every card with the town's own columns, in the town's own order (管理簿の全体)."""
    cards = {one.card_id: one for one in Card.objects.order_by("shelf_order", "card_id")}
    layouts = list(Layout.objects.order_by("-layout_id"))
    columns = {one.layout_id: columns_of(one) for one in layouts}
    rows = list(LedgerRow.objects.order_by("-layout_id", "row_no"))
    used = [one.layout_id for one in layouts if any(r.layout_id == one.layout_id for r in rows)]
    withheld = withheld_among(list(cards.values()), actor=actor)
    values = {
        key: _open_values(values_of(one), is_open=key not in withheld) for key, one in cards.items()
    }
    filled = [one for one in Field if any(said.get(one.value) for said in values.values())]
    united = unite([columns[key] for key in used], filled)
    places = {key: places_of_layout(columns[key], united) for key in used}
    written = [
        _with_cells(
            one, values.pop(one.card_id), united, columns[one.layout_id], places[one.layout_id],
            is_open=one.card_id not in withheld,
        )
        for one in rows
    ]  # fmt: skip
    written += [_own_cells(said, united) for said in values.values()]
    name = layouts[0].sheet if layouts else "管理簿"
    return Ledger(name=name, columns=united, rows=tuple(written), withheld=len(withheld))


def columns_of(layout: Layout) -> tuple[Column, ...]:
    """Return the columns of a file that was taken in (ファイルの列)."""
    return tuple(
        Column(
            heading=one["heading"],
            field=Field(one["field"]) if one["field"] else None,
            format=one["format"],
        )
        for one in layout.columns
    )


def _filtered(wanted: LedgerFilter, *, may_see_held: bool, today: date) -> QuerySet[Card]:
    found = Card.objects.all()
    if wanted.state is not None:
        asked = Q(state=wanted.state.value)
        if not may_see_held and wanted.state.is_kept:
            who = RawSQL(_HELD_IDS, [])  # noqa: S611  a constant text, nothing is put into it
            held = Q(state__in=_KEPT, person_id__in=who)
            asked = (asked | held) if wanted.state is CardState.WRONG else (asked & ~held)
        found = found.filter(asked)
    if wanted.shelf:
        found = found.filter(shelf__startswith=shelf_starts(wanted.shelf))
    if wanted.box_no:
        found = found.filter(box_id=wanted.box_no)
    if wanted.number:
        found = found.filter(notice_no__contains=wanted.number)
    if wanted.days is not None:
        found = found.filter(arrived_on__lte=today - timedelta(days=wanted.days))
    if wanted.noticed is not None:
        found = found.filter(state__in=_KEPT, notice_no__in=_asked(today, wanted.noticed))
        if not may_see_held:
            # Whose card is not settled was never asked to come: a held one must look the same.
            found = found.exclude(person_id__in=RawSQL(_HELD_IDS, []))  # noqa: S611  a constant text
    return found


def _asked(today: date, days: int) -> RawSQL:
    return RawSQL(_ASKED, [today - timedelta(days=days)])  # noqa: S611  the day is a parameter


def _open_values(said: Mapping[str, str], *, is_open: bool) -> Mapping[str, str]:
    if is_open:
        return said
    return {field.value: said[field.value] for field in OPEN_FIELDS}


def _own_cells(said: Mapping[str, str], united: Sequence[Column]) -> Cells:
    return tuple(
        as_cell(one.field, said.get(one.field.value, "")) if one.field else None for one in united
    )


def _with_cells(
    row: LedgerRow,
    said: Mapping[str, str],
    united: Sequence[Column],
    columns: Sequence[Column],
    places: Sequence[int],
    *,
    is_open: bool,
) -> Cells:
    """A cell goes back as it was written for as long as our column says the same."""
    cells = list(_own_cells(said, united))
    for place, column, cell in zip(places, columns, row.cells, strict=False):
        if column.field is None:
            cells[place] = cell if is_open else None
        elif not is_open and column.field not in OPEN_FIELDS:
            cells[place] = None
        elif is_same(column.field, said.get(column.field.value, ""), row.taken):
            cells[place] = cell
    return tuple(cells)
