"""A job is a row of the caller's transaction, and its faults are the caller's faults."""

from unittest import mock

import psycopg
import pytest
from django.db import OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from madoguchi.infra import jobs, queue


def broken(error):
    """A queue whose database goes away while a job is put in."""
    failing = mock.Mock()
    failing.configure_task.return_value.defer.side_effect = error
    return mock.patch.object(queue, "app", failing)


def test_a_line_cut_while_deferring_is_a_lost_database_as_everywhere():
    error = ConnectorException()
    error.__cause__ = psycopg.OperationalError("server closed the connection unexpectedly")
    with broken(error), pytest.raises(OperationalError):
        queue.defer("certificates.render", queue="papers", request_id="x")


def test_an_error_already_of_the_house_stays_as_it_is():
    error = ConnectorException()
    error.__cause__ = OperationalError("too many clients")
    with broken(error), pytest.raises(OperationalError, match="too many clients"):
        queue.defer("certificates.render", queue="papers", request_id="x")


def put(cursor, *, silent, attempts=0):
    """A job somebody began: by a worker silent for so many seconds, or by one that is gone (None)."""
    worker = None
    if silent is not None:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 s')"
            " RETURNING id", [silent],
        )  # fmt: skip
        (worker,) = cursor.fetchone()
    cursor.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, worker_id)"
        " VALUES ('papers', 'certificates.render', 'doing', %s, %s) RETURNING id", [attempts, worker],
    )  # fmt: skip
    return cursor.fetchone()[0]


def test_what_a_dead_worker_was_at_is_done_again_and_what_a_living_one_does_is_left(db):
    with connection.cursor() as cursor:
        gone, silent, busy, kills = (
            put(cursor, silent=None), put(cursor, silent=31), put(cursor, silent=5),
            put(cursor, silent=None, attempts=6),
        )  # fmt: skip
        assert queue.take_up_stalled() == 2
        cursor.execute("SELECT id, status::text, attempts FROM procrastinate_jobs")
        found = {job: (status, attempts) for job, status, attempts in cursor.fetchall()}
    assert found[gone] == found[silent] == ("todo", 1)
    assert found[busy] == ("doing", 0)
    # What was begun over and over may be what kills workers: it stays where it is seen.
    assert found[kills] == ("doing", 6)


def test_it_is_looked_for_each_minute():
    found = {key[0]: one for key, one in app.periodic_registry.periodic_tasks.items()}
    assert found[jobs.AGAIN].cron == "* * * * *"
