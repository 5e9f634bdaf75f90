"""What was kept of a family that never came is forgotten, once, and nothing else is."""

from datetime import timedelta

import pytest

from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import clock
from madoguchi.moves import jobs
from madoguchi.moves.actions.cases import KEEP_DAYS
from madoguchi.moves.models import MoveCase

pytestmark = pytest.mark.django_db
NAMES = {"people": [{"name": "港　渚"}]}


def a_case(case_id, *, days_ago, **given):
    opened_at = clock.now() - timedelta(days=days_ago)
    return MoveCase.objects.create(
        case_id=case_id, place="本庁", opened_by="kaede", opened_at=opened_at,
        data=given.pop("data", NAMES), **given,
    )  # fmt: skip


def told():
    return list_entries(wanted=EntryFilter(action="MOVE_CASES_FORGOTTEN")).entries


def test_m10_a_family_that_never_came_is_forgotten_and_a_later_one_kept():
    a_case("old", days_ago=KEEP_DAYS + 1)
    a_case("new", days_ago=KEEP_DAYS - 1)
    a_case("filed", days_ago=KEEP_DAYS + 9, data={}, closed_at=clock.now(), filing_id="f1")
    jobs.forget()
    assert dict(MoveCase.objects.values_list("case_id", "data")) == {
        "old": {}, "new": NAMES, "filed": {},
    }  # fmt: skip
    assert MoveCase.objects.get(case_id="old").closed_at is not None
    assert MoveCase.objects.get(case_id="new").closed_at is None


def test_m10_it_is_told_without_a_name_and_once():
    a_case("old", days_ago=KEEP_DAYS + 1)
    jobs.forget()
    jobs.forget()
    (entry,) = told()
    assert "港" not in str(entry)


def test_nothing_to_forget_leaves_no_record():
    jobs.forget()
    assert not told()
