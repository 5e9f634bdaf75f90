"""What one process of the race does: ``python -m tests.races.crew ROLE SEED``.

Roles: ``prepare`` (a small town full of namesakes), ``server`` (draws, renders what anybody
drew, checks papers out, reads them as a stranger would, hands over), ``mover`` (live changes,
protection and stop switches on and off, other people's database lines cut), ``saboteur``
(swaps and cuts files, alters frozen contents, doubles workers), ``judge`` (adds everything up).
Every process commits for real; all share one data folder and one database, as two servers
would. ``server``, ``mover`` and ``saboteur`` go on until the file ``stop`` lies in the folder.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from madoguchi.entry import bootstrap, environment

bootstrap.set_up()

import pypdfium2  # noqa: E402
from django.db import InterfaceError, OperationalError, connection  # noqa: E402
from django.db.models import Count  # noqa: E402

from madoguchi.accounts.testing import actor_for, kaede, kai  # noqa: E402
from madoguchi.audit.api import verify_chain  # noqa: E402
from madoguchi.certificates import testing as t  # noqa: E402
from madoguchi.certificates.actions.drawing import Drawn, draw  # noqa: E402
from madoguchi.certificates.actions.making import paper_path  # noqa: E402
from madoguchi.certificates.actions.releasing import check_out, hand_over, sweep, void  # noqa: E402
from madoguchi.certificates.actions.stops import lift_stop, stop_kind  # noqa: E402
from madoguchi.certificates.domain.issue import Disposal, State  # noqa: E402
from madoguchi.certificates.domain.kinds import Channel, Kind  # noqa: E402
from madoguchi.certificates.models import Copy, Request, SealRegistration, Serial, Stop  # noqa: E402
from madoguchi.certificates.queries.town import town  # noqa: E402
from madoguchi.certificates.queries.verifying import verify_file  # noqa: E402
from madoguchi.infra import clock, unit  # noqa: E402
from madoguchi.infra.unit import Busy  # noqa: E402
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no  # noqa: E402
from madoguchi.kernel.fitting import is_selector  # noqa: E402
from madoguchi.kernel.outcome import Problem, Refused  # noqa: E402
from madoguchi.protection.testing import end, protect  # noqa: E402
from madoguchi.register.queries.persons import persons_of  # noqa: E402
from madoguchi.register.testing import keep, make_version, resident_code  # noqa: E402

KINDS = (Kind.RESIDENT_RECORD_HOUSEHOLD, Kind.RESIDENT_RECORD_INDIVIDUAL, Kind.RECORD_ITEMS)
MACHINE_KINDS = (*KINDS, Kind.SEAL_REGISTRATION, Kind.TAX)
FAMILIES = 40
YEAR = 2026
#: Few names and few birth dates: most people of the race have a namesake, some of one birth date.
SURNAMES, GIVEN = ("湊", "潮", "浜", "元"), ("葵", "大海", "渚", "凪", "櫂", "汀")
FAULTS = ("SWAPPED_BEFORE", "TRUNCATED_BEFORE", "SWAPPED_AFTER", "TRUNCATED_AFTER",
          "CONTENT_ALTERED", "REGISTER_MOVED", "SEAL_STRUCK", "DOUBLED_WORKER")  # fmt: skip
#: A doubled worker is no fault of the paper: caught means one file, one release, same bytes.
GOOD_ENDS: dict[str, frozenset[str]] = {
    "SWAPPED_BEFORE": frozenset({"FAILED"}),
    "TRUNCATED_BEFORE": frozenset({"FAILED"}),
    "SWAPPED_AFTER": frozenset({"VOID"}),
    "TRUNCATED_AFTER": frozenset({"VOID"}),
    "CONTENT_ALTERED": frozenset({"FAILED"}),
    "REGISTER_MOVED": frozenset({"REFUSED"}),
    "SEAL_STRUCK": frozenset({"REFUSED"}),
    "DOUBLED_WORKER": frozenset({"SAME_BYTES"}),
}
TRIES_AGAIN = (Busy, OperationalError, InterfaceError)


def home() -> Path:
    return environment.home()


def stopped() -> bool:
    return (home() / "stop").exists()


def write(name: str, **values: Any) -> None:
    """Add one line to a book of the race, whole or not at all."""
    line = (json.dumps(values, ensure_ascii=False) + "\n").encode()
    handle = os.open(home() / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, line)
    os.close(handle)


# -- the town ------------------------------------------------------------------------------


def prepare() -> None:
    """Put the named people and forty families of namesakes on the tables, and two clerks."""
    t.settle()
    kaede(), kai()
    dice = random.Random(11)
    rows = []
    for family in range(FAMILIES):
        surname = SURNAMES[family % len(SURNAMES)]
        for seat in range(dice.choice((1, 1, 2, 3, 4, 5, 6))):
            serial = 1_000 + family * 10 + seat
            given: dict[str, Any] = {} if seat == 0 else {
                "relationship": "子", "is_householder": False}  # fmt: skip
            rows.append(make_version(
                make_addressee_no(serial),
                household_no=make_household_no(100 + family),
                name=f"{surname}　{dice.choice(GIVEN)}",
                birth=f"昭和{dice.choice((40, 41))}年{1 + seat}月1日",
                address=f"{t.ADDRESS[:-4]}{family + 100}番地",
                resident_code=resident_code(serial), **given,
            ))  # fmt: skip
    keep(*rows)
    for person_id in sorted(set(everybody())):
        t.register_seal(person_id)
        t.assess(person_id, year=YEAR)


def everybody() -> list[str]:
    named = [make_addressee_no(serial) for serial, _home, _more in t.PEOPLE.values()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM register_person ORDER BY person_id")
        return named + [one for (one,) in cursor.fetchall()]


def namesakes() -> list[tuple[str, str]]:
    """Return pairs of two people with one name, all of whom are asked for in the same second."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(person_id), max(person_id) FROM register_current"
            " WHERE name <> '' GROUP BY name HAVING count(*) > 1 ORDER BY 1"
        )
        return cursor.fetchall()


