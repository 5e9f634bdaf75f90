"""S9: a filed move is a row of the month's own list, from the address that was left."""

from datetime import timedelta

import pytest

from madoguchi.addressees import testing as t
from madoguchi.addressees.actions.following import follow_move
from madoguchi.addressees.actions.taking import close_list
from madoguchi.addressees.models import Entry, List
from madoguchi.infra import unit
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import CLERK

OLD = "福岡県みどり市緑町5番6号"


def follow(*people, filing_id="f1", now=t.NOW, actor=t.KAEDE, left=OLD):
    return unit.run(
        follow_move, left=dict.fromkeys(people, left), filing_id=filing_id, actor=actor, now=now
    )


def test_s9_rows_of_a_month_are_one_list_and_lines_go_on(db):
    t.settle()
    follow(t.AOI, t.KOHEI)
    follow(t.RIN, filing_id="f2", now=t.NOW + timedelta(days=3))
    follow(t.HAN, filing_id="f3", now=t.NOW + timedelta(days=31))
    lists = List.objects.order_by("taken_at")
    assert [(one.name, one.rows) for one in lists] == [
        ("異動の届出　令和9年1月", 3), ("異動の届出　令和9年2月", 1)]  # fmt: skip
    rows = Entry.objects.filter(listed=lists[0]).order_by("line")
    assert [(one.line, one.person_id, one.sent_to, one.means) for one in rows] == [
        (n, person, OLD, "FILING") for n, person in enumerate((t.AOI, t.KOHEI, t.RIN), start=1)]  # fmt: skip


def test_s9_a_list_closed_by_hand_is_followed_by_another(db):
    t.settle()
    follow(t.AOI)
    unit.run(close_list, list_id=List.objects.get().list_id, actor=t.KAEDE, now=t.NOW)
    follow(t.KOHEI, filing_id="f2")
    assert List.objects.filter(closed_at__isnull=True).get().entries.get().person_id == t.KOHEI


def test_where_nothing_changes_there_is_no_row_and_the_wrong_role_is_refused(db):
    t.settle()
    follow(t.AOI, left="鹿児島県大島郡瀬戸内町古仁屋字高丘４５番地６")
    assert not Entry.objects.exists()
    with pytest.raises(Refused):
        follow(t.AOI, actor=CLERK)
