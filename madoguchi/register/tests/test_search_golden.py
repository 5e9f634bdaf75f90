"""Whoever must be found is found: the golden set (検索の模範集)."""

import pytest

from madoguchi.kernel.actor import Right
from madoguchi.register.queries.search import search
from madoguchi.register.testing import clerk
from madoguchi.register.tests.search_town import golden, person_id, settle

pytestmark = pytest.mark.django_db

CLERK = clerk(Right.SEARCH)
VARIANTS_SHARE_MIN = 0.98


def missed(wanted):
    rows = [row for row in golden() if row[0].startswith(wanted)]
    lost = [
        (rule, query, key)
        for rule, query, key in rows
        if person_id(key) not in {hit.person_id for hit in search(query, actor=CLERK).hits}
    ]
    return rows, lost


def test_the_set_is_large_and_covers_every_rule():
    rows = golden()
    assert len(rows) >= 300
    rules = {rule for rule, _, _ in rows}
    assert len(rules) == 14
    for rule in rules:
        assert sum(one == rule for one, _, _ in rows) >= 8, rule


def test_every_mandatory_rule_finds_everybody():
    settle()
    rows, lost = missed("M")
    assert lost == []
    assert len(rows) >= 300


def test_variants_are_found():
    settle()
    rows, lost = missed("V")
    assert len(lost) <= len(rows) * (1 - VARIANTS_SHARE_MIN), lost
