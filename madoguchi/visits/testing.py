"""Families for tests (試験用の家族): never imported by production."""

from __future__ import annotations

from datetime import date

from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.kernel.wareki import format_long
from madoguchi.register.testing import keep, make_findable, make_version, resident_code
from madoguchi.visits.models import Run

HOUSEHOLD = make_household_no(7)
#: Parents, a pupil and a child, as the Minato family is.
BIRTHS = (date(1985, 5, 3), date(1987, 8, 9), date(2010, 2, 1), date(2018, 12, 24))


def family(births: tuple[date, ...] = BIRTHS, household_no: str = HOUSEHOLD) -> list[str]:
    """Put a household on the register and return its people, the head first (世帯)."""
    numbers = [make_addressee_no(at) for at in range(701, 701 + len(births))]
    keep(
        *(
            make_version(
                number, household_no=household_no, resident_code=resident_code(80_000 + at),
                relationship="世帯主" if not at else "子", is_householder=not at,
                name=f"湊　ひと{'一二三四五'[at]}", birth=format_long(born), birth_sort=born,
            )
            for at, (number, born) in enumerate(zip(numbers, births, strict=True))
        )
    )  # fmt: skip
    make_findable(*numbers)
    return numbers


def run_ids() -> list[str]:
    """List the runs there are, the oldest first (家族の手続き)."""
    return list(Run.objects.order_by("made_at", "run_id").values_list("run_id", flat=True))
