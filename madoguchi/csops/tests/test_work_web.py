"""The CS's pages: works, wrong role, what is not there, bad input; no person stands on them."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.csops.actions.demo import fill_demo_cs, has_cs
from madoguchi.csops.models import AssetRow, HoursWorked, Incident, RestoreTest, Work
from madoguchi.infra import clock, unit
from madoguchi.register.testing import at as moment

pytestmark = pytest.mark.django_db
NOW = moment("2027-01-26T19:00")
HASH = "AB" * 32


def at(name, *args):
    return reverse(f"csops:{name}", args=args)


@pytest.fixture
def kaede(client):
    with clock.frozen(NOW):
        yield staff.signed_in(client, staff.kaede())


def planned(client, kind="BACKUP"):
    given = {"kind": kind, "title": "1月の作業", "planned_on": "2027-01-26"}
    assert client.post(at("plan"), given).status_code == 302
    return Work.objects.get(kind=kind).work_id


def started(client, kind="BACKUP"):
    work_id = planned(client, kind)
    client.post(at("start", work_id), {"on": "2027-01-26", "at": "17:30"})
    return work_id


def ticked(client, work_id):
    for step in Work.objects.get(work_id=work_id).steps.all():
        assert client.post(at("step", work_id, step.number), {"do": "tick"}).status_code == 302


DONE = {"to": "DONE", "on": "2027-01-26", "at": "18:30", "result": "", "place": "耐火金庫 3番",
        "size_bytes": "123456", "sha256": HASH}  # fmt: skip


def test_a_backup_from_its_plan_to_its_restore_test(kaede):
    work_id = started(kaede)
    assert "CS_STEPS_OPEN" in kaede.post(at("finish", work_id), DONE).text
    ticked(kaede, work_id)
    assert kaede.post(at("finish", work_id), DONE).status_code == 302
    page = kaede.get(at("work", work_id)).text
    assert "123,456 バイト" in page and HASH.lower() in page and "川畑 かえで" in page
    year = kaede.get(at("home")).text
    assert "12か月のうち1か月" in year and "◎ 復元まで済み 0" in year and "○ とった 1" in year
    # An hour from 17:30, all of it after the office: 2,662 yen by 1.25.
    assert "3,328円" in year
    test = {"tested_on": "2027-01-26", "restored": "YES", "sha256": " ".join(HASH), "note": ""}
    assert kaede.post(at("restore", work_id), test).status_code == 302
    year = kaede.get(at("home")).text
    assert "復元まで済み" in year and "◎ 復元まで済み 1" in year


def test_b3_a_copy_with_another_hash_did_not_come_back_and_what_was_tested_stays(kaede):
    work_id = started(kaede)
    ticked(kaede, work_id)
    kaede.post(at("finish", work_id), DONE)
    other = {"tested_on": "2027-01-26", "restored": "YES", "sha256": "cd" * 32, "note": ""}
    answer = kaede.post(at("restore", work_id), other)
    assert answer.status_code == 422 and "CS_HASH_DIFFERS" in answer.text
    assert kaede.post(at("restore", work_id), other | {"restored": "NO"}).status_code == 302
    assert "× 復元できず 1" in kaede.get(at("home")).text
    with pytest.raises(IntegrityError), transaction.atomic():
        RestoreTest.objects.update(restored=True)


def test_an_update_keeps_the_hash_of_its_evidence_and_not_the_file(kaede):
    work_id = started(kaede, "UPDATE")
    ticked(kaede, work_id)
    kaede.post(at("step", work_id, 1), {"do": "untick"})
    assert "CS_STEPS_OPEN" in kaede.post(at("finish", work_id), DONE).text
    kaede.post(at("step", work_id, 1), {"do": "tick"})
    file = SimpleUploadedFile("画面.png", b"picture")
    kaede.post(at("finish", work_id), {**DONE, "evidence": file, "result": "版 3 になった"})
    row = Work.objects.get()
    assert (row.state, row.evidence_name) == ("DONE", "画面.png")
    assert row.evidence_sha256 == hashlib.sha256(b"picture").hexdigest()
    assert "この年度 1回" in kaede.get(at("home")).text


def test_who_else_worked_counts_and_a_plan_can_be_called_off(kaede):
    work_id = started(kaede)
    extra = {"staff_id": "kaede", "on": "2027-01-26", "begins": "17:30", "ends": "18:00"}
    assert kaede.post(at("hours", work_id), extra).status_code == 302
    assert HoursWorked.objects.get().ended_at - HoursWorked.objects.get().began_at == timedelta(
        minutes=30
    )
    off = planned(kaede, "UPDATE")
    assert kaede.post(at("call_off", off)).status_code == 302
    assert "取りやめました" in kaede.get(at("work", off)).text
    assert "CS_WORK_NOT_PLANNED" in kaede.post(at("call_off", off)).text


def test_assets_warn_ahead_and_leave_with_their_day(kaede):
    given = {"kind": "SERVER", "name": "CSサーバー", "count": "1", "procured_on": "2022-04-01",
             "support_until": "2027-03-31", "note": ""}  # fmt: skip
    assert kaede.post(at("add_asset"), given).status_code == 302
    assert "準備</span>" in kaede.get(at("home")).text
    row = AssetRow.objects.get()
    assert "CS_MOMENT_AHEAD" in kaede.post(at("retire_asset", row.pk), {"on": "2027-02-01"}).text
    assert kaede.post(at("retire_asset", row.pk), {"on": "2027-01-20"}).status_code == 302
    assert "準備</span>" not in kaede.get(at("home")).text
    assert "CSサーバー" in kaede.get(at("assets")).text


def test_an_incident_stands_on_the_first_page_until_it_is_mended(kaede):
    given = {"on": "2027-01-26", "at": "10:00", "what": "送受信が止まった"}
    assert kaede.post(at("note_incident"), given).status_code == 302
    assert "復旧していない障害" in kaede.get(at("home")).text
    row = Incident.objects.get()
    assert "CS_RESULT_MISSING" in kaede.post(at("mend_incident", row.pk), {"how": " "}).text
    assert kaede.post(at("mend_incident", row.pk), {"how": "回線を直した"}).status_code == 302
    assert "復旧していない障害" not in kaede.get(at("home")).text
    assert "回線を直した" in kaede.get(at("incidents")).text


GETS = [("home", ()), ("assets", ()), ("incidents", ()), ("work", ("x",))]
POSTS = [
    ("plan", ()), ("start", ("x",)), ("step", ("x", 1)), ("finish", ("x",)), ("call_off", ("x",)),
    ("restore", ("x",)), ("hours", ("x",)), ("add_asset", ()), ("retire_asset", ("x",)),
    ("note_incident", ()), ("mend_incident", ("x",)),
]  # fmt: skip


def test_the_wrong_role_is_refused_and_the_officer_who_sees_no_person_is_not(client):
    staff.signed_in(client, staff.tsuru())
    for name, args in GETS:
        assert client.get(at(name, *args)).status_code == 403, name
    for name, args in POSTS:
        assert client.post(at(name, *args)).status_code == 403, name
    staff.signed_in(client, staff.sango())
    assert client.get(at("home")).status_code == 200
    assert client.get(at("day")).status_code == 403


@pytest.mark.parametrize(
    ("name", "args", "given"),
    [("work", ("x",), None), ("start", ("x",), {"on": "2027-01-26", "at": "9:00"}),
     ("step", ("x", 1), {"do": "tick"}), ("finish", ("x",), DONE), ("call_off", ("x",), {}),
     ("restore", ("x",), {}), ("hours", ("x",), {})],
)  # fmt: skip
def test_work_nobody_knows_is_not_there(kaede, name, args, given):
    answer = kaede.get(at(name, *args)) if given is None else kaede.post(at(name, *args), given)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [("plan", {"kind": "DANCE", "title": "", "planned_on": "soon"}, "DATE_UNREADABLE"),
     ("plan", {"kind": "BACKUP", "title": "123456789018", "planned_on": "2027-01-26"},
      "TEXT_HAS_INDIVIDUAL_NUMBER"),
     ("add_asset", {"kind": "SERVER", "name": "x", "count": "1", "procured_on": "2027-01-01",
                    "support_until": "2026-01-01"}, "CS_SUPPORT_BEFORE_PURCHASE"),
     ("note_incident", {"on": "2027-01-27", "at": "9:00", "what": "x"}, "CS_MOMENT_AHEAD")],
)  # fmt: skip
def test_bad_input_is_told(kaede, name, given, code):
    answer = kaede.post(at(name), given)
    assert answer.status_code == 422 and code in answer.text
    assert not Work.objects.exists() and not AssetRow.objects.exists()


def test_bad_input_about_one_piece_of_work_is_told_beside_the_field(kaede):
    work_id = started(kaede)
    assert "BAD_INPUT" in kaede.post(at("step", work_id, 1), {"do": "dance"}).text
    assert "CS_STEP_UNKNOWN" in kaede.post(at("step", work_id, 99), {"do": "tick"}).text
    late = kaede.post(at("finish", work_id), DONE | {"at": "23:00"})
    assert late.status_code == 422 and "CS_MOMENT_AHEAD" in late.text
    assert kaede.get(at("home"), {"year": "x"}).status_code == 200


def test_every_step_of_the_work_is_in_the_record(kaede):
    work_id = started(kaede)
    ticked(kaede, work_id)
    kaede.post(at("finish", work_id), DONE)
    said = {one.note.action for one in list_entries(wanted=EntryFilter()).entries}
    assert {"CS_WORK_PLANNED", "CS_WORK_STARTED", "CS_STEP_MARKED", "CS_WORK_FINISHED"} <= said


def test_the_demo_shows_every_kind_of_month_and_five_towns_with_windows(kaede):
    unit.run(fill_demo_cs, actor=staff.actor_for(staff.kaede()), now=clock.now())
    assert has_cs()
    page = kaede.get(at("home")).text
    for words in (
        "◎ 復元まで済み 3",
        "× 復元できず 1",
        "― とっていない 1",
        "第2版",
        "操作者カード",
    ):
        assert words in page
    assert "5団体すべてに枠" in kaede.get(at("shared"), {"find": "1"}).text
    assert "<b>1,000円</b>" in kaede.get(at("shared"), {"yen": "1000"}).text


def test_a_full_year_asks_no_more_questions(kaede, django_assert_max_num_queries):
    planned(kaede)
    with django_assert_max_num_queries(25):
        kaede.get(at("home"))
