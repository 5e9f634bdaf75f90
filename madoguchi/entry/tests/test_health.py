"""What a watching machine hears: alive, ready, figures; and what nobody else does."""

import json
import time

import pytest
from django.db import OperationalError, connection
from prometheus_client.parser import text_string_to_metric_families

from madoguchi.entry import health

pytestmark = pytest.mark.django_db
TOKEN = "a-word-for-the-watch"


def figures(client, settings, tmp_path):
    settings.MADOGUCHI_METRICS_TOKEN = TOKEN
    settings.MADOGUCHI_HOME = tmp_path
    answer = client.get("/health/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_alive_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").text == "ok\n"
    assert client.post("/health/live").status_code == 405


def test_ready_when_the_database_answers_with_the_newest_tables(client, monkeypatch):
    assert client.get("/health/ready").json() == {"database": True, "tables": True}

    class Older(health.MigrationExecutor):
        def migration_plan(self, *_given, **_named):
            return ["0002"]

    monkeypatch.setattr(health, "MigrationExecutor", Older)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["tables"]) == (503, False)

    monkeypatch.undo()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied)"
                       " VALUES ('register', '0999_of_a_later_version', now())")  # fmt: skip
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["tables"]) == (503, False)

    def gone(*_given, **_named):
        raise OperationalError("password of the database")

    monkeypatch.setattr(health.connection, "cursor", gone)
    answer = client.get("/health/ready")
    assert answer.status_code == 503 and "password" not in answer.text


def test_figures_do_not_exist_without_the_word(client, settings):
    for token, given in (
        ("", ""),
        ("", "Bearer "),
        (TOKEN, ""),
        (TOKEN, TOKEN),
        (TOKEN, "Bearer あ"),
    ):
        settings.MADOGUCHI_METRICS_TOKEN = token
        answer = client.get("/health/metrics", headers={"Authorization": given})
        assert answer.status_code == 404


def test_figures_tell_of_backups_that_do_not_come_back(client, settings, tmp_path):
    settings.MADOGUCHI_BACKUP_TO = ""
    found = figures(client, settings, tmp_path)
    assert found["madoguchi_database_up",] == 1 and found["madoguchi_database_bytes",] > 1_000_000
    assert found["madoguchi_worker_up",] == 0  # nobody works here
    assert found["madoguchi_backup_place_up",] == 0
    assert found["madoguchi_disk_free_bytes", "home"] > 0
    place = tmp_path / "place"
    (place / "log").mkdir(parents=True)
    (place / "reports").mkdir()
    settings.MADOGUCHI_BACKUP_TO = str(place)
    assert ("madoguchi_backup_intact",) not in figures(client, settings, tmp_path)
    (place / "log" / "000000010000000000000001.sealed").write_bytes(b"x")
    for name, intact in (("20260101-023000", True), ("20260102-023000", False)):
        (place / "reports" / f"{name}.json").write_text(json.dumps({"intact": intact}))
    found = figures(client, settings, tmp_path)
    assert found["madoguchi_backup_intact",] == 0 and found["madoguchi_backup_place_up",] == 1
    assert 0 <= found["madoguchi_backup_log_age_seconds",] < 60
    assert time.time() > found["madoguchi_backup_proved_age_seconds",] >= 0


def test_a_database_that_is_gone_is_a_figure_too(client, settings, tmp_path, monkeypatch):
    def gone(*_given, **_named):
        raise OperationalError

    monkeypatch.setattr(health.connection, "cursor", gone)
    found = figures(client, settings, tmp_path)
    assert found["madoguchi_database_up",] == 0 and ("madoguchi_jobs", "todo") not in found
