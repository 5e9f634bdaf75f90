"""seals.csv and tax.csv: everything wrong at once, nothing half-loaded, the newest at once."""

import base64
import io
from datetime import date

import pytest

from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.certificates import testing as t
from madoguchi.certificates.actions.importing import (
    check_seals,
    check_taxes,
    import_seals,
    import_taxes,
)
from madoguchi.certificates.documents.imprint import drawn_imprint
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.ledger_csv import SEAL_FILE, TAX_FILE
from madoguchi.certificates.models import SealRegistration, TaxAssessment
from madoguchi.certificates.queries.requests import find_request
from madoguchi.infra import unit
from madoguchi.infra.progress import quiet
from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.kernel.intake import FileRefused
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import CLERK

SEAL_COLUMNS = tuple(one.name for one in SEAL_FILE)
TAX_COLUMNS = tuple(one.name for one in TAX_FILE if one.wanted)
IMPORTER = t.with_rights(CLERK, Right.IMPORT_EXPORT)
PICTURE = base64.b64encode(drawn_imprint("海野")).decode()


def csv(columns, *rows, encoding="utf-8"):
    text = "\r\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows), ""])
    return io.BytesIO(text.encode(encoding))


def seal(person_id, number="S-1", name="海野　葵", state="登録", ended="", why="", picture=PICTURE):
    return (person_id, number, name, "令和2年5月1日", state, ended, why, picture)


def tax(person_id, year="令和8年度", income="1,234,000", total=5_500):
    return (person_id, year, "均等割のみ", 0, 0, f'"{income}"', 430_000, 0, 0, 3_000, 0, 1_500,
            1_000, total)  # fmt: skip


def load(action, columns, *rows, actor=IMPORTER, **given):
    return unit.run_long(action, csv(columns, *rows, **given), actor=actor, progress=quiet("t"))


def seals(*rows, **given):
    return load(import_seals, SEAL_COLUMNS, *rows, **given)


def taxes(*rows, columns=TAX_COLUMNS, **given):
    return load(import_taxes, columns, *rows, **given)


def refusal(action, *rows, **given):
    with pytest.raises(FileRefused) as refused:
        action(*rows, **given)
    return {(one.code, one.where) for one in refused.value.report.problems}


def test_a_seal_is_taken_in_and_a_second_time_changes_nothing(people):
    report = seals(seal(people.aoi), seal(people.father, number="S-2", name="湊　大海"))
    assert (report.rows, report.new, report.changed, report.unchanged) == (2, 2, 0, 0)
    row = SealRegistration.objects.get(person_id=people.aoi)
    assert row.registered_on == date(2020, 5, 1)
    assert bytes(row.imprint) == drawn_imprint("海野")
    again = seals(seal(people.aoi), seal(people.father, number="S-2", name="湊　大海"))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert SealRegistration.objects.get(person_id=people.aoi).version == 1
    (entry, _) = list_entries(wanted=EntryFilter(action="SEALS_IMPORTED")).entries
    assert entry.note.detail["changed"] == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_encoding_is_recognised(people, encoding):
    assert seals(seal(people.aoi), encoding=encoding).new == 1
    assert SealRegistration.objects.get().registered_name == "海野　葵"


def test_a_blank_picture_keeps_the_one_we_have(people):
    seals(seal(people.aoi))
    report = seals(seal(people.aoi, picture=""))
    assert report.changed == 0
    without = [name for name in SEAL_COLUMNS if name != "印影"]
    assert load(import_seals, without, seal(people.aoi)[:-1]).changed == 0
    assert bytes(SealRegistration.objects.get().imprint) == drawn_imprint("海野")


def test_i6_a_seal_struck_by_an_import_bars_the_very_next_issue(people):
    seals(seal(people.aoi))
    drawn = t.choose(people.aoi, kind="seal_registration")
    report = seals(seal(people.aoi, state="廃止", ended="令和8年11月1日", why="亡失"))
    assert report.changed == 1
    assert t.make(drawn.request_id, actor=t.MACHINE) is State.REFUSED
    assert find_request(drawn.request_id).problems == ("LEDGER_CHANGED_MEANWHILE",)
    assert t.choose(people.aoi, kind="seal_registration").problems[0].code == "SEAL_STRUCK"