# -- servers -------------------------------------------------------------------------------


def server(seed: int) -> None:
    """Ask, render, check out and hand over with random delays until the race is stopped."""
    dice, clerk = random.Random(seed), actor_for(kaede())
    people, pairs = everybody(), namesakes()
    while not stopped():
        try:
            one_press(dice, people, pairs, clerk)
        except TRIES_AGAIN:
            connection.close()  # somebody held it, or the line was cut: the next press is a new one


def one_press(dice: random.Random, people: list[str], pairs: list[Any], clerk: Any) -> None:
    if dice.random() < 0.4:
        # Every server looks at the same clock: one name, one second, several requests.
        pair = pairs[int(time.time()) % len(pairs)]
        asked = dice.choice(pair)
    else:
        asked = dice.choice(people)
    copies = dice.choice((1, 1, 1, 2))
    with suppress(Refused):
        if dice.random() < 0.5:
            at_the_machine(dice, asked, copies)
        else:
            channel = dice.choice((Channel.DESK, Channel.MAIL))
            t.ask(asked, actor=clerk, kind=dice.choice(KINDS), copies=copies, channel=channel)
    linger(dice)
    for request_id in some_of("DRAWN", dice):
        t.make(request_id, actor=clerk)
        linger(dice)
    for request_id in some_of("RELEASED", dice):
        take(request_id, clerk, dice)


def at_the_machine(dice: random.Random, asked: str, copies: int) -> None:
    """Ask as the kiosk does; a refusal there is one answer whatever its reason."""
    kind = dice.choice(MACHINE_KINDS)
    alone = kind in (Kind.SEAL_REGISTRATION, Kind.TAX, Kind.RESIDENT_RECORD_INDIVIDUAL)
    t.choose(
        asked, kind=kind, part="SELF" if alone else dice.choice(("SELF", "WHOLE")),
        year=str(YEAR) if kind is Kind.TAX else "", copies=copies,
    )  # fmt: skip


def linger(dice: random.Random) -> None:
    """Wait: mostly not at all, now and then as long as a slow disk or network would."""
    if dice.random() < 0.1:
        time.sleep(dice.expovariate(1 / 0.02))


def some_of(state: str, dice: random.Random) -> list[str]:
    found = list(Request.objects.filter(state=state).exclude(purpose="罠")
                 .values_list("request_id", flat=True)[:6])  # fmt: skip
    return dice.sample(found, min(len(found), 2))


