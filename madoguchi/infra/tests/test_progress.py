import psycopg
import pytest
from django.db import connection

from madoguchi.infra import appendonly, progress
from madoguchi.infra.models import LongWork


def test_a_stop_is_heard_and_told(transactional_db, monkeypatch):
    monkeypatch.setattr(progress, "SHOW_EVERY_S", 0)
    work = progress.start("読み込み", total=10, show=False)
    work.advance(3)
    progress.ask_to_stop(work.work_id)
    with pytest.raises(progress.Cancelled):
        work.advance(1)
    work.fail(cancelled=True)
    row = progress.find_work(work.work_id)
    assert (row.state, row.done, row.total) == ("CANCELLED", 4, 10)


def test_it_is_seen_before_the_work_commits(transactional_db, monkeypatch):
    monkeypatch.setattr(progress, "SHOW_EVERY_S", 0)
    work = progress.start("読み込み", total=2, show=False)
    work.advance(1)
    assert LongWork.objects.get(id=work.work_id).done == 1
    work.finish()
    assert progress.find_work(work.work_id).state == "DONE"


def test_an_append_only_table_refuses_change_and_removal(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE only_grows (n int)")
        cursor.execute(appendonly.AppendOnly("only_grows").sql)
        cursor.execute("INSERT INTO only_grows VALUES (1)")
        for wish in (
            "UPDATE only_grows SET n = 2",
            "DELETE FROM only_grows",
            "TRUNCATE only_grows",
        ):
            with pytest.raises(Exception, match="append-only") as caught:
                cursor.execute(wish)
            assert isinstance(caught.value.__cause__, psycopg.errors.RestrictViolation)
        cursor.execute(appendonly.AppendOnly("only_grows").reverse_sql)
        cursor.execute("DROP TABLE only_grows")
