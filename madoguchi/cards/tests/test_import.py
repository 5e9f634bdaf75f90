"""card_certificates.csv on the real tables: all of it or nothing, every problem at once."""

from __future__ import annotations

import contextlib
import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.cards import api
from madoguchi.cards.domain.certificates import CertificateState, Purpose
from madoguchi.cards.models import Certificate
from madoguchi.cards.testing import ISSUER, as_bytes, certify, enter, row
from madoguchi.infra import clock, facts, unit
from madoguchi.infra.progress import quiet
from madoguchi.kernel import intake
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.kernel.outcome import Refused
from madoguchi.web import messages

NOW = datetime(2026, 11, 23, 9, tzinfo=clock.JAPAN)
AOI, RIN, HARU = (make_addressee_no(serial) for serial in (1, 2, 3))
IMPORTER = Actor(
    staff_id="kai", name="碇山 かい", rights=frozenset({Right.IMPORT_EXPORT}),
    place="本庁", terminal="01", purpose="電子証明書の取込み",
)  # fmt: skip


@pytest.fixture
def town(db):
    enter(AOI, RIN, HARU)


def load(*rows, actor=IMPORTER, **how):
    with clock.frozen(NOW):
        return unit.run_long(
            api.import_certificates,
            io.BytesIO(as_bytes(rows, **how)),
            actor=actor,
            progress=quiet("test"),
        )


def try_out(*rows):
    with clock.frozen(NOW):
        return api.check_certificates(
            io.BytesIO(as_bytes(rows)), actor=IMPORTER, progress=quiet("test")
        )


def problems(*rows, **how):
    before = kept()
    with pytest.raises(intake.FileRefused) as refused:
        load(*rows, **how)
    assert kept() == before, "nothing is half-loaded"
    messages.render_all(refused.value.report.problems)
    return [(one.code, one.where) for one in refused.value.report.problems]


def kept():
    return list(Certificate.objects.order_by("id").values())


def holder(serial, on=None, issuer=ISSUER):
    return api.holder_of(issuer=issuer, serial=serial, on=on or NOW.date())


# -- what is loaded ----------------------------------------------------------------------


def test_a_loaded_certificate_has_its_holder(town):
    report = load(row(AOI, "11"), row(AOI, "12", 種別="署名用"), row(RIN, "21"))
    assert (report.rows, report.new, report.changed, report.loaded) == (3, 3, 0, 3)
    found = holder("11")
    assert (found.person_id, found.registered_on) == (AOI, date(2026, 4, 2))
    assert (found.valid_from, found.valid_until) == (date(2026, 4, 1), date(2031, 3, 31))
    assert not found.stopped
    assert holder("21").person_id == RIN
    (entry,) = list_entries(wanted=EntryFilter(action="CARDS_IMPORTED")).entries
    assert set(entry.note.subjects) == {AOI, RIN}
    assert entry.note.detail["rows"] == 3
    (fact,) = facts.list_facts(name="card_certificates_imported", since=NOW - timedelta(days=1))
    assert fact.values == {"rows": 3, "new": 3, "changed": 0}


def test_c5_a_signing_certificate_proves_nobody(town):
    load(row(AOI, "12", 種別="署名用"))
    assert holder("12") is None


def test_c5_what_was_registered_later_was_not_known_then(town):
    load(row(AOI, "11", 登録日="2026-11-23"))
    assert holder("11", on=date(2026, 11, 22)) is None
    assert holder("11").registered_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("issuer", "serial"),
    [(ISSUER, "99"), ("CN=Other,C=JP", "11"), ("", "11"), ("no name", "11"), (ISSUER, ""),
     (ISSUER, "１１"), (ISSUER, "1'1"), (ISSUER, "\x00"), (ISSUER, "11" * 500)],
)  # fmt: skip
def test_an_unknown_certificate_has_no_holder(town, issuer, serial):
    load(row(AOI, "11"))
    assert holder(serial, issuer=issuer) is None


def test_the_issuer_may_be_written_with_blanks(town):
    spaced = ", ".join(part.lower()[:2] + part[2:] for part in ISSUER.split(","))
    load(row(AOI, "11", 発行者=spaced), row(RIN, "11", 発行者="CN=Another,C=JP"))
    assert holder("11").person_id == AOI
    assert holder("11", issuer="CN=Another, C=JP").person_id == RIN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_c3_the_same_file_twice_changes_nothing(town, encoding):
    rows = [row(AOI, "11"), row(RIN, "21", 登録日="令和8年4月2日")]
    load(*rows, encoding=encoding)
    before = kept()
    report = load(*rows, encoding=encoding)
    assert (report.new, report.changed, report.unchanged) == (0, 0, 2)
    assert kept() == before


def test_c3_columns_in_any_order_and_further_ones_are_passed_over(town):
    names = ["備考", *reversed(as_bytes([]).decode().strip().split(","))]
    load(row(AOI, "11", 備考="窓口で確認"), names=names)
    assert holder("11").person_id == AOI


