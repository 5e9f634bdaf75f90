"""The pages of the ledger: works, wrong role, unknown, bad input, protected person."""

from __future__ import annotations

import io

import pytest

from madoguchi.accounts.testing import kaede, kai, signed_in, tsuru
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.cards.domain.columns import guess
from madoguchi.cards.models import Card
from madoguchi.cards.tests.test_ledger import CHOSEN, HEAD, book_of, live, number, person_no, row_of
from madoguchi.cards.views.ledger import _print_of
from madoguchi.protection.testing import protect
from madoguchi.register.testing import keep

HX = {"HX-Request": "true", "HX-Target": "check"}


@pytest.fixture
def town(db, settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    keep(live(0), live(1))


@pytest.fixture
def chief(client, town):
    return signed_in(client, kai())


def text(answer):
    return answer.content.decode()


def send(desk, file, *, how="check", said=None, **headers):
    file.seek(0)
    file.name = "ledger.xlsx"
    given = {"listed": file, "how": how}
    if said is not None:
        given["print"] = _print_of(guess(HEAD))
        given |= {f"column-{place}": one.field or "" for place, one in enumerate(guess(HEAD))}
        given |= {f"column-{place}": field for place, field in said.items()}
    return desk.post("/cards/ledger/import/", given, headers=headers)


def take_in(desk, *rows):
    return send(desk, book_of(*rows), how="load", said=CHOSEN)


# -- works ------------------------------------------------------------------------------------


def test_a_file_is_read_asked_about_tried_and_taken_in(chief):
    file = book_of(row_of(0, 交付日=None, 棚="B-2-07"), row_of(1))
    first = send(chief, file, **HX)
    assert first.status_code == 422
    assert "<html" not in text(first)
    assert "「お名前」の列を「氏名」と読みました" in text(first)
    assert 'value="load"' not in text(first)
    tried = send(chief, file, said=CHOSEN, **HX)
    assert tried.status_code == 200
    assert "新しいカード 2枚" in text(tried)
    assert not Card.objects.exists()
    done = send(chief, file, how="load", said=CHOSEN, **HX)
    assert "取り込みました" in text(done)
    assert Card.objects.count() == 2
    shown = text(chief.get("/cards/ledger/?shelf=B-2"))
    assert number(0) in shown and number(1) not in shown
    looks = list_entries(wanted=EntryFilter(action="CARD_LEDGER")).entries
    assert looks[0].note.subjects == (person_no(0),)


@pytest.mark.parametrize(("kind", "start"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")])
def test_the_ledger_leaves_as_a_file_after_its_look(chief, kind, start):
    take_in(chief, row_of(0))
    answer = chief.post("/cards/ledger/file/", {"kind": kind})
    assert answer.content.startswith(start)
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    assert list_entries(wanted=EntryFilter(action="CARD_LEDGER_EXPORTED")).entries


# -- wrong role, unknown, bad input -------------------------------------------------------------


def test_another_section_sees_nothing(client, town):
    other = signed_in(client, tsuru())
    assert other.get("/cards/ledger/").status_code == 403


def test_a_clerk_sees_the_table_but_no_file(client, town):
    desk = signed_in(client, kaede())
    assert "書き出す" not in text(desk.get("/cards/ledger/"))
    assert desk.post("/cards/ledger/file/").status_code == 403
    assert desk.get("/cards/ledger/import/").status_code == 403
    assert desk.post("/cards/ledger/import/").status_code == 403


def test_nothing_found_is_said_and_a_page_beyond_is_the_last(chief):
    assert "この条件のカードはありません" in text(chief.get("/cards/ledger/?box=NONE"))
    take_in(chief, row_of(0))
    assert number(0) in text(chief.get("/cards/ledger/?page=99"))


@pytest.mark.parametrize(
    "asked", ["state=GONE", "days=-1", "days=many", "page=x", "number=" + "9" * 30]
)
def test_a_filter_that_cannot_be_is_refused_in_words(chief, asked):
    answer = chief.get(f"/cards/ledger/?{asked}")
    assert answer.status_code == 422
    assert 'class="cause"' in text(answer)


def test_a_file_that_is_none_is_refused_in_words(chief):
    shown = send(chief, io.BytesIO(b"PK\x03\x04 no book"), **HX)
    assert shown.status_code == 422
    assert "Excelのファイルとして読み取れません" in text(shown)
    assert chief.post("/cards/ledger/import/", {}).status_code == 422


def test_what_another_files_columns_were_said_to_mean_counts_for_nothing(chief):
    head = [f"{one}２" if one == "お名前" else one for one in HEAD]
    shown = send(chief, book_of(row_of(0), head=head), how="load", said=CHOSEN, **HX)
    assert shown.status_code == 422
    assert not Card.objects.exists()


def test_an_individual_number_is_refused_and_not_repeated(chief):
    shown = send(chief, book_of(row_of(0, 町のメモ="123456789018")), said=CHOSEN, **HX)
    assert shown.status_code == 422
    assert "3行目 町のメモ" in text(shown)
    assert "123456789018" not in text(shown)


# -- the protected person -----------------------------------------------------------------------


def test_a_held_persons_card_names_nobody_to_a_clerk(chief, client):
    take_in(chief, row_of(0, 交付日=None, 棚="B-2-07"), row_of(1, 交付日=None))
    protect(person_no(0))
    shown = text(signed_in(client, kaede()).get("/cards/ledger/"))
    assert "甲1" in shown
    assert "甲0" not in shown
    assert "支援" not in shown.split("<main")[1]
    assert "甲0" in text(signed_in(client, kai()).get("/cards/ledger/"))
