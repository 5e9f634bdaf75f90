"""The register against an extract of the CS: every kind, nothing changed, held people not there."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.csops.documents.extract import open_extract
from madoguchi.csops.domain.consistency import COLUMNS, Facts, Kind, Registered, compare
from madoguchi.protection.testing import protect
from madoguchi.register.api import persons_of
from madoguchi.register.testing import Status, keep, make_version, resident_code

AOI, RIN, UME = "000000000000011", "000000000000012", "000000000000013"
HERE = Facts(code=resident_code(1), name="髙﨑　葵", birth="平成2年5月3日", birth_sort=date(1990, 5, 3),
             sex="FEMALE", address="瀬戸内町大字古仁屋船津23番地", moved_on=date(2020, 4, 1))  # fmt: skip


def ours(**special):
    values = {name: getattr(HERE, name) for name in HERE.__dataclass_fields__}
    return Registered(**{**values, "person_id": AOI, "is_resident": True, **special})


@pytest.mark.parametrize(
    ("ours_differs", "theirs", "kinds"),
    [
        ({}, {}, []),
        ({}, {"name": "高崎　葵"}, [Kind.LETTERS]),
        ({}, {"name": "浜　葵"}, [Kind.NAME]),
        ({}, {"birth": "平成2年5月4日", "birth_sort": date(1990, 5, 4)}, [Kind.BIRTH]),
        ({}, {"birth": "1990-05-03"}, []),
        ({}, {"sex": "MALE"}, [Kind.SEX]),
        ({}, {"address": "瀬戸内町古仁屋船津２３"}, []),
        ({}, {"address": "瀬戸内町大字古仁屋船津24番地"}, [Kind.ADDRESS]),
        ({}, {"moved_on": date(2021, 4, 1)}, [Kind.MOVED_ON]),
        ({"is_resident": False}, {"name": "浜　葵"}, [Kind.GONE]),
        ({"code": resident_code(2)}, {}, [Kind.NOT_IN_CS, Kind.NOT_KNOWN]),
        ({"code": "", "is_resident": True}, {}, [Kind.NOT_KNOWN]),
    ],
)  # fmt: skip
def test_every_kind_of_difference_is_told_and_nothing_else(ours_differs, theirs, kinds):
    found = compare([ours(**ours_differs)], [replace(HERE, **theirs)])
    assert [one.kind for one in found] == kinds


@given(st.sets(st.integers(1, 40)), st.sets(st.integers(1, 40)))
def test_the_two_lists_are_laid_side_by_side_whole(register, extract):
    found = compare([ours(code=resident_code(n)) for n in register],
                    [replace(HERE, code=resident_code(n)) for n in extract])  # fmt: skip
    codes = {kind: {one.code for one in found if one.kind is kind} for kind in Kind}
    assert codes[Kind.NOT_IN_CS] == {resident_code(n) for n in register - extract}
    assert codes[Kind.NOT_KNOWN] == {resident_code(n) for n in extract - register}
    assert len(found) == len(register ^ extract)


ROW = [HERE.code, HERE.name, HERE.birth, "女", HERE.address, "2020-04-01"]


def csv(*rows, columns=COLUMNS):
    return "\r\n".join(",".join(one) for one in (columns, *rows)).encode()


def test_an_extract_is_read_in_either_code_and_any_order():
    back = csv(ROW[::-1], columns=COLUMNS[::-1])
    assert open_extract(io.BytesIO(back)) == open_extract(io.BytesIO(csv(ROW))) == (HERE,)
    plain = csv(["高崎" if "髙" in one else one for one in ROW]).decode().encode("cp932")
    assert open_extract(io.BytesIO(plain))[0].name == "高崎"


def changed(at, value):
    return [value if n == at else one for n, one in enumerate(ROW)]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (csv(changed(0, "123456789018"), changed(3, "dog")), ["CS_CODE_UNREADABLE", "CS_SEX_UNREADABLE"]),
        (csv(changed(1, ""), changed(2, "soon"), changed(5, "")),
         ["CSV_BLANK", "DATE_UNREADABLE", "DATE_MISSING"]),
        (csv(ROW, ROW), ["CS_CODE_TWICE"]), (csv(ROW[:3]), ["CSV_RAGGED"]),
        (csv(columns=COLUMNS[1:]), ["CSV_COLUMN_MISSING"]),
        (csv([*ROW, "1"], columns=(*COLUMNS, "個人番号")), ["CSV_INDIVIDUAL_NUMBER_COLUMN"]),
        (csv(), ["CSV_EMPTY"]), (b"", ["CSV_EMPTY"]), (b"\xff\xfe\x00", ["CSV_NUL"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_extract_is_told_at_once_and_no_number_repeated(data, codes):
    found = open_extract(io.BytesIO(data))
    assert [one.code for one in found] == codes
    assert "123456789018" not in str(found)


# -- the page --------------------------------------------------------------------------------------


def at(name):
    return reverse(f"csops:{name}")


@pytest.fixture
def town(db):
    keep(make_version(AOI, name="髙﨑　葵", resident_code=resident_code(1)),
         make_version(RIN, name="港　凛", resident_code=resident_code(2)),
         make_version(UME, name="浜　梅", resident_code=resident_code(3), status=Status.DEAD))  # fmt: skip


def sent(client, *rows):
    return client.post(at("compare"), {"file": SimpleUploadedFile("cs.csv", csv(*rows))})


def test_it_works_is_recorded_and_changes_nothing(client, town):
    staff.signed_in(client, staff.nagi())
    assert client.get(at("check")).status_code == 200
    before = persons_of([AOI, RIN, UME])
    answer = sent(
        client, changed(1, "高崎　葵"), changed(0, resident_code(3)), changed(0, resident_code(9))
    )
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    # Aoi's letters and address, Rin not in it, Ume still in it, and a code nobody has.
    for words in (
        "氏名の字形がちがう",
        "CSにない住民",
        "住民でなくなった人がCSにある",
        "住民記録にない住民票コード",
    ):
        assert words in answer.text
    assert persons_of([AOI, RIN, UME]) == before
    entries = list_entries(wanted=EntryFilter()).entries
    (change,) = [one.note for one in entries if one.note.action == "CS_CHECKED"]
    assert change.detail["NOT_IN_CS"] == 1 and len(change.detail["sha256"]) == 64
    (seen,) = [one.note for one in entries if one.note.action == "CS_CHECK"]
    assert set(seen.subjects) == {AOI, RIN, UME}


def test_p1_held_people_are_in_neither_list_nor_count_for_those_without_the_right(client, town):
    protect(RIN)
    rows = (ROW, changed(0, resident_code(2)), changed(0, resident_code(3)))
    staff.signed_in(client, staff.kaede())
    told = [sent(client, *rows).text, sent(client, ROW, rows[2]).text]
    for text in told:
        # Neither as missing in the CS, nor as a code nobody has, nor as somebody who differs.
        assert RIN not in text and "凛" not in text
        assert "CSにない住民" not in text and "住民記録にない住民票コード" not in text
    staff.signed_in(client, staff.nagi())
    assert RIN in sent(client, ROW).text


@pytest.mark.django_db
def test_the_wrong_role_is_refused_and_the_officer_too(client):
    for member in (staff.tsuru(), staff.sango()):
        staff.signed_in(client, member)
        assert client.get(at("check")).status_code == 403
        assert client.post(at("compare")).status_code == 403
    assert "整合性" not in client.get(at("home")).text


@pytest.mark.django_db
def test_bad_input_is_told(client):
    staff.signed_in(client, staff.kaede())
    assert "FIELD_REQUIRED" in client.post(at("compare")).text
    answer = sent(client, changed(3, "dog"))
    assert answer.status_code == 422 and "CS_SEX_UNREADABLE" in answer.text
