"""What a resident sees and presses, one route for the screen and one for each press (利用者の画面)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.infra import clock, unit
from madoguchi.infra.unit import Busy
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk.actions import helping, paying, pressing
from madoguchi.kiosk.domain.devices import PaymentStage
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.steps import End, Mode, Step
from madoguchi.kiosk.queries.sessions import SessionRow
from madoguchi.kiosk.queries.terminals import find_terminal_by_no
from madoguchi.kiosk.views import proving
from madoguchi.kiosk.views.drawing import draw
from madoguchi.kiosk.views.holding import let_go, session_of
from madoguchi.kiosk.views.seeing import asked_in, manner_of, mark_of, screen_for, sight_of
from madoguchi.kiosk.views.shopping import shop_for
from madoguchi.web.access import open_to_all
from madoguchi.web.nav import url_or_none

Press = Callable[[HttpRequest, SessionRow, datetime], SessionRow]

WHY = "a resident at a registered machine; the session is the cookie, and holds no staff right"
#: A page after the end goes back to the start by itself.
_HOME_SECONDS = 20
#: Whoever is owed something keeps the words in sight until somebody has come.
_HELP_SECONDS = 300
_DIGITS_MAX = 4


@open_to_all(reason=WHY)
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """Show the screen the session is on, however one came here (いまの画面)."""
    row = session_of(request)
    if row is None:
        return to_start()
    if row.end is End.DONE:
        return to_start(row.language, channel=row.channel)
    try:
        return show(request, row)
    except Refused:
        return to_now()  # it has moved on while it was being drawn


@open_to_all(reason=WHY)
@require_POST
def press(request: HttpRequest, step: str) -> HttpResponse:
    """Take one press; one that comes twice or too late shows the screen the session is on (操作)."""
    row = session_of(request)
    if row is None:
        return to_start()
    if row.end is not None or step != row.step:
        return to_now()
    try:
        ring_if_stuck(row, _PRESSES[row.step](request, row, clock.now()))
    except Refused as refused:
        if any(one.code == "KIOSK_STEP_PASSED" for one in refused.problems):
            return to_now()
        return _again(request, row, refused.problems, status=422)
    except Busy:
        return _again(request, row, (Problem(code="BUSY"),), status=409)
    return to_now()


@open_to_all(reason=WHY)
@require_POST
def back(request: HttpRequest) -> HttpResponse:
    """Go back one screen; nothing entered is lost (もどる)."""
    row = session_of(request)
    if row is None:
        return to_start()
    step = request.POST.get("step", "")
    if row.end is None and step == row.step:
        _quietly(pressing.go_back, session_id=row.session_id, step=row.step, now=clock.now())
    return to_now()


@open_to_all(reason=WHY)
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Answer "are you still there?" with yes (つづける)."""
    row = session_of(request)
    if row is None:
        return to_start()
    if row.end is None:
        _quietly(pressing.stay, session_id=row.session_id, now=clock.now())
    return to_now()


