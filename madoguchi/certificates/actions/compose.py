"""From the register's rows to what stands on the paper (記載内容の確定).

Everything is turned into printed text here, once; after this nothing is looked up again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from madoguchi.certificates.domain.definitions import certification_of, omitted_from
from madoguchi.certificates.domain.issue import DrawCommand
from madoguchi.certificates.domain.kinds import Omit
from madoguchi.certificates.domain.paper import (
    Extract,
    ForeignItems,
    Line,
    Paper,
    PaperPerson,
    Removal,
)
from madoguchi.certificates.domain.town import Town
from madoguchi.certificates.domain.words import REASONS, SEXES, STAY_CLASSES
from madoguchi.kernel import wareki
from madoguchi.kernel.dates import parse_register_date, show_in_eras, show_western
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import PersonRow, VersionRow

#: Stands for a 個人番号 in the frozen content; the number itself is fetched when rendering.
NUMBER_ASKED = "●●●●●●●●●●●●"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One person to print and, where the form shows it, the history (記載対象者)."""

    row: PersonRow
    history: tuple[VersionRow, ...] = ()


def compose(
    *,
    command: DrawCommand,
    subjects: Sequence[Subject],
    householder: str,
    whole_household: bool,
    issue_no: str,
    request_id: str,
    on: date,
    town: Town,
    lines: tuple[Line, ...] = (),
) -> Paper:
    """Return one copy of the paper as it will be printed (証明書の記載内容).

    ``lines``: what stands above the people and says how they leave; no removal stands below.

    ``subjects`` are in legal order. Address and 方書 are those of the first of them: a paper
    never shows two households.
    """
    omitted = omitted_from(command.kind, asked_for=command.asked_for, left_out=command.left_out)
    persons = tuple(_person(one, omitted=omitted, on=on) for one in subjects)
    first = subjects[0].row
    return Paper(
        kind=command.kind,
        persons=tuple(replace(one, removal=None) for one in persons) if lines else persons,
        lines=lines,
        address=first.address,
        building="" if Omit.BUILDING in omitted else first.building,
        householder=householder,
        issue_no=issue_no,
        request_id=request_id,
        issued_on=on,
        municipality=town.municipality,
        municipality_code=town.code,
        mayor_title=town.mayor_title,
        mayor_name=town.mayor_name,
        certification=certification_of(command.kind, whole_household=whole_household),
        omitted=omitted,
        sample=command.sample,
        official_use=command.official_use,
        seal_svg=town.seal_svg,
        seal_is_black_note=bool(town.seal_svg),
    )


def compose_extract(
    *,
    command: DrawCommand,
    person_id: str,
    extract: Extract,
    issue_no: str,
    request_id: str,
    on: date,
    town: Town,
) -> Paper:
    """Return one copy of a paper made from a ledger, as it will be printed (原簿の証明書)."""
    return Paper(
        kind=command.kind,
        persons=(
            PaperPerson(person_id=person_id, name=extract.name, birth_date=extract.birth_date),
        ),
        address=extract.address,
        householder="",
        lines=extract.lines,
        imprint=extract.imprint,
        imprint_mm=extract.imprint_mm,
        issue_no=issue_no,
        request_id=request_id,
        issued_on=on,
        municipality=town.municipality,
        municipality_code=town.code,
        mayor_title=town.mayor_title,
        mayor_name=town.mayor_name,
        certification=certification_of(command.kind, whole_household=False),
        sample=command.sample,
        official_use=command.official_use,
        seal_svg=town.seal_svg,
        seal_is_black_note=bool(town.seal_svg),
    )


def with_numbers(paper: Paper, numbers: Mapping[str, str]) -> Paper:
    """Return the paper with 個人番号 filled in where they were asked for (個人番号の記載).

    The frozen content never holds one: the register's own table is its only place.
    """
    return replace(
        paper,
        persons=tuple(
            replace(one, individual_number=numbers[one.person_id])
            if one.individual_number == NUMBER_ASKED
            else one
            for one in paper.persons
        ),
    )


