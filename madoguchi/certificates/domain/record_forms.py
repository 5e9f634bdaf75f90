"""The middle of the papers made from a resident record (住民票の様式の本文)."""

from collections.abc import Sequence
from dataclasses import replace

from madoguchi.certificates.domain.body import Body, block, joined, only_runs
from madoguchi.certificates.domain.cells import Cell
from madoguchi.certificates.domain.forms import (
    BLOCK_HEIGHT_MM,
    FIELDS_OF,
    FORM_WIDTH_MM,
    LABEL_COLUMN_MM,
    PERSONS_A_SHEET,
    REMARKS_FOREIGN,
    REMARKS_JAPANESE,
    Item,
    form_of,
    household_form,
    household_form_foreign,
    packed_form,
    person_items,
)
from madoguchi.certificates.domain.frame import BODY_BOTTOM_MM, BODY_TOP_MM, blank_below
from madoguchi.certificates.domain.kinds import OMITTED_UNLESS_ASKED, Omit
from madoguchi.certificates.domain.paper import LEFT_BLANK, LEFT_OUT, Paper, PaperPerson
from madoguchi.kernel.outcome import Problem

_BLOCK_GAP_MM = 0.9
_PACKED_ROW_MM = 7.0
_NOTE_ROW_MM = 6.0
_NOTES_MIN = 4


def texts_of(paper: Paper, person: PaperPerson, *, number: int) -> dict[str, str]:
    """Return the text of every field of one person, omissions applied (記載する文字列)."""
    texts = {
        "number": str(number),
        "name": person.name,
        "furigana": person.furigana,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "relationship": person.relationship,
        "resident_since": person.resident_since,
        "address_since": person.address_since or LEFT_BLANK,
        "filed_on": person.filed_on,
        "domicile": person.domicile,
        "domicile_head": person.domicile_head,
        "former_address": person.former_address,
        "former_surname": person.former_surname,
        "former_surname_furigana": person.former_surname_furigana,
        "individual_number": person.individual_number,
        "resident_code": person.resident_code,
    }
    if person.foreign is not None:
        for name in ("nationality", "residence_class", "status", "period", "expires_on"):
            texts[name] = getattr(person.foreign, name)
        for name in ("card_no", "alias", "alias_furigana"):
            texts[name] = getattr(person.foreign, name)
    if person.removal is not None:
        texts["removal_reason"] = person.removal.reason
        texts["removed_on"] = person.removal.effective_on
        texts["removal_filed_on"] = person.removal.filed_on
        texts["moved_to_planned"] = person.removal.moved_to_planned
        texts["moved_to_confirmed"] = person.removal.moved_to_confirmed
    for item in paper.omitted:
        instead = LEFT_OUT if item in OMITTED_UNLESS_ASKED else ""
        for name in FIELDS_OF.get(item, ()):
            texts[name] = instead
    return texts


# --- 世帯連記式 ------------------------------------------------------------------------


def household_bodies(paper: Paper) -> tuple[Body, ...]:
    """Lay four persons on each page (世帯連記式)."""
    numbered = tuple(enumerate(paper.persons, start=1))
    pages = tuple(
        numbered[first : first + PERSONS_A_SHEET]
        for first in range(0, len(numbered), PERSONS_A_SHEET)
    )
    return tuple(_household_page(paper, page) for page in pages)


def _household_page(paper: Paper, persons: Sequence[tuple[int, PaperPerson]]) -> Body:
    blocks: list[Body] = []
    y_mm = BODY_TOP_MM
    for number, person in persons:
        foreign = person.foreign is not None
        texts = texts_of(paper, person, number=number)
        room = REMARKS_FOREIGN if foreign else REMARKS_JAPANESE
        for place, remark in enumerate(person.remarks[:room]):
            texts[f"remark_{place}"] = remark
        form = household_form_foreign() if foreign else household_form()
        drawn = block(paper, form, texts, number=number, y_mm=y_mm)
        blocks.append(_with_lost(drawn, lost=len(person.remarks) - room, number=number))
        y_mm += BLOCK_HEIGHT_MM + _BLOCK_GAP_MM
    if len(persons) < PERSONS_A_SHEET:
        blocks.append(only_runs(blank_below(y_mm)))
    return joined(blocks)


def _with_lost(drawn: Body, *, lost: int, number: int) -> Body:
    """Add alert A5 when remarks found no row at all (統合記載欄の超過)."""
    if lost <= 0:
        return drawn
    problem = Problem(
        code="REMARKS_OVERFLOW", where=f"{number}人目 統合記載欄", facts={"lost": str(lost)}
    )
    return replace(drawn, problems=(*drawn.problems, problem))


