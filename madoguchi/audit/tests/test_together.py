"""Several at once: real commits from several threads, one chain."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from madoguchi.audit.api import look, record, verify_chain
from madoguchi.audit.models import AuditEntry, AuditHead
from madoguchi.audit.queries import key
from madoguchi.infra import unit
from madoguchi.kernel.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)

ACTOR = Actor(
    staff_id="kaede", name="k", rights=frozenset(), place="本庁", terminal="01", purpose="交付"
)


def work(number: int, failed: list[BaseException]) -> None:
    try:
        for turn in range(12):
            if turn % 3:
                look(actor=ACTOR, screen="PERSON_PAGE", subjects=[f"p{number}-{turn}"])
            else:
                unit.run(record, actor=ACTOR, action="CHANGED", subjects=[f"p{number}-{turn}"])
    except BaseException as error:  # noqa: BLE001  the main thread asserts on it
        failed.append(error)
    finally:
        connection.close()


def test_six_at_once_make_one_chain_without_gaps_and_an_anchor():
    """L6."""
    failed: list[BaseException] = []
    threads = [threading.Thread(target=work, args=(n, failed)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    found = verify_chain()
    assert (found.rows, found.intact) == (72, True)
    assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, 73)
    )
    assert key.read_anchors(AuditHead.objects.get().start)


def test_a_check_while_others_write_is_not_alarmed():
    look(actor=ACTOR, screen="PERSON_PAGE", subjects=["p"])
    failed: list[BaseException] = []
    threads = [threading.Thread(target=work, args=(n, failed)) for n in range(3)]
    for thread in threads:
        thread.start()
    answers = []
    while any(thread.is_alive() for thread in threads):
        answers.append(verify_chain().intact)
    for thread in threads:
        thread.join()
    assert failed == []
    assert answers
    assert all(answers)
