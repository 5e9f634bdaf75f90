"""Two files: every bad row is told, nothing is half used."""

import io

import pytest

from madoguchi.addressees.documents.reconciling import reconcile_files
from madoguchi.addressees.queries.gazetteer import gazetteer
from madoguchi.kernel.intake import FileRefused

GOOD = "id,name,birth_date,address\n1,海野　葵,1990-04-12,古仁屋1\n"


def reconcile(register, batch):
    return reconcile_files(
        io.BytesIO(register.encode()), io.BytesIO(batch.encode()), gazetteer=gazetteer()
    )


def test_s6_a_bad_row_of_either_file_stops_both_and_all_are_told():
    bad = GOOD + "1,湊　航平,1988-07-20,阿木名2\n,湊　航平,1988-07-20,阿木名2\nx\n"
    with pytest.raises(FileRefused) as refusal:
        reconcile(bad, bad)
    assert [one.where for one in refusal.value.problems] == [
        f"{file} line {line}" for file in ("register", "batch") for line in (3, 4, 5)
    ]


def test_a_register_may_say_former_surnames_and_aliases():
    register = "id,氏名,生年月日,住所,旧氏,通称\n1,海野　葵,1990-04-12,古仁屋1,磯部,\n2,SANTOS MARIA,1992-06-15,手安3,,山田マリア\n"
    batch = "id,氏名,生年月日,住所\n1,磯部葵,H2.4.12,古仁屋1番地\n2,山田マリア,H4.6.15,手安3番地\n"
    found = list(reconcile(register, batch).matched.findings())
    assert [(one.decision.value, one.candidates[0].name_no) for one in found] == [
        ("auto", 2),
        ("auto", 1),
    ]


def test_a_list_without_numbers_is_numbered_by_its_lines():
    done = reconcile(GOOD, "氏名,生年月日,住所\n海野葵,H2.4.12,古仁屋1番地\n")
    (found,) = done.matched.findings()
    assert (found.row_id, found.decision.value) == ("2", "auto")


def test_a_broken_file_is_refused_where_it_breaks():
    with pytest.raises(FileRefused) as refusal:
        reconcile(GOOD, GOOD + '2,"海野　葵,1990-04-12,古仁屋1\n')
    assert [one.code for one in refusal.value.problems] == ["CSV_QUOTES"]


def test_an_empty_register_finds_nobody():
    done = reconcile("id,name,birth_date\n", GOOD)
    assert done.matched.counts() == {"auto": 0, "review": 0, "none": 1}


def test_an_empty_list_is_no_error():
    assert reconcile(GOOD, "id,name,birth_date\n").matched.counts()["auto"] == 0