# --- 個人票・除票 ----------------------------------------------------------------------


def individual_bodies(paper: Paper) -> tuple[Body, ...]:
    """One person with history; what does not fit goes to further pages (個人票・除票)."""
    (person,) = paper.persons
    items = person_items(foreign=person.foreign is not None, removed=person.removal is not None)
    form = packed_form(items, row_mm=_PACKED_ROW_MM)
    top = block(paper, form, texts_of(paper, person, number=1), number=1, y_mm=BODY_TOP_MM)
    notes = (*person.remarks, *person.history) if paper.shows(Omit.REMARKS) else person.history
    y_mm = BODY_TOP_MM + form.height_mm + _BLOCK_GAP_MM
    here = _notes_that_fit(y_mm)
    bodies = [joined((top, _notes(paper, notes[:here], y_mm=y_mm)))]
    rest = notes[here:]
    name = packed_form(items[:2], row_mm=_PACKED_ROW_MM)
    y_mm = BODY_TOP_MM + name.height_mm + _BLOCK_GAP_MM
    here = _notes_that_fit(y_mm)
    while rest:
        again = block(paper, name, texts_of(paper, person, number=1), number=1, y_mm=BODY_TOP_MM)
        bodies.append(joined((again, _notes(paper, rest[:here], y_mm=y_mm))))
        rest = rest[here:]
    return tuple(bodies)


def _notes_that_fit(y_mm: float) -> int:
    # One row stays free for 以下余白, so that nothing can be written in below.
    return int((BODY_BOTTOM_MM - y_mm) / _NOTE_ROW_MM) - 1


def _notes(paper: Paper, notes: Sequence[str], *, y_mm: float) -> Body:
    """Draw 統合記載 and 異動履歴, a row each (統合記載欄)."""
    rows = max(_NOTES_MIN, len(notes) + 1)
    cells = [_notes_label(rows), *(_note_cell(place) for place in range(rows))]
    texts = {f"note_{place}": note for place, note in enumerate(notes)}
    texts[f"note_{len(notes)}"] = "（以下余白）"
    return block(paper, form_of(cells), texts, number=None, y_mm=y_mm)


def _notes_label(rows: int) -> Cell:
    return Cell(
        field="",
        label="統合記載欄",
        x_mm=0.0,
        value_x_mm=LABEL_COLUMN_MM,
        end_x_mm=LABEL_COLUMN_MM,
        y_mm=0.0,
        height_mm=rows * _NOTE_ROW_MM,
    )


def _note_cell(place: int) -> Cell:
    return Cell(
        field=f"note_{place}",
        label="",
        x_mm=LABEL_COLUMN_MM,
        value_x_mm=LABEL_COLUMN_MM,
        end_x_mm=FORM_WIDTH_MM,
        y_mm=place * _NOTE_ROW_MM,
        height_mm=_NOTE_ROW_MM,
        size_pt=8.5,
    )


# --- 記載事項証明書 --------------------------------------------------------------------


def items_bodies(paper: Paper) -> tuple[Body, ...]:
    """Only the items asked for, as many persons a page as fit (記載事項証明書)."""
    hidden = {name for item in paper.omitted for name in FIELDS_OF.get(item, ())}
    pages: list[list[Body]] = [[]]
    y_mm = BODY_TOP_MM
    for number, person in enumerate(paper.persons, start=1):
        form = packed_form(_shown_items(person, hidden), row_mm=_PACKED_ROW_MM)
        if pages[-1] and y_mm + form.height_mm > BODY_BOTTOM_MM:
            pages.append([])
            y_mm = BODY_TOP_MM
        texts = texts_of(paper, person, number=number)
        if person.remarks and paper.shows(Omit.REMARKS):
            texts["remarks"] = "　".join(person.remarks)
        pages[-1].append(block(paper, form, texts, number=number, y_mm=y_mm))
        y_mm += form.height_mm + _BLOCK_GAP_MM
    if y_mm < BODY_BOTTOM_MM:
        pages[-1].append(only_runs(blank_below(y_mm)))
    return tuple(joined(page) for page in pages)


def _shown_items(person: PaperPerson, hidden: set[str]) -> tuple[Item, ...]:
    items = person_items(foreign=person.foreign is not None, removed=person.removal is not None)
    shown = tuple(item for item in items if item.field not in hidden)
    if person.remarks and "remarks" not in hidden:
        return (*shown, Item(field="remarks", label="統合記載欄", height_mm=9.0))
    return shown