def test_i6_any_change_of_a_row_bars_the_paper_and_an_unchanged_one_does_not(people):
    taxes(tax(people.aoi))
    drawn = t.choose(people.aoi, kind="tax")
    taxes(tax(people.aoi))
    assert t.make(drawn.request_id, actor=t.MACHINE) is State.RELEASED
    drawn = t.choose(people.aoi, kind="tax")
    taxes(tax(people.aoi, income="9,999,000"))
    assert t.make(drawn.request_id, actor=t.MACHINE) is State.REFUSED


def test_one_file_strikes_the_old_seal_and_registers_the_new(people):
    seals(seal(people.aoi))
    report = seals(seal(people.aoi, number="S-9"),
                   seal(people.aoi, state="廃止", ended="2026-11-01", why="改印"))  # fmt: skip
    assert (report.new, report.changed) == (1, 1)
    assert SealRegistration.objects.get(state="REGISTERED").registration_no == "S-9"


def test_everything_wrong_with_seals_is_told_at_once_and_nothing_is_loaded(people):
    found = refusal(
        seals,
        seal(people.aoi, number="S-1"),
        seal(people.father, number="S-1", name="湊　大海"),
        seal(people.aoi, number="S-2"),
        seal(make_addressee_no(777), number="S-3"),
        seal("12", number="S-4"),
        seal(people.sora[:-1] + "x", number="S-5"),
        seal(people.rin, number="印", name=""),
        seal(people.haru, number="S-7", state="停止", picture="???"),
        seal(people.ume, number="S-8", state="廃止"),
        seal(people.daughter, number="S-9", ended="2026-01-01"),
        seal(people.namesake, number="S-10", state="廃止", ended="2019-01-01"),
        seal(people.mother, number="S-11", picture=base64.b64encode(b"GIF").decode()),
        (people.baby,),
    )
    assert found >= {
        ("SEAL_NUMBER_TWICE", "line 3, 印鑑登録番号"),
        ("SEAL_TWO_REGISTERED", "line 4, 登録状態"),
        ("LEDGER_PERSON_UNKNOWN", "line 5, 宛名番号"),
        ("CSV_NUMBER_UNREADABLE", "line 6, 宛名番号"),
        ("CSV_NUMBER_UNREADABLE", "line 7, 宛名番号"),
        ("SEAL_NUMBER_UNREADABLE", "line 8, 印鑑登録番号"),
        ("LEDGER_BLANK", "line 8, 登録氏名"),
        ("CSV_WORD_UNKNOWN", "line 9, 登録状態"),
        ("IMPRINT_UNREADABLE", "line 9, 印影"),
        ("SEAL_STRUCK_WITHOUT_DAY", "line 10, 廃止年月日"),
        ("SEAL_REGISTERED_WITH_END", "line 11, 廃止年月日"),
        ("SEAL_DAYS_REVERSED", "line 12, 廃止年月日"),
        ("IMPRINT_UNREADABLE", "line 13, 印影"),
        ("CSV_RAGGED", "line 14"),
    }
    assert not SealRegistration.objects.exists()
    assert not list_entries(wanted=EntryFilter(action="SEALS_IMPORTED")).entries


def test_a_number_never_goes_over_to_somebody_else(people):
    seals(seal(people.aoi))
    assert ("SEAL_NUMBER_TAKEN", "line 2, 印鑑登録番号") in refusal(
        seals, seal(people.father, name="湊　大海")
    )
    assert ("SEAL_TWO_REGISTERED", "line 2, 登録状態") in refusal(
        seals, seal(people.aoi, number="X")
    )


def test_tax_is_taken_in_year_by_year(people):
    report = taxes(tax(people.aoi), tax(people.aoi, year="2025"), tax(people.rin))
    assert (report.new, report.warning_count) == (3, 0)
    row = TaxAssessment.objects.get(person_id=people.aoi, fiscal_year=2026)
    assert (row.income_yen, row.total_yen, row.address, row.unpaid) == (1_234_000, 5_500, "", False)
    assert taxes(tax(people.aoi, total=5_000)).warning_count == 1


