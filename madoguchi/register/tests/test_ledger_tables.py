"""What the database itself keeps and refuses (異動履歴の表)."""

import contextlib
import threading
from dataclasses import replace
from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.infra import clock, progress
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.register.actions.bulk import append_versions, copy_rows
from madoguchi.register.domain.items import ITEM_NAMES, VERSION_NAMES, Status, StayClass
from madoguchi.register.domain.reasons import NationalityGroup, Reason
from madoguchi.register.models import Person, Version
from madoguchi.register.queries.loading import reserve_household_no, reserve_person_ids
from madoguchi.register.queries.persons import history_of, households_of, persons_of, snapshot
from madoguchi.register.testing import at, make_version, resident_code

ONE, TWO, THREE = "000000000000019", "000000000000027", "000000000000035"


def version(person_id=ONE, history_no=1, **given):
    given.setdefault("resident_code", "")
    return make_version(person_id, history_no, **given)


def head_of(person_id):
    return Person.objects.filter(person_id=person_id).values_list("history_no", flat=True).first()


def refused(*rows):
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_rows(rows)


def test_a_version_comes_back_as_it_went_in(db):
    row = version(
        reason=Reason.ENTER_EX_OFFICIO,
        effective_written="令和2年4月頃",
        changed=("name", "birth"),
        corrects_no=1,
        nationality_group=NationalityGroup.FOREIGN,
        stay_class=StayClass.SPECIAL_PERMANENT,
        name="葛\U000e0100　𠮷乃\t\\N改",
        birth="",
        birth_sort=None,
        extra={"自由": "値\n\"'\\"},
        remarks_c="a\tb\\n",
    )
    copy_rows([row])
    (read,) = history_of(ONE)
    assert read == row


def test_every_column_is_written_and_read():
    columns = {field.column for field in Version._meta.fields} - {"id"}
    assert columns == set(VERSION_NAMES)
    assert set(ITEM_NAMES) < columns


@pytest.mark.parametrize("first", [0, 2, 7])
def test_history_begins_at_one(db, first):
    refused(version(history_no=first))


@pytest.mark.parametrize("numbers", [(1, 3), (2, 3), (1, 1), (1, 2, 4)])
def test_a_gap_or_a_double_is_refused_within_a_statement(db, numbers):
    refused(*(version(history_no=number) for number in numbers))


@pytest.mark.parametrize("number", [1, 2, 4, 9])
def test_a_gap_or_a_double_is_refused_between_statements(db, number):
    copy_rows([version(history_no=1), version(history_no=2)])
    refused(version(history_no=number))
    copy_rows([version(history_no=3)])
    assert head_of(ONE) == 3


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from([ONE, TWO, THREE]), st.integers(1, 4)), max_size=4),
        max_size=5,
    )
)
def test_whatever_is_tried_history_has_no_gap_and_the_head_is_the_newest(db, statements):
    with transaction.atomic():
        for statement in statements:
            rows = [version(person_id, number) for person_id, number in statement]
            with contextlib.suppress(DatabaseError), transaction.atomic():
                copy_rows(rows)
        for person_id in (ONE, TWO, THREE):
            numbers = [one.history_no for one in history_of(person_id)]
            assert numbers == list(range(1, len(numbers) + 1))
            assert head_of(person_id) == (numbers[-1] if numbers else None)
        assert_heads_are_newest()
        transaction.set_rollback(True)


def assert_heads_are_newest():
    """The repeated columns of ``register_person`` say what the newest version says."""
    newest = Version.objects.order_by("person_id", "-history_no").distinct("person_id")
    expected = {
        (v.person_id, v.id, v.history_no, v.nationality_group, v.status, v.household_no,
         v.birth_sort, v.resident_code)
        for v in newest
    }  # fmt: skip
    seen = {
        (p.person_id, p.version_id, p.history_no, p.nationality_group, p.status, p.household_no,
         p.birth_sort, p.resident_code)
        for p in Person.objects.all()
    }  # fmt: skip
    assert seen == expected


def test_the_head_follows_the_ledger(desk):
    from madoguchi.register.domain.commands import Amend, Filing, RevertChange

    family = desk.family()
    desk.file(
        Amend(
            filing=Filing(effective="2026-10-01"),
            reason=Reason.AMEND_EX_OFFICIO,
            person_id=family[0],
            changes={"birth": "昭和55年6月2日"},
        )
    )
    desk.file(RevertChange(filing=Filing(), targets={family[0]: 2}))
    assert_heads_are_newest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, history_no FROM register_current ORDER BY 1")
        rows = cursor.fetchall()
    assert dict(rows) == {person_id: head_of(person_id) for person_id in family}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE register_version SET name = 'x'",
        "DELETE FROM register_version",
        "TRUNCATE register_version",
        "UPDATE register_person SET history_no = 1",
        "DELETE FROM register_person",
        "INSERT INTO register_person SELECT * FROM register_person",
    ],
)
def test_history_is_not_written_over_by_any_way(db, sql):
    copy_rows([version()])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "given",
    [
        {"reason": "BECAUSE"}, {"status": "GONE"}, {"sex": "男"}, {"stay_class": "X"},
        {"nationality_group": "X"},
    ],
)  # fmt: skip
def test_codes_outside_the_lists_are_refused(db, given):
    row = Version(
        **{name: getattr(version(), name) for name in VERSION_NAMES if name not in given}, **given
    )
    row.changed = list(row.changed)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_resident_code_belongs_to_one_person(db):
    copy_rows([version(ONE, resident_code=resident_code(5))])
    refused(version(TWO, resident_code=resident_code(5)))
    copy_rows([version(ONE, 2, resident_code=resident_code(6))])
    copy_rows([version(TWO, resident_code=resident_code(5))])


