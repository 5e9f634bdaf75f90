"""The old town's data as a table: the same case as its JSON, or everything that is wrong (CSV)."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.infra.clock import frozen
from madoguchi.moves.domain.filing import Arrival
from madoguchi.moves.domain.notice_csv import notice_from_rows
from madoguchi.moves.domain.notices import Expectation, read_notice
from madoguchi.moves.models import MoveCase
from madoguchi.moves.tests.test_web import at, notice
from madoguchi.register.testing import at as moment

HEADING = ["氏名", "フリガナ", "生年月日", "性別", "続柄", "本籍", "筆頭者", "住民票コード", "カード",
           "前の市区町村", "転入前の住所", "転出予定日", "備考"]  # fmt: skip
SEXES = {"MALE": "男", "FEMALE": "女"}


def table():
    raw = notice()
    shared = [raw["old_town"], raw["previous_address"], raw["planned_move_out_on"], "x"]
    names = ("name", "name_kana", "birth", "sex", "relationship", "honseki", "hittosha")
    return [HEADING] + [
        [SEXES.get(one[name], one[name]) for name in names]
        + [one["resident_code"], "あり", *shared]
        for one in raw["people"]
    ]


def numbered(rows):
    return list(enumerate(rows, start=1))


def codes(rows):
    found = notice_from_rows(numbered(rows))
    assert isinstance(found, tuple), found
    return [one.code for one in found]


def test_a_table_says_what_its_json_says():
    read = notice_from_rows(numbered(table()))
    assert read_notice(read, arrival=Arrival.SPECIAL) == read_notice(
        notice(), arrival=Arrival.SPECIAL
    )


@given(st.permutations(range(len(HEADING))))
def test_the_order_of_columns_does_not_matter(order):
    rows = [[row[at_] for at_ in order] for row in table()]
    assert notice_from_rows(numbered(rows)) == notice_from_rows(numbered(table()))


def test_everything_wrong_is_told_at_once_and_a_number_is_refused():
    rows = table()
    rows[0] = ["個人番号", *HEADING[1:-1], "カード"]
    rows[2] = rows[2][:3]
    rows[3][9] = "ほかの市"
    assert codes(rows) == ["MOVE_NOTICE_HAS_NUMBER", "MOVE_NOTICE_NO_HEADING", "MOVE_NOTICE_ROW_LENGTH",
                           "MOVE_NOTICE_HEADING_TWICE", "MOVE_NOTICE_ROWS_DIFFER"]  # fmt: skip
    assert codes([HEADING]) == codes([]) == ["MOVE_NOTICE_NO_PEOPLE"]


def test_gaps_are_kept_as_gaps_and_people_twice_are_told():
    rows = table()
    rows[1][5] = ""
    found = read_notice(notice_from_rows(numbered(rows)), arrival=Arrival.SPECIAL)
    assert isinstance(found, Expectation)
    assert found.people[0].gaps == ("honseki",)
    rows[2][7] = rows[1][7]
    twice = read_notice(notice_from_rows(numbered(rows)), arrival=Arrival.SPECIAL)
    assert [one.code for one in twice] == ["MOVE_NOTICE_TWICE_INSIDE"]


# -- at the desk -----------------------------------------------------------------------------------


@pytest.fixture
def kaede(client, db):
    with frozen(moment("2026-11-27T10:00")):
        yield staff.signed_in(client, staff.kaede())


def bring(client, body):
    given_ = {"arrival": "SPECIAL", "count": "1", "notice": SimpleUploadedFile("n.csv", body)}
    return client.post(at("cases"), given_)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_table_opens_a_case_in_either_encoding(kaede, encoding):
    text = io.StringIO()
    csv.writer(text).writerows(table())
    answer = bring(kaede, text.getvalue().encode(encoding))
    assert answer.status_code == 302, answer.content.decode()
    page = kaede.get(answer.url).content.decode()
    assert "港　渚" in page and "みどり市から" in page
    assert len(MoveCase.objects.get().data["people"]) == 5


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"\x80\x81", "CSV_"), ("氏名\n".encode(), "MOVE_NOTICE_NO_PEOPLE"),
     ("名\n港\n".encode(), "MOVE_NOTICE_NO_HEADING"), (b"", "FIELD")],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_refused(kaede, body, code):
    answer = bring(kaede, body)
    assert answer.status_code == 422 and code in answer.content.decode()
    assert not MoveCase.objects.exists()