def take(request_id: str, actor: Any, dice: random.Random) -> None:
    """Check every copy out, read it as a stranger would, and hand it over or throw it away."""
    with suppress(Refused):  # another server was faster
        copies = Request.objects.get(request_id=request_id).copies
        for copy_no in range(1, copies + 1):
            data = unit.run(
                check_out, request_id=request_id, copy_no=copy_no,
                path=paper_path(request_id, copy_no), actor=actor, now=clock.now(),
            )  # fmt: skip
            if isinstance(data, Problem):
                return
            judge_paper(request_id, copy_no, data)
            linger(dice)
        if dice.random() < 0.03:
            unit.run(void, request_id=request_id, actor=actor, now=clock.now(),
                     disposal=Disposal.SHREDDED, note_text="紙づまり")  # fmt: skip
            return
        fee = Request.objects.get(request_id=request_id).fee_yen
        unit.run(hand_over, request_id=request_id, actor=actor, now=clock.now(), paid_yen=fee)


def judge_paper(request_id: str, copy_no: int, data: bytes) -> None:
    """Look at a paper as a stranger does, in a viewer; what is not right is written down.

    Every page bears this request's number and its own place, all who were asked for stand on
    it, and nobody else with name and birth date. Some are also checked by the town's own page.
    """
    request = Request.objects.get(request_id=request_id)
    number = Copy.objects.get(request_id=request_id, copy_no=copy_no).issue_no
    pages = seen_in_a_viewer(data)
    marks = [f"発行番号{number}頁{no}/{len(pages)}" for no in range(1, len(pages) + 1)]
    if not all(mark in page for mark, page in zip(marks, pages, strict=True)):
        write("wrong.jsonl", what="WRONG_PAGE", request_id=request_id, copy_no=copy_no)
    text = "".join(pages)
    shown = printed_people()
    asked = {shown[person_id] for person_id in request.subject_ids}
    births = {born for _, born in asked}
    for name, born in set(shown.values()):
        here = name in text and born in text
        # A householder is named on another's paper, but without a birth date of their own.
        stranger = here and born not in births
        if stranger or ((name, born) in asked and not here):
            write("wrong.jsonl", what="WRONG_PERSON", request_id=request_id, name=name, born=born)
    if int(number[-1]) == 7 and not verify_file(data).valid:
        write("wrong.jsonl", what="NOT_VALID", request_id=request_id, copy_no=copy_no)
    write("read.jsonl", request_id=request_id, copy_no=copy_no, pages=len(pages))


def seen_in_a_viewer(data: bytes) -> list[str]:
    """Return the words of each page as PDFium shows them, without space and selectors."""
    with pypdfium2.PdfDocument(data) as document:
        return [plain(page.get_textpage().get_text_range()) for page in document]


def plain(text: str) -> str:
    return "".join(one for one in text if not one.isspace() and not is_selector(one))


@cache
def printed_people() -> dict[str, tuple[str, str]]:
    """Return name and birth date of everybody as paper shows them; the race changes neither."""
    found = {}
    for person_id, row in persons_of(everybody()).items():
        born = row.birth
        if row.nationality_group == "FOREIGN" and row.birth_sort:  # printed in the western calendar
            born = f"{row.birth_sort.year}年{row.birth_sort.month}月{row.birth_sort.day}日"
        found[person_id] = (plain(row.name or row.name_alphabet), plain(born))
    return found


# -- the living town ---------------------------------------------------------------------


def mover(seed: int) -> None:
    """Move people, protect them and end it, stop kinds and lift it, cut database lines."""
    dice = random.Random(seed)
    chief = actor_for(kai())
    people = everybody()
    held: dict[str, str] = {}
    number = 0
    while not stopped():
        number += 1
        with suppress(*TRIES_AGAIN, Refused, AssertionError):
            one_change(dice, people, held, chief, number)
        if dice.random() < 0.1:
            with suppress(*TRIES_AGAIN):
                cut_a_line()
        connection.close()
        time.sleep(dice.random() * 0.5)
    for measure in held.values():
        with suppress(*TRIES_AGAIN, Refused):
            end(measure)


def one_change(
    dice: random.Random, people: list[str], held: dict[str, str], chief: Any, number: int
) -> None:
    match dice.randrange(5):
        case 0 | 1:
            t.move(dice.choice(people), address=f"{t.ADDRESS[:-4]}{number + 5_000}番地")
        case 2 if len(held) < 5:
            one = dice.choice(people)
            if one not in held:
                held[one] = protect(one)
        case 3 if held:
            end(held.pop(dice.choice(sorted(held))))
        case 4 if dice.random() < 0.2:
            kind = dice.choice(KINDS)
            stop = unit.run(stop_kind, kind=kind, channel=None, reason="競走の試験", actor=chief,
                            now=clock.now())  # fmt: skip
            time.sleep(0.5)
            unit.run(lift_stop, stop_id=stop, actor=chief, now=clock.now())


