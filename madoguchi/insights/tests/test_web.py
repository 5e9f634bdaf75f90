"""The effect board from a file to a paper: works, wrong role, unknown, bad input, held people."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import clock, facts
from madoguchi.insights.models import Count, Premise, Table
from madoguchi.insights.tests.test_years import MONTHS, YEARS
from madoguchi.register.testing import at as moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-11-28T10:00")


def at(name, *args):
    return reverse(f"insights:{name}", args=args)


def upload(text):
    return SimpleUploadedFile("t.csv", text.encode())


def sent(client, text, how="load", name="コンビニの実績"):
    return client.post(at("take_in"), {"name": name, "file": upload(text), "how": how})


@pytest.fixture
def kai(client):
    with clock.frozen(NOW):
        yield staff.signed_in(client, staff.kai())


@pytest.fixture
def taken(kai):
    assert sent(kai, YEARS).status_code == 302
    return kai


def test_the_towns_table_comes_out_as_it_was_printed_and_its_slip_is_told(kai):
    tried = sent(kai, YEARS, how="check")
    assert (
        "6行を読みました" in tried.text and "9,923件" in tried.text and not Table.objects.exists()
    )
    assert sent(kai, YEARS).status_code == 302
    page = kai.get(at("effect")).text
    for shown in ("28.50", "37.75", "38.58", "<del>38.50</del>", "6.01%", "9.07%", "11.62%",
                  "+2.55", "+0.20", "+2.35", "3,318", "10,397件", "-1,416,002",
                  "コンビニは1件あたり3,318円。<br>職員の時間だけで見ると、年1,416,002円の持ち出し"):  # fmt: skip
        assert shown in page, shown
    (entry,) = list_entries(wanted=EntryFilter(action="INSIGHTS_TABLE_TAKEN")).entries
    assert not entry.note.subjects


def test_every_total_leads_to_its_rows(taken):
    page = taken.get(at("effect")).text
    for path, total in re.findall(r'href="(/insights/rows/\?year=[^"]+)">([\d,]+)<', page):
        shown = taken.get(path.replace("&amp;", "&")).text
        assert f"足すと {total}件です" in shown


def test_inputs_are_tried_without_being_kept_and_kept_with_a_source(taken):
    fragment = taken.get(at("effect"), {"resident_minutes": "120", "resident_yen_per_hour": "1000"},
                         headers={"HX-Request": "true", "HX-Target": "tried"}).text  # fmt: skip
    assert "<html" not in fragment and "926,000円" in fragment and not Premise.objects.exists()
    wrong = taken.get(at("effect"), {"ferry_percent": "101"})
    assert wrong.status_code == 422
    given = {"channel": "store", "from_year": "R6", "source": "R8.10月の測定", "seconds": "300",
             "yen_per_hour": "3000", "fixed_yen": "1000000", "yen_per_issue": "117",
             "cashable_percent": "10", "resident_minutes": "0", "resident_yen_per_hour": "0",
             "ferry_yen": "0", "ferry_percent": "0"}  # fmt: skip
    assert taken.post(at("inputs"), given | {"from_year": "昔", "cashable_percent": "200",
                                             "source": ""}).status_code == 422  # fmt: skip
    numbered = taken.post(at("inputs"), given | {"source": "123456789018の資料"})
    assert numbered.status_code == 422 and "TEXT_HAS_INDIVIDUAL_NUMBER" in numbered.text
    assert taken.post(at("inputs"), given).status_code == 302
    page = taken.get(at("effect")).text
    # 463 issues at 250 yen, less 1,000,000 and 463 at 117.
    assert "R8.10月の測定" in page and f"{463 * 250 - 1_000_000 - 463 * 117:,}円" in page
    assert "R8.10月の測定" in taken.get(at("inputs")).text
    with pytest.raises(DatabaseError), transaction.atomic():
        Premise.objects.update(seconds=1)


def test_a_kiosk_shows_counts_and_no_money_until_somebody_says_what_it_costs(kai):
    sent(kai, MONTHS.replace("コンビニ", "キオスク"))
    page = kai.get(at("effect"), {"channel": "kiosk"}).text
    assert "費用は出していません" in page and "円<" not in page.split("よその数字")[0]
    assert kai.get(at("effect")).text.count("件数の表を取り込む") == 1  # the stores have no row yet


def test_own_papers_are_counted_by_months_that_are_over_and_never_beside_an_import(kai):
    def handed(when, copies=1, **more):
        facts.note("certificate_handed_over", at=moment(when), kind="tax", channel="KIOSK",
                   copies=copies, sample=False, **more)  # fmt: skip

    handed("2026-09-30T23:59", 2)
    handed("2026-10-01T00:00", 3)
    handed("2026-11-02T10:00", 9)  # this month is not over
    facts.note("certificate_handed_over", at=moment("2026-10-05T10:00"), kind="tax",
               channel="KIOSK", copies=50, sample=True)  # fmt: skip
    shown = kai.get(at("rows"), {"channel": "kiosk"}).text
    assert "2行を足すと 5件です" in shown and "所得・課税証明書" in shown
    sent(kai, "年度,月,種類,方法,件数\nR8,10,,キオスク,7\n")
    assert "足すと 9件です" in kai.get(at("rows"), {"channel": "kiosk"}).text
    with CaptureQueriesContext(connection) as asked:
        kai.get(at("effect"), {"channel": "kiosk"})
    assert len(asked) <= 12


def test_a_year_is_crossed_by_month_and_channel_and_cut_by_kind(kai):
    sent(
        kai, "年度,月,種類,方法,件数\nR7,4,住民票,コンビニ,3\nR7,4,税,コンビニ,2\nR7,3,税,窓口,7\n"
    )
    page = kai.get(at("rows"), {"year": "2025"}).text
    cells = re.findall(r'month=(\d+)">\d+月</a></th>(.*?)</tr>', page)
    assert [month for month, _ in cells] == ["4", "3"]  # a fiscal year begins in April
    assert re.findall(r">(\d+|—)<", cells[0][1]) == ["—", "5", "5"]
    assert "足すと 9件です" in kai.get(at("rows"), {"kind": "税"}).text
    assert "足すと 5件です" in kai.get(at("rows"), {"year": "2025", "month": "4"}).text


def test_whoever_may_not_see_held_people_sees_no_count_of_our_own_records(client):
    facts.note("certificate_handed_over", at=moment("2026-10-01T09:00"), kind="tax",
               channel="KIOSK", copies=3, sample=False)  # fmt: skip
    with clock.frozen(NOW):
        kaede = staff.signed_in(client, staff.kaede())
        shown = kaede.get(at("rows")).text
        assert "3件" not in shown and "支援措置の人を見られる職員だけ" in shown
        assert "所得" not in kaede.get(at("effect"), {"channel": "kiosk"}).text


def test_a_mean_printed_as_nothing_is_printed_and_one_too_long_is_refused(kai):
    assert sent(kai, YEARS.replace("38.50", '"999,999,999,999"')).status_code == 422
    assert sent(kai, YEARS.replace("38.50", "0.00")).status_code == 302
    assert "<del>0.00</del>" in kai.get(at("effect")).text


def test_a_table_is_taken_back_and_may_come_again(taken):
    twice = sent(taken, YEARS)
    assert twice.status_code == 422 and "EFFECT_COUNTED_ALREADY" in twice.text
    (table,) = Table.objects.all()
    assert taken.post(at("undo_table", table.table_id)).status_code == 302
    assert taken.post(at("undo_table", table.table_id)).status_code == 422
    assert "まだありません" not in taken.get(at("tables")).text
    assert "1件あたり" not in taken.get(at("effect")).text
    assert sent(taken, YEARS).status_code == 302 and Count.objects.count() == 12


def test_bad_input_keeps_nothing(kai):
    answer = sent(kai, YEARS.replace("463", "だいたい463"))
    assert answer.status_code == 422 and "EFFECT_NOT_A_COUNT" in answer.text
    assert sent(kai, YEARS, name="").status_code == 422
    for text, name in (
        (YEARS, "表 123456789018"),
        (MONTHS.replace("住民票の写し", "123456789018"), "表"),
    ):
        for how in ("check", "load"):
            answer = sent(kai, text, how=how, name=name)
            assert answer.status_code == 422 and "TEXT_HAS_INDIVIDUAL_NUMBER" in answer.text
    assert not Table.objects.exists() and not Count.objects.exists()
    assert kai.get(at("rows"), {"month": "13"}).status_code == 422
    assert kai.get(at("rows"), {"channel": "boat"}).status_code == 422


def test_the_book_adds_itself_up_again(taken):
    book = load_workbook(io.BytesIO(taken.get(at("book")).content))
    years, rows = book["年度"], list(book["内訳"].values)[1:]

    def readded(formula):
        total = 0
        for year, channel in re.findall(r'SUMIFS\(内訳!\$F:\$F,内訳!\$B:\$B,(\d+)(?:,内訳!\$E:\$E,"([^"]+)")?\)', formula):  # fmt: skip
            total += sum(r[5] for r in rows if r[1] == int(year) and channel in ("", r[4]))
        return total

    for line in list(years.values)[1:]:
        assert readded(line[3]) == line[2] and readded(line[5]) == line[4]
    assert [line[6] for line in list(years.values)[1:]] == [28.5, 37.75, 38.58]
    values = dict(line[:2] for line in book["効果"].values)
    assert values["差引き（職員の時間だけ）"] == -1_416_002


def test_what_somebody_wrote_is_no_formula_of_the_book(kai):
    kind, name = "=1+1", '=HYPERLINK("http://x")'
    sent(kai, MONTHS.replace("住民票の写し", kind), name=name)
    cells = list(load_workbook(io.BytesIO(kai.get(at("book")).content))["内訳"])[1]
    assert [cells[3].value, cells[6].value] == [kind, f"{name} 2行目"]
    assert [cells[3].data_type, cells[6].data_type] == ["s", "s"]


def test_the_page_for_whoever_decides_is_one_page(taken):
    import pypdfium2 as pdfium

    pdf = pdfium.PdfDocument(taken.get(at("paper")).content)
    text = "".join(pdf[0].get_textpage().get_text_bounded().split())
    assert len(pdf) == 1
    assert "38.58（印刷は38.50）" in text and "-1,416,002円" in text and "年10,397件" in text


def test_the_chart_says_what_the_table_says(taken):
    svg = taken.get(at("chart")).content.decode()
    for words in ("令和6年度", "463件", "3,983件", "11.62%"):
        assert words in svg


def test_who_may_what(client):
    with clock.frozen(NOW):
        tsuru = staff.signed_in(client, staff.tsuru())
        for name in ("effect", "chart", "rows", "book", "paper", "tables", "inputs", "take_in"):
            assert tsuru.get(at(name)).status_code == 403, name
        kaede = staff.signed_in(client, staff.kaede())
        assert kaede.get(at("effect")).status_code == 200
        assert kaede.get(at("take_in")).status_code == 403
        assert kaede.post(at("undo_table", "x")).status_code == 403
        assert kaede.post(at("inputs"), {}).status_code == 422
        assert not Premise.objects.exists()
        for name in ("chart", "book", "paper"):
            assert kaede.get(at(name)).status_code == 404, name
        kai = staff.signed_in(client, staff.kai())
        assert kai.post(at("undo_table", "nothing")).status_code == 404
