"""Run-books, copies, the year's table and overtime: rules without a database."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.csops.domain.work import (
    Asset,
    AssetKind,
    Copy,
    Support,
    WorkKind,
    WorkState,
    check_asset,
    check_finish,
    fiscal_year,
    support_of,
    updates_missing,
)
from madoguchi.csops.domain.year import Backup, MonthState, Worked, cost_of, months_of
from madoguchi.csops.queries.work import cs_table
from madoguchi.infra.office import is_office_day
from madoguchi.kernel.months import months_after

TABLE = cs_table()
HASH = "ab" * 32
BEGAN = datetime(2027, 1, 26, 17, 15)
COPY = Copy(place="耐火金庫 3番", size_bytes=1, sha256=HASH)


def finish(**special):
    usual = {"kind": WorkKind.BACKUP, "state": WorkState.RUNNING, "to": WorkState.DONE,
             "open_steps": 0, "copy": COPY, "result": "", "began": BEGAN,
             "ended": BEGAN + timedelta(hours=1)}  # fmt: skip
    return [one.code for one in check_finish(**usual | special)]


@pytest.mark.parametrize(
    ("special", "codes"),
    [
        ({}, []),
        ({"open_steps": 2, "copy": None}, ["CS_STEPS_OPEN", "CS_COPY_MISSING"]),
        ({"copy": Copy(place=" ", size_bytes=0, sha256="x")},
         ["CS_PLACE_MISSING", "CS_SIZE_UNKNOWN", "CS_HASH_UNREADABLE"]),
        ({"kind": WorkKind.UPDATE, "copy": None}, []),
        ({"to": WorkState.FAILED, "copy": None, "open_steps": 3}, ["CS_RESULT_MISSING"]),
        ({"to": WorkState.FAILED, "copy": None, "result": "容量がたりない"}, []),
        ({"ended": BEGAN}, ["CS_ENDS_BEFORE_BEGIN"]),
        ({"state": WorkState.PLANNED, "began": None}, ["CS_WORK_NOT_RUNNING"]),
    ],
)  # fmt: skip
def test_b1_b2_done_wants_every_step_and_a_copy_that_can_be_found_again(special, codes):
    assert finish(**special) == codes


def test_the_last_day_of_support_is_still_supported():
    asset = Asset(asset_id="1", kind=AssetKind.SERVER, name="CSサーバー", count=1,
                  procured_on=date(2022, 1, 1), support_until=date(2027, 3, 31))  # fmt: skip
    ahead = asset.support_until - timedelta(days=TABLE.warn_days[AssetKind.SERVER])
    for day, said in ((ahead, Support.FINE), (ahead + timedelta(days=1), Support.AHEAD),
                      (asset.support_until, Support.AHEAD),
                      (asset.support_until + timedelta(days=1), Support.OVER)):  # fmt: skip
        assert support_of(asset, today=day, table=TABLE) is said
    wrong = Asset(asset_id="1", kind=AssetKind.SERVER, name="x", count=0,
                  procured_on=date(2027, 1, 1), support_until=date(2026, 1, 1))  # fmt: skip
    assert [one.code for one in check_asset(wrong)] == ["CS_SUPPORT_BEFORE_PURCHASE",
                                                        "CS_COUNT_UNKNOWN"]  # fmt: skip


def test_b4_the_year_says_of_each_month_what_is_known_of_it():
    backups = [Backup(work_id="a", month=date(2026, 6, 1)),
               Backup(work_id="b", month=date(2026, 7, 1), restored=True),
               Backup(work_id="c", month=date(2026, 8, 1), restored=False),
               Backup(work_id="d", month=date(2026, 9, 1), restored=False),
               Backup(work_id="e", month=date(2026, 9, 1)),
               Backup(work_id="f", month=date(2027, 1, 1), restored=True)]  # fmt: skip
    found = months_of(2026, backups, today=date(2027, 1, 15), known_from=date(2026, 6, 3))
    assert [one.first.month for one in found] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
    assert [one.state.value for one in found] == [
        "UNKNOWN", "UNKNOWN", "DONE", "TESTED", "BROKEN", "DONE", "MISSING", "MISSING", "MISSING",
        "TESTED", "NOT_YET", "NOT_YET",
    ]  # fmt: skip
    assert found[5].work_id == "e"


@given(st.dates(date(2016, 1, 1), date(2040, 1, 1)), st.integers(0, 30))
def test_twelve_months_whatever_the_day_and_the_open_one_is_not_missing(today, back):
    year = fiscal_year(today)
    found = months_of(year, [], today=today, known_from=months_after(today, -back))
    assert len({one.first for one in found}) == 12
    assert {fiscal_year(one.first) for one in found} == {year}
    for one in found:
        assert (one.state is MonthState.NOT_YET) == (one.first >= today.replace(day=1))


def worked(begins, ends, staff="kaede"):
    return Worked(staff_id=staff, began=datetime.fromisoformat(begins),
                  ended=datetime.fromisoformat(ends))  # fmt: skip


def cost(*some):
    found = cost_of(some, table=TABLE, is_office_day=is_office_day)
    return found.minutes, found.overtime_minutes, found.yen


@pytest.mark.parametrize(
    ("some", "said"),
    [
        # A Tuesday from 16:15 to 18:15: an hour of it after the office, 2,662 × 1.25.
        ([worked("2027-01-26T16:15", "2027-01-26T18:15")], (120, 60, 3328)),
        # A Sunday, and the night of it: 60 × 1.35 and 60 × 1.60.
        ([worked("2027-01-24T21:00", "2027-01-24T23:00")], (120, 120, 7853)),
        # Over midnight from a Friday to a Saturday, to five in the morning and past it.
        ([worked("2027-01-29T23:30", "2027-01-30T05:30")], (360, 360, 25089)),
        # One person twice at the same time counts once; two people count twice.
        ([worked("2027-01-26T18:00", "2027-01-26T19:00"),
          worked("2027-01-26T18:30", "2027-01-26T19:00")], (60, 60, 3328)),
        ([worked("2027-01-26T18:00", "2027-01-26T19:00"),
          worked("2027-01-26T18:00", "2027-01-26T19:00", "nagi")], (120, 120, 6655)),
        ([worked("2027-01-26T08:30", "2027-01-26T17:15")], (525, 0, 0)),
    ],
)  # fmt: skip
def test_b5_overtime_is_readded_minute_by_minute(some, said):
    assert cost(*some) == said


def test_an_update_a_year_short_is_counted_by_the_fiscal_year():
    done = [date(2026, 3, 31), date(2026, 4, 1)]
    assert updates_missing(done, year=2026, table=TABLE) == 1
    assert updates_missing([*done, date(2027, 3, 31)], year=2026, table=TABLE) == 0