def cut_a_line() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY random() LIMIT 1"
        )


# -- sabotage ----------------------------------------------------------------------------


def saboteur(seed: int) -> None:
    """Do one fault after another to requests of one's own, and write down how each ended."""
    dice, clerk = random.Random(seed), actor_for(kaede())
    people = everybody()
    while not stopped():
        for fault in FAULTS:
            with suppress(*TRIES_AGAIN, Refused, FileNotFoundError):
                found = TRAPS[fault](dice, people, clerk)
                if found:
                    write("faults.jsonl", fault=fault, ended=found,
                          caught=found in GOOD_ENDS[fault])  # fmt: skip
            connection.close()
            time.sleep(dice.random() * 2)


def trap(person_id: str, clerk: Any, *, plant: Callable[[str], None] | None = None) -> str:
    """Draw a request that servers leave alone; ``plant`` works before anybody can see it."""

    def drawing() -> str:
        command = t.command_for(person_id, purpose="罠")
        found = draw(actor=clerk, command=command, now=clock.now(), town=town())
        if not isinstance(found, Drawn):
            return ""
        if plant is not None:
            plant(found.request_id)
        return found.request_id

    return unit.run(drawing)


def somebodys_paper(people: list[str], dice: random.Random, clerk: Any) -> bytes:
    """Return a genuine, finished, released paper of some other person."""
    other = trap(dice.choice(people), clerk)
    if not other or t.make(other, actor=clerk) is not State.RELEASED:
        return b""
    data = paper_path(other, 1).read_bytes()
    unit.run(void, request_id=other, actor=clerk, now=clock.now(), note_text="罠の材料",
             disposal=Disposal.NEVER_PRINTED)  # fmt: skip
    return data


