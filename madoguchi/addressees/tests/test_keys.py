"""Keys in indexed columns: what is met by them is what the whole register would give."""

import random
from datetime import date, timedelta

import pytest

from madoguchi.addressees import testing as t
from madoguchi.addressees.actions import keying
from madoguchi.addressees.domain.columns import Column
from madoguchi.addressees.domain.keys import Row
from madoguchi.addressees.domain.matching import match, open_book
from madoguchi.addressees.domain.sides import build_side
from madoguchi.addressees.models import Key
from madoguchi.addressees.queries.book import open_register, rules_of, stale_people
from madoguchi.addressees.queries.gazetteer import gazetteer
from madoguchi.addressees.queries.people import rows_of
from madoguchi.infra import unit
from madoguchi.infra.clock import frozen
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.protection.testing import protect
from madoguchi.register.testing import Status, keep, make_version, resident_code

pytestmark = pytest.mark.django_db
_SURNAMES, _GIVENS = ("海野", "湊", "磯部", "齋藤"), ("葵", "航平", "さくら", "陸")
_PLACES = ("古仁屋字高丘４５番地６", "手安９番地", "諸鈍１６３１番地", "阿木名６７８番地")
PEOPLE = [make_addressee_no(serial) for serial in range(1, 91)]


@pytest.fixture(autouse=True)
def _now():
    with frozen(t.NOW):
        yield


@pytest.fixture
def town():
    """Many who are alike: few names, few days, few doors; every ninth name is in one piece."""
    dice = random.Random(6)
    keep(*(_one(dice, serial, person_id) for serial, person_id in enumerate(PEOPLE, start=1)))
    protect(PEOPLE[3])
    return dice


def _one(dice, serial, person_id):
    born = date(1970, 1, 1) + timedelta(days=dice.randrange(6) * 370)
    surname, given = dice.choice(_SURNAMES), dice.choice(_GIVENS)
    space = "" if serial % 9 == 0 else "\u3000"
    return make_version(
        person_id, name=f"{surname}{space}{given}", name_kana=dice.choice(["", "ウンノ　アオイ"]),
        alias="" if serial % 7 else f"{dice.choice(_SURNAMES)}\u3000{given}",
        former_surname="" if serial % 5 else dice.choice(_SURNAMES),
        birth=born.isoformat(), birth_sort=born, household_no=make_household_no(serial),
        address=f"鹿児島県大島郡瀬戸内町{dice.choice(_PLACES)}",
        resident_code=resident_code(serial),
        status=Status.DEAD if serial % 11 == 0 else Status.RESIDENT,
    )  # fmt: skip


def a_batch(dice, number):
    for place, row in enumerate(dice.sample(list(rows_of(PEOPLE, number)), 25)):
        named = dice.choice([name for name, _ in ((row.name, ""), *row.others) if name])
        changed = {
            "name": dice.choice([named, named.replace("\u3000", ""), "遠井　某", ""]),
            "birth": dice.choice([row.birth, row.birth, "H2.4.12", ""]),
            "address": dice.choice([row.address, row.address, "手安9", ""]),
            "number": dice.choice([row.number, ""]),
        }
        yield Row(row_id=f"B{place}", kana=row.kana, **changed)


def kept():
    return unit.run_long(keying.make_keys, gazetteer=gazetteer(), actor=t.KAEDE, now=t.NOW)


def findings(batch, book):
    return list(match(batch, book).findings())


@pytest.mark.parametrize("number", [None, Column.PERSON, Column.RESIDENT_CODE])
def test_s8_what_the_columns_lead_to_is_decided_as_by_the_whole_register(town, number):
    kept()
    whole = open_book(build_side(rows_of(PEOPLE, number), gazetteer()))
    for size in (1, 3, 25):
        rows = list(a_batch(town, number))[:size]
        batch, part = open_register(rows, number=number, gazetteer=gazetteer())
        assert part.rows == len(whole.side)
        told = findings(build_side(rows, gazetteer(), vocabulary=whole.side.vocabulary), whole)
        assert findings(batch, part) == told
    assert any(one.candidates for one in told)


def test_s8_half_of_them_kept_gives_the_same(town):
    whole = open_book(build_side(rows_of(PEOPLE, None), gazetteer()))
    kept()
    Key.objects.filter(person_id__in=PEOPLE[::2]).delete()
    rows = list(a_batch(town, None))
    batch, part = open_register(rows, number=None, gazetteer=gazetteer())
    told = findings(build_side(rows, gazetteer(), vocabulary=whole.side.vocabulary), whole)
    assert findings(batch, part) == told


def test_a_short_list_reads_a_part_of_the_register_only(town):
    kept()
    row = Row(row_id="B", name="遠井　某", birth="1931-09-09", address="手安1")
    _, part = open_register([row], number=None, gazetteer=gazetteer())
    # Those whose names nobody could cut, and who has no rival for it.
    assert {str(one) for one in part.side.ids} == set(PEOPLE[8::9])


def test_only_whose_record_changed_is_made_anew_and_counts_at_once(town):
    assert kept() == len(PEOPLE)
    assert stale_people(rules_of(gazetteer())) == []
    moved = make_version(PEOPLE[0], 2, name="北見　仮子", birth="1999-09-09",
                         birth_sort=date(1999, 9, 9), address="瀬戸内町勝浦３番地",
                         household_no=make_household_no(1), resident_code=resident_code(1))  # fmt: skip
    keep(moved)
    assert stale_people(rules_of(gazetteer())) == [PEOPLE[0]]
    row = Row(row_id="B", name="北見仮子", birth="H11.9.9", address="勝浦3")
    (found,) = findings(*open_register([row], number=None, gazetteer=gazetteer()))
    assert (found.decision.value, found.candidates[0].register_id) == ("auto", PEOPLE[0])
    assert kept() == 1
    (again,) = findings(*open_register([row], number=None, gazetteer=gazetteer()))
    assert again == found


def test_other_names_of_places_are_other_rules(town, tmp_path):
    table = """prefecture = "鹿児島県"\ndistrict = "大島郡"\nmunicipality = "瀬戸内町"\ncode = "46525"
postcodes = [["8941500", "8942699"]]\nislands = []\nformer = []\n"""
    (tmp_path / "places.toml").write_text(table, encoding="utf-8")
    kept()
    assert stale_people(rules_of(gazetteer(str(tmp_path)))) == sorted(PEOPLE)


def test_keys_keep_nobodys_standing(town):
    kept()
    row = next(rows_of([PEOPLE[0]], None))._replace(row_id="B", others=())
    (before,) = findings(*open_register([row], number=None, gazetteer=gazetteer()))
    protect(PEOPLE[0])
    (after,) = findings(*open_register([row], number=None, gazetteer=gazetteer()))
    assert "PROTECTED" not in {one.name for one in before.vetoes}
    assert "PROTECTED" in {one.name for one in after.vetoes}
