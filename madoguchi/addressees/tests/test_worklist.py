"""What needs typing, and in which order."""

import pytest

from madoguchi.addressees.domain.worklist import Task, Why, in_entry_order, same_address
from madoguchi.addressees.queries.gazetteer import gazetteer


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("古仁屋高丘45-6", "鹿児島県大島郡瀬戸内町古仁屋字高丘４５番地６", True),
        ("瀬戸内町諸鈍1631", "加計呂麻島諸鈍1631番地", True),
        ("古仁屋45-6 コーポ潮騒102", "古仁屋４５番地６　コーポ潮騒１０２号", True),
        ("古仁屋45-6 コーポ潮騒102", "古仁屋45-6 コーポ潮騒103", False),
        ("古仁屋45-6", "古仁屋45-6 コーポ潮騒103", False),
        ("古仁屋高丘45-6", "古仁屋船津45-6", False),
        ("古仁屋45-6", "古仁屋45", False),
        ("鹿児島市鴨池1-2-3", "鹿児島県鹿児島市鴨池１丁目２番３号", True),
        ("", "古仁屋45", False),
        ("", "", True),
    ],
)
def test_ways_of_writing_need_no_typing_and_another_door_does(one, other, same):
    assert same_address(one, other, gazetteer()) is same
    assert same_address(other, one, gazetteer()) is same


def task(line, kana):
    return Task(entry_id=str(line), line=line, row_id="", person_id="", name="", kana=kana,
                before="", after="x", why=(Why.MOVED,))  # fmt: skip


def test_the_order_is_the_lists_own_or_that_of_the_reading():
    tasks = [task(3, "ア"), task(1, "ワ"), task(2, "カ")]
    assert [one.line for one in in_entry_order(tasks, by_kana=False)] == [1, 2, 3]
    assert [one.kana for one in in_entry_order(tasks, by_kana=True)] == ["ア", "カ", "ワ"]