def _person(subject: Subject, *, omitted: frozenset[Omit], on: date) -> PaperPerson:
    row = subject.row
    foreign = row.nationality_group == "FOREIGN"
    return PaperPerson(
        person_id=row.person_id,
        name=_name(row),
        furigana=row.name_kana if row.kana_confirmed else "",
        birth_date=birth_text(row),
        sex=SEXES[row.sex],
        relationship=row.relationship,
        resident_since=_day_text(row.became_resident, row.became_resident_sort),
        address_since=_address_since(row),
        filed_on=_day_text(row.notified, row.notified_sort),
        domicile="" if foreign else row.honseki,
        domicile_head="" if foreign else row.hittosha,
        former_address=row.previous_address,
        former_surname=row.former_surname,
        former_surname_furigana=row.former_surname_kana,
        individual_number="" if Omit.INDIVIDUAL_NUMBER in omitted else NUMBER_ASKED,
        resident_code="" if Omit.RESIDENT_CODE in omitted else row.resident_code,
        remarks=tuple(text for text in (row.remarks_a, row.remarks_b) if text),
        history=tuple(_history_lines(subject.history, on=on)),
        foreign=_foreign(row) if foreign else None,
        removal=None if row.status.is_resident else _removal(subject, on=on),
    )


def birth_text(row: PersonRow) -> str:
    """Return the birth date as printed: a foreign resident's by the western calendar (生年月日)."""
    western = row.nationality_group == "FOREIGN"
    return _day_text(row.birth, row.birth_sort, western=western)


def _name(row: PersonRow) -> str:
    if row.name_alphabet and row.name_alphabet != row.name:
        return f"{row.name_alphabet}\u3000{row.name}" if row.name else row.name_alphabet
    return row.name


def _foreign(row: PersonRow) -> ForeignItems:
    return ForeignItems(
        nationality=row.nationality,
        residence_class=STAY_CLASSES[row.stay_class],
        status=row.residence_status,
        expires_on=_day_text(row.stay_until, row.stay_until_sort, western=True),
        card_no=row.residence_card_no,
        alias=row.alias,
        alias_furigana=row.alias_kana,
    )


def _removal(subject: Subject, *, on: date) -> Removal:
    """Return how the record was closed; a planned move stays hidden before its day (5.1)."""
    row = subject.row
    planned = row.move_out_planned_on
    shown = planned is None or planned <= on
    closing = [one for one in subject.history if one.reason.value == row.removal_reason]
    filed = row.move_out_notified_on or (closing[-1].filed_on if closing else None)
    effective = row.removed_sort or (closing[-1].effective_on if closing else None)
    return Removal(
        reason=REASONS.get(row.removal_reason, row.removal_reason),
        effective_on=_day_text(row.removed, effective),
        filed_on=_day_text("", filed),
        moved_to_planned=row.move_out_to if shown else "",
        moved_to_confirmed=row.move_out_to_confirmed,
    )


def _address_since(row: PersonRow) -> str:
    """Empty for somebody who never moved inside the town: the form prints 【空欄】."""
    if row.address_since_sort is None or row.address_since_sort == row.became_resident_sort:
        return ""
    return _day_text(row.address_since, row.address_since_sort)


def _day_text(written: str, day: date | None, *, western: bool = False) -> str:
    if written:
        parsed = parse_register_date(written)
        if isinstance(parsed, Problem):
            return written
        return show_western(parsed) if western else show_in_eras(parsed)
    if day is None:
        return ""
    return f"{day.year}年{day.month}月{day.day}日" if western else wareki.format_long(day)


def _history_lines(history: Sequence[VersionRow], *, on: date) -> list[str]:
    """One line per 異動, oldest first: day, reason, and what the record then said (20.0.3).

    What was filed for a later day, a move-out, is on no paper before it (5.1).
    """
    lines = []
    for before, after in pairwise(one for one in history if one.effective_on <= on):
        what = [REASONS[after.reason]]
        if before.address != after.address and before.address:
            what.append(f"旧住所 {before.address}")
        if before.name != after.name:
            what.append(f"旧氏名 {before.name}")
        if len(what) > 1 or after.reason in _SHOWN_ALONE:
            lines.append(
                f"{_day_text(after.effective_written, after.effective_on)} {' '.join(what)}"
            )
    return lines


_SHOWN_ALONE = frozenset({"CHANGE_ADDRESS", "DEATH", "MOVE_OUT_DOMESTIC", "MOVE_OUT_ABROAD"})