def planted(cut: bool) -> Callable[..., str]:
    def run(dice: random.Random, people: list[str], clerk: Any) -> str:
        paper = somebodys_paper(people, dice, clerk)
        if not paper:
            return ""
        lie = paper[: len(paper) // 2] if cut else paper
        request_id = trap(dice.choice(people), clerk,
                          plant=lambda one: paper_path(one, 1).write_bytes(lie) and None)  # fmt: skip
        return t.make(request_id, actor=clerk).value if request_id else ""

    return run


def swapped_after(cut: bool) -> Callable[..., str]:
    def run(dice: random.Random, people: list[str], clerk: Any) -> str:
        paper = somebodys_paper(people, dice, clerk)
        request_id = trap(dice.choice(people), clerk) if paper else ""
        if not request_id or t.make(request_id, actor=clerk) is not State.RELEASED:
            return ""
        path = paper_path(request_id, 1)
        lie = path.read_bytes()[:-200] if cut else paper
        path.unlink()
        path.write_bytes(lie)
        data = unit.run(check_out, request_id=request_id, copy_no=1, path=path, actor=clerk,
                        now=clock.now())  # fmt: skip
        if not isinstance(data, Problem):
            return "PRINTED"
        return Request.objects.get(request_id=request_id).state

    return run


def content_altered(dice: random.Random, people: list[str], clerk: Any) -> str:
    """A frozen snapshot of another time, or another hand's: its sum no longer follows."""
    request_id = trap(dice.choice(people), clerk)
    if not request_id:
        return ""
    request = Request.objects.get(request_id=request_id)
    text = json.dumps(request.content, ensure_ascii=False)
    changed = text.replace("番地", "番地先", 1)
    assert changed != text
    Request.objects.filter(request_id=request_id).update(content=json.loads(changed))
    return t.make(request_id, actor=clerk).value


def register_moved(dice: random.Random, people: list[str], clerk: Any) -> str:
    """The register goes on between drawing and release: the paper is of yesterday."""
    person_id = dice.choice(people)
    request_id = trap(person_id, clerk)
    if not request_id:
        return ""
    t.move(person_id, address=f"{t.ADDRESS[:-4]}{dice.randrange(9_000, 99_999)}番地")
    return t.make(request_id, actor=clerk).value


def doubled_worker(dice: random.Random, people: list[str], clerk: Any) -> str:
    """Two workers take one request at the same moment."""
    request_id = trap(dice.choice(people), clerk)
    if not request_id:
        return ""
    ends: list[str] = []

    def work() -> None:
        try:
            ends.append(t.make(request_id, actor=clerk).value)
        except TRIES_AGAIN:
            ends.append("CUT")
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    request = Request.objects.get(request_id=request_id)
    if "CUT" in ends or request.state != State.RELEASED:
        return ""  # a line was cut, or the town changed: nothing to say of two workers
    copy = Copy.objects.get(request_id=request_id, copy_no=1)
    data = unit.run(check_out, request_id=request_id, copy_no=1, path=paper_path(request_id, 1),
                    actor=clerk, now=clock.now())  # fmt: skip
    if isinstance(data, Problem) and data.code == "KIND_STOPPED":
        return ""  # the mover stopped the kind meanwhile, and a stopped kind does not leave
    same = ends == ["RELEASED"] * 2 and isinstance(data, bytes) and len(copy.sha256) == 64
    return "SAME_BYTES" if same else f"DIFFERENT {ends} {data if isinstance(data, Problem) else ''}"


def seal_struck(dice: random.Random, people: list[str], clerk: Any) -> str:
    """A seal is struck between drawing and release (Niigata, Saitama, Kumamoto 2020-23)."""
    person_id = dice.choice(people)
    try:
        found = t.choose(person_id, kind=Kind.SEAL_REGISTRATION)
        if not isinstance(found, Drawn):
            return ""
        t.strike_seal(person_id)
        ended = t.make(found.request_id, actor=t.MACHINE).value
        # A server may have been faster than the strike: then the paper was right when it left.
        made_before = Request.objects.get(request_id=found.request_id).released_at is not None
        return "" if made_before else ended
    finally:
        SealRegistration.objects.filter(person_id=person_id).update(
            state="REGISTERED", ended_on=None
        )


TRAPS: dict[str, Callable[..., str]] = {
    "SWAPPED_BEFORE": planted(cut=False),
    "TRUNCATED_BEFORE": planted(cut=True),
    "SWAPPED_AFTER": swapped_after(cut=False),
    "TRUNCATED_AFTER": swapped_after(cut=True),
    "CONTENT_ALTERED": content_altered,
    "REGISTER_MOVED": register_moved,
    "SEAL_STRUCK": seal_struck,
    "DOUBLED_WORKER": doubled_worker,
}


# -- the sum -----------------------------------------------------------------------------


def judge() -> None:
    """Close what was left lying, then add up: nobody wrong, nothing lost, a reason for each no."""
    late = clock.now() + timedelta(hours=1)
    waiting = tuple(Request.objects.filter(state="DRAWN").values_list("request_id", flat=True))
    for start in range(0, len(waiting), 200):
        unit.run(
            sweep, request_ids=waiting[start : start + 200], actor=actor_for(kaede()), now=late
        )
    lying = Copy.objects.filter(request__state="RELEASED", printed_at__isnull=True)
    for copy in lying.exclude(sha256="").exclude(request__purpose="罠"):
        path = paper_path(copy.request_id, copy.copy_no)
        if path.exists():
            judge_paper(copy.request_id, copy.copy_no, path.read_bytes())
    states = dict(Request.objects.values_list("state").annotate(Count("request_id")))
    numbers = list(Copy.objects.values_list("issue_no", flat=True))
    closed = Request.objects.filter(state__in=["REFUSED", "FAILED", "VOID"])
    chain = verify_chain()
    print(json.dumps({
        "states": states, "requests": Request.objects.count(), "numbers": len(numbers),
        "unique": len(set(numbers)), "given": sum(row.last for row in Serial.objects.all()),
        "silent": closed.filter(problems=[], disposal="").count(),
        "intact": chain.intact, "audit_rows": chain.rows, "stops": Stop.objects.count(),
        "read": lines("read.jsonl"), "wrong": lines("wrong.jsonl"), "faults": faults(),
    }))  # fmt: skip


def lines(name: str) -> int:
    path = home() / name
    # What lay unprinted at the end of one sitting is read again at the end of the next.
    return len(set(path.read_text(encoding="utf-8").splitlines())) if path.exists() else 0


def faults() -> dict[str, dict[str, int]]:
    path = home() / "faults.jsonl"
    found: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        one = json.loads(line)
        if "KIND_STOPPED" in one["ended"]:
            continue  # written before ``doubled_worker`` left this case out itself
        row = found.setdefault(one["fault"], {"done": 0, "caught": 0})
        row["done"] += 1
        row["caught"] += one["caught"]
    return found


if __name__ == "__main__":
    role, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    {"prepare": prepare, "judge": judge, "server": lambda: server(seed),
     "mover": lambda: mover(seed), "saboteur": lambda: saboteur(seed)}[role]()  # fmt: skip
