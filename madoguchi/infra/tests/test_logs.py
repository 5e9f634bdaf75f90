"""Nothing personal comes into the log by way of an exception or an address."""

import io
import json
import logging
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from psycopg.errors import AdminShutdown, QueryCanceled

from madoguchi.infra.logs import Line, NoAddress, Row


@pytest.fixture
def written():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Line("{levelname} {message}", style="{"))
    handler.addFilter(NoAddress())
    log = logging.getLogger("madoguchi.infra.tests.logs")
    log.propagate = False
    log.addHandler(handler)
    yield log, stream
    log.removeHandler(handler)


def test_a_traceback_says_where_and_what_kind_not_what_was_in_the_row(written):
    log, stream = written
    name = "潮"
    try:
        int(name + "　凛")
    except ValueError:
        log.exception("it broke")
    said = stream.getvalue()
    assert "ValueError" in said
    assert "test_logs.py" in said
    assert "潮　凛" not in said.replace('"', "")


def test_an_address_becomes_its_route(written):
    log, stream = written
    asked = SimpleNamespace(
        path="/person/100000000000017/", resolver_match=SimpleNamespace(route="person/<id>/")
    )
    log.warning("%s: %s", "Not Found", asked.path, extra={"request": asked})
    asked = SimpleNamespace(path="/100000000000017", resolver_match=None)
    log.warning("%s: %s", "Not Found", asked.path, extra={"request": asked})
    assert stream.getvalue() == ("WARNING Not Found: person/<id>/\nWARNING Not Found: (no route)\n")


def test_a_lost_line_is_said_in_one_line_and_a_slow_question_with_where_it_stood(written):
    log, stream = written
    for cause, lines in ((AdminShutdown("x"), 1), (QueryCanceled("x"), 5)):
        stream.seek(stream.truncate(0))
        try:
            raise OperationalError("潮　凛") from cause  # noqa: TRY301  as a driver does
        except OperationalError:
            log.exception("request %s failed", "a/b")
        said = stream.getvalue()
        assert said.startswith("ERROR request a/b failed") and "OperationalError" in said
        assert "潮　凛" not in said.replace('"', "") or lines > 1
        assert (len(said.splitlines()) > 1) is (lines > 1)


def test_a_row_for_machines_says_the_same_on_one_line(written):
    log, stream = written
    log.handlers[0].setFormatter(Row())
    asked = SimpleNamespace(path="/person/1/", resolver_match=SimpleNamespace(route="person/<id>/"))
    try:
        int("潮" + "　凛")
    except ValueError:
        log.exception("%s\nbroke", asked.path, extra={"request": asked})
    (line,) = stream.getvalue().splitlines()
    row = json.loads(line)
    assert (row["level"], row["message"], row["exception"]) == (
        "ERROR",
        "person/<id>/\nbroke",
        "ValueError",
    )
    assert "test_logs.py" in row["where"][0] and row["at"].endswith("+00:00")
    assert "潮　凛" not in line and "潮" not in line
