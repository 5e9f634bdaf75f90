"""A job is a row of the caller's transaction, and its faults are the caller's faults."""

from unittest import mock

import psycopg
import pytest
from django.db import OperationalError
from procrastinate.exceptions import ConnectorException

from madoguchi.infra import queue


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
