"""The ledger on real tables: a town's file comes in, goes out unchanged, and moves no card."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from madoguchi.cards.actions import boxes
from madoguchi.cards.actions.ledger import check_ledger, export_ledger, import_ledger
from madoguchi.cards.domain.card import CardState
from madoguchi.cards.domain.columns import Field
from madoguchi.cards.models import Card, CardEvent, Layout, LedgerRow
from madoguchi.cards.queries.ledger import LedgerFilter, list_cards
from madoguchi.infra import clock, progress, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.kernel.intake import FileRefused
from madoguchi.protection.testing import protect
from madoguchi.register.testing import clerk, keep, make_version, resident_code
from madoguchi.web import messages

NOW = datetime(2026, 11, 27, 9, tzinfo=clock.JAPAN)
TODAY = NOW.date()
CHIEF = clerk(
    Right.FILE_CHANGE, Right.IMPORT_EXPORT, Right.SEE_PROTECTED, staff_id="chief"
).for_purpose("試験")
PLAIN = clerk(Right.FILE_CHANGE, Right.IMPORT_EXPORT, staff_id="plain").for_purpose("試験")
ADDRESS = "鹿児島県大島郡瀬戸内町大字古仁屋{}番地"
HEAD = (
    "通番",
    "備考",
    "交付番号",
    "お名前",
    "生年月日",
    "住所",
    "交付日",
    "町のメモ",
    "金額",
    "棚",
    "式",
)


@pytest.fixture(autouse=True)
def today(db):
    with clock.frozen(NOW):
        yield


def person_no(place):
    return make_addressee_no(place + 1)


def birth_of(place):
    return date(1950, 1, 1) + timedelta(days=place)


def live(place):
    return make_version(
        person_no(place), name=f"浜　甲{place}", name_kana="ハマ　コウ",
        birth_sort=birth_of(place), birth=str(birth_of(place)),
        address=ADDRESS.format(place + 1), household_no=f"{place:015}",
        resident_code=resident_code(place + 1),
    )  # fmt: skip


def number(place):
    return f"A1B-{place:06}"


def row_of(place, **given):
    values = {
        "通番": place + 1, "備考": "", "交付番号": number(place), "お名前": f"浜　甲{place}",
        "生年月日": datetime.combine(birth_of(place), datetime.min.time()),
        "住所": ADDRESS.format(place + 1), "交付日": date(2025, 4, 1), "町のメモ": f"0{place}",
        "金額": 800.5, "棚": "", "式": None,
    }  # fmt: skip
    return [(values | given)[name] for name in HEAD]


def book_of(*rows, head=HEAD, title="令和7年度 管理簿"):
    book = Workbook()
    sheet = book.active
    sheet.title = "交付管理"
    sheet.append([title])
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


#: お名前 only holds a usual name: somebody says what it is.
CHOSEN = {3: Field.NAME}


def take_in(file, *, actor=CHIEF, chosen=CHOSEN):
    return unit.run_long(
        import_ledger, file, actor=actor, progress=progress.quiet("t"), chosen=chosen
    )


def wrong_with(file, *, actor=CHIEF, chosen=CHOSEN):
    with pytest.raises(FileRefused) as refusal:
        take_in(file, actor=actor, chosen=chosen)
    messages.render_all(refusal.value.problems)
    return {(one.code, one.where) for one in refusal.value.problems}


def sheet_of(written):
    """Return the values of a file by heading: what a clerk reads in it."""
    sheet = load_workbook(io.BytesIO(written)).active
    head, *rows = [[one.value for one in row] for row in sheet.iter_rows()]
    return sheet.title, head, rows


def given_out(*, actor=CHIEF, as_csv=False):
    return export_ledger(actor=actor, as_csv=as_csv)[0]


# -- in ---------------------------------------------------------------------------------------


def test_a_file_becomes_cards_in_the_state_their_days_tell():
    keep(*(live(place) for place in range(3)))
    file = book_of(row_of(0), row_of(1, 交付日=None, 棚="B-2-07"), row_of(2, 交付日=None))
    report = take_in(file)
    assert (report.rows, report.new, report.changed) == (3, 3, 0)
    cards = list(Card.objects.order_by("notice_no"))
    assert [one.state for one in cards] == ["HANDED_OVER", "ARRIVED", "ARRIVED"]
    assert [one.shelf for one in cards] == ["", "B-2-07", ""]
    assert [one.person_id for one in cards] == [person_no(place) for place in range(3)]
    assert CardEvent.objects.filter(verb="TAKEN_OVER").count() == 3


def test_a_card_in_the_cabinet_is_judged_when_it_is_taken_over():
    keep(live(0))
    take_in(book_of(row_of(0, 交付日=None, 住所="鹿児島県大島郡瀬戸内町清水1番地")))
    assert Card.objects.get().state == CardState.WRONG.value


def test_a_try_says_the_same_and_keeps_nothing():
    file = book_of(row_of(0), row_of(1))
    report = check_ledger(file, actor=CHIEF, progress=progress.quiet("t"), chosen=CHOSEN)
    assert (report.rows, report.new) == (2, 2)
    assert not Card.objects.exists()
    assert not Layout.objects.exists()


def test_a_guess_nobody_confirmed_stops_the_file():
    assert wrong_with(book_of(row_of(0)), chosen=None) == {
        ("CARD_COLUMN_UNCONFIRMED", "line 2, お名前")
    }


def test_everything_wrong_is_said_at_once_with_its_place():
    file = book_of(
        row_of(0, 交付番号="ちがう"),
        row_of(1, 生年月日="2月30日", 交付日=date(2027, 1, 1)),
        row_of(2, 町のメモ="1234-5678-9018"),
        row_of(3, 交付日=None, 棚="A-1-01"),
        row_of(4, 交付日=None, 棚="A-1-01"),
        row_of(3),
    )
    assert wrong_with(file) == {
        ("CARD_NOTICE_NO_UNREADABLE", "line 3, 交付通知書番号"),
        ("DATE_UNREADABLE", "line 4, 生年月日"),
        ("CARD_DAY_AHEAD", "line 4, 交付日"),
        ("CARD_CELL_INDIVIDUAL_NUMBER", "line 5, 町のメモ"),
        ("CARD_PLACE_TAKEN", "line 7, 保管場所"),
        ("CARD_ROW_TWICE", "line 8"),
    }
    assert not Card.objects.exists()


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("個人番号", "CARD_COLUMN_INDIVIDUAL_NUMBER"),
        ("暗証番号", "CARD_COLUMN_PIN"),
        ("ＰＩＮ", "CARD_COLUMN_PIN"),
        ("顔写真", "CARD_COLUMN_PHOTO"),
    ],
)
def test_a_column_that_must_not_be_refuses_the_file_whatever_it_is_said_to_mean(heading, code):
    head = [heading if one == "町のメモ" else one for one in HEAD]
    found = wrong_with(book_of(row_of(0), head=head), chosen={**CHOSEN, 7: Field.KANA})
    assert (code, f"line 2, {heading}") in found


def test_a_file_never_moves_a_card_the_house_knows():
    """L9: what disagrees refuses the file; what we hold nothing about moves nothing."""
    keep(live(0))
    take_in(book_of(row_of(0, 交付日=None, 棚="B-2-07")))
    moved = book_of(row_of(0, 交付日=None, 棚="B-2-08", お名前="別　人"))
    assert wrong_with(moved) == {
        ("CARD_LEDGER_DIFFERS", "line 3, 保管場所"), ("CARD_LEDGER_DIFFERS", "line 3, 氏名"),
    }  # fmt: skip
    # Handed over only in the file: the house holds no such day, so nothing moves.
    take_in(book_of(row_of(0, 棚="B-2-07", 備考="電話ずみ")))
    card = Card.objects.get()
    assert (card.state, card.note, card.handed_over_on) == ("ARRIVED", "電話ずみ", None)


def test_the_same_file_twice_changes_nothing():
    file = book_of(*(row_of(place) for place in range(5)))
    take_in(file)
    before = list(Card.objects.order_by("card_id").values())
    file.seek(0)
    report = take_in(file)
    assert (report.new, report.changed, report.unchanged) == (0, 0, 5)
    assert list(Card.objects.order_by("card_id").values()) == before
    assert Layout.objects.count() == 1


# -- out --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [400, pytest.param(5_000, marks=pytest.mark.full)])
def test_thousands_of_rows_come_back_unchanged_and_the_table_asks_no_more(count):
    """L8: values, types, order and every column that is not ours; the table asks four times."""
    keep(*(live(place) for place in range(0, count, 10)))
    rows = [
        row_of(place, 備考=f"備考{place}" if place % 3 else "", 式=f"=A{place + 3}*2")
        if place % 4
        else row_of(place, 交付日=None, 金額=None, 町のメモ="=cmd|' /C'!A0")
        for place in range(count)
    ]
    take_in(book_of(*rows))
    title, head, found = sheet_of(given_out())
    assert title == "交付管理"
    assert tuple(head[: len(HEAD)]) == HEAD
    want = [[None if one == "" else one for one in row] for row in rows]
    dated = [
        [datetime.combine(v, datetime.min.time()) if type(v) is date else v for v in row]
        for row in want
    ]
    assert [row[: len(HEAD)] for row in found] == dated
    # And what came out goes in again as what it is.
    again = io.BytesIO(given_out())
    report = take_in(again)
    assert (report.rows, report.new, report.problem_count) == (count, 0, 0)
    assert sheet_of(given_out())[2] == found

    asked = LedgerFilter(state=CardState.HANDED_OVER, days=None)
    with CaptureQueriesContext(connection) as queries:
        first = list_cards(asked, actor=PLAIN, today=TODAY)
    with CaptureQueriesContext(connection) as few:
        list_cards(LedgerFilter(number="000001"), actor=PLAIN, today=TODAY)
    assert len(first.rows) == 50
    assert len(queries) == len(few) == 4
    assert first.total == count - count // 4


def test_what_happened_since_is_in_the_towns_own_column():
    keep(live(0))
    take_in(book_of(row_of(0, 交付日=None, 備考="はじめ", 町のメモ="の")))
    Card.objects.update(note="あとから", setup_terminal="CS-1")
    _, head, (row,) = sheet_of(given_out())
    said = dict(zip(head, row, strict=True))
    assert (said["備考"], said["町のメモ"], said["通番"]) == ("あとから", "の", 1)
    assert said["交付前設定端末"] == "CS-1"
    assert head.index("交付前設定端末") >= len(HEAD)


def test_nothing_that_leaves_works_anything_out():
    """L10: a formula goes as text, and comes back as it was."""
    bad = ["=1+1", "+81", "-2", "@x"]
    take_in(book_of(*(row_of(place, 町のメモ=text) for place, text in enumerate(bad))))
    sheet = load_workbook(io.BytesIO(given_out())).active
    place = HEAD.index("町のメモ")
    cells = [row[place] for row in sheet.iter_rows(min_row=2)]
    assert [(one.value, one.data_type) for one in cells] == [(text, "s") for text in bad]
    assert all(one.quotePrefix for one in cells)
    text = given_out(as_csv=True).decode("utf-8-sig")
    for one in bad:
        assert f",'{one}," in text
    report = take_in(io.BytesIO(text.encode()), chosen=CHOSEN)
    assert report.new == 0
    assert [one.cells[place][1] for one in LedgerRow.objects.order_by("row_no")] == bad


def test_files_of_two_years_stand_side_by_side():
    take_in(book_of(row_of(0)))
    head = [f"新{one}" if one == "町のメモ" else one for one in HEAD]
    take_in(book_of(row_of(1), head=head))
    _, heads, rows = sheet_of(given_out())
    assert "町のメモ" in heads and "新町のメモ" in heads
    said = [dict(zip(heads, row, strict=True)) for row in rows]
    assert [(one["交付番号"], one["町のメモ"], one["新町のメモ"]) for one in said] == [
        (number(1), None, "01"), (number(0), "00", None),
    ]  # fmt: skip


# -- the protected person ---------------------------------------------------------------------


def test_l7_a_held_persons_row_leaves_with_number_and_place_only():
    keep(live(0), live(1))
    take_in(book_of(row_of(0, 交付日=None, 棚="A-1-01", 備考="秘"), row_of(1, 交付日=None)))
    protect(person_no(0))
    _, head, rows = sheet_of(given_out(actor=PLAIN))
    held = dict(zip(head, rows[0], strict=True))
    assert {key: value for key, value in held.items() if value} == {
        "交付番号": number(0), "棚": "A-1-01",
    }  # fmt: skip
    assert rows[1][3] == "浜　甲1"
    assert sheet_of(given_out())[2][0][3] == "浜　甲0"
    # And such a file, taken in again by the same clerk, wipes nothing and compares nothing.
    take_in(io.BytesIO(given_out(actor=PLAIN)), actor=PLAIN)
    take_in(book_of(row_of(0, お名前="別　人", 備考="x")), actor=PLAIN)
    assert Card.objects.get(notice_no=number(0)).note == "秘"
    assert sheet_of(given_out())[2][-1][3] in ("浜　甲0", "浜　甲1")
    assert Card.objects.get(notice_no=number(0)).printed_name == "浜　甲0"


def test_l7_no_filter_tells_a_held_persons_card_from_one_that_is_not_settled():
    keep(live(0), live(1))
    take_in(book_of(row_of(0, 交付日=None), row_of(1, 交付日=None), row_of(2, 交付日=None)))
    protect(person_no(0))

    def numbers(state, actor=PLAIN):
        found = list_cards(LedgerFilter(state=state), actor=actor, today=TODAY)
        assert found.total == len(found.rows)
        return {(one.notice_no, one.state, one.faults, one.name) for one in found.rows}

    stopped = numbers(CardState.WRONG)
    assert {one[0] for one in stopped} == {number(0), number(2)}
    assert {one[1:] for one in stopped if one[0] == number(0)} == {
        (CardState.WRONG, ("CARD_FAULT_UNSURE",), "")
    }
    assert {one[0] for one in numbers(CardState.ARRIVED)} == {number(1)}
    assert {one[0] for one in numbers(CardState.ARRIVED, CHIEF)} == {number(0), number(1)}


def test_filters_find_by_shelf_box_number_and_days():
    unit.run(boxes.open_box, box_no="B1", received_on=TODAY - timedelta(days=40), counted_in=2,
             actor=CHIEF, now=NOW)  # fmt: skip
    for place in range(2):
        unit.run(boxes.scan, box_no="B1", text=number(place), actor=CHIEF, now=NOW)
    take_in(book_of(row_of(5, 交付日=None, 棚="A-11-01")))

    def numbers(**asked):
        found = list_cards(LedgerFilter(**asked), actor=CHIEF, today=TODAY)
        return [one.notice_no for one in found.rows]

    assert numbers(shelf="A-1") == [number(0), number(1)]
    assert numbers(shelf="A") == [number(0), number(1), number(5)]
    assert numbers(shelf="A-1-02") == [number(1)]
    assert numbers(box_no="B1") == numbers(days=40) == [number(0), number(1)]
    assert numbers(days=41) == []
    assert numbers(number="000005") == [number(5)]