# -- several at once -------------------------------------------------------------------


def test_two_who_write_the_same_number_are_not_both_kept(django_db_setup, django_db_blocker):
    """Two connections, both committed for good: one of them loses, and no gap is left."""
    with django_db_blocker.unblock():
        params = {
            key: value
            for key, value in connection.get_connection_params().items()
            if key in ("dbname", "user", "password", "host", "port")
        }
        with psycopg.connect(**params, autocommit=True) as side:
            try:
                _race(params, side)
            finally:
                # Only the owner of the tables can lift their guards, and only here.
                side.execute("SET session_replication_role = replica")
                side.execute("DELETE FROM register_version WHERE person_id = %s", [THREE])
                side.execute("DELETE FROM register_person WHERE person_id = %s", [THREE])
                connection.close()


INSERT = """
INSERT INTO register_version (person_id, history_no, reason, effective_on, recorded_at, place,
    terminal, staff_id, changed, nationality_group, status, household_no, is_householder, name,
    sex, extra)
VALUES (%s, %s, 'AMEND_MINOR', '2026-01-01', now(), '本庁', '01', 'KAEDE', '{name}', 'JAPANESE',
    'RESIDENT', '1', true, '競', 'FEMALE', '{}')
"""


def _race(params, side):
    side.execute(INSERT, [THREE, 1])
    barrier = threading.Barrier(4)
    kept = []

    def write(number):
        with psycopg.connect(**params) as mine:
            barrier.wait(timeout=10)
            try:
                mine.execute(INSERT, [THREE, number])
                mine.commit()
                kept.append(number)
            except psycopg.Error:
                mine.rollback()

    threads = [threading.Thread(target=write, args=(n,)) for n in (2, 2, 3, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    rows = side.execute(
        "SELECT history_no FROM register_version WHERE person_id = %s ORDER BY 1", [THREE]
    ).fetchall()
    numbers = [number for (number,) in rows]
    assert numbers == list(range(1, len(numbers) + 1))
    assert sorted(kept) == numbers[1:]
    assert kept.count(2) == 1
    head = side.execute(
        "SELECT history_no FROM register_person WHERE person_id = %s", [THREE]
    ).fetchone()
    assert head == (numbers[-1],)


# -- reading ---------------------------------------------------------------------------


def test_the_present_is_one_query_however_many_people(db, django_assert_num_queries):
    copy_rows([version(ONE), version(TWO), version(THREE)])
    with django_assert_num_queries(1):
        assert len(persons_of([ONE, TWO, THREE, "unknown"])) == 3
    with django_assert_num_queries(1):
        assert len(households_of(["000000000000019"])["000000000000019"].members) == 3
    with django_assert_num_queries(1):
        persons_of([ONE, TWO, THREE], on=date(2026, 1, 1))
    with django_assert_num_queries(2):
        households_of(["000000000000019"], known_at=at("2026-01-01"))


def test_the_head_reads_the_same_as_the_whole_history(desk):
    family = desk.family()
    with clock.frozen(at("2026-12-01")):
        now = persons_of(family)
        known = persons_of(family, known_at=clock.now())
        today = persons_of(family, on=clock.today())
    for person_id in family:
        assert known[person_id] == now[person_id] == today[person_id]


def test_before_they_entered_they_are_not_there(db):
    copy_rows([version(effective_on=date(2026, 4, 1), recorded_at=at("2026-04-05"))])
    assert snapshot(ONE, on=date(2026, 3, 31)) is None
    assert snapshot(ONE, on=date(2026, 4, 1)) is not None
    assert snapshot(ONE, known_at=at("2026-04-04")) is None
    assert snapshot(ONE, on=date(2026, 4, 1), known_at=at("2026-04-04")) is None


# -- bulk ------------------------------------------------------------------------------


def test_bulk_loads_whole_histories(db):
    rows = [
        replace(version(f"{n:015d}", number), status=Status.RESIDENT, name=f"{n}-{number}")
        for n in range(1, 301)
        for number in (1, 2, 3)
    ]
    steps = progress.quiet("取込み")
    assert append_versions(iter(rows), steps) == 900
    assert steps.done == 900
    assert snapshot("000000000000300").name == "300-3"
    assert_heads_are_newest()


def test_new_numbers_begin_after_those_an_import_brought(db):
    with connection.cursor() as cursor:
        # Counters outlive a rolled-back test, and other tests import people too.
        cursor.execute("ALTER SEQUENCE register_person_serial RESTART")
        cursor.execute("ALTER SEQUENCE register_household_serial RESTART")
    brought = [make_addressee_no(serial) for serial in (70_000, 70_001, 95_000_000_000_000)]
    home = make_household_no(80_000)
    rows = [version(one, household_no=home) for one in (*brought, "A-1")]
    append_versions(rows, progress.quiet("取込み"))
    assert reserve_person_ids(2) == (make_addressee_no(70_002), make_addressee_no(70_003))
    assert reserve_household_no() == make_household_no(80_001)


def test_a_number_in_use_is_passed_over(db):
    """R9. R2. R1. R1:"""
    (taken,) = reserve_person_ids(1)
    copy_rows([version(make_addressee_no(int(taken[:14]) + 1))])
    assert reserve_person_ids(1) == (make_addressee_no(int(taken[:14]) + 2),)
