"""Days a town hall is closed, against the calendar on the wall."""

from datetime import date

import pytest

from madoguchi.infra.office import is_holiday, is_office_day


@pytest.mark.parametrize(
    ("day", "holiday", "office"),
    [
        (date(2026, 11, 27), False, True),  # a Friday
        (date(2026, 11, 28), False, False),  # Saturday
        (date(2026, 11, 23), True, False),  # 勤労感謝の日
        (date(2026, 12, 28), False, True),  # the last day of work
        (date(2026, 12, 29), True, False),
        (date(2027, 1, 3), True, False),
        (date(2027, 1, 4), False, True),
        (date(2026, 9, 22), True, False),  # between two holidays (祝日法3条3項)
    ],
)
def test_open_and_closed_days(day, holiday, office):
    assert (is_holiday(day), is_office_day(day)) == (holiday, office)