def test_what_a_town_writes_beside_is_used_or_kept(people):
    more = (*TAX_COLUMNS, "賦課期日住所", "未納", "担当メモ")
    taxes(
        (*tax(people.aoi), "鹿児島県大島郡せとうち町大字阿木名1番地", "あり", "要確認"),
        columns=more,
    )
    row = TaxAssessment.objects.get()
    assert (row.unpaid, row.extra) == (True, {"担当メモ": "要確認"})
    # A file without the column leaves what we know.
    taxes(tax(people.aoi, income="1"))
    row = TaxAssessment.objects.get()
    assert (row.income_yen, row.unpaid, row.address[-5:]) == (1, True, "阿木名1番地"[-5:])


def test_everything_wrong_with_tax_is_told_at_once(people):
    found = refusal(taxes, tax(people.aoi), tax(people.aoi), tax(people.rin, year="いつか"),
                    tax(people.haru, income="-1"), tax(people.haru, year="2025", income="1.5"))  # fmt: skip
    assert found == {
        ("TAX_YEAR_TWICE", "line 3, 賦課年度"),
        ("TAX_YEAR_UNREADABLE", "line 4, 賦課年度"),
        ("TAX_AMOUNT_UNREADABLE", "line 5, 合計所得金額"),
        ("TAX_AMOUNT_UNREADABLE", "line 6, 合計所得金額"),
    }
    assert not TaxAssessment.objects.exists()


def test_what_could_not_be_read_is_not_told_of_as_given_twice(people):
    assert refusal(seals, seal(people.aoi, number="印"), seal(people.rin, number="章")) == {
        ("SEAL_NUMBER_UNREADABLE", "line 2, 印鑑登録番号"),
        ("SEAL_NUMBER_UNREADABLE", "line 3, 印鑑登録番号"),
    }
    assert refusal(taxes, tax(people.aoi, year="いつか"), tax(people.aoi, year="いつも")) == {
        ("TAX_YEAR_UNREADABLE", "line 2, 賦課年度"),
        ("TAX_YEAR_UNREADABLE", "line 3, 賦課年度"),
    }


def test_a_cell_longer_than_any_table_holds_is_told_with_its_place(people):
    struck = seal(people.aoi, state="廃止", ended="2026-11-01", why="亡" * 101)
    assert refusal(seals, struck) == {("TEXT_TOO_LONG", "line 2, 廃止事由")}
    assert seals((*struck[:6], "亡" * 100, struck[7])).new == 1
    wide = list(tax(people.aoi))
    wide[2] = "課" * 21
    assert refusal(taxes, wide, tax("0" + people.rin), tax(people.haru, income="9" * 5_000),
                   tax(people.haru, year="9" * 5_000)) == {
        ("TEXT_TOO_LONG", "line 2, 課税区分"),
        ("CSV_NUMBER_UNREADABLE", "line 3, 宛名番号"),
        ("TAX_AMOUNT_UNREADABLE", "line 4, 合計所得金額"),
        ("TAX_YEAR_UNREADABLE", "line 5, 賦課年度"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        (SEAL_COLUMNS[1:], "CSV_COLUMN_MISSING"),
        ((*SEAL_COLUMNS, "印影"), "CSV_COLUMN_TWICE"),
        ((*SEAL_COLUMNS, ""), "CSV_COLUMN_NAMELESS"),
        ((*SEAL_COLUMNS, "個人番号"), "LEDGER_INDIVIDUAL_NUMBER_COLUMN"),
    ],
)
def test_the_line_of_names_is_checked_first(people, columns, code):
    with pytest.raises(FileRefused) as refused:
        load(import_seals, columns, seal(people.aoi))
    assert [one.code for one in refused.value.report.problems] == [code]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", "名\0前".encode()])
def test_what_is_no_table_is_told(people, data):
    with pytest.raises(FileRefused):
        unit.run_long(import_seals, io.BytesIO(data), actor=IMPORTER, progress=quiet("t"))


def test_a_trial_keeps_nothing(people):
    for check, columns, row in ((check_seals, SEAL_COLUMNS, seal(people.aoi)),
                                (check_taxes, TAX_COLUMNS, tax(people.aoi))):  # fmt: skip
        report = check(csv(columns, row), actor=IMPORTER, progress=quiet("t"))
        assert (report.new, report.problem_count) == (1, 0)
    assert not SealRegistration.objects.exists() and not TaxAssessment.objects.exists()


def test_without_the_right_nothing_is_read(people):
    with pytest.raises(Refused):
        seals(seal(people.aoi), actor=CLERK)
