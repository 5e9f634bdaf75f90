"""What one process of the race does: ``python -m tests.races.crew ROLE SEED COUNT``.

Roles: ``prepare`` (people on the tables), ``clerk`` (presses, renders what anybody drew,
checks the paper out and reads it), ``mover`` (live changes, protection on and off, dropped
connections), ``judge`` (adds everything up). Every process commits for real; all share one
data folder and one database, as two servers would.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from madoguchi.entry import bootstrap

bootstrap.set_up()

from django.db import OperationalError, connection  # noqa: E402

from madoguchi.accounts.testing import actor_for, kaede  # noqa: E402
from madoguchi.audit.api import verify_chain  # noqa: E402
from madoguchi.certificates import testing as t  # noqa: E402
from madoguchi.certificates.actions.making import paper_path  # noqa: E402
from madoguchi.certificates.actions.releasing import check_out, hand_over, sweep  # noqa: E402
from madoguchi.certificates.documents.signing import token_of  # noqa: E402
from madoguchi.certificates.domain.issue import State  # noqa: E402
from madoguchi.certificates.domain.kinds import Kind  # noqa: E402
from madoguchi.certificates.models import Copy, Request, Serial  # noqa: E402
from madoguchi.certificates.queries.verifying import verify_file, verify_person  # noqa: E402
from madoguchi.infra import clock, unit  # noqa: E402
from madoguchi.infra.unit import Busy  # noqa: E402
from madoguchi.kernel.checkdigits import make_addressee_no  # noqa: E402
from madoguchi.kernel.outcome import Problem, Refused  # noqa: E402
from madoguchi.protection.testing import end, protect  # noqa: E402
from madoguchi.register.queries.persons import snapshot  # noqa: E402

KINDS = ("resident_record_household", "resident_record_individual", "record_items")
#: Two people of one name and one birth date stand among them: namesakes in the same second.
ASKED = ("aoi", "namesake", "father", "mother", "eldest", "haru", "daughter")


def people() -> SimpleNamespace:
    return SimpleNamespace(
        **{key: make_addressee_no(serial) for key, (serial, _home, _more) in t.PEOPLE.items()}
    )


def prepare() -> None:
    """Put the named people on the tables and the clerk behind the desk."""
    t.settle()
    kaede()


def clerk(seed: int, count: int) -> None:
    """Press ``count`` times with random delays; render whatever is drawn, mine or another's."""
    dice, who = random.Random(seed), people()
    actor = actor_for(kaede())
    for _ in range(count):
        try:
            one_press(dice, who, actor)
        except (Busy, OperationalError):
            connection.close()  # somebody held it, or the line was cut: the next press is a new one


def one_press(dice: random.Random, who: SimpleNamespace, actor: Any) -> None:
    asked = getattr(who, dice.choice(ASKED))
    try:
        t.ask(asked, actor=actor, kind=Kind(dice.choice(KINDS)), copies=dice.choice((1, 1, 2)))
    except Refused:
        return
    time.sleep(dice.random() * 0.02)
    waiting = list(Request.objects.filter(state="DRAWN").values_list("request_id", flat=True)[:4])
    for request_id in dice.sample(waiting, min(len(waiting), 2)):
        t.make(request_id, actor=actor)
    ready = list(Request.objects.filter(state="RELEASED").values_list("request_id", flat=True)[:4])
    for request_id in dice.sample(ready, min(len(ready), 2)):
        take(request_id, actor, dice)


def take(request_id: str, actor: Any, dice: random.Random) -> None:
    """Check the paper out, read it as a stranger would, and hand it over."""
    try:
        data = unit.run(
            check_out, request_id=request_id, copy_no=1, path=paper_path(request_id, 1),
            actor=actor, now=clock.now(),
        )  # fmt: skip
        if isinstance(data, Problem):
            return
        judge_paper(request_id, data)
        time.sleep(dice.random() * 0.01)
        fee = Request.objects.get(request_id=request_id).fee_yen
        unit.run(hand_over, request_id=request_id, actor=actor, now=clock.now(), paid_yen=fee)
    except Refused:
        return  # another clerk was faster, or the second copy is not printed yet


def judge_paper(request_id: str, data: bytes) -> None:
    """Whoever stands on the paper is whom the request froze, number and all; else the race ends."""
    request = Request.objects.get(request_id=request_id)
    number = Copy.objects.get(request_id=request_id, copy_no=1).issue_no
    checked = verify_file(data)
    assert checked.valid, ("WRONG PAPER", request_id, checked.problems)
    assert checked.issue_no == number, ("WRONG NUMBER", request_id)
    token = token_of(data)
    assert isinstance(token, str), ("NO TOKEN", request_id)
    for person_id in request.subject_ids:
        row = snapshot(person_id)
        assert row is not None
        said = verify_person(token, name=row.name, birth_date=row.birth)
        assert said.valid, ("WRONG PERSON", request_id, person_id)


def mover(seed: int, count: int) -> None:
    """Move people, protect them and end it, cut other people's database lines."""
    dice, who = random.Random(seed), people()
    held: dict[str, str] = {}
    for number in range(count):
        try:
            match dice.randrange(4):
                case 0:
                    t.move(getattr(who, dice.choice(("aoi", "haru"))),
                           address=f"鹿児島県大島郡せとうち町大字古仁屋{number + 100}番地")  # fmt: skip
                case 1 if "daughter" not in held:
                    held["daughter"] = protect(who.daughter)
                case 2 if held:
                    end(held.pop("daughter"))
                case 3:
                    cut_a_line()
        except (Busy, Refused, OperationalError):
            connection.close()
        time.sleep(dice.random() * 0.1)


def cut_a_line() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY random() LIMIT 1"
        )


def judge() -> None:
    """Close what was left lying, then add up: nobody wrong, nothing lost, a reason for each no."""
    late = clock.now() + timedelta(hours=1)
    waiting = tuple(Request.objects.filter(state="DRAWN").values_list("request_id", flat=True))
    if waiting:
        unit.run(sweep, request_ids=waiting, actor=actor_for(kaede()), now=late)
    for copy in Copy.objects.filter(copy_no=1, request__state__in=["RELEASED", "HANDED_OVER"]):
        path = paper_path(copy.request_id, 1)
        if path.exists():
            judge_paper(copy.request_id, path.read_bytes())
    by_state = {str(state): Request.objects.filter(state=state).count() for state in State}
    numbers = sorted(Copy.objects.values_list("issue_no", flat=True))
    given = sum(row.last for row in Serial.objects.all())
    silent = Request.objects.filter(state__in=["REFUSED", "FAILED", "VOID"], problems=[]).count()
    print(json.dumps({
        "states": by_state, "requests": Request.objects.count(), "numbers": len(numbers),
        "unique": len(set(numbers)), "given": given, "silent": silent,
        "intact": verify_chain().intact,
    }))  # fmt: skip


if __name__ == "__main__":
    role, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    {"prepare": prepare, "clerk": lambda: clerk(seed, count),
     "mover": lambda: mover(seed, count), "judge": judge}[role]()  # fmt: skip
