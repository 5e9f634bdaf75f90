"""From a session as it is to the moment a screen is drawn from (利用から画面へ)."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict

from madoguchi.kernel.outcome import Problem
from madoguchi.kiosk.domain.closing import ended
from madoguchi.kiosk.domain.devices import PrinterTrouble
from madoguchi.kiosk.domain.payments import Method, Stage
from madoguchi.kiosk.domain.practice import PRACTICE_PIN
from madoguchi.kiosk.domain.screens import screen_of
from madoguchi.kiosk.domain.showing import NOTHING_SHOWN, Asked, Screen, ShopSeen, Sight
from madoguchi.kiosk.domain.steps import Mode
from madoguchi.kiosk.domain.wording import Line, line
from madoguchi.kiosk.queries.sessions import SessionRow
from madoguchi.kiosk.views.drawing import Manner, town_in
from madoguchi.kiosk.views.texts import texts


def manner_of(row: SessionRow) -> Manner:
    """Return how this session wants its screens (画面の出し方)."""
    return Manner(mode=row.mode, language=row.language, staff_beside=row.staff_beside)


def sight_of(
    row: SessionRow,
    *,
    methods: tuple[Method, ...],
    asked: Asked | None = None,
    problems: Iterable[Problem] = (),
    shop: ShopSeen | None = None,
    wrong: bool = False,
    receipt_sent: bool = False,
) -> Sight:
    """Return all the screen may know of a session (今の様子)."""
    payment = row.payment
    waiting = payment is not None and payment.stage is Stage.WAITING
    return Sight(
        step=row.step,
        mode=row.mode,
        language=row.language,
        town=town_in(row.language),
        offer=row.offer or NOTHING_SHOWN,
        choices=row.choices,
        asked=asked or Asked(),
        hints=row.hints,
        fee_yen=row.fee_yen,
        copies_max=row.copies_max,
        pay_methods=methods,
        pay_method=payment.method if payment is not None and waiting else None,
        paper_ready=row.paper_ready,
        copies=row.copies,
        sheets_done=sum(one.sheets_done for one in row.prints),
        sheets_all=sum(one.sheets for one in row.prints),
        trouble=trouble_of(row),
        receipt_sent=receipt_sent,
        shop=shop,
        problems=tuple(problem_line(one, row) for one in problems),
        pin=PRACTICE_PIN if row.mode is Mode.PRACTICE else "",
        wrong=wrong,
        is_web=row.channel == "WEB",
    )


def screen_for(row: SessionRow, sight: Sight) -> Screen:
    """Return the screen of a session, open or ended (いまの画面)."""
    if row.end is None:
        return screen_of(sight)
    return ended(
        row.end,
        trouble=trouble_of(row),
        back_yen=row.refund_yen,
        printed=any(one.sheets_done for one in row.prints),
        unchecked="KIOSK_PROOF_UNAVAILABLE" in row.problems,
        is_web=row.channel == "WEB",
    )


def trouble_of(row: SessionRow) -> PrinterTrouble | None:
    """Return why the printer stands still, if it does (印刷機の異常)."""
    return PrinterTrouble(row.trouble) if row.trouble else None


def problem_line(problem: Problem, row: SessionRow) -> Line:
    """Say a problem as residents read it; what is not theirs to know is one sentence (不備)."""
    key = f"problem.{problem.code}"
    if key not in texts(row.language):
        return line("problem.OTHER")
    return Line(key=key, facts=dict(problem.facts))


def asked_in(given: QueryDict) -> Asked:
    """Read which question within a step is meant; what is not known is passed over (画面の中の問い)."""
    shown = [*given.getlist("shown"), *given.getlist("show")]
    answered = [*given.getlist("answered"), *given.getlist("show"), *given.getlist("hide")]
    return Asked(
        part=given.get("part", ""),
        year=given.get("year", ""),
        answered=tuple(dict.fromkeys(answered)),
        shown=tuple(dict.fromkeys(shown)),
    )


def mark_of(row: SessionRow) -> str:
    """Return a short word that changes when the screen must be drawn anew (変化の印)."""
    payment = row.payment.stage if row.payment is not None else ""
    ready = "ready" if row.channel == "WEB" and row.paper_ready else ""
    return f"{row.step}-{payment}-{row.trouble}-{ready}-{row.end or ''}"