@open_to_all(reason=WHY)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End at once, by a press or by the clock; what is owed is said on the last screen (やめる)."""
    row = session_of(request)
    if row is None:
        return to_start()
    how = End.TIMED_OUT if request.POST.get("how") == End.TIMED_OUT else End.LEFT
    if row.end is None:
        _quietly(pressing.leave, session_id=row.session_id, how=how, now=clock.now())
    return to_now()


@open_to_all(reason=WHY)
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """Close the last screen: the browser forgets the session (終わる)."""
    row = session_of(request)
    if row is None:
        return to_start()
    if row.end is None:
        return to_now()
    return to_start(row.language, channel=row.channel)


def _again(
    request: HttpRequest, row: SessionRow, problems: tuple[Problem, ...], *, status: int
) -> HttpResponse:
    """Draw the screen again with what stood against the press; or the one it has gone on to."""
    try:
        return show(request, row, problems=problems, status=status)
    except Refused:
        return to_now()


def show(
    request: HttpRequest,
    row: SessionRow,
    *,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """Draw the screen of a session (画面)."""
    terminal = find_terminal_by_no(row.terminal_no)
    nonce = ""
    if row.end is None and row.step is Step.PIN and row.mode is not Mode.PRACTICE:
        try:
            nonce = proving.nonce_for(row)
        except Busy:
            # Without it no card can be asked, but from this screen one can press again.
            problems, status = problems or (Problem(code="BUSY"),), max(status, 409)
    sight = sight_of(
        row,
        methods=terminal.methods if terminal is not None else (),
        asked=asked_in(request.GET),
        problems=problems,
        shop=shop_for(row, now=clock.now()),
        wrong=any(one.code == "KIOSK_PRACTICE_PIN" for one in problems),
        receipt_sent="receipt" in request.GET,
    )
    more: dict[str, object] = {
        "called": terminal is not None and terminal.called_at is not None,
        "is_web": row.channel == "WEB",
        "mark": mark_of(row),
        "watch_url": reverse("kiosk:progress"),
    }
    screen = screen_for(row, sight)
    if settings.MADOGUCHI_DEMO and screen.watch and row.mode is not Mode.PRACTICE:
        # In the demonstration somebody must play the till and the printer.
        more["machines"] = url_or_none("adapters:machines")
    if row.end is not None:
        more["home_seconds"] = _HELP_SECONDS if screen.wait_for_staff else _HOME_SECONDS
    elif row.step is not Step.PRINT:  # while the printer works, nobody is asked to press
        more["idle_seconds"] = row.idle_seconds_max
    if nonce:
        more["nonce"] = nonce
    return draw(request, screen, manner_of(row), step=row.step, status=status, more=more)


def to_now() -> HttpResponse:
    """Lead to the screen the session is on (いまの画面へ)."""
    return HttpResponseRedirect(reverse("kiosk:now"))


def to_start(language: Language = Language.JAPANESE, *, channel: str = "KIOSK") -> HttpResponse:
    """Lead to the first screen, and wipe what the browser held (はじめの画面へ)."""
    first = reverse("kiosk:web" if channel == "WEB" else "kiosk:start")
    return let_go(HttpResponseRedirect(f"{first}?language={language}"))


def ring_if_stuck(before: SessionRow, after: SessionRow) -> None:
    """Call somebody where the machine has failed a resident: the screen says that they come.

    A unit of its own, after the other: that nobody could be called must not undo what is owed.
    """
    failed = after.end is End.FAILED and before.end is None
    stuck = bool(after.trouble) and not before.trouble
    if (failed or stuck) and after.channel != "WEB":
        _quietly(
            helping.call_staff,
            terminal_no=after.terminal_no,
            session_id=after.session_id,
            now=clock.now(),
        )


def _quietly(action: Callable[..., object], **given: object) -> None:
    """Run an action whose refusal only means that the screen has moved on meanwhile."""
    try:
        unit.run(action, **given)
    except (Refused, Busy):
        return


# -- one press a step ------------------------------------------------------------------------


def _goes_on(action: Callable[..., SessionRow]) -> Press:
    """Return the press that says nothing but "go on" (つぎへ)."""

    def pressed(_request: HttpRequest, row: SessionRow, at: datetime) -> SessionRow:
        return unit.run(action, session_id=row.session_id, now=at)

    return pressed


def _choose(request: HttpRequest, row: SessionRow, at: datetime) -> SessionRow:
    values = _VALUES[row.step](request, row)
    return unit.run(
        pressing.choose, session_id=row.session_id, step=row.step, values=values, now=at
    )


def _pay(request: HttpRequest, row: SessionRow, at: datetime) -> SessionRow:
    """Choose the way to pay, or say that the money is in the box (支払い)."""
    method = request.POST.get("method", "")
    terminal = find_terminal_by_no(row.terminal_no)
    offered = terminal.methods if terminal is not None else ()
    if method in set(offered):
        return unit.run(
            paying.start_payment, session_id=row.session_id, method=Method(method), now=at
        )
    in_box = row.payment is not None and row.payment.method is Method.COIN_BOX
    # A till is believed, never a press: only at the box, and in practice, does one say "paid".
    if not (in_box or row.mode is Mode.PRACTICE):
        raise Refused(Problem(code="KIOSK_CHOOSE_METHOD"))
    return unit.run(
        paying.note_payment,
        session_id=row.session_id,
        payment_id=row.payment.payment_id if row.payment is not None else "",
        stage=PaymentStage.PAID,
        now=at,
    )


def _take(_request: HttpRequest, row: SessionRow, at: datetime) -> SessionRow:
    return unit.run(pressing.leave, session_id=row.session_id, how=End.LEFT, now=at)


def _print(_request: HttpRequest, row: SessionRow, at: datetime) -> SessionRow:
    """Finish with a file from the web page; beside a printer there is nothing to press (終わる)."""
    if row.channel != "WEB" or not row.paper_ready:
        return row
    return unit.run(pressing.leave, session_id=row.session_id, how=End.LEFT, now=at)


_PRESSES: Mapping[Step, Press] = {
    Step.ACCEPT: _goes_on(pressing.accept),
    Step.CARD: _goes_on(pressing.place_card),
    Step.TOWN: _goes_on(pressing.choose_town),
    Step.PIN: proving.prove,
    Step.CARD_BACK: _goes_on(pressing.note_card_back),
    Step.KIND: _choose,
    Step.PART: _choose,
    Step.ITEMS: _choose,
    Step.COPIES: _choose,
    Step.CONFIRM: _goes_on(paying.confirm),
    Step.PAY: _pay,
    Step.PRINT: _print,
    Step.TAKE: _take,
}


def _kind_values(request: HttpRequest, _row: SessionRow) -> dict[str, object]:
    return {"kind": request.POST.get("kind", "")}


def _part_values(request: HttpRequest, row: SessionRow) -> dict[str, object]:
    here = row.choices.here
    part = request.POST.get("part", "")
    if part != "SOME":
        return {"part": part, "member_nos": list(here.member_nos)}
    given = request.POST.getlist("member")
    numbers = (_number(one) for one in given)
    return {"part": part, "member_nos": [-1 if one is None else one for one in numbers]}


def _items_values(request: HttpRequest, row: SessionRow) -> dict[str, object]:
    """Read the items of the list, or the last of those asked one by one (記載事項の読取り)."""
    shown = row.offer.kind(row.choices.kind) if row.offer is not None else None
    known = shown.items if shown is not None else ()
    values: dict[str, object] = {}
    one_by_one = asked_in(request.POST)
    if one_by_one.answered:
        values["items"] = list(one_by_one.shown)
    elif known:
        values["items"] = [one for one in known if request.POST.get(f"item_{one}") == "show"]
    if year := request.POST.get("year", ""):
        values["year"] = year
    return values


def _copies_values(request: HttpRequest, _row: SessionRow) -> dict[str, object]:
    given = request.POST.get("copies", "")
    number = _number(given)
    return {"copies": given if number is None else number}


def _number(given: str) -> int | None:
    """Read a number as our own pages write one; a longer one is nobody's choice (数)."""
    short = len(given) <= _DIGITS_MAX and given.isascii() and given.isdecimal()
    return int(given) if short else None


_VALUES: Mapping[Step, Callable[[HttpRequest, SessionRow], dict[str, object]]] = {
    Step.KIND: _kind_values,
    Step.PART: _part_values,
    Step.ITEMS: _items_values,
    Step.COPIES: _copies_values,
}
