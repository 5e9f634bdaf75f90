"""Certificates: pages a second beside the peers, the whole path, and the wait after the press.

Every document has other people on it, so nothing is measured out of a cache.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from typing import Any

from bench.measure import median, p95, peer, promise

KIND = "resident_record_household"
SALT = bytes(range(12))


def run(*, full: bool) -> dict[str, Any]:
    """Measure rendering beside the peers, then the whole path on a town of 1,000."""
    count = 300 if full else 100
    few = 40 if full else 15
    papers = _papers(count)
    ours = _rate(_render, papers)
    peers = {
        "WeasyPrint": _rate(_peer("weasyprint_pdf"), papers[:few]),
        "ReportLab": _rate(_peer("reportlab_pdf"), papers[:few]),
    }
    one, two = _workers(count)
    path = _whole_path(count)
    wait = _wait_for_worker(40 if full else 20)
    weasyprint = peers["WeasyPrint"]
    return {
        "promises": [
            promise("rendering, against WeasyPrint (same page, same font)", ours / weasyprint, "x", at_least=8),
            promise("rendering, against ReportLab (same page, same font)", ours / peers["ReportLab"], "x", at_least=2),
            promise("whole path without signing, against WeasyPrint's rendering alone",
                    path["rate"] / weasyprint, "x", at_least=5),
            promise("two workers, against one", two / one, "x", at_least=1.7),
            promise("press to released file in one process: p95", path["p95_ms"], "ms", at_most=300),
            promise("press to released file through the queue: p95", p95(wait), "ms", at_most=300),
        ],
        "peers": [
            peer(name, importlib.metadata.version(name.lower()), rate, ours / rate)
            for name, rate in peers.items()
        ],
        "notes": [
            f"Ours: {ours:.1f} documents/s rendering, {path['rate']:.1f}/s for the whole path "
            f"(snapshot, gate, render, read-back, release; two transactions with audit), "
            f"one worker {one:.1f}/s, two {two:.1f}/s. Signing apart: {path['sign_ms']:.1f} ms each.",
            "A four-person household page; peers draw the same planned runs, rules and QR code. "
            "ReportLab prints variation selectors as boxes and neither peer's file is tagged here.",
            f"Through the queue: median {median(wait):.0f} ms, the worker being a process of its own.",
        ],
    }  # fmt: skip


# -- rendering alone -----------------------------------------------------------------------


def _papers(count: int) -> list[tuple[Any, Any, str]]:
    """Plan ``count`` household papers of four invented people each, with their tokens."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from madoguchi.certificates.documents.token import make_token
    from madoguchi.certificates.domain.layout import plan_sheets

    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    made = []
    for number in range(count):
        paper = _paper(number)
        sheets = plan_sheets(paper)
        made.append((paper, sheets, make_token(paper, sheets, key=key, salt=SALT)))
    return made


def _paper(number: int) -> Any:
    from datetime import date

    from madoguchi.certificates.domain.definitions import certification_of
    from madoguchi.certificates.domain.kinds import Kind
    from madoguchi.certificates.domain.paper import Paper, PaperPerson

    surname = "湊潮浜磯渚凪岬泉林元栄平"[number % 12]
    given = ["航平", "美波", "帆香", "櫂人", "葵", "凛", "晴", "梅", "𠮷子", "岳", "樹", "汀"]
    people = tuple(
        PaperPerson(
            person_id=f"{number}-{seat}",
            name=f"{surname}　{given[(number * 7 + seat * 5) % 12]}",
            furigana="ミナト　アオイ",
            birth_date=f"昭和{30 + (number + seat) % 33}年{1 + (number + seat) % 12}月{1 + number % 28}日",
            sex="男女"[seat % 2],
            relationship=["世帯主", "妻", "子", "子"][seat],
            resident_since=f"平成{1 + number % 30}年4月1日",
            filed_on=f"平成{1 + number % 30}年4月3日",
            domicile=f"鹿児島県大島郡せとうち町大字古仁屋{number + 1}番地",
            domicile_head=f"{surname}　一郎",
            former_address=f"鹿児島県奄美市名瀬幸町{number % 40 + 1}番{seat + 1}号",
        )
        for seat in range(4)
    )
    return Paper(
        kind=Kind.RESIDENT_RECORD_HOUSEHOLD,
        persons=people,
        address=f"鹿児島県大島郡せとうち町大字阿木名{number + 1}番地",
        householder=people[0].name,
        issue_no=f"20261123-465259-01-1-{number:05d}",
        request_id=f"{number:026d}",
        issued_on=date(2026, 11, 23),
        municipality="せとうち町",
        municipality_code="465259",
        mayor_title="鹿児島県せとうち町長",
        mayor_name="海野　渚",
        certification=certification_of(Kind.RESIDENT_RECORD_HOUSEHOLD, whole_household=True),
        omitted=frozenset(),
    )


