"""The queue's work: made once, made by whoever is left, closed when it is too late."""

from datetime import timedelta

from django.db import connection

from madoguchi.accounts import testing as staff
from madoguchi.certificates import jobs
from madoguchi.certificates import testing as t
from madoguchi.certificates.actions.making import paper_path
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.queries.requests import find_request
from madoguchi.infra import clock


def by_kaede(person_id):
    return t.ask(person_id, actor=staff.actor_for(staff.kaede())).request_id


def test_the_press_queues_the_job_and_the_job_makes_the_paper(people):
    request_id = by_kaede(people.aoi)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, queue_name FROM procrastinate_jobs WHERE args ->> 'request_id' = %s",
            [request_id],
        )
        assert cursor.fetchall() == [("certificates.render", "papers")]
    jobs.render(request_id=request_id, something_new=1)
    assert find_request(request_id).state is State.RELEASED


def test_a_job_of_no_request_does_nothing(people):
    jobs.render(request_id="a" * 26)


def test_what_a_dead_worker_left_is_made_by_the_next_round(people):
    request_id = by_kaede(people.aoi)
    jobs.sweep_overdue()
    assert find_request(request_id).state is State.DRAWN  # its worker may be at it just now
    with clock.frozen(clock.now() + timedelta(seconds=10)):
        jobs.sweep_overdue()
    assert find_request(request_id).state is State.RELEASED


def test_what_is_too_late_is_closed_and_its_file_cleared_away(people):
    request_id = by_kaede(people.aoi)
    paper_path(request_id, 1).write_bytes(b"%PDF half")
    with clock.frozen(clock.now() + timedelta(seconds=90)):
        jobs.sweep_overdue()
    assert find_request(request_id).state is State.FAILED
    with clock.frozen(clock.now() + timedelta(seconds=300)):
        jobs.sweep_overdue()
    assert not paper_path(request_id, 1).exists()


def test_who_lost_the_right_meanwhile_gets_no_paper(people):
    """The job acts with the rights its clerk holds when it runs, gate included."""
    member = staff.nagi()
    from madoguchi.protection.testing import protect, unlock

    protect(people.rin)
    actor = staff.actor_for(member)
    first = t.ask(people.rin, actor=actor)
    unlock(first.request_id, kind="resident_record_household", person_ids=[people.rin], by=actor)
    t.ask(people.rin, actor=actor, request_id=first.request_id)
    member.role = "CLERK"
    member.save()
    jobs.render(request_id=first.request_id)
    assert find_request(first.request_id).state is State.REFUSED


def test_each_minute_is_asked_for():
    from procrastinate.contrib.django import app

    periodic = {key[0]: one for key, one in app.periodic_registry.periodic_tasks.items()}
    assert periodic[jobs.SWEEP].cron == "* * * * *"
