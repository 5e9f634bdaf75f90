"""Letters: 1,000 notices drawn, read back and let out by the gate, and the peer on the same page."""

from __future__ import annotations

import html
import importlib.metadata
import os
import time
from datetime import date
from typing import Any

from bench.measure import peer, promise

FEW = 20


def run(*, full: bool) -> dict[str, Any]:
    """Measure the whole press on 1,000 letters (200 in the short run), then WeasyPrint alone."""
    count = 1_000 if full else 200
    whole, drawing, pieces = _print(count)
    ours = count / drawing
    theirs = _weasyprint(pieces[:FEW])
    return {
        "promises": [
            promise(f"print {count} notices of two pages: the whole press", whole, "s",
                    at_most=10 * count / 1_000),
            promise("drawing and reading back, against WeasyPrint's drawing alone",
                    ours / theirs, "x", at_least=5),
        ],
        "peers": [peer("WeasyPrint", importlib.metadata.version("weasyprint"), theirs, ours / theirs)],
        "notes": [
            f"The whole press: addresses and gate, {2 * count} pages, each read back, gate and register "
            f"again under lock, states and audit stored. Drawing and reading back: {ours:.0f} letters/s.",
            "WeasyPrint draws the same texts in the same places with the same codes, and reads nothing back.",
        ],
    }  # fmt: skip


def _print(count: int) -> tuple[float, float, Any]:
    os.environ.setdefault("MADOGUCHI_DEMO", "1")
    from madoguchi.entry import bootstrap

    bootstrap.set_up()
    from madoguchi.entry import demo

    demo.make_ready(residents=2_500, seed=3)
    from django.db import connection

    from madoguchi.dispatch import testing as t
    from madoguchi.dispatch.actions.batching import make_batch
    from madoguchi.dispatch.documents.drawing import Form, draw
    from madoguchi.dispatch.models import Letter
    from madoguchi.dispatch.queries.office import office
    from madoguchi.dispatch.queries.pieces import pieces_of
    from madoguchi.dispatch.queries.rules import envelope_on
    from madoguchi.infra import clock, unit

    Letter.objects.filter(state="QUEUED", batch=None).update(state="CANCELLED")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM register_out_names WHERE status = 'RESIDENT'"
            " AND NOT is_protected ORDER BY person_id LIMIT %s",
            [count],
        )
        persons = [person_id for (person_id,) in cursor.fetchall()]
    unit.run_long(_queue, persons=persons)
    batch = unit.run_long(make_batch, mail_class="ORDINARY", actor=t.KAEDE, now=clock.now())
    envelope = envelope_on(clock.today())
    pieces, _ = pieces_of(batch, actor=t.KAEDE, envelope=envelope)
    # One letter first: the compiler reads its fonts when the program starts, not at each press.
    given: dict[str, Any] = {
        "form": Form.LETTERS, "office": office(), "envelope": envelope, "today": date(2026, 11, 27),
    }  # fmt: skip
    draw(pieces[:1], **given)
    began = time.perf_counter()
    printed = t.printed(batch)
    whole = time.perf_counter() - began
    assert printed.letters >= count * 0.98, printed.letters
    began = time.perf_counter()
    # Another day, so that nothing comes out of the compiler's memory.
    draw(pieces, **{**given, "today": date(2026, 11, 30)})
    return whole, time.perf_counter() - began, pieces


def _queue(*, persons: list[str]) -> None:
    from madoguchi.dispatch import testing as t
    from madoguchi.dispatch.actions.queueing import enqueue
    from madoguchi.infra import clock

    for number, person_id in enumerate(persons):
        content = {**t.CONTENT, "book_url": f"https://yoyaku.example/c/{number:026d}"}
        enqueue(kind="ISSUE_NOTICE", person_id=person_id, about_no=f"B{number % 90 + 10}-{number:06d}",
                content=content, sort_key=f"{number:06d}", actor=t.KAEDE, now=clock.now())  # fmt: skip


def _weasyprint(pieces: Any) -> float:
    """Letters a second by the peer, after one to warm up."""
    _weasy(pieces[:1])
    began = time.perf_counter()
    _weasy(pieces[1:])
    return (len(pieces) - 1) / (time.perf_counter() - began)


def _weasy(pieces: Any) -> bytes:
    from weasyprint import HTML

    from bench.paper_peers import _fonts, _style
    from madoguchi.dispatch.documents import drawing
    from madoguchi.dispatch.domain.secrets import ADVICE, secrets_on

    pages = []
    for one in pieces:
        given = drawing._letter(one)
        runs = [(x, y, size, text, "M") for x, y, size, text in given["address"]]
        runs += [(20, 76, 21, given["heading"], "G"), (20, 88, 14, given["lead"], "G"),
                 (48, 107, 15, given["place"], "G"), (48, 116, 15, given["period"], "G"),
                 (124, 50, 19, given["number"], "G"), (20, 145, 17, "持ってくる物", "G")]  # fmt: skip
        runs += [(30, 156 + 9.4 * n, 15, line, "G") for n, line in enumerate(given["bring"])]
        runs += [(58, 262 + 8 * n, 14, line, "G") for n, line in enumerate(given["book_words"])]
        pages.append(_page(runs, given["codes"]))
        runs = [(20, 28, 25, "家で決めておくこと", "G"), (20, 286, 12, given["number"], "G")]
        for n, secret in enumerate(secrets_on(date(2026, 11, 27))):
            runs += [
                (40, 80 + 66 * n, 21, secret.title, "G"),
                (40, 112 + 66 * n, 13, secret.uses, "G"),
            ]
            runs += [(40, 90 + 66 * n + 8 * k, 15, line, "G") for k, line in enumerate(secret.form)]
        runs += [(22, 215 + 9.6 * n, 14, line, "G") for n, line in enumerate(ADVICE)]
        pages.append(_page(runs, ""))
    document = HTML(string=f"<html lang=ja><title>通知</title><body>{''.join(pages)}")
    made: bytes = document.write_pdf(stylesheets=[_style()], font_config=_fonts())
    return made


def _page(runs: Any, codes: str) -> str:
    spans = "".join(
        f'<span style="left:{x}mm;top:{y - size * 0.31:.2f}mm;font:{size}pt {face}">{html.escape(text)}</span>'
        for x, y, size, text, face in runs
    )
    drawing = codes.replace("<svg ", '<svg style="position:absolute;left:0;top:0;width:210mm" ')
    return f"<section>{spans}{drawing}</section>"