def _render(paper: Any, sheets: Any, token: str) -> None:
    from madoguchi.certificates.documents.render import render_pdf

    render_pdf(paper, sheets, token=token)


def _peer(name: str) -> Callable[[Any, Any, str], None]:
    from bench import paper_peers

    draw = getattr(paper_peers, name)
    return lambda _paper, sheets, token: draw(sheets, token=token)


def _rate(draw: Callable[[Any, Any, str], None], papers: list[tuple[Any, Any, str]]) -> float:
    """Documents a second after one to warm up."""
    draw(*papers[0])
    began = time.perf_counter()
    for one in papers[1:]:
        draw(*one)
    return (len(papers) - 1) / (time.perf_counter() - began)


def _workers(count: int) -> tuple[float, float]:
    """One process against two, each with its own compiler, both warmed up before the clock."""
    context = get_context("spawn")
    rates = []
    for processes in (1, 2):
        barrier = context.Barrier(processes + 1)
        workers = [context.Process(target=_work, args=(barrier, count)) for _ in range(processes)]
        for worker in workers:
            worker.start()
        barrier.wait()
        began = time.perf_counter()
        for worker in workers:
            worker.join()
        rates.append(processes * count / (time.perf_counter() - began))
    return rates[0], rates[1]


def _work(barrier: Any, count: int) -> None:
    papers = _papers(count + 1)
    _render(*papers[0])
    barrier.wait()
    for one in papers[1:]:
        _render(*one)


# -- the whole path ------------------------------------------------------------------------


@contextlib.contextmanager
def _town() -> Iterator[list[str]]:
    """Make the bench's town ready and return heads of households of four."""
    os.environ.setdefault("MADOGUCHI_DEMO", "1")
    from madoguchi.entry import bootstrap

    bootstrap.set_up()
    from django.db import connection

    from madoguchi.entry import demo

    demo.make_ready(residents=1_000, seed=3)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(p.person_id) FROM register_person p"
            " WHERE p.status = 'RESIDENT' AND NOT EXISTS (SELECT 1 FROM protection_out_held h"
            "  JOIN register_person q USING (person_id) WHERE q.household_no = p.household_no)"
            " GROUP BY p.household_no HAVING count(*) BETWEEN 3 AND 4 ORDER BY p.household_no"
        )
        yield [person_id for (person_id,) in cursor.fetchall()]


def _press(person_id: str, actor: Any) -> str | None:
    from madoguchi.certificates.testing import ask

    drawn = ask(person_id, actor=actor)
    return drawn.request_id if type(drawn).__name__ == "Drawn" else None


def _staff(make: Callable[[], Any]) -> Any:
    from madoguchi.accounts.models import Staff

    return Staff.objects.filter(staff_id="kaede").first() or make()


def _whole_path(count: int) -> dict[str, float]:
    """Press, render, read back, release, in this process; signing is timed and taken out."""
    with _town() as heads:
        from madoguchi.accounts.testing import actor_for, kaede
        from madoguchi.certificates.actions import making
        from madoguchi.certificates.api import warm_up
        from madoguchi.certificates.queries.keys import paper_keys

        warm_up()  # as the worker does when it starts
        actor = actor_for(_staff(kaede))
        signing: list[float] = []
        plain = making.sign_pdf

        def timed_sign(*args: Any, **given: Any) -> bytes:
            began = time.perf_counter()
            signed = plain(*args, **given)
            signing.append(time.perf_counter() - began)
            return signed

        making.sign_pdf = timed_sign
        samples = []
        try:
            for number in range(count + 1):
                began = time.perf_counter()
                request_id = _press(heads[number % len(heads)], actor)
                if request_id is not None:
                    making.render_now(request_id=request_id, actor=actor, keys=paper_keys())
                    samples.append(time.perf_counter() - began)
        finally:
            making.sign_pdf = plain
        samples, signing = samples[1:], signing[1:]  # the first one warms up
        return {
            "rate": len(samples) / (sum(samples) - sum(signing)),
            "p95_ms": p95(samples) * 1000,
            "sign_ms": median(signing) * 1000,
        }


def _wait_for_worker(count: int) -> list[float]:
    """Milliseconds from the press until another process has released the file."""
    with _town() as heads:
        from madoguchi.accounts.testing import actor_for, kaede
        from madoguchi.certificates.models import Request

        actor = actor_for(_staff(kaede))
        worker = subprocess.Popen([sys.executable, "-m", "madoguchi", "worker"])
        try:
            waits = []
            for number in range(count + 2):
                began = time.perf_counter()
                request_id = _press(heads[number % len(heads)], actor)
                if request_id is None:
                    continue
                while not Request.objects.filter(request_id=request_id, state="RELEASED").exists():
                    if time.perf_counter() - began > 60:
                        raise TimeoutError(request_id)
                    time.sleep(0.002)
                waits.append((time.perf_counter() - began) * 1000)
            return waits[2:]  # the worker starts during the first
        finally:
            worker.terminate()
            worker.wait(20)
