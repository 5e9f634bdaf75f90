"""The import page: dry run, load, stop, export; wrong role and bad input (取込みの画面)."""

import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.infra import files, progress
from madoguchi.infra.models import LongWork
from madoguchi.protection.testing import protect
from madoguchi.register.actions.importing import working
from madoguchi.register.jobs import import_register
from madoguchi.register.tests.csv_town import as_bytes, family, person_no, row

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kai(client):
    return staff.signed_in(client, staff.kai())


def text(answer):
    return answer.content.decode()


def send(client, rows, how="check"):
    """Upload and return the id of the work; the worker has not come yet."""
    upload = io.BytesIO(rows if isinstance(rows, bytes) else as_bytes(rows))
    upload.name = "register.csv"
    answer = client.post("/register/import/start", {"register": upload, "how": how})
    assert answer.status_code == 302, text(answer)
    return answer.url.rstrip("/").rsplit("/", 1)[1]


def work_off():
    """Do what a worker would do with the newest import in the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'register.import'"
            " ORDER BY id DESC LIMIT 1"
        )
        (given,) = cursor.fetchone()
    given = json.loads(given) if isinstance(given, str) else given
    import_register(**given, something_newer=True)


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def state(client, work_id):
    return text(client.get(reverse("register:import_state", args=[work_id])))


def left_behind(work_id):
    return {path.name for path in files.private_folder("imports", work_id).iterdir()}


def test_a_dry_run_reports_and_keeps_nothing(kai):
    work_id = send(kai, family())
    assert "待っています" in state(kai, work_id)
    work_off()
    page = state(kai, work_id)
    assert "直すところはありません" in page and "新しい人 5人" in page
    assert count("register_version") == 0
    assert left_behind(work_id) == {"report.json"}


def test_problems_stand_in_a_table_with_cause_and_remedy(kai):
    work_id = send(kai, [*family(), row(1), row(9, 生年月日="いつか")])
    work_off()
    page = state(kai, work_id)
    assert "直すところが 2か所" in page
    assert "8行目 生年月日" in page and "「いつか」を日付として読み取れません。" in page
    assert "CSV_PERSON_TWICE" in page


def test_loading_loads_and_coming_twice_changes_nothing(kai):
    work_id = send(kai, family(), how="load")
    work_off()
    assert "取り込みました" in state(kai, work_id)
    assert count("register_person") == 5
    work_off()
    assert count("register_version") == 5
    assert progress.find_work(work_id).state == "DONE"


def test_it_can_be_stopped_and_keeps_nothing(kai, monkeypatch):
    work_id = send(kai, family(), how="load")
    monkeypatch.setattr(progress, "SHOW_EVERY_S", 0)
    real = progress.start

    def stopped_at_once(*args, **given):
        work = real(*args, **given)
        kai.post(reverse("register:stop_import", args=[work_id]))
        return work

    monkeypatch.setattr(progress, "start", stopped_at_once)
    work_off()
    page = state(kai, work_id)
    assert "登録していません" in page and "途中で中止されました" in page
    assert count("register_version") == 0
    assert left_behind(work_id) == {"report.json"}


def test_while_it_runs_the_page_shows_how_far(kai):
    work_id = send(kai, family(), how="load")
    work = progress.start("register import", total=100, show=False, work_id=work_id)
    LongWork.objects.filter(id=work_id).update(done=40, step="register_version")
    page = state(kai, work_id)
    assert "40 / 100" in page and "台帳に登録しています" in page and "中止する" in page
    work.fail(cancelled=True)


def test_files_go_even_when_the_work_breaks(kai, monkeypatch):
    work_id = send(kai, family(), how="load")

    def broken(*_args, **_given):
        raise ZeroDivisionError

    monkeypatch.setattr(working, "import_csv", broken)
    with pytest.raises(ZeroDivisionError):
        work_off()
    assert left_behind(work_id) == set()


def test_the_right_is_asked_again_when_the_work_begins(kai):
    work_id = send(kai, family(), how="load")
    kai_account = staff.kai()
    kai_account.is_active = False
    kai_account.save()
    work_off()
    assert count("register_version") == 0
    kept = working.find_report(work_id)
    assert [one.code for one in kept.refused] == ["IMPORT_EXPORT_RIGHT_MISSING"]


@pytest.mark.parametrize("who", [staff.kaede, staff.nagi, staff.tsuru, staff.sango])
def test_without_the_right_every_door_is_closed(who):
    other = staff.signed_in(Client(), who())
    assert other.get("/register/import/").status_code == 403
    assert other.post("/register/import/start", {}).status_code == 403
    assert other.get(reverse("register:import_state", args=["a" * 26])).status_code == 403
    assert other.post(reverse("register:stop_import", args=["a" * 26])).status_code == 403
    assert other.post("/register/export").status_code == 403


def test_bad_input(kai):
    assert kai.post("/register/import/start", {"how": "load"}).status_code == 422
    assert kai.get(reverse("register:import_state", args=["a" * 26])).status_code == 404
    assert kai.get("/register/import/..%2F..%2Fetc/").status_code == 404
    assert kai.get("/register/export").status_code == 405
    work_id = send(kai, b"\xff\xfe\x00", how="load")
    work_off()
    assert "登録していません" in state(kai, work_id)


def test_the_export_downloads_and_leaves_nothing(kai):
    send(kai, family(), how="load")
    work_off()
    answer = kai.post("/register/export", {"encoding": "utf-8"})
    data = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert data.decode().startswith("宛名番号,") and "湊　航平" in data.decode()
    assert list(files.private_folder("exports").iterdir()) == []
    assert count("audit_entry") > 0


def test_a_letter_cp932_lacks_is_said_on_the_page(kai):
    send(kai, family(), how="load")
    work_off()
    answer = kai.post("/register/export", {"encoding": "cp932"})
    assert answer.status_code == 422 and "U+20BB7" in text(answer)


def test_a_chief_exports_held_people_too_and_they_come_back(kai):
    send(kai, [row(1), row(2)], how="load")
    work_off()
    protect(person_no(1))
    data = b"".join(kai.post("/register/export").streaming_content).decode()
    assert "支援措置\r\n" in data and person_no(1) in data
