"""Work handed out to processes, and rows written for COPY (手分け・COPY)."""

import os
from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.register.actions.crews import WORTH_A_CREW, in_order
from madoguchi.register.domain.copytext import copy_text


def _square(number):
    return number * number, os.getpid()


def _refuse(number):
    if number == 12:
        raise ValueError(number)
    return number


@pytest.mark.parametrize("count", [0, 3, WORTH_A_CREW - 1, WORTH_A_CREW * 4])
def test_answers_come_in_the_order_of_the_calls(count):
    found = list(in_order(_square, ((n,) for n in range(count))))
    assert [one for one, _ in found] == [n * n for n in range(count)]
    others = {process for _, process in found} - {os.getpid()}
    assert bool(others) is (count >= WORTH_A_CREW and (os.cpu_count() or 1) > 1)


def test_it_never_runs_far_ahead_of_the_listener():
    begun = []

    def calls():
        for n in range(1000):
            begun.append(n)
            yield (n,)

    answers = in_order(_square, calls())
    next(answers)
    assert len(begun) <= WORTH_A_CREW + (os.cpu_count() or 1) * 3
    answers.close()
    assert len(begun) < 100


def test_a_worker_that_fails_fails_the_work():
    with pytest.raises(ValueError, match="12"):
        list(in_order(_refuse, ((n,) for n in range(50))))


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
            st.none() | st.booleans(),
            st.none() | st.integers(-(2**31), 2**31 - 1),
            st.none() | st.dates(),
            st.lists(st.integers(-(2**31), 2**31 - 1), max_size=4),
        ),
        max_size=5,
    )
)
def test_the_database_reads_back_what_was_written(rows):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.copied")
        cursor.execute(
            "CREATE TEMP TABLE copied (place serial, a text, b boolean, c integer, d date, e int[])"
        )
        with cursor.copy("COPY copied (a, b, c, d, e) FROM STDIN") as copy:
            copy.write(copy_text(rows))
        cursor.execute("SELECT a, b, c, d, e FROM copied ORDER BY place")
        assert cursor.fetchall() == [(a, b, c, d, list(e)) for a, b, c, d, e in rows]


def test_codes_stand_in_arrays_and_nothing_that_needs_a_quote():
    assert copy_text([(("MOVE_IN_DOMESTIC", "BIRTH"), date(1, 1, 1))]) == (
        b"{MOVE_IN_DOMESTIC,BIRTH}\t0001-01-01\n"
    )
    with pytest.raises(AssertionError):
        copy_text([(('a"b',),)])