def test_stopped_taken_up_again_and_registered_anew(town):
    load(row(AOI, "11"), row(RIN, "21"))
    report = load(row(AOI, "11", 状態="停止"))
    assert (report.new, report.changed, report.unchanged) == (0, 1, 0)
    assert holder("11").stopped
    assert not holder("21").stopped, "whom the file does not name is left alone"
    load(row(AOI, "11", 登録日="2026-10-01"))
    assert (holder("11").stopped, holder("11").registered_on) == (False, date(2026, 10, 1))


def test_c4_revoked_is_for_good(town):
    load(row(AOI, "11", 状態="失効"))
    assert holder("11").stopped
    for word in ("有効", "停止"):
        assert problems(row(AOI, "11", 状態=word)) == [("CARDS_REVOKED_STAYS", "line 2, 状態")]


def test_a_renewed_card_in_one_file(town):
    load(row(AOI, "11"))
    load(row(AOI, "12", 有効開始日="2026-11-01", 登録日="2026-11-01"), row(AOI, "11", 状態="失効"))
    assert holder("11").stopped
    assert not holder("12").stopped
    # Both at once the other way round: deferred, so that no order of rows is wrong.
    load(row(RIN, "21"), row(RIN, "22", 状態="停止"))
    load(row(RIN, "22"), row(RIN, "21", 状態="停止"))
    assert (holder("21").stopped, holder("22").stopped) == (True, False)


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(town):
    load(row(AOI, "11"))
    before = kept()
    report = try_out(row(AOI, "11", 状態="停止"), row(RIN, "21"), row(HARU, "21"))
    assert [one.code for one in report.problems] == ["CARDS_CERTIFICATE_OF_TWO"]
    report = try_out(row(AOI, "11", 状態="停止"), row(RIN, "21"))
    assert (report.rows, report.new, report.changed, report.problems) == (2, 1, 1, ())
    assert kept() == before
    assert not list_entries(wanted=EntryFilter(action="CARDS_IMPORTED")).entries[1:]


# -- what is refused ---------------------------------------------------------------------


