"""People whose record lacks an item (空欄の検索): counted, listed, page by page."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madoguchi.accounts.testing import kaede, nagi, sango, signed_in
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.protection.testing import protect
from madoguchi.register.domain.items import Sex, Status, StayClass
from madoguchi.register.domain.reasons import NationalityGroup
from madoguchi.register.queries import blanks
from madoguchi.register.queries.blanks import Blank, count_blanks, list_blank
from madoguchi.register.testing import clerk, keep, make_version, resident_code

pytestmark = pytest.mark.django_db

WHOLE = {"sex": Sex.FEMALE, "name_kana": "ハマ　アオイ"}
FOREIGN = {
    "nationality_group": NationalityGroup.FOREIGN, "honseki": "", "hittosha": "",
    "stay_class": StayClass.MID_TO_LONG_TERM, "nationality": "フィリピン", "residence_status": "介護",
    "stay_until": "令和10年10月1日", "residence_card_no": "AB12345678CD",
}  # fmt: skip
#: What is blank -> who has it blank and who has it blank rightly.
LACKING = {
    Blank.KANA: ({"name_kana": ""}, {"name": "", "name_kana": "", "name_alphabet": "ANA CRUZ"}),
    Blank.POSTCODE: ({"postcode": ""}, {}),
    Blank.DOMICILE: ({"honseki": ""}, FOREIGN),
    Blank.DOMICILE_HEAD: ({"hittosha": ""}, FOREIGN),
    Blank.RESIDENT_SINCE: ({"became_resident": ""}, {}),
    Blank.PREVIOUS_ADDRESS: (
        {"previous_address": ""},
        {"previous_address": "", "birth": "令和2年4月1日", "birth_sort": date(2020, 4, 1),
         "became_resident": "令和2年4月1日", "became_resident_sort": date(2020, 4, 1)},
    ),
    Blank.RESIDENT_CODE: ({"resident_code": ""}, {}),
    Blank.NATIONALITY: ({**FOREIGN, "nationality": ""}, {}),
    Blank.RESIDENCE_STATUS: ({**FOREIGN, "residence_status": ""}, {}),
    Blank.STAY_UNTIL: ({**FOREIGN, "stay_until": ""}, {**FOREIGN, "stay_until": "", "residence_status": "永住者", "residence_card_no": "AB12345678CE"}),
    Blank.CARD_NO: ({**FOREIGN, "residence_card_no": ""}, {}),
}  # fmt: skip


def enter(serial, **given):
    values = {**WHOLE, "resident_code": resident_code(serial), **given}
    version = make_version(make_addressee_no(serial), **values)
    keep(version)
    return version.person_id


def found(item, actor=None, after=""):
    return [one.person_id for one in list_blank(item, actor=actor or clerk(), after=after).rows]


@pytest.mark.parametrize("item", LACKING)
def test_who_lacks_an_item_is_counted_and_listed(item):
    lacks, lacks_rightly = LACKING[item]
    blank = enter(1, **lacks)
    enter(2, **lacks_rightly)
    enter(3)
    enter(4, **lacks, status=Status.MOVED_OUT, removed_sort=date(2021, 1, 1))
    assert found(item) == [blank]
    assert count_blanks(actor=clerk())[item] == 1


def test_everybody_is_asked_by_every_item_there_is():
    assert set(LACKING) | {Blank.SEX} == set(Blank)
    unknown = enter(1, sex=Sex.UNKNOWN)
    assert found(Blank.SEX) == [unknown]
    assert set(count_blanks(actor=clerk())) == set(Blank)


def test_held_people_are_in_no_list_and_no_number():
    rin = enter(1, postcode="")
    before = count_blanks(actor=clerk())
    protect(rin)
    assert found(Blank.POSTCODE) == []
    assert count_blanks(actor=clerk())[Blank.POSTCODE] == before[Blank.POSTCODE] - 1 == 0
    senior = clerk(Right.SEARCH, Right.SEE_PROTECTED)
    assert found(Blank.POSTCODE, actor=senior) == [rin]


def test_who_leaves_today_is_no_resident_any_more():
    enter(1, postcode="", status=Status.MOVE_OUT_PLANNED, removed_sort=date(2020, 5, 1))
    stays = enter(2, postcode="", status=Status.MOVE_OUT_PLANNED, removed_sort=date(2999, 5, 1))
    assert found(Blank.POSTCODE) == [stays]


def test_a_long_list_goes_on_behind_the_last_one(client, monkeypatch):
    monkeypatch.setattr(blanks, "PAGE_LENGTH", 2)
    people = sorted(enter(serial, postcode="") for serial in range(1, 6))
    client = signed_in(client, kaede())
    page = reverse("register:blanks")
    text = client.get(page, {"item": "POSTCODE"}).content.decode()
    assert f"after={people[1]}" in text
    last = client.get(page, {"item": "POSTCODE", "after": people[3]}).content.decode()
    assert people[4] in last and "after=" not in last
    looked = list_entries(wanted=EntryFilter(person_id=people[4])).entries
    assert [one.note.action for one in looked] == ["REGISTER_BLANKS"]


def test_the_page_says_how_many_and_asks_no_more_as_they_grow(client):
    client = signed_in(client, nagi())
    page = reverse("register:blanks")
    enter(1, postcode="")
    text = client.get(page).content.decode()
    assert 'href="/register/blanks/?item=POSTCODE"' in text and "item=SEX" not in text
    client.get(page, {"item": "POSTCODE"})
    counts = []
    for serial in range(2, 5):
        enter(serial, postcode="")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(page, {"item": "POSTCODE"})
        counts.append(len(asked))
    assert len(set(counts)) == 1


@pytest.mark.parametrize("asked", [{"item": "x"}, {"item": ""}, {"item": "KANA", "after": "%00'"}])
def test_what_no_form_makes_is_answered_calmly(client, asked):
    answer = signed_in(client, kaede()).get(reverse("register:blanks"), asked)
    assert answer.status_code == 200


def test_the_it_officer_sees_nobody(client):
    assert signed_in(client, sango()).get(reverse("register:blanks")).status_code == 403
