"""How often one address may ask: counted once for all processes, and nobody passes uncounted."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from madoguchi.infra.models import Tries
from madoguchi.web import pace
from madoguchi.web.pace import too_many, too_many_of

MOST = 5


def tries(count, *, named="10.0.0.1", what="x", seconds=60):
    return [too_many_of(named, what=what, most=MOST, seconds=seconds) for _ in range(count)]


def test_so_many_and_no_more(db):
    assert tries(7) == [False] * MOST + [True, True]
    assert tries(2, named="10.0.0.2") == tries(2, what="y") == [False, False]


def test_when_its_time_is_over_it_begins_anew(db):
    tries(7)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE infra_tries SET until = clock_timestamp() - interval '1 s'")
    assert tries(2) == [False, False]


def test_the_end_does_not_move_with_each_try(db):
    tries(1)
    before = Tries.objects.get().until
    tries(3)
    assert Tries.objects.get().until == before


def test_the_address_is_not_kept(db):
    too_many(RequestFactory().get("/", REMOTE_ADDR="192.0.2.77"), what="x", a_minute=1)
    assert "192.0.2.77" not in Tries.objects.get().key


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_one_by_one():
    """As several processes and servers of one town: each on a line of its own."""
    gate = threading.Barrier(8)

    def one(_number):
        gate.wait()
        try:
            return tries(5)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as together:
        answers = [passed for all_of_one in together.map(one, range(8)) for passed in all_of_one]
    assert answers.count(False) == MOST
    assert Tries.objects.get().number == 40


def test_where_the_database_is_away_nobody_is_let_through(monkeypatch):
    class Away:
        def cursor(self):
            raise OperationalError

    monkeypatch.setattr(pace, "connection", Away())
    with pytest.raises(OperationalError):
        tries(1)


def test_nobody_waits_for_a_disk(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'infra_tries'")
        assert cursor.fetchone() == ("u",)