def test_c1_one_certificate_is_one_persons(town):
    assert problems(row(AOI, "11"), row(RIN, "11")) == [
        ("CARDS_CERTIFICATE_OF_TWO", "line 3, シリアル番号")
    ]
    load(row(AOI, "11"))
    assert problems(row(RIN, "11")) == [("CARDS_CERTIFICATE_TAKEN", "line 2, シリアル番号")]
    assert problems(row(AOI, "11"), row(AOI, "0011")) == [
        ("CARDS_CERTIFICATE_TWICE", "line 3, シリアル番号")
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        certify(RIN, serial="11")


def test_c2_two_valid_certificates_of_a_person(town):
    assert problems(row(AOI, "11"), row(AOI, "12")) == [("CARDS_TWO_VALID", "line 3, 状態")]
    load(row(AOI, "11"))
    assert problems(row(AOI, "12")) == [("CARDS_TWO_VALID_KEPT", "line 2, 状態")]
    load(row(AOI, "12", 種別="署名用"), row(AOI, "13", 状態="停止"))
    load(row(AOI, "14", 有効開始日="2031-04-01", 有効終了日="2036-03-31"))


def test_c2_the_table_refuses_a_second_one(town):
    certify(AOI, serial="11")
    certify(AOI, serial="12", purpose=Purpose.SIGN)
    certify(AOI, serial="13", state=CertificateState.STOPPED)
    certify(RIN, serial="14")
    with pytest.raises(IntegrityError), transaction.atomic():
        certify(AOI, serial="15", valid_from=date(2031, 3, 31), valid_until=date(2036, 3, 31))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS cards_certificate_one_valid IMMEDIATE")


@pytest.mark.parametrize(
    ("column", "value"),
    [("種別", "署名用"), ("有効開始日", "2026-04-02"), ("有効終了日", "2030-03-31")],
)
def test_what_is_written_into_a_certificate_never_changes(town, column, value):
    load(row(AOI, "11"))
    assert problems(row(AOI, "11", **{column: value})) == [
        ("CARDS_CERTIFICATE_DIFFERS", f"line 2, {column}")
    ]


def test_c6_nobody_the_register_does_not_know(town):
    stranger = make_addressee_no(99)
    assert problems(row(AOI, "11"), row(stranger, "99")) == [
        ("CARDS_PERSON_UNKNOWN", "line 3, 宛名番号")
    ]


def test_c3_every_problem_of_every_row_at_once(town):
    stranger = make_addressee_no(99)
    found = problems(
        row("12", "0x1F", 種別="認証用", 有効開始日="きのう", 状態=""),
        row(stranger, "5", 発行者="だれか", 有効終了日="2020-01-01", 登録日="2026-11-24"),
        row(AOI, "11"),
        row(RIN, "11", 有効終了日=""),
    )
    assert set(found) == {
        ("CSV_CHECK_DIGIT", "line 2, 宛名番号"),
        ("CARDS_SERIAL_UNREADABLE", "line 2, シリアル番号"),
        ("CSV_WORD_UNKNOWN", "line 2, 種別"),
        ("DATE_UNREADABLE", "line 2, 有効開始日"),
        ("CARDS_CELL_BLANK", "line 2, 状態"),
        ("CARDS_ISSUER_UNREADABLE", "line 3, 発行者"),
        ("CARDS_DAYS_REVERSED", "line 3, 有効終了日"),
        ("CARDS_REGISTERED_AHEAD", "line 3, 登録日"),
        ("CARDS_PERSON_UNKNOWN", "line 3, 宛名番号"),
        ("CARDS_CELL_BLANK", "line 5, 有効終了日"),
        ("CARDS_CERTIFICATE_OF_TWO", "line 5, シリアル番号"),
    }
    assert len(found) == len(set(found))


def test_problems_beyond_the_first_thousand_are_counted(town, monkeypatch):
    monkeypatch.setattr(intake, "LISTED_MAX", 3)
    with pytest.raises(intake.FileRefused) as refused:
        load(*(row(AOI, f"x{n}") for n in range(5)))
    assert len(refused.value.report.problems) == 3
    assert refused.value.report.problem_count == 5


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", {"CSV_EMPTY"}),
        (b"\xff\xff", {"CSV_ENCODING"}),
        (b"a\0b", {"CSV_NUL"}),
        (as_bytes([], names=["宛名番号", "宛名番号", "個人番号"]),
         {"CSV_COLUMN_TWICE", "CSV_COLUMN_MISSING", "CARDS_INDIVIDUAL_NUMBER_COLUMN"}),
        (as_bytes([]) + b'"open', {"CSV_QUOTES"}),
        (as_bytes([]) + b"1,2\n", {"CSV_RAGGED", "CSV_CHECK_DIGIT", "CARDS_ISSUER_UNREADABLE"}),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_in_words(town, data, codes):
    with pytest.raises(intake.FileRefused) as refused, clock.frozen(NOW):
        unit.run_long(
            api.import_certificates, io.BytesIO(data), actor=IMPORTER, progress=quiet("test")
        )
    messages.render_all(refused.value.report.problems)
    assert {one.code for one in refused.value.report.problems} == codes


def test_a_number_a_spreadsheet_may_have_rounded_is_warned_of(town):
    report = load(row(AOI, "12345678901234500000"), row(RIN, "12345678901234567890"))
    assert [(one.code, one.where) for one in report.warnings] == [
        ("CARDS_SERIAL_ROUNDED", "line 2, シリアル番号")
    ]


@pytest.mark.parametrize("action", [api.import_certificates, api.check_certificates])
def test_without_the_right_nothing_is_read(town, action):
    nobody = replace(IMPORTER, rights=frozenset(Right) - {Right.IMPORT_EXPORT})
    with pytest.raises(Refused, match="IMPORT_EXPORT_RIGHT_MISSING"):
        action(io.BytesIO(as_bytes([row(AOI, "11")])), actor=nobody, progress=quiet("test"))


# -- any order of files ------------------------------------------------------------------

_rows = st.builds(
    row,
    st.sampled_from([AOI, RIN]),
    st.sampled_from(["11", "12", "13"]),
    種別=st.sampled_from(["利用者証明用", "署名用"]),
    状態=st.sampled_from(["有効", "停止", "失効"]),
    有効開始日=st.sampled_from(["2021-04-01", "2026-04-01"]),
    有効終了日=st.sampled_from(["2026-03-31", "2031-03-31"]),
)


_EACH = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_EACH
@given(files=st.lists(st.lists(_rows, min_size=1, max_size=4), min_size=1, max_size=5))
def test_c1_c2_c4_hold_after_any_files_in_any_order(town, files):
    Certificate.objects.all().delete()
    revoked = set()
    owner = {}
    for rows in files:
        try:
            load(*rows)
        except intake.FileRefused as refused:
            assert refused.report.problem_count
            continue
        for one in kept():
            assert owner.setdefault(one["serial"], one["person_id"]) == one["person_id"]
            assert one["serial"] not in revoked or one["state"] == "REVOKED"
            revoked |= {one["serial"]} if one["state"] == "REVOKED" else set()
        valid = [one for one in kept() if one["state"] == "VALID"]
        for day in (date(2021, 4, 1), date(2026, 3, 31), date(2026, 4, 1), date(2031, 3, 31)):
            alive = [
                (one["person_id"], one["purpose"])
                for one in valid
                if one["valid_from"] <= day <= one["valid_until"]
            ]
            assert len(alive) == len(set(alive))


@_EACH
@given(before=st.lists(_rows, min_size=1, max_size=4), rows=st.lists(_rows, min_size=1, max_size=4))
def test_c3_a_dry_run_and_the_import_say_the_same(town, before, rows):
    Certificate.objects.all().delete()
    with contextlib.suppress(intake.FileRefused):
        load(*before)
    said = try_out(*rows)
    try:
        done = load(*rows)
    except intake.FileRefused as refused:
        done = refused.report
    assert said == done
