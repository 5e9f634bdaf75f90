"""From what was written over to the command that mends a record (誤記修正・職権修正)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, unique

from madoguchi.moves.domain.filing import Kind
from madoguchi.register.api import PersonRow
from madoguchi.register.api import filing as register

#: What a page offers to be written over; the register says which of them may be, and how.
MENDED = (
    "name", "name_kana", "former_surname", "former_surname_kana", "alias", "alias_kana", "birth",
    "sex", "postcode", "address", "building", "honseki", "hittosha", "previous_address",
)  # fmt: skip


@unique
class Since(StrEnum):
    """Since when the record is wrong (いつから)."""

    ALWAYS = "ALWAYS"  # 誤記: wrong since it was written
    DAY = "DAY"  # 職権修正: right until a day


def values_of(row: PersonRow) -> dict[str, str]:
    """Return the items of a record as a page shows them (いまの値)."""
    return {name: str(getattr(row, name)) for name in MENDED}


def mending_of(
    row: PersonRow, given: Mapping[str, str], *, since: Since, day: str
) -> tuple[Kind, register.Command]:
    """Return the filing that writes only what differs (修正の命令)."""
    before = values_of(row)
    changes = {
        name: given[name] for name in MENDED if name in given and given[name] != before[name]
    }
    if since is Since.ALWAYS:
        return Kind.CORRECT, register.CorrectError(
            filing=register.Filing(), person_id=row.person_id, changes=changes
        )
    return Kind.EX_OFFICIO, register.Amend(
        filing=register.Filing(effective=day), person_id=row.person_id,
        reason=register.Reason.AMEND_EX_OFFICIO, changes=changes,
    )  # fmt: skip
