"""Cases before filing and filings after it, as one clerk may know of them (受付と届出の照会)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor, Right
from madoguchi.moves.domain.drafted import is_same
from madoguchi.moves.domain.filing import Evidence, Said
from madoguchi.moves.domain.notices import Expectation, Expected, decode
from madoguchi.moves.models import FieldSource, Filing, MoveCase
from madoguchi.register.api import HouseholdRow, PersonRow, search, seen

CASES_MAX, SEARCHED_MAX = 60, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A family that is expected (受付)."""

    case_id: str
    opened_at: datetime
    is_protected: bool
    expected: Expectation

    @property
    def called(self) -> str:
        """Return the name of the first, "" while nobody has one (呼び名)."""
        said = self.expected.people[0].items.get("name")
        return said.value if said else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """Who said a field, on what evidence (項目の出どころ)."""

    item: str
    evidence: str
    told_by: str
    told_on: date
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRow:
    """A filing with whom it is about and who said what (届出)."""

    filing_id: str
    kind: str
    filed_on: date
    filed_at: datetime
    staff_id: str
    delay_reason: str
    ground: str
    run_id: str
    notifier: str
    is_reverted: bool
    people: Mapping[str, PersonRow]
    #: By person; under "" what was written once for everybody.
    sources: Mapping[str, tuple[SourceRow, ...]]


def open_cases(*, actor: Actor) -> tuple[CaseRow, ...]:
    """List the families that are expected, the newest first (受付の一覧)."""
    rows = _known(actor).order_by("-opened_at")[:CASES_MAX]
    return tuple(_row(one) for one in rows)


def find_case(case_id: str, *, actor: Actor) -> CaseRow | None:
    """Return a case that is not over, or None where there is none this actor may know of (受付)."""
    row = _known(actor).filter(case_id=case_id).first()
    return _row(row) if row else None


def find_filing(filing_id: str, *, actor: Actor) -> FilingRow | None:
    """Return a filing, or None: unknown and about somebody held look the same (届出)."""
    row = Filing.objects.filter(filing_id=filing_id).first()
    ids = list(row.persons.order_by("row_id").values_list("person_id", flat=True)) if row else []
    people = seen.find_persons(ids, actor=actor)
    if row is None or set(people) != set(ids):
        return None
    sources: dict[str, list[SourceRow]] = {}
    for one in FieldSource.objects.filter(filing=row).order_by("row_id"):
        said = SourceRow(item=one.item, evidence=one.evidence, told_by=one.told_by,
                         told_on=one.told_on, differs=one.differs)  # fmt: skip
        sources.setdefault(one.person_id, []).append(said)
    return FilingRow(
        filing_id=row.filing_id, kind=row.kind, filed_on=row.filed_on,
        filed_at=row.filed_at.astimezone(JAPAN), staff_id=row.staff_id,
        delay_reason=row.delay_reason, ground=row.ground, run_id=row.run_id,
        notifier=row.notifier, is_reverted=row.reverted_at is not None,
        people={one: people[one] for one in ids},
        sources={key: tuple(found) for key, found in sources.items()},
    )  # fmt: skip


def households_of(expected: Expectation, *, actor: Actor) -> tuple[HouseholdRow, ...]:
    """Return the homes of whoever a draft may speak of, as this actor may see them (世帯の候補)."""
    names = dict.fromkeys(one.items["name"].value for one in expected.people)
    hits = (hit for name in names for hit in search(name, actor=actor, limit=SEARCHED_MAX).hits)
    homes = dict.fromkeys(hit.household_no for hit in hits if hit.household_no)
    rows = (seen.find_household(one, actor=actor) for one in homes)
    return tuple(row for row in rows if row is not None and drafted_among(row, expected))


def drafted_among(row: HouseholdRow, expected: Expectation) -> frozenset[str]:
    """Return who of a household a draft speaks of: born that day, named or read so (下書きの人)."""
    return frozenset(
        each.person_id
        for each in row.members
        if any(is_same(_as_expected(each), one) for one in expected.people)
    )


def _as_expected(row: PersonRow) -> Expected:
    items = {"name": row.name, "name_kana": row.name_kana, "birth": row.birth}
    told = {
        name: Said(value=str(value), evidence=Evidence.AUTHORITY) for name, value in items.items()
    }
    return Expected(no=row.person_id, items=told)


def _known(actor: Actor) -> QuerySet[MoveCase]:
    found = MoveCase.objects.filter(closed_at__isnull=True)
    return found if actor.may(Right.SEE_PROTECTED) else found.filter(is_protected=False)


def _row(row: MoveCase) -> CaseRow:
    return CaseRow(
        case_id=row.case_id, opened_at=row.opened_at.astimezone(JAPAN),
        is_protected=row.is_protected, expected=decode(row.data),
    )  # fmt: skip
